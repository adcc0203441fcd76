//! What signed events change beside the period: the time that they excuse, the counters that they reset.

use super::{
    EntryId,
    contract_events::{ContractEvents, SignedEvent},
    counted_time::ExcusedTime,
};
use crate::{
    contract::document::{Contract, ContractDevice, TermRule},
    time::Time,
};

/// The time that signed events excuse, and the entries of those that do not say which.
pub(super) fn excused(contract: &Contract, events: &ContractEvents) -> (Vec<ExcusedTime>, Vec<EntryId>) {
    let (mut excused, mut unreadable) = (Vec::new(), Vec::new());
    for excuse in &contract.excuses {
        for event in events.signed(&excuse.demand.event, &excuse.demand.by) {
            match stretch(&event) {
                Some((start, end)) => excused.push(ExcusedTime { terms: excuse.terms.clone(), start, end }),
                None => unreadable.push(event.entry),
            }
        }
    }
    (excused, unreadable)
}

/// The event with which counters begin anew.
const RESET: &str = "counter-reset";

/// A counter that begins anew after an instant, in milliseconds since 1970. Device and field are places in the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CounterBeginning {
    pub(super) device: usize,
    pub(super) field: usize,
    pub(super) after: i64,
}

/// The counters that signed events reset: those of the device that an event's fields name, or of all devices.
pub(super) fn resets(contract: &Contract, events: &ContractEvents) -> Vec<CounterBeginning> {
    let mut resets = Vec::new();
    for (device, field, by) in contract.resettable() {
        let ContractDevice { name, id, .. } = &contract.devices[device];
        let is_meant = |event: &SignedEvent| {
            let named = event.fields.str("device");
            named.is_none_or(|named| named == name || named == id)
        };
        let signed = events.signed(RESET, by).into_iter().filter(is_meant);
        resets.extend(signed.map(|event| CounterBeginning { device, field, after: event.time.millis() }));
    }
    resets
}

/// From `from` to `until` of an event's fields; `None`: they are no instants, or not in order.
fn stretch(event: &SignedEvent) -> Option<(i64, i64)> {
    let instant = |name| Time::parse_rfc3339(event.fields.str(name)?);
    let (from, until) = (instant("from")?, instant("until")?);
    (from < until).then_some((from.millis(), until.millis()))
}

impl Contract {
    /// The events that the contract asks for, and who must sign each.
    pub(super) fn event_demands(&self) -> Vec<(&str, &[usize])> {
        let terms = self.terms.iter().filter_map(|term| match &term.rule {
            TermRule::Event { event, by, .. } => Some((event.as_str(), by.as_slice())),
            TermRule::Require { .. } | TermRule::Every { .. } | TermRule::Measure { .. } => None,
        });
        let excuses = self.excuses.iter().map(|excuse| &excuse.demand);
        let demands = excuses.chain(&self.from_event).chain(&self.to_event);
        let demands = demands.map(|demand| (demand.event.as_str(), demand.by.as_slice()));
        terms.chain(demands).chain(self.resettable().map(|(_, _, by)| (RESET, by))).collect()
    }

    /// The counters that events can reset: device and field, by place, and the parties that sign those.
    fn resettable(&self) -> impl Iterator<Item = (usize, usize, &[usize])> {
        let fields = self.devices.iter().enumerate().flat_map(|(device, it)| {
            it.fields.iter().enumerate().map(move |(field, it)| (device, field, it))
        });
        let counters = fields.filter_map(|(device, field, it)| {
            Some((device, field, it.counter.as_ref()?.reset_by.as_slice()))
        });
        counters.filter(|(_, _, by)| !by.is_empty())
    }

    /// Whether events can change which time counts, or what a counter counts.
    pub(super) fn has_timing_events(&self) -> bool {
        let moves_time = !self.excuses.is_empty() || self.from_event.is_some() || self.to_event.is_some();
        moves_time || self.resettable().next().is_some()
    }
}
