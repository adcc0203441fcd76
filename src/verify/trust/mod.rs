//! By whose word a checkpoint counts: the key that it is measured with, and what others were told of the ledger.

pub(in crate::verify) mod checkpoint;
pub(in crate::verify) mod key_source;
pub(in crate::verify) mod statement;
pub(in crate::verify) mod statement_check;
pub(in crate::verify) mod stubs;
pub(in crate::verify) mod succession;
pub(in crate::verify) mod trust_anchor;
pub(in crate::verify) mod voucher;

use crate::{hash::Hash, key::PublicKey, tlog::proven::ProvenPrefix};

use key_source::{Endorser, GivenKey};
use stubs::Stub;
use succession::{KnownPredecessor, SuccessorClaim};

/// What a verifier knows from outside the ledger.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The log's key, as the reader gives it; `None`: the reader does not know it
    pub given: Option<GivenKey>,
    /// What was seen of this ledger before; `None`: nothing
    pub remembered: Option<RememberedCheckpoint>,
    /// The first entries of this ledger whose proofs are known to hold; `None`: of none that is known. It vouches for
    /// nothing
    pub proven: Option<ProvenPrefix>,
    /// Checkpoints that were handed to people, of this ledger or of others
    pub stubs: Vec<Stub>,
    /// Whether there were more of them than could be kept
    pub more_stubs: bool,
    /// The ledger that this one continues; `None`: it continues none, or that is not known
    pub before: Option<KnownPredecessor>,
    /// The one who stands for the log key that entry 0 names; `None`: the ledger alone
    pub endorser: Option<Endorser>,
    /// Another ledger that was seen to continue that one, which can have one successor; `None`: no other was seen
    pub rival: Option<Hash>,
    /// What successors say of this ledger; whether it is so is in [`super::VerifyReport::claims`]
    pub claims: Vec<SuccessorClaim>,
}

/// A checkpoint that was verified before, and its key.
#[derive(Clone, Debug)]
pub struct RememberedCheckpoint {
    /// The log's key
    pub key: PublicKey,
    /// How many entries there were
    pub size: u64,
    /// Their root
    pub root: Hash,
}
