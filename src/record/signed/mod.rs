//! Proofs on records: which keys signed them.
//!
//! ```text
//! {"type":"reading",…,"proof":{"cryptosuite":"eddsa-jcs-2022","proofPurpose":"assertionMethod",
//!   "proofValue":"z…","type":"DataIntegrityProof","verificationMethod":"did:key:z6Mk…#z6Mk…"}}
//!
//! signed bytes = SHA-256(JCS(proof without proofValue)) ‖ SHA-256(JCS(record without proof))
//! ```
//!
//! Standard: <https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022>. Stricter in these: one key signs once,
//! all proofs of an array must verify that are of this suite and of a `did:key`, and an `@context` in the proof is a
//! copy of the record's, not the beginning of it. Other proofs are [`UnknownProof`]s, and decide nothing.

mod bad_proof;
mod fresh;
mod key_cache;
mod merge;
mod scan;
mod unknown;
mod verify;

use std::{fmt, sync::Arc};

use crate::{
    hash::Hash,
    json::{Object, Value},
    key::{Did, PublicKey, SecretKey, multibase},
    time::Time,
};

pub use bad_proof::{BadProof, ProofFault};
pub use fresh::{FreshlySigned, SignableText};
pub use key_cache::SharedTables;
pub use merge::{MergeError, merge};
pub use scan::{ScannedProof, ScannedProofs};
pub use unknown::{UnknownFeature, UnknownProof};
pub use verify::{CHECKER, CheckedProofs, Equations, Verifier};

/// The member that holds one proof as an object, or several as an array in order of signing.
pub const PROOF: &str = "proof";

const TYPE: &str = "DataIntegrityProof";
const CRYPTOSUITE: &str = "eddsa-jcs-2022";
const PURPOSE: &str = "assertionMethod";

/// A record's id: the SHA-256 of its canonical form without `proof`.
pub fn id(record: &Object) -> Hash {
    let mut canonical = String::with_capacity(512);
    record.write_without(PROOF, &mut canonical);
    Hash::of(canonical.as_bytes())
}

/// The keys in whose names a record's proofs stand, without checking them; `None` if a proof names no key. Proofs that
/// this version cannot check stand in nobody's name.
pub fn claimants(record: &Object) -> Option<Vec<Did>> {
    let proofs = unknown::proofs(record).unwrap_or_default().iter().map(Value::as_object);
    let known = proofs.filter(|proof| proof.is_none_or(|proof| UnknownFeature::of(proof).is_none()));
    known.map(|proof| claimant(proof?.str("verificationMethod")?)).collect()
}

/// The key that a `verificationMethod` names, whether or not it is a good one; `None` if the method is not that of one
/// `did:key`, whose name stands before `#` and behind it.
pub fn claimant(method: &str) -> Option<Did> {
    let (did, fragment) = method.split_once('#')?;
    let is_of_one_key = did.strip_prefix("did:key:") == Some(fragment);
    if is_of_one_key { Did::parse(did).ok() } else { None }
}

/// What a proof says besides who signed. By default nothing, so that a signature is reproducible.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignOptions {
    /// When it was signed
    pub created: Option<Time>,
    /// From when on it no longer holds
    pub expires: Option<Time>,
}

/// Why a record cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignError {
    /// The proof of this key, a `did:key`, is there already
    Twice(String),
    /// `proof` is neither an object nor an array with at least one
    Shape,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Twice(key) => write!(f, "already signed by {key}"),
            Self::Shape => f.write_str("the member \"proof\" is no proof, so none can be added"),
        }
    }
}

impl std::error::Error for SignError {}

/// Adds a proof. Proofs that are there already stay as they are, and are not checked.
///
/// # Errors
/// If the key has signed this record before, or `proof` is something else. The record is then unchanged.
pub fn sign(record: &mut Object, key: &SecretKey, options: &SignOptions) -> Result<(), SignError> {
    RecordSigner::new(key, options).sign(record)
}

/// A key that signs many records in the same way. What all their proofs share is made once.
pub struct RecordSigner<'a> {
    key: &'a SecretKey,
    public: Arc<PublicKey>,
    method: String,
    options: SignOptions,
    /// The proof without value for records without `@context`, and the hash of its canonical form
    plain: (Object, Hash),
    /// The same proof as canonical text, before its value and behind it
    written: [String; 2],
}

impl<'a> RecordSigner<'a> {
    /// Prepares a key.
    pub fn new(key: &'a SecretKey, options: &SignOptions) -> Self {
        let public = Arc::new(key.public());
        let method = verification_method(&public);
        let plain = with_hash(config(&method, None, options));
        let written = fresh::around_value(&plain.0);
        Self { key, public, method, options: *options, plain, written }
    }

    /// Adds a proof. Proofs that are there already stay as they are, and are not checked.
    ///
    /// # Errors
    /// If the key has signed this record before, or `proof` is something else. The record is then unchanged.
    pub fn sign(&self, record: &mut Object) -> Result<(), SignError> {
        self.refuse_second(record)?;
        let (mut proof, hash) = match record.get("@context") {
            None => self.plain.clone(),
            context => with_hash(config(&self.method, context, &self.options)),
        };
        let signature = self.key.sign(&message(&hash, &id(record)));
        proof.insert("proofValue", multibase::encode(&signature));
        add(record, proof);
        Ok(())
    }

    fn refuse_second(&self, record: &Object) -> Result<(), SignError> {
        let is_mine = |proof: &Value| {
            let known = proof.as_object().filter(|proof| UnknownFeature::of(proof).is_none());
            known.and_then(|proof| proof.str("verificationMethod")) == Some(&self.method)
        };
        let twice = match record.get(PROOF) {
            None => false,
            Some(proof @ Value::Object(_)) => is_mine(proof),
            Some(Value::Array(proofs)) if !proofs.is_empty() => proofs.iter().any(is_mine),
            Some(_) => return Err(SignError::Shape),
        };
        if twice { Err(SignError::Twice(self.key.public().did())) } else { Ok(()) }
    }
}

fn with_hash(config: Object) -> (Object, Hash) {
    let hash = Hash::of(config.to_canonical().as_bytes());
    (config, hash)
}

fn config(method: &str, context: Option<&Value>, options: &SignOptions) -> Object {
    let mut config = crate::object! {
        "type": TYPE,
        "cryptosuite": CRYPTOSUITE,
        "proofPurpose": PURPOSE,
        "verificationMethod": method,
    };
    if let Some(context) = context {
        config.insert("@context", context.clone());
    }
    for (name, time) in [("created", options.created), ("expires", options.expires)] {
        if let Some(time) = time {
            config.insert(name, time.to_string());
        }
    }
    config
}

fn add(record: &mut Object, proof: Object) {
    let all = match record.remove(PROOF) {
        None => proof.into(),
        Some(Value::Array(mut proofs)) => {
            proofs.push(proof.into());
            Value::Array(proofs)
        }
        Some(first) => Value::Array(vec![first, proof.into()]),
    };
    record.insert(PROOF, all);
}

/// The canonical proof without value of a key: the same for all its records without `@context`, so firmware
/// can carry it, or its hash, as a constant.
pub fn constant_config(key: &PublicKey) -> Object {
    config(&verification_method(key), None, &SignOptions::default())
}

fn verification_method(key: &PublicKey) -> String {
    format!("{}#{}", key.did(), key.multibase())
}

fn message(config: &Hash, record: &Hash) -> [u8; 64] {
    let mut message = [0; 64];
    message[..32].copy_from_slice(config.as_bytes());
    message[32..].copy_from_slice(record.as_bytes());
    message
}

/// The canonical proof without its value: the first half of what is signed.
fn config_text(proof: &Object) -> String {
    let mut text = String::new();
    proof.write_without("proofValue", &mut text);
    text
}

/// The bytes that a proof signs, and how they come about: what an implementer of a device needs.
#[derive(Clone, Debug)]
pub struct ProofExplanation {
    /// The canonical proof without `proofValue`
    pub config: String,
    /// The canonical record without `proof`
    pub record: String,
}

impl ProofExplanation {
    /// Of one proof of a record, counted from 0, if there is such an object.
    pub fn of(record: &Object, index: usize) -> Option<Self> {
        let proof = match record.get(PROOF)? {
            Value::Array(proofs) => proofs.get(index)?,
            proof if index == 0 => proof,
            _ => return None,
        };
        let mut canonical = String::new();
        record.write_without(PROOF, &mut canonical);
        Some(Self { config: config_text(proof.as_object()?), record: canonical })
    }

    /// The 64 bytes that are signed.
    pub fn message(&self) -> [u8; 64] {
        message(&Hash::of(self.config.as_bytes()), &Hash::of(self.record.as_bytes()))
    }
}

impl fmt::Display for ProofExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "proof without value: {}", self.config)?;
        writeln!(f, "its SHA-256:         {}", Hash::of(self.config.as_bytes()))?;
        writeln!(f, "record without proof: {}", self.record)?;
        writeln!(f, "its SHA-256:         {}", Hash::of(self.record.as_bytes()))?;
        write!(f, "signed bytes:        {}", hex::encode(self.message()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse_object;

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn now() -> Time {
        Time::parse("2026-03-01T06:00:00.000Z").unwrap()
    }

    #[test]
    fn one_proof_is_an_object_several_an_array_in_order() {
        let mut record = crate::object! { "type": "reading", "seq": 1u32 };
        let unsigned = id(&record);
        sign(&mut record, &key(1), &SignOptions::default()).unwrap();
        let first = record.get(PROOF).unwrap().clone();
        assert_eq!(first.as_object().unwrap().len(), 5);
        sign(&mut record, &key(2), &SignOptions::default()).unwrap();
        assert_eq!(record.get(PROOF).unwrap().as_array().unwrap()[0], first);
        sign(&mut record, &key(3), &SignOptions::default()).unwrap();
        let signers = Verifier::new().signers(&record, now()).unwrap();
        assert_eq!(signers, [key(1).public(), key(2).public(), key(3).public()]);
        assert_eq!(id(&record), unsigned, "the id leaves proofs out");
    }

    #[test]
    fn a_method_names_a_key_only_if_its_two_halves_agree() {
        let (one, other) = (key(1).public(), key(2).public());
        let method = verification_method(&one);
        assert_eq!(claimant(&method), Some(Did::from(&one)));
        let (did, fragment) = method.split_once('#').unwrap();
        for bad in [
            format!("{other}#{fragment}"),
            format!("{did}#"),
            format!("{fragment}#{fragment}"),
            did.to_owned(),
        ] {
            assert_eq!(claimant(&bad), None, "{bad}");
        }
    }

    #[test]
    fn nobody_signs_twice_or_over_what_is_no_proof() {
        let mut record = crate::object! { "seq": 1u32 };
        sign(&mut record, &key(1), &SignOptions::default()).unwrap();
        let again = sign(&mut record, &key(1), &SignOptions::default());
        assert_eq!(again, Err(SignError::Twice(key(1).public().did())));
        for shape in ["null", "[]", "\"z\""] {
            let text = format!(r#"{{"proof":{shape}}}"#);
            let mut record = parse_object(text.as_bytes()).unwrap();
            assert_eq!(sign(&mut record, &key(1), &SignOptions::default()), Err(SignError::Shape));
            assert_eq!(record.to_canonical(), text);
        }
    }

    #[test]
    fn the_context_is_copied_into_the_proof_and_dates_only_if_asked() {
        let mut record = crate::object! { "@context": vec!["https://example.com/a"] };
        let options = SignOptions { created: Some(now()), expires: None };
        sign(&mut record, &key(1), &options).unwrap();
        let proof = record.get(PROOF).unwrap().as_object().unwrap();
        assert_eq!(proof.get("@context"), record.get("@context"));
        assert_eq!(proof.str("created"), Some("2026-03-01T06:00:00.000Z"));
        assert_eq!(proof.get("expires"), None);
        assert!(Verifier::new().signers(&record, now()).is_ok());
    }

    #[test]
    fn an_explanation_shows_the_very_bytes_that_were_signed() {
        let mut record = crate::object! { "seq": 1u32 };
        sign(&mut record, &key(1), &SignOptions::default()).unwrap();
        let explained = ProofExplanation::of(&record, 0).unwrap();
        let value = record.get(PROOF).unwrap().as_object().unwrap().str("proofValue").unwrap();
        assert!(key(1).public().verifies(&explained.message(), &multibase::decode(value).unwrap()));
        assert_eq!(explained.record, r#"{"seq":1}"#);
        assert_eq!(explained.config, constant_config(&key(1).public()).to_canonical());
        assert!(ProofExplanation::of(&record, 1).is_none());
    }
}
