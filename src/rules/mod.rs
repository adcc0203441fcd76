//! The rules that an entry keeps: when it was received, who may write it, what it may change. Pure.

pub mod admission;
pub mod judge;
pub mod received;
pub mod registry;

/// The type of the record by which a ledger says that it is still there. The log key may sign it wherever the registry
/// has the say.
pub const TICK: &str = "tick";
