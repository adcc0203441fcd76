//! The period that is judged: the contract's own, as events narrow it and an amendment ends it.
//!
//! ```text
//! contract     from ─────────────────────────────── to
//! loaded              begun ──────────────────────────        the later beginning counts
//! delivered    ──────────────────── ended                     and the earlier end
//! ```
//!
//! Events that leave no time contradict each other, or the contract: then nobody knows which time was meant, and nothing
//! is judged. An amendment that leaves no time does not, since it judges that time itself.

use super::{
    EntryId, Replacement,
    contract_events::{ContractEvents, SignedEvent},
};
use crate::{
    contract::document::{Contract, EventDemand},
    time::Time,
};

/// The period that a contract judges.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedPeriod {
    /// The first instant that counts
    pub from: Time,
    /// The first instant that counts no more; `from` where nothing does
    pub to: Time,
    /// The event that begins it, or that contradicts; `None`: it begins where the contract says, or that is not what
    /// contradicts
    pub begun: Option<SignedEvent>,
    /// The event that ends it, or that contradicts; `None`: it ends where the contract or an amendment says, or that is not
    /// what contradicts
    pub ended: Option<SignedEvent>,
    /// Whether these events leave no time between each other, or in the contract's period
    pub is_contradicted: bool,
}

impl JudgedPeriod {
    /// The period that the contract states.
    pub(super) fn stated(contract: &Contract) -> Self {
        let (from, to) = (contract.from, contract.to);
        Self { from, to, begun: None, ended: None, is_contradicted: false }
    }

    /// The period between the events that begin and end it, and until an amendment speaks.
    pub(super) fn new(contract: &Contract, events: &ContractEvents, replaced: Option<Replacement>) -> Self {
        let first = |demand: &Option<EventDemand>| {
            demand.as_ref().and_then(|demand| events.first(&demand.event, &demand.by))
        };
        let begun = first(&contract.from_event).filter(|event| contract.from < event.time);
        let ended = first(&contract.to_event).filter(|event| event.time < contract.to);
        let from = begun.as_ref().map_or(contract.from, |event| event.time);
        let to = ended.as_ref().map_or(contract.to, |event| event.time);
        if from >= to && (ended.is_some() || replaced.is_none()) {
            return Self::contradicted(contract, begun, ended);
        }
        let to = replaced.map_or(to, |replaced| to.min(replaced.from)).max(from);
        Self { from, to, begun, ended, is_contradicted: false }
    }

    /// No time at all. An event that lies outside of the contract's period contradicts that alone.
    fn contradicted(contract: &Contract, begun: Option<SignedEvent>, ended: Option<SignedEvent>) -> Self {
        let late = begun.clone().filter(|event| contract.to <= event.time);
        let early = ended.clone().filter(|event| event.time <= contract.from);
        let is_outside = late.is_some() || early.is_some();
        let (begun, ended) = if is_outside { (late, early) } else { (begun, ended) };
        Self { from: contract.from, to: contract.from, begun, ended, is_contradicted: true }
    }

    /// The first instant that counts, and the first that counts no more.
    pub(super) fn bounds(&self) -> (Time, Time) {
        (self.from, self.to)
    }

    /// The entries with which all had signed the events that contradict; nothing if none do.
    pub(super) fn contradicting(&self) -> impl Iterator<Item = EntryId> {
        let events = self.begun.iter().chain(&self.ended).filter(|_| self.is_contradicted);
        events.map(|event| event.entry)
    }
}
