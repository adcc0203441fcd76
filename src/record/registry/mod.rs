//! Registry events: who is who, who owns what, in whose hands it is.
//!
//! ```json
//! {"type":"enroll","ledger":"9f2c…","party":"acme","key":"did:key:z6Mk…","next":"4b1e…"}
//! {"type":"enroll","ledger":"9f2c…","device":"probe 7","key":"did:key:z6Mk…","owner":"3b1e…","via":"77aa…"}
//! {"type":"assign","ledger":"9f2c…","prev":"…","device":"…","via":"…"}
//! {"type":"delegate","ledger":"9f2c…","prev":"…","party":"…","key":"did:key:…","may":["event"],"until":"…Z"}
//! {"type":"rotate","ledger":"9f2c…","prev":"…","party":"…","key":"did:key:…","next":"…"}
//! {"type":"revoke","ledger":"9f2c…","prev":"…","device":"…","trusted_until":"2026-03-01T06:00:00.000Z"}
//! {"type":"transfer","ledger":"9f2c…","prev":"…","device":"…","to":"…","leases":["…"]}
//! {"type":"lease","ledger":"9f2c…","prev":"…","device":"…","to":"…","from":"…Z","until":"…Z"}
//! {"type":"return","ledger":"9f2c…","prev":"…","device":"…","lease":"…"}
//! {"type":"handover","ledger":"9f2c…","prev":"…","device":"…","to":"…","note":"1204 h, half full","documents":["…"]}
//! {"type":"retire","ledger":"9f2c…","prev":"…","device":"…"}
//! ```
//!
//! Parties and devices are named by the id of the record that enrolled them, admins that never enrolled by the key
//! in entry 0. `prev` is the id of the latest event about the subject, so that nothing fits twice; an `expires`
//! is compared with when the event was received. `names` are the labels of those whom an event names by id, as its
//! drafter's ledger has them, for those who read it without the ledger: `"names":{"device":"probe 7","to":"carrier"}`. Unknown members are errors: an event that says something must
//! not be read as saying less. What an event may do is the business of `registry`.

mod event_names;
mod name;
mod parse;

use crate::{
    hash::Hash,
    json::{Flat, Object, Value, scan::Scan},
    key::Did,
    time::Time,
};

pub use event_names::EventNames;
pub use name::{BadName, Name};
pub use parse::{BadEvent, OWN};

/// The values of `type`.
pub const TYPES: [&str; 10] =
    ["enroll", "assign", "delegate", "rotate", "revoke", "transfer", "lease", "return", "handover", "retire"];

/// The most leases that a device has booked or open: a transfer names them all, and with two signatures it is to fit
/// a ledger line of 65,535 bytes.
pub const MAX_LEASES: usize = 512;

/// The longest note of a handover, in bytes.
pub const MAX_NOTE: usize = 2_000;

/// The most documents of a handover.
pub const MAX_DOCUMENTS: usize = 64;

/// Whether a record of this `type` is a registry event.
pub fn is_event(kind: &str) -> bool {
    TYPES.contains(&kind)
}

/// What was said about a subject of the registry, for one ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryEvent {
    /// The ledger's id: in no other ledger it counts
    pub ledger: Hash,
    /// The latest event about the subject; `None` for a new one
    pub prev: Option<Hash>,
    /// From when on it can no longer be received
    pub expires: Option<Time>,
    /// What those whom it names are called
    pub names: EventNames,
    /// What happens
    pub deed: Deed,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A party is enrolled
    EnrollParty {
        /// Its label
        name: Name,
        /// Its first key
        key: Did,
        /// The commitment to the key after that
        next: Option<Hash>,
    },
    /// A device is known, and owned
    EnrollDevice {
        /// Its label
        name: Name,
        /// Its key, if it can sign
        key: Option<Did>,
        /// The party that owns it
        owner: Hash,
        /// Who speaks for it
        via: Option<Hash>,
    },
    /// A party or device may speak for a device, or none may
    Assign {
        /// The device
        device: Hash,
        /// A party or device
        via: Option<Hash>,
    },
    /// A clerk's key may sign for a party
    Delegate {
        /// The party
        party: Hash,
        /// The clerk's key
        key: Did,
        /// The types of record that it may sign
        may: Vec<String>,
        /// Until when
        until: Time,
    },
    /// A clerk's key may not any longer
    Dismiss {
        /// The party
        party: Hash,
        /// The clerk's key
        key: Did,
    },
    /// A subject's key changes
    Rotate {
        /// Whose
        subject: Subject,
        /// The new key
        key: Did,
        /// The commitment to the key after that
        next: Option<Hash>,
    },
    /// A subject's key is dead
    Revoke {
        /// Whose
        subject: Subject,
        /// What the key signed later than this is suspect; `None`: nothing is
        trusted_until: Option<Time>,
    },
    /// A device changes its owner
    Transfer {
        /// The device
        device: Hash,
        /// The party that owns it then
        to: Hash,
        /// The leases that the new owner takes over
        leases: Vec<Hash>,
        /// Who speaks for it then
        via: Option<Hash>,
    },
    /// A device is let to a party for a time
    Lease {
        /// The device
        device: Hash,
        /// The lessee
        to: Hash,
        /// The first instant, or when it is received if that is later
        from: Time,
        /// The first instant after it
        until: Time,
        /// Who speaks for the device meanwhile
        via: Option<Hash>,
    },
    /// A lease ends early
    Return {
        /// The device
        device: Hash,
        /// The lease: the id of its event
        lease: Hash,
    },
    /// A device passes from hand to hand
    Handover {
        /// The device
        device: Hash,
        /// The party that takes it
        to: Hash,
        /// The state that it is in, in words
        note: Option<String>,
        /// The SHA-256 of documents about that state, such as photos
        documents: Vec<Hash>,
    },
    /// A device is given up: it speaks no more
    Retire {
        /// The device
        device: Hash,
    },
}

/// Whose key it is that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A party
    Party(Hash),
    /// A device
    Device(Hash),
    /// An admin that never enrolled, by its key in entry 0
    Admin(Did),
}

impl RegistryEvent {
    /// Reads a record without checking its proofs; `None` if its `type` is no registry event's.
    pub fn parse(record: &Object) -> Option<Result<Self, BadEvent>> {
        let kind = record.str("type").filter(|kind| is_event(kind))?;
        let members = record.iter().map(|(name, value)| (name, Flat::from(value)));
        Some(parse::event(kind, members.collect()))
    }

    /// The same of a record's canonical text; `None` also if it is not surely canonical.
    pub fn scan(record: &str) -> Option<Result<Self, BadEvent>> {
        let (mut scan, mut members) = (Scan::of(record), Vec::with_capacity(8));
        scan.members(|scan, name| {
            members.push((name, Flat::of(scan)?));
            Some(())
        })?;
        scan.end()?;
        let kind = members.iter().find(|(name, _)| *name == "type")?.1.as_text()?;
        is_event(kind).then(|| parse::event(kind, members))
    }

    /// The value of `type`.
    pub fn kind(&self) -> &'static str {
        match self.deed {
            Deed::EnrollParty { .. } | Deed::EnrollDevice { .. } => "enroll",
            Deed::Assign { .. } => "assign",
            Deed::Delegate { .. } | Deed::Dismiss { .. } => "delegate",
            Deed::Rotate { .. } => "rotate",
            Deed::Revoke { .. } => "revoke",
            Deed::Transfer { .. } => "transfer",
            Deed::Lease { .. } => "lease",
            Deed::Return { .. } => "return",
            Deed::Handover { .. } => "handover",
            Deed::Retire { .. } => "retire",
        }
    }

    /// The record, which those are to sign whom it takes.
    pub fn to_record(&self) -> Object {
        let mut record = crate::object! { "type": self.kind(), "ledger": self.ledger.to_string() };
        optional(&mut record, "prev", self.prev);
        optional(&mut record, "expires", self.expires);
        match &self.deed {
            Deed::EnrollParty { name, key, next } => {
                record.insert("party", name.as_str());
                record.insert("key", key.to_string());
                optional(&mut record, "next", *next);
            }
            Deed::EnrollDevice { name, key, owner, via } => {
                record.insert("device", name.as_str());
                optional(&mut record, "key", *key);
                record.insert("owner", owner.to_string());
                optional(&mut record, "via", *via);
            }
            Deed::Assign { device, via } => {
                record.insert("device", device.to_string());
                record.insert("via", via.map(|via| via.to_string()));
            }
            Deed::Delegate { party, key, may, until } => {
                record.insert("party", party.to_string());
                record.insert("key", key.to_string());
                record.insert("may", texts(may));
                record.insert("until", until.to_string());
            }
            Deed::Dismiss { party, key } => {
                record.insert("party", party.to_string());
                record.insert("key", key.to_string());
                record.insert("until", Value::Null);
            }
            Deed::Rotate { subject, key, next } => {
                subject.write(&mut record);
                record.insert("key", key.to_string());
                optional(&mut record, "next", *next);
            }
            Deed::Revoke { subject, trusted_until } => {
                subject.write(&mut record);
                optional(&mut record, "trusted_until", *trusted_until);
            }
            Deed::Transfer { device, to, leases, via } => {
                between(&mut record, device, to);
                if !leases.is_empty() {
                    record.insert("leases", texts(leases));
                }
                optional(&mut record, "via", *via);
            }
            Deed::Lease { device, to, from, until, via } => {
                between(&mut record, device, to);
                record.insert("from", from.to_string());
                record.insert("until", until.to_string());
                optional(&mut record, "via", *via);
            }
            Deed::Return { device, lease } => {
                record.insert("device", device.to_string());
                record.insert("lease", lease.to_string());
            }
            Deed::Handover { device, to, note, documents } => {
                between(&mut record, device, to);
                optional(&mut record, "note", note.as_deref());
                if !documents.is_empty() {
                    record.insert("documents", texts(documents));
                }
            }
            Deed::Retire { device } => {
                record.insert("device", device.to_string());
            }
        }
        if !self.names.is_empty() {
            record.insert("names", self.names.to_object());
        }
        record
    }
}

impl Subject {
    fn write(&self, record: &mut Object) {
        match self {
            Self::Party(id) => record.insert("party", id.to_string()),
            Self::Device(id) => record.insert("device", id.to_string()),
            Self::Admin(key) => record.insert("admin", key.to_string()),
        };
    }
}

fn optional(record: &mut Object, name: &str, value: Option<impl ToString>) {
    if let Some(value) = value {
        record.insert(name, value.to_string());
    }
}

fn between(record: &mut Object, device: &Hash, to: &Hash) {
    record.insert("device", device.to_string());
    record.insert("to", to.to_string());
}

fn texts(list: &[impl ToString]) -> Value {
    Value::Array(list.iter().map(|one| one.to_string().into()).collect())
}

#[cfg(test)]
mod tests;
