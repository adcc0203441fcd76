//! The events that led to a state.

use super::{LedgerInstant, RegistryAt, RegistryMember, UpcomingEvent, replay};
use crate::{
    audit::checked_reader::CheckedReader,
    hash::Hash,
    json::{Object, Value},
    key::Did,
    object,
    record::registry::{Deed, Subject},
    rules::registry::{Admin, KnownSubject, Registry},
    time::Time,
};

/// An event that changed the state.
#[derive(Debug)]
pub struct PastEvent {
    /// Its entry
    pub n: u64,
    /// When that arrived
    pub arrival: Time,
    /// The record's id
    pub id: Hash,
    /// Its type
    pub kind: &'static str,
    /// What it does, in words
    pub what: String,
    /// Whose keys signed it
    pub signers: Vec<Did>,
    /// Whom it names, or whose part in something it changes
    names: Vec<Subject>,
}

/// The registry at an instant, and the events that led to it. `words` says what an event does; the registry that it
/// gets is that before the event.
///
/// # Errors
/// If there is no such instant, or an entry cannot be read.
pub fn history(
    reader: &CheckedReader<'_>,
    instant: LedgerInstant,
    now: Time,
    words: impl Fn(&Registry, &Deed, Time) -> String,
) -> anyhow::Result<(RegistryAt, Vec<PastEvent>)> {
    replay(reader, instant, now, |event| {
        let what = words(event.registry, &event.event.deed, event.arrival);
        Some(PastEvent::of(event, what))
    })
}

impl PastEvent {
    fn of(event: &UpcomingEvent<'_>, what: String) -> Self {
        let deed = &event.event.deed;
        Self {
            n: event.n,
            arrival: event.arrival,
            id: *event.id,
            kind: event.event.kind(),
            what,
            signers: event.signers.as_slice().to_vec(),
            names: named(event.registry, deed, *event.id),
        }
    }

    /// Whether it names a member, or changes its part in something. Of a party that is an admin, what happened before
    /// it enrolled counts too. The registry is a later one.
    pub fn is_about(&self, member: &RegistryMember<'_>, registry: &Registry) -> bool {
        let is_party =
            |admin: &&Admin| matches!(member, RegistryMember::Party(party) if admin.party == Some(party.id));
        let admin = registry.admins().iter().find(is_party).map(|admin| Subject::Admin(admin.first));
        [Some(member.subject()), admin].into_iter().flatten().any(|subject| self.names.contains(&subject))
    }

    /// The event as data. The registry, which names its signers, is a later one.
    pub fn object(&self, registry: &Registry) -> Object {
        let signers = self.signers.iter().map(|key| {
            let holder = holder_of(registry, key).map(|known| known.name().as_str());
            object! { "key": key.to_string(), "name": holder }.into()
        });
        object! {
            "id": self.id.to_string(),
            "n": self.n,
            "received": self.arrival.to_string(),
            "type": self.kind,
            "what": self.what.as_str(),
            "signers": Value::Array(signers.collect()),
        }
    }
}

/// The member whose key it is or was; none of a key that no member has held. Keys are never forgotten, so the last
/// state knows those of all before.
pub fn holder_of<'a>(registry: &'a Registry, key: &Did) -> Option<KnownSubject<'a>> {
    registry.holder(key).and_then(|holder| registry.subject(&holder.subject))
}

/// The members that an event names, and those whose part ends with it. The state is that before it, and `id` that of
/// its record.
fn named(registry: &Registry, deed: &Deed, id: Hash) -> Vec<Subject> {
    let device_of = |id: &Hash| registry.device(id);
    let ids: Vec<Option<Hash>> = match deed {
        Deed::EnrollParty { .. } => vec![Some(id)],
        Deed::EnrollDevice { owner, via, .. } => vec![Some(id), Some(*owner), *via],
        Deed::Assign { device, via } => vec![Some(*device), *via],
        Deed::Delegate { party, .. } | Deed::Dismiss { party, .. } => vec![Some(*party)],
        Deed::Rotate { subject, .. } | Deed::Revoke { subject, .. } => return vec![*subject],
        Deed::Transfer { device, to, via, .. } => {
            vec![Some(*device), Some(*to), *via, device_of(device).map(|device| device.owner.is)]
        }
        Deed::Lease { device, to, via, .. } => {
            vec![Some(*device), Some(*to), *via, device_of(device).map(|device| device.owner.is)]
        }
        Deed::Retire { device } => {
            vec![Some(*device), device_of(device).map(|device| device.owner.is)]
        }
        Deed::Return { device, lease } => {
            let open =
                device_of(device).and_then(|device| device.leases.iter().find(|open| open.id == *lease));
            let owner = device_of(device).map(|device| device.owner.is);
            vec![Some(*device), open.map(|open| open.to), owner]
        }
        Deed::Handover { device, to, .. } => {
            vec![Some(*device), Some(*to), device_of(device).map(|device| device.custodian().is)]
        }
    };
    // Parties and devices have ids of one kind: which of the two it is, the state says, and the event itself.
    let is_device = |id: &Hash| {
        registry.device(id).is_some()
            || matches!(deed, Deed::EnrollDevice { .. }) && registry.party(id).is_none()
    };
    let subject = |id: Hash| if is_device(&id) { Subject::Device(id) } else { Subject::Party(id) };
    ids.into_iter().flatten().map(subject).collect()
}
