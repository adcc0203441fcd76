//! The sequence numbers of one stream: which are there, and where holes are.
//!
//! A reading that is withheld leaves a hole in its stream. A hole is bounded by the records around it: all
//! values of the device are unknown from the time of the one below until a value from above, or from elsewhere.

use std::collections::BTreeMap;

use super::EntryId;

/// What is known of one stream: stretches of numbers without a hole, by their first ones. A map, since the
/// sender of a stream chooses the order.
#[derive(Clone, Debug, Default)]
pub(super) struct SequenceNumbers {
    runs: BTreeMap<u64, Run>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    first: u64,
    last: u64,
    /// The entry and the time of the first one; no time: none that is believed
    opening: (EntryId, Option<i64>),
    /// The highest number whose time is known, and that time; `None`: no time is known
    latest: Option<(u64, i64)>,
}

/// Numbers that are missing between two that are there, or before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    /// The time of the highest record below it; `None`: no record below has one
    pub(super) start: Option<i64>,
    /// The lowest number above it
    pub(super) above: u64,
    /// That record's entry and time
    pub(super) opening: (EntryId, Option<i64>),
}

impl SequenceNumbers {
    /// Adds the number of a record. `time`: `None` where it has none that is believed.
    pub(super) fn insert(&mut self, seq: u64, time: Option<i64>, entry: EntryId) {
        let before = self.runs.range_mut(..=seq).next_back();
        let mut run =
            Run { first: seq, last: seq, opening: (entry, time), latest: time.map(|time| (seq, time)) };
        if let Some((_, before)) = before {
            if seq <= before.last {
                before.repeat(seq, time, entry);
                return;
            }
            if before.last + 1 == seq {
                run = before.joined(&run);
            }
        }
        if let Some(next) = seq.checked_add(1).and_then(|next| self.runs.remove(&next)) {
            run = run.joined(&next);
        }
        self.runs.insert(run.first, run);
    }

    /// The holes, ascending. Numbers start at 0.
    pub(super) fn holes(&self) -> impl Iterator<Item = Hole> {
        let mut below = None;
        let mut expected = 0;
        self.runs.values().filter_map(move |run| {
            let hole = (run.first > expected).then_some(Hole {
                start: below,
                above: run.first,
                opening: run.opening,
            });
            expected = run.last.saturating_add(1);
            below = run.latest.map_or(below, |(_, time)| Some(time));
            hole
        })
    }
}

impl Run {
    fn joined(&self, next: &Self) -> Self {
        Self {
            first: self.first,
            last: next.last,
            opening: self.opening,
            latest: next.latest.or(self.latest),
        }
    }

    /// The same number again: the earlier time counts, whichever came first, and the lower entry.
    fn repeat(&mut self, seq: u64, time: Option<i64>, entry: EntryId) {
        if seq == self.first {
            let (known, opening) = (self.opening.1, self.opening.0);
            self.opening = (opening.min(entry), known.into_iter().chain(time).min());
        }
        if let Some(time) = time {
            self.latest = Some(match self.latest {
                Some((known, at)) if known == seq => (seq, at.min(time)),
                Some(latest) if latest.0 > seq => latest,
                _ => (seq, time),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(n: u64) -> EntryId {
        EntryId { ledger: 0, n }
    }

    #[test]
    fn holes_do_not_depend_on_the_order_of_arrival() {
        let mut seqs = [3, 4, 5, 9, 10, 14];
        for _ in 0..seqs.len() {
            seqs.rotate_left(1);
            let mut stream = SequenceNumbers::default();
            for seq in seqs.iter().chain(seqs.iter().rev()) {
                stream.insert(*seq, Some(i64::try_from(*seq).unwrap() * 10), entry(*seq));
            }
            let holes: Vec<_> =
                stream.holes().map(|hole| (hole.start, hole.above, hole.opening.0.n)).collect();
            assert_eq!(holes, [(None, 3, 3), (Some(50), 9, 9), (Some(100), 14, 14)]);
        }
    }

    /// A row that is shifted for each number would take minutes for what this does in a moment.
    #[test]
    fn many_holes_in_descending_order_take_no_more_time() {
        let mut stream = SequenceNumbers::default();
        for seq in (0..200_000).rev() {
            stream.insert(seq * 2 + 1, None, entry(seq));
        }
        assert_eq!(stream.holes().count(), 200_000);
    }

    #[test]
    fn a_hole_starts_at_the_last_time_that_is_known() {
        let mut stream = SequenceNumbers::default();
        stream.insert(0, Some(0), entry(0));
        stream.insert(1, None, entry(1));
        stream.insert(3, None, entry(3));
        stream.insert(5, Some(50), entry(5));
        let starts: Vec<_> = stream.holes().map(|hole| hole.start).collect();
        assert_eq!(starts, [Some(0), Some(0)]);
        stream.insert(1, Some(10), entry(1));
        stream.insert(2, None, entry(2));
        let starts: Vec<_> = stream.holes().map(|hole| hole.start).collect();
        assert_eq!(starts, [Some(10)]);
    }
}
