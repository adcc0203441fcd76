//! Evaluation: the entries of ledgers in, a result for each term out.
//!
//! ```text
//! entries → Sieve (facts, on any thread) → DeviceEvaluation (time of each, does it count) → Timeline (values
//! through time) → TermFollowers (excursions of conditions, misses of cadences) → Evaluated
//! ```
//!
//! Only three clocks count: a reading's time, when its entry arrived, and `as_of`. The results do not
//! depend on the order of arrival, except where the rules name that or entry numbers. All arithmetic is
//! on integers of milliseconds and exact decimals.

mod agreement;
mod allowance;
mod amendments;
mod arrived;
mod cadence;
mod condition;
mod contract_events;
mod corrected;
mod counted_time;
pub mod counter;
mod dead_keys;
mod device;
mod ending;
mod evaluated;
mod event_door;
mod event_effects;
mod event_reader;
mod event_terms;
mod excursion;
mod fact;
mod fact_reader;
mod findings;
mod followers;
mod group;
mod hiding;
mod hindsight;
mod instant;
mod judged_period;
pub mod kinetic_mean;
mod line_outline;
mod measure;
mod names;
mod possible;
mod roles;
mod sample;
mod scope;
mod sequence_numbers;
mod shared_counters;
mod sieve;
mod statement;
#[cfg(test)]
mod tests;
mod timeline;
mod undated;

use std::collections::BTreeSet;

pub use amendments::{AmendmentFault, Replacement};
pub use contract_events::{ContractEvents, SignedEvent};
pub use evaluated::{Evaluated, EventResult, TermResult};
pub use excursion::{Excursion, ExcursionTally};
pub use fact::{Fact, RecordSigners};
pub use fact_reader::{FactReader, LineFact};
pub use findings::{
    ContractFinding, ContractFindingKind, ContractFindings, FindingTally, LISTED, RepeatedFinding,
};
pub use hindsight::Hindsight;
pub use judged_period::JudgedPeriod;
pub use measure::{
    FailedBucket, MeasureTally, MeasuredBucket, MeasuredBy, MeasuredRow, MeasuredTable, MeasuredValue,
    TermBucket,
};
pub use names::{NamedThing, NearName};
pub use roles::{CustodianTurn, DeviceRoles};
pub use scope::{EntryId, EvaluationScope, LateChange};
pub use sieve::Sieve;

use self::{
    counted_time::ExcusedTime,
    device::{DeviceEvaluation, dating::ClockStatus},
    fact::{DeviceRecord, FactBody},
    group::GroupTimeline,
    hindsight::ReadingId,
    names::HeardNames,
    roles::ArrivedEntry,
    scope::Window,
};
use super::document::{Contract, SuspectRule};
use crate::{hash::Hash, rules::judge::Judge, time::Time, tlog::arrival::EntryTimes};

/// An evaluation under way.
pub struct Evaluation<'a> {
    contract: &'a Contract,
    scope: EvaluationScope,
    /// The period, as events begin and end it
    period: JudgedPeriod,
    devices: Vec<DeviceEvaluation<'a>>,
    groups: Vec<GroupTimeline<'a>>,
    names: HeardNames<'a>,
    findings: ContractFindings,
    accepted: Vec<bool>,
    latest: Option<Time>,
    /// Entries that exist, by ledger
    sizes: Vec<u64>,
    roles: DeviceRoles,
    sieve: Sieve<'a>,
    /// What an earlier reading of the same entries found
    known: Hindsight,
    /// What this one finds
    found: Hindsight,
    /// The readings of the contract's devices about which corrections are
    met: BTreeSet<ReadingId>,
    /// The entries of the corrections that change one of them, if that counts
    applied: BTreeSet<EntryId>,
    /// The ids of the ledgers, in the contract's order; nothing where they are not known
    ledgers: Vec<Hash>,
    /// Whether excursions can have ended since [`Evaluation::breaches`] was called last
    followed: bool,
}

impl<'a> Evaluation<'a> {
    /// Begins to evaluate a contract over so many ledgers.
    pub fn new(contract: &'a Contract, ledgers: usize, scope: EvaluationScope) -> Self {
        let period = JudgedPeriod::stated(contract);
        let (devices, groups) = devices(contract, scope, period.bounds(), &[]);
        Self {
            contract,
            scope,
            period,
            devices,
            groups,
            names: HeardNames::new(contract),
            findings: ContractFindings::default(),
            accepted: vec![false; contract.parties.len()],
            latest: None,
            sizes: vec![0; ledgers],
            roles: DeviceRoles::default(),
            sieve: Sieve::new(contract, false),
            known: Hindsight::default(),
            found: Hindsight::default(),
            met: BTreeSet::new(),
            applied: BTreeSet::new(),
            ledgers: Vec::new(),
            followed: false,
        }
    }

    /// Knows beforehand what an earlier evaluation of the same entries found.
    #[must_use]
    pub fn with_hindsight(mut self, known: Hindsight) -> Self {
        self.period = known.period(self.contract);
        let (excused, _) = event_effects::excused(self.contract, &known.events);
        (self.devices, self.groups) = devices(self.contract, self.scope, self.period.bounds(), &excused);
        for (at, device) in self.devices.iter_mut().enumerate() {
            device.calibrate(known.calibrated_time(at));
        }
        for reset in event_effects::resets(self.contract, &known.events) {
            self.devices[reset.device].reset(reset.field, reset.after);
        }
        for carried in known.carried(self.contract) {
            self.devices[carried.device].follow_counter(carried.field, carried.after);
        }
        self.sieve = self.sieve.with_hindsight(&known);
        self.known = known;
        self
    }

    /// Knows the ids of the ledgers, in the contract's order.
    #[must_use]
    pub fn with_ledgers(mut self, ids: Vec<Hash>) -> Self {
        self.ledgers = ids;
        self
    }

    /// Asks these judges who is who, one for each ledger, as entry 0 leaves them.
    #[must_use]
    pub fn with_judges(mut self, judges: Vec<Judge>) -> Self {
        self.roles = DeviceRoles::new(self.contract, judges);
        self
    }

    /// Passes an entry, which is pushed next: who is who goes by what the times of all entries say.
    pub fn pass(&mut self, entry: EntryId, arrival: Time, times: EntryTimes) {
        if self.scope.as_of.is_none_or(|as_of| arrival <= as_of) {
            self.roles.pass(entry, times);
        }
    }

    /// Takes an entry, in the order of arrival. `fact` is what [`Sieve::fact`] made of its record; `None`: the
    /// contract does not need it. What it holds is taken out of it.
    pub fn push(&mut self, entry: EntryId, arrival: Time, fact: &mut Option<Fact>) {
        if self.scope.as_of.is_some_and(|as_of| arrival > as_of) {
            return;
        }
        self.latest = self.latest.max(Some(arrival));
        if let Some(size) = self.sizes.get_mut(entry.ledger) {
            *size = entry.n + 1;
        }
        match fact {
            Some(Fact(FactBody::Device(record))) if arrival < self.contract.closed() => {
                self.take_record(entry, arrival, record);
            }
            fact => self.take_fact(entry, arrival, fact.take()),
        }
    }

    /// A reading, or a status of a source. Most entries are such, so it is used where it stands.
    fn take_record(&mut self, entry: EntryId, arrival: Time, record: &mut DeviceRecord) {
        self.correct(entry, record);
        self.names.record(record);
        for at in 0..record.source.speaks_for.len() {
            let device = record.source.speaks_for[at];
            self.devices[device].take(record, entry, arrival, &mut self.findings);
        }
        self.date_readings(record, arrival);
    }

    fn take_fact(&mut self, entry: EntryId, arrival: Time, fact: Option<Fact>) {
        let mut body = self.placed(entry, arrival, fact).map(|fact| fact.0);
        if body.as_mut().is_some_and(|body| !self.keep_living(entry, body)) {
            return;
        }
        match body {
            Some(FactBody::Accept(contract, parties)) => {
                self.accept(contract, &parties);
                self.found.accept(contract, &parties, ArrivedEntry { entry, arrival });
            }
            Some(FactBody::Contract(stated)) => {
                self.accept_stated(&stated);
                self.found.state_contract(*stated, ArrivedEntry { entry, arrival });
            }
            Some(FactBody::Statement(statement)) => {
                self.take_statement(ArrivedEntry { entry, arrival }, *statement);
            }
            Some(FactBody::ContractEvent(statement)) => {
                self.take_event(ArrivedEntry { entry, arrival }, *statement);
            }
            Some(FactBody::RefusedEvent(kind)) => self.find_entry(entry, kind),
            Some(FactBody::Event(claim)) if arrival >= self.contract.closed() => {
                self.roles.apply_late_event(ArrivedEntry { entry, arrival }, &claim);
            }
            Some(fact) if arrival >= self.contract.closed() => self.too_late(entry, &fact),
            Some(FactBody::Event(claim)) => self.apply_event(ArrivedEntry { entry, arrival }, &claim),
            Some(FactBody::Stranger(name)) => self.names.stranger(name),
            Some(FactBody::Refused(refused)) => {
                self.names.named(refused.device);
                self.refuse(entry, arrival, refused);
            }
            Some(FactBody::Device(mut record)) => self.take_record(entry, arrival, &mut record),
            Some(FactBody::Unplaced(_)) | None => {}
        }
    }

    fn date_readings(&mut self, record: &DeviceRecord, arrival: Time) {
        let mut followed = false;
        let is_clock =
            record.source.clock && !(record.suspect && self.contract.time.suspect == SuspectRule::Reject);
        for device in &record.source.speaks_for {
            let device = &mut self.devices[*device];
            if let (true, Some((boot, up)), Some(time)) = (is_clock, record.uptime(), record.time) {
                let status = ClockStatus { boot, up, time, unsynced: record.source.unsynced };
                device.clock(&status, arrival, &mut self.findings);
            }
            followed |= device.follow(arrival);
        }
        if followed {
            self.keep_pace(arrival);
        }
        self.followed |= followed;
    }

    /// Where one device was followed, the members of groups are.
    fn keep_pace(&mut self, arrival: Time) {
        let members = self.devices.iter_mut().enumerate().filter(|(at, _)| self.contract.is_in_group(*at));
        if let Some(until) = members.map(|(_, device)| device.keep_pace(arrival)).min() {
            self.tell_groups();
            self.groups.iter_mut().for_each(|group| group.follow(until));
        }
    }

    fn tell_groups(&mut self) {
        for (at, device) in self.devices.iter_mut().enumerate() {
            let changes = device.changes();
            self.groups.iter_mut().for_each(|group| group.take(at, &changes));
        }
    }

    /// The excursions that breached a term that is paid for, and ended since this was asked last. Who has which
    /// role when they breached is settled: nothing can arrive any more at or before that instant.
    pub fn breaches(&mut self) -> Vec<(usize, Excursion)> {
        if !std::mem::take(&mut self.followed) {
            return Vec::new();
        }
        let breaches = self.devices.iter_mut().flat_map(DeviceEvaluation::breaches);
        breaches.chain(self.groups.iter_mut().flat_map(GroupTimeline::breaches)).collect()
    }

    /// The roles of the devices so far.
    pub fn roles(&self) -> &DeviceRoles {
        &self.roles
    }
}

/// The contract's devices, before any record.
fn devices<'a>(
    contract: &'a Contract,
    scope: EvaluationScope,
    period: (Time, Time),
    excused: &[ExcusedTime],
) -> (Vec<DeviceEvaluation<'a>>, Vec<GroupTimeline<'a>>) {
    let times = counted_time::of_terms(contract, excused);
    let window = Window::new(contract, period);
    let patience = if scope.patient { usize::MAX } else { device::ENOUGH };
    let places = 0..contract.devices.len();
    let device = |at| DeviceEvaluation::new(contract, at, window, &times, patience);
    let group = |at| GroupTimeline::new(contract, at, window, &times);
    (places.clone().map(device).collect(), places.filter_map(group).collect())
}
