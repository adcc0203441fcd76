//! What a term tolerates, in whole units of the contract's `resolution`: milliseconds neither end a tolerance nor begin
//! an excursion that counts.
//!
//! ```text
//! more than 30m, in units of 1s: exceeded from 30:01.000 on, so 30:00.004 is kept
//! as long as 30m (inclusive):    exceeded from 30:00.000 on
//! ```

use crate::{contract::document::TermLimit, time::Span};

/// What a term tolerates. Lengths are in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    limit: TermLimit,
    /// The least length that exceeds it; of a count, that makes an excursion one of them
    exceeding: i64,
    unit: Span,
}

impl Allowance {
    /// `inclusive`: what is as long as the limit exceeds it.
    pub(super) fn new(limit: TermLimit, inclusive: bool, resolution: Span) -> Self {
        let unit = resolution.millis().max(1);
        let whole = |most: Span| most.whole(resolution).millis();
        let exceeding = match limit {
            TermLimit::LongerThan(most) | TermLimit::Total(most) if inclusive => {
                whole(Span::from_millis(most.millis().saturating_add(unit - 1)))
            }
            TermLimit::LongerThan(most) | TermLimit::Total(most) => whole(most).saturating_add(unit),
            TermLimit::None | TermLimit::Count(_) => unit,
            TermLimit::Percent(..) => i64::MAX,
        };
        // What lasts no time at all is no excursion.
        Self { limit, exceeding: exceeding.max(1), unit: Span::from_millis(unit) }
    }

    /// Whether an excursion of a length is one of those that a count counts.
    pub(super) fn is_counted(&self, length: i64) -> bool {
        length >= self.unit.millis()
    }

    /// How much longer an excursion must get to exceed what is tolerated. `length` is how long it counts so far, `total` how
    /// long all do, and `counted` how many are long enough to be counted, with it as soon as it is. `None`: no length
    /// exceeds it.
    pub(super) fn left(&self, length: i64, total: i64, counted: u64) -> Option<i64> {
        let so_far = match self.limit {
            TermLimit::None | TermLimit::LongerThan(_) => length,
            TermLimit::Total(_) => total,
            TermLimit::Count(most) if counted > most => length,
            TermLimit::Count(_) | TermLimit::Percent(..) => return None,
        };
        Some((self.exceeding - so_far).max(0))
    }

    /// How much longer, in whole units, the worst could have been: the longest excursion, or all; below zero beyond.
    /// `None`: what is tolerated has no length.
    pub(super) fn spare(&self, longest: i64, total: i64) -> Option<i64> {
        let whole = |length: i64| Span::from_millis(length).whole(self.unit).millis();
        match self.limit {
            TermLimit::None => Some(-whole(longest)),
            TermLimit::LongerThan(most) => Some(most.millis() - whole(longest)),
            TermLimit::Total(most) => Some(most.millis() - whole(total)),
            TermLimit::Count(_) | TermLimit::Percent(..) => None,
        }
    }

    /// Whether it would be exceeded if the longest stretch, and all of them, were so long. Of a count, any unknown time
    /// could hold one excursion more.
    pub(super) fn could_be_exceeded(&self, longest: i64, total: i64, unknown: i64) -> bool {
        match self.limit {
            TermLimit::None | TermLimit::LongerThan(_) => longest >= self.exceeding,
            TermLimit::Total(_) => total >= self.exceeding,
            TermLimit::Count(_) | TermLimit::Percent(..) => unknown > 0 && longest >= self.unit.millis(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000;
    const HALF_HOUR: TermLimit = TermLimit::LongerThan(Span::from_millis(1_800_000));

    /// The least length that exceeds a limit, in units of so many seconds.
    fn exceeding(limit: TermLimit, inclusive: bool, resolution: i64) -> i64 {
        Allowance::new(limit, inclusive, Span::from_millis(resolution * SECOND)).left(0, 0, 9).unwrap()
    }

    #[test]
    fn milliseconds_exceed_nothing() {
        // longer than 1,800 s: 1,801 s. As long as 1,800 s: 1,800 s
        assert_eq!(exceeding(HALF_HOUR, false, 1), 1_801_000);
        assert_eq!(exceeding(HALF_HOUR, true, 1), 1_800_000);
        assert_eq!(exceeding(TermLimit::None, false, 1), 1_000);
        // in units of 7 s, 1,800 s are 257 whole units, 1,799 s: longer are 258 units, 1,806 s, and so are those that
        // are as long
        assert_eq!(exceeding(HALF_HOUR, false, 7), 1_806_000);
        assert_eq!(exceeding(HALF_HOUR, true, 7), 1_806_000);
        // nothing is as long as nothing
        assert_eq!(exceeding(TermLimit::LongerThan(Span::ZERO), true, 1), 1);
    }

    #[test]
    fn a_count_counts_what_lasts_a_unit() {
        let twice = Allowance::new(TermLimit::Count(2), false, Span::from_millis(SECOND));
        assert!(twice.is_counted(1_000) && !twice.is_counted(999));
        assert_eq!(
            [twice.left(0, 0, 2), twice.left(0, 0, 3), twice.left(5_000, 0, 3)],
            [None, Some(1_000), Some(0)]
        );
        // four milliseconds of unknown time hold no excursion that counts
        assert!(!twice.could_be_exceeded(4, 4, 4) && twice.could_be_exceeded(1_000, 1_000, 1_000));
        assert!(!twice.could_be_exceeded(9_000, 9_000, 0));
    }
}
