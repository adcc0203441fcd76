//! The terms that ask for an event, and the findings about events, once all of them were heard.

use std::collections::BTreeSet;

use super::{
    EntryId, Evaluation, EventResult, SignedEvent, TermResult, event_effects, findings::ContractFindingKind,
};
use crate::{contract::document::TermRule, time::Time};

impl Evaluation<'_> {
    /// The results of the terms that ask for an event.
    pub(super) fn event_terms(&self, as_of: Time) -> Vec<(usize, TermResult)> {
        let closed = self.contract.closed();
        let (replaced, ended) = (self.found.replacement(self.contract), self.ended());
        let result = |event: &str, by: &[usize], before: Option<Time>| {
            let before = before.unwrap_or_else(|| self.due(event, ended)).min(closed);
            let mut signed = self.found.events.signed(event, by);
            // What happened when an amendment spoke is asked of that one.
            signed.retain(|event| replaced.is_none_or(|replaced| event.time < replaced.from));
            let is_earlier = |event: &SignedEvent| self.found.is_earlier(self.contract, event.time);
            let place = signed.iter().position(|event| !is_earlier(event)).unwrap_or(0);
            let signed = signed.into_iter().nth(place);
            TermResult::Event(Box::new(EventResult {
                is_earlier: signed.as_ref().is_some_and(is_earlier),
                signed,
                before,
                is_over: as_of >= before,
                is_superseded: replaced.is_some_and(|replaced| replaced.from < before),
            }))
        };
        let terms = self.contract.terms.iter().enumerate();
        let events = terms.filter_map(|(at, term)| match &term.rule {
            TermRule::Event { event, by, before } => Some((at, result(event, by, *before))),
            TermRule::Require { .. } | TermRule::Every { .. } | TermRule::Measure { .. } => None,
        });
        events.collect()
    }

    /// When an event ended the period; `None`: none did, or that contradicts the contract.
    fn ended(&self) -> Option<Time> {
        let period = self.found.period(self.contract);
        period.ended.filter(|_| !period.is_contradicted).map(|event| event.time)
    }

    /// By when an event must be received for which the contract says no time: by the end of the period. The event that ends the
    /// period is received when that is over, so it is due by the end that the contract states.
    fn due(&self, event: &str, ended: Option<Time>) -> Time {
        let ends_it = self.contract.to_event.as_ref().is_some_and(|demand| demand.event == event);
        ended.filter(|_| !ends_it).unwrap_or(self.contract.to)
    }

    /// All events were heard: which of them change what counts, and which have the time of an unsynced clock, are signed by too
    /// few, contradict each other, or do not say what they excuse.
    pub(super) fn weigh_events(&mut self) {
        self.found.weigh_events(self.contract);
        for entry in self.found.events.unsynced().collect::<Vec<_>>() {
            self.find_entry(entry, ContractFindingKind::Unsynced);
        }
        for entry in self.found.events.incomplete(&self.contract.event_demands()) {
            self.find_entry(entry, ContractFindingKind::Unauthorized);
        }
        let period = self.found.period(self.contract);
        let contradictory = self.found.events.contradictory(&self.contract.event_demands());
        let contradictory: BTreeSet<EntryId> =
            contradictory.into_iter().chain(period.contradicting()).collect();
        for entry in contradictory {
            self.find_entry(entry, ContractFindingKind::Conflict);
        }
        for entry in event_effects::excused(self.contract, &self.found.events).1 {
            self.find_entry(entry, ContractFindingKind::Invalid);
        }
    }
}
