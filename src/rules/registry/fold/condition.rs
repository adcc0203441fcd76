//! What must hold before an event can happen, besides signatures.

use crate::{
    hash::Hash,
    key::Did,
    record::{
        registry::{Deed, MAX_LEASES, Name, RegistryEvent, Subject},
        signed,
    },
    rules::registry::{Device, KnownSubject, Lease, Registry},
    time::Time,
};

impl Registry {
    pub(super) fn check_conditions(&self, event: &RegistryEvent, now: Time) -> Result<(), String> {
        if let Some(expires) = event.expires.filter(|expires| now >= *expires) {
            return Err(format!("it expired at {expires}"));
        }
        self.check_prev(event)?;
        self.check_in_use(&event.deed)?;
        self.check_names(event)?;
        match &event.deed {
            Deed::EnrollParty { name, key, .. } => {
                self.check_name(name)?;
                self.check_new_key(key)
            }
            Deed::EnrollDevice { name, key, owner, via } => {
                self.check_name(name)?;
                key.as_ref().map_or(Ok(()), |key| self.check_lent_key(key))?;
                self.check_alive(owner)?;
                self.check_via(via.as_ref(), None)
            }
            Deed::Assign { device, via } => self.check_via(via.as_ref(), Some(device)),
            Deed::Delegate { key, until, .. } => {
                self.check_lent_key(key)?;
                check(now < *until, || format!("it ended at {until}, before it was received"))
            }
            Deed::Dismiss { party, key } => {
                let has = self.party(party).and_then(|party| party.delegate(key, now)).is_some();
                check(has, || format!("{key} is no delegate of that party"))
            }
            Deed::Rotate { subject, key, .. } => self.check_rotation(subject, key),
            Deed::Revoke { subject, .. } => self.check_not_revoked(subject),
            Deed::Transfer { device, to, leases, via } => {
                self.check_alive(to)?;
                self.check_via(via.as_ref(), Some(device))?;
                self.device(device).map_or(Ok(()), |device| check_transfer(device, to, leases, now))
            }
            Deed::Lease { device, to, from, until, via } => {
                self.check_alive(to)?;
                self.check_via(via.as_ref(), Some(device))?;
                let from = (*from).max(now);
                self.device(device).map_or(Ok(()), |device| self.check_lease(device, to, from, *until, now))
            }
            Deed::Return { .. } => Ok(()),
            Deed::Handover { device, to, .. } => {
                self.check_alive(to)?;
                let has = self.device(device).map(Device::custodian).filter(|has| has.is == *to);
                has.map_or(Ok(()), |has| Err(format!("they have it already, since entry {}", has.n)))
            }
            Deed::Retire { device } => {
                self.device(device).map_or(Ok(()), |device| check_not_let(device, now))
            }
        }
    }

    /// Nothing happens any more to a device that is retired, but that its key, which signed before, is called dead.
    fn check_in_use(&self, deed: &Deed) -> Result<(), String> {
        let device = match deed {
            Deed::Revoke { .. } => None,
            deed => device_of(deed).and_then(|id| self.device(id)),
        };
        let retired = device.and_then(|device| Some((device, device.retired?)));
        retired.map_or(Ok(()), |(device, n)| {
            Err(format!(
                "{:?} was retired by entry {n}; to use it again, enroll it as a new device",
                device.name
            ))
        })
    }

    /// Who signs by what an event calls somebody must not be misled.
    fn check_names(&self, event: &RegistryEvent) -> Result<(), String> {
        for (member, id, label) in event.names.labels(&event.deed) {
            if let Some(known) = self.subject(&id).filter(|known| known.name() != label) {
                return Err(format!("it calls {label:?} who is {:?} here ({member})", known.name()));
            }
        }
        let giver = event.names.giver(&event.deed).zip(self.giver(&event.deed));
        if let Some((label, known)) = giver.filter(|(label, known)| label != known) {
            let role = event.deed.giver().unwrap_or_default();
            return Err(format!("it calls {label:?} who is {known:?} here ({role})"));
        }
        Ok(())
    }

    /// Each subject has its own chain of events: what was signed before something else happened fits no more.
    fn check_prev(&self, event: &RegistryEvent) -> Result<(), String> {
        let Some(prev) = event.prev else { return Ok(()) };
        let Some(last) = self.last_of(&event.deed).filter(|last| *last != prev) else { return Ok(()) };
        let entry =
            self.last_entry_of(&event.deed).map_or_else(|| last.to_string(), |n| format!("entry {n}"));
        Err(format!(
            "outdated: {entry} is a later event about the same, so it was used already or came too late; draft it anew"
        ))
    }

    /// What was taken is not taken again, and is told from what came too late: whoever sends it twice has lost nothing.
    pub(super) fn check_unused(&self, event: &RegistryEvent) -> Result<(), String> {
        let is_used = |used: &Hash| *used == signed::id(&event.to_record());
        let used = match &event.deed {
            Deed::EnrollParty { name, .. } | Deed::EnrollDevice { name, .. } => {
                self.named(name).filter(|known| is_used(known.id())).map(|known| Some(known.n()))
            }
            deed => {
                let last = self.last_of(deed).filter(|last| event.prev != Some(*last));
                last.filter(is_used).map(|_| self.last_entry_of(deed))
            }
        };
        used.map_or(Ok(()), |n| {
            let n = n.map_or_else(|| "the latest event about it".to_owned(), |n| format!("entry {n}"));
            Err(format!("used already: {n} is this very event"))
        })
    }

    /// The entry of the latest event about the subject of a deed; `None`: it is not kept, as of an admin that never
    /// enrolled.
    fn last_entry_of(&self, deed: &Deed) -> Option<u64> {
        let id = match deed {
            Deed::Delegate { party, .. }
            | Deed::Dismiss { party, .. }
            | Deed::Rotate { subject: Subject::Party(party), .. }
            | Deed::Revoke { subject: Subject::Party(party), .. } => party,
            deed => return Some(self.device(device_of(deed)?)?.last_n),
        };
        Some(self.party(id)?.last_n)
    }

    /// The latest event about the subject of a deed: what a new event has as `prev`.
    pub fn last_of(&self, deed: &Deed) -> Option<Hash> {
        match deed {
            Deed::EnrollParty { .. } | Deed::EnrollDevice { .. } => None,
            Deed::Delegate { party, .. } | Deed::Dismiss { party, .. } => Some(self.party(party)?.last),
            Deed::Rotate { subject, .. } | Deed::Revoke { subject, .. } => match subject {
                Subject::Party(id) => Some(self.party(id)?.last),
                Subject::Device(id) => Some(self.device(id)?.last),
                Subject::Admin(first) => Some(self.known_admin(first).ok()?.last),
            },
            Deed::Assign { device, .. }
            | Deed::Transfer { device, .. }
            | Deed::Lease { device, .. }
            | Deed::Return { device, .. }
            | Deed::Handover { device, .. }
            | Deed::Retire { device } => Some(self.device(device)?.last),
        }
    }

    fn check_name(&self, name: &Name) -> Result<(), String> {
        let holder = self.named(name);
        check(holder.is_none(), || {
            let id = holder.map(|known| known.id().to_string()).unwrap_or_default();
            format!("the name {name:?} is taken, by {id}; names are never freed")
        })
    }

    /// A key that a party, device or delegate ever held cannot be enrolled again, nor a revoked key of an admin: a
    /// party that enrolled with it would be admin again.
    fn check_new_key(&self, key: &Did) -> Result<(), String> {
        let dead = self.admins.iter().any(|admin| admin.revoked.is_some() && admin.key == *key);
        check(!dead, || format!("the key {key} is an admin's that was revoked"))?;
        let holder = self.holder(key).and_then(|holder| self.subject(&holder.subject));
        check(holder.is_none(), || {
            let whose = holder.map(|known| format!("{:?}", known.name())).unwrap_or_default();
            format!("the key {key} is or was held by {whose}, and so is never new again")
        })
    }

    fn check_alive(&self, party: &Hash) -> Result<(), String> {
        match self.party(party) {
            None => Err(format!("no party {party} is enrolled here")),
            Some(party) => {
                check(party.revoked.is_none(), || format!("the key of {:?} was revoked", party.name))
            }
        }
    }

    /// A `via` is a party or another device that is active.
    fn check_via(&self, via: Option<&Hash>, device: Option<&Hash>) -> Result<(), String> {
        let Some(via) = via else { return Ok(()) };
        check(device != Some(via), || "a device speaks for itself without being its own via".to_owned())?;
        match self.subject(via) {
            None => Err(format!("via {via} is no party or device that is enrolled here")),
            Some(KnownSubject::Party(party)) => self.check_alive(&party.id),
            Some(KnownSubject::Device(device)) => {
                check(device.retired.is_none(), || format!("via {:?} is retired", device.name))?;
                check(device.active_key().is_some(), || format!("via {:?} has no key", device.name))
            }
        }
    }

    /// A key that speaks for another is no admin's: revoked as that, it would be dead as this, and not called so.
    fn check_lent_key(&self, key: &Did) -> Result<(), String> {
        self.check_new_key(key)?;
        self.check_no_admins(key)
    }

    fn check_no_admins(&self, key: &Did) -> Result<(), String> {
        let admins = self.admins.iter().any(|admin| admin.key == *key);
        check(!admins, || format!("the key {key} is an admin's"))
    }

    fn check_rotation(&self, subject: &Subject, key: &Did) -> Result<(), String> {
        self.check_new_key(key)?;
        let (next, revoked) = match subject {
            Subject::Party(id) => self.party(id).map_or((None, None), |party| (party.next, party.revoked)),
            Subject::Admin(first) => self.known_admin(first).map(|admin| (admin.next, admin.revoked))?,
            // Its owner gives it another key, whatever became of the old one.
            Subject::Device(_) => (None, None),
        };
        // The log key signs for ever, and yet as a party's or admin's it can be dead.
        check(next.is_some() || revoked.is_none(), || "the old key was revoked".to_owned())?;
        self.check_no_admins(key)?;
        check(next.is_none_or(|next| next == key.commitment()), || {
            format!("{key} is not the key that was committed to as next")
        })
    }

    fn check_not_revoked(&self, subject: &Subject) -> Result<(), String> {
        let (revoked, has) = match subject {
            Subject::Party(id) => (self.party(id).and_then(|party| party.revoked), true),
            Subject::Admin(first) => (self.known_admin(first)?.revoked, true),
            Subject::Device(id) => {
                let device = self.device(id);
                (device.and_then(|device| device.revoked), device.is_some_and(|device| device.key.is_some()))
            }
        };
        check(has, || "the device has no key".to_owned())?;
        check(revoked.is_none(), || "the key is revoked already".to_owned())
    }

    fn check_lease(
        &self,
        device: &Device,
        to: &Hash,
        from: Time,
        until: Time,
        now: Time,
    ) -> Result<(), String> {
        check(device.owner.is != *to, || "the lessee owns it".to_owned())?;
        check(from < until, || format!("it ends at {until}, before it begins at {from}"))?;
        // One more could not be named when the device is sold.
        check(device.open_leases(now).count() < MAX_LEASES, || {
            format!(
                "{:?} has {MAX_LEASES} leases that have not ended, and no more fit a transfer",
                device.name
            )
        })?;
        let Some(other) = device.open_leases(from).find(|lease| lease.from < until) else { return Ok(()) };
        let lessee = self.party(&other.to).map_or_else(String::new, |party| format!(" to {:?}", party.name));
        let Lease { n, from, until, .. } = other;
        Err(format!("it overlaps the lease{lessee} (entry {n}), from {from} until {until}"))
    }
}

impl From<super::super::RegistryRefusal> for String {
    fn from(refusal: super::super::RegistryRefusal) -> Self {
        refusal.to_string()
    }
}

fn check(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

/// The device whose state a deed changes; `None`: it changes none that is there.
fn device_of(deed: &Deed) -> Option<&Hash> {
    match deed {
        Deed::Assign { device, .. }
        | Deed::Transfer { device, .. }
        | Deed::Lease { device, .. }
        | Deed::Return { device, .. }
        | Deed::Handover { device, .. }
        | Deed::Retire { device }
        | Deed::Rotate { subject: Subject::Device(device), .. }
        | Deed::Revoke { subject: Subject::Device(device), .. } => Some(device),
        Deed::EnrollParty { .. }
        | Deed::EnrollDevice { .. }
        | Deed::Delegate { .. }
        | Deed::Dismiss { .. }
        | Deed::Rotate { .. }
        | Deed::Revoke { .. } => None,
    }
}

/// The owner alone retires a device, and does not end by that what was agreed with a lessee.
fn check_not_let(device: &Device, now: Time) -> Result<(), String> {
    device.open_leases(now).next().map_or(Ok(()), |lease| {
        Err(format!("the lease {}, until {}, has not ended: return it first", lease.id, lease.until))
    })
}

/// The buyer of a device must know who has rented it.
fn check_transfer(device: &Device, to: &Hash, leases: &[Hash], now: Time) -> Result<(), String> {
    check(device.owner.is != *to, || "they own it already".to_owned())?;
    let unnamed = device.open_leases(now).find(|lease| !leases.contains(&lease.id));
    unnamed.map_or(Ok(()), |lease| {
        Err(format!("the lease {}, until {}, is open and not named", lease.id, lease.until))
    })
}
