//! Whose signature lets a reading, a status or another record stand: the device's own key, its `via`, a party or a
//! clerk.

use super::{Device, KnownSubject, Registry, RegistryRefusal, needed_signer::SignedAt};
use crate::{key::Did, record::claim::DeviceRef, rules::TICK, time::Time};

impl Registry {
    /// The device that a reading speaks of.
    pub fn spoken_of(&self, named: &DeviceRef) -> Option<&Device> {
        match named {
            DeviceRef::Id(id) => self.device(id),
            DeviceRef::Key(key) => self.device(&self.holder(key)?.subject),
            DeviceRef::Name(name) => match self.named(name)? {
                KnownSubject::Device(device) => Some(device),
                KnownSubject::Party(_) => None,
            },
        }
    }

    /// Whether these keys may speak for a device: its own key, or whom it speaks through.
    pub fn speaks_for(&self, device: &Device, key: &Did, at: Time) -> bool {
        device.active_key() == Some(key)
            || device.via(at).is.is_some_and(|via| match self.subject(&via) {
                Some(KnownSubject::Party(party)) => party.speaks(key, "reading", at),
                Some(KnownSubject::Device(via)) => via.active_key() == Some(key),
                None => false,
            })
    }

    /// A reading or status: the device's key, or its `via`.
    pub(super) fn check_said(
        &self,
        named: Option<&DeviceRef>,
        signed: &SignedAt<'_>,
    ) -> Result<(), RegistryRefusal> {
        let Some(device) = named.and_then(|named| self.spoken_of(named)) else {
            // Where no enrolment is needed to write, devices that are not enrolled may speak, too.
            return if self.enrolled_only { Err(no_device(named)) } else { Ok(()) };
        };
        if let Some(n) = device.retired {
            let name = &device.name;
            return Err(RegistryRefusal::new(format!(
                "device {name:?}: entry {n} retired it, and it speaks no more"
            )));
        }
        let speaks = signed.keys.iter().any(|key| self.speaks_for(device, key, signed.received));
        if speaks {
            return Ok(());
        }
        // A revoked key is what is wrong, before anything else.
        self.check_active(signed)?;
        Err(RegistryRefusal::new(format!(
            "device {:?}: signed neither by its own key nor by its via ({})",
            device.name,
            self.speakers(device, signed.received)
        )))
    }

    fn speakers(&self, device: &Device, at: Time) -> String {
        let own = device.active_key().map(|key| format!("its key is {key}"));
        let via = device.via(at).is.and_then(|via| self.subject(&via));
        let via = via.map_or("it has no via".to_owned(), |via| format!("its via is {:?}", via.name()));
        own.into_iter().chain([via]).collect::<Vec<_>>().join(", ")
    }

    /// Any other record: some active party or device, or a clerk with that right.
    pub(super) fn check_other(
        &self,
        kind: Option<&str>,
        signed: &SignedAt<'_>,
    ) -> Result<(), RegistryRefusal> {
        let is_tick = kind == Some(TICK) && signed.keys.contains(&self.log);
        if !self.enrolled_only
            || is_tick
            || signed.keys.iter().any(|key| self.may_say(key, kind, signed.received))
        {
            return Ok(());
        }
        self.check_active(signed)?;
        let kind = kind.unwrap_or_default().escape_default();
        Err(RegistryRefusal::new(format!(
            "{kind}: signed by no party, no device, and no delegate with that right"
        )))
    }

    fn may_say(&self, key: &Did, kind: Option<&str>, at: Time) -> bool {
        match self.holder(key).and_then(|holder| self.subject(&holder.subject)) {
            Some(KnownSubject::Party(party)) => party.speaks(key, kind.unwrap_or_default(), at),
            Some(KnownSubject::Device(device)) => device.active_key() == Some(key),
            None => false,
        }
    }
}

fn no_device(named: Option<&DeviceRef>) -> RegistryRefusal {
    RegistryRefusal::new(match named {
        None => "it names no device, so nobody may speak for it".to_owned(),
        Some(DeviceRef::Id(id)) => format!("no device {id} is enrolled here"),
        Some(DeviceRef::Key(key)) => format!("no device with the key {key} is enrolled here"),
        Some(DeviceRef::Name(name)) => format!("no device {name:?} is enrolled here"),
    })
}
