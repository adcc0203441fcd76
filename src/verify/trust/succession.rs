//! A ledger that continues another: whether it may, and from where.
//!
//! ```text
//! OLD  0 ── 1 ── 2 ── 3 ── 4      entry 0 names a log key, and admins
//!                     │
//! NEW                 └► 0 ── 1   continues {ledger: id of OLD, size: 4, root}, signed by one of these too
//! ```
//!
//! OLD's id fixes its entry 0, so whose signatures are needed is known wherever OLD is.

use super::{RememberedCheckpoint, Trust};
use crate::{
    hash::Hash,
    key::PublicKey,
    record::genesis::{Continued, Genesis},
    tlog::{consistency::Consistency, layout::FIRST_ENTRY_FILE},
    verify::finding::{Finding, FindingKind, Findings},
};

/// What a successor says of the ledger that it continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuccessorClaim {
    /// How many entries it takes over
    pub size: u64,
    /// Their root
    pub root: Hash,
}

/// The ledger that another one continues, as far as it is known.
#[derive(Clone, Debug)]
pub enum KnownPredecessor {
    /// It was verified, too
    Given(VerifiedPredecessor),
    /// It was seen here before
    Seen(RememberedCheckpoint),
}

/// A ledger that was verified, as its successor needs to know it.
#[derive(Clone, Debug)]
pub struct VerifiedPredecessor {
    /// What people call it: its path
    pub name: String,
    /// What its entry 0 declares
    pub genesis: Genesis,
    /// How many entries it has here
    pub size: u64,
    /// Whether it is sound, and vouched for from outside
    pub vouched: bool,
    /// How what the successor says of it stands to it
    pub claim: Consistency,
}

/// Checks that a ledger may continue the one that its entry 0 names. Answers whether that vouches for its log
/// key from outside.
pub(in crate::verify) fn check(
    genesis: &Genesis,
    signers: &[PublicKey],
    trust: &Trust,
    findings: &mut Findings,
) -> bool {
    let Some(continued) = &genesis.continues else { return false };
    let Continued { ledger, size, .. } = continued;
    let mut say = |kind, detail: String| {
        let finding = Finding::new(kind, detail).in_file(FIRST_ENTRY_FILE).at_line(1).about(0);
        findings.push(finding);
    };
    if let Some(rival) = trust.rival {
        let detail =
            format!("ledger {ledger} was seen to be continued by {rival}, and can have one successor");
        say(FindingKind::BadSuccession, detail);
    }
    let proven = match &trust.before {
        None => {
            let unchecked = "whether its log key or its admins agreed was not checked";
            let detail =
                format!("continues ledger {ledger} at {size} entries, which was not given: {unchecked}");
            say(FindingKind::Succession, detail);
            false
        }
        Some(KnownPredecessor::Given(old)) => given(continued, signers, old, say),
        Some(KnownPredecessor::Seen(old)) => seen(continued, signers, old, say),
    };
    proven && trust.rival.is_none()
}

fn given(
    continued: &Continued,
    signers: &[PublicKey],
    old: &VerifiedPredecessor,
    mut say: impl FnMut(FindingKind, String),
) -> bool {
    let VerifiedPredecessor { name, genesis, size: has, vouched, claim } = old;
    let size = continued.size;
    let consent = genesis.consent(signers);
    if let Err(missing) = &consent {
        say(FindingKind::BadSuccession, missing.to_string());
    }
    match claim {
        Consistency::Follows if *has > size => {
            say(
                FindingKind::Succession,
                format!("{name} was written on, to {has} entries, after it was continued at {size}"),
            );
        }
        Consistency::Follows => {}
        Consistency::Smaller => {
            say(
                FindingKind::BadSuccession,
                format!("continues {name} at {size} entries; it has only {has} here"),
            );
        }
        Consistency::Parts => {
            let detail = format!("continues other entries than the first {size} of {name}: another root");
            say(FindingKind::BadSuccession, detail);
        }
        Consistency::Unknown => {
            let detail = format!("{name} is too damaged to compare its first {size} entries");
            say(FindingKind::Succession, detail);
        }
    }
    consent.is_ok() && *claim == Consistency::Follows && *vouched
}

fn seen(
    continued: &Continued,
    signers: &[PublicKey],
    old: &RememberedCheckpoint,
    mut say: impl FnMut(FindingKind, String),
) -> bool {
    let Continued { ledger, size, root } = continued;
    let by_log = signers.contains(&old.key);
    if !by_log {
        let detail = format!(
            "not signed by the log key of ledger {ledger}, which was seen here; whether enough of its admins signed shows only beside it: give both"
        );
        say(FindingKind::Succession, detail);
    }
    let other_root = old.size == *size && old.root != *root;
    if other_root {
        let detail =
            format!("continues ledger {ledger} at {size} entries with another root than was seen here");
        say(FindingKind::BadSuccession, detail);
    } else if old.size > *size {
        let detail =
            format!("continues ledger {ledger} at {size} entries, of which {} were seen here", old.size);
        say(FindingKind::Succession, detail);
    }
    by_log && !other_root
}
