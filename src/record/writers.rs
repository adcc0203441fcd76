//! Who may write into a ledger: what entry 0 says. [`crate::rules`] applies it.
//!
//! ```text
//! "anyone"                    any JSON object; proofs are not looked at
//! "signed"                    at least one proof, and all of them hold
//! "enrolled"                  the same, and the registry lets its signers say this
//! ["did:key:z6Mk…", …]        the same, and one of these keys signed
//! ```

use crate::{json::Value, key::PublicKey};

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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;

    #[test]
    fn rules_are_read_as_they_are_written() {
        for writers in [
            Writers::Anyone,
            Writers::Signed,
            Writers::Enrolled,
            Writers::Keys(vec![SecretKey::from_seed(&[1; 32]).public()]),
        ] {
            assert_eq!(Writers::parse(&writers.to_value()), Ok(writers));
        }
        for other in ["[]", "\"all\"", "null", "[1]", "[\"did:key:z\"]"] {
            assert!(Writers::parse(&crate::json::parse(other.as_bytes()).unwrap()).is_err(), "{other}");
        }
    }
}
