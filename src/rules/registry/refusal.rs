//! Why an entry breaks the registry's rules.

use std::fmt;

/// The rule that an entry breaks, with the signer that it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryRefusal {
    /// A needed signature is missing, or a condition does not hold
    Unauthorized(String),
    /// Signed with a key that was revoked
    RevokedKey(String),
}

impl RegistryRefusal {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self::Unauthorized(why.into())
    }
}

impl fmt::Display for RegistryRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized(why) | Self::RevokedKey(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for RegistryRefusal {}
