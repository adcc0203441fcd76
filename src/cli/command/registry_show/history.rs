//! The events that led to a state, as far as they name somebody.

use super::{State, warn_of_refused};
use crate::{
    cli::{
        failure::Outcome,
        registry::{
            Coming, Until, replay,
            who::{Book, Who},
            words,
        },
        term::Term,
    },
    hash::Hash,
    json::{Object, Value},
    key::Did,
    ledger::files::read::Reader,
    object,
    record::registry::{Deed, Subject},
    rules::registry::{Admin, Known, Registry},
    time::Time,
};

/// An event that was taken.
struct Told {
    n: u64,
    received: Time,
    id: Hash,
    kind: &'static str,
    what: String,
    signers: Vec<Did>,
    /// Whom it names, or whose part in something it changes
    names: Vec<Subject>,
}

pub(super) fn run(
    reader: &Reader,
    until: Until,
    who: Option<&str>,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
    let (folded, told) = replay(reader, until, |coming| Some(Told::of(coming)))?;
    warn_of_refused(&folded, term);
    let state = State::of(&folded, until);
    let book = Book { registry: folded.registry(), path: reader.folder().path() };
    let who = who.map(|who| book.find(who, term)).transpose()?;
    for event in told.iter().filter(|event| who.is_none_or(|who| event.is_about(&who, state.registry))) {
        if term.human() {
            term.text(&event.line(state.registry))?;
        } else {
            term.data(&event.object(state.registry))?;
        }
    }
    Ok(Outcome::Yes)
}

impl Told {
    fn of(coming: &Coming<'_>) -> Self {
        let deed = &coming.event.deed;
        Self {
            n: coming.n,
            received: coming.received,
            id: *coming.id,
            kind: coming.event.kind(),
            what: words::deed(coming.registry, deed, coming.received),
            signers: coming.signers.as_slice().to_vec(),
            names: named(coming.registry, deed, *coming.id, coming.received),
        }
    }

    /// Of a party that is an admin, what happened before it enrolled counts too.
    fn is_about(&self, who: &Who<'_>, registry: &Registry) -> bool {
        let is_party = |admin: &&Admin| matches!(who, Who::Party(party) if admin.party == Some(party.id));
        let admin = registry.admins().iter().find(is_party).map(|admin| Subject::Admin(admin.first));
        [Some(who.subject()), admin].into_iter().flatten().any(|subject| self.names.contains(&subject))
    }

    fn object(&self, registry: &Registry) -> Object {
        let signers = self.signers.iter().map(|key| {
            let holder = holder(registry, key).map(|known| known.name().as_str());
            object! { "key": key.to_string(), "name": holder }.into()
        });
        object! {
            "id": self.id.to_string(),
            "n": self.n,
            "received": self.received.to_string(),
            "type": self.kind,
            "what": self.what.as_str(),
            "signers": Value::Array(signers.collect()),
        }
    }

    fn line(&self, registry: &Registry) -> String {
        let signers: Vec<String> = self.signers.iter().map(|key| signer(registry, key)).collect();
        let signers = signers.join(", ");
        format!("{:>6}  {}  {:9} {}; signed by {signers}\n", self.n, self.received, self.kind, self.what)
    }
}

/// Who signed, in words: a clerk's key, or one of other days, is told from the one that somebody has.
fn signer(registry: &Registry, key: &Did) -> String {
    let (name, has) = match holder(registry, key) {
        None => return key.to_string(),
        Some(Known::Party(party)) => (&party.name, party.key == *key),
        Some(Known::Device(device)) => (&device.name, device.key == Some(*key)),
    };
    if has { format!("{name:?}") } else { format!("{name:?} by {key}") }
}

/// Whose key it is. Keys are never forgotten, so the last state knows those of all before.
fn holder<'a>(registry: &'a Registry, key: &Did) -> Option<Known<'a>> {
    registry.holder(key).and_then(|holder| registry.subject(&holder.subject))
}

/// Whom an event names, and whose part ends with it. The state is that before it, and `id` that of its record.
fn named(registry: &Registry, deed: &Deed, id: Hash, now: Time) -> Vec<Subject> {
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
        Deed::Return { device, lease } => {
            let open =
                device_of(device).and_then(|device| device.leases.iter().find(|open| open.id == *lease));
            let owner = device_of(device).map(|device| device.owner.is);
            vec![Some(*device), open.map(|open| open.to), owner]
        }
        Deed::Handover { device, to } => {
            vec![Some(*device), Some(*to), device_of(device).map(|device| device.custodian(now).is)]
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
