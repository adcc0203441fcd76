//! Hindsight: what entries say about what was before them. The entries are read once to find it, and where there is some
//! once more under it.
//!
//! ```text
//! first reading    entries ─► found          nothing is found: its results stand
//! second reading   known ─► entries          the same ones, under what the first reading found
//! ```
//!
//! What is found goes by the entry that says it, never by what is known: both readings find the same.

mod calibrations;
mod corrections;
mod revocations;

use std::collections::HashSet;

pub(super) use self::{
    calibrations::CalibratedTime,
    corrections::{CorrectedReadings, ReadingId, RefusedCorrection},
};

use self::{calibrations::Calibrations, corrections::Corrections, revocations::SuspectKeys};
use super::{
    AmendmentFault, EntryId, Replacement,
    amendments::{Amendments, StatedContract},
    contract_events::{ContractEvents, EventStatement},
    event_effects::{self, CounterBeginning},
    findings::{ContractFinding, ContractFindings},
    judged_period::JudgedPeriod,
    roles::ArrivedEntry,
    statement::{Calibration, Correction, ReadingChange},
};
use crate::{
    contract::document::{Contract, ContractDevice},
    decimal::Decimal,
    hash::Hash,
    key::Did,
    rules::registry::Revocation,
    time::Time,
};

/// How many things of one kind are taken note of.
const MOST: usize = 10_000;

/// What entries say about those before them.
#[derive(Clone, Debug, Default)]
pub struct Hindsight {
    suspect_keys: SuspectKeys,
    corrections: Corrections,
    calibrations: Calibrations,
    /// What parties say about events under the contract
    pub(super) events: ContractEvents,
    /// How many of these name a contract of which nothing tells yet that it is this one's amendment, or amended by it
    waiting: usize,
    /// The first of such that is not kept, because there are too many; `None`: all are
    forgotten: Option<ArrivedEntry>,
    amendments: Amendments,
    /// Whether these change which time counts, or where counters begin
    moves_time: bool,
    beyond: Option<&'static str>,
}

impl Hindsight {
    /// Whether the results of the first reading stand.
    pub fn is_empty(&self) -> bool {
        let has_no_statement = self.corrections.len() == 0 && self.calibrations.len() == 0;
        self.suspect_keys.is_empty() && has_no_statement && !self.moves_time
    }

    /// Of what there is more than is looked at, so that there can be no result; `None`: nothing was left out.
    pub fn beyond(&self) -> Option<&'static str> {
        self.beyond
    }

    /// Takes note of a revocation, unless it trusts its keys to the end.
    pub(super) fn revoke(&mut self, revocation: &Revocation, at: ArrivedEntry) {
        if revocation.trusted_until >= at.arrival {
            return;
        }
        if self.suspect_keys.len() == MOST {
            self.beyond = Some("revocations");
        } else {
            self.suspect_keys.add(revocation, at);
        }
    }

    /// Takes note of a correction that arrived with an entry, or of why it does not count. Of those that do not count only
    /// so many are looked at, since anybody may write them: the others are findings at once.
    pub(super) fn correct(
        &mut self,
        correction: Correction,
        entry: EntryId,
        refused: Option<RefusedCorrection>,
        findings: &mut ContractFindings,
    ) {
        match refused {
            Some(RefusedCorrection { kind, .. }) if self.corrections.len() >= MOST => {
                findings.add(ContractFinding { entry: Some(entry), kind, device: None, field: None });
            }
            None if self.corrections.len() >= 2 * MOST => self.beyond = Some("corrections"),
            _ => self.corrections.add(correction, entry, refused),
        }
    }

    /// The readings, by their record ids, that may be corrected.
    pub(super) fn corrected(&self) -> HashSet<Hash> {
        self.corrections.readings().collect()
    }

    /// Whether something is said about a reading.
    pub(super) fn corrects(&self, reading: &Hash) -> bool {
        self.corrections.are_about(reading)
    }

    /// What becomes of a reading; `None`: it stands. `applies`: whether a correction that names this ledger changes it.
    pub(super) fn change_of(
        &self,
        reading: &Hash,
        applies: impl Fn(&Hash, &ReadingChange) -> bool,
    ) -> Option<ReadingChange> {
        self.corrections.of(reading, applies)
    }

    /// The entries of the corrections that change a reading. `applies`: whether one that names this ledger does.
    pub(super) fn applied(
        &self,
        reading: &Hash,
        applies: impl Fn(&Hash, &ReadingChange) -> bool,
    ) -> Vec<EntryId> {
        self.corrections.applied(reading, applies).map(|(entry, _)| entry).collect()
    }

    /// Findings about corrections that changed nothing.
    pub(super) fn find_unused(
        &self,
        corrected: &CorrectedReadings<'_>,
        is_ledger: impl Fn(usize, &Hash) -> bool,
        findings: &mut ContractFindings,
    ) {
        self.corrections.find(corrected, is_ledger, findings);
    }

    /// Takes note of a calibration of a device, by its place in the contract.
    pub(super) fn calibrate(&mut self, device: usize, calibration: Calibration) {
        if self.calibrations.len() == MOST {
            self.beyond = Some("calibrations");
        } else {
            self.calibrations.add(device, calibration);
        }
    }

    /// When a device, by its place in the contract, was calibrated.
    pub(super) fn calibrated_time(&self, device: usize) -> CalibratedTime {
        self.calibrations.time_of(device)
    }

    /// How far a field's value at an instant may be from the true one, as the last calibration that is valid then says;
    /// `None`: it does not say, or there is none.
    pub fn uncertainty(
        &self,
        device: (usize, &ContractDevice),
        field: usize,
        instant: i64,
    ) -> Option<Decimal> {
        self.calibrations.uncertainty(device, field, instant)
    }

    /// Takes note of what parties say about an event. Of what names other contracts only so much is kept, since a ledger may
    /// be full of that: it is missed only if an amendment comes behind it.
    pub(super) fn state(&mut self, contract: &Contract, statement: EventStatement, at: ArrivedEntry) {
        let named = &statement.contract;
        let waits = *named != contract.hash && !self.amendments.is_related(contract, named);
        match waits {
            true if self.waiting == MOST => {
                self.forgotten.get_or_insert(at);
            }
            false if self.events.len() - self.waiting == MOST => self.beyond = Some("events"),
            _ => {
                self.waiting += usize::from(waits);
                self.events.add(at.entry, at.arrival, statement);
            }
        }
    }

    /// Takes note of a contract between the same parties.
    pub(super) fn state_contract(&mut self, contract: StatedContract, at: ArrivedEntry) {
        if self.amendments.len() >= MOST {
            self.beyond = Some("contracts");
        } else {
            self.amendments.state(contract, at);
        }
    }

    /// Takes note of parties that accept a contract, by its hash.
    pub(super) fn accept(&mut self, contract: Hash, parties: &[usize], at: ArrivedEntry) {
        self.amendments.accept(contract, parties, at);
    }

    /// The amendment that ends a contract before its period does; `None`: there is none.
    pub(super) fn replacement(&self, contract: &Contract) -> Option<Replacement> {
        self.amendments.replacement(contract)
    }

    /// Why a contract that supersedes another one is not in force; `None`: it is, or it supersedes none.
    pub(super) fn amendment_fault(&self, contract: &Contract) -> Option<AmendmentFault> {
        self.amendments.fault(contract)
    }

    /// The period of a contract, as events and an amendment begin and end it.
    pub(super) fn period(&self, contract: &Contract) -> JudgedPeriod {
        JudgedPeriod::new(contract, &self.events, self.replacement(contract))
    }

    /// The counters that an amendment goes on with, and since when they are followed.
    pub(super) fn carried(&self, contract: &Contract) -> Vec<CounterBeginning> {
        self.amendments.carried(contract, &self.events)
    }

    /// Whether an event is one of the time of the contract before an amendment in force.
    pub(super) fn is_earlier(&self, contract: &Contract, at: Time) -> bool {
        contract.supersedes.is_some() && at < contract.from && self.amendment_fault(contract).is_none()
    }

    /// All was heard: which events count, and do they or an amendment change which time counts, or where counters begin?
    pub(super) fn weigh_events(&mut self, contract: &Contract) {
        let together = self.amendments.in_force_with(contract);
        if self.forgotten.is_some_and(|first| self.amendments.are_stated_behind(&first, &together)) {
            self.beyond = Some("events");
        }
        self.events.keep(&together);
        self.moves_time = self.period(contract) != JudgedPeriod::stated(contract)
            || !event_effects::excused(contract, &self.events).0.is_empty()
            || !event_effects::resets(contract, &self.events).is_empty()
            || !self.carried(contract).is_empty();
    }

    /// Whether one of these keys was no longer trusted when it signed that entry, where it could still speak.
    pub(super) fn are_suspect(&self, signers: &[Did], at: ArrivedEntry) -> bool {
        self.suspect_keys.are_among(signers, at)
    }
}

impl Contract {
    /// Whether an entry can say something that counts about those before it.
    pub fn looks_back(&self) -> bool {
        let is_calibrated = |device: &ContractDevice| !device.calibrated_by.is_empty();
        let is_stated = self.time.corrections.is_some() || self.devices.iter().any(is_calibrated);
        self.follows_registry() || is_stated || self.has_timing_events()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::eval::EntryId;

    #[test]
    fn what_is_too_much_is_never_left_out_silently() {
        let arrival = Time::parse("2026-03-01T06:00:00.000Z").expect("a time");
        let at = ArrivedEntry { entry: EntryId { ledger: 0, n: 1 }, arrival };
        let trusting = Revocation { keys: Vec::new(), trusted_until: arrival, n: 1 };
        let doubting = Revocation { trusted_until: Time::EPOCH, ..trusting.clone() };
        let mut found = Hindsight::default();
        (0..MOST).for_each(|_| found.revoke(&doubting, at));
        found.revoke(&trusting, at);
        assert_eq!(found.beyond(), None);
        found.revoke(&doubting, at);
        assert_eq!(found.beyond(), Some("revocations"));
    }
}
