//! Whose signature an event needs, and who may sign at all.

use std::fmt::Display;

use super::{Device, KnownSubject, Party, Registry, RegistryRefusal};
use crate::{
    hash::Hash,
    key::Did,
    record::registry::{Deed, RegistryEvent, Subject},
    time::Time,
};

/// The keys that signed a record, and when it was received.
#[derive(Clone, Copy, Debug)]
pub struct SignedAt<'a> {
    /// The keys that signed it
    pub keys: &'a [Did],
    /// When it was received
    pub received: Time,
}

/// A signer that an event needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NeededSigner {
    /// A party, in some role, or its clerk with the right to this type of event
    Party(&'static str, Hash),
    /// A key, in some role
    Key(&'static str, Did),
    /// Any admin
    Admin,
    /// The key that hashes to this, or any admin
    NextOrAdmin(Option<Hash>),
}

impl Registry {
    /// Whose signatures an event needs, when it is received at this instant.
    ///
    /// # Errors
    /// If it names a party, device or admin that does not exist.
    pub fn needs(
        &self,
        event: &RegistryEvent,
        signed: &SignedAt<'_>,
    ) -> Result<Vec<NeededSigner>, RegistryRefusal> {
        let now = signed.received;
        Ok(match &event.deed {
            Deed::EnrollParty { key, .. } => {
                vec![NeededSigner::Key("the new party's key", *key), NeededSigner::Admin]
            }
            Deed::EnrollDevice { key, owner, .. } => {
                let owner = NeededSigner::Party("the owner", self.known_party(owner)?.id);
                key.map(|key| NeededSigner::Key("the device's key", key)).into_iter().chain([owner]).collect()
            }
            Deed::Assign { device, .. } => {
                vec![NeededSigner::Party("the operator", self.known_device(device)?.operator(now).is)]
            }
            Deed::Delegate { party, key, .. } => {
                vec![NeededSigner::Party("the party", *party), NeededSigner::Key("the delegate's key", *key)]
            }
            Deed::Dismiss { party, .. } => vec![NeededSigner::Party("the party", *party)],
            Deed::Rotate { subject, key, .. } => self.rotation_needs(subject, *key)?,
            Deed::Revoke { subject, .. } => vec![match subject {
                Subject::Device(id) => NeededSigner::Party("the owner", self.known_device(id)?.owner.is),
                Subject::Party(id) => NeededSigner::NextOrAdmin(self.known_party(id)?.next),
                Subject::Admin(first) => NeededSigner::NextOrAdmin(self.known_admin(first)?.next),
            }],
            Deed::Transfer { device, to, .. } => {
                let owner = self.known_device(device)?.owner.is;
                vec![NeededSigner::Party("the owner", owner), NeededSigner::Party("the new owner", *to)]
            }
            Deed::Lease { device, to, .. } => {
                let owner = self.known_device(device)?.owner.is;
                vec![NeededSigner::Party("the lessor", owner), NeededSigner::Party("the lessee", *to)]
            }
            Deed::Retire { device } => {
                vec![NeededSigner::Party("the owner", self.known_device(device)?.owner.is)]
            }
            Deed::Return { device, lease } => self.return_needs(device, lease, event, signed)?,
            Deed::Handover { device, to, .. } => {
                let holder = self.known_device(device)?.custodian().is;
                vec![NeededSigner::Party("who has it", holder), NeededSigner::Party("who takes it", *to)]
            }
        })
    }

    /// The new key; and of who committed to it nothing more, else the old key, or the device's owner.
    fn rotation_needs(&self, subject: &Subject, key: Did) -> Result<Vec<NeededSigner>, RegistryRefusal> {
        let (next, old) = match subject {
            Subject::Device(id) => {
                let owner = self.known_device(id)?.owner.is;
                return Ok(vec![
                    NeededSigner::Key("the new key", key),
                    NeededSigner::Party("the owner", owner),
                ]);
            }
            Subject::Party(id) => self.known_party(id).map(|party| (party.next, party.key))?,
            Subject::Admin(first) => self.known_admin(first).map(|admin| (admin.next, admin.key))?,
        };
        let old = next.is_none().then_some(NeededSigner::Key("the old key", old));
        Ok([NeededSigner::Key("the new key", key)].into_iter().chain(old).collect())
    }

    /// The lessee; the lessor alone, where the lessee has given notice and nothing has happened since. Who else signs
    /// makes the return immediate.
    fn return_needs(
        &self,
        device: &Hash,
        lease: &Hash,
        event: &RegistryEvent,
        signed: &SignedAt<'_>,
    ) -> Result<Vec<NeededSigner>, RegistryRefusal> {
        let device = self.known_device(device)?;
        let lease = device.open_leases(signed.received).find(|open| open.id == *lease);
        let lease = lease.ok_or_else(|| RegistryRefusal::new("return: that lease is not open"))?;
        let noticed = lease.notice.is_some_and(|notice| event.prev == Some(notice.is));
        let lessor = NeededSigner::Party("the lessor", device.owner.is);
        if noticed && self.is_met(&lessor, event.kind(), signed) {
            return Ok(vec![lessor]);
        }
        Ok(vec![NeededSigner::Party("the lessee", lease.to)])
    }

    /// Whether one of the signers is who is needed.
    pub fn is_met(&self, need: &NeededSigner, kind: &str, signed: &SignedAt<'_>) -> bool {
        signed.keys.iter().any(|key| match need {
            NeededSigner::Party(_, id) => {
                self.party(id).is_some_and(|party| party.speaks(key, kind, signed.received))
            }
            NeededSigner::Key(_, needed) => key == needed,
            NeededSigner::Admin => self.is_admin(key),
            NeededSigner::NextOrAdmin(next) => self.is_admin(key) || *next == Some(key.commitment()),
        })
    }

    /// Whether it is an admin's key now.
    pub fn is_admin(&self, key: &Did) -> bool {
        self.admins.iter().any(|admin| admin.active_key() == Some(key))
    }

    /// Who is needed, in words.
    pub fn need_in_words(&self, need: &NeededSigner) -> String {
        match need {
            NeededSigner::Party(role, id) => match self.party(id) {
                Some(party) => format!("{role}, {:?} ({})", party.name, party.key),
                None => format!("{role}, {id}"),
            },
            NeededSigner::Key(role, key) => format!("{role}, {key}"),
            NeededSigner::Admin => {
                format!("an admin ({})", listed(self.admins.iter().map(|admin| admin.key)))
            }
            NeededSigner::NextOrAdmin(Some(_)) => "the key that it committed to, or an admin".to_owned(),
            NeededSigner::NextOrAdmin(None) => {
                format!("an admin ({})", listed(self.admins.iter().map(|admin| admin.key)))
            }
        }
    }

    /// Every signer must be active, needed or not.
    pub(super) fn check_active(&self, signed: &SignedAt<'_>) -> Result<(), RegistryRefusal> {
        self.check_all_active(signed.keys.iter(), signed.received)
    }

    /// The same where others may write, too: there it is asked of keys that a party, device or delegate held.
    pub(super) fn check_still_active(&self, signed: &SignedAt<'_>) -> Result<(), RegistryRefusal> {
        let asked = signed.keys.iter().filter(|key| self.enrolled_only || self.holder(key).is_some());
        self.check_all_active(asked, signed.received)
    }

    /// The same for an event, whose new keys are active in it.
    pub(super) fn check_active_in(
        &self,
        event: &RegistryEvent,
        signed: &SignedAt<'_>,
    ) -> Result<(), RegistryRefusal> {
        let next = self.commitment_of(event);
        let introduced = introduced(event);
        let others = signed.keys.iter().filter(|key| Some(**key) != introduced);
        self.check_all_active(others.filter(|key| next != Some(key.commitment())), signed.received)
    }

    /// A dead key is what is wrong before any other, so that the kind of refusal does not hang on who signed first.
    fn check_all_active<'k>(
        &self,
        keys: impl Iterator<Item = &'k Did>,
        now: Time,
    ) -> Result<(), RegistryRefusal> {
        let mut refusals = keys.filter_map(|key| self.check_one_active(key, now).err());
        let Some(first) = refusals.next() else { return Ok(()) };
        let dead = |refusal: &RegistryRefusal| matches!(refusal, RegistryRefusal::RevokedKey(_));
        Err(if dead(&first) { first } else { refusals.find(dead).unwrap_or(first) })
    }

    fn commitment_of(&self, event: &RegistryEvent) -> Option<Hash> {
        match &event.deed {
            Deed::Rotate { subject, .. } | Deed::Revoke { subject, .. } => match subject {
                Subject::Party(id) => self.party(id)?.next,
                Subject::Admin(first) => self.known_admin(first).ok()?.next,
                Subject::Device(_) => None,
            },
            _ => None,
        }
    }

    fn check_one_active(&self, key: &Did, now: Time) -> Result<(), RegistryRefusal> {
        if *key == self.log || self.is_admin(key) {
            return Ok(());
        }
        let Some(holder) = self.holder(key) else {
            return Err(RegistryRefusal::new(format!("signed with {key}, which nobody here holds")));
        };
        let subject = self.subject(&holder.subject);
        let active = match subject {
            Some(KnownSubject::Party(party)) => {
                party.active_key() == Some(key) || party.delegate(key, now).is_some()
            }
            Some(KnownSubject::Device(device)) => device.active_key() == Some(key),
            None => false,
        };
        if active && !holder.revoked {
            return Ok(());
        }
        if let Some(KnownSubject::Device(Device { name, retired: Some(n), .. })) = subject {
            return Err(RegistryRefusal::new(format!(
                "signed with {key} of {name:?}, which entry {n} retired"
            )));
        }
        // Words are for refusals: of every event they would be a twentieth of the work.
        let whose = subject.map(|known| format!("{:?}", known.name())).unwrap_or_default();
        if holder.revoked {
            return Err(RegistryRefusal::RevokedKey(format!(
                "signed with {key} of {whose}, which was revoked"
            )));
        }
        Err(RegistryRefusal::new(format!("signed with {key}, which {whose} has no longer")))
    }

    pub(super) fn known_party(&self, id: &Hash) -> Result<&Party, RegistryRefusal> {
        self.party(id).ok_or_else(|| RegistryRefusal::new(format!("no party {id} is enrolled here")))
    }

    pub(super) fn known_device(&self, id: &Hash) -> Result<&Device, RegistryRefusal> {
        self.device(id).ok_or_else(|| RegistryRefusal::new(format!("no device {id} is enrolled here")))
    }

    /// An admin that never enrolled: as a party it has a registry id.
    pub(super) fn known_admin(&self, first: &Did) -> Result<&super::Admin, RegistryRefusal> {
        let admin = self.admins.iter().find(|admin| admin.first == *first);
        match admin.ok_or_else(|| RegistryRefusal::new(format!("{first} is no admin of entry 0")))? {
            super::Admin { party: Some(id), .. } => {
                Err(RegistryRefusal::new(format!("the admin {first} has enrolled: name it by its id, {id}")))
            }
            admin => Ok(admin),
        }
    }
}

/// The key that an event introduces.
fn introduced(event: &RegistryEvent) -> Option<Did> {
    match &event.deed {
        Deed::EnrollParty { key, .. } | Deed::Delegate { key, .. } | Deed::Rotate { key, .. } => Some(*key),
        Deed::EnrollDevice { key, .. } => *key,
        _ => None,
    }
}

fn listed(keys: impl Iterator<Item = impl Display>) -> String {
    keys.map(|key| key.to_string()).collect::<Vec<_>>().join(", ")
}
