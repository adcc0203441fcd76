//! Who signs the events that payments ask for: the parties that the contract names for them elsewhere.

use super::{Contract, Payment, TermRule, table::DocumentTable};
use crate::contract::bucket::Bucket;

impl Contract {
    /// The parties that sign an event, all of them, by place: those of the first term, excuse or end of the period that asks
    /// for it. `None`: none does.
    pub fn signers_of(&self, event: &str) -> Option<&[usize]> {
        let mut terms = self.terms.iter().filter_map(|term| match &term.rule {
            TermRule::Event { event, by, .. } => Some((event.as_str(), by.as_slice())),
            TermRule::Require { .. } | TermRule::Every { .. } | TermRule::Measure { .. } => None,
        });
        let excuses = self.excuses.iter().map(|excuse| &excuse.demand);
        let demands = excuses.chain(&self.from_event).chain(&self.to_event);
        let mut demands = demands.map(|demand| (demand.event.as_str(), demand.by.as_slice()));
        let is_it = |(name, _): &(&str, &[usize])| *name == event;
        terms.find(is_it).or_else(|| demands.find(is_it)).map(|(_, by)| by)
    }

    /// The names of the events that it names signers of.
    pub fn event_names(&self) -> impl Iterator<Item = &str> {
        let terms = self.terms.iter().filter_map(|term| match &term.rule {
            TermRule::Event { event, .. } => Some(event.as_str()),
            TermRule::Require { .. } | TermRule::Every { .. } | TermRule::Measure { .. } => None,
        });
        let excuses = self.excuses.iter().map(|excuse| &excuse.demand);
        let demands = excuses.chain(&self.from_event).chain(&self.to_event);
        terms.chain(demands.map(|demand| demand.event.as_str()))
    }
}

/// An event of which nobody is named as signer could be made up by anybody.
pub(super) fn check(root: &DocumentTable, contract: &Contract) {
    let is_named = |event: &str| contract.signers_of(event).is_some();
    for (at, payment) in contract.payments.iter().enumerate() {
        let Payment { each, when, amount, .. } = payment;
        let of_event = matches!(each, Some(Bucket::Event(event)) if !is_named(event));
        let asks = amount.asks_event(&|event| !is_named(event));
        let when_asks = when.iter().any(|when| when.asks_event(&|event| !is_named(event)));
        for (name, asks) in [("each", of_event), ("amount", asks), ("when", when_asks)] {
            if asks {
                let message =
                    "nobody is named who signs this event: a term with event = \"…\" and by = […] says who";
                root.problems.error(format!("payments[{at}].{name}"), message);
            }
        }
    }
}
