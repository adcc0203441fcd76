//! Devices: whose they are, who uses them, in whose hands they are, at any instant.
//!
//! ```text
//! lease           from ├──────────────┤ until
//! operator   owner     │ lessee       │ owner          ends by itself
//! via        owner's   │ the lease's  │ none           until the owner assigns one
//! custodian  operator, until the first handover; then who took it last
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
    /// The entry that retired it; `None`: it is in use
    pub retired: Option<u64>,
    /// Whether a former owner had this key in hands
    pub exposed: bool,
    /// The party that owns it
    pub owner: SinceEntry<Hash>,
    /// Who speaks for it as its owner wants, and from when on; `None` within: only itself
    pub via: (SinceEntry<Option<Hash>>, Time),
    /// Leases that had not ended at the latest event, by time
    pub leases: Vec<Lease>,
    /// The last lease under this owner that had ended at the latest event
    pub ended: Option<EndedLease>,
    /// Who took it last
    pub custody: Option<Custody>,
    /// The id of the latest event about it
    pub last: Hash,
    /// The entry of that event
    pub last_n: u64,
}

/// A fact, and the entry that made it one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SinceEntry<T> {
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
    /// The entry that says when it ends: its own, or that of a return
    pub until_n: u64,
    /// Who speaks for the device meanwhile; `None` within: only itself
    pub via: SinceEntry<Option<Hash>>,
    /// The lessee's notice that it gives the device back, which the lessor may confirm
    pub notice: Option<SinceEntry<Hash>>,
}

/// A lease that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedLease {
    /// The entry of the lease
    pub n: u64,
    /// The first instant after it
    pub until: Time,
    /// The entry that says so: that of the lease, or of a return
    pub until_n: u64,
}

/// In whose hands a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Custody {
    /// The party
    pub party: Hash,
    /// The entry of the handover
    pub n: u64,
    /// The number of this handover on the device's way, from 1
    pub leg: u64,
}

impl Device {
    /// Its key, unless that is dead or there is none, or the device is retired.
    pub fn active_key(&self) -> Option<&Did> {
        self.key.as_ref().filter(|_| self.revoked.is_none() && self.retired.is_none())
    }

    /// The lease that runs at an instant not before the latest event.
    pub fn lease(&self, at: Time) -> Option<&Lease> {
        self.leases.iter().find(|lease| lease.from <= at && at < lease.until)
    }

    /// Who uses it: the lessee while it is let, else the owner; and the entry that says so.
    pub fn operator(&self, at: Time) -> SinceEntry<Hash> {
        self.lease(at).map_or(self.owner, |lease| SinceEntry { is: lease.to, n: lease.n })
    }

    /// In whose hands it is: of who took it last, else of the operator.
    pub fn custodian(&self, at: Time) -> SinceEntry<Hash> {
        self.custody
            .map_or_else(|| self.operator(at), |custody| SinceEntry { is: custody.party, n: custody.n })
    }

    /// Who speaks for it besides itself, and the entry that says so; `None` within: no one.
    pub fn via(&self, at: Time) -> SinceEntry<Option<Hash>> {
        self.lease(at).map_or_else(|| self.own_via(at).0, |lease| lease.via)
    }

    /// The same as its owner wants: a lease that has begun since silences it.
    fn own_via(&self, at: Time) -> (SinceEntry<Option<Hash>>, Time) {
        let begun = |lease: &&Lease| self.via.1 < lease.from && lease.from <= at;
        let begun = self.leases.iter().rfind(begun);
        begun.map_or(self.via, |lease| (SinceEntry { is: None, n: lease.n }, lease.from))
    }

    /// The lease that ended last under this owner, if none runs.
    pub fn ended(&self, at: Time) -> Option<EndedLease> {
        self.last_ended(at).filter(|_| self.lease(at).is_none())
    }

    fn last_ended(&self, at: Time) -> Option<EndedLease> {
        let over = self.leases.iter().filter(|lease| lease.until <= at);
        over.max_by_key(|lease| lease.until).map(Lease::ended).or(self.ended)
    }

    /// The leases that have not ended at an instant.
    pub fn open_leases(&self, at: Time) -> impl Iterator<Item = &Lease> {
        self.leases.iter().filter(move |lease| at < lease.until)
    }

    /// Forgets leases that have ended: what they changed is said where they are not needed.
    pub(super) fn forget_ended(&mut self, now: Time) {
        (self.via, self.ended) = (self.own_via(now), self.last_ended(now));
        self.leases.retain(|lease| now < lease.until);
    }
}

impl Lease {
    fn ended(&self) -> EndedLease {
        EndedLease { n: self.n, until: self.until, until_n: self.until_n }
    }
}
