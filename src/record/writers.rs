//! Who may write into a ledger: what entry 0 says, applied alike when a record is let in and when a copy of
//! the ledger is verified.
//!
//! ```text
//! "anyone"                    any JSON object; proofs are not looked at
//! "signed"                    at least one proof, and all of them hold
//! "enrolled"                  the same, and the registry lets its signers say this
//! ["did:key:z6Mk…", …]        the same, and one of these keys signed
//! ```

use std::fmt;

use crate::{
    json::{Object, Value},
    key::PublicKey,
    record::{
        glance::Glance,
        signed::{BadProof, Verifier},
    },
    time::Time,
};

/// The rule of one ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Writers {
    /// Any JSON object is let in
    Anyone,
    /// Every record carries proofs, and all hold
    #[default]
    Signed,
    /// In addition the registry lets its signers say this: that is asked where the entries before are known
    Enrolled,
    /// In addition one of these keys signed it
    Keys(Vec<PublicKey>),
}

/// Why a record is not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A proof does not hold
    BadProof(BadProof),
    /// No proof at all
    Unsigned,
    /// Well signed, but by nobody who may write here
    Unauthorized,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadProof(why) => why.fmt(f),
            Self::Unsigned => {
                f.write_str("the record has no proof, and this ledger takes signed records only")
            }
            Self::Unauthorized => f.write_str("no signer of the record is among the writers of this ledger"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Writers {
    /// Reads the member `writers` of entry 0.
    ///
    /// # Errors
    /// If it is none of the forms above: a sentence about it.
    pub fn parse(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(word) if word == "anyone" => Ok(Self::Anyone),
            Value::String(word) if word == "signed" => Ok(Self::Signed),
            Value::String(word) if word == "enrolled" => Ok(Self::Enrolled),
            Value::Array(dids) if !dids.is_empty() => {
                let keys = dids.iter().map(|did| did.as_str().and_then(|did| PublicKey::parse_did(did).ok()));
                let keys = keys.collect::<Option<Vec<_>>>();
                keys.map(Self::Keys).ok_or_else(|| "a writer is no did:key of Ed25519".to_owned())
            }
            _ => Err("writers is not \"anyone\", \"signed\", \"enrolled\" or a list of did:key".to_owned()),
        }
    }

    /// The member `writers` of entry 0.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Anyone => "anyone".into(),
            Self::Signed => "signed".into(),
            Self::Enrolled => "enrolled".into(),
            Self::Keys(keys) => Value::Array(keys.iter().map(|key| key.did().into()).collect()),
        }
    }

    /// Whether the registry has a say.
    pub fn are_enrolled(&self) -> bool {
        *self == Self::Enrolled
    }

    /// Lets a record in, or says why not; answers its signers, whom [`Writers::Anyone`] does not ask for.
    /// `at` is when it was received.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn admit(
        &self,
        verifier: &mut Verifier,
        record: &Object,
        at: Time,
    ) -> Result<Vec<PublicKey>, Refusal> {
        if *self == Self::Anyone {
            return Ok(Vec::new());
        }
        let signers = verifier.signers(record, at).map_err(Refusal::BadProof)?;
        match self {
            _ if signers.is_empty() => Err(Refusal::Unsigned),
            Self::Keys(keys) if !signers.iter().any(|signer| keys.contains(signer)) => {
                Err(Refusal::Unauthorized)
            }
            _ => Ok(signers),
        }
    }
}

impl Writers {
    /// How many proofs of a record hold, if this rule lets it in and a glance can say so; if not,
    /// [`Writers::admit`] says why. The answer holds unless [`Verifier::failed`] names the number.
    pub fn admit_at_a_glance(
        &self,
        verifier: &mut Verifier,
        record: &Glance<'_>,
        number: usize,
    ) -> Option<u16> {
        if *self == Self::Anyone {
            return Some(0);
        }
        let (id, mut count, mut listed) = (record.id(), 0, !matches!(self, Self::Keys(_)));
        for proof in record.proofs.iter() {
            let signer = verifier.glimpse(proof, &id, number)?;
            listed |= matches!(self, Self::Keys(keys) if keys.contains(signer));
            count += 1;
        }
        (listed && count > 0).then_some(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::SecretKey,
        record::signed::{SignOptions, sign},
    };

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn signed_by(seeds: &[u8]) -> Object {
        let mut record = crate::object! { "type": "reading", "seq": 1u32 };
        for seed in seeds {
            sign(&mut record, &key(*seed), &SignOptions::default()).unwrap();
        }
        record
    }

    fn admit(writers: &Writers, record: &Object) -> Result<usize, Refusal> {
        let at = Time::from_millis(0).unwrap();
        writers.admit(&mut Verifier::new(), record, at).map(|signers| signers.len())
    }

    #[test]
    fn each_rule_lets_in_what_it_says() {
        let listed = Writers::Keys(vec![key(1).public(), key(2).public()]);
        assert_eq!(admit(&Writers::Anyone, &signed_by(&[])), Ok(0));
        assert_eq!(admit(&Writers::Signed, &signed_by(&[])), Err(Refusal::Unsigned));
        assert_eq!(admit(&listed, &signed_by(&[])), Err(Refusal::Unsigned));
        assert_eq!(admit(&Writers::Signed, &signed_by(&[3])), Ok(1));
        assert_eq!(admit(&listed, &signed_by(&[3])), Err(Refusal::Unauthorized));
        assert_eq!(admit(&listed, &signed_by(&[3, 2])), Ok(2), "one listed signer is enough");
    }

    #[test]
    fn all_proofs_must_hold() {
        let mut record = signed_by(&[1, 2]);
        record.insert("seq", 2u32);
        assert!(matches!(admit(&Writers::Signed, &record), Err(Refusal::BadProof(_))));
        assert_eq!(admit(&Writers::Anyone, &record), Ok(0));
    }

    #[test]
    fn rules_are_read_as_they_are_written() {
        for writers in
            [Writers::Anyone, Writers::Signed, Writers::Enrolled, Writers::Keys(vec![key(1).public()])]
        {
            assert_eq!(Writers::parse(&writers.to_value()), Ok(writers));
        }
        for other in ["[]", "\"all\"", "null", "[1]", "[\"did:key:z\"]"] {
            assert!(Writers::parse(&crate::json::parse(other.as_bytes()).unwrap()).is_err(), "{other}");
        }
    }
}
