//! The entries of a ledger, one after the other, as commands that print or draw them read them.

use std::ops::Range;

use super::{
    failure::{Ended, Outcome},
    filter::EntryFilter,
    signals,
    term::Term,
};
use crate::{
    audit::{checked_reader::CheckedReader, target::Log},
    ledger::files::read::Reader,
    time::Time,
    tlog::{entry::Entry, undone::UndoneJumps},
};

/// Hands on those entries of a range that are wanted, and when they arrived.
pub(crate) fn read(
    filter: &EntryFilter<'_>,
    checked: &CheckedReader<'_>,
    range: Range<u64>,
    arrival_matters: bool,
    take: &mut dyn FnMut(Entry, Time) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let undone = undone_jumps(checked, arrival_matters || filter.asks_for_arrival())?;
    for entry in present(checked.reader(), range)?.into_iter().flat_map(|part| checked.entries(part)) {
        // Held only at the prompt and by --follow; else SIGINT ends the process.
        if signals::interrupted() {
            return Err(Ended::error(Outcome::Interrupted, ""));
        }
        let entry = entry?;
        let arrival = undone.arrival(entry.n, entry.times());
        if filter.wants(&entry, arrival) {
            take(entry, arrival)?;
        }
    }
    Ok(())
}

/// What of a range is there. Of one entry that was dropped the reader says so; of many the rest is printed.
fn present(reader: &Reader<Log>, range: Range<u64>) -> anyhow::Result<Vec<Range<u64>>> {
    if range.end - range.start.min(range.end) == 1 { Ok(vec![range]) } else { reader.present(range) }
}

/// Warns of those entries of a range that are no longer there. Of one that was dropped the reader says so.
pub(crate) fn warn_of_dropped(
    reader: &Reader<Log>,
    range: &Range<u64>,
    term: &mut Term,
) -> anyhow::Result<()> {
    let is_one = range.end - range.start.min(range.end) == 1;
    for dropped in reader.dropped()?.iter().filter(|_| !is_one) {
        if dropped.start < range.end && dropped.end > range.start {
            let (first, last) = (dropped.start, dropped.end - 1);
            term.warn(format!(
                "entries {first} to {last} were dropped by foil chain prune, and are left out"
            ));
        }
    }
    Ok(())
}

/// The jumps of the clock that were undone, where it matters when an entry arrived.
fn undone_jumps(checked: &CheckedReader<'_>, arrival_matters: bool) -> anyhow::Result<UndoneJumps> {
    if arrival_matters { checked.undone_jumps(checked.reader().size()) } else { Ok(UndoneJumps::default()) }
}
