//! The rules that an entry keeps: when it was received, who may write it, what it may change. Pure.

pub mod admission;
pub mod judge;
pub mod received;
pub mod registry;
