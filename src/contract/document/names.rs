//! The names that terms and payments can use, and the members of theirs that are names.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    ContractDevice, ContractParty,
    table::{DocumentTable, did_you_mean, is_id},
};
use crate::{contract::expr::Area, decimal::Decimal};

/// The names that terms can use.
pub(super) struct DocumentNames<'a> {
    pub(super) parties: &'a [ContractParty],
    pub(super) devices: &'a [ContractDevice],
    pub(super) values: &'a BTreeMap<String, Decimal>,
    pub(super) areas: &'a BTreeMap<String, Arc<Area>>,
    /// The units of all fields
    pub(super) units: &'a BTreeMap<String, String>,
    /// Whether there is a calendar, be it right or wrong
    pub(super) has_calendar: bool,
}

impl DocumentNames<'_> {
    pub(super) fn party(&self, id: &str) -> Option<usize> {
        self.parties.iter().position(|party| party.id == id)
    }
}

pub(super) fn read_id(table: &DocumentTable) -> Option<String> {
    let id = table.read("id", "an id (a lowercase letter, then letters, digits and -)", |value| {
        value.as_str().filter(|id| is_id(id))
    });
    table.required("id", id).map(str::to_owned)
}

pub(super) fn read_device(table: &DocumentTable, names: &DocumentNames) -> Option<usize> {
    let name = table.required("on", table.text("on"))?;
    let found = names.devices.iter().position(|device| device.name == name);
    if found.is_none() {
        let near = did_you_mean(name, names.devices.iter().map(|device| &*device.name));
        table.error("on", format!("there is no device {name:?}{near}"));
    }
    found
}
