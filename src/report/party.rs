//! Parties of a contract, as people are shown them.

use crate::{
    contract::eval::DeviceRoles,
    escape::escape,
    hash::Hash,
    json::{Object, Value},
};

/// How the parties of a contract are called.
#[derive(Clone, Copy)]
pub(super) struct PartyNames<'a> {
    /// The contract's record
    pub(super) contract: &'a Object,
    pub(super) roles: &'a DeviceRoles,
}

impl PartyNames<'_> {
    /// A party as the contract calls it; one that is no party of it as its registry does.
    pub(super) fn id(&self, id: &str) -> String {
        let label = Hash::parse(id).and_then(|id| self.roles.label(&id));
        label.map_or_else(|| escape(id), |label| format!("{label:?} ({id}, no party of the contract)"))
    }

    /// A party with the name that it has in the world, where the contract says it.
    pub(super) fn full(&self, id: &str) -> String {
        let parties = self.contract.get("parties").and_then(Value::as_object);
        let party = parties.and_then(|parties| parties.get(id)?.as_object());
        match party.and_then(|party| party.str("name")) {
            Some(name) => format!("{} ({name:?})", self.id(id)),
            None => self.id(id),
        }
    }
}
