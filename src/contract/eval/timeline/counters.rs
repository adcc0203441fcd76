//! The values of counters, which count also behind the end of the period.

use super::{Timeline, instant_values};
use crate::contract::eval::{fact::FieldValue, sample::Sample};

impl Timeline<'_> {
    /// Whatever hides a counter's field may have been a value between the last one and the next.
    pub(super) fn doubt_counters(&mut self) {
        for (at, field) in self.fields.values.iter().enumerate() {
            if !field.hidden.is_empty() {
                self.terms.doubt_between(at);
            }
        }
    }

    /// A counter has a value from the instant of a sample on.
    pub(super) fn count(&mut self, sample: &Sample, cell: &FieldValue) {
        if sample.counts && !self.fields.uncalibrated && self.terms.counts(cell.field()) {
            for (entry, kind) in self.terms.count(sample.time, sample.entry, cell) {
                self.remarks.add(self.finding(entry, kind, Some(cell.field())));
            }
        }
    }

    /// Samples of one instant at the end of the period or behind it: an increase of a counter may end there, and one that ends
    /// later shows that there was no other.
    pub(in crate::contract::eval) fn count_behind(&mut self, samples: &[Sample]) {
        let Some(first) = samples.first() else { return };
        self.doubt_counters();
        self.fields.uncalibrated = !self.is_calibrated(first.time);
        self.find_uncalibrated(samples);
        for field in 0..self.fields.values.len() {
            if !self.terms.counts(field) {
                continue;
            }
            let values = instant_values(samples, field, self.by_received);
            self.remark_values(&values, field);
            if let Some((sample, cell)) = values.last {
                self.remark_cell(sample, cell);
                self.count(sample, cell);
            }
        }
    }
}
