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
        let bucket = |(bounds, sum): (&[i64], &Option<Decimal>)| match sum {
            _ if !self.is_known(coverage, borders, bounds[0], bounds[1]) => CounterDelta::Unknown,
            Some(sum) => CounterDelta::Known(*sum),
            None => CounterDelta::Overflow,
        };
        borders.windows(2).zip(&self.sums).map(bucket).collect()
    }

    /// Whether an increase is shown of some time of a bucket, in it or later, and no lasting decrease touches it. Of a bucket that
    /// a base ends nothing is shown.
    fn is_known(&self, coverage: &CounterCoverage, borders: &[i64], start: i64, end: i64) -> bool {
        let at = |instant| self.snapped(instant, borders);
        // Stretches are ascending, and there can be one for each pair of values.
        let first_behind = |stretches: &[(i64, i64)]| {
            let behind = stretches.partition_point(|(_, last)| at(*last) <= start);
            stretches.get(behind).map(|(first, _)| at(*first))
        };
        let is_shown = first_behind(&coverage.known).is_some_and(|first| first < end);
        is_shown && first_behind(&coverage.lost).is_none_or(|first| first > end)
    }

    /// A border that is so little before an instant, or the instant.
    fn snapped(&self, at: i64, borders: &[i64]) -> i64 {
        let before = borders.partition_point(|border| *border <= at).checked_sub(1);
        before.map(|before| borders[before]).filter(|border| at - border <= self.snap).unwrap_or(at)
    }
}
