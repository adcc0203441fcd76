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
            book.0.insert(name.to_owned(), signed);
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
