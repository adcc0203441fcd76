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
mod tests;
