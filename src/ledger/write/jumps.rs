//! The jump of the clock that may yet be undone, at the end of a ledger.
//!
//! A writer keeps it in `lock`, as it does the clocks; where that is lost, a few entries say it: those of the last day,
//! which bisection finds.

use std::ops::Range;

use crate::{
    ledger::files::{folder::Folder, read::Reader},
    time::Time,
    tlog::{
        arrival::{ClockTrail, EntryTimes, JUMP, JumpStart, UNDONE_WITHIN},
        undone::JumpWatch,
    },
};

/// The trail with the jump that is kept, if the entries where it began say so; `None`: they do not.
pub(super) fn confirm(folder: &Folder, trail: &ClockTrail, kept: Option<JumpStart>) -> Option<ClockTrail> {
    let last = trail.last()?;
    let Some(jump) = kept else { return Some(ClockTrail::resuming(last, None)) };
    let reader = Reader::open(folder.clone()).ok()?;
    let times = |n| reader.times(n).ok();
    let before = jump.n.checked_sub(1).and_then(times)?.stated_arrival();
    let here = times(jump.n)?;
    let is_jump = here == EntryTimes::plain(jump.received) && jump.received - before > JUMP;
    let same = jump.before.is_none_or(|kept| kept == before);
    (is_jump && same && last.received >= jump.received).then(|| ClockTrail::resuming(last, kept))
}

/// The trail behind the last of so many entries, with the jump that may yet be undone.
///
/// # Errors
/// If entries cannot be read.
pub(super) fn find(folder: &Folder, trail: &ClockTrail, size: u64) -> anyhow::Result<ClockTrail> {
    let Some(last) = trail.last() else { return Ok(*trail) };
    let reader = Reader::open(folder.clone())?;
    // Entries that were dropped cannot be asked.
    let seen = reader.dropped()?.last().map_or(0, |run| run.end);
    let first = first_received(&reader, seen..size, last.received.saturating_sub(UNDONE_WITHIN))?;
    let (begin, mut watch) = match first.checked_sub(1) {
        None => return Ok(ClockTrail::resuming(last, None)),
        Some(before) if before >= seen => (before, JumpWatch::default()),
        Some(_) => (first, JumpWatch::behind_unseen()),
    };
    for entry in reader.entries(begin..size) {
        let entry = entry?;
        // A ledger that is not sound is another matter: what undoes a jump wrongly undoes nothing here.
        let _ = watch.take(entry.n, entry.times());
    }
    Ok(*watch.trail())
}

/// The first of these entries that was received at this time or later; the last one, if none was.
fn first_received(reader: &Reader, entries: Range<u64>, time: Time) -> anyhow::Result<u64> {
    let (mut low, mut high) = (entries.start, entries.end.saturating_sub(1));
    while low < high {
        let middle = low + (high - low) / 2;
        if reader.times(middle)?.received < time { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}
