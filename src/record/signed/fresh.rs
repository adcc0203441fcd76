//! Canonical text signed in place: the record is neither read into a tree nor written again.
//!
//! ```text
//! {"clock":…,"integrity":"none","seq":…}
//!                              └ ,"proof":{…,"proofValue":"z…",…}     the id is the hash of the text as it was
//! ```

use super::{PROOF, RecordSigner, SignError, message};
use crate::{
    hash::Hash,
    json::{Canonical, Object, parse_object, scan::Scan},
    key::multibase,
};

/// A record with a proof that this process has just made. That its equation holds need not be asked; all else about it
/// must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreshlySigned(Canonical);

impl FreshlySigned {
    /// The record.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The record, of which it is no longer known who made its proof.
    pub fn into_record(self) -> Canonical {
        self.0
    }
}

/// Where a proof belongs in a canonical text without one.
struct ProofPlace {
    /// The byte before which it goes
    at: usize,
    /// Whether a member stands before it
    follows: bool,
    /// Whether one stands behind it
    precedes: bool,
}

impl ProofPlace {
    /// Looks for it; `None`: the text is not surely canonical, or its proof would not be a plain one.
    fn of(text: &str) -> Option<Self> {
        let mut scan = Scan::of(text);
        let (mut at, mut end, mut members, mut before) = (None, 1, 0, 0);
        scan.members(|scan, name| {
            if name == PROOF || name == "@context" {
                return None;
            }
            if at.is_none() && name > PROOF {
                (at, before) = (Some(end), members);
            }
            scan.value()?;
            (end, members) = (scan.at(), members + 1);
            Some(())
        })?;
        scan.end()?;
        let before = if at.is_some() { before } else { members };
        Some(Self { at: at.unwrap_or(end), follows: before > 0, precedes: before < members })
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

    /// The same of many texts, in their order, which takes less time than one by one.
    ///
    /// # Errors
    /// If one is no record, or cannot be signed.
    pub fn sign_texts(&self, texts: &[&str]) -> anyhow::Result<Vec<FreshlySigned>> {
        let places: Vec<Option<ProofPlace>> = texts.iter().map(|text| ProofPlace::of(text)).collect();
        let plain = texts.iter().zip(&places).filter(|(_, place)| place.is_some());
        let messages: Vec<[u8; 64]> = plain.map(|(text, _)| self.message(text)).collect();
        let mut signatures = self.key.sign_many(&messages).into_iter();
        let each = texts.iter().zip(places);
        each.map(|(text, place)| match place.and_then(|place| Some((place, signatures.next()?))) {
            Some((place, signature)) => Ok(self.signed(text, &place, &signature)),
            None => self.sign_read(text),
        })
        .collect()
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
        // Behind a member stands its comma already.
        signed.push_str(if place.precedes && !place.follows { "," } else { "" });
        signed.push_str(&text[place.at..]);
        FreshlySigned(Canonical::written(signed))
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
        Ok(FreshlySigned(Canonical::from(&*record)))
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
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let alone: Vec<FreshlySigned> = texts.iter().map(|text| signer.sign_text(text).unwrap()).collect();
        assert_eq!(signer.sign_texts(&texts).unwrap(), alone);
        assert!(signer.sign_texts(&["{}", "{\"proof\":null}"]).is_err());
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
