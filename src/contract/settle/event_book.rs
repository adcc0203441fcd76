//! The events that payments ask for, each once all have signed who must.

use std::collections::BTreeMap;

use crate::contract::{
    bucket::Bucket,
    document::Contract,
    eval::{Evaluated, SignedEvent},
};

/// The signed events of a contract, by name, in the order in which they were received.
#[derive(Debug, Default)]
pub(super) struct EventBook(BTreeMap<String, Vec<SignedEvent>>);

impl EventBook {
    pub(super) fn new(contract: &Contract, evaluated: &Evaluated) -> Self {
        let mut book = Self::default();
        for name in contract.event_names() {
            let signed = contract.signers_of(name).map(|by| evaluated.events(name, by)).unwrap_or_default();
            let signed = signed.into_iter().filter(|event| is_of_its_time(contract, evaluated, event));
            book.0.insert(name.to_owned(), signed.collect());
        }
        book
    }

    /// The first of a name; `None`: there is none.
    pub(super) fn first(&self, name: &str) -> Option<&SignedEvent> {
        self.of(name).first()
    }

    /// Those that a payment is for, one by one.
    pub(super) fn each<'b>(
        &'b self,
        each: Option<&'b Bucket>,
    ) -> impl Iterator<Item = (&'b str, &'b SignedEvent)> {
        let name = match each {
            Some(Bucket::Event(name)) => Some(&**name),
            _ => None,
        };
        name.into_iter().flat_map(|name| self.of(name).iter().map(move |event| (name, event)))
    }

    fn of(&self, name: &str) -> &[SignedEvent] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Whether an event is paid for by this contract: of one that an amendment replaces, and of an amendment, what happened in the
/// time of the other is the other's, so that nobody pays twice.
fn is_of_its_time(contract: &Contract, evaluated: &Evaluated, event: &SignedEvent) -> bool {
    let is_before = contract.supersedes.is_some() && event.time < contract.from;
    let is_behind = evaluated.replaced.is_some_and(|replaced| event.time >= replaced.from);
    !is_before && !is_behind
}
