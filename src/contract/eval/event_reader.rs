//! From a record to what it says about an event under the contract.

use super::{
    contract_events::EventStatement,
    fact::{Fact, FactBody, RecordSigners},
    findings::ContractFindingKind,
};
use crate::{
    contract::document::Contract,
    hash::Hash,
    json::{self, Object, Value},
    record::{reading::ReadingClock, view::RecordView},
    time::Time,
};

/// Whether a record about an event can concern a contract. One that names another contract does only if that can have amended
/// this one, or be amended by it: this one names its ledgers.
pub(super) fn is_wanted(contract: &Contract, record: &RecordView<'_>) -> bool {
    named(record).is_none_or(|named| named == contract.hash || !contract.ledgers.is_empty())
}

/// What a record says about an event that the contract asks for; `None`: it is about something else, or names another contract
/// and does not count: the verdict on that one tells why.
pub(super) fn read(contract: &Contract, record: &RecordView<'_>, signers: RecordSigners) -> Option<Fact> {
    if !is_wanted(contract, record) {
        return None;
    }
    let object = json::parse_object(record.unsigned().as_bytes()).ok()?;
    let Some(named) = named(record) else { return read_nameless(contract, &object, signers) };
    let fact = read_named(contract, named, &object, signers)?;
    let is_told = named == contract.hash || matches!(fact.0, FactBody::ContractEvent(_));
    is_told.then_some(fact)
}

/// The contract that a record names; `None`: it names none, or not in a way that can be read.
fn named(record: &RecordView<'_>) -> Option<Hash> {
    record.contract().and_then(Hash::parse)
}

/// A record that names no contract may be about anything, unless somebody signed it who is asked for such an event.
fn read_nameless(contract: &Contract, record: &Object, signers: RecordSigners) -> Option<Fact> {
    let RecordSigners::Good(signers) = signers else { return None };
    let parties = contract.parties_of(signers);
    let is_asked = contract.asks_one_of(&parties, record.str("event")?);
    is_asked.then(|| refused(ContractFindingKind::Invalid))
}

fn read_named(contract: &Contract, named: Hash, record: &Object, signers: RecordSigners) -> Option<Fact> {
    let Some(event) = record.str("event") else { return Some(refused(ContractFindingKind::Invalid)) };
    if !contract.event_demands().iter().any(|(name, _)| *name == event) {
        return None;
    }
    let RecordSigners::Good(signers) = signers else { return Some(refused(ContractFindingKind::BadProof)) };
    let parties = contract.parties_of(signers);
    if !contract.asks_one_of(&parties, event) {
        return Some(refused(ContractFindingKind::Unauthorized));
    }
    Some(match statement(named, event, parties, record) {
        Ok(statement) => Fact(FactBody::ContractEvent(Box::new(statement))),
        Err(kind) => refused(kind),
    })
}

/// What these parties state, or why that is not known.
fn statement(
    contract: Hash,
    event: &str,
    parties: Vec<usize>,
    record: &Object,
) -> Result<EventStatement, ContractFindingKind> {
    let (time, fields) = (stated_time(record)?, stated_fields(record)?);
    let unsynced = record.str("clock") == Some(ReadingClock::Unsynced.as_str());
    Ok(EventStatement { contract, event: event.into(), time, fields, parties, unsynced })
}

/// When an event happened, or why that is not known: the record does not say, or not in a way that can be read.
fn stated_time(record: &Object) -> Result<Time, ContractFindingKind> {
    match record.get("time") {
        None | Some(Value::Null) => Err(ContractFindingKind::Untimed),
        Some(time) => time.as_str().and_then(Time::parse_rfc3339).ok_or(ContractFindingKind::Invalid),
    }
}

/// What else is said of an event: nothing, where there is no such member.
fn stated_fields(record: &Object) -> Result<Object, ContractFindingKind> {
    match record.get("fields") {
        None => Ok(Object::new()),
        Some(fields) => fields.as_object().cloned().ok_or(ContractFindingKind::Invalid),
    }
}

fn refused(kind: ContractFindingKind) -> Fact {
    Fact(FactBody::RefusedEvent(kind))
}

impl Contract {
    /// Whether one of these parties, by place, is asked for an event of this name.
    fn asks_one_of(&self, parties: &[usize], event: &str) -> bool {
        let demands = self.event_demands();
        let mut asked = demands.iter().filter(|(name, _)| *name == event).map(|(_, by)| *by);
        asked.any(|by| by.iter().any(|party| parties.contains(party)))
    }
}
