//! Findings of a contract: notable facts about entries, the first fifty of them, and how many there were.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

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
    /// A reading that all parties corrected
    Corrected,
    /// A counter's value below the last one that counted
    CounterDecrease,
    /// A counter's value further above the last one that counted than its rate allows
    CounterJump,
    /// A value with which a counter begins anew: after a reset that was signed, or behind its wrap
    CounterReset,
    /// Too few of the devices that a device is made of agree: its field is unknown from then on
    Disagree,
    /// Measured after it arrived
    Future,
    /// Arrived while the clock of its ledger had jumped, which was undone
    Healed,
    /// A value that the contract says is no measurement; without a field: a whole reading, which proves less than the contract
    /// demands, or about no device: a statement that cannot be read
    Invalid,
    /// Received too long after it was measured; about no device: a calibration that arrived when the contract was closed
    Late,
    /// A device that no record names, or a field that a condition asks for and no reading has, of those that arrived
    /// before the contract was closed
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
    /// Signed by a key that may not speak for the device; about no device: a statement about what was before it that changes
    /// nothing
    Unauthorized,
    /// Measured without a valid calibration, the first of such: what was measured then is unknown
    Uncalibrated,
    /// A number in another unit than declared
    Unit,
    /// A payment whose amount or parties are not known: it pays nothing
    Unpriced,
    /// Measured by a clock that was not synchronised, and no later status that dates it
    Unsynced,
    /// No time, and no later status that dates it
    Untimed,
}

impl fmt::Display for ContractFindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadProof => "bad-proof",
            Self::Conflict => "conflict",
            Self::Corrected => "corrected",
            Self::CounterDecrease => "counter-decrease",
            Self::CounterJump => "counter-jump",
            Self::CounterReset => "counter-reset",
            Self::Disagree => "disagree",
            Self::Future => "future",
            Self::Healed => "healed",
            Self::Invalid => "invalid",
            Self::Late => "late",
            Self::NeverHeard => "never-heard",
            Self::NoUnit => "no-unit",
            Self::Number => "number",
            Self::Overflow => "overflow",
            Self::SeqGap => "seq-gap",
            Self::Suspect => "suspect",
            Self::Unauthorized => "unauthorized",
            Self::Uncalibrated => "uncalibrated",
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

/// What repeats: findings of one kind about one field, or one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RepeatedFinding {
    /// What kind of finding
    pub kind: ContractFindingKind,
    /// The device, by place in the contract; `None`: it is about no device
    pub device: Option<usize>,
    /// The field of the device, by place; `None`: it is about whole records
    pub field: Option<usize>,
}

/// How often a finding repeats, and where it was first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FindingTally {
    /// How many there are
    pub count: u64,
    /// The lowest entry; `None`: they are about no single one
    pub first: Option<EntryId>,
}

impl FindingTally {
    /// One finding about an entry.
    pub(super) fn once(entry: Option<EntryId>) -> Self {
        Self { count: 1, first: entry }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.into_iter().chain(other.first).min();
    }
}

/// The first findings in order, whatever order they were found in, and how often each repeats.
#[derive(Clone, Debug, Default)]
pub struct ContractFindings {
    first: BTreeSet<ContractFinding>,
    tallies: BTreeMap<RepeatedFinding, FindingTally>,
    /// How many there were
    pub total: u64,
}

impl ContractFindings {
    /// Adds a finding.
    pub fn add(&mut self, finding: ContractFinding) {
        let ContractFinding { entry, kind, device, field } = finding;
        self.tallies
            .entry(RepeatedFinding { kind, device, field })
            .or_default()
            .add(FindingTally::once(entry));
        self.total += 1;
        self.list(finding);
    }

    fn list(&mut self, finding: ContractFinding) {
        self.first.insert(finding);
        if self.first.len() > LISTED {
            self.first.pop_last();
        }
    }

    /// Adds the findings of another list.
    pub fn merge(&mut self, other: Self) {
        self.total += other.total;
        for finding in other.first {
            self.list(finding);
        }
        for (repeated, tally) in other.tallies {
            self.tallies.entry(repeated).or_default().add(tally);
        }
    }

    /// The first ones.
    pub fn iter(&self) -> impl Iterator<Item = &ContractFinding> {
        self.first.iter()
    }

    /// All of them, each kind about each field once.
    pub fn tallies(&self) -> impl Iterator<Item = (&RepeatedFinding, &FindingTally)> {
        self.tallies.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_is_counted_beyond_what_is_listed() {
        let late = |n| ContractFinding {
            entry: Some(EntryId { ledger: 0, n }),
            kind: ContractFindingKind::Late,
            device: Some(0),
            field: None,
        };
        let mut findings = ContractFindings::default();
        (10..4_010).for_each(|n| findings.add(late(n)));
        let mut more = ContractFindings::default();
        more.add(late(3));
        more.add(ContractFinding { kind: ContractFindingKind::Unit, field: Some(1), ..late(5) });
        findings.merge(more);
        assert_eq!((findings.iter().count(), findings.total), (LISTED, 4_002));
        let tallies: Vec<_> = findings.tallies().map(|(_, tally)| (tally.count, tally.first)).collect();
        let at = |n| Some(EntryId { ledger: 0, n });
        assert_eq!(tallies, [(4_001, at(3)), (1, at(5))]);
    }
}
