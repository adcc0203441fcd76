//! Writing a ledger: the commit protocol, who may take part in it, and what a writer that died left behind.

pub mod admission;
pub mod append;
pub mod batch;
pub(in crate::ledger) mod end;
pub mod init;
mod jumps;
pub mod lock;
pub mod machine_id;
pub mod proofs;
pub mod receipt;
pub mod recent;
pub(in crate::ledger) mod recover;
mod resent;
pub mod text_changed;
mod tip;
