//! Why a proof does not hold, and how that is said.

use std::fmt;

use super::key_cache::BadMethod;
use crate::{key::BadKey, time::Time};

/// Why a proof proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadProof {
    /// Which proof of the record, from 0
    pub index: usize,
    /// The `did:key` in whose name it stands, where that much can be read
    pub signer: Option<String>,
    /// What is wrong with it
    pub why: ProofFault,
}

/// What is wrong with a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProofFault {
    /// Not an object, or an array without any
    Shape,
    /// A member that has one allowed value has another, or is missing
    Member(&'static str, &'static str),
    /// `verificationMethod` is not exactly `did:key:X#X`
    Method,
    /// The key cannot be trusted to mean one person
    Key(BadKey),
    /// `@context` in the proof is not the record's
    Context,
    /// `created` or `expires` is no RFC 3339 date-time
    Date(&'static str),
    /// `proofValue` is not 64 bytes in base58btc
    Value,
    /// This key's second proof
    Twice,
    /// `expires` has come
    Expired(Time),
    /// The signature is not this key's over this record and this proof
    Signature,
}

impl From<BadMethod> for ProofFault {
    fn from(bad: BadMethod) -> Self {
        match bad {
            BadMethod::Form => Self::Method,
            BadMethod::Key(bad) => Self::Key(bad),
        }
    }
}

impl fmt::Display for BadProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "proof {}", self.index + 1)?;
        if let Some(signer) = &self.signer {
            write!(f, " by {signer}")?;
        }
        write!(f, ": {}", self.why)
    }
}

impl fmt::Display for ProofFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => f.write_str("not an object, or an array of at least one"),
            Self::Member(name, only) => write!(f, "{name} is not {only:?}"),
            Self::Method => BadMethod::Form.fmt(f),
            Self::Key(bad) => bad.fmt(f),
            Self::Context => f.write_str("its @context is not the record's"),
            Self::Date(name) => write!(f, "{name} is no RFC 3339 time"),
            Self::Value => f.write_str("proofValue is not z and 64 bytes in base58"),
            Self::Twice => f.write_str("a second proof of the same key"),
            Self::Expired(at) => write!(f, "expired at {at}"),
            Self::Signature => {
                f.write_str("the signature does not fit: record or proof is not as it was signed")
            }
        }
    }
}

impl std::error::Error for BadProof {}
