//! Whether a ledger is what it was, and where not.
//!
//! ```text
//! checkpoint ─► signed by the log? ─► tree/ leads to the root? ─┐
//! entries ─► chunks ─► threads: hash, form, proofs ─► in order ─┴► which line is which entry ─► findings
//! ```
//!
//! A verifier trusts nothing that it reads but what a known key signed. It never stops at the first fault.
//! Memory does not grow with the ledger: one file's hashes, the tree's frontier, the streams of late.

mod against;
mod align;
mod anchor;
mod compare;
mod evidence;
mod examine;
mod finding;
mod folded;
mod garbled;
mod holes;
mod ledger;
mod likely;
mod lines;
mod merge;
mod outside;
mod pair;
mod places;
mod pool;
mod proof;
mod rebuilt;
mod records;
mod report;
mod rescue;
mod roll;
mod settled;
mod side;
mod source;
mod statement;
mod strays;
mod streams;
mod succession;
mod suspect;
mod tree;
mod truth;
mod window;

use std::num::NonZeroUsize;

pub use against::Against;
pub use anchor::{Endorser, GivenKey, Remembered, Trust, is_signed_by};
pub use compare::{Comparison, Copied, compare};
pub use evidence::evidence;
pub use finding::{Finding, Findings, Kind, Severity};
pub use ledger::{declaration, identity, ledger, ledger_against};
pub use outside::Stand;
pub use pair::Relation;
pub use proof::{Proved, proof, prove};
pub use records::Records;
pub use report::{KeySource, Report, StubTally, Voucher};
pub use statement::{Claim, Stub};
pub use succession::{Before, Predecessor};
pub use truth::Truth;

/// How to go about it.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether the proofs of records are checked. Without, the verdict is about entries, tree and checkpoint
    /// alone, and says so
    pub proofs: bool,
    /// How many threads share the work
    pub threads: NonZeroUsize,
    /// Whether the first bad proofs are explained: canonical bytes, hashes, signed bytes
    pub explain: bool,
}
