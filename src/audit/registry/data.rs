//! A party, device or admin as data: every answer with the entry `n` that proves it.
//!
//! ```json
//! {"id":"9f…","kind":"device","name":"probe 7","n":4,"owner":{"id":"3b…","name":"acme","n":4},"operator":{…},…}
//! ```

use super::{RegistryAt, RegistryMember};
use crate::{
    hash::Hash,
    json::{Object, Value},
    object,
    rules::registry::{Admin, Delegate, Device, EndedLease, Lease, Party, Revoked, SinceEntry},
};

impl RegistryAt {
    /// All parties, then all devices.
    pub fn members(&self) -> Vec<RegistryMember<'_>> {
        let parties = self.registry().parties().into_iter().map(RegistryMember::Party);
        parties.chain(self.registry().devices().into_iter().map(RegistryMember::Device)).collect()
    }

    /// What is known of a member, each fact with the entry that proves it.
    pub fn object(&self, member: &RegistryMember<'_>) -> Object {
        let mut object = match member {
            RegistryMember::Party(party) => self.party(party),
            RegistryMember::Device(device) => self.device(device),
            RegistryMember::Admin(admin) => admin_object(admin),
        };
        object.insert("at", object! { "n": self.n, "time": self.at.to_string() });
        object
    }

    fn party(&self, party: &Party) -> Object {
        let id = party.id;
        let admin = self.registry().admins().iter().any(|admin| admin.party == Some(id));
        let delegates = party.delegates.iter().filter(|delegate| self.at < delegate.until);
        object! {
            "id": id.to_string(),
            "kind": "party",
            "name": party.name.as_str(),
            "n": party.n,
            "key": party.key.to_string(),
            "key_n": party.key_n,
            "next": party.next.map(|next| next.to_string()),
            "state": if party.revoked.is_some() { "revoked" } else { "active" },
            "revoked": party.revoked.map(revoked),
            "admin": admin,
            "delegates": Value::Array(delegates.map(|one| delegate(one).into()).collect()),
            "owns": self.devices_of(&id, |device| device.owner),
            "operates": self.devices_of(&id, |device| device.operator(self.at)),
            "holds": self.devices_of(&id, Device::custodian),
            "latest": latest(&party.last, party.last_n),
        }
    }

    /// The devices to which a party stands in a role, and since which entry.
    fn devices_of(&self, party: &Hash, role: impl Fn(&Device) -> SinceEntry<Hash>) -> Value {
        let devices = self.registry().devices().into_iter().map(|device| (device.id, role(device)));
        let its = devices.filter(|(_, since)| since.is == *party);
        Value::Array(its.map(|(id, since)| self.named(&id, since.n).into()).collect())
    }

    fn device(&self, device: &Device) -> Object {
        let mut custodian = self.since(&device.custodian());
        custodian.insert("leg", device.custody.leg);
        let leases = device.open_leases(self.at).map(|lease| self.lease(lease).into());
        object! {
            "id": device.id.to_string(),
            "kind": "device",
            "name": device.name.as_str(),
            "n": device.n,
            "key": device.key.map(|key| key.to_string()),
            "key_n": device.key_n,
            "state": device_state(device),
            "revoked": device.revoked.map(revoked),
            "retired": device.retired,
            "exposed": device.exposed,
            "owner": self.since(&device.owner),
            "operator": self.since(&device.operator(self.at)),
            "custodian": custodian,
            "via": self.via(device.via(self.at)),
            "via_n": device.via(self.at).n,
            "leases": Value::Array(leases.collect()),
            "overdue": device.overdue(self.at).map(ended),
            "was_let": device.ended(self.at).map(ended),
            "latest": latest(&device.last, device.last_n),
        }
    }

    fn lease(&self, lease: &Lease) -> Object {
        object! {
            "id": lease.id.to_string(),
            "n": lease.n,
            "to": self.named(&lease.to, lease.n),
            "from": lease.from.to_string(),
            "until": lease.until.to_string(),
            "until_n": lease.until_n,
            "via": self.via(lease.via),
            "via_n": lease.via.n,
            "notice": lease.notice.map(|notice| latest(&notice.is, notice.n)),
        }
    }

    /// The party or device that speaks for a device; none where it speaks for itself alone, which the entry beside proves.
    fn via(&self, via: SinceEntry<Option<Hash>>) -> Option<Object> {
        via.is.map(|id| self.named(&id, via.n))
    }

    fn since(&self, since: &SinceEntry<Hash>) -> Object {
        self.named(&since.is, since.n)
    }

    fn named(&self, id: &Hash, n: u64) -> Object {
        let name = self.registry().subject(id).map(|known| known.name().as_str());
        object! { "id": id.to_string(), "name": name, "n": n }
    }
}

/// Whether a device can sign: `keyless`, `active` or `revoked`; `retired` where it speaks no more by any key.
pub fn device_state(device: &Device) -> &'static str {
    if device.retired.is_some() {
        return "retired";
    }
    match (&device.key, &device.revoked) {
        (None, _) => "keyless",
        (Some(_), None) => "active",
        (Some(_), Some(_)) => "revoked",
    }
}

/// An admin that never enrolled is named, by events too, by its key in entry 0.
fn admin_object(admin: &Admin) -> Object {
    object! {
        "id": admin.first.to_string(),
        "kind": "admin",
        "n": 0u32,
        "key": admin.key.to_string(),
        "next": admin.next.map(|next| next.to_string()),
        "state": if admin.revoked.is_some() { "revoked" } else { "active" },
        "revoked": admin.revoked.map(revoked),
        "latest": object! { "id": admin.last.to_string() },
    }
}

fn revoked(revoked: Revoked) -> Object {
    object! { "n": revoked.n, "trusted_until": revoked.trusted_until.to_string() }
}

fn delegate(delegate: &Delegate) -> Object {
    object! {
        "key": delegate.key.to_string(),
        "may": delegate.may.clone(),
        "n": delegate.n,
        "until": delegate.until.to_string(),
    }
}

/// Why the owner operates it again.
fn ended(ended: EndedLease) -> Object {
    object! { "n": ended.n, "until": ended.until.to_string(), "until_n": ended.until_n }
}

fn latest(id: &Hash, n: u64) -> Object {
    object! { "id": id.to_string(), "n": n }
}
