//! The measures of one device over the same buckets.

use super::{
    super::{counted_time::CountedTime, fact::FieldValue},
    column::MeasureColumn,
};
use crate::contract::expr::LeafValues;

/// The place of a series in the plan, and of a column in it.
pub(super) type SeriesPlace = (usize, usize);

/// Follows the measures of one device over the same buckets.
pub(super) struct SeriesFollower<'a> {
    /// Its place in the plan
    pub(super) place: usize,
    /// Where buckets begin and end, ascending
    borders: Vec<i64>,
    /// How many are over
    over: usize,
    /// Which time counts
    time: CountedTime,
    pub(super) columns: Vec<MeasureColumn<'a>>,
}

impl<'a> SeriesFollower<'a> {
    pub(super) fn new(
        place: usize,
        borders: Vec<i64>,
        time: CountedTime,
        columns: Vec<MeasureColumn<'a>>,
    ) -> Self {
        Self { place, borders, over: 0, time, columns }
    }

    /// From now on fields have these values.
    pub(super) fn change(&mut self, fields: &impl LeafValues<usize>, holes: bool) {
        for column in &mut self.columns {
            column.change(fields, holes);
        }
    }

    /// What stands stood from `start` to `end`.
    pub(super) fn hold(&mut self, mut start: i64, end: i64) {
        while let Some(border) = self.borders.get(self.over + 1).copied() {
            let until = end.min(border);
            for (start, end) in self.time.pieces(start, until) {
                self.columns.iter_mut().for_each(|column| column.hold(start, end));
            }
            if end < border {
                break;
            }
            self.columns.iter_mut().for_each(|column| column.close(false));
            (self.over, start) = (self.over + 1, border);
        }
    }

    /// A reading at an instant up to which all has been held.
    pub(super) fn hear(&mut self, at: i64, cells: &[FieldValue], fields: &impl LeafValues<usize>) {
        if self.time.contains(at) {
            self.columns.iter_mut().for_each(|column| column.hear(at, cells, fields));
        }
    }

    /// A bucket that is not over is one of which the rest is unknown.
    pub(super) fn finish(mut self) -> Vec<MeasureColumn<'a>> {
        if self.over + 1 < self.borders.len() {
            self.columns.iter_mut().for_each(|column| column.close(true));
        }
        self.columns
    }
}
