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

/// The contract that a record about an event names, if this one can ask for it; `None`: it cannot. Only a contract that names
/// its ledgers can have been amended, or amend another one.
pub(super) fn named(contract: &Contract, record: &RecordView<'_>) -> Option<Hash> {
    let named = record.contract().and_then(Hash::parse)?;
    (named == contract.hash || !contract.ledgers.is_empty()).then_some(named)
}

/// What a record says about an event that the contract asks for; `None`: it is about something else, or names another contract
/// and does not count: the verdict on that one tells why.
pub(super) fn read(contract: &Contract, record: &RecordView<'_>, signers: RecordSigners) -> Option<Fact> {
    let named = named(contract, record)?;
    let fact = read_named(contract, named, record, signers)?;
    let is_told = named == contract.hash || matches!(fact.0, FactBody::ContractEvent(_));
    is_told.then_some(fact)
}

fn read_named(
    contract: &Contract,
    named: Hash,
    record: &RecordView<'_>,
    signers: RecordSigners,
) -> Option<Fact> {
    let object = json::parse_object(record.unsigned().as_bytes()).ok()?;
    let Some(event) = object.str("event") else { return Some(refused(ContractFindingKind::Invalid)) };
    let demands = contract.event_demands();
    let mut asked = demands.iter().filter(|(name, _)| *name == event).map(|(_, by)| *by).peekable();
    asked.peek()?;
    let RecordSigners::Good(signers) = signers else { return Some(refused(ContractFindingKind::BadProof)) };
    let parties = contract.parties_of(signers);
    if !asked.any(|by| by.iter().any(|party| parties.contains(party))) {
        return Some(refused(ContractFindingKind::Unauthorized));
    }
    let time = match stated_time(&object) {
        Ok(time) => time,
        Err(kind) => return Some(refused(kind)),
    };
    let fields =
        object.get("fields").and_then(|fields| fields.as_object()).cloned().unwrap_or_else(Object::new);
    Some(Fact(FactBody::ContractEvent(Box::new(EventStatement {
        contract: named,
        event: event.into(),
        time,
        fields,
        parties,
        unsynced: object.str("clock") == Some(ReadingClock::Unsynced.as_str()),
    }))))
}

/// When an event happened, or why that is not known: the record does not say, or not in a way that can be read.
fn stated_time(record: &Object) -> Result<Time, ContractFindingKind> {
    match record.get("time") {
        None | Some(Value::Null) => Err(ContractFindingKind::Untimed),
        Some(time) => time.as_str().and_then(Time::parse_rfc3339).ok_or(ContractFindingKind::Invalid),
    }
}

fn refused(kind: ContractFindingKind) -> Fact {
    Fact(FactBody::RefusedEvent(kind))
}
