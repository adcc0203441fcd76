//! How a page calls what a verdict waits for.

use crate::hash::Hash;

/// What a verdict waits for, as its reader calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenUntil {
    /// An entry arrives in this ledger when the contract is closed. The command makes one
    Entry {
        /// The ledger
        ledger: String,
        /// The command
        command: String,
    },
    /// A record arrives when the contract is closed
    Record,
    /// The ledger with this id is given
    LedgerGiven(Hash),
    /// A later time is asked about: what is called so has such an entry or record
    LaterTime(String),
}
