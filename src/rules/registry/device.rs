//! Devices: whose they are, who uses them, in whose hands they are, at any instant.
//!
//! ```text
//! lease           from ├──────────────┤ until
//! operator   owner     │ lessee       │ owner          ends by itself
//! via        owner's   │ the lease's  │ none           until the owner assigns one
//! custodian  who took it last by a handover; at first who enrolled it
//! ```

use super::{event_place::EventPlace, party::Revoked};
use crate::{
    hash::Hash,
    key::Did,
    record::registry::Name,
    time::{Span, Time},
};

/// How long after a lessee's notice a lease ends, unless the lessor confirms it before.
const NOTICE: Span = Span::from_millis(48 * 3_600_000);

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
    pub custody: Custody,
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
    /// The entry of the handover, or the one that enrolled the device
    pub n: u64,
    /// The number of this handover on the device's way; 0: its first owner has it still
    pub leg: u64,
}

/// What an event that was let in does to a device. Who could do it then is decided; when it was may yet change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeviceChange {
    /// Another speaks for it, or only itself: while this lease runs, or, by the owner, for good
    Via { via: Option<Hash>, lease: Option<Hash> },
    /// It is sold
    Owner { to: Hash, via: Option<Hash> },
    /// It is let
    Let { to: Hash, from: Time, until: Time, via: Option<Hash> },
    /// It is given back, or the lessee alone gives notice
    Return { lease: Hash, confirmed: bool },
    /// Another has it in hands
    Hands { to: Hash },
    /// It has another key
    Key { key: Did },
    /// It speaks no more
    Retire,
    /// Its key is dead, and trusted until then; `None`: until the event arrived
    Dead { trusted_until: Option<Time> },
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

    /// In whose hands it is: neither a lease nor a transfer moves what stands in the yard.
    pub fn custodian(&self) -> SinceEntry<Hash> {
        SinceEntry { is: self.custody.party, n: self.custody.n }
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

    /// The lease that has ended, if its lessee has not given the device back: who has it is neither its owner nor the
    /// lessee of a lease that runs.
    pub fn overdue(&self, at: Time) -> Option<EndedLease> {
        let holder = self.custody.party;
        let lessee = self.lease(at).map(|lease| lease.to);
        self.last_ended(at).filter(|_| holder != self.owner.is && lessee != Some(holder))
    }

    fn last_ended(&self, at: Time) -> Option<EndedLease> {
        let over = self.leases.iter().filter(|lease| lease.until <= at);
        over.max_by_key(|lease| lease.until).map(Lease::ended).or(self.ended)
    }

    /// The leases that have not ended at an instant.
    pub fn open_leases(&self, at: Time) -> impl Iterator<Item = &Lease> {
        self.leases.iter().filter(move |lease| at < lease.until)
    }

    /// Takes an event that was let in.
    pub(super) fn change(&mut self, change: &DeviceChange, place: EventPlace) {
        let EventPlace { n, received, id } = place;
        self.forget_ended(received);
        match *change {
            DeviceChange::Via { via, lease } => self.assign(via, lease, place),
            DeviceChange::Owner { to, via } => {
                self.owner = SinceEntry { is: to, n };
                self.via = (SinceEntry { is: via, n }, received);
                self.ended = None;
                self.exposed = self.key.is_some();
            }
            DeviceChange::Let { to, from, until, via } => {
                let (from, via) = (from.max(received), SinceEntry { is: via, n });
                self.let_out(Lease { id, n, to, from, until, until_n: n, via, notice: None }, received);
            }
            DeviceChange::Return { lease, confirmed } => self.give_back(&lease, confirmed, place),
            DeviceChange::Hands { to } => {
                self.custody = Custody { party: to, n, leg: self.custody.leg + 1 };
            }
            DeviceChange::Key { key } => {
                (self.key, self.key_n, self.revoked, self.exposed) = (Some(key), n, None, false);
            }
            DeviceChange::Retire => {
                self.retired = Some(n);
                self.via = (SinceEntry { is: None, n }, received);
            }
            DeviceChange::Dead { trusted_until } => {
                self.revoked = Some(Revoked { n, trusted_until: trusted_until.unwrap_or(received) });
            }
        }
        (self.last, self.last_n) = (id, n);
    }

    fn assign(&mut self, via: Option<Hash>, lease: Option<Hash>, place: EventPlace) {
        let via = SinceEntry { is: via, n: place.n };
        match lease {
            None => self.via = (via, place.received),
            Some(id) => {
                self.leases.iter_mut().filter(|lease| lease.id == id).for_each(|lease| lease.via = via);
            }
        }
    }

    /// A lease that was over when this one was made, by a clock that had jumped, may still run in truth: then this one
    /// begins behind it.
    fn let_out(&mut self, mut lease: Lease, now: Time) {
        let runs = self.leases.iter().filter(|other| other.from < lease.until && lease.from < other.until);
        lease.from = runs.map(|other| other.until).max().map_or(lease.from, |end| end.max(lease.from));
        if lease.from == now {
            self.via = (SinceEntry { is: None, n: lease.n }, now);
        }
        let at = self.leases.partition_point(|other| other.from <= lease.from);
        self.leases.insert(at, lease);
    }

    /// By both, or the lessor after a notice: at once. By the lessee alone: a notice.
    fn give_back(&mut self, lease: &Hash, confirmed: bool, place: EventPlace) {
        let Some(open) = self.leases.iter_mut().find(|open| open.id == *lease) else { return };
        let end = if confirmed { place.received } else { place.received.saturating_add(NOTICE) };
        if end < open.until {
            (open.until, open.until_n) = (end, place.n);
        }
        if !confirmed {
            open.notice = Some(SinceEntry { is: place.id, n: place.n });
        }
        self.leases.retain(|lease| lease.from < lease.until);
    }

    /// Forgets leases that have ended: what they changed is said where they are not needed.
    fn forget_ended(&mut self, now: Time) {
        (self.via, self.ended) = (self.own_via(now), self.last_ended(now));
        self.leases.retain(|lease| now < lease.until);
    }
}

impl Lease {
    fn ended(&self) -> EndedLease {
        EndedLease { n: self.n, until: self.until, until_n: self.until_n }
    }
}
