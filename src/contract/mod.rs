//! Contracts: documents about readings, and the verdict that everybody gets.

pub mod claims;
pub mod document;
pub mod duration;
pub mod eval;
pub mod expr;
pub mod lint;
pub mod problem;
pub mod syntax;
pub mod verdict;
