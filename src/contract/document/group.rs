//! `of`, `agree`, `within`: a device made of devices, whose value is the one that enough of them agree on.
//!
//! ```toml
//! [devices.room]
//! of = ["probe", "probe-b", "probe-c"]
//! agree = 2
//! within = { temperature = "0.5" }
//! ```

use std::collections::BTreeMap;

use super::{
    device::{ContractDevice, DeviceField},
    membership::{DeviceGroup, MemberDevice},
    table::{self, DocumentTable, did_you_mean},
};
use crate::{contract::expr::ValueType, decimal::Decimal};

/// What belongs to a device that speaks for itself.
const OF_MEMBERS: [&str; 6] = ["id", "signed_by", "fields", "clock", "require", "calibrated_by"];

impl ContractDevice {
    /// Whether it is one of the devices that a group, or the same one, is made of.
    pub(super) fn is_related(&self, at: usize, other: (usize, &Self)) -> bool {
        self.has_member(other.0) || other.1.has_member(at)
    }

    fn has_member(&self, device: usize) -> bool {
        let mut members = self.group.iter().flat_map(|group| &group.members);
        members.any(|member| member.device == device)
    }
}

/// Whether a field of two devices is one thing, in one unit: they are members of one group, or one of them is made of the
/// other.
pub(super) fn is_shared(devices: &[ContractDevice], field: &str, [a, b]: [usize; 2]) -> bool {
    let both = |device: &ContractDevice| device.has_member(a) && device.has_member(b);
    let are_together = devices[a].is_related(a, (b, &devices[b])) || devices.iter().any(both);
    let kind = |at: usize| {
        let field = place_of(&devices[at], field).map(|place| &devices[at].fields[place])?;
        Some((field.ty, &field.unit))
    };
    are_together && kind(a) == kind(b)
}

/// What measures can name that say no device: of a name that several devices share, the field of the one that is made of them.
pub(super) fn distinct_names(devices: &[ContractDevice]) -> Vec<Vec<(String, ValueType)>> {
    let names = |(at, device): (usize, &ContractDevice)| {
        let names = device.names().into_iter();
        names.filter(|(name, _)| meant(devices, name) == Some(at)).collect()
    };
    devices.iter().enumerate().map(names).collect()
}

/// The device whose field is meant by a name; `None`: none has it, or several, and it is not said which.
fn meant(devices: &[ContractDevice], name: &str) -> Option<usize> {
    let shared = || devices.iter().enumerate().filter(|(_, device)| place_of(device, name).is_some());
    let groups = || shared().filter(|(_, device)| device.is_made_of_devices());
    let only = |mut of: Vec<usize>| of.pop().filter(|_| of.is_empty());
    let place = |(at, _): (usize, &ContractDevice)| at;
    only(if groups().next().is_some() {
        groups().map(place).collect()
    } else {
        shared().map(place).collect()
    })
}

/// The fields that several devices have, none of which is meant by the name alone, with the names of those devices.
pub(super) fn shared_names(devices: &[ContractDevice]) -> BTreeMap<String, String> {
    let fields = devices.iter().flat_map(|device| device.fields.iter().map(|field| field.name.as_str()));
    let shared = fields.filter(|name| meant(devices, name).is_none());
    let holders = |name: &str| {
        let holders = devices.iter().filter(|device| place_of(device, name).is_some());
        holders.map(|device| device.name.as_str()).collect::<Vec<_>>().join(" and ")
    };
    shared.map(|name| (name.to_owned(), holders(name))).collect()
}

/// Reads the devices that are made of others, by their places.
pub(super) fn read(groups: Vec<(usize, DocumentTable<'_>)>, devices: &mut [ContractDevice]) {
    for (at, table) in groups {
        if let Some((group, fields)) = read_group(&table, devices) {
            (devices[at].group, devices[at].fields) = (Some(group), fields);
        }
        table.finish();
    }
}

fn read_group(table: &DocumentTable, devices: &[ContractDevice]) -> Option<(DeviceGroup, Vec<DeviceField>)> {
    for name in OF_MEMBERS.into_iter().filter(|name| table.has(name)) {
        table.error(name, "a device made of devices says nothing itself: this is asked of each of them");
    }
    let members = read_members(table, devices);
    let agree = table.required("agree", table.count("agree"));
    let within = table.required("within", table.table("within"))?;
    let (members, agree) = (members?, usize::try_from(agree?).ok()?);
    if agree * 2 <= members.len() || agree > members.len() {
        let (least, most) = (members.len() / 2 + 1, members.len());
        table.error(
            "agree",
            format!("expected {least} to {most}: two halves of {most} devices could agree on two values"),
        );
    }
    let fields = read_fields(&within, devices, &members);
    let fields = fields?;
    let place = |device: usize| MemberDevice {
        device,
        fields: fields.iter().filter_map(|(field, _)| place_of(&devices[device], &field.name)).collect(),
    };
    let members = members.into_iter().map(place).collect();
    let within = fields.iter().map(|(_, within)| *within).collect();
    Some((DeviceGroup { members, agree, within }, fields.into_iter().map(|(field, _)| field).collect()))
}

fn place_of(device: &ContractDevice, field: &str) -> Option<usize> {
    device.fields.iter().position(|known| known.name == field)
}

fn read_members(table: &DocumentTable, devices: &[ContractDevice]) -> Option<Vec<usize>> {
    let names = table.list("of", "devices", Some);
    let mut members = Vec::with_capacity(names.len());
    for name in names {
        let found = devices.iter().position(|device| device.name == name);
        match found.map(|at| (at, devices[at].is_made_of_devices())) {
            Some((at, false)) if !members.contains(&at) => members.push(at),
            Some((_, false)) => table.error("of", format!("{name:?} is named twice, and has one voice")),
            Some((_, true)) => {
                table.error("of", format!("{name:?} is made of devices itself: name those"));
            }
            None => {
                let near = did_you_mean(name, devices.iter().map(|device| &*device.name));
                table.error("of", format!("there is no device {name:?}{near}"));
            }
        }
    }
    if members.is_empty() {
        table.error("of", "a device is made of one device or more");
    }
    (!members.is_empty()).then_some(members)
}

/// The fields, and how far apart values of each can be that agree.
fn read_fields(
    within: &DocumentTable,
    devices: &[ContractDevice],
    members: &[usize],
) -> Option<Vec<(DeviceField, Decimal)>> {
    let mut fields = Vec::new();
    for (name, value) in within.object.iter() {
        let span = table::decimal(value).filter(|span| *span == span.abs());
        if span.is_none() {
            within.error(name, "expected a decimal as text, not below zero (\"0.5\")");
        }
        let field = shared_field(within, name, devices, members);
        fields.push((field?, span?));
    }
    if fields.is_empty() {
        within.problems.error(within.path.clone(), "no field is named: { temperature = \"0.5\" }");
    }
    (!fields.is_empty()).then_some(fields)
}

/// A field that all members have, of numbers in the same unit.
fn shared_field(
    within: &DocumentTable,
    name: &str,
    devices: &[ContractDevice],
    members: &[usize],
) -> Option<DeviceField> {
    let mut shared: Option<&DeviceField> = None;
    for member in members.iter().map(|at| &devices[*at]) {
        let field = place_of(member, name).map(|at| &member.fields[at]);
        let of = &member.name;
        let problem = match (field, shared) {
            (None, _) => format!("{of} has no field {name:?}, and all of them have it"),
            (Some(field), _) if field.ty != ValueType::Number => {
                format!("{name} of {of} is no number: only numbers are near each other")
            }
            (Some(field), _) if field.counter.is_some() => {
                format!("{name} of {of} is a counter: each counts for itself")
            }
            (Some(field), Some(shared)) if field.unit != shared.unit => {
                let unit = |field: &DeviceField| field.unit.clone().unwrap_or_else(|| "no unit".to_owned());
                format!("{name} of {of} is in {}, and in {} before", unit(field), unit(shared))
            }
            (Some(field), _) => {
                shared = Some(field);
                continue;
            }
        };
        within.error(name, problem);
        return None;
    }
    let (name, unit) = (name.to_owned(), shared?.unit.clone());
    Some(DeviceField { source: name.clone(), name, unit, ty: ValueType::Number, valid: None, counter: None })
}
