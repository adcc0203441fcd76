//! How a ledger is called on a page.

use crate::hash::Hash;

/// A ledger, as its reader calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerName {
    /// By the folder that was given
    Folder(String),
    /// By its id: the contract names it, and it was not given
    NotGiven(Hash),
}
