//! What an event that keeps the rules changes.

use crate::{
    hash::Hash,
    key::Did,
    record::registry::{Deed, Name, RegistryEvent, Subject},
    rules::registry::{
        Custody, Delegate, Device, KeyHolder, Party, Registry, Revocation, Revoked, SinceEntry,
        device::DeviceChange, event_place::EventPlace, needed_signer::SignedAt,
    },
    time::Time,
};

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
                return Some(self.revoke(subject, *trusted_until, place));
            }
            Deed::Return { device, lease } => {
                let confirmed = self.is_confirmed(device, place, signed);
                self.change_device(device, place, DeviceChange::Return { lease: *lease, confirmed });
            }
            Deed::Assign { device, via } => {
                // While a device is let, it is the lessee who says.
                let lease = self.devices.get(device).and_then(|device| device.lease(place.received));
                let change = DeviceChange::Via { via: *via, lease: lease.map(|lease| lease.id) };
                self.change_device(device, place, change);
            }
            Deed::Transfer { device, to, via, .. } => {
                self.change_device(device, place, DeviceChange::Owner { to: *to, via: *via });
            }
            Deed::Lease { device, to, from, until, via } => {
                let change = DeviceChange::Let { to: *to, from: *from, until: *until, via: *via };
                self.change_device(device, place, change);
            }
            Deed::Handover { device, to, .. } => {
                self.change_device(device, place, DeviceChange::Hands { to: *to });
            }
            Deed::Retire { device } => self.change_device(device, place, DeviceChange::Retire),
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
            custody: Custody { party: owner, n, leg: 0 },
            last: id,
            last_n: n,
        };
        if let Some(key) = key {
            self.hold(key, id);
        }
        self.names.insert(name.clone(), id);
        self.note_enrolled(&device);
        self.devices.insert(id, device);
    }

    fn delegate(&mut self, party: &Hash, delegate: Delegate, place: EventPlace) {
        self.hold(delegate.key, *party);
        // While the clock may have jumped, nobody knows whose time is over.
        let forgets = self.jump.is_none();
        self.change_party(party, place, |party| {
            party.delegates.retain(|other| !forgets || place.received < other.until);
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
                self.change_device(id, place, DeviceChange::Key { key });
            }
            Subject::Admin(first) => {
                for admin in self.admins.iter_mut().filter(|admin| admin.first == *first) {
                    (admin.key, admin.next, admin.revoked, admin.last) = (key, next, None, place.id);
                }
            }
        }
    }

    fn revoke(&mut self, subject: &Subject, trusted_until: Option<Time>, place: EventPlace) -> Revocation {
        let revoked = Revoked { n: place.n, trusted_until: trusted_until.unwrap_or(place.received) };
        if trusted_until.is_none() {
            self.note_revoked(subject, place.n);
        }
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
            Subject::Device(id) => {
                dead.extend(self.devices.get(id).and_then(|device| device.key));
                self.change_device(id, place, DeviceChange::Dead { trusted_until });
            }
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

    /// Whether a return holds at once: by both, or by the lessor after a notice. That of the lessee alone is a notice.
    fn is_confirmed(&self, device: &Hash, place: EventPlace, signed: &SignedAt<'_>) -> bool {
        self.devices.get(device).is_some_and(|device| {
            let lessor = self.parties.get(&device.owner.is);
            signed
                .keys
                .iter()
                .any(|key| lessor.is_some_and(|lessor| lessor.speaks(key, "return", place.received)))
        })
    }

    fn hold(&mut self, key: Did, subject: Hash) {
        self.keys.insert(key, KeyHolder { subject, revoked: false });
    }

    fn change_party(&mut self, id: &Hash, place: EventPlace, change: impl FnOnce(&mut Party)) {
        let Some(party) = self.parties.get_mut(id) else { return };
        change(party);
        (party.last, party.last_n) = (place.id, place.n);
    }
}
