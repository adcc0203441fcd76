//! Whose word is known here: the ledgers whose log keys the reader made known, since when, and by which act.

use crate::{
    cli::{
        failure::Outcome,
        key_names, ledger, notice,
        term::{Term, escape},
    },
    json::Object,
    key::Did,
    ledger::pins::{KnownLedger, Successor},
    object,
    time::Zone,
};

/// Lists the ledgers whose keys are known.
pub(super) fn list(term: &mut Term) -> anyhow::Result<Outcome> {
    let (known, unreadable) = ledger::seen().all()?;
    let zone = term.zone();
    for known in &known {
        if term.human() {
            term.tell(&in_words(known, &zone))?;
        } else {
            term.data(&as_object(known))?;
        }
    }
    for error in &unreadable {
        term.warn(format!("{error:#}"));
    }
    if known.is_empty() && unreadable.is_empty() {
        term.say("no log's key is known here: --key and --trust make one known, and so does foil chain init");
    }
    Ok(if unreadable.is_empty() { Outcome::Yes } else { Outcome::CouldNot })
}

fn in_words(known: &KnownLedger, zone: &Zone) -> String {
    let stated = known.sight.checkpoint.checkpoint();
    let since = known.known.map_or("not noted".to_owned(), |known| {
        format!("{}: {}", zone.show(known.since), notice::because(known.act))
    });
    let mut lines = vec![
        stated.origin.clone(),
        format!("  log key  {}", known.sight.key),
        format!("  known    since {since}"),
        format!("  seen     {} entries, root {}", stated.size, stated.root),
        format!("  ledger   {}", known.id),
    ];
    if let Some(Successor { ledger, size }) = known.successor {
        lines.push(format!("  goes on  as {ledger}, from entry {size} on"));
    }
    lines.iter().map(|line| escape(line) + "\n").collect()
}

fn as_object(known: &KnownLedger) -> Object {
    let stated = known.sight.checkpoint.checkpoint();
    object! {
        "origin": stated.origin.as_str(),
        "ledger": known.id.to_string(),
        "key": known.sight.key.did(),
        "short": Did::from(&known.sight.key).short(),
        "contacts": key_names::contacts_of(&known.sight.key),
        "since": known.known.map(|known| known.since.to_string()),
        "by": known.known.map(|known| known.act.name()),
        "size": stated.size,
        "root": stated.root.to_string(),
        "continued_by": known.successor.map(|successor| successor.ledger.to_string()),
    }
}
