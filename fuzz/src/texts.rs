//! Texts: JSON, keys and their names, notes.

use counterfoil::{
    hash::Hash,
    json,
    key::{
        PublicKey, SecretKey,
        bad_key_text::BadKeyText,
        export,
        import::{self, FoundSecret},
        pem,
        text::{self, KeyText},
    },
    time::{Span, Time},
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        note::Note,
        vkey::{Algorithm, VerifierKey},
    },
};

use super::Target;

pub(super) fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

pub(super) const JSON: Target = Target {
    name: "json",
    run: |data| {
        let Ok(value) = json::parse(data) else { return };
        let canonical = value.to_canonical();
        assert_eq!(json::parse(canonical.as_bytes()), Ok(value), "what is written means the same");
        if let Ok(object) = json::parse_object(data) {
            assert_eq!(object.to_canonical(), canonical);
        }
    },
    seeds: || {
        let texts = [
            r#"{"a":1e21,"b":[true,null,-0.0],"€":"\ud83d\ude00\u0007","nested":{"x":{}}}"#,
            r#"[9007199254740991,1e-7,4.2,"\\\"\/\b"]"#,
        ];
        texts.map(|text| text.as_bytes().to_vec()).into()
    },
    vectors: &["json/json-test-suite/test_parsing", "json/jcs-rfc8785/testdata/input"],
};

/// Names of keys, hashes, times and durations: each is written back as it was read.
pub(super) const NAMES: Target = Target {
    name: "names",
    run: |data| {
        let Ok(text) = std::str::from_utf8(data) else { return };
        let same =
            |written: Option<String>| assert!(written.is_none_or(|written| written == text), "{text:?}");
        same(PublicKey::parse_did(text).ok().map(|key| key.did()));
        same(VerifierKey::parse(text).ok().map(|key| key.to_string()));
        same(Hash::parse(text).map(|hash| hash.to_string()));
        same(Time::parse(text).map(|time| time.to_string()));
        if let Some(time) = Time::parse_rfc3339(text) {
            assert_eq!(Time::parse(&time.to_string()), Some(time));
        }
        if let Some(span) = Span::parse(text) {
            // People are shown the two largest units.
            assert!(Span::parse(&span.to_string()).is_some_and(|shown| shown <= span), "{text:?}");
        }
    },
    seeds: || {
        let public = key().public();
        let vkey = VerifierKey::new("plant7.example/cold", Algorithm::Ed25519, public.clone());
        let names = [
            public.did(),
            vkey.map(|key| key.to_string()).unwrap_or_default(),
            Hash::of(b"x").to_string(),
            "2026-03-01T06:00:00.000Z".to_owned(),
            "2026-03-01T07:00:00+01:00".to_owned(),
            "1h30m".to_owned(),
        ];
        names.map(String::into_bytes).into()
    },
    vectors: &["tlog/notes/bad-vkeys.txt", "tlog/notes/sum.golang.org.vkey", "tlog/notes/enoch.vkey"],
};

pub(super) const PEM: Target = Target {
    name: "pem",
    run: |data| {
        if let Ok(KeyText::Open(key)) = text::parse(data) {
            let written = pem::write(&key).expect("a key can be written");
            let again = text::parse(written.as_bytes());
            assert!(matches!(again, Ok(KeyText::Open(again)) if again.public() == key.public()));
        }
    },
    seeds: || pem::write(&key()).map(|text| text.as_bytes().to_vec()).into_iter().collect(),
    vectors: &[],
};

/// Keys in all envelopes: what is imported is the key that is shown, and bare bytes are a key only there.
pub(super) const KEY_TEXT: Target = Target {
    name: "key_text",
    run: |data| {
        let shown = text::parse(data);
        let imported = import::read_stream(data, "data").map(|found| (found.is_bare, found.key));
        match (shown, imported) {
            (Ok(KeyText::Open(shown)), Ok((false, FoundSecret::Open(key)))) => {
                assert_eq!(shown.public(), key.public());
            }
            (Ok(KeyText::Locked(_)), Ok((false, FoundSecret::Locked(_))))
            | (Err(BadKeyText::Bare), Ok((true, FoundSecret::Open(_))))
            | (Ok(KeyText::Public(_) | KeyText::Verifier(_)) | Err(_), Err(_)) => {}
            _ => panic!("a key is one in both, or in neither"),
        }
    },
    seeds: || {
        let public = key().public();
        let hex = "07".repeat(32);
        let texts = [
            format!("{{\"crv\":\"Ed25519\",\"d\":\"{D}\",\"kty\":\"OKP\",\"x\":\"{X}\"}}"),
            format!("{{\"keys\":[{{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"{X}\"}}]}}"),
            format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{OPENSSH}\n-----END OPENSSH PRIVATE KEY-----\n"),
            format!("{}#{}\n", public.did(), public.multibase()),
            export::ssh(&public, "gateway"),
            format!("{hex}\n"),
            format!("0x{hex}{PUBLIC}"),
        ];
        let pem = pem::write(&key()).map(|text| format!("# a key\r\n\r\n{}", text.replace('\n', "\r\n")));
        texts.into_iter().chain(pem).map(String::into_bytes).collect()
    },
    vectors: &[],
};

/// The halves of the key in base64url.
const D: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
const X: &str = "6kpsY-KcUgq-9VB7Ey7F-ZVHdq6-vnuSQh7qaRRG0iw";

/// The public half in hex.
const PUBLIC: &str = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";

/// The key as `ssh-keygen` would keep it.
const OPENSSH: &str = "\
    b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQAAACDqSmxj4pxSCr71UHsT\
    LsX5lUd2rr6+e5JCHuppFEbSLAAAAJAAAQIDAAECAwAAAAtzc2gtZWQyNTUxOQAAACDqSmxj4pxSCr71UHsTLsX5lUd2rr6+e5JC\
    HuppFEbSLAAAAEAHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHB+pKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs\
    AAAAB2dhdGV3YXkBAgMEBQY=";

fn signed() -> SignedCheckpoint {
    let origin = "plant7.example/cold-room".to_owned();
    let checkpoint = Checkpoint { origin, size: 8424, root: Hash::of(b"root") };
    SignedCheckpoint::sign(checkpoint, &key()).expect("an origin that is a name")
}

pub(super) const NOTE: Target = Target {
    name: "note",
    run: |data| {
        let Ok(note) = Note::parse(data) else { return };
        assert_eq!(note.to_string().as_bytes(), data, "what is taken is written back");
        let origin = "plant7.example/cold-room";
        let verifier = VerifierKey::new(origin, Algorithm::Ed25519, key().public()).expect("a name");
        // A text that the key did not sign never seems signed.
        assert!(!note.verdict(&verifier).is_good() || note.text() == signed().note().text());
    },
    seeds: || vec![signed().to_string().into_bytes()],
    vectors: &["tlog/notes/good", "tlog/notes/malformed", "tlog/notes/unverified", "tlog/cosig"],
};

pub(super) const CHECKPOINT: Target = Target {
    name: "checkpoint",
    run: |data| {
        if let Ok(signed) = SignedCheckpoint::parse(data) {
            assert_eq!(signed.to_string().as_bytes(), data);
        }
        let text = std::str::from_utf8(data).unwrap_or_default();
        if let Ok(checkpoint) = Checkpoint::parse(text) {
            assert_eq!(checkpoint.to_string(), text);
        }
    },
    seeds: || {
        let signed = signed();
        vec![signed.to_string().into_bytes(), signed.checkpoint().to_string().into_bytes()]
    },
    vectors: &["tlog/notes/sum.golang.org-35225469.checkpoint", "tlog/notes/good"],
};
