//! `[devices.NAME]`: a device, the keys that sign its readings, and the names of its fields.

use std::{collections::BTreeMap, fmt};

use super::{
    ContractParty, CounterRule, counter,
    membership::DeviceGroup,
    table::{self, DocumentTable, did_you_mean, is_id},
};
use crate::{
    contract::expr::ValueType, decimal::Decimal, hash::Hash, json::Value, key::PublicKey,
    record::reading::Integrity,
};

/// A device whose readings count.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractDevice {
    /// What the contract calls it
    pub name: String,
    /// What its readings call it
    pub id: String,
    /// Its id in a registry; `None`: its readings call it by a plain name or a key
    pub registered: Option<Hash>,
    /// The keys whose signature makes a reading count; empty: a registry says which
    pub signers: Vec<PublicKey>,
    /// Who answers for it; `None`: the contract does not say
    pub responsible: Option<Responsible>,
    /// Its fields, by name
    pub fields: Vec<DeviceField>,
    /// Whether a reading's time is when it was received, for devices without a clock
    pub by_received: bool,
    /// The least that a reading's frame proves about itself if the reading counts
    pub least_integrity: Integrity,
    /// The keys that sign calibrations of it; empty: it needs none
    pub calibrated_by: Vec<PublicKey>,
    /// The devices that it is made of; `None`: it speaks for itself
    pub group: Option<DeviceGroup>,
}

/// Who answers for a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Responsible {
    /// A party, by place
    Party(usize),
    /// The party that has this role of a device, by place, at that time
    Role(DeviceRole, usize),
}

/// A role that a party has in a device's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceRole {
    /// The party that the device belongs to
    Owner,
    /// The party that uses it
    Operator,
    /// The party that has it in hand
    Custodian,
}

/// A field of a device's readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceField {
    /// What the contract calls it
    pub name: String,
    /// What the readings call it
    pub source: String,
    /// The unit that its numbers have; `None`: they have none
    pub unit: Option<String>,
    /// What its values are
    pub ty: ValueType,
    /// The least and the greatest number that is a measurement, and not what a sensor says of itself; `None`: all are
    pub valid: Option<(Decimal, Decimal)>,
    /// What makes it a counter; `None`: it is none
    pub counter: Option<CounterRule>,
}

impl ContractDevice {
    /// Whether a registry says, entry by entry, who speaks for it.
    pub fn asks_registry(&self) -> bool {
        self.registered.is_some() && self.signers.is_empty()
    }

    /// Whether the contract asks about it what only a registry knows.
    pub(super) fn needs_registry(&self) -> bool {
        self.asks_registry() || matches!(self.responsible, Some(Responsible::Role(..)))
    }

    /// One whose members are read when all devices are known. It has no id: no reading is its own.
    fn made_of_devices(name: &str, responsible: Option<Responsible>) -> Self {
        Self {
            name: name.to_owned(),
            id: String::new(),
            registered: None,
            signers: Vec::new(),
            responsible,
            fields: Vec::new(),
            by_received: false,
            least_integrity: Integrity::None,
            calibrated_by: Vec::new(),
            group: Some(DeviceGroup::default()),
        }
    }

    /// Whether it is made of devices, so that no record is its own.
    pub fn is_made_of_devices(&self) -> bool {
        self.group.is_some()
    }

    /// What conditions can name.
    pub fn names(&self) -> Vec<(String, ValueType)> {
        self.fields.iter().map(|field| (field.name.clone(), field.ty)).collect()
    }
}

/// The units of all fields by their names, each of which means one field, or the same of several devices that are one.
pub(super) fn units(devices: &[ContractDevice]) -> BTreeMap<String, String> {
    let fields = devices.iter().flat_map(|device| &device.fields);
    fields.filter_map(|field| Some((field.name.clone(), field.unit.clone()?))).collect()
}

/// The devices, and the tables of those that are made of others, by their places.
pub(super) fn read<'a>(
    root: &DocumentTable<'a>,
    parties: &[ContractParty],
) -> (Vec<ContractDevice>, Vec<(usize, DocumentTable<'a>)>) {
    let tables = root.named_tables("devices");
    let ids: Vec<_> =
        tables.iter().map(|(name, table)| ((*name).to_owned(), table.object.str("id"))).collect();
    let (mut devices, mut groups) = (Vec::new(), Vec::new());
    for (name, table) in tables {
        if table.has("of") {
            let responsible = read_responsible(&table, parties, &ids);
            groups.push((devices.len(), table));
            devices.push(ContractDevice::made_of_devices(name, responsible));
            continue;
        }
        let id = table.required("id", table.text("id"));
        let signers = read_signers(id, &table);
        let fields = read_fields(&table, parties);
        let responsible = read_responsible(&table, parties, &ids);
        let by_received = table.read("clock", "\"received\" (default: the device's own)", |value| {
            (value.as_str()? == "received").then_some(())
        });
        let least_integrity = read_integrity(&table);
        let calibrated_by =
            table.list("calibrated_by", "keys (did:key:z6Mk…)", |did| PublicKey::parse_did(did).ok());
        if table.has("calibrated_by") && calibrated_by.is_empty() {
            table.error("calibrated_by", "nobody is named: no time would ever be known");
        }
        table.finish();
        if let Some(id) = id {
            let by_received = by_received.is_some();
            let (name, id, registered) = (name.to_owned(), id.to_owned(), Hash::parse(id));
            devices.push(ContractDevice {
                name,
                id,
                registered,
                signers,
                responsible,
                fields,
                by_received,
                least_integrity,
                calibrated_by,
                group: None,
            });
        }
    }
    check_ids(root, &devices);
    (devices, groups)
}

/// A `did:key` signs for itself; a plain name needs `signed_by`; whose a registry id is, its registry knows.
fn read_signers(id: Option<&str>, table: &DocumentTable) -> Vec<PublicKey> {
    let mut signers = table.list("signed_by", "keys (did:key:z6Mk…)", |did| PublicKey::parse_did(did).ok());
    let Some(id) = id else { return signers };
    if id.starts_with("did:") {
        match PublicKey::parse_did(id) {
            Ok(key) => signers.push(key),
            Err(why) => table.error("id", why.to_string()),
        }
    } else if !table.has("signed_by") && Hash::parse(id).is_none() {
        table.error("id", "a plain name needs signed_by = [\"did:key:…\"]: whose readings are its own");
    }
    signers
}

/// `require = "crc"`: readings that prove less do not count.
fn read_integrity(table: &DocumentTable) -> Integrity {
    let least = table.read("require", "\"crc\", \"checksum\" or \"signature\"", |value| {
        Integrity::parse(value.as_str()?).filter(|least| *least != Integrity::None)
    });
    least.unwrap_or(Integrity::None)
}

fn read_fields(table: &DocumentTable, parties: &[ContractParty]) -> Vec<DeviceField> {
    let Some(fields) = table.table("fields") else { return Vec::new() };
    let mut list = Vec::new();
    for (name, value) in fields.object.iter() {
        if is_id(name) {
            list.extend(read_field(&fields, name, value, parties));
        } else {
            let id: String =
                name.to_ascii_lowercase().chars().map(|c| if c == '_' { '-' } else { c }).collect();
            let suggestion = if is_id(&id) { id } else { "NAME".to_owned() };
            fields.error(
                name,
                format!("{name:?} is no id: write {suggestion} = {{ from = {name:?}, unit = \"…\" }}"),
            );
        }
    }
    list
}

fn read_field(
    fields: &DocumentTable,
    name: &str,
    value: &Value,
    parties: &[ContractParty],
) -> Option<DeviceField> {
    let (source, unit, valid, counter) = match value {
        Value::String(unit) => (name, Some(unit.as_str()), None, None),
        Value::Object(object) => {
            let field = DocumentTable::new(fields.problems, fields.at(name), object);
            let source = field.text("from").unwrap_or(name);
            let unit = field.text("unit");
            let valid = read_valid(&field, unit);
            let counter = counter::read(&field, unit, parties);
            field.finish();
            (source, unit, valid, counter)
        }
        _ => {
            fields.error(name, "expected a unit (\"Cel\"), or { from = \"…\", unit = \"…\" }");
            return None;
        }
    };
    let (unit, ty) = match unit {
        Some("bool") => (None, ValueType::Bool),
        Some("text") => (None, ValueType::Text),
        other => (other.map(str::to_owned), ValueType::Number),
    };
    Some(DeviceField { name: name.to_owned(), source: source.to_owned(), unit, ty, valid, counter })
}

/// `valid = ["-40", "84.9"]`: what is below or above is no measurement.
fn read_valid(field: &DocumentTable, unit: Option<&str>) -> Option<(Decimal, Decimal)> {
    let wanted = "the least and the greatest decimal ([\"-40\", \"84.9\"])";
    let valid = field.read("valid", wanted, |value| match value.as_array()? {
        [least, greatest] => table::decimal(least).zip(table::decimal(greatest)),
        _ => None,
    })?;
    if matches!(unit, Some("bool" | "text")) {
        field.error("valid", "only numbers have a least and a greatest");
    } else if valid.0 > valid.1 {
        field.error("valid", "the least is above the greatest: no value would be valid");
    }
    Some(valid)
}

/// A party, or a role in a device's life, which only a registry knows.
fn read_responsible(
    table: &DocumentTable,
    parties: &[ContractParty],
    devices: &[(String, Option<&str>)],
) -> Option<Responsible> {
    let text = table.text("responsible")?;
    if let Some(party) = parties.iter().position(|party| party.id == text) {
        return Some(Responsible::Party(party));
    }
    let ids = devices.iter().map(|(name, id)| (name.as_str(), id.and_then(Hash::parse)));
    match DeviceRole::read(text, ids) {
        Ok((role, device)) => Some(Responsible::Role(role, device)),
        Err(why) => {
            let near = did_you_mean(text, parties.iter().map(|party| &*party.id));
            table.error("responsible", format!("{why}{near}"));
            None
        }
    }
}

impl DeviceRole {
    /// `owner(probe)`, `operator(probe)` or `custodian(probe)`: the role, and the place of a device among some
    /// names and registry ids.
    ///
    /// # Errors
    /// A sentence.
    pub(super) fn read<'a>(
        text: &str,
        mut devices: impl Iterator<Item = (&'a str, Option<Hash>)>,
    ) -> Result<(Self, usize), String> {
        let (role, name) =
            role_in(text).ok_or("expected a party, or owner(…), operator(…), custodian(…) of a device")?;
        let mut found = None;
        let at = devices.position(|(known, id)| {
            found = id;
            known == name
        });
        let at = at.ok_or_else(|| format!("there is no device {name:?}"))?;
        found
            .map(|_| (role, at))
            .ok_or_else(|| format!("only a registry knows {text}, and the id of {name} is no registry id"))
    }
}

impl fmt::Display for DeviceRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Owner => "owner",
            Self::Operator => "operator",
            Self::Custodian => "custodian",
        })
    }
}

fn role_in(text: &str) -> Option<(DeviceRole, &str)> {
    let (role, rest) = text.split_once('(')?;
    let role = match role {
        "owner" => DeviceRole::Owner,
        "operator" => DeviceRole::Operator,
        "custodian" => DeviceRole::Custodian,
        _ => return None,
    };
    Some((role, rest.strip_suffix(')')?))
}

/// Two names for one device would count its readings twice.
fn check_ids(root: &DocumentTable, devices: &[ContractDevice]) {
    for (at, device) in devices.iter().enumerate() {
        let is_same = |other: &&ContractDevice| other.id == device.id && !device.is_made_of_devices();
        if let Some(other) = devices[..at].iter().find(is_same) {
            let message = format!("{:?} is also the id of {}", device.id, other.name);
            root.problems.error(format!("devices.{}.id", device.name), message);
        }
    }
}
