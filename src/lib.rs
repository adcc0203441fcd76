//! Signed readings, a ledger that nobody can rewrite unnoticed, contracts checked against it.

pub mod admission;
pub mod chain;
pub mod cli;
pub mod contract;
pub mod decimal;
pub mod device;
pub mod hash;
pub mod json;
pub mod key;
pub mod machine;
pub mod record;
pub mod time;
pub mod tlog;
