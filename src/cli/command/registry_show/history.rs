//! The events that led to a state, as far as they name one member.

use super::warn_of_refused;
use crate::{
    audit::{
        checked_reader::CheckedReader,
        registry::{LedgerInstant, PastEvent, history, holder_of},
    },
    cli::{failure::Outcome, registry::book::RegistryBook, term::Term},
    explain::clause::{self, DeedTime},
    key::Did,
    machine,
    rules::registry::{KnownSubject, Registry},
    time::{TimeStyle, Zone},
};

pub(super) fn run(
    reader: &CheckedReader<'_>,
    instant: LedgerInstant,
    who: Option<&str>,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
    let zone = term.zone();
    let times = if term.human() { TimeStyle::Local(zone.clone()) } else { TimeStyle::Data };
    let words =
        |registry: &_, deed: &_, arrival| clause::deed(registry, deed, DeedTime::Arrived(arrival), &times);
    let (state, events) = history(reader, instant, machine::wall(), words)?;
    warn_of_refused(&state, term);
    let registry = state.registry();
    let book = RegistryBook { registry, place: reader.reader().shown() };
    let member = who.map(|who| book.find(who, term)).transpose()?;
    for event in events.iter().filter(|event| member.is_none_or(|member| event.is_about(&member, registry))) {
        if term.human() {
            term.tell(&line(event, registry, &zone))?;
        } else {
            term.data(&event.object(registry))?;
        }
    }
    Ok(Outcome::Yes)
}

fn line(event: &PastEvent, registry: &Registry, zone: &Zone) -> String {
    let signers: Vec<String> = event.signers.iter().map(|key| signer(registry, key)).collect();
    let signers = signers.join(", ");
    let arrival = zone.show(event.arrival);
    format!("{:>6}  {arrival}  {:9} {}; signed by {signers}\n", event.n, event.kind, event.what)
}

/// Who signed, in words: a clerk's key, or a former one, is told from the one that the member has now.
fn signer(registry: &Registry, key: &Did) -> String {
    let (name, has) = match holder_of(registry, key) {
        None => return key.to_string(),
        Some(KnownSubject::Party(party)) => (&party.name, party.key == *key),
        Some(KnownSubject::Device(device)) => (&device.name, device.key == Some(*key)),
    };
    if has { format!("{name:?}") } else { format!("{name:?} by {key}") }
}
