//! Notes, checkpoints and roots of other people's logs.

use std::{
    fs,
    path::{Path, PathBuf},
};

use counterfoil::{
    key::SecretKey,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        merkle::{Frontier, leaf_hash},
        note::Note,
        vkey::{BadVerifierKey, Verdict, VerifierKey},
    },
};

use crate::{
    support::{needs::Tested, trial::trials},
    vectors,
};

trials![
    good_notes_are_read_and_verified,
    notes_are_signed_as_others_sign_them,
    bad_notes_and_keys_are_refused,
    a_checkpoint_of_the_go_checksum_database_verifies,
    roots_of_a_whole_log_are_recomputed_and_its_checkpoints_signed_alike,
    witnesses_cosignatures_verify_and_unknown_kinds_are_passed_over,
];

fn read(path: impl AsRef<Path>) -> Vec<u8> {
    fs::read(&path).unwrap_or_else(|why| panic!("{}: {why}", path.as_ref().display()))
}

fn files(dir: impl AsRef<Path>) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn vkeys(path: impl AsRef<Path>) -> Vec<VerifierKey> {
    let text = String::from_utf8(read(path)).unwrap();
    text.lines().map(|line| VerifierKey::parse(line).expect(line)).collect()
}

/// The seed of a key in the Go form `PRIVATE+KEY+name+id+base64`.
fn go_secret(path: impl AsRef<Path>) -> SecretKey {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let text = String::from_utf8(read(path)).unwrap();
    let encoded = text.trim().splitn(5, '+').nth(4).unwrap();
    let bytes = STANDARD.decode(encoded).unwrap();
    SecretKey::from_seed(bytes[1..].try_into().unwrap())
}

fn good_notes_are_read_and_verified() -> Tested {
    let dir = vectors::dir("tlog/notes")?;
    let peter = vkeys(dir.join("peter.vkey")).remove(0);
    for path in files(dir.join("good")) {
        let note = Note::parse(&read(&path)).unwrap();
        assert_eq!(note.to_string().into_bytes(), read(&path), "{}", path.display());
        assert!(note.verdict(&peter).is_good(), "{}", path.display());
    }
    let both = Note::parse(&read(dir.join("good/peter-enoch.note"))).unwrap();
    assert!(both.verdict(&vkeys(dir.join("enoch.vkey"))[0]).is_good());
    let example = Note::parse(&read(dir.join("spec-example.note"))).unwrap();
    assert!(example.verdict(&vkeys(dir.join("spec-example.vkey"))[0]).is_good());
    Ok(())
}

fn notes_are_signed_as_others_sign_them() -> Tested {
    let dir = vectors::dir("tlog/notes")?;
    let theirs = Note::parse(&read(dir.join("good/peter.note"))).unwrap();
    let mut ours = Note::new(theirs.text()).unwrap();
    assert!(ours.sign("PeterNeumann", &go_secret(dir.join("peter.skey-public-test-key"))));
    assert_eq!(ours.to_string(), theirs.to_string());
    Ok(())
}

fn bad_notes_and_keys_are_refused() -> Tested {
    let dir = vectors::dir("tlog/notes")?;
    let peter = vkeys(dir.join("peter.vkey")).remove(0);
    for path in files(dir.join("malformed")) {
        assert!(Note::parse(&read(&path)).is_err(), "{}", path.display());
    }
    let verdict = |name| Note::parse(&read(dir.join("unverified").join(name))).unwrap().verdict(&peter);
    assert_eq!(verdict("text-changed.note"), Verdict::Bad);
    assert_eq!(verdict("only-unknown-key.note"), Verdict::Absent);
    assert_eq!(verdict("name-swapped.note"), Verdict::Absent);
    let bad = String::from_utf8(read(dir.join("bad-vkeys.txt"))).unwrap();
    let refusals: Vec<_> = bad.lines().map(|line| VerifierKey::parse(line).unwrap_err()).collect();
    assert_eq!(refusals, [BadVerifierKey::Form, BadVerifierKey::Algorithm]);
    Ok(())
}

fn a_checkpoint_of_the_go_checksum_database_verifies() -> Tested {
    let dir = vectors::dir("tlog/notes")?;
    let signed = SignedCheckpoint::parse(&read(dir.join("sum.golang.org-35225469.checkpoint"))).unwrap();
    assert!(signed.note().verdict(&vkeys(dir.join("sum.golang.org.vkey"))[0]).is_good());
    assert_eq!(signed.checkpoint().size, 35_225_469);
    assert_eq!(signed.checkpoint().origin, "go.sum database tree", "the key has another name");
    Ok(())
}

fn roots_of_a_whole_log_are_recomputed_and_its_checkpoints_signed_alike() -> Tested {
    let dir = vectors::dir("tlog/logs")?;
    let log = dir.join("tessera-15");
    let (vkey, secret) = (
        vkeys(dir.join("tessera-15.vkey")).remove(0),
        go_secret(dir.join("tessera-15.skey-public-test-key")),
    );
    let bundle = read(log.join("tile/entries/000.p/15"));
    let mut rest = &bundle[..];
    let mut frontier = Frontier::default();
    for size in 0..=15u64 {
        let bytes = read(log.join(format!("checkpoint.{size}")));
        let signed = SignedCheckpoint::parse(&bytes).unwrap();
        let expected =
            Checkpoint { origin: "example.com/log/testdata".to_owned(), size, root: frontier.root() };
        assert_eq!(signed.checkpoint(), &expected);
        assert!(signed.note().verdict(&vkey).is_good());
        assert_eq!(SignedCheckpoint::sign(expected, &secret).unwrap().to_string().into_bytes(), bytes);
        if let Some((length, after)) = rest.split_first_chunk() {
            let (entry, after) = after.split_at(u16::from_be_bytes(*length).into());
            frontier.push(leaf_hash(entry));
            rest = after;
        }
    }
    assert_eq!(rest, b"");
    Ok(())
}

fn witnesses_cosignatures_verify_and_unknown_kinds_are_passed_over() -> Tested {
    let dir = vectors::dir("tlog/cosig")?;
    for (checkpoint, keys, count) in [
        ("sunlight-witness.checkpoint", "sunlight-witness.vkey", 1),
        ("sunlight-witness2.checkpoint", "sunlight-witness2.vkey", 1),
        ("tessera-15-three-ed25519-cosigs.checkpoint", "tessera-15-three-ed25519-cosigs.vkeys", 3),
    ] {
        let bytes = read(dir.join(checkpoint));
        let signed = SignedCheckpoint::parse(&bytes).unwrap();
        assert_eq!(signed.to_string().into_bytes(), bytes);
        let keys = vkeys(dir.join(keys));
        assert_eq!(keys.len(), count);
        for key in keys {
            assert!(
                matches!(signed.note().verdict(&key), Verdict::Good { time: Some(_) }),
                "{checkpoint}: {key}"
            );
        }
    }
    let other = SignedCheckpoint::parse(&read(dir.join("tessera-15-mldsa44-cosig.checkpoint"))).unwrap();
    assert_eq!(other.note().signatures().len(), 2);
    let log = vectors::dir("tlog/logs").unwrap().join("tessera-15.vkey");
    assert!(other.note().verdict(&vkeys(log)[0]).is_good());
    let mldsa = String::from_utf8(read(dir.join("tessera-15-mldsa44-cosig.vkey"))).unwrap();
    assert_eq!(VerifierKey::parse(mldsa.trim()), Err(BadVerifierKey::Algorithm));
    Ok(())
}
