//! The sequence numbers of one stream: which are there, and where holes are.
//!
//! ```text
//! 0 1 2 3 . 5 x 7 8        4 is missing, and 6 is there but does not count: it came too late, say
//!       └───┴───┘          unknown from the time of 3 to the value of 5, and from the time of 5 to the value of 7
//! ```
//!
//! A reading that is withheld leaves a hole in its stream. A hole is bounded by the records around it: all
//! values of the device are unknown from the time of the one below until a value from above, or from elsewhere. A
//! reading of which one value cannot be used is such a hole for that field.

use std::collections::{BTreeMap, BTreeSet};

use super::EntryId;

/// What is known of one stream.
#[derive(Clone, Debug, Default)]
pub(super) struct SequenceNumbers {
    /// Of records that count
    counted: NumberRuns,
    /// Of records that are there and do not count
    refused: NumberRuns,
    /// Of records that may count, once something says when they were made
    waiting: BTreeSet<u64>,
    /// Runs of numbers of records that count, but whose value of a field cannot be used, by field and first number
    spoilt: BTreeMap<(usize, u64), SpoiltRun>,
}

/// Numbers whose value of a field cannot be used.
#[derive(Clone, Copy, Debug)]
struct SpoiltRun {
    last: u64,
    /// The highest number below it whose time is known, and that time; `None`: there is none
    below: Option<(u64, i64)>,
}

/// Stretches of numbers without a hole, by their first ones. A map, since the sender of a stream chooses the order.
#[derive(Clone, Debug, Default)]
struct NumberRuns(BTreeMap<u64, Run>);

#[derive(Clone, Copy, Debug)]
struct Run {
    first: u64,
    last: u64,
    /// The entry and the time of the first one; no time: none that is believed
    opening: (EntryId, Option<i64>),
    /// The highest number whose time is known, and that time; `None`: no time is known
    latest: Option<(u64, i64)>,
}

/// Numbers in a row whose records are missing or do not count, or whose values of a field cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    /// The time of the highest record below it that counts; `None`: no record below has one
    pub(super) start: Option<i64>,
    /// The lowest number of it
    pub(super) first: u64,
    /// Which field, or what else was spoilt under its number; `None`: all
    pub(super) field: Option<usize>,
}

/// A place where numbers are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberGap {
    /// The time of the highest record below it that counts; `None`: no record below has one
    pub(super) start: Option<i64>,
    /// The record above it: its entry and time
    pub(super) opening: (EntryId, Option<i64>),
}

impl SequenceNumbers {
    /// Adds the number of a record that counts. `time`: `None` where it has none that is believed.
    pub(super) fn insert(&mut self, seq: u64, time: Option<i64>, entry: EntryId) {
        self.waiting.remove(&seq);
        self.counted.insert(seq, time, entry);
        if let Some(time) = time.filter(|_| !self.spoilt.is_empty()) {
            self.approach(seq, time);
        }
    }

    /// A record below spoilt ones bounds them, if it is nearer than what was known.
    fn approach(&mut self, seq: u64, time: i64) {
        let mut field = 0;
        while let Some((&(at, first), _)) = self.spoilt.range((field, 0)..).next() {
            let above = if first > seq { Some(first) } else { self.next_spoilt(at, seq) };
            if let Some(run) = above.and_then(|first| self.spoilt.get_mut(&(at, first)))
                && run.below.is_none_or(|(below, _)| below < seq)
            {
                run.below = Some((seq, time));
            }
            field = at + 1;
        }
    }

    fn next_spoilt(&self, field: usize, seq: u64) -> Option<u64> {
        let above = self.spoilt.range((field, seq.checked_add(1)?)..).next();
        above.map(|((at, first), _)| (*at, *first)).filter(|(at, _)| *at == field).map(|(_, first)| first)
    }

    /// The record of a number is there and does not count.
    pub(super) fn refuse(&mut self, seq: u64, time: Option<i64>, entry: EntryId) {
        self.waiting.remove(&seq);
        self.refused.insert(seq, time, entry);
    }

    /// The record of a number is there, and nothing says yet when it was made.
    pub(super) fn wait_for(&mut self, seq: u64) {
        self.waiting.insert(seq);
    }

    /// A record of a number is there that says nothing new.
    pub(super) fn wait_no_more(&mut self, seq: u64) {
        self.waiting.remove(&seq);
    }

    /// The value of a field in the record of a number cannot be used. The record counts: it is inserted after this.
    pub(super) fn spoil(&mut self, seq: u64, field: usize) {
        // The run that it is the first of may have been there before it.
        let above = seq.checked_add(1).and_then(|next| self.spoilt.remove(&(field, next)));
        let last = above.map_or(seq, |run| run.last);
        if let Some((_, run)) = self.spoilt.range_mut((field, 0)..=(field, seq)).next_back()
            && seq <= run.last.saturating_add(1)
        {
            run.last = run.last.max(last);
            return;
        }
        self.spoilt.insert((field, seq), SpoiltRun { last, below: self.counted.latest_below(seq) });
    }

    /// The holes, of every field ascending, then of single ones. Numbers start at 0.
    pub(super) fn holes(&self) -> impl Iterator<Item = Hole> {
        let mut below = None;
        let mut expected = 0;
        let refused = self.refused.last();
        let ends = self.counted.0.values().map(Some).chain([None]);
        let whole = ends.filter_map(move |run| {
            let (start, first) = (below, expected);
            let end = match run {
                Some(run) => {
                    expected = run.last.saturating_add(1);
                    below = run.latest.map_or(below, |(_, time)| Some(time));
                    run.first
                }
                // Nothing that counts is above the last run: what is refused there has no end yet.
                None => refused.map_or(first, |last| last.saturating_add(1)),
            };
            (end > first && !self.all_wait(first, end)).then_some(Hole { start, first, field: None })
        });
        let spoilt = self.spoilt.iter().filter_map(|((field, first), run)| {
            let (_, start) = run.below?;
            Some(Hole { start: Some(start), first: *first, field: Some(*field) })
        });
        whole.chain(spoilt)
    }

    fn all_wait(&self, first: u64, end: u64) -> bool {
        !self.waiting.is_empty() && self.waiting.range(first..end).count() as u64 == end - first
    }

    /// Where numbers are missing, ascending. Numbers start at 0.
    pub(super) fn gaps(&self) -> Vec<NumberGap> {
        let mut runs: Vec<(&Run, bool)> = self.counted.0.values().map(|run| (run, true)).collect();
        runs.extend(self.refused.0.values().map(|run| (run, false)));
        runs.sort_by_key(|(run, _)| run.first);
        let (mut start, mut expected, mut gaps) = (None, 0, Vec::new());
        for (run, counts) in runs {
            if run.first > expected {
                gaps.push(NumberGap { start, opening: run.opening });
            }
            expected = expected.max(run.last.saturating_add(1));
            start = run.latest.filter(|_| counts).map_or(start, |(_, time)| Some(time));
        }
        gaps
    }
}

impl NumberRuns {
    fn insert(&mut self, seq: u64, time: Option<i64>, entry: EntryId) {
        let run = Run { first: seq, last: seq, opening: (entry, time), latest: time.map(|time| (seq, time)) };
        // Most numbers follow the last one: its run grows where it stands.
        if let Some(mut highest) = self.0.last_entry()
            && highest.get().last.checked_add(1) == Some(seq)
        {
            return highest.get_mut().join(&run);
        }
        self.insert_between(seq, run);
    }

    fn insert_between(&mut self, seq: u64, mut run: Run) {
        if let Some((_, before)) = self.0.range_mut(..=seq).next_back() {
            if seq <= before.last {
                before.repeat(seq, run.opening.1, run.opening.0);
                return;
            }
            if before.last + 1 == seq {
                before.join(&run);
                run = *before;
            }
        }
        if let Some(next) = seq.checked_add(1).and_then(|next| self.0.remove(&next)) {
            run.join(&next);
        }
        self.0.insert(run.first, run);
    }

    fn last(&self) -> Option<u64> {
        self.0.last_key_value().map(|(_, run)| run.last)
    }

    /// The highest number below one whose time is known, and that time; `None`: there is none.
    fn latest_below(&self, seq: u64) -> Option<(u64, i64)> {
        let mut below = self.0.range(..seq).rev().filter_map(|(_, run)| run.latest);
        below.find(|(known, _)| *known < seq)
    }
}

impl Run {
    /// Goes on with the numbers of a run that begins where this one ends.
    fn join(&mut self, next: &Self) {
        self.last = next.last;
        self.latest = next.latest.or(self.latest);
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
            let holes: Vec<_> = stream.holes().map(|hole| (hole.start, hole.first)).collect();
            assert_eq!(holes, [(None, 0), (Some(50), 6), (Some(100), 11)]);
            let gaps: Vec<_> = stream.gaps().iter().map(|gap| (gap.start, gap.opening.0.n)).collect();
            assert_eq!(gaps, [(None, 3), (Some(50), 9), (Some(100), 14)]);
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

    /// A stream of these numbers, a record each ten milliseconds.
    fn stream(seqs: &[u64]) -> SequenceNumbers {
        let mut stream = SequenceNumbers::default();
        for seq in seqs {
            stream.insert(*seq, Some(i64::try_from(*seq).unwrap() * 10), entry(*seq));
        }
        stream
    }

    fn holes(stream: &SequenceNumbers) -> Vec<(Option<i64>, u64, Option<usize>)> {
        stream.holes().map(|hole| (hole.start, hole.first, hole.field)).collect()
    }

    #[test]
    fn what_does_not_count_is_a_hole_and_not_missing() {
        let mut stream = stream(&[0, 1, 2, 4]);
        stream.refuse(3, Some(30), entry(3));
        assert_eq!((holes(&stream), stream.gaps()), (vec![(Some(20), 3, None)], vec![]));
        // above the last one that counts the hole has no end, and no further start when it grows
        stream.refuse(5, None, entry(5));
        stream.refuse(6, None, entry(6));
        assert_eq!(holes(&stream), [(Some(20), 3, None), (Some(40), 5, None)]);
        // 7 is missing below 8, which does not count either
        stream.refuse(8, None, entry(8));
        assert_eq!(holes(&stream), [(Some(20), 3, None), (Some(40), 5, None)]);
        assert_eq!(stream.gaps(), [NumberGap { start: Some(40), opening: (entry(8), None) }]);
        // the same record once more, in time: it counts
        stream.insert(3, Some(30), entry(9));
        assert_eq!(holes(&stream), [(Some(40), 5, None)]);
    }

    #[test]
    fn what_waits_for_its_time_is_no_hole_yet() {
        let mut stream = stream(&[0, 1, 3]);
        stream.wait_for(2);
        assert_eq!(holes(&stream), []);
        let mut with_another = stream.clone();
        with_another.insert(5, Some(50), entry(5));
        with_another.wait_for(4);
        assert_eq!(holes(&with_another), []);
        stream.refuse(2, None, entry(2));
        assert_eq!(holes(&stream), [(Some(10), 2, None)]);
    }

    #[test]
    fn spoilt_values_that_follow_each_other_are_one_hole_in_whatever_order_they_are_dated() {
        for order in [[2, 3, 4], [4, 3, 2], [3, 2, 4], [4, 2, 3]] {
            let mut stream = stream(&[0, 1]);
            for seq in order {
                stream.spoil(seq, 0);
                stream.insert(seq, Some(i64::try_from(seq).unwrap() * 10), entry(seq));
            }
            assert_eq!(holes(&stream), [(Some(10), 2, Some(0))], "{order:?}");
        }
    }

    #[test]
    fn a_spoilt_value_is_a_hole_of_its_field() {
        let mut stream = stream(&[0, 1]);
        for (seq, fields) in [(2, &[0][..]), (3, &[0, 1]), (5, &[0])] {
            for field in fields {
                stream.spoil(seq, *field);
            }
            stream.insert(seq, Some(i64::try_from(seq).unwrap() * 10), entry(seq));
        }
        stream.insert(4, Some(40), entry(4));
        assert_eq!(holes(&stream), [(Some(10), 2, Some(0)), (Some(40), 5, Some(0)), (Some(20), 3, Some(1))]);
        assert_eq!(stream.gaps(), []);
    }
}
