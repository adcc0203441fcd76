//! Values before the base that the next one fell below: where a later value goes on from one of them soon, what is between them
//! was a dip, and is no base.
//!
//! ```text
//! 40  0  44      40 and 44 count: 4, and not 44
//! ```

use super::{CounterFollower, CounterIncrease, CounterValue};
use crate::{contract::eval::findings::ContractFindingKind, decimal::Decimal};

/// A value that is followed by a lower one, before anything counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct HigherValue {
    pub(super) value: CounterValue,
    /// When the lower one was measured
    pub(super) fell: i64,
    /// Whether it is from before the time in which the counter is followed, so that no increase begins with it
    pub(super) is_outside: bool,
    /// Whether something that was said since is missing or cannot be used
    pub(super) doubtful: bool,
}

/// All of them that a later value can still go on from.
#[derive(Clone, Debug, Default)]
pub(super) struct HigherValues(Vec<HigherValue>);

impl HigherValues {
    pub(super) fn push(&mut self, higher: HigherValue) {
        self.0.push(higher);
    }

    /// Something that was said since is missing or cannot be used.
    pub(super) fn doubt(&mut self, is_doubtful: bool) {
        self.0.iter_mut().for_each(|higher| higher.doubtful |= is_doubtful);
    }

    /// Takes those out that were fallen below more than `hold` ago: none was a dip.
    pub(super) fn drop_old(&mut self, now: i64, hold: i64) -> impl Iterator<Item = HigherValue> {
        self.0.extract_if(.., move |higher| higher.fell.saturating_add(hold) < now)
    }

    /// The highest one that a later value can go on from, the latest of several: less is billed by none.
    pub(super) fn highest(&self, accepts: impl Fn(CounterValue) -> bool) -> Option<HigherValue> {
        let followed = self.0.iter().filter(|higher| accepts(higher.value));
        followed.max_by_key(|higher| (higher.value.value, higher.fell)).copied()
    }

    /// Takes all of them out.
    pub(super) fn take(&mut self) -> Vec<HigherValue> {
        std::mem::take(&mut self.0)
    }
}

impl CounterFollower<'_> {
    /// Before the time in which it is followed: the counter may have been at a value that the next one is below.
    pub(super) fn fall(&mut self, before: Option<CounterValue>, next: CounterValue) {
        let doubtful = std::mem::take(&mut self.doubtful);
        self.higher.doubt(doubtful);
        self.drop_higher(next.at);
        if let Some(value) = before.filter(|before| next.value < before.value) {
            self.higher.push(HigherValue { value, fell: next.at, is_outside: true, doubtful });
        }
    }

    /// What was fallen below for too long is left out.
    pub(super) fn drop_higher(&mut self, now: i64) {
        let old: Vec<_> = self.higher.drop_old(now, self.hold).collect();
        for higher in old {
            self.remark(higher.value, ContractFindingKind::CounterDecrease);
        }
    }

    /// A value goes on from a higher one than the base: what is between was a dip, or the higher one a spike. So it rose by what is
    /// less, at least. Where increases in the dip counted already, nothing is known from there on.
    pub(super) fn leave_dip(&mut self, from: HigherValue, next: CounterValue) -> Option<CounterIncrease> {
        let others = self.higher.take().into_iter().filter(|higher| higher.value != from.value);
        let dip = self.candidate.take().or(self.last.take());
        others.for_each(|other| self.remark(other.value, ContractFindingKind::CounterDecrease));
        if let Some(dip) = dip {
            let is_less = dip.value <= from.value.value;
            let kind =
                if is_less { ContractFindingKind::CounterDecrease } else { ContractFindingKind::CounterJump };
            self.remark(dip, kind);
        }
        self.coverage.leave(from.value.at);
        if self.risen != Decimal::ZERO {
            self.lost = Some(from.value.at);
            return self.doubt(next);
        }
        let doubtful = std::mem::take(&mut self.doubtful) || from.doubtful;
        (self.decreasing, self.jump) = (None, None);
        if from.is_outside {
            self.candidate = Some(next);
            return None;
        }
        self.last = Some(next);
        self.coverage.known.push((next.at, next.at));
        self.coverage.doubtful.extend(doubtful.then_some((from.value.at, next.at)));
        let amount = next.value.minus(from.value.value)?;
        Some(CounterIncrease { start: from.value.at, end: next.at, amount })
    }
}
