//! Registry events: one sentence a deed, and whose signatures it takes.

use super::{Asked, Explanation, clause, proofs::demand};
use crate::{
    hash::Hash,
    json::Object,
    key::Did,
    record::{
        registry::{Deed, Name, RegistryEvent, Subject},
        signed,
    },
    rules::registry::{Registry, SignedAt, lookalike},
    time::Time,
};

/// Explains a registry event.
pub(super) fn event(record: &Object, asked: &Asked<'_>, told: &mut Explanation) {
    let event = match RegistryEvent::parse(record) {
        Some(Ok(event)) => event,
        Some(Err(why)) => return told.fault = Some(why.to_string()),
        None => return,
    };
    let asked = &NamedBy::of(&event, asked);
    told.say(deed(&event.deed, asked));
    if asked.by.brief {
        return told.says.extend(noted(&event.deed));
    }
    told.says.extend(more(&event.deed, asked));
    if let Deed::EnrollParty { name, .. } | Deed::EnrollDevice { name, .. } = &event.deed {
        let others = asked.by.registry.into_iter().flat_map(Registry::names);
        told.warnings.extend(lookalike::warnings(name, others));
    }
    told.say(format!("counts in the ledger {} and in no other", event.ledger));
    if let Some(prev) = &event.prev {
        told.say(format!("counts only as long as the latest event about it is {prev}"));
    }
    if let Some(expires) = event.expires {
        told.say(format!("must be received before {}", asked.by.times.show(expires)));
    }
    told.say(format!("its id is {}", signed::id(record)));
    if asked.has_drafters_words() {
        told.say("the names are those that its drafter wrote: the ids count, and its ledger holds the names against them");
    }
    match asked.by.judge() {
        Some(registry) => would_be_taken(&event, registry, asked.by.now, told),
        None => needs(&event.deed, asked, told),
    }
}

/// Who knows what those are called whom an event names.
struct NamedBy<'a, 'r> {
    /// What else is known
    by: &'a Asked<'r>,
    /// The names in the event itself; none where a registry is at hand, which knows the names of all that it has
    labels: Vec<(&'static str, Hash, &'a Name)>,
    /// Who gives the device away; `None`: nobody does, or nobody says who
    giver: Option<&'a Name>,
    /// Whether the drafter says who gives it away, and no registry
    is_drafters_giver: bool,
}

impl<'a, 'r> NamedBy<'a, 'r> {
    fn of(event: &'a RegistryEvent, by: &'a Asked<'r>) -> Self {
        // Of what is past the registry at hand, which is a later one, does not know who gave the device away.
        let known = by.judge().and_then(|registry| registry.giver(&event.deed));
        let written = event.names.giver(&event.deed).filter(|_| by.judge().is_none());
        let labels = event.names.labels(&event.deed);
        let labels = if by.registry.is_none() { labels.collect() } else { Vec::new() };
        Self { by, labels, giver: known.or(written), is_drafters_giver: written.is_some() }
    }

    fn has_drafters_words(&self) -> bool {
        self.is_drafters_giver || !self.labels.is_empty()
    }

    /// An id, with its name if one is known.
    fn named(&self, id: &Hash) -> String {
        let label = self.labels.iter().find(|(_, of, _)| of == id);
        match label {
            Some((.., label)) => format!("{label:?} ({id})"),
            None if self.by.is_unknown(id) => format!("{id} (not enrolled there)"),
            None => self.by.named(id),
        }
    }

    /// From when on a device is let: what is to be waits for its arrival, whatever it says.
    fn begin(&self, from: Time) -> String {
        if self.by.coming {
            clause::begin(from, &self.by.times)
        } else {
            self.by.times.show(from.max(self.by.now))
        }
    }

    /// Who gives the device away, if that is said, behind such a word.
    fn giver(&self, word: &str) -> String {
        self.giver.map_or_else(String::new, |giver| format!("{word}{giver:?}"))
    }
}

/// Who is still to sign, and what no signature helps, as its ledger stands.
fn would_be_taken(event: &RegistryEvent, registry: &Registry, now: Time, told: &mut Explanation) {
    let keys: Vec<Did> = told.good_keys().filter_map(|key| Did::parse(key).ok()).collect();
    let signed = SignedAt { keys: &keys, received: now };
    match registry.would_take(event, &signed) {
        Err(why) => told.warnings.push(format!("as its ledger stands, nobody could let it in: {why}")),
        Ok(()) => told.missing.extend(registry.missing(event, &signed).into_iter().flatten()),
    }
}

fn deed(deed: &Deed, asked: &NamedBy<'_, '_>) -> String {
    let named = |id: &Hash| asked.named(id);
    match deed {
        Deed::EnrollParty { name, key, .. } => {
            format!("{name:?} becomes a party, with the key {key}")
        }
        Deed::EnrollDevice { name, key, owner, via } => {
            let key = key.map_or("that cannot sign".to_owned(), |key| format!("with the key {key}"));
            let via = via.map_or(String::new(), |via| format!(", {} speaks for it", named(&via)));
            format!("{name:?} becomes a device {key}; {} owns it{via}", named(owner))
        }
        Deed::Assign { device, via: Some(via) } => {
            format!("{} may speak for the device {}", named(via), named(device))
        }
        Deed::Assign { device, via: None } => {
            format!("nobody but itself may speak for the device {}", named(device))
        }
        Deed::Delegate { party, key, may, until } => {
            let may: Vec<String> = may.iter().map(|right| format!("{right:?}")).collect();
            format!(
                "the key {key} may sign {} for {} until {}",
                may.join(", "),
                named(party),
                asked.by.times.show(*until)
            )
        }
        Deed::Dismiss { party, key } => format!("the key {key} may no longer sign for {}", named(party)),
        Deed::Rotate { subject, key, .. } => {
            format!("{} has the key {key} from here on", whose(subject, asked))
        }
        Deed::Revoke { subject, .. } => format!("the key of {} is dead from here on", whose(subject, asked)),
        Deed::Transfer { device, to, .. } => {
            format!("{} then owns the device {}{}", named(to), named(device), asked.giver(", and no longer "))
        }
        Deed::Lease { device, to, from, until, .. } => {
            let (from, until) = (asked.begin(*from), asked.by.times.show(*until));
            let by = asked.giver(" by ");
            format!("the device {} is let{by} to {} from {from} until {until}", named(device), named(to))
        }
        Deed::Return { device, lease } => {
            format!("the lease {lease} of the device {} ends early", named(device))
        }
        Deed::Handover { device, to, .. } => {
            let from = asked.giver(" from the hands of ");
            let hands = if from.is_empty() { "the hands" } else { "those" };
            format!("the device {} passes{from} into {hands} of {}", named(device), named(to))
        }
        Deed::Retire { device } => {
            format!("the device {} is retired: it speaks no more, and no watch misses it", named(device))
        }
    }
}

fn whose(subject: &Subject, asked: &NamedBy<'_, '_>) -> String {
    match subject {
        Subject::Party(id) => format!("the party {}", asked.named(id)),
        Subject::Device(id) => format!("the device {}", asked.named(id)),
        Subject::Admin(first) => format!("the admin that began as {first}"),
    }
}

/// What goes with a deed.
fn more(deed: &Deed, asked: &NamedBy<'_, '_>) -> Vec<String> {
    match deed {
        Deed::EnrollParty { next, .. } | Deed::Rotate { next, .. } => {
            vec![next.map_or("commits to no key after that".to_owned(), |next| {
                format!("commits to the key after that, by its SHA-256: {next}")
            })]
        }
        Deed::Revoke { trusted_until: Some(until), .. } if asked.by.coming || *until < asked.by.now => {
            vec![format!(
                "what was received after {} and before this is suspect",
                asked.by.times.show(*until)
            )]
        }
        Deed::Revoke { .. } => vec!["what came before this stays trusted".to_owned()],
        Deed::Transfer { leases, via, .. } => {
            let leases = leases.iter().map(|lease| format!("the lease {lease} goes on, with the new owner"));
            leases.chain([via_then(via.map(|via| asked.named(&via)))]).collect()
        }
        Deed::Handover { .. } => noted(deed),
        Deed::Lease { via, .. } => vec![via_then(via.map(|via| asked.named(&via)))],
        _ => Vec::new(),
    }
}

/// What was written down when a device changed hands.
fn noted(deed: &Deed) -> Vec<String> {
    let Deed::Handover { note, documents, .. } = deed else { return Vec::new() };
    let note = note.iter().map(|note| format!("its state then: \"{}\"", note.escape_debug()));
    let documents = documents.iter().map(|document| format!("a document of that: SHA-256 {document}"));
    note.chain(documents).collect()
}

fn via_then(via: Option<String>) -> String {
    let via = via.unwrap_or_else(|| "nobody but itself".to_owned());
    format!("{via} then speaks for it")
}

/// Whose signatures it takes. Who is who the ledger knows, so roles stand for those whose keys are not in the event.
fn needs(deed: &Deed, asked: &NamedBy<'_, '_>, told: &mut Explanation) {
    let one = |role: &str| vec![role.to_owned()];
    let (key, roles): (Option<(&str, Did)>, _) = match deed {
        Deed::EnrollParty { key, .. } => {
            (Some(("the new party's key", *key)), one("an admin, unless the new key is one's"))
        }
        Deed::EnrollDevice { key, owner, .. } => {
            (key.map(|key| ("the device's key", key)), vec![format!("the owner, {}", asked.named(owner))])
        }
        Deed::Assign { .. } => (None, one("who operates the device: its lessee, or else its owner")),
        Deed::Delegate { party, key, .. } => {
            (Some(("the delegate's key", *key)), vec![format!("the party, {}", asked.named(party))])
        }
        Deed::Dismiss { party, .. } => (None, vec![format!("the party, {}", asked.named(party))]),
        Deed::Rotate { subject: Subject::Device(_), key, .. } => {
            (Some(("the new key", *key)), one("the device's owner"))
        }
        Deed::Rotate { key, .. } => {
            (Some(("the new key", *key)), one("the old key, unless it is committed to the new one"))
        }
        Deed::Revoke { subject: Subject::Device(_), .. } | Deed::Retire { .. } => {
            (None, one("the device's owner"))
        }
        Deed::Revoke { .. } => (None, one("the key that it committed to, or an admin")),
        Deed::Transfer { to, .. } => (None, both("the old owner", "the new owner", to, asked)),
        Deed::Lease { to, .. } => (None, both("the lessor", "the lessee", to, asked)),
        Deed::Return { .. } => (None, one("the lessee; or, after the lessee's own return, the lessor")),
        Deed::Handover { to, .. } => (None, both("who has it", "who takes it", to, asked)),
    };
    demand(key.as_slice(), &roles, told);
}

fn both(first: &str, second: &str, to: &Hash, asked: &NamedBy<'_, '_>) -> Vec<String> {
    vec![format!("{first}{}", asked.giver(", ")), format!("{second}, {}", asked.named(to))]
}
