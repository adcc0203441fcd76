//! The counters of one device whose increases are measured, over the buckets of each series.

use super::{series::SeriesPlace, table::DeviceColumns, value::MeasuredValue};
use crate::{
    contract::{
        document::CounterRule,
        eval::{
            EntryId, Window,
            counter::{
                CounterFollower,
                deltas::{BucketDeltas, CounterDelta},
            },
            findings::ContractFindingKind,
        },
    },
    decimal::Decimal,
    time::Span,
};

/// Follows one counter.
pub(super) struct MeasuredCounter<'a> {
    /// Which field
    pub(super) field: usize,
    rule: &'a CounterRule,
    follower: CounterFollower<'a>,
    sums: Vec<BucketSums>,
}

/// Its increases over the buckets of one series.
struct BucketSums {
    place: SeriesPlace,
    borders: Vec<i64>,
    deltas: BucketDeltas,
}

impl<'a> MeasuredCounter<'a> {
    /// Of a field. `hold` and the `period` are in milliseconds.
    pub(super) fn new(field: usize, rule: &'a CounterRule, hold: i64, period: (i64, i64)) -> Self {
        Self { field, rule, follower: CounterFollower::new(rule, hold, period), sums: Vec::new() }
    }

    /// Adds its increases up over these buckets, too.
    pub(super) fn measure(&mut self, place: SeriesPlace, borders: Vec<i64>) {
        let deltas = BucketDeltas::new(self.rule.snap, &borders);
        self.sums.push(BucketSums { place, borders, deltas });
    }

    /// How little behind a border a value is taken to be on it.
    pub(super) fn snap(&self) -> Span {
        self.rule.snap
    }

    /// It begins anew with the value after an instant.
    pub(super) fn reset(&mut self, after: i64) {
        self.follower.reset(after);
    }

    /// It is followed since an instant before the period.
    pub(super) fn follow_since(&mut self, since: i64) {
        self.follower.follow_since(since);
    }

    /// Something is said, before the next value, that is missing or cannot be used.
    pub(super) fn doubt_between(&mut self) {
        self.follower.doubt_between();
    }

    /// A value that stands from an instant on. Answers the values that turned out not to count, or to begin anew.
    pub(super) fn take(
        &mut self,
        at: i64,
        entry: EntryId,
        value: Decimal,
    ) -> impl Iterator<Item = (EntryId, ContractFindingKind)> {
        if let Some(increase) = self.follower.take(at, entry, value) {
            for sums in &mut self.sums {
                sums.deltas.add(&increase, &sums.borders);
            }
        }
        self.follower.remarks()
    }

    /// There are no more values. Answers those that turned out not to count.
    pub(super) fn end(&mut self) -> impl Iterator<Item = (EntryId, ContractFindingKind)> {
        self.follower.end();
        self.follower.remarks()
    }

    /// What it rose by in each bucket that has begun, after the [end](Self::end).
    pub(super) fn finish(self, window: Window, columns: &mut DeviceColumns) {
        let coverage = self.follower.finish();
        for BucketSums { place, borders, deltas } in self.sums {
            let ends = borders.iter().skip(1);
            let values = deltas.finish(&coverage, &borders).into_iter().zip(ends).map(|(delta, end)| {
                // What a bucket that is not over will come to is not known.
                match delta {
                    CounterDelta::Known(least) | CounterDelta::Shown { least: Some(least), .. }
                        if *end > window.end =>
                    {
                        MeasuredValue::AtLeast(least)
                    }
                    CounterDelta::Shown { .. } if *end > window.end => MeasuredValue::Unknown,
                    CounterDelta::Known(sum) => MeasuredValue::number(sum),
                    CounterDelta::Shown { shown, least } => MeasuredValue::Shown { shown, least },
                    CounterDelta::Unknown => MeasuredValue::Unknown,
                    CounterDelta::Overflow => MeasuredValue::Overflow,
                }
            });
            columns.0.push((place, values.collect()));
        }
    }
}
