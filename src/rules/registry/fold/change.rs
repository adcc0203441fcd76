//! What an event that keeps the rules changes.

use super::EventPlace;
use crate::{
    hash::Hash,
    key::Did,
    record::registry::{Deed, Name, RegistryEvent, Subject},
    rules::registry::{
        Custody, Delegate, Device, KeyHolder, Lease, Party, Registry, Revocation, Revoked, SinceEntry,
        needed_signer::SignedAt,
    },
    time::{Span, Time},
};

/// How long after a lessee's notice a lease ends, unless the lessor confirms it before.
const NOTICE: Span = Span::from_millis(48 * 3_600_000);

impl Registry {
    pub(super) fn change(
        &mut self,
        event: &RegistryEvent,
        place: EventPlace,
        signed: &SignedAt<'_>,
    ) -> Option<Revocation> {
        match &event.deed {
            Deed::EnrollParty { name, key, next } => self.enroll_party(name, *key, *next, place),
            Deed::EnrollDevice { name, key, owner, via } => {
                self.enroll_device(name, *key, *owner, *via, place);
            }
            Deed::Delegate { party, key, may, until } => {
                self.delegate(
                    party,
                    Delegate { key: *key, n: place.n, may: may.clone(), until: *until },
                    place,
                );
            }
            Deed::Dismiss { party, key } => self.change_party(party, place, |party| {
                party.delegates.retain(|delegate| delegate.key != *key);
            }),
            Deed::Rotate { subject, key, next } => self.rotate(subject, *key, *next, place),
            Deed::Revoke { subject, trusted_until } => {
                let trusted_until = trusted_until.unwrap_or(place.received);
                return Some(self.revoke(subject, Revoked { n: place.n, trusted_until }, place));
            }
            Deed::Return { device, lease } => self.give_back(device, lease, place, signed),
            Deed::Assign { device, via } => {
                self.change_device(device, place, |device| assign(device, *via, place));
            }
            Deed::Transfer { device, to, via, .. } => self.change_device(device, place, |device| {
                device.owner = SinceEntry { is: *to, n: place.n };
                device.via = (SinceEntry { is: *via, n: place.n }, place.received);
                device.ended = None;
                device.exposed = device.key.is_some();
            }),
            Deed::Lease { device, to, from, until, via } => {
                let via = SinceEntry { is: *via, n: place.n };
                let from = (*from).max(place.received);
                let (id, n, to, until) = (place.id, place.n, *to, *until);
                let lease = Lease { id, n, to, from, until, until_n: n, via, notice: None };
                self.change_device(device, place, |device| let_out(device, lease, place.received));
            }
            Deed::Handover { device, to } => self.change_device(device, place, |device| {
                let leg = device.custody.map_or(0, |custody| custody.leg) + 1;
                device.custody = Some(Custody { party: *to, n: place.n, leg });
            }),
            Deed::Retire { device } => self.change_device(device, place, |device| {
                device.retired = Some(place.n);
                device.via = (SinceEntry { is: None, n: place.n }, place.received);
            }),
        }
        None
    }

    fn enroll_party(&mut self, name: &Name, key: Did, next: Option<Hash>, place: EventPlace) {
        let EventPlace { n, id, .. } = place;
        // Who was an admin by this key is one as a party, through all its rotations.
        for admin in self.admins.iter_mut().filter(|admin| admin.key == key && admin.party.is_none()) {
            admin.party = Some(id);
        }
        let party = Party {
            id,
            name: name.clone(),
            n,
            key,
            key_n: n,
            next,
            revoked: None,
            delegates: Vec::new(),
            last: id,
            last_n: n,
        };
        self.hold(key, id);
        self.names.insert(name.clone(), id);
        self.parties.insert(id, party);
    }

    fn enroll_device(
        &mut self,
        name: &Name,
        key: Option<Did>,
        owner: Hash,
        via: Option<Hash>,
        place: EventPlace,
    ) {
        let EventPlace { n, id, received } = place;
        let device = Device {
            id,
            name: name.clone(),
            n,
            key,
            key_n: n,
            revoked: None,
            retired: None,
            exposed: false,
            owner: SinceEntry { is: owner, n },
            via: (SinceEntry { is: via, n }, received),
            leases: Vec::new(),
            ended: None,
            custody: None,
            last: id,
            last_n: n,
        };
        if let Some(key) = key {
            self.hold(key, id);
        }
        self.names.insert(name.clone(), id);
        self.devices.insert(id, device);
    }

    fn delegate(&mut self, party: &Hash, delegate: Delegate, place: EventPlace) {
        self.hold(delegate.key, *party);
        self.change_party(party, place, |party| {
            party.delegates.retain(|other| place.received < other.until);
            party.delegates.push(delegate);
        });
    }

    fn rotate(&mut self, subject: &Subject, key: Did, next: Option<Hash>, place: EventPlace) {
        match subject {
            Subject::Party(id) => {
                self.hold(key, *id);
                self.change_party(id, place, |party| {
                    (party.key, party.key_n, party.next, party.revoked) = (key, place.n, next, None);
                });
                for admin in self.admins.iter_mut().filter(|admin| admin.party == Some(*id)) {
                    (admin.key, admin.revoked) = (key, None);
                }
            }
            Subject::Device(id) => {
                self.hold(key, *id);
                self.change_device(id, place, |device| {
                    (device.key, device.key_n, device.revoked, device.exposed) =
                        (Some(key), place.n, None, false);
                });
            }
            Subject::Admin(first) => {
                for admin in self.admins.iter_mut().filter(|admin| admin.first == *first) {
                    (admin.key, admin.next, admin.revoked, admin.last) = (key, next, None, place.id);
                }
            }
        }
    }

    fn revoke(&mut self, subject: &Subject, revoked: Revoked, place: EventPlace) -> Revocation {
        let mut dead = Vec::new();
        match subject {
            Subject::Party(id) => {
                self.change_party(id, place, |party| {
                    dead.push(party.key);
                    dead.extend(party.delegates.drain(..).map(|delegate| delegate.key));
                    party.revoked = Some(revoked);
                });
                for admin in self.admins.iter_mut().filter(|admin| admin.party == Some(*id)) {
                    admin.revoked = Some(revoked);
                }
            }
            Subject::Device(id) => self.change_device(id, place, |device| {
                dead.extend(device.key);
                device.revoked = Some(revoked);
            }),
            Subject::Admin(first) => {
                for admin in self.admins.iter_mut().filter(|admin| admin.first == *first) {
                    dead.push(admin.key);
                    (admin.revoked, admin.last) = (Some(revoked), place.id);
                }
            }
        }
        for key in &dead {
            if let Some(holder) = self.keys.get_mut(key) {
                holder.revoked = true;
            }
        }
        Revocation { keys: dead, trusted_until: revoked.trusted_until, n: place.n }
    }

    /// Both, or the lessor after a notice: at once. The lessee alone: a notice.
    fn give_back(&mut self, device: &Hash, lease: &Hash, place: EventPlace, signed: &SignedAt<'_>) {
        let confirmed = self.devices.get(device).is_some_and(|device| {
            let lessor = self.parties.get(&device.owner.is);
            signed
                .keys
                .iter()
                .any(|key| lessor.is_some_and(|lessor| lessor.speaks(key, "return", place.received)))
        });
        self.change_device(device, place, |device| {
            let Some(open) = device.leases.iter_mut().find(|open| open.id == *lease) else { return };
            let end = if confirmed { place.received } else { place.received.saturating_add(NOTICE) };
            if end < open.until {
                (open.until, open.until_n) = (end, place.n);
            }
            if !confirmed {
                open.notice = Some(SinceEntry { is: place.id, n: place.n });
            }
            device.leases.retain(|lease| lease.from < lease.until);
        });
    }

    fn hold(&mut self, key: Did, subject: Hash) {
        self.keys.insert(key, KeyHolder { subject, revoked: false });
    }

    fn change_party(&mut self, id: &Hash, place: EventPlace, change: impl FnOnce(&mut Party)) {
        let Some(party) = self.parties.get_mut(id) else { return };
        change(party);
        (party.last, party.last_n) = (place.id, place.n);
    }

    fn change_device(&mut self, id: &Hash, place: EventPlace, change: impl FnOnce(&mut Device)) {
        let Some(device) = self.devices.get_mut(id) else { return };
        device.forget_ended(place.received);
        change(device);
        (device.last, device.last_n) = (place.id, place.n);
    }
}

/// While a device is let, it is the lessee who says.
fn assign(device: &mut Device, via: Option<Hash>, place: EventPlace) {
    let via = SinceEntry { is: via, n: place.n };
    let now = place.received;
    match device.leases.iter_mut().find(|lease| lease.from <= now && now < lease.until) {
        Some(lease) => lease.via = via,
        None => device.via = (via, now),
    }
}

fn let_out(device: &mut Device, lease: Lease, now: Time) {
    if lease.from == now {
        device.via = (SinceEntry { is: None, n: lease.n }, now);
    }
    let at = device.leases.partition_point(|other| other.from <= lease.from);
    device.leases.insert(at, lease);
}
