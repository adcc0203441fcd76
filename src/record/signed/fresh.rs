//! Canonical text signed in place: the record is neither read into a tree nor written again.
//!
//! ```text
//! {"clock":…,"integrity":"none","seq":…}
//!                              └ ,"proof":{…,"proofValue":"z…",…}     the id is the hash of the text as it was
//! ```

use std::sync::Arc;

use super::{PROOF, RecordSigner, SignError, message};
use crate::{
    hash::Hash,
    json::{
        Canonical, Object, parse_object,
        scan::{Scan, unquoted},
    },
    key::{PublicKey, multibase},
    record::when,
};

/// A record with a proof that this process has just made. That its equation holds need not be asked; all else about it
/// must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreshlySigned {
    record: Canonical,
    /// As [`Self::sole_signer`] says
    sole: Option<Arc<PublicKey>>,
}

impl FreshlySigned {
    /// The record.
    pub fn as_str(&self) -> &str {
        self.record.as_str()
    }

    /// Who has signed it, where that proof is known to be the only one and to hold whenever it is received, and a `time` to be
    /// in the one form; `None`: the record is to be asked.
    pub fn sole_signer(&self) -> Option<&PublicKey> {
        self.sole.as_deref()
    }

    /// The record, of which it is no longer known who made its proof.
    pub fn into_record(self) -> Canonical {
        self.record
    }
}

/// A text that was looked at, and can be signed.
#[derive(Debug)]
pub enum SignableText {
    /// It is canonical: its proof goes into it
    Plain(String, ProofPlace),
    /// It had to be read, and was signed at once
    Signed(FreshlySigned),
}

impl SignableText {
    /// The record, with or without the proof.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain(text, _) => text,
            Self::Signed(signed) => signed.as_str(),
        }
    }
}

/// Where a proof belongs in a canonical text without one.
#[derive(Debug)]
pub struct ProofPlace {
    /// The byte before which it goes
    at: usize,
    /// Whether a member stands before it
    follows: bool,
    /// Whether one stands behind it
    precedes: bool,
    /// Whether the `time` of a reading or status is in the one form
    dated: bool,
}

impl ProofPlace {
    /// Looks for it; `None`: the text is not surely canonical, or its proof would not be a plain one.
    fn of(text: &str) -> Option<Self> {
        let mut scan = Scan::of(text);
        let (mut at, mut end, mut members, mut before) = (None, 1, 0, 0);
        let (mut kind, mut time) = (None, None);
        scan.members(|scan, name| {
            if name == PROOF || name == "@context" {
                return None;
            }
            if at.is_none() && name > PROOF {
                (at, before) = (Some(end), members);
            }
            let value = scan.value()?;
            match name {
                "type" => kind = unquoted(value),
                "time" => time = Some(value),
                _ => {}
            }
            (end, members) = (scan.at(), members + 1);
            Some(())
        })?;
        scan.end()?;
        let before = if at.is_some() { before } else { members };
        let dated = when::scanned(kind, time).is_some();
        Some(Self { at: at.unwrap_or(end), follows: before > 0, precedes: before < members, dated })
    }
}

impl RecordSigner<'_> {
    /// Signs a record that is given as text: the same as to read it, to sign it and to write it.
    ///
    /// # Errors
    /// If it is no record, or cannot be signed.
    pub fn sign_text(&self, text: &str) -> anyhow::Result<FreshlySigned> {
        let Some(place) = ProofPlace::of(text) else { return self.sign_read(text) };
        Ok(self.signed(text, &place, &self.key.sign(&self.message(text))))
    }

    /// Looks a text over, which takes no time beside a signature.
    ///
    /// # Errors
    /// If it is no record, or cannot be signed.
    pub fn look_over(&self, text: String) -> anyhow::Result<SignableText> {
        Ok(match ProofPlace::of(&text) {
            Some(place) => SignableText::Plain(text, place),
            None => SignableText::Signed(self.sign_read(&text)?),
        })
    }

    /// The same of a record that was read.
    ///
    /// # Errors
    /// If it cannot be signed.
    pub fn look_over_record(&self, mut record: Object) -> Result<SignableText, SignError> {
        if record.get(PROOF).is_none() {
            let text = record.to_canonical();
            if let Some(place) = ProofPlace::of(&text) {
                return Ok(SignableText::Plain(text, place));
            }
        }
        self.sign_fresh(&mut record).map(SignableText::Signed)
    }

    /// The same as [`Self::sign_text`] of many texts, in their order, which takes less time than one by one.
    pub fn sign_many(&self, texts: Vec<SignableText>) -> Vec<FreshlySigned> {
        let plain = texts.iter().filter(|text| matches!(text, SignableText::Plain(..)));
        let messages: Vec<[u8; 64]> = plain.map(|text| self.message(text.as_str())).collect();
        let mut signatures = self.key.sign_many(&messages).into_iter();
        let each = texts.into_iter().filter_map(|text| match text {
            SignableText::Plain(text, place) => Some(self.signed(&text, &place, &signatures.next()?)),
            SignableText::Signed(signed) => Some(signed),
        });
        each.collect()
    }

    /// What is signed for a text that is canonical and has no proof.
    fn message(&self, text: &str) -> [u8; 64] {
        message(&self.plain.1, &Hash::of(text.as_bytes()))
    }

    /// The text with its proof.
    fn signed(&self, text: &str, place: &ProofPlace, signature: &[u8; 64]) -> FreshlySigned {
        let value = multibase::encode(signature);
        let [before, behind] = &self.written;
        let mut signed = String::with_capacity(text.len() + before.len() + value.len() + behind.len() + 16);
        signed.push_str(&text[..place.at]);
        signed.push_str(if place.follows { ",\"proof\":" } else { "\"proof\":" });
        signed.extend([before, value.as_str(), behind]);
        // A proof that ends may have ended when the record is received.
        let is_sure = place.dated && self.options.expires.is_none();
        // Behind a member stands its comma already.
        signed.push_str(if place.precedes && !place.follows { "," } else { "" });
        signed.push_str(&text[place.at..]);
        FreshlySigned { record: Canonical::written(signed), sole: is_sure.then(|| Arc::clone(&self.public)) }
    }

    /// Any text of a record: read, signed and written.
    fn sign_read(&self, text: &str) -> anyhow::Result<FreshlySigned> {
        Ok(self.sign_fresh(&mut parse_object(text.as_bytes())?)?)
    }

    /// Signs a record.
    ///
    /// # Errors
    /// If it cannot be signed.
    pub fn sign_fresh(&self, record: &mut Object) -> Result<FreshlySigned, SignError> {
        self.sign(record)?;
        Ok(FreshlySigned { record: Canonical::from(&*record), sole: None })
    }
}

/// A proof as canonical text, before its value and behind it.
pub(super) fn around_value(config: &Object) -> [String; 2] {
    let mut proof = config.clone();
    proof.insert("proofValue", "");
    let text = proof.to_canonical();
    let at = text.find(EMPTY).map_or(text.len(), |at| at + EMPTY.len() - 1);
    [text[..at].to_owned(), text[at..].to_owned()]
}

const EMPTY: &str = "\"proofValue\":\"\"";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        json,
        key::SecretKey,
        record::signed::{SignOptions, Verifier, sign},
        time::Time,
    };

    fn key() -> SecretKey {
        SecretKey::from_seed(&[1; 32])
    }

    /// Both ways give the same bytes, or both none.
    fn both(text: &str) -> Result<String, ()> {
        let key = key();
        let options = SignOptions::default();
        let signed = RecordSigner::new(&key, &options).sign_text(text);
        let read = json::parse_object(text.as_bytes()).ok().and_then(|mut record| {
            sign(&mut record, &key, &options).ok()?;
            Some(record.to_canonical())
        });
        let signed = signed.map(|signed| signed.as_str().to_owned()).ok();
        assert_eq!(signed, read, "{text}");
        read.ok_or(())
    }

    #[test]
    fn a_text_is_signed_as_if_it_were_read() {
        for text in [
            "{}",
            r#"{"a":1}"#,
            r#"{"z":1}"#,
            r#"{"a":1,"z":1}"#,
            r#"{"prooe":1,"prooff":{"proof":1}}"#,
            r#"{"@context":"https://example.com","a":1}"#,
            r#"{"é":1,"z":2}"#,
            r#" { "b": 1.0, "a": "\u00e9" } "#,
        ] {
            let signed = both(text).unwrap();
            let record = json::parse_object(signed.as_bytes()).unwrap();
            assert_eq!(Verifier::new().signers(&record, Time::EPOCH).unwrap(), [key().public()]);
        }
        for text in ["", "[1]", r#"{"proof":null}"#, r#"{"a":1}{"b":1}"#, r#"{"a":1"#] {
            assert!(both(text).is_err(), "{text}");
        }
        let twice = both("{}").unwrap();
        assert!(both(&twice).is_err());
    }

    #[test]
    fn many_texts_are_signed_as_each_alone_and_in_their_order() {
        let (key, options) = (key(), SignOptions::default());
        let signer = RecordSigner::new(&key, &options);
        let text = |n: usize| match n % 3 {
            0 => format!("{{ \"n\": {n} }}"),
            _ => format!("{{\"n\":{n}}}"),
        };
        let texts: Vec<String> = (0..100).map(text).collect();
        let alone: Vec<FreshlySigned> = texts.iter().map(|text| signer.sign_text(text).unwrap()).collect();
        let many = texts.into_iter().map(|text| signer.look_over(text).unwrap()).collect();
        assert_eq!(signer.sign_many(many), alone);
        let record = |signed: &FreshlySigned| {
            let mut record = json::parse_object(signed.as_str().as_bytes()).unwrap();
            record.remove(PROOF);
            signer.look_over_record(record).unwrap()
        };
        let many = alone.iter().map(record).collect();
        let texts =
            |signed: &[FreshlySigned]| signed.iter().map(|it| it.as_str().to_owned()).collect::<Vec<_>>();
        assert_eq!(texts(&signer.sign_many(many)), texts(&alone));
        assert!(signer.look_over("{\"proof\":null}".to_owned()).is_err());
    }

    #[test]
    fn the_signer_is_known_where_there_is_no_other_and_no_doubt_about_the_time() {
        let (key, options) = (key(), SignOptions::default());
        let signer = RecordSigner::new(&key, &options);
        for (text, is_known) in [
            (r#"{"time":"2026-03-01T06:00:00.000Z","type":"reading"}"#, true),
            (r#"{"time":null,"type":"status"}"#, true),
            (r#"{"type":"reading"}"#, true),
            (r#"{"time":"noon","type":"other"}"#, true),
            (r#"{"time":"2026-03-01T07:00:00+01:00","type":"reading"}"#, false),
            (r#"{"time":7,"type":"status"}"#, false),
            (r#"{"type":"reading","time":null}"#, false),
        ] {
            let record = signer.sign_text(text).unwrap();
            assert_eq!(record.sole_signer().cloned(), is_known.then(|| key.public()), "{text}");
        }
        let ends = RecordSigner::new(&key, &SignOptions { created: None, expires: Some(Time::EPOCH) });
        assert_eq!(ends.sign_text("{}").unwrap().sole_signer(), None, "who knows when it is received");
    }

    #[test]
    fn dates_stand_in_the_proof_if_asked_for() {
        let key = key();
        let options = SignOptions { created: Some(Time::EPOCH), expires: None };
        let mut record = crate::object! { "seq": 1u32 };
        let signed = RecordSigner::new(&key, &options).sign_text(&record.to_canonical()).unwrap();
        sign(&mut record, &key, &options).unwrap();
        assert_eq!(signed.as_str(), record.to_canonical());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn any_names_are_signed_as_if_read(names in proptest::collection::btree_set("(p|pr|proof|@c|r|s)[a-z]{0,2}", 0..6)) {
            let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":[1,\"x\"]")).collect();
            let _ = both(&format!("{{{}}}", members.join(",")));
        }
    }
}
