//! `state.json`: the registry at some size, kept so that a writer need not read the whole ledger, and what stands in
//! for it where it is missing.

pub mod dropped;
pub mod folder_judge;
pub mod prunable_ledger;
pub mod replay;
pub mod state;
