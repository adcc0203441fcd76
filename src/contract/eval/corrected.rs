//! Statements about earlier records as they arrive: who must sign them, and until when; and readings as they are corrected.

use std::{collections::BTreeSet, slice};

use super::{
    EntryId, Evaluation,
    fact::{AppliedCorrection, DeviceRecord},
    findings::{ContractFinding, ContractFindingKind},
    hindsight::{CorrectedReadings, ReadingId, RefusedCorrection},
    roles::ArrivedEntry,
    statement::{Calibration, Correction, ReadingChange, Statement, StatementContent},
};
use crate::{hash::Hash, key::Did};

impl Evaluation<'_> {
    /// A correction counts until the contract says, whatever else is over; all else that is said only while the contract is
    /// open.
    pub(super) fn take_statement(&mut self, at: ArrivedEntry, statement: Statement) {
        let Statement { signers, content } = statement;
        let signers = signers.as_deref();
        match content {
            StatementContent::Correction(Some(said)) => self.take_correction(at, signers, said),
            StatementContent::Correction(None) => self.take_unreadable_correction(at, signers),
            StatementContent::Calibration(Some(device), said) => {
                self.take_calibration(at, signers, &device, said);
            }
            StatementContent::Calibration(None, _) => {}
        }
    }

    fn take_correction(&mut self, at: ArrivedEntry, signers: Option<&[Did]>, said: Correction) {
        let refused = self.not_by_all(at, signers);
        self.found.correct(said, at.entry, refused, &mut self.findings);
    }

    fn take_unreadable_correction(&mut self, at: ArrivedEntry, signers: Option<&[Did]>) {
        match self.not_by_all(at, signers) {
            None => self.find_statement(at.entry, ContractFindingKind::Invalid),
            Some(refused) if refused.is_of_parties => self.find_statement(at.entry, refused.kind),
            Some(_) => {}
        }
    }

    /// Why not all parties say it in time; `None`: they do.
    fn not_by_all(&self, at: ArrivedEntry, signers: Option<&[Did]>) -> Option<RefusedCorrection> {
        let Some(signers) = signers else { return Some(RefusedCorrection::of_a_bad_proof()) };
        let is_party = |signer: &Did| !self.contract.parties_of(slice::from_ref(signer)).is_empty();
        let by_all = self.contract.parties_of(signers).len() == self.contract.parties.len();
        let in_time = self.contract.time.corrections.is_some_and(|until| at.arrival < until);
        let is_of_parties = !signers.is_empty() && signers.iter().all(is_party);
        let refused = RefusedCorrection { kind: ContractFindingKind::Unauthorized, is_of_parties };
        (!by_all || !in_time).then_some(refused)
    }

    fn take_calibration(
        &mut self,
        at: ArrivedEntry,
        signers: Option<&[Did]>,
        device: &str,
        said: Option<Calibration>,
    ) {
        let Some(device) = self.sieve.device_named(device, &self.roles, at) else { return };
        let by = &self.contract.devices[device].calibrated_by;
        if by.is_empty() {
            return;
        }
        let is_by = |signers: &[Did]| by.iter().any(|key| signers.contains(&Did::from(key)));
        let is_open = at.arrival < self.contract.closed();
        match (signers, said) {
            (Some(signers), said) if is_by(signers) => match said {
                Some(said) if is_open => self.found.calibrate(device, said),
                Some(said) if self.is_about_period(&said) => {
                    self.find_statement(at.entry, ContractFindingKind::Late);
                }
                None if is_open => self.find_statement(at.entry, ContractFindingKind::Invalid),
                // A later certificate of the device is no matter of this contract.
                Some(_) | None => {}
            },
            (None, Some(_)) if is_open => self.find_statement(at.entry, ContractFindingKind::BadProof),
            (Some(_), Some(_)) if is_open => {
                self.find_statement(at.entry, ContractFindingKind::Unauthorized);
            }
            _ => {}
        }
    }

    fn is_about_period(&self, said: &Calibration) -> bool {
        said.from < self.contract.to && self.contract.from < said.until
    }

    fn find_statement(&mut self, entry: EntryId, kind: ContractFindingKind) {
        self.findings.add(ContractFinding { entry: Some(entry), kind, device: None, field: None });
    }

    /// A reading that all parties corrected says what they say, as long as it counts.
    pub(super) fn correct(&mut self, entry: EntryId, record: &mut DeviceRecord) {
        let correctable = record.extras.as_mut().and_then(|extras| extras.correctable.take());
        let Some((device, correctable)) = record.source.reading_of.zip(correctable) else { return };
        if !self.known.corrects(&correctable.id) {
            return;
        }
        let reading: ReadingId = (entry.ledger, correctable.id);
        self.met.insert(reading);
        let applies = |ledger: &Hash, change: &ReadingChange| {
            self.is_ledger(entry.ledger, ledger) && self.sieve.is_changed(device, change, &record.cells)
        };
        let entries = self.known.applied(&correctable.id, applies);
        let change = self.known.change_of(&correctable.id, applies);
        self.applied.extend(entries);
        let Some(change) = change else { return };
        if let ReadingChange::Values(values) = &change {
            record.cells = self.sieve.corrected_cells(device, &correctable, values, &record.cells);
        }
        let withdrawn = change == ReadingChange::Withdrawn;
        let correction = Some(Box::new(AppliedCorrection { reading, withdrawn }));
        record.extras.get_or_insert_default().correction = correction;
    }

    /// Whether a ledger has this id. Of records that are in none it is believed if the contract names it, or names none.
    fn is_ledger(&self, at: usize, id: &Hash) -> bool {
        let named = &self.contract.ledgers;
        let believed = || named.is_empty() || named.contains(id);
        self.ledgers.get(at).map_or_else(believed, |known| known == id)
    }

    /// Findings about corrections that changed nothing.
    pub(super) fn find_unused_corrections(&mut self) {
        let changed: BTreeSet<ReadingId> =
            self.devices.iter().flat_map(|device| device.changed.iter().copied()).collect();
        let mut findings = std::mem::take(&mut self.findings);
        let corrected = CorrectedReadings { met: &self.met, changed: &changed, applied: &self.applied };
        self.known.find_unused(&corrected, |at, id| self.is_ledger(at, id), &mut findings);
        self.findings = findings;
    }
}
