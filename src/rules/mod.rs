//! The rules that an entry keeps: when it was received, who may write it, what it may change. Pure.

pub mod received;
pub mod registry;
