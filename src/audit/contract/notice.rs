//! What is noticed while a contract is checked.

use std::path::PathBuf;

use crate::{audit::ledger::LedgerNotice, hash::Hash, time::Time, verify::KnownProofs};

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
    /// Proofs of a ledger were evaluated here before
    CheckedBefore {
        /// The ledger's folder
        folder: PathBuf,
        /// Those
        known: KnownProofs,
        /// How many hold in all
        proofs: u64,
    },
    /// The contract alone vouches for a ledger, in this verdict only
    VouchedByContract(PathBuf),
    /// The contract names this ledger, which is not given
    LedgerMissing(Hash),
    /// The verdict is as of a time behind the last entry of a ledger
    BehindLastEntry {
        /// The ledger's folder; `None`: the entries came from elsewhere
        folder: Option<PathBuf>,
        /// When its last entry arrived
        latest: Time,
    },
    /// The verdict is as of a time when a ledger had no entry
    BeforeFirstEntry {
        /// The ledger's folder
        folder: PathBuf,
        /// When its first entry arrived
        first: Time,
    },
    /// The verdict is as of a time before an entry that claims to come from the future
    EntryAhead {
        /// The ledger's folder; `None`: it came from elsewhere
        folder: Option<PathBuf>,
        /// The first such entry
        n: u64,
        /// When it says that it arrived
        arrival: Time,
    },
    /// The ledgers are trusted, not verified
    LedgersTrusted,
    /// The records are trusted, not verified
    RecordsTrusted,
}
