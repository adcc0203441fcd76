//! By whose word a checkpoint counts: the key that it is measured with, and what others were told of the ledger.

pub(in crate::verify) mod anchor;
pub(in crate::verify) mod outside;
pub(in crate::verify) mod statement;
pub(in crate::verify) mod succession;
