//! What a term tolerates, in whole units of the contract's `resolution`: milliseconds neither end a tolerance nor begin
//! an excursion that counts.
//!
//! ```text
//! more than 30m, in units of 1s: exceeded from 30:01.000 on, so 30:00.004 is kept
//! as long as 30m (inclusive):    exceeded from 30:00.000 on
//! ```
//!
//! What is beyond a tolerance is exact: of 30:01.000 it is a second.

mod rolling;
mod shares;

use self::{rolling::RollingTotal, shares::WindowShares};
use super::{Window, counted_time::CountedTime};
use crate::{contract::document::TermLimit, time::Span};

/// What a term tolerates, and how much of it was used. Lengths are in milliseconds.
#[derive(Clone, Debug)]
pub(super) struct Allowance {
    scope: Scope,
    /// What is tolerated, where it is a length
    most: i64,
    /// The least length that exceeds it; of a count, that makes an excursion one of them
    exceeding: i64,
    unit: i64,
    /// How long all excursions count so far
    total: i64,
    /// How many excursions are long enough to be counted: a whole unit
    counted: u64,
}

/// Over what lengths are summed.
#[derive(Clone, Debug)]
enum Scope {
    Excursion,
    Total,
    /// So many excursions are tolerated
    Count(u64),
    Rolling(RollingTotal),
    Shares(WindowShares),
}

/// A stretch of an excursion that counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct CountedStretch {
    pub(super) start: i64,
    pub(super) end: i64,
    /// How long the excursion counted before
    pub(super) before: i64,
}

/// What a stretch comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spent {
    /// The first instant in it at which more was used than is tolerated; `None`: there is none
    pub(super) exceeded_at: Option<i64>,
    /// How much of it came after what is tolerated was used up
    pub(super) beyond: i64,
}

impl Spent {
    /// A stretch from `start` to `end` in which a sum grows from `so_far` on.
    fn growing((start, end): (i64, i64), so_far: i64, most: i64, exceeding: i64) -> Self {
        let left = (exceeding - so_far).max(0);
        let exceeded_at = (left <= end - start).then_some(start + left);
        Self { exceeded_at, beyond: (so_far + end - start - most.max(so_far)).max(0) }
    }

    /// This and what came after it.
    fn and(&mut self, later: Self) {
        self.exceeded_at = self.exceeded_at.or(later.exceeded_at);
        self.beyond += later.beyond;
    }
}

/// The least whole number of units that is more than `most`, or as much if `inclusive`; what lasts no time at all is
/// no excursion.
fn exceeding(most: i64, inclusive: bool, unit: i64) -> i64 {
    let whole = |length: i64| length - length % unit;
    let least =
        if inclusive { whole(most.saturating_add(unit - 1)) } else { whole(most).saturating_add(unit) };
    least.max(1)
}

impl Allowance {
    /// What a limit tolerates in a period, of which some time counts. `inclusive`: what is as long as the limit exceeds it.
    pub(super) fn new(
        limit: TermLimit,
        inclusive: bool,
        resolution: Span,
        (period, time): (Window, &CountedTime),
    ) -> Self {
        let unit = resolution.millis().max(1);
        let (scope, most) = match limit {
            TermLimit::None => (Scope::Excursion, 0),
            TermLimit::LongerThan(most) => (Scope::Excursion, most.millis()),
            TermLimit::Total(most) => (Scope::Total, most.millis()),
            TermLimit::Count(most) => (Scope::Count(most), 0),
            TermLimit::Within(most, window) => {
                let most = most.millis();
                let total = RollingTotal::new(window.millis(), most, exceeding(most, inclusive, unit));
                (Scope::Rolling(total), most)
            }
            TermLimit::Percent(percent, window) => {
                let shares = WindowShares::new(percent, window.millis(), (period, time.clone()), unit);
                (Scope::Shares(shares), 0)
            }
        };
        let exceeding = exceeding(most, inclusive, unit);
        Self { scope, most, exceeding, unit, total: 0, counted: 0 }
    }

    /// How long all excursions count so far.
    pub(super) fn total(&self) -> i64 {
        self.total
    }

    /// How many excursions are long enough to be counted.
    pub(super) fn counted(&self) -> u64 {
        self.counted
    }

    /// Whether a length is a whole unit or more.
    pub(super) fn is_counted(&self, length: i64) -> bool {
        length >= self.unit
    }

    /// Whether a number of excursions is tolerated, however long they are.
    pub(super) fn is_of_number(&self) -> bool {
        matches!(self.scope, Scope::Count(_))
    }

    /// Counts a stretch. Stretches come in the order of time.
    pub(super) fn count(&mut self, stretch: CountedStretch) -> Spent {
        let CountedStretch { start, end, before } = stretch;
        let (whole, length) = ((start, end), end - start);
        if self.is_counted(before + length) && !self.is_counted(before) {
            self.counted += 1;
        }
        let total = self.total;
        self.total += length;
        match &mut self.scope {
            Scope::Excursion => Spent::growing(whole, before, self.most, self.exceeding),
            Scope::Total => Spent::growing(whole, total, self.most, self.exceeding),
            Scope::Count(most) if self.counted > *most => {
                Spent { beyond: 0, ..Spent::growing(whole, before, self.most, self.exceeding) }
            }
            Scope::Count(_) => Spent::default(),
            Scope::Rolling(total) => total.count(start, end),
            Scope::Shares(shares) => shares.count(start, end),
        }
    }

    /// How much longer an excursion that counts so long must go on from now to exceed what is tolerated, of which only some time
    /// counts. `None`: no length exceeds it.
    pub(super) fn left(&self, length: i64, now: i64, time: &CountedTime) -> Option<i64> {
        let so_far = match &self.scope {
            Scope::Excursion => length,
            Scope::Total => self.total,
            // Once it is long enough, it is one of those that are counted.
            Scope::Count(most) if self.counted + u64::from(!self.is_counted(length)) > *most => length,
            Scope::Count(_) => return None,
            Scope::Rolling(total) => return total.left(now, time),
            Scope::Shares(shares) => return shares.left(now),
        };
        let needed = (self.exceeding - so_far).max(0);
        time.instant_after(now, needed).map(|instant| instant - now)
    }

    /// How long excursions count in the fullest window; `None`: it asks about no windows, or about shares of them.
    pub(super) fn fullest(&self) -> Option<i64> {
        match &self.scope {
            Scope::Rolling(total) => Some(total.greatest()),
            Scope::Excursion | Scope::Total | Scope::Count(_) | Scope::Shares(_) => None,
        }
    }

    /// How much longer, in whole units, the worst could have been: the longest excursion, all of them, or the fullest
    /// window; below zero beyond. `None`: what is tolerated has no length.
    pub(super) fn spare(&self, longest: i64) -> Option<i64> {
        let worst = match &self.scope {
            Scope::Excursion => longest,
            Scope::Total => self.total,
            Scope::Count(_) => return None,
            Scope::Rolling(total) => total.greatest(),
            Scope::Shares(shares) => return Some(shares.spare()),
        };
        Some(self.most - (worst - worst % self.unit))
    }
}

#[cfg(test)]
mod tests;
