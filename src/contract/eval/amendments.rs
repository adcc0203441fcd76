//! Amendments: contracts that replace others, as the ledgers have them.
//!
//! ```text
//! replaced     from ───────────────┐ ─ ─ ─ ─ ─ to ─ ─ closed     judges until the amendment's period begins
//! amendment                        from ──────────────── to      in force if all accept it before `closed`
//! ```
//!
//! Both verdicts go by the same entries of the same ledgers and by the same rules, so that no time is judged twice: what
//! one of them leaves to the other, the other takes, and what is not in force is not judged at all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{
    EntryId,
    contract_events::ContractEvents,
    event_effects::CounterBeginning,
    roles::ArrivedEntry,
    shared_counters::{self, CounterReading},
};
use crate::{
    contract::document::{Contract, EventDemand},
    hash::Hash,
    json,
    record::view::RecordView,
    time::Time,
};

/// A contract that a record states, between the parties of the one that is evaluated.
#[derive(Clone, Debug)]
pub(super) struct StatedContract {
    hash: Hash,
    scope: ContractScope,
    /// Those who signed the record, by place in the contract that is evaluated
    signers: Vec<usize>,
}

/// What of a contract decides whether it replaces another one.
#[derive(Clone, Debug)]
struct ContractScope {
    supersedes: Option<Hash>,
    ledgers: BTreeSet<Hash>,
    from: Time,
    /// The event with which its period begins; `None`: it begins at `from`
    from_event: Option<EventDemand>,
    closed: Time,
    counters: Vec<CounterReading>,
}

impl StatedContract {
    /// The contract in a record that these parties signed, by place; `None`: it is none, is between others, or none of them did.
    pub(super) fn read(contract: &Contract, record: &RecordView<'_>, signers: Vec<usize>) -> Option<Self> {
        if signers.is_empty() {
            return None;
        }
        let record = json::parse_object(record.unsigned().as_bytes()).ok()?;
        let stated = Contract::read(&record).ok().filter(|stated| stated.has_parties_of(contract))?;
        let (closed, counters) = (stated.closed(), CounterReading::of_contract(&stated));
        let Contract { hash, supersedes, ledgers, from, from_event, .. } = stated;
        let ledgers = ledgers.into_iter().collect();
        let scope = ContractScope { supersedes, ledgers, from, from_event, closed, counters };
        Some(Self { hash, scope, signers })
    }

    /// The contract, and its signers, by place, to leave some out.
    pub(super) fn acceptance_mut(&mut self) -> (Hash, &mut Vec<usize>) {
        (self.hash, &mut self.signers)
    }

    /// The contract, and the parties that accept it by having signed its record.
    pub(super) fn acceptance(&self) -> (Hash, &[usize]) {
        (self.hash, &self.signers)
    }
}

impl ContractScope {
    /// When its period begins.
    fn begins(&self, events: &ContractEvents) -> Time {
        let event = self.from_event.as_ref().and_then(|demand| events.first(&demand.event, &demand.by));
        event.map_or(self.from, |event| event.time.max(self.from))
    }
}

/// The contracts in the ledgers, and who has accepted which.
#[derive(Clone, Debug, Default)]
pub(super) struct Amendments {
    stated: BTreeMap<Hash, (ContractScope, ArrivedEntry)>,
    /// By contract and party: the first acceptance
    accepted: BTreeMap<(Hash, usize), ArrivedEntry>,
}

/// A place in the order of arrival.
type ArrivalPlace = (Time, EntryId);

/// The contract that replaces another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Its hash
    pub by: Hash,
    /// The first instant that it judges, and the other one no more
    pub from: Time,
}

/// Why an amendment does not replace the contract that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AmendmentFault {
    /// The ledgers do not have it, signed by a party
    NotStated,
    /// The ledgers do not have the contract that it names, between the same parties and signed by one of them
    NothingReplaced,
    /// It names other ledgers
    OtherLedgers,
    /// It begins before the contract that it names, which begins then
    Earlier(Time),
    /// It reads this counter, as it calls it, by other rules than the contract that it names
    OtherCounter(String),
    /// These parties, by id, have not accepted it in the ledgers
    NotAccepted(Vec<String>),
    /// The contract that it names was closed then, and the last party accepted it later
    TooLate(Time),
    /// This one replaces the contract that it names: all accepted that earlier
    Another(Hash),
    /// The contract that it names is an amendment, and not in force
    ReplacesNothing,
}

impl fmt::Display for AmendmentFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStated => f.write_str("its record is not in the ledgers, signed by a party"),
            Self::NothingReplaced => f.write_str(
                "the contract that it supersedes is not in the ledgers, between the same parties and signed by one",
            ),
            Self::OtherLedgers => f.write_str("it names other ledgers than the contract that it supersedes"),
            Self::Earlier(from) => {
                write!(f, "it begins before the contract that it supersedes, which begins at {from}")
            }
            Self::OtherCounter(counter) => write!(
                f,
                "it reads the counter {counter} otherwise than the contract that it supersedes, so that an increase at the border would be paid for twice or not at all: the device, the unit, valid, counter, and hold, late_after, late, future_skew, suspect, unsynced and corrections in [time] must be the same"
            ),
            Self::NotAccepted(parties) => write!(f, "not accepted in the ledgers by {}", parties.join(", ")),
            Self::TooLate(closed) => write!(
                f,
                "not accepted by all before the contract that it supersedes was closed, at {closed}"
            ),
            Self::Another(hash) => {
                write!(f, "{hash} supersedes the same contract, and was accepted earlier: supersede that one")
            }
            Self::ReplacesNothing => f.write_str("the amendment that it supersedes is not in force itself"),
        }
    }
}

impl Amendments {
    /// How many contracts there are.
    pub(super) fn len(&self) -> usize {
        self.stated.len()
    }

    /// A record states a contract. Its signers accept it.
    pub(super) fn state(&mut self, contract: StatedContract, at: ArrivedEntry) {
        let StatedContract { hash, scope, signers } = contract;
        self.stated.entry(hash).or_insert((scope, at));
        self.accept(hash, &signers, at);
    }

    /// Parties accept a contract. One that is not stated yet is not accepted: a party could write any number of those.
    pub(super) fn accept(&mut self, contract: Hash, parties: &[usize], at: ArrivedEntry) {
        for party in parties.iter().filter(|_| self.stated.contains_key(&contract)) {
            self.accepted.entry((contract, *party)).or_insert(at);
        }
    }

    /// The amendment that ends a contract before its period does; `None`: there is none.
    pub(super) fn replacement(&self, contract: &Contract) -> Option<Replacement> {
        let by = self.successor(contract, &contract.hash)?;
        let from = self.stated.get(&by)?.0.from;
        (from < contract.to).then_some(Replacement { by, from })
    }

    /// Why a contract that supersedes another one is not in force; `None`: it is, or it supersedes none.
    pub(super) fn fault(&self, contract: &Contract) -> Option<AmendmentFault> {
        let (mut by, mut of) = (contract.hash, contract.supersedes?);
        loop {
            let fault = self.fault_of(contract, &by, &of);
            if fault.is_some() && by != contract.hash {
                return Some(AmendmentFault::ReplacesNothing);
            }
            if fault.is_some() {
                return fault;
            }
            // What it supersedes may be an amendment itself.
            (by, of) = (of, self.stated.get(&of)?.0.supersedes?);
        }
    }

    /// Whether a contract supersedes another one, or is superseded by it, in however many steps. Whether that is in force is not
    /// asked.
    pub(super) fn is_related(&self, contract: &Contract, other: &Hash) -> bool {
        let is_before = |mut of: Option<Hash>, sought: &Hash| {
            while let Some(before) = of {
                if before == *sought {
                    return true;
                }
                of = self.before(&before);
            }
            false
        };
        is_before(contract.supersedes, other) || is_before(self.before(other), &contract.hash)
    }

    /// Whether one of these contracts is stated behind an entry.
    pub(super) fn are_stated_behind(&self, entry: &ArrivedEntry, contracts: &BTreeSet<Hash>) -> bool {
        let mut stated = contracts.iter().filter_map(|contract| self.stated.get(contract));
        stated.any(|(_, at)| place(at) > place(entry))
    }

    /// The contract that one supersedes, as its record says.
    fn before(&self, contract: &Hash) -> Option<Hash> {
        self.stated.get(contract)?.0.supersedes
    }

    /// A contract, those that it supersedes if it is in force, and those that supersede it: they speak one after the other.
    pub(super) fn in_force_with(&self, contract: &Contract) -> BTreeSet<Hash> {
        let mut together = BTreeSet::from([contract.hash]);
        let mut before = contract.supersedes.filter(|_| self.fault(contract).is_none());
        while let Some(of) = before {
            together.insert(of);
            before = self.before(&of);
        }
        let mut behind = self.successor(contract, &contract.hash);
        while let Some(by) = behind {
            together.insert(by);
            behind = self.successor(contract, &by);
        }
        together
    }

    /// The counters of an amendment in force that the contracts before it read, too, and when the first of these begins:
    /// what the last value was that counted is known from there on.
    pub(super) fn carried(&self, contract: &Contract, events: &ContractEvents) -> Vec<CounterBeginning> {
        if self.fault(contract).is_some() {
            return Vec::new();
        }
        let counters = CounterReading::of_contract(contract).into_iter();
        let carried = counters.filter_map(|counter| {
            let (mut first, mut of) = (None, contract.supersedes);
            while let Some((scope, _)) = of.and_then(|of| self.stated.get(&of)) {
                if counter.is_read_alike(&scope.counters) != Some(true) {
                    break;
                }
                (first, of) = (Some(scope), scope.supersedes);
            }
            let (device, field) = counter.place;
            Some(CounterBeginning { device, field, after: first?.begins(events).millis() })
        });
        carried.collect()
    }

    fn fault_of(&self, contract: &Contract, by: &Hash, of: &Hash) -> Option<AmendmentFault> {
        if let Err(fault) = self.accepted_at(contract, by, of) {
            return Some(fault);
        }
        self.successor(contract, of).filter(|first| first != by).map(AmendmentFault::Another)
    }

    /// The first of those that supersede a contract.
    fn successor(&self, contract: &Contract, of: &Hash) -> Option<Hash> {
        let candidates = self.stated.iter().filter(|(_, (scope, _))| scope.supersedes == Some(*of));
        let accepted = candidates.filter_map(|(by, _)| Some((self.accepted_at(contract, by, of).ok()?, *by)));
        accepted.min().map(|(_, by)| by)
    }

    /// When all had accepted an amendment that supersedes a contract, if no other one does.
    fn accepted_at(&self, contract: &Contract, by: &Hash, of: &Hash) -> Result<ArrivalPlace, AmendmentFault> {
        let (new, stated) = self.stated.get(by).ok_or(AmendmentFault::NotStated)?;
        let (old, _) = self.stated.get(of).ok_or(AmendmentFault::NothingReplaced)?;
        if new.ledgers != old.ledgers {
            return Err(AmendmentFault::OtherLedgers);
        }
        if new.from < old.from {
            return Err(AmendmentFault::Earlier(old.from));
        }
        if let Some(counter) = shared_counters::read_otherwise(&old.counters, &new.counters) {
            return Err(AmendmentFault::OtherCounter(counter));
        }
        let (mut last, mut missing) = (place(stated), Vec::new());
        for (party, it) in contract.parties.iter().enumerate() {
            match self.accepted.get(&(*by, party)) {
                Some(at) => last = last.max(place(at)),
                None => missing.push(it.id.clone()),
            }
        }
        if !missing.is_empty() {
            return Err(AmendmentFault::NotAccepted(missing));
        }
        if last.0 >= old.closed { Err(AmendmentFault::TooLate(old.closed)) } else { Ok(last) }
    }
}

fn place(at: &ArrivedEntry) -> ArrivalPlace {
    (at.arrival, at.entry)
}

impl Contract {
    /// Whether the parties of another contract are the same, with the same keys.
    fn has_parties_of(&self, other: &Self) -> bool {
        let is_known = |party| other.parties.contains(party);
        self.parties.len() == other.parties.len() && self.parties.iter().all(is_known)
    }
}
