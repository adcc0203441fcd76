//! What the entries came to under a contract, before anybody is asked whether it binds.

use crate::contract::{eval::Evaluated, settle::Settlement, verdict::LedgerBasis};

/// What the entries came to.
pub(super) struct Evaluations {
    pub(super) evaluated: Evaluated,
    pub(super) settlement: Settlement,
    /// What of each ledger was evaluated
    pub(super) bases: Vec<LedgerBasis>,
}
