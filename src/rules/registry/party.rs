//! Parties, their clerks, and admins: the people and firms that answer for what they sign.

use crate::{hash::Hash, key::Did, record::registry::Name, time::Time};

/// A person or firm that signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The id of the record that enrolled it
    pub id: Hash,
    /// Its label
    pub name: Name,
    /// The entry that enrolled it
    pub n: u64,
    /// Its key
    pub key: Did,
    /// The entry since which it has this key
    pub key_n: u64,
    /// The commitment to its next key
    pub next: Option<Hash>,
    /// That its key is dead
    pub revoked: Option<Revoked>,
    /// Keys that sign for it; those that have ended may still be among them
    pub delegates: Vec<Delegate>,
    /// The id of the latest event about it
    pub last: Hash,
    /// The entry of that event
    pub last_n: u64,
}

/// That a key is dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// The entry that revoked it
    pub n: u64,
    /// What the key signed later than this is suspect
    pub trusted_until: Time,
}

/// A key that signs for a party, for some types of record and for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegate {
    /// The key
    pub key: Did,
    /// The entry that allowed it
    pub n: u64,
    /// The types of record
    pub may: Vec<String>,
    /// The first instant at which it may not
    pub until: Time,
}

/// An admin, whom entry 0 names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admin {
    /// The key in entry 0
    pub first: Did,
    /// The key now
    pub key: Did,
    /// The party that it is, once it has enrolled: its key is that one's
    pub party: Option<Hash>,
    /// The commitment to its next key, as long as it is no party
    pub next: Option<Hash>,
    /// That its key is dead
    pub revoked: Option<Revoked>,
    /// The id of the latest event about it, first that of the ledger
    pub last: Hash,
}

impl Party {
    /// Its key, unless it is dead.
    pub fn active_key(&self) -> Option<&Did> {
        self.revoked.is_none().then_some(&self.key)
    }

    /// The clerk who may sign for it now, by key.
    pub fn delegate(&self, key: &Did, now: Time) -> Option<&Delegate> {
        self.delegates.iter().find(|delegate| delegate.key == *key && now < delegate.until)
    }

    /// Whether a key may sign a record of this type for it.
    pub fn speaks(&self, key: &Did, kind: &str, now: Time) -> bool {
        self.active_key() == Some(key)
            || self.delegate(key, now).is_some_and(|delegate| delegate.may.iter().any(|right| right == kind))
    }
}

impl Admin {
    pub(super) fn new(key: Did, ledger: Hash) -> Self {
        Self { first: key, key, party: None, next: None, revoked: None, last: ledger }
    }

    /// Its key, unless it is dead.
    pub fn active_key(&self) -> Option<&Did> {
        self.revoked.is_none().then_some(&self.key)
    }
}
