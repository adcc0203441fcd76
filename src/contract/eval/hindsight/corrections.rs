//! Corrections: what all parties say that readings should have said.
//!
//! ```text
//! reading a   corrected by all        it counts as corrected: of each value the last correction that names it speaks, and of whether
//!                                     it counts the last of all
//! reading b   corrected by one        it stands: finding unauthorized
//! reading c   too late, and corrected it does not count still: finding unauthorized
//! reading d   corrected by all in a value that is none of its device's, or was none: it stands: finding unauthorized
//! no reading  corrected by one        finding unauthorized, unless another than the parties signed it, too: it may be about a
//!                                     reading under another contract
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    EntryId,
    findings::{ContractFinding, ContractFindingKind, ContractFindings},
    statement::{Correction, ReadingChange},
};
use crate::{hash::Hash, json::Object};

/// A reading, by the place of its ledger and its record id.
pub(in crate::contract::eval) type ReadingId = (usize, Hash);

/// What is said of readings.
#[derive(Clone, Debug, Default)]
pub(super) struct Corrections {
    /// By the id of the reading, in the order in which they count
    by_reading: BTreeMap<Hash, Vec<StatedCorrection>>,
    count: usize,
}

#[derive(Clone, Debug)]
struct StatedCorrection {
    entry: EntryId,
    ledger: Hash,
    /// Or why it does not count
    change: Result<ReadingChange, RefusedCorrection>,
}

/// Why a correction does not count, whatever it is about.
#[derive(Clone, Copy, Debug)]
pub(in crate::contract::eval) struct RefusedCorrection {
    pub(in crate::contract::eval) kind: ContractFindingKind,
    /// Whether parties signed it, and nobody else
    pub(in crate::contract::eval) is_of_parties: bool,
}

impl RefusedCorrection {
    /// Of one with a proof that does not hold: who signed it is not known.
    pub(in crate::contract::eval) fn of_a_bad_proof() -> Self {
        Self { kind: ContractFindingKind::BadProof, is_of_parties: false }
    }
}

/// What became of the readings about which something is said.
pub(in crate::contract::eval) struct CorrectedReadings<'a> {
    /// Those of the contract's devices
    pub(in crate::contract::eval) met: &'a BTreeSet<ReadingId>,
    /// Those among them that were corrected
    pub(in crate::contract::eval) changed: &'a BTreeSet<ReadingId>,
    /// The entries of the corrections that name something which can be changed in one of them
    pub(in crate::contract::eval) applied: &'a BTreeSet<EntryId>,
}

impl Corrections {
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Takes note of a correction, or of why it does not count.
    pub(super) fn add(&mut self, correction: Correction, entry: EntryId, refused: Option<RefusedCorrection>) {
        let Correction { ledger, corrects, change } = correction;
        let change = refused.map_or(Ok(change), Err);
        self.count += 1;
        self.by_reading.entry(corrects).or_default().push(StatedCorrection { entry, ledger, change });
    }

    /// The readings about which something is said.
    pub(super) fn readings(&self) -> impl Iterator<Item = Hash> {
        self.by_reading.keys().copied()
    }

    pub(super) fn are_about(&self, reading: &Hash) -> bool {
        self.by_reading.contains_key(reading)
    }

    /// The corrections that change a reading, in the order in which they count.
    pub(super) fn applied(
        &self,
        reading: &Hash,
        applies: impl Fn(&Hash, &ReadingChange) -> bool,
    ) -> impl Iterator<Item = (EntryId, &ReadingChange)> {
        let stated = self.by_reading.get(reading).into_iter().flatten();
        stated.filter_map(move |stated| {
            let change = stated.change.as_ref().ok()?;
            applies(&stated.ledger, change).then_some((stated.entry, change))
        })
    }

    /// What becomes of a reading; `None`: it stands. `applies`: whether a correction that names this ledger changes it.
    pub(super) fn of(
        &self,
        reading: &Hash,
        applies: impl Fn(&Hash, &ReadingChange) -> bool,
    ) -> Option<ReadingChange> {
        let (mut values, mut is_withdrawn) = (Object::new(), None);
        for (_, change) in self.applied(reading, applies) {
            is_withdrawn = Some(*change == ReadingChange::Withdrawn);
            if let ReadingChange::Values(named) = change {
                for (name, value) in named.iter() {
                    values.insert(name, value.clone());
                }
            }
        }
        is_withdrawn.map(
            |withdrawn| {
                if withdrawn { ReadingChange::Withdrawn } else { ReadingChange::Values(values) }
            },
        )
    }

    /// Findings about corrections that changed nothing.
    pub(super) fn find(
        &self,
        corrected: &CorrectedReadings<'_>,
        is_ledger: impl Fn(usize, &Hash) -> bool,
        findings: &mut ContractFindings,
    ) {
        let CorrectedReadings { met, changed, applied } = corrected;
        for (reading, stated) in &self.by_reading {
            let is_met = met.iter().any(|(_, met)| met == reading);
            for stated in stated {
                let in_force = |(ledger, id): &ReadingId| id == reading && is_ledger(*ledger, &stated.ledger);
                let kind = match stated.change {
                    Ok(_) if applied.contains(&stated.entry) && changed.iter().any(in_force) => continue,
                    Ok(_) => ContractFindingKind::Unauthorized,
                    // It may be about another contract's reading.
                    Err(refused) if !is_met && !refused.is_of_parties => continue,
                    Err(refused) => refused.kind,
                };
                findings.add(ContractFinding { entry: Some(stated.entry), kind, device: None, field: None });
            }
        }
    }
}
