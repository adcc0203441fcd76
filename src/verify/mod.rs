//! Whether a ledger is sound, and where it is not.
//!
//! ```text
//! trust/   by whose word does the checkpoint count? ─┐
//! hashes/  do tree and entries lead to its root?    ─┼─► sound, or not
//! scan/    does each line keep the rules?           ─┘
//! locate/  where do lines and tree differ?       asked only if they do
//! diff/    where do two copies differ?
//! ```
//!
//! ```text
//! checkpoint ─► signed by the log? ─► tree/ leads to the root? ─┐
//! entries ─► chunks ─► threads: hash, form, proofs ─► in order ─┴► which line is which entry ─► findings
//! ```
//!
//! A verifier trusts nothing that it reads but what a known key signed. It never stops at the first fault.
//! Memory hardly grows with the ledger: one file's hashes, the tree's frontier, the streams of late, and for each file
//! which keys signed in it, so that a revocation need not read it again.

mod declared;
mod diff;
mod evidence;
mod finding;
mod hashes;
mod ledger;
mod lines;
mod locate;
mod loose_records;
mod places;
mod proof;
mod report;
mod scan;
mod trust;
mod verified_view;

use std::num::NonZeroUsize;

pub use declared::{identity, unproven_declaration};
pub use diff::{
    comparison::{ComparedCopy, ComparedPart, CopyComparison, compare},
    copy_pair::CopyRelation,
};
pub use evidence::evidence;
pub use finding::{Finding, FindingCounts, FindingKind, Findings, Severity, Unverified};
pub use hashes::{confirmed_tree::ConfirmedTree, signed_copy::NamedCopy};
pub use ledger::{ledger, ledger_against, ledger_with_listener};
pub use loose_records::LooseRecords;
pub use proof::{ProvedEntry, proof, prove};
pub use report::{KnownProofs, Soundness, VerifyReport};
pub use scan::line_listener::{CheckedLine, LineListener, LineReader};
pub use trust::{
    RememberedCheckpoint, Trust,
    checkpoint::must_have as must_have_checkpoint,
    key_source::{Endorser, GivenKey, KeySource},
    stubs::{Stub, StubTally},
    succession::{KnownPredecessor, SuccessorClaim, VerifiedPredecessor},
    voucher::Voucher,
};
pub use verified_view::{VerifiedView, at_entry, unread};

/// What a verifier checks, and with how many threads.
#[derive(Clone, Copy, Debug)]
pub struct VerifyOptions {
    /// Whether the proofs of records are checked. Without, the verdict is about entries, tree and checkpoint
    /// alone, and says so
    pub proofs: bool,
    /// Whether the equations of all proofs are evaluated, those too that are known to hold
    pub all: bool,
    /// How many threads share the work
    pub threads: NonZeroUsize,
    /// Whether the first bad proofs are explained by their canonical bytes, hashes and signed bytes
    pub explain: bool,
}
