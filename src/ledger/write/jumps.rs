//! The jump of the clock that may yet be undone, at the end of a ledger.
//!
//! A writer keeps it in `lock`, as it does the clocks; where that is lost, a few entries say that the clock has never
//! jumped. Where it has, those of the last day say whether that may yet be undone, which bisection finds.

use std::ops::Range;

use crate::{
    ledger::files::{folder::Folder, read::Reader, tree},
    time::Time,
    tlog::{
        arrival::{ClockTrail, EntryTimes, JUMP, JumpStart, UNDONE_WITHIN},
        layout::Layout,
        undone::{JumpWatch, first_jump},
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
    let none = ClockTrail::resuming(last, None);
    // What comes behind a wall has one, too, or jumps itself.
    if last.wall.is_some() {
        return Ok(none);
    }
    let reader = Reader::open(folder.clone())?;
    // Entries that were dropped cannot be asked.
    let seen = reader.dropped()?.last().map_or(0, |run| run.end);
    if seen == 0 && !has_jumped(size, folder.layout(), |n| Ok(reader.times(n)?.received))? {
        return Ok(none);
    }
    let first = first_received(&reader, seen..size, last.received.saturating_sub(UNDONE_WITHIN))?;
    let (begin, mut watch) = match first.checked_sub(1) {
        None => return Ok(none),
        Some(before) if before >= seen => (before, JumpWatch::default()),
        // When the last one that was dropped was received, its marker says: a jump began behind it or not.
        Some(before) => match tree::dropped(folder, folder.layout().first_in_file(before))? {
            Some(marker) => (first, behind(marker.received[1])),
            None => return Ok(none),
        },
    };
    for entry in reader.entries(begin..size) {
        let entry = entry?;
        // A ledger that is not sound is another matter: what undoes a jump wrongly undoes nothing here.
        let _ = watch.take(entry.n, entry.times());
    }
    Ok(*watch.trail())
}

/// Goes on behind an entry that was received at this time.
fn behind(received: Time) -> JumpWatch {
    JumpWatch::from_trail(ClockTrail::resuming(EntryTimes::plain(received), None))
}

/// Whether the clock has jumped anywhere in the first so many entries. Few of them are asked: two where all were received
/// within a year.
fn has_jumped(
    size: u64,
    layout: Layout,
    received: impl FnMut(u64) -> anyhow::Result<Time>,
) -> anyhow::Result<bool> {
    Ok(first_jump(0..size, layout, received)?.is_some())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    const HOUR: i64 = 3_600_000;

    /// How many of so many entries are asked whose clock ticks so many milliseconds from one to the next, and whether
    /// the clock has jumped.
    fn asked(size: u64, tick: i64, jump_at: Option<u64>) -> (bool, usize) {
        let mut asked = 0;
        let found = has_jumped(size, Layout::STANDARD, |n| {
            asked += 1;
            let ahead = if jump_at.is_some_and(|at| n >= at) { 20 * 8_766 * HOUR } else { 0 };
            Ok(Time::EPOCH.saturating_add(Span::from_millis(n.cast_signed() * tick + ahead)))
        });
        (found.unwrap(), asked)
    }

    #[test]
    fn a_clock_that_never_jumped_is_known_by_a_few_entries() {
        // A second from one to the next: all within a year, or over three.
        assert_eq!(asked(10_000_000, 1_000, None), (false, 2));
        let (jumped, many) = asked(100_000_000, 1_000, None);
        assert!(!jumped && many < 20, "{many}");
        for at in [1, 65_536, 5_000_000, 9_999_999] {
            let (jumped, many) = asked(10_000_000, 1_000, Some(at));
            assert!(jumped && many < 64, "{at}: {many}");
        }
    }
}
