//! The rules told again: which events are let in after a past, and what else may be said.

use counterfoil::{
    hash::Hash,
    key::Did,
    record::registry::{Deed, Name, RegistryEvent, Subject},
    time::Time,
};

use super::past::{Past, subject};

/// What is asked of an event that comes now.
#[derive(Clone, Copy)]
struct Asked<'a> {
    past: Past<'a>,
    event: &'a RegistryEvent,
    signers: &'a [Did],
    now: Time,
}

impl Past<'_> {
    /// Whether an event is let in.
    pub(super) fn admits(self, event: &RegistryEvent, signers: &[Did], now: Time) -> bool {
        let asked = Asked { past: self, event, signers, now };
        let whom = subject(&event.deed);
        event.ledger == self.start.ledger
            && event.expires.is_none_or(|expires| now < expires)
            && whom.is_none_or(|whom| self.knows(whom) && event.prev == Some(self.last(whom)))
            && signers.iter().all(|key| asked.is_active(key))
            && (matches!(event.deed, Deed::Revoke { .. }) || !whom.is_some_and(|whom| self.is_retired(whom)))
            && asked.is_signed()
            && asked.holds()
    }

    /// Whether a reading of a device is let in.
    pub(super) fn admits_reading(self, device: Hash, signers: &[Did], now: Time) -> bool {
        let whom = Subject::Device(device);
        let own = self.active_key(whom).into_iter();
        let via = self.via(device, now);
        let gateway = via.and_then(|via| self.active_key(Subject::Device(via)));
        let speaks = own.chain(gateway).any(|key| signers.contains(&key))
            || via.is_some_and(|via| self.signs(via, signers, "reading", now));
        self.knows(whom) && speaks && signers.iter().all(|key| self.is_active(key, now))
    }

    /// Whether a record of another type is let in.
    pub(super) fn admits_other(self, kind: &str, signers: &[Did], now: Time) -> bool {
        let speaks = |key: &Did| match self.holder(key) {
            Some(Subject::Party(id)) => self.signs(id, &[*key], kind, now),
            Some(device) => self.active_key(device) == Some(*key),
            None => false,
        };
        signers.iter().any(speaks) && signers.iter().all(|key| self.is_active(key, now))
    }

    fn is_alive(self, party: &Hash) -> bool {
        self.is_party(party) && !self.is_dead(Subject::Party(*party))
    }

    fn may_be_via(self, via: Option<&Hash>, device: Option<&Hash>) -> bool {
        via.is_none_or(|via| {
            let gateway = self.active_key(Subject::Device(*via)).is_some();
            (self.is_alive(via) || gateway) && device != Some(via)
        })
    }

    fn is_no_admins(self, key: &Did) -> bool {
        self.admins().all(|admin| self.key(admin) != Some(*key))
    }

    fn is_free(self, name: &Name) -> bool {
        !self.facts.iter().any(|fact| match &fact.deed {
            Deed::EnrollParty { name: taken, .. } | Deed::EnrollDevice { name: taken, .. } => taken == name,
            _ => false,
        })
    }

    /// Whether a subject can get a key: no other has held it, and it is not an admin's dead one.
    fn is_new(self, key: &Did) -> bool {
        let dead = self.admins().any(|admin| self.is_dead(admin) && self.key(admin) == Some(*key));
        self.holder(key).is_none() && !dead
    }
}

impl Asked<'_> {
    fn is_active(self, key: &Did) -> bool {
        let (introduced, committed) = match &self.event.deed {
            Deed::EnrollParty { key, .. } | Deed::Delegate { key, .. } => (Some(*key), None),
            Deed::EnrollDevice { key, .. } => (*key, None),
            Deed::Rotate { key, subject, .. } => (Some(*key), self.past.next(*subject)),
            Deed::Revoke { subject, .. } => (None, self.past.next(*subject)),
            _ => (None, None),
        };
        introduced == Some(*key) || committed == Some(key.commitment()) || self.past.is_active(key, self.now)
    }

    fn by(self, party: &Hash) -> bool {
        self.past.signs(*party, self.signers, self.event.kind(), self.now)
    }

    fn by_key(self, key: &Did) -> bool {
        self.signers.contains(key)
    }

    fn by_admin(self) -> bool {
        self.signers.iter().any(|key| self.past.is_admin(key))
    }

    /// The column "signed by".
    fn is_signed(self) -> bool {
        let past = self.past;
        match &self.event.deed {
            Deed::EnrollParty { key, .. } => self.by_key(key) && self.by_admin(),
            Deed::EnrollDevice { key, owner, .. } => {
                self.by(owner) && key.as_ref().is_none_or(|key| self.by_key(key))
            }
            Deed::Assign { device, .. } => self.by(&past.operator(*device, self.now)),
            Deed::Delegate { party, key, .. } => self.by(party) && self.by_key(key),
            Deed::Dismiss { party, .. } => self.by(party),
            Deed::Rotate { subject, key, .. } => self.by_key(key) && self.may_rotate(*subject, key),
            Deed::Revoke { subject: Subject::Device(id), .. } | Deed::Retire { device: id } => {
                self.by(&past.owner(*id))
            }
            Deed::Revoke { subject, .. } => {
                let next = past.next(*subject);
                self.by_admin() || self.signers.iter().any(|key| next == Some(key.commitment()))
            }
            Deed::Transfer { device, to, .. } | Deed::Lease { device, to, .. } => {
                self.by(&past.owner(*device)) && self.by(to)
            }
            Deed::Return { device, lease } => self.may_return(*device, *lease),
            Deed::Handover { device, to, .. } => self.by(&past.custodian(*device)) && self.by(to),
        }
    }

    fn may_rotate(self, whom: Subject, key: &Did) -> bool {
        match (whom, self.past.next(whom)) {
            (Subject::Device(id), _) => self.by(&self.past.owner(id)),
            (_, Some(next)) => next == key.commitment(),
            (_, None) => self.past.active_key(whom).is_some_and(|old| self.by_key(&old)),
        }
    }

    fn may_return(self, device: Hash, lease: Hash) -> bool {
        let open = self.past.open(device, self.now);
        open.iter().find(|one| one.id == lease).is_some_and(|one| {
            let noticed = one.notice.is_some() && self.event.prev == one.notice;
            self.by(&one.to) || (noticed && self.by(&self.past.owner(device)))
        })
    }

    /// The column "condition".
    fn holds(self) -> bool {
        let (past, now) = (self.past, self.now);
        match &self.event.deed {
            Deed::EnrollParty { name, key, .. } => past.is_free(name) && past.is_new(key),
            Deed::EnrollDevice { name, key, owner, via } => {
                past.is_free(name)
                    && key.as_ref().is_none_or(|key| past.is_new(key) && past.is_no_admins(key))
                    && past.is_alive(owner)
                    && past.may_be_via(via.as_ref(), None)
            }
            Deed::Assign { device, via } => past.may_be_via(via.as_ref(), Some(device)),
            Deed::Delegate { key, until, may, .. } => {
                let own = |right: &String| ["delegate", "rotate", "revoke"].contains(&right.as_str());
                past.is_new(key) && past.is_no_admins(key) && now < *until && !may.iter().any(own)
            }
            Deed::Dismiss { party, key } => !past.rights(*party, key, now).is_empty(),
            Deed::Rotate { key, .. } => past.is_new(key) && past.is_no_admins(key),
            // A key is revoked once, and what cannot sign has none.
            Deed::Revoke { subject, .. } => past.living_key(*subject).is_some(),
            Deed::Retire { device } => past.open(*device, now).is_empty(),
            Deed::Transfer { device, to, leases, via } => {
                let named = past.open(*device, now).iter().all(|one| leases.contains(&one.id));
                named && self.may_come_to(device, to, via.as_ref()) && past.owner(*device) != *to
            }
            Deed::Lease { device, to, from, until, via } => {
                let from = (*from).max(now);
                let lets = past.open(*device, now);
                let clear = lets.iter().all(|one| *until <= one.from || one.until <= from);
                clear
                    && lets.len() < 512
                    && from < *until
                    && self.may_come_to(device, to, via.as_ref())
                    && past.owner(*device) != *to
            }
            Deed::Return { .. } => true,
            Deed::Handover { device, to, .. } => past.is_alive(to) && past.custodian(*device) != *to,
        }
    }

    fn may_come_to(self, device: &Hash, to: &Hash, via: Option<&Hash>) -> bool {
        self.past.is_alive(to) && self.past.may_be_via(via, Some(device))
    }
}
