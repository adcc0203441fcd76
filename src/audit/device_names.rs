//! What the devices of a ledger are called: readings name them by themselves, registry events by their ids.

use std::collections::BTreeMap;

use super::{
    checked_reader::CheckedReader,
    device_signs::DeviceSigns,
    registry::{self, RegistryAt},
    status::LedgerStatus,
};
use crate::{
    record::claim::DeviceRef,
    rules::registry::{Device, Registry},
    time::Time,
};

/// The devices of a ledger, under whatever names entries speak of them.
#[derive(Debug, Default)]
pub struct DeviceNames(Option<RegistryAt>);

impl DeviceNames {
    /// Those of a ledger, by its registry, if it has one. Of entries that were dropped it is not known whether they made one.
    ///
    /// # Errors
    /// If the registry has to be read and cannot be.
    pub fn of(
        reader: &CheckedReader<'_>,
        status: &LedgerStatus,
        (now, machine): (Time, &str),
    ) -> anyhow::Result<Self> {
        let fold = || registry::fold(reader, registry::LedgerInstant::End, now, machine);
        Ok(Self(match (status.has_registry, status.dropped.is_empty()) {
            (true, _) => Some(fold()?),
            (false, true) => None,
            (false, false) => fold().ok(),
        }))
    }

    /// The registry; `None`: there is none.
    pub fn registry(&self) -> Option<&Registry> {
        self.0.as_ref().map(RegistryAt::registry)
    }

    /// The enrolled device that a text names, by its id, its key or its label; `None`: none is.
    pub fn enrolled(&self, text: &str) -> Option<&Device> {
        self.registry()?.spoken_of(&DeviceRef::parse(text)?)
    }

    /// What all names of one device have in common.
    pub fn identity(&self, text: &str) -> String {
        self.enrolled(text).map_or_else(|| text.to_owned(), |device| device.id.to_string())
    }

    /// What a device is called: its label in the registry, or what entries call it.
    pub fn label(&self, text: &str) -> String {
        self.enrolled(text).map_or_else(|| text.to_owned(), |device| device.name.as_str().to_owned())
    }

    /// What a ledger has heard of each device, by what that is called.
    pub fn heard(&self, status: &LedgerStatus) -> BTreeMap<String, DeviceSigns> {
        let mut devices: BTreeMap<String, DeviceSigns> = BTreeMap::new();
        for (text, heard) in &status.devices {
            let label = self.label(text);
            let joined = match devices.remove(&label) {
                Some(other) => other.joined(heard),
                None => heard.clone(),
            };
            devices.insert(label, joined);
        }
        devices
    }
}
