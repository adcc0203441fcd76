//! Contracts: documents about readings, and the verdict that everybody gets.
//!
//! ```text
//! TOML → syntax (compiled form, places) → document (a contract, or problems) → lint (what is odd)
//! entries → eval (facts, values through time, terms) → verdict (one line, the same for everybody)
//! ```
//!
//! Nothing here asks a clock, a file or the order of a hash table, and no arithmetic is done on floats: the
//! same contract, entries and `as_of` give the same bytes on every machine.

#![deny(clippy::float_arithmetic)]

pub mod claims;
pub mod document;
pub mod duration;
pub mod eval;
pub mod expr;
pub mod hands;
pub mod lint;
pub mod problem;
pub mod syntax;
pub mod verdict;
