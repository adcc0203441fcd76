//! `state.json`: the registry at some size, kept so that a writer need not read the whole ledger, and what stands in
//! for it where it is missing.

pub mod gone;
pub mod leaving;
pub mod level;
pub mod replay;
pub mod state;
