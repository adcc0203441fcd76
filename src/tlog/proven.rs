//! The first entries of a log of which it is known that their proofs hold.
//!
//! That one Ed25519 equation holds is a property of the bytes of one entry, and the root says which bytes the entries up to
//! a size have. So whoever has evaluated the equations below a size once, and finds the same root at that size again
//! by hashing the entries, need not evaluate them again. Nothing else that a verifier asks is a property of the entry alone.

use crate::hash::Hash;

/// The first entries of a log, of which every proof holds that they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvenPrefix {
    /// How many entries these are
    pub size: u64,
    /// Their root
    pub root: Hash,
}
