//! Entries as they arrive that are no plain readings: acceptances, events, and what does not count.

use super::{
    EntryId, Evaluation, amendments,
    fact::{Fact, FactBody, RefusedReading},
    findings::{ContractFinding, ContractFindingKind, FindingTally},
    roles::ArrivedEntry,
};
use crate::{hash::Hash, record::claim::RecordClaim, time::Time};

impl Evaluation<'_> {
    /// Takes note that the clock of the ledger had jumped when an entry arrived, as far as is known at that time.
    pub fn undo(&mut self, entry: EntryId, arrival: Time) {
        let exists = self.scope.as_of.is_none_or(|as_of| arrival <= as_of);
        if exists && (self.contract.from..self.contract.closed()).contains(&arrival) {
            self.find_entry(entry, ContractFindingKind::Healed);
        }
    }

    /// Notes a finding about an entry as a whole, of no device.
    pub(super) fn find_entry(&mut self, entry: EntryId, kind: ContractFindingKind) {
        self.findings.add(ContractFinding { entry: Some(entry), kind, device: None, field: None });
    }

    /// Takes an acceptance from an entry that is later than the verdict, because a short copy of another ledger holds that
    /// back: a party that has accepted has accepted. Where a time is asked about, nothing later counts.
    pub fn take_acceptance(&mut self, entry: EntryId, fact: Option<Fact>) {
        let Some(Fact(mut body)) = fact else { return };
        if !self.keep_living(entry, &mut body) {
            return;
        }
        match body {
            FactBody::Accept(contract, parties) => self.accept(contract, &parties),
            FactBody::Contract(stated) => self.accept_stated(&stated),
            _ => {}
        }
    }

    pub(super) fn accept_stated(&mut self, stated: &amendments::StatedContract) {
        let (contract, parties) = stated.acceptance();
        self.accept(contract, parties);
    }

    pub(super) fn accept(&mut self, contract: Hash, parties: &[usize]) {
        for party in parties.iter().filter(|_| contract == self.contract.hash) {
            self.accepted[*party] = true;
        }
    }

    /// A reading whose device only a registry knows gets the device that the registry has for it now.
    pub(super) fn placed(&self, entry: EntryId, arrival: Time, fact: Option<Fact>) -> Option<Fact> {
        match fact {
            Some(Fact(FactBody::Unplaced(unplaced))) => {
                let at = ArrivedEntry { entry, arrival };
                let mut fact = self.sieve.place(&unplaced, &self.roles, at)?;
                if let FactBody::Device(record) = &mut fact.0 {
                    record.suspect = self.known.are_suspect(unplaced.signers.as_deref().unwrap_or(&[]), at);
                }
                Some(fact)
            }
            fact => fact,
        }
    }

    pub(super) fn apply_event(&mut self, at: ArrivedEntry, claim: &RecordClaim) {
        let revocation = self.roles.apply_event(at, claim);
        if let Some(revocation) = revocation.filter(|_| self.contract.follows_registry()) {
            self.found.revoke(&revocation, at);
        }
    }

    /// A reading of the period that arrives when the contract is closed counts for nothing, and is counted.
    pub(super) fn too_late(&mut self, entry: EntryId, fact: &FactBody) {
        let (device, time) = match fact {
            FactBody::Device(record) => (record.source.reading_of, record.time),
            FactBody::Refused(refused) => (Some(refused.device), refused.time),
            FactBody::Accept(..)
            | FactBody::Contract(_)
            | FactBody::Event(_)
            | FactBody::Statement(_)
            | FactBody::ContractEvent(_)
            | FactBody::RefusedEvent(_)
            | FactBody::Unplaced(_)
            | FactBody::Stranger(_) => (None, None),
        };
        let device = device.map(|device| &mut self.devices[device]);
        if let Some(device) = device.filter(|device| time.is_some_and(|time| device.is_near(time))) {
            device.too_late.add(FindingTally::once(Some(entry)));
        }
    }

    pub(super) fn refuse(&mut self, entry: EntryId, arrival: Time, refused: RefusedReading) {
        let RefusedReading { device, kind, time, signer } = refused;
        let heard = &mut self.devices[device];
        if heard.is_near(time.unwrap_or(arrival)) || heard.is_near(arrival) {
            heard.readings += 1;
            self.names.refused(device, signer);
            let (entry, device) = (Some(entry), Some(device));
            self.findings.add(ContractFinding { entry, kind, device, field: None });
        }
    }
}
