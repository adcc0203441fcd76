//! Who signs the events that payments ask for: the parties that the contract names for them elsewhere.

use super::{Contract, Payment, TermRule, table::DocumentTable};
use crate::contract::bucket::Bucket;

impl Contract {
    /// The parties that sign an event, all of them, by place: those of the first term, excuse or end of the period that asks
    /// for it. `None`: none does.
    pub fn signers_of(&self, event: &str) -> Option<&[usize]> {
        self.named_events().find(|(name, _)| *name == event).map(|(_, by)| by)
    }

    /// Whether it names other signers of an event in one place than in another.
    fn has_several_signers_of(&self, event: &str) -> bool {
        let first = self.signers_of(event);
        self.named_events().any(|(name, by)| name == event && Some(by) != first)
    }

    /// The names of the events that it names signers of.
    pub fn event_names(&self) -> impl Iterator<Item = &str> {
        self.named_events().map(|(name, _)| name)
    }

    /// Those events, and who signs each.
    fn named_events(&self) -> impl Iterator<Item = (&str, &[usize])> {
        let terms = self.terms.iter().filter_map(|term| match &term.rule {
            TermRule::Event { event, by, .. } => Some((event.as_str(), by.as_slice())),
            TermRule::Require { .. } | TermRule::Every { .. } | TermRule::Measure { .. } => None,
        });
        let excuses = self.excuses.iter().map(|excuse| &excuse.demand);
        let demands = excuses.chain(&self.from_event).chain(&self.to_event);
        terms.chain(demands.map(|demand| (demand.event.as_str(), demand.by.as_slice())))
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
        check_one_door(root, contract, at);
    }
}

/// What is paid for an event must not hang on which of several signers it was.
fn check_one_door(root: &DocumentTable, contract: &Contract, at: usize) {
    let Payment { each, when, amount, .. } = &contract.payments[at];
    let is_open = |event: &str| contract.has_several_signers_of(event);
    let of_event = matches!(each, Some(Bucket::Event(event)) if is_open(event));
    let when_asks = when.iter().any(|when| when.asks_event(&is_open));
    for (name, asks) in [("each", of_event), ("amount", amount.asks_event(&is_open)), ("when", when_asks)] {
        if asks {
            let message = "the contract names other signers of this event in one place than in another: whose word is paid for? \
                           Give one of the two events another name";
            root.problems.error(format!("payments[{at}].{name}"), message);
        }
    }
}
