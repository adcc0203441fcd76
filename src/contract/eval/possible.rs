//! The worst that may have been: the excursions if a condition had been broken in all unknown time. A term is kept only
//! where that would not breach it either, so that a silent sensor is never "kept".

use super::{
    allowance::{Allowance, CountedStretch},
    condition::ConditionState,
};

/// Follows what may have been.
#[derive(Clone, Debug)]
pub(super) struct PossibleExcursion {
    allowance: Allowance,
    /// How long the excursion counts that may last; `None`: none can
    open: Option<i64>,
    longest: i64,
    is_exceeded: bool,
}

impl PossibleExcursion {
    pub(super) fn new(allowance: Allowance) -> Self {
        Self { allowance, open: None, longest: 0, is_exceeded: false }
    }

    /// A state lasted from `start` to `end`; `None`: nothing is known.
    pub(super) fn elapse(&mut self, start: i64, end: i64, state: Option<&ConditionState>) {
        if state.is_some_and(|state| state.is_well(self.open.is_some()) == Some(true)) {
            self.open = None;
            return;
        }
        let before = self.open.unwrap_or(0);
        let spent = self.allowance.count(CountedStretch { start, end, before });
        self.is_exceeded |= spent.exceeded_at.is_some();
        self.open = Some(before + end - start);
        self.longest = self.longest.max(before + end - start);
    }

    /// Whether it would be a breach. Where excursions are counted, any unknown time could hold one more.
    pub(super) fn breaches(&self, unknown: i64) -> bool {
        if self.allowance.is_of_number() {
            return unknown > 0 && self.allowance.is_counted(self.longest);
        }
        self.is_exceeded
    }
}
