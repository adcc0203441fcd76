//! Jumps: values further above the last one that counted than `max_rate` allows. In time it allows each of them, and a meter that
//! was exchanged for one which shows more would be billed then for what that one had counted elsewhere.
//!
//! ```text
//! 10:00  100      11:00 5000   12:00 5001 …   108:00 5097      50 an hour: 98 hours later 4997 more are allowed, and do not count
//! 10:00  100      11:00 5000   11:10  101                      a spike: 101 is below it, and counts
//! ```
//!
//! Since a rate is of begun units, a rise that was only too steep counts when the next unit has begun.

use super::{CounterFollower, CounterValue};
use crate::contract::eval::findings::ContractFindingKind;

impl CounterFollower<'_> {
    /// Whether a value goes on from the last one that counted: it rose no further than it may, and does not go on from a jump that
    /// has lasted.
    pub(super) fn goes_on(&self, last: CounterValue, next: CounterValue) -> bool {
        let unit = self.rule.max_rate.map_or(0, |rate| rate.unit().millis());
        let lasts = |jump: CounterValue| jump.at.saturating_add(self.hold.max(unit)) < next.at;
        let is_of_jump = self.jump.is_some_and(|jump| jump.value <= next.value && lasts(jump));
        !is_of_jump && self.accepts(last, next)
    }

    /// A value that is too far above the last one that counted.
    pub(super) fn jump_to(&mut self, next: CounterValue) {
        if self.jump.is_none_or(|jump| next.value < jump.value) {
            self.jump = Some(next);
        }
        self.remark(next, ContractFindingKind::CounterJump);
    }
}
