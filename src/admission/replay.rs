//! The registry of a ledger that is there: its events folded again.
//!
//! Entries that are in were let in by the same rules, so the keys that their proofs name are believed here. Whoever
//! has not let them in himself asks `verify` first.

use std::ops::Range;

use anyhow::Context;

use crate::{
    chain::{entry::Entry, folder::Folder, read::Reader},
    record::{glance::Glance, registry::is_event, signed},
    registry::{Act, Registry},
    time::Time,
};

/// Folds the events among some entries, which follow on what the registry knows.
///
/// # Errors
/// If an entry cannot be read.
pub fn entries(registry: &mut Registry, folder: &Folder, range: Range<u64>) -> anyhow::Result<()> {
    if range.is_empty() {
        return Ok(());
    }
    let reader = Reader::open(folder.clone())?;
    for line in reader.lines(range) {
        let (n, line) = line?;
        if let Some((received, act)) = act_in(n, &line)? {
            // What breaks the rules changes nothing: where anybody may write, it can be there.
            let _ = registry.judge(n, received, &act);
        }
    }
    Ok(())
}

/// When a line was received and what it does, if there is an event in it.
fn act_in(n: u64, line: &[u8]) -> anyhow::Result<Option<(Time, Act)>> {
    if let Some((_, received, record)) = Entry::glance(line, Glance::of)
        && record.kind.is_some_and(is_event)
        && let Some(act) = Act::glance(&record)
    {
        return Ok(Some((received, act)));
    }
    let Some(entry) = event_in(n, line)?.1 else { return Ok(None) };
    let signers = signed::claimants(&entry.record);
    let act = signers.map(|signers| Act::of(&entry.record, signers.into_iter().collect()));
    Ok(act.map(|act| (entry.received, act)))
}

/// When a line was received, and its entry if there is an event in it: all else changes nothing.
///
/// # Errors
/// If it is no entry.
pub fn event_in(n: u64, line: &[u8]) -> anyhow::Result<(Time, Option<Entry>)> {
    // Most entries are readings.
    if let Some((_, received, glance)) = Entry::glance(line, Glance::of)
        && glance.kind.is_none_or(|kind| !is_event(kind))
    {
        return Ok((received, None));
    }
    let entry = Entry::parse_lenient(line).with_context(|| format!("entry {n}; run foil verify"))?;
    let event = entry.record.str("type").is_some_and(is_event);
    Ok((entry.received, event.then_some(entry)))
}
