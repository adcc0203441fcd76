//! The judge of one ledger: entry by entry, whether each may stand where it stands, and who is who after it.
//!
//! ```text
//! entry 0 ─► Judge ─ admit(entry 1) ─► Judge ─ admit(entry 2) ─► …
//!                      └ refused: why, and nothing changes
//! ```
//!
//! Where only the enrolled may write, `append` asks it of what comes in and `verify` of what is in; elsewhere the rules of
//! the registry are warnings. Every answer to "who is who?" is read from its [`Registry`], whose fold holds the rules.
//! Proofs were looked at before (`admission`). It has no file, clock or thread; what it answers depends on the entries
//! alone.

use super::registry::{Registry, RegistryRefusal, Revocation};
use crate::{
    hash::Hash,
    record::{claim::RecordClaim, genesis::Genesis},
    time::Time,
};

/// The rules of a ledger after some entry, and who is who then.
#[derive(Clone, Debug, PartialEq)]
pub struct Judge {
    /// Whether only the enrolled may write
    enrolled_only: bool,
    registry: Registry,
}

impl Judge {
    /// The judge after entry 0, which declares the ledger and has this id.
    pub fn new(genesis: &Genesis, ledger: Hash) -> Self {
        Self::resuming(genesis, Registry::new(genesis, ledger))
    }

    /// The judge after later entries, which came to this registry.
    pub fn resuming(genesis: &Genesis, registry: Registry) -> Self {
        Self { enrolled_only: genesis.writers.are_enrolled(), registry }
    }

    /// Whether only the enrolled may write. Elsewhere what breaks the registry's rules may stand in the ledger, and
    /// changes nothing.
    pub fn is_enrolled_only(&self) -> bool {
        self.enrolled_only
    }

    /// Who is who, as of the last entry that was admitted.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Takes the entry `n`, received at this time, if it keeps the rules of the registry. Its proofs are known to
    /// hold. Answers what it makes suspect, if it revokes keys.
    ///
    /// # Errors
    /// If it breaks the rules: then nothing has changed.
    pub fn admit(
        &mut self,
        n: u64,
        received: Time,
        claim: &RecordClaim,
    ) -> Result<Option<Revocation>, RegistryRefusal> {
        self.registry.admit(n, received, claim)
    }
}
