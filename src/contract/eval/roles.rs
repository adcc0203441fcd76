//! The roles of parties in the life of a contract's devices, as the registries of the ledgers have them.
//!
//! ```text
//! ledger 0: Judge ─ event ─► Judge ─ event ─► …             who may speak: asked as of the entry that speaks
//! device:             state              state              who has it: asked as of an instant, afterwards
//! ```
//!
//! At an instant the state is the one after the last entry that had arrived by then. Who may speak in an entry goes by
//! what was known of arrivals when that was written, as it was let in.

use std::collections::BTreeSet;

use super::EntryId;
use crate::{
    contract::document::{self, Contract, DeviceRole, Responsible},
    hash::Hash,
    key::Did,
    record::{
        claim::{DeviceRef, RecordClaim},
        registry::Name,
    },
    rules::{
        judge::Judge,
        registry::{Device, Registry, Revocation},
    },
    time::Time,
    tlog::arrival::EntryTimes,
};

/// An entry, and when it arrived.
#[derive(Clone, Copy, Debug)]
pub(super) struct ArrivedEntry {
    pub(super) entry: EntryId,
    pub(super) arrival: Time,
}

/// The roles of the devices of a contract.
#[derive(Clone, Debug, Default)]
pub struct DeviceRoles {
    /// By ledger, as of the latest entry
    judges: Vec<Judge>,
    /// The same with what came when the contract was closed: it says whose keys are dead, and nothing else. `None`: nothing did
    later: Option<Vec<Judge>>,
    /// The contract's devices, in its order
    devices: Vec<DeviceHistory>,
    /// The entry that was passed last, and when it arrived as far as its own line says; `None`: none was
    passed: Option<(EntryId, Time)>,
}

/// A device of the contract.
#[derive(Clone, Debug)]
struct DeviceHistory {
    /// Its registry id; `None`: its readings call it otherwise
    id: Option<Hash>,
    /// Whether the registry says who speaks for it
    asks: bool,
    /// Its state after each event about it
    states: Vec<DeviceState>,
}

#[derive(Clone, Debug)]
struct DeviceState {
    arrival: Time,
    ledger: usize,
    device: Device,
}

/// The party that had a device in hand from some instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustodianTurn {
    /// The contract's id of the party, or the registry's
    pub party: String,
    /// Since when
    pub from: Time,
}

impl DeviceRoles {
    pub(super) fn new(contract: &Contract, judges: Vec<Judge>) -> Self {
        let devices = contract.devices.iter().map(DeviceHistory::new).collect();
        Self { judges, later: None, devices, passed: None }
    }

    /// Passes an entry, which is applied next if it is an event.
    pub(super) fn pass(&mut self, entry: EntryId, times: EntryTimes) {
        let Some(judge) = self.judges.get_mut(entry.ledger) else { return };
        self.passed = Some((entry, times.stated_arrival()));
        let Some(jump) = judge.pass(entry.n, times) else { return };
        // What is in the jump arrived with this entry.
        let at = ArrivedEntry { entry, arrival: times.stated_arrival() };
        for device in &mut self.devices {
            device.follow(judge.registry(), at, jump.n);
        }
    }

    /// When an entry arrived, as far as was known when it was let in.
    fn let_in(&self, at: ArrivedEntry) -> Time {
        self.passed.filter(|(entry, _)| *entry == at.entry).map_or(at.arrival, |(_, stated)| stated)
    }

    /// Applies an event; answers the revocation in it, `None` if there is none. An event that breaks the rules changes
    /// nothing: where anyone may write, there can be such.
    pub(super) fn apply_event(&mut self, at: ArrivedEntry, claim: &RecordClaim) -> Option<Revocation> {
        let stated = self.let_in(at);
        let judge = self.judges.get_mut(at.entry.ledger)?;
        let revocation = judge.admit(at.entry.n, stated, claim).ok()?;
        for device in &mut self.devices {
            device.follow(judge.registry(), at, at.entry.n);
        }
        revocation
    }

    /// Applies an event that came when the contract was closed: no role changes any more.
    pub(super) fn apply_late_event(&mut self, at: ArrivedEntry, claim: &RecordClaim) {
        let stated = self.let_in(at);
        let later = self.later.get_or_insert_with(|| self.judges.clone());
        if let Some(judge) = later.get_mut(at.entry.ledger) {
            // One that breaks the rules changes nothing.
            let _ = judge.admit(at.entry.n, stated, claim);
        }
    }

    /// Whether the registry of a ledger has a key for dead by now.
    pub(super) fn is_dead(&self, ledger: usize, key: &Did) -> bool {
        let judges = self.later.as_ref().unwrap_or(&self.judges);
        judges.get(ledger).is_some_and(|judge| judge.registry().is_dead(key))
    }

    /// Who had a device in hand between two instants, in turn.
    pub fn custodians(
        &self,
        contract: &Contract,
        device: usize,
        from: Time,
        until: Time,
    ) -> Vec<CustodianTurn> {
        let Some(history) = self.devices.get(device) else { return Vec::new() };
        let mut list: Vec<CustodianTurn> = Vec::new();
        for at in history.turns(from, until) {
            let Some(party) = self.role(contract, DeviceRole::Custodian, history, at) else { continue };
            if list.last().is_none_or(|last| last.party != party) {
                list.push(CustodianTurn { party, from: at });
            }
        }
        list
    }

    /// The party that answers for a device at an instant; `None`: the contract does not say, or it is not known.
    pub fn responsible(&self, contract: &Contract, device: usize, at: Time) -> Option<String> {
        match contract.devices[device].responsible? {
            Responsible::Party(party) => Some(contract.parties[party].id.clone()),
            Responsible::Role(role, device) => self.holder(contract, role, device, at),
        }
    }

    /// The party that has a role of a device at an instant; `None`: it is not known.
    pub fn holder(&self, contract: &Contract, role: DeviceRole, device: usize, at: Time) -> Option<String> {
        self.role(contract, role, self.devices.get(device)?, at)
    }

    fn role(
        &self,
        contract: &Contract,
        role: DeviceRole,
        history: &DeviceHistory,
        at: Time,
    ) -> Option<String> {
        let state = history.at(at)?;
        let party = match role {
            DeviceRole::Owner => state.device.owner,
            DeviceRole::Operator => state.device.operator(at),
            DeviceRole::Custodian => state.device.custodian(),
        };
        Some(self.name(contract, state.ledger, &party.is))
    }

    /// Which devices of the contract, by place, a registry should know, and none of the ledgers' does.
    pub fn unknown(&self) -> Vec<usize> {
        let unknown = self.devices.iter().enumerate().filter(|(_, device)| device.is_unknown());
        unknown.map(|(at, _)| at).collect()
    }

    /// The label of the party that a registry's id means; `None`: no registry has it.
    pub fn label(&self, id: &Hash) -> Option<&Name> {
        self.judges.iter().map(Judge::registry).find_map(|registry| Some(&registry.party(id)?.name))
    }

    /// What the contract calls a party: the one of whose keys, now or ever, is the contract's.
    fn name(&self, contract: &Contract, ledger: usize, party: &Hash) -> String {
        let registry = self.judges[ledger].registry();
        let holds = |key: &Did| registry.holder(key).is_some_and(|holder| holder.subject == *party);
        let known = contract.parties.iter().find(|known| holds(&Did::from(&known.key)));
        known.map_or_else(|| party.to_string(), |known| known.id.clone())
    }

    /// The device that a reading names by its registered key or label.
    pub(super) fn named(&self, device: &str, at: ArrivedEntry) -> Option<usize> {
        let registry = self.registry(at)?;
        let id = registry.spoken_of(&DeviceRef::parse(device)?)?.id;
        self.devices.iter().position(|device| device.asks && device.id == Some(id))
    }

    /// Who is who in the ledger of an entry.
    fn registry(&self, at: ArrivedEntry) -> Option<&Registry> {
        self.judges.get(at.entry.ledger).map(Judge::registry)
    }

    /// The devices for which one of these keys may speak in an entry.
    pub(super) fn speaks_for(&self, signers: &[Did], at: ArrivedEntry) -> Vec<usize> {
        let Some(registry) = self.registry(at) else { return Vec::new() };
        let stated = self.let_in(at);
        let speaks = |id: &Hash| {
            let device = registry.device(id);
            device.is_some_and(|it| signers.iter().any(|key| registry.speaks_for(it, key, stated)))
        };
        let asked = self.devices.iter().enumerate().filter(|(_, device)| device.asks);
        asked.filter(|(_, device)| device.id.as_ref().is_some_and(speaks)).map(|(at, _)| at).collect()
    }
}

impl DeviceHistory {
    fn new(device: &document::ContractDevice) -> Self {
        Self { id: device.registered, asks: device.asks_registry(), states: Vec::new() }
    }

    fn is_unknown(&self) -> bool {
        self.id.is_some() && self.states.is_empty()
    }

    /// Keeps what the device is now, if this entry, or one behind it, was about it.
    fn follow(&mut self, registry: &Registry, at: ArrivedEntry, since: u64) {
        let device = self.id.as_ref().and_then(|id| registry.device(id));
        if let Some(device) = device.filter(|device| device.last_n >= since) {
            let (arrival, ledger, device) = (at.arrival, at.entry.ledger, device.clone());
            self.states.push(DeviceState { arrival, ledger, device });
        }
    }

    fn at(&self, at: Time) -> Option<&DeviceState> {
        let after = self.states.partition_point(|state| state.arrival <= at);
        self.states[..after].last()
    }

    /// The first instant, and those after it at which the device may have changed hands.
    fn turns(&self, from: Time, until: Time) -> BTreeSet<Time> {
        let events = self.states.iter().map(|state| state.arrival);
        events.filter(|at| from < *at && *at < until).chain([from]).collect()
    }
}
