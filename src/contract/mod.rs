//! Contracts: documents about readings, and the verdict on them, which is the same for every party.
//!
//! ```text
//! TOML → file (compiled form, places) → document (a contract, or problems) → lint (warnings)
//! entries → eval (facts, values through time, terms) → standing (of each term) → settle (who pays whom)
//! ledgers' ends → finality (as of when, and whether it can still change)
//! all of these → verdict (one line, the same for every party; its excursions: excursion_writer)
//!
//! asked by several: zone, calendar, bucket and stretches (of time), currency, duration, expr (conditions and amounts), problem
//! (what is wrong, and where), silence (who pays for it)
//! ```
//!
//! Nothing here asks a clock, a file or the order of a hash table, and no arithmetic is done on floats: the
//! same contract, entries and `as_of` give the same bytes on every machine.

#![deny(clippy::float_arithmetic)]

pub mod bucket;
pub mod calendar;
pub mod currency;
pub mod document;
pub mod duration;
pub mod eval;
pub mod excursion_writer;
pub mod expr;
pub mod file;
pub mod finality;
pub mod lint;
pub mod problem;
pub mod settle;
pub mod silence;
pub mod standing;
pub mod stretches;
pub mod verdict;
pub mod zone;
