//! The sieve: which records a contract needs, and what each says of its devices.

mod cells;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{
    amendments::StatedContract,
    event_reader,
    fact::{
        CorrectableRecord, DevicePlaces, DeviceRecord, Fact, FactBody, FieldValues, OddName, RecordExtras,
        RecordSigners, RecordSource, RefusedReading, UnplacedRecord,
    },
    findings::ContractFindingKind,
    hindsight::Hindsight,
    roles::{ArrivedEntry, DeviceRoles},
    statement::Statement,
};
use crate::{
    contract::document::{Contract, ContractDevice},
    hash::Hash,
    json::JsonText,
    key::Did,
    record::{
        reading::{Integrity, ReadingClock},
        registry::is_event,
        view::{ReadingView, RecordView},
    },
};

/// Picks the facts that a contract needs out of records.
#[expect(clippy::struct_excessive_bools, reason = "what a contract asks for, each by itself")]
pub struct Sieve<'a> {
    contract: &'a Contract,
    devices: HashMap<&'a str, usize>,
    speaks_for: HashMap<Did, DevicePlaces>,
    all_devices: DevicePlaces,
    unsigned_counts: bool,
    /// Whether a registry says who speaks for some device
    asks_registry: bool,
    /// The ids of the readings that are corrected
    corrected: HashSet<Hash>,
    /// Whether any can be, which only later records say
    keeps_correctable: bool,
    /// Whether the contract asks for events
    asks_events: bool,
}

impl<'a> Sieve<'a> {
    /// A sieve for a contract. With `unsigned_counts`, records without any proof count as the device's own:
    /// for records that come from nowhere but a pipe.
    pub fn new(contract: &'a Contract, unsigned_counts: bool) -> Self {
        let mut speaks_for: HashMap<Did, DevicePlaces> = HashMap::new();
        for (at, device) in contract.devices.iter().enumerate() {
            for key in &device.signers {
                speaks_for.entry(Did::from(key)).or_default().push(at);
            }
        }
        Self {
            contract,
            devices: contract
                .devices
                .iter()
                .enumerate()
                .filter(|(_, device)| !device.is_made_of_devices())
                .map(|(at, device)| (device.id.as_str(), at))
                .collect(),
            speaks_for,
            all_devices: (0..contract.devices.len()).collect(),
            unsigned_counts,
            asks_registry: contract.asks_registry(),
            corrected: HashSet::new(),
            keeps_correctable: false,
            asks_events: !contract.event_demands().is_empty(),
        }
    }

    /// Knows beforehand what an earlier evaluation of the same entries found.
    #[must_use]
    pub fn with_hindsight(mut self, known: &Hindsight) -> Self {
        self.corrected = known.corrected();
        self
    }

    /// Keeps what is needed to correct a reading, of every one that the contract lets be corrected: for records that are
    /// read only once.
    #[must_use]
    pub fn keeping_correctable(mut self) -> Self {
        self.keeps_correctable = self.contract.time.corrections.is_some();
        self
    }

    /// Whether the contract wants to know about a record, before its proofs are checked.
    pub fn wants(&self, record: &RecordView<'_>) -> bool {
        match record.kind() {
            Some("reading") if self.asks_registry => true,
            Some("reading") => self.device(record).is_some() || record.is_in_stream(),
            Some("status") => {
                self.device(record).is_some() || record.is_in_stream() || record.status() == Some("clock")
            }
            Some("accept" | "contract") => true,
            Some("event") => self.asks_events && event_reader::is_wanted(self.contract, record),
            Some(kind) => is_event(kind) || Statement::is_heard(self.contract, kind),
            None => false,
        }
    }

    /// The fact in a record; `None`: the contract needs nothing of it.
    pub fn fact(&self, record: &RecordView<'_>, signers: RecordSigners) -> Option<Fact> {
        match record.kind() {
            Some("reading" | "status") if self.asks_registry => Some(unplaced(record, signers)),
            Some("reading" | "status") => {
                let RecordSigners::Good(signers) = signers else { return self.said(record, None) };
                let fact = self.said(record, Some(self.speaks_for(signers)))?;
                Some(fact.signed_by(|| signers.first().copied()))
            }
            Some("accept") => self.accept(record, signers),
            Some("contract") => {
                let RecordSigners::Good(signers) = signers else { return None };
                let signers = self.contract.parties_of(signers);
                let stated = StatedContract::read(self.contract, record, signers)?;
                Some(Fact(FactBody::Contract(Box::new(stated))))
            }
            Some("event") if self.asks_events => event_reader::read(self.contract, record, signers),
            Some(kind) if is_event(kind) => event(record, signers),
            Some(kind) if Statement::is_heard(self.contract, kind) => {
                let statement = Statement::read(record, signers.to_vec())?;
                Some(Fact(FactBody::Statement(Box::new(statement))))
            }
            _ => None,
        }
    }

    /// Whether a record is a reading or status that says what it says whatever a registry says.
    pub(super) fn is_said(&self, record: &RecordView<'_>) -> bool {
        !self.asks_registry && matches!(record.kind(), Some("reading" | "status"))
    }

    fn device(&self, record: &RecordView<'_>) -> Option<usize> {
        self.named(record.device()?)
    }

    /// What a reading or a status says under a registry as it is at its entry.
    pub(super) fn place(
        &self,
        unplaced: &UnplacedRecord,
        roles: &DeviceRoles,
        at: ArrivedEntry,
    ) -> Option<Fact> {
        let record = RecordView::of(&unplaced.text).ok()?;
        let names = record.device().and_then(|named| self.device_named(named, roles, at));
        let speaks_for = unplaced.signers.as_deref().map(|signers| {
            let registered = roles.speaks_for(signers, at);
            let mut devices: Vec<_> = self.speaks_for(signers).iter().copied().chain(registered).collect();
            devices.sort_unstable();
            devices.dedup();
            devices.into()
        });
        let fact = self.said_of(names, &record, speaks_for)?;
        Some(fact.signed_by(|| unplaced.signers.as_ref()?.first().copied()))
    }

    /// The device that a record means by a name, under a registry as it is at its entry.
    pub(super) fn device_named(&self, name: &str, roles: &DeviceRoles, at: ArrivedEntry) -> Option<usize> {
        self.named(name).or_else(|| roles.named(name, at))
    }

    /// The fact in a record whose proofs need no look: that it names a device which the contract does not have.
    pub(super) fn stranger(&self, record: &RecordView<'_>) -> Option<Fact> {
        let name = record.device().filter(|_| matches!(record.kind(), Some("reading" | "status")))?;
        self.named(name).is_none().then(|| Fact(FactBody::Stranger(name.into())))
    }

    fn named(&self, device: &str) -> Option<usize> {
        self.devices.get(device).copied()
    }

    /// What a reading or a status says. `speaks_for`: the devices of its signers; `None`: a proof is bad.
    pub(super) fn said(&self, record: &RecordView<'_>, speaks_for: Option<DevicePlaces>) -> Option<Fact> {
        self.said_of(self.device(record), record, speaks_for)
    }

    fn said_of(
        &self,
        names: Option<usize>,
        record: &RecordView<'_>,
        speaks_for: Option<DevicePlaces>,
    ) -> Option<Fact> {
        let reading = &record.reading();
        let reading_of = names.filter(|_| reading.is_reading);
        let odd_device = reading.device.filter(|_| names.is_none());
        let time = reading.time;
        let refused = |kind| {
            let refused = |device| RefusedReading { device, kind, time, signer: None };
            reading_of.map(|device| Fact(FactBody::Refused(refused(device))))
        };
        let stranger = || odd_device.map(|name| Fact(FactBody::Stranger(name.into())));
        let Some(speaks_for) = speaks_for else {
            return refused(ContractFindingKind::BadProof).or_else(stranger);
        };
        if reading_of.is_some_and(|device| !speaks_for.contains(&device)) {
            return refused(ContractFindingKind::Unauthorized);
        }
        let is_in_stream = reading.stream.is_some() && reading.seq.is_some();
        let says_something = names.is_some() || is_in_stream || is_clock(reading);
        if !says_something || speaks_for.is_empty() {
            return stranger();
        }
        let mut odd_names: Vec<_> = odd_device.map(|name| OddName::Device(name.into())).into_iter().collect();
        let cells =
            reading_of.map_or_else(FieldValues::new, |device| self.cells(device, reading, &mut odd_names));
        let unsynced = reading.clock == Some(ReadingClock::Unsynced.as_str());
        let has_uptime = reading.boot.is_some() && reading.up.is_some();
        let is_untimed =
            |device: usize| time.is_none() && !is_in_stream && !self.contract.devices[device].by_received;
        let is_undated =
            reading_of.is_some_and(|device| has_uptime && (unsynced || time.is_none()) || is_untimed(device));
        let source = Arc::new(RecordSource {
            reading_of,
            names,
            speaks_for,
            unsynced,
            clock: is_clock(reading),
            weak: reading_of.is_some_and(|device| self.is_weak(device, reading)),
            boot: reading.boot.map(JsonText::new),
            stream: reading.stream.map(JsonText::new),
        });
        let extras = RecordExtras {
            undated_id: is_undated.then(|| record.id()),
            correctable: reading_of.and_then(|_| self.correctable(record)),
            correction: None,
            odd_names,
        };
        let (up, seq, extras) = (reading.up, reading.seq, extras.boxed());
        Some(Fact(FactBody::Device(DeviceRecord { source, time, up, seq, cells, suspect: false, extras })))
    }

    /// Whether a reading's frame proves less about itself than the contract demands of the device.
    fn is_weak(&self, device: usize, reading: &ReadingView<'_>) -> bool {
        let proves = reading.integrity.and_then(Integrity::parse).unwrap_or(Integrity::None);
        proves < self.contract.devices[device].least_integrity
    }

    /// A record about which corrections are. Its id is computed only where there are any.
    fn correctable(&self, record: &RecordView<'_>) -> Option<CorrectableRecord> {
        if !self.corrects() {
            return None;
        }
        let id = record.id();
        let is_corrected = self.keeps_correctable || self.corrected.contains(&id);
        is_corrected.then(|| CorrectableRecord { id, text: record.unsigned() })
    }

    pub(super) fn speaks_for(&self, signers: &[Did]) -> DevicePlaces {
        match signers {
            [] if self.unsigned_counts => self.all_devices.clone(),
            [key] => self.speaks_for.get(key).cloned().unwrap_or_default(),
            _ => {
                let mut devices: Vec<_> = signers
                    .iter()
                    .filter_map(|key| self.speaks_for.get(key))
                    .flat_map(|d| d.iter().copied())
                    .collect();
                devices.sort_unstable();
                devices.dedup();
                devices.into()
            }
        }
    }

    /// Whether readings may be corrected, so that the text of each is asked for.
    pub(super) fn corrects(&self) -> bool {
        self.keeps_correctable || !self.corrected.is_empty()
    }

    fn accept(&self, record: &RecordView<'_>, signers: RecordSigners) -> Option<Fact> {
        let RecordSigners::Good(signers) = signers else { return None };
        let contract = record.contract().and_then(Hash::parse)?;
        let parties = self.contract.parties_of(signers);
        (!parties.is_empty()).then_some(Fact(FactBody::Accept(contract, parties)))
    }
}

/// Whether it is a status that says what time it is.
fn is_clock(reading: &ReadingView<'_>) -> bool {
    !reading.is_reading && reading.status == Some("clock")
}

/// What is placed where the entries come in their order.
fn unplaced(record: &RecordView<'_>, signers: RecordSigners) -> Fact {
    let (text, signers) = (record.unsigned(), signers.to_vec());
    Fact(FactBody::Unplaced(Box::new(UnplacedRecord { text, signers })))
}

fn event(record: &RecordView<'_>, signers: RecordSigners) -> Option<Fact> {
    let RecordSigners::Good(signers) = signers else { return None };
    Some(Fact(FactBody::Event(Box::new(record.claim_of(signers.iter().copied().collect())))))
}

impl Contract {
    /// Whether a registry says who speaks for one of the devices.
    pub fn asks_registry(&self) -> bool {
        self.devices.iter().any(ContractDevice::asks_registry)
    }

    /// Whether a registry knows one of the devices.
    pub fn follows_registry(&self) -> bool {
        self.devices.iter().any(|device| device.registered.is_some())
    }

    /// The parties among some signers, by place.
    pub fn parties_of(&self, signers: &[Did]) -> Vec<usize> {
        let signed = |party: &usize| signers.contains(&Did::from(&self.parties[*party].key));
        (0..self.parties.len()).filter(signed).collect()
    }
}
