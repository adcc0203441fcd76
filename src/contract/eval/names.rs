//! The names that records have for devices and fields, beside those that the contract has: a device that no record
//! names is misspelt rather than silent.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{
    fact::{DeviceRecord, OddName},
    findings::{ContractFinding, ContractFindingKind, ContractFindings},
};
use crate::{
    contract::document::{Contract, TermRule},
    key::{Did, PublicKey},
    likeness::{LONGEST, Likeness},
};

/// How many strange names are remembered; who may write can invent any number of them.
const MOST: usize = 1024;

/// A name of the contract, and one in the records that is not the same and looks like it. A detail for people, who
/// cannot see the difference: no part of a verdict's bytes. Where a finding `never-heard` has the same device and field,
/// the contract's name stands in no record; else there are records of both names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NearName {
    /// The device, by place in the contract
    pub device: usize,
    /// The field of the device, by place; `None`: it is the device's own name
    pub field: Option<usize>,
    /// What the two names are names of
    pub of: NamedThing,
    /// How they look alike; `None`: they do not, which only units and signers need not
    pub likeness: Option<Likeness>,
    /// The contract's
    pub declared: String,
    /// The records'
    pub found: String,
}

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedThing {
    /// A device
    Device,
    /// A field of its readings
    Field,
    /// The unit of a field
    Unit,
    /// The key that signs for a device. The contract's is empty where only a registry knows it
    Signer,
}

/// Takes note of the names in records.
pub(super) struct HeardNames<'a> {
    contract: &'a Contract,
    devices: Vec<DeviceSigns>,
    strangers: HashSet<Box<str>>,
}

#[derive(Default)]
struct DeviceSigns {
    /// Whether a record names it
    named: bool,
    /// Whether a reading of it was looked into
    read: bool,
    /// For each field whether a reading had it
    fields: Vec<bool>,
    /// Whether a reading had none of them
    lacking: bool,
    /// Names of values that no field has
    strangers: BTreeSet<Box<str>>,
    /// The first other unit of each field
    units: BTreeMap<usize, Box<str>>,
    /// The first signer that may not speak for it; `None`: there is none
    signer: Option<Box<Did>>,
}

impl<'a> HeardNames<'a> {
    pub(super) fn new(contract: &'a Contract) -> Self {
        let heard = |fields: usize| DeviceSigns { fields: vec![false; fields], ..DeviceSigns::default() };
        let devices = contract.devices.iter().map(|device| heard(device.fields.len())).collect();
        Self { contract, devices, strangers: HashSet::new() }
    }

    /// A record that names a device of the contract.
    pub(super) fn named(&mut self, device: usize) {
        self.devices[device].named = true;
    }

    /// A reading of a device that is not believed, and who signed it without being allowed to.
    pub(super) fn refused(&mut self, device: usize, signer: Option<Box<Did>>) {
        let heard = &mut self.devices[device];
        heard.signer = heard.signer.take().or(signer);
    }

    /// A device that is none of the contract's.
    pub(super) fn stranger(&mut self, name: Box<str>) {
        if self.strangers.len() < MOST && name.len() <= LONGEST {
            self.strangers.insert(name);
        }
    }

    /// A record of a source of the contract.
    pub(super) fn record(&mut self, record: &mut DeviceRecord) {
        if let Some(device) = record.source.names {
            self.named(device);
        }
        if let Some(device) = record.source.reading_of {
            let heard = &mut self.devices[device];
            heard.read = true;
            heard.lacking |= record.cells.is_empty();
            for cell in &record.cells {
                heard.fields[cell.field()] = true;
            }
        }
        let Some(extras) = &mut record.extras else { return };
        for odd in std::mem::take(&mut extras.odd_names) {
            match odd {
                OddName::Device(name) => self.stranger(name),
                OddName::Field(device, name) => {
                    let strangers = &mut self.devices[device].strangers;
                    if strangers.len() < MOST && name.len() <= LONGEST {
                        strangers.insert(name);
                    }
                }
                OddName::Unit(device, field, unit) => {
                    self.devices[device].units.entry(field).or_insert(unit);
                }
            }
        }
    }

    /// Findings about what no record names: devices, and fields that a condition asks for.
    pub(super) fn find(&self, findings: &mut ContractFindings) {
        let mut never = |device, field| {
            let kind = ContractFindingKind::NeverHeard;
            findings.add(ContractFinding { entry: None, kind, device: Some(device), field });
        };
        for (at, device) in self.devices.iter().enumerate() {
            if !device.named && !self.contract.devices[at].is_made_of_devices() {
                never(at, None);
            }
            for field in (0..device.fields.len()).filter(|field| self.is_missed(at, *field)) {
                never(at, Some(field));
            }
        }
    }

    /// Whether a condition asks for a field that no reading of the device has.
    fn is_missed(&self, device: usize, field: usize) -> bool {
        let heard = &self.devices[device];
        let is_it = |on: usize, leaf: usize| {
            let members = self.contract.devices[on].group.iter().flat_map(|group| &group.members);
            let mut places = members.filter(|member| member.device == device).map(|member| &member.fields);
            (on, leaf) == (device, field) || places.any(|fields| fields[leaf] == field)
        };
        let asks = |rule: &TermRule| {
            matches!(rule, TermRule::Require { device: on, condition, .. }
                if condition.code().any(&|leaf| is_it(*on, *leaf)))
        };
        heard.read && !heard.fields[field] && self.contract.terms.iter().any(|term| asks(&term.rule))
    }

    /// Names that were never heard with the nearest one in the records, names that cannot be told from another in the
    /// records by looking, and units that are not the declared ones.
    pub(super) fn near(&self) -> Vec<NearName> {
        let mut list = Vec::new();
        for (at, (device, heard)) in self.contract.devices.iter().zip(&self.devices).enumerate() {
            let near = |field, of, declared: &str, found: &str, likeness| {
                let (declared, found) = (declared.to_owned(), found.to_owned());
                NearName { device: at, field, of, likeness, declared, found }
            };
            if device.is_made_of_devices() {
                continue;
            }
            if let Some((likeness, found)) = nearest(&device.id, &self.strangers, heard.named) {
                list.push(near(None, NamedThing::Device, &device.id, found, Some(likeness)));
            }
            if let Some(signer) = &heard.signer {
                let found = signer.to_string();
                let declared = device.signers.iter().map(PublicKey::did);
                let alike = declared.clone().filter_map(|did| Some((Likeness::of(&did, &found)?, did))).min();
                let (likeness, declared) = match alike {
                    Some((likeness, declared)) => (Some(likeness), declared),
                    None => (None, declared.into_iter().next().unwrap_or_default()),
                };
                list.push(near(None, NamedThing::Signer, &declared, &found, likeness));
            }
            for (place, field) in device.fields.iter().enumerate() {
                // Where readings have no field at all, one may have got another name in the meantime.
                let known = heard.fields[place] && !heard.lacking;
                if let Some((likeness, found)) = nearest(&field.source, &heard.strangers, known) {
                    list.push(near(Some(place), NamedThing::Field, &field.source, found, Some(likeness)));
                }
                if let Some(found) = heard.units.get(&place) {
                    let declared = field.unit.as_deref().unwrap_or_default();
                    let likeness = Likeness::of(declared, found);
                    list.push(near(Some(place), NamedThing::Unit, declared, found, likeness));
                }
            }
        }
        list
    }
}

/// The name that looks most like another one. Where that was heard itself, only one that looks the same.
fn nearest<'n>(
    name: &str,
    names: impl IntoIterator<Item = &'n Box<str>>,
    heard: bool,
) -> Option<(Likeness, &'n str)> {
    let alike = names.into_iter().filter_map(|other| Some((Likeness::of(name, other)?, &**other)));
    alike.min().filter(|(likeness, _)| !heard || *likeness <= Likeness::LetterCase)
}
