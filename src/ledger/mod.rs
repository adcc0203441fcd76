//! The folder of a ledger: written so that nothing acknowledged is lost, read, mended, and kept small.

pub mod clone;
pub mod files;
pub mod pins;
pub mod publish;
pub mod repair;
pub mod snapshot;
pub mod space;
pub mod write;
