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
        let Some(entry) = event_in(n, &line)?.1 else { continue };
        if let Some(signers) = signed::claimants(&entry.record) {
            let act = Act::of(&entry.record, signers.into_iter().collect());
            // What breaks the rules changes nothing: where anybody may write, it can be there.
            let _ = registry.judge(n, entry.received, &act);
        }
    }
    Ok(())
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
