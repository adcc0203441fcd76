//! The registry as data, for `state.json`.
//!
//! ```text
//! {"admins":[…],"parties":[{"id":…,"name":…,"key":…}],"devices":[…],"keys":"base64"}
//! keys: 32 bytes of the key, 4 of its subject's place (parties, then devices), 1 if it was revoked; ascending
//! ```
//!
//! What is read is written back the same, or it is not taken: a member that is not understood may be that a key is dead.
//! Keys are never forgotten, and there may be a million, so they take as little room as they can.

mod member;

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use base64::{Engine, engine::general_purpose::STANDARD};

use member::{
    id, key, list, name, number, put, put_list, put_revoked, put_since, read, read_list, revoked, since, time,
};

use super::{Admin, Custody, Delegate, Device, EndedLease, KeyHolder, Lease, Party, Registry, SinceEntry};
use crate::{
    hash::Hash,
    json::{Object, Value},
    key::Did,
    object,
    record::genesis::Genesis,
};

/// What is kept of a key: the key, the place of its subject, whether it was revoked.
const KEY: usize = 32 + 4 + 1;

/// The data are no registry: which part is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadState(&'static str);

impl fmt::Display for BadState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} are not as they should be", self.0)
    }
}

impl std::error::Error for BadState {}

impl Registry {
    /// The registry as data: the same for the same entries, however it came about.
    pub fn to_object(&self) -> Object {
        let (parties, devices) = (self.parties(), self.devices());
        let ids = parties.iter().map(|party| party.id).chain(devices.iter().map(|device| device.id));
        let places: HashMap<Hash, u32> = ids.zip(0..).collect();
        object! {
            "admins": list(&self.admins, Admin::to_object),
            "parties": list(parties, Party::to_object),
            "devices": list(devices, Device::to_object),
            "keys": STANDARD.encode(self.packed_keys(&places)),
        }
    }

    fn packed_keys(&self, places: &HashMap<Hash, u32>) -> Vec<u8> {
        let mut keys: Vec<(&Did, &KeyHolder)> = self.keys.iter().collect();
        keys.sort_unstable_by_key(|(key, _)| *key);
        let mut bytes = Vec::with_capacity(keys.len() * KEY);
        for (key, holder) in keys {
            bytes.extend(key.as_bytes());
            bytes.extend(places.get(&holder.subject).copied().unwrap_or(u32::MAX).to_be_bytes());
            bytes.push(u8::from(holder.revoked));
        }
        bytes
    }

    /// Reads what [`Registry::to_object`] wrote for this ledger.
    ///
    /// # Errors
    /// If a part is missing or has another form.
    pub fn from_object(genesis: &Genesis, ledger: Hash, object: &Object) -> Result<Self, BadState> {
        let mut registry = Self::new(genesis, ledger);
        registry.admins = read(object, "admins", Admin::read, Admin::to_object)?;
        let parties = read(object, "parties", Party::read, Party::to_object)?;
        let devices = read(object, "devices", Device::read, Device::to_object)?;
        check(object.len() == 4, "members")?;
        check(parties.is_sorted_by(|one, next| one.n < next.n), "parties")?;
        check(devices.is_sorted_by(|one, next| one.n < next.n), "devices")?;
        let ids: Vec<Hash> =
            parties.iter().map(|party| party.id).chain(devices.iter().map(|device| device.id)).collect();
        let keys = object.str("keys").and_then(|keys| unpacked_keys(keys, &ids));
        registry.keys = keys.ok_or(BadState("keys"))?;
        let names = parties.iter().map(|party| (party.name.clone(), party.id));
        let names = names.chain(devices.iter().map(|device| (device.name.clone(), device.id)));
        registry.names = names.collect();
        registry.parties = parties.into_iter().map(|party| (party.id, party)).collect();
        registry.devices = devices.into_iter().map(|device| (device.id, device)).collect();
        check(registry.names.len() == ids.len(), "names")?;
        check(ids.iter().collect::<HashSet<_>>().len() == ids.len(), "ids")?;
        Ok(registry)
    }
}

fn check(holds: bool, part: &'static str) -> Result<(), BadState> {
    if holds { Ok(()) } else { Err(BadState(part)) }
}

fn unpacked_keys(text: &str, ids: &[Hash]) -> Option<HashMap<Did, KeyHolder>> {
    let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len().is_multiple_of(KEY))?;
    let mut keys = HashMap::with_capacity(bytes.len() / KEY);
    let mut last = None;
    for entry in bytes.chunks_exact(KEY) {
        let (key, rest) = entry.split_first_chunk::<32>()?;
        let (place, revoked) = rest.split_first_chunk::<4>()?;
        let subject = *ids.get(usize::try_from(u32::from_be_bytes(*place)).ok()?)?;
        if last.is_some_and(|last| last >= key) || !matches!(revoked, [0 | 1]) {
            return None;
        }
        last = Some(key);
        keys.insert(Did::from_bytes(*key), KeyHolder { subject, revoked: revoked == [1] });
    }
    Some(keys)
}

impl Admin {
    fn to_object(&self) -> Object {
        let mut object = object! {
            "first": self.first.to_string(),
            "key": self.key.to_string(),
            "last": self.last.to_string(),
        };
        put(&mut object, "party", self.party);
        put(&mut object, "next", self.next);
        put_revoked(&mut object, self.revoked);
        object
    }

    fn read(object: &Object) -> Option<Self> {
        Some(Self {
            first: key(object, "first")?,
            key: key(object, "key")?,
            party: id(object, "party"),
            next: id(object, "next"),
            revoked: revoked(object),
            last: id(object, "last")?,
        })
    }
}

impl Party {
    fn to_object(&self) -> Object {
        let mut object = object! {
            "id": self.id.to_string(),
            "name": self.name.as_str(),
            "n": self.n,
            "key": self.key.to_string(),
            "key_n": self.key_n,
            "last": self.last.to_string(),
            "last_n": self.last_n,
        };
        put(&mut object, "next", self.next);
        put_revoked(&mut object, self.revoked);
        put_list(&mut object, "delegates", &self.delegates, Delegate::to_object);
        object
    }

    fn read(object: &Object) -> Option<Self> {
        Some(Self {
            id: id(object, "id")?,
            name: name(object)?,
            n: number(object, "n")?,
            key: key(object, "key")?,
            key_n: number(object, "key_n")?,
            next: id(object, "next"),
            revoked: revoked(object),
            delegates: read_list(object, "delegates", Delegate::read)?,
            last: id(object, "last")?,
            last_n: number(object, "last_n")?,
        })
    }
}

impl Delegate {
    fn to_object(&self) -> Object {
        object! {
            "key": self.key.to_string(),
            "n": self.n,
            "may": Value::Array(self.may.iter().map(|right| right.as_str().into()).collect()),
            "until": self.until.to_string(),
        }
    }

    fn read(object: &Object) -> Option<Self> {
        let may = object.get("may")?.as_array()?;
        Some(Self {
            key: key(object, "key")?,
            n: number(object, "n")?,
            may: may.iter().map(|right| right.as_str().map(str::to_owned)).collect::<Option<_>>()?,
            until: time(object, "until")?,
        })
    }
}

impl Device {
    fn to_object(&self) -> Object {
        let mut object = object! {
            "id": self.id.to_string(),
            "name": self.name.as_str(),
            "n": self.n,
            "key_n": self.key_n,
            "owner": self.owner.is.to_string(),
            "owner_n": self.owner.n,
            "last": self.last.to_string(),
            "last_n": self.last_n,
        };
        put(&mut object, "key", self.key);
        put_revoked(&mut object, self.revoked);
        if let Some(n) = self.retired {
            object.insert("retired", n);
        }
        if self.exposed {
            object.insert("exposed", true);
        }
        put(&mut object, "via", self.via.0.is);
        object.insert("via_n", self.via.0.n);
        object.insert("via_at", self.via.1.to_string());
        if let Some(EndedLease { n, until, until_n }) = self.ended {
            object.insert("ended", object! { "n": n, "until": until.to_string(), "until_n": until_n });
        }
        put_list(&mut object, "leases", &self.leases, Lease::to_object);
        let Custody { party, n, leg } = self.custody;
        object.insert("custody", object! { "party": party.to_string(), "n": n, "leg": leg });
        object
    }

    fn read(object: &Object) -> Option<Self> {
        let custody = object.get("custody").and_then(Value::as_object)?;
        let (n, leg) = (number(custody, "n")?, number(custody, "leg")?);
        let custody = Custody { party: id(custody, "party")?, n, leg };
        Some(Self {
            id: id(object, "id")?,
            name: name(object)?,
            n: number(object, "n")?,
            key: key(object, "key"),
            key_n: number(object, "key_n")?,
            revoked: revoked(object),
            retired: number(object, "retired"),
            exposed: object.get("exposed").is_some(),
            owner: since(object, "owner", "owner_n")?,
            via: (SinceEntry { is: id(object, "via"), n: number(object, "via_n")? }, time(object, "via_at")?),
            ended: object.get("ended").and_then(Value::as_object).and_then(EndedLease::read),
            leases: read_list(object, "leases", Lease::read)?,
            custody,
            last: id(object, "last")?,
            last_n: number(object, "last_n")?,
        })
    }
}

impl Lease {
    fn to_object(&self) -> Object {
        let mut object = object! {
            "id": self.id.to_string(),
            "n": self.n,
            "to": self.to.to_string(),
            "from": self.from.to_string(),
            "until": self.until.to_string(),
            "until_n": self.until_n,
            "via_n": self.via.n,
        };
        put(&mut object, "via", self.via.is);
        put_since(&mut object, "notice", "notice_n", self.notice);
        object
    }

    fn read(object: &Object) -> Option<Self> {
        Some(Self {
            id: id(object, "id")?,
            n: number(object, "n")?,
            to: id(object, "to")?,
            from: time(object, "from")?,
            until: time(object, "until")?,
            until_n: number(object, "until_n")?,
            via: SinceEntry { is: id(object, "via"), n: number(object, "via_n")? },
            notice: since(object, "notice", "notice_n"),
        })
    }
}

impl EndedLease {
    fn read(object: &Object) -> Option<Self> {
        let (n, until_n) = (number(object, "n")?, number(object, "until_n")?);
        Some(Self { n, until: time(object, "until")?, until_n })
    }
}
