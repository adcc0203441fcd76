//! Findings of a contract: notable facts about entries, the first fifty of them, and how many there were.

use std::{collections::BTreeSet, fmt};

use super::EntryId;

/// How many findings, and how many excursions, a verdict lists: it must fit a ledger's line.
pub const LISTED: usize = 50;

/// The kind of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContractFindingKind {
    // In the order of their names, which the verdict sorts by.
    /// A proof does not verify
    BadProof,
    /// Another value for the same field and time; the lower entry wins
    Conflict,
    /// Measured after it was received
    Future,
    /// A value that the contract says is no measurement
    Invalid,
    /// Received too long after it was measured
    Late,
    /// A device that no record names, or a field that a condition asks for and no reading has
    NeverHeard,
    /// A number without unit, taken in the declared one
    NoUnit,
    /// A value that is no decimal, or none of the declared type
    Number,
    /// An expression's result that does not fit a decimal
    Overflow,
    /// Records of a stream are missing before this one
    SeqGap,
    /// Signed by a key that was revoked later, and is not trusted for then
    Suspect,
    /// Signed by a key that may not speak for the device
    Unauthorized,
    /// A number in another unit than declared
    Unit,
    /// A payment whose amount or parties are not known: it pays nothing
    Unpriced,
    /// Measured by a clock that nobody had synchronised, and no later status that dates it
    Unsynced,
    /// No time, and no later status that dates it
    Untimed,
}

impl fmt::Display for ContractFindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadProof => "bad-proof",
            Self::Conflict => "conflict",
            Self::Future => "future",
            Self::Invalid => "invalid",
            Self::Late => "late",
            Self::NeverHeard => "never-heard",
            Self::NoUnit => "no-unit",
            Self::Number => "number",
            Self::Overflow => "overflow",
            Self::SeqGap => "seq-gap",
            Self::Suspect => "suspect",
            Self::Unauthorized => "unauthorized",
            Self::Unit => "unit",
            Self::Unpriced => "unpriced",
            Self::Unsynced => "unsynced",
            Self::Untimed => "untimed",
        })
    }
}

/// One finding. Ordered as the verdict lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContractFinding {
    /// The entry; `None`: it is about no single one
    pub entry: Option<EntryId>,
    /// What kind of finding
    pub kind: ContractFindingKind,
    /// The device, by place in the contract; `None`: it is about no device
    pub device: Option<usize>,
    /// The field of the device, by place; `None`: it is about the whole record
    pub field: Option<usize>,
}

/// The first findings in order, whatever order they were found in.
#[derive(Clone, Debug, Default)]
pub struct ContractFindings {
    first: BTreeSet<ContractFinding>,
    /// How many there were
    pub total: u64,
}

impl ContractFindings {
    /// Adds a finding.
    pub fn add(&mut self, finding: ContractFinding) {
        self.total += 1;
        self.first.insert(finding);
        if self.first.len() > LISTED {
            self.first.pop_last();
        }
    }

    /// Adds the findings of another list.
    pub fn merge(&mut self, other: Self) {
        let counted = self.total + other.total;
        for finding in other.first {
            self.add(finding);
        }
        self.total = counted;
    }

    /// The first ones.
    pub fn iter(&self) -> impl Iterator<Item = &ContractFinding> {
        self.first.iter()
    }
}
