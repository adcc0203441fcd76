//! Devices: whose they are, who uses them, in whose hands they are, at any instant.
//!
//! ```text
//! lease           from ├──────────────┤ until
//! operator   owner     │ lessee       │ owner          ends by itself
//! via        owner's   │ the lease's  │ none           until the owner assigns one
//! custodian  operator, until the first hand-over; then who took it last
//! ```

use super::party::Revoked;
use crate::{hash::Hash, key::Did, record::registry::Name, time::Time};

/// What is known of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The id of the record that enrolled it
    pub id: Hash,
    /// Its label
    pub name: Name,
    /// The entry that enrolled it
    pub n: u64,
    /// Its key, if it can sign
    pub key: Option<Did>,
    /// The entry since which it has this key, or none
    pub key_n: u64,
    /// That its key is dead
    pub revoked: Option<Revoked>,
    /// Whether a former owner had this key in hands
    pub exposed: bool,
    /// The party that owns it
    pub owner: Since<Hash>,
    /// Who speaks for it as its owner wants, and when that was said
    pub via: Option<(Since<Hash>, Time)>,
    /// Leases that had not ended at the latest event, by time
    pub leases: Vec<Lease>,
    /// Who took it last
    pub custody: Option<Custody>,
    /// The id of the latest event about it
    pub last: Hash,
    /// The entry of that event
    pub last_n: u64,
}

/// A fact, and the entry that made it one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since<T> {
    /// What holds
    pub is: T,
    /// Since which entry
    pub n: u64,
}

/// That a device is let.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The id of its event
    pub id: Hash,
    /// The entry of that
    pub n: u64,
    /// The lessee
    pub to: Hash,
    /// The first instant
    pub from: Time,
    /// The first instant after it
    pub until: Time,
    /// Who speaks for the device meanwhile
    pub via: Option<Since<Hash>>,
    /// The lessee's notice that it gives the device back, which the lessor may confirm
    pub notice: Option<Since<Hash>>,
}

/// In whose hands a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Custody {
    /// The party
    pub party: Hash,
    /// The entry of the hand-over
    pub n: u64,
    /// The how manieth hand-over it was
    pub leg: u64,
}

impl Device {
    /// Its key, unless it is dead or there is none.
    pub fn active_key(&self) -> Option<&Did> {
        self.key.as_ref().filter(|_| self.revoked.is_none())
    }

    /// The lease that runs at an instant not before the latest event.
    pub fn lease(&self, at: Time) -> Option<&Lease> {
        self.leases.iter().find(|lease| lease.from <= at && at < lease.until)
    }

    /// Who uses it: the lessee while it is let, else the owner; and the entry that says so.
    pub fn operator(&self, at: Time) -> Since<Hash> {
        self.lease(at).map_or(self.owner, |lease| Since { is: lease.to, n: lease.n })
    }

    /// In whose hands it is: of who took it last, else of the operator.
    pub fn custodian(&self, at: Time) -> Since<Hash> {
        self.custody.map_or_else(|| self.operator(at), |custody| Since { is: custody.party, n: custody.n })
    }

    /// Who speaks for it besides itself.
    pub fn via(&self, at: Time) -> Option<Since<Hash>> {
        if let Some(lease) = self.lease(at) {
            return lease.via;
        }
        self.via.filter(|(_, said)| !self.was_let(*said, at)).map(|(via, _)| via)
    }

    /// Whether a lease has begun between two instants.
    fn was_let(&self, after: Time, at: Time) -> bool {
        self.leases.iter().any(|lease| after < lease.from && lease.from <= at)
    }

    /// The leases that have not ended at an instant.
    pub fn open_leases(&self, at: Time) -> impl Iterator<Item = &Lease> {
        self.leases.iter().filter(move |lease| at < lease.until)
    }

    /// Forgets leases that have ended: what they changed is said where they are not needed.
    pub(super) fn settle(&mut self, now: Time) {
        self.via = self.via.filter(|(_, said)| !self.was_let(*said, now));
        self.leases.retain(|lease| now < lease.until);
    }
}
