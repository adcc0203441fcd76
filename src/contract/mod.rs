//! Contracts: documents about readings, and the verdict that everybody gets.

pub mod duration;
pub mod expr;
