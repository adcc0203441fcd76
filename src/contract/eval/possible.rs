//! The worst that may have been: the excursions if a condition had been broken in all unknown time. A term is kept only
//! where that would not breach it either, so that a silent sensor is never "kept".

use super::allowance::{Allowance, CountedStretch};

/// Follows what may have been.
#[derive(Clone, Debug)]
pub(super) struct PossibleExcursion {
    allowance: Allowance,
    /// Whether one may last, also in time that does not count
    lasts: bool,
    /// How long it counts
    counted: i64,
    longest: i64,
    is_exceeded: bool,
}

impl PossibleExcursion {
    pub(super) fn new(allowance: Allowance) -> Self {
        Self { allowance, lasts: false, counted: 0, longest: 0, is_exceeded: false }
    }

    /// Whether the condition may be broken in a state, which else ends what was. `is_well`: whether all is well in it, given
    /// that an excursion lasts or not; `None`: nothing is known.
    pub(super) fn goes_on(&mut self, is_well: impl FnOnce(bool) -> Option<bool>) -> bool {
        self.lasts = is_well(self.lasts) != Some(true);
        if !self.lasts {
            self.counted = 0;
        }
        self.lasts
    }

    /// It may be broken in a stretch.
    pub(super) fn count(&mut self, start: i64, end: i64) {
        let spent = self.allowance.count(CountedStretch { start, end, before: self.counted });
        self.is_exceeded |= spent.exceeded_at.is_some();
        self.counted += end - start;
        self.longest = self.longest.max(self.counted);
    }

    /// Whether it would be a breach. Where excursions are counted, any unknown time could hold one more.
    pub(super) fn breaches(&self, unknown: i64) -> bool {
        if self.allowance.is_of_number() {
            return unknown > 0 && self.allowance.is_counted(self.longest);
        }
        self.is_exceeded
    }
}
