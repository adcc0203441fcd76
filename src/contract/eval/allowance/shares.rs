//! A share of each window: so many hundredths of every seven days, counted from the beginning of the period.
//!
//! ```text
//! from        +7d         +14d    to       5 % of the first two are 8:24:00, of the last one, which the period cuts to
//! ├───────────┼───────────┼───────┤        five days, 6:00:00
//! ```
//!
//! Where only the time of a calendar counts, they are of that. What is excused is part of it: an excuse takes away from what
//! counts, and nothing from what is tolerated.

use super::{
    super::{Window, counted_time::CountedTime},
    Spent,
};
use crate::decimal::Decimal;

/// How many digits after the point a percentage can have.
const DIGITS: u32 = 18;

/// What counts in each window.
#[derive(Clone, Debug)]
pub(super) struct WindowShares {
    /// Hundredths, in units of 10^-[`DIGITS`]
    percent: i128,
    width: i64,
    period: Window,
    /// Which time counts
    time: CountedTime,
    /// Which time of a window it is a share of
    whole: CountedTime,
    unit: i64,
    /// The window of the last stretch, and how much counts in it
    used: (WindowShare, i64),
    /// The least that was left in a window in which something counts, in whole units; `None`: there is no such window
    least: Option<i64>,
}

/// A window, and what is tolerated in it.
#[derive(Clone, Copy, Debug)]
struct WindowShare {
    end: i64,
    most: i64,
    exceeding: i64,
}

impl WindowShares {
    pub(super) fn new(
        percent: Decimal,
        width: i64,
        (period, time): (Window, CountedTime),
        unit: i64,
    ) -> Self {
        let percent = percent.scaled(DIGITS).unwrap_or(i128::MAX);
        let none = WindowShare { end: i64::MIN, most: 0, exceeding: 0 };
        let (width, whole) = (width.max(1), time.without_excuses());
        let mut shares = Self { percent, width, period, time, whole, unit, used: (none, 0), least: None };
        shares.used.0 = shares.window(period.from);
        shares
    }

    /// The window around an instant.
    fn window(&self, at: i64) -> WindowShare {
        let start = at - (at - self.period.from).rem_euclid(self.width);
        let end = start.saturating_add(self.width);
        let length = i128::from(self.whole.length(start, end.min(self.period.end)));
        let whole = 100 * 10i128.pow(DIGITS);
        let tolerated = self.percent.saturating_mul(length);
        let millis = |length: i128| i64::try_from(length).unwrap_or(i64::MAX);
        // Whole units are compared with the exact share.
        let units = tolerated / (whole * i128::from(self.unit)) + 1;
        WindowShare {
            end,
            most: millis(tolerated / whole),
            exceeding: millis(units.saturating_mul(self.unit.into())),
        }
    }

    /// Counts a stretch.
    pub(super) fn count(&mut self, start: i64, end: i64) -> Spent {
        let (mut spent, mut at) = (Spent::default(), start);
        while at < end {
            if at >= self.used.0.end {
                self.used = (self.window(at), 0);
            }
            let (window, used) = self.used;
            let next = window.end.min(end);
            spent.and(Spent::growing((at, next), used, window.most, window.exceeding));
            let used = used + next - at;
            self.used.1 = used;
            let left = window.most - (used - used % self.unit);
            self.least = Some(self.least.map_or(left, |least| least.min(left)));
            at = next;
        }
        spent
    }

    /// How much longer an excursion must go on from now on to exceed what is tolerated, of which only some time counts; `None`: it
    /// does not in the period.
    pub(super) fn left(&self, now: i64) -> Option<i64> {
        let (mut shares, two) = (self.clone(), self.width.saturating_mul(2));
        for (start, end) in self.time.pieces(now, self.period.end) {
            // Of two windows one is whole, and the others are as it is.
            let enough = start.saturating_add(two);
            if let Some(at) = shares.count(start, end.min(enough)).exceeded_at {
                return Some(at - now);
            }
            if end >= enough {
                return None;
            }
        }
        None
    }

    /// The least that was left in a window, in whole units; where nothing counts, what the first one tolerates.
    pub(super) fn spare(&self) -> i64 {
        self.least.unwrap_or_else(|| self.window(self.period.from).most)
    }
}
