//! A counter's increases, by buckets.
//!
//! ```text
//! ──┬───────────────┬──      an increase belongs to the bucket (start, end] of its later value; a value that is at most
//!   start         end        `snap` after a border is taken to be on it
//! ```

use super::{CounterCoverage, CounterIncrease};
use crate::{decimal::Decimal, time::Span};

/// By how much a counter rose in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CounterDelta {
    /// By so much
    Known(Decimal),
    /// Values show so much, but not of all of it: not before a base, behind a wrap or after the last value, nor where something
    /// else was said that is missing. `least`: it is not less; `None`: some of what is shown may be of the bucket before
    Shown {
        /// The sum of the increases that end in it
        shown: Decimal,
        /// The sum, if all of it is of this bucket
        least: Option<Decimal>,
    },
    /// No value that counts says it, or the counter went back and did not recover
    Unknown,
    /// By what does not fit a decimal
    Overflow,
}

/// Adds up a counter's increases bucket by bucket. Borders are milliseconds since 1970, ascending: each bucket's start and,
/// last, the end of the last one; they are the same in all calls.
#[derive(Clone, Debug)]
pub struct BucketDeltas {
    snap: i64,
    /// By bucket; `None`: it does not fit
    sums: Vec<Option<Decimal>>,
}

impl BucketDeltas {
    /// No increases yet.
    pub fn new(snap: Span, borders: &[i64]) -> Self {
        let buckets = borders.len().saturating_sub(1);
        Self { snap: snap.millis(), sums: vec![Some(Decimal::ZERO); buckets] }
    }

    /// Adds an increase to its bucket; to none if it ends at the beginning of the first.
    pub fn add(&mut self, increase: &CounterIncrease, borders: &[i64]) {
        let end = self.snapped(increase.end, borders);
        let bucket = borders.partition_point(|border| *border < end).checked_sub(1);
        if let Some(sum) = bucket.and_then(|bucket| self.sums.get_mut(bucket)) {
            *sum = sum.and_then(|sum| sum.plus(increase.amount));
        }
    }

    /// By how much the counter rose in each bucket.
    pub fn finish(self, coverage: &CounterCoverage, borders: &[i64]) -> Vec<CounterDelta> {
        let bucket = |(bounds, sum): (&[i64], &Option<Decimal>)| {
            let shown = self.shown(coverage, borders, (bounds[0], bounds[1]));
            let is_doubtful = |border: i64| self.is_within(&coverage.doubtful, borders, border);
            match (shown, *sum) {
                (None, _) => CounterDelta::Unknown,
                (Some(_), None) => CounterDelta::Overflow,
                (Some(_), Some(shown)) if is_doubtful(bounds[0]) => {
                    CounterDelta::Shown { shown, least: None }
                }
                (Some(true), Some(sum)) if !is_doubtful(bounds[1]) => CounterDelta::Known(sum),
                (Some(_), Some(shown)) => CounterDelta::Shown { shown, least: Some(shown) },
            }
        };
        borders.windows(2).zip(&self.sums).map(bucket).collect()
    }

    /// Whether increases are shown of all time of a bucket, in it or later; `None`: of none, or a lasting decrease touches it. Of a
    /// bucket that a base ends nothing is shown.
    fn shown(&self, coverage: &CounterCoverage, borders: &[i64], (start, end): (i64, i64)) -> Option<bool> {
        let at = |instant| self.snapped(instant, borders);
        // Stretches are ascending, and there can be one for each pair of values.
        let first_behind = |stretches: &[(i64, i64)]| {
            let behind = stretches.partition_point(|(_, last)| at(*last) <= start);
            stretches.get(behind).map(|(first, last)| (at(*first), at(*last)))
        };
        let (first, last) = first_behind(&coverage.known).filter(|(first, _)| *first < end)?;
        let is_lost = first_behind(&coverage.lost).is_some_and(|(first, _)| first <= end);
        (!is_lost).then_some(first <= start && end <= last)
    }

    /// Whether a border is within one of some stretches.
    fn is_within(&self, stretches: &[(i64, i64)], borders: &[i64], border: i64) -> bool {
        let at = |instant| self.snapped(instant, borders);
        let behind = stretches.partition_point(|(_, last)| at(*last) <= border);
        stretches.get(behind).is_some_and(|(first, _)| at(*first) < border)
    }

    /// A border that is so little before an instant, or the instant.
    fn snapped(&self, at: i64, borders: &[i64]) -> i64 {
        let before = borders.partition_point(|border| *border <= at).checked_sub(1);
        before.map(|before| borders[before]).filter(|border| at - border <= self.snap).unwrap_or(at)
    }
}
