//! Values before the base that the next one fell below: where a later value goes on from one of them soon, what is between them
//! was a dip, and is no base.
//!
//! ```text
//! 40  0  44      40 and 44 count: 4, and not 44
//! ```

use super::CounterValue;

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
