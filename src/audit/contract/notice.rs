//! What is noticed while a contract is checked.

use std::path::PathBuf;

use crate::audit::ledger::LedgerNotice;

/// Something that the verdict does not say.
#[derive(Debug)]
pub enum ContractNotice {
    /// About one of the ledgers
    Ledger(LedgerNotice),
    /// A ledger that continues another, and what is odd about that
    OddSuccession {
        /// The ledger's folder
        folder: PathBuf,
        /// What is odd
        detail: String,
    },
    /// The contract alone vouches for a ledger, in this verdict only
    VouchedByContract(PathBuf),
    /// The ledgers are trusted, not verified
    LedgersTrusted,
    /// The records are trusted, not verified
    RecordsTrusted,
}
