//! The largest increase of a value within a length of time.
//!
//! ```text
//!            ┌── 11     a value speaks until the next one, so an increase is from what was said last, however long ago
//! 5 ─────────┘          that was said: here it is 6 within any time
//! ```

use std::collections::VecDeque;

use crate::decimal::Decimal;

/// Follows the values of one bucket.
#[derive(Clone, Debug)]
pub(super) struct RiseWindow {
    /// How long an increase may take
    within: i64,
    /// When values ended to speak, and what they were: both ascending, since a value that is not below a later one is not
    /// the least any more
    least: VecDeque<(i64, Decimal)>,
    /// The largest increase; `None`: there is no value yet
    largest: Option<Decimal>,
    overflowed: bool,
}

impl RiseWindow {
    pub(super) fn new(within: i64) -> Self {
        Self { within, least: VecDeque::new(), largest: None, overflowed: false }
    }

    /// A value that spoke from `start` on, and until `end`.
    pub(super) fn hold(&mut self, start: i64, end: i64, value: Decimal) {
        while self.least.front().is_some_and(|(ended, _)| *ended <= start.saturating_sub(self.within)) {
            self.least.pop_front();
        }
        let least = self.least.front().map_or(value, |(_, least)| value.min(*least));
        match value.minus(least) {
            Some(increase) => self.largest = self.largest.max(Some(increase)),
            None => self.overflowed = true,
        }
        while self.least.back().is_some_and(|(_, last)| *last >= value) {
            self.least.pop_back();
        }
        self.least.push_back((end, value));
    }

    /// The largest increase, and nothing for the next bucket. `None`: there was no value; an increase that does not fit is
    /// an error.
    pub(super) fn take(&mut self) -> Result<Option<Decimal>, Overflowed> {
        let taken = std::mem::replace(self, Self::new(self.within));
        if taken.overflowed { Err(Overflowed) } else { Ok(taken.largest) }
    }
}

/// An increase that does not fit a decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Overflowed;

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    /// The largest increase within 60 of values that follow each other at these instants, the last one until `end`.
    fn rise(values: &[(i64, &str)], end: i64) -> Option<String> {
        let mut window = RiseWindow::new(60);
        for (at, (start, value)) in values.iter().enumerate() {
            let until = values.get(at + 1).map_or(end, |next| next.0);
            window.hold(*start, until, decimal(value));
        }
        window.take().unwrap().map(|largest| largest.to_string())
    }

    #[test]
    fn an_increase_is_from_the_least_value_that_spoke_within_the_time() {
        // by 2 each 20: from 0 (until 20) to 8 (from 80 on) it takes 60 and more, from 2 (until 40) less
        let steady = [(0, "0"), (20, "2"), (40, "4"), (60, "6"), (80, "8"), (100, "10")];
        assert_eq!(rise(&steady, 120).unwrap(), "6");
        // the value of long ago speaks until the jump
        assert_eq!(rise(&[(0, "5"), (500, "11")], 600).unwrap(), "6");
        // down, and up again later than that: from 1 (until 70) to 5 at 129, from 3 (until 130) to 9 at 130
        let waves = [(0, "8"), (10, "1"), (70, "3"), (129, "5"), (130, "9")];
        assert_eq!(rise(&waves, 200).unwrap(), "6");
        assert_eq!(rise(&[(0, "8"), (10, "1"), (70, "3"), (129, "5"), (131, "9")], 200).unwrap(), "6");
        assert_eq!(rise(&[(0, "8"), (10, "7"), (70, "3")], 200).unwrap(), "0", "it only falls");
        assert_eq!(rise(&[], 200), None);
    }

    #[test]
    fn a_bucket_knows_nothing_of_the_one_before() {
        let mut window = RiseWindow::new(60);
        window.hold(0, 50, decimal("1"));
        assert_eq!(window.take(), Ok(Some(Decimal::ZERO)));
        window.hold(50, 60, decimal("9"));
        assert_eq!(window.take(), Ok(Some(Decimal::ZERO)));
        assert_eq!(window.take(), Ok(None));
        let most = decimal("79228162514264337593543950335");
        window.hold(60, 70, most.negated());
        window.hold(70, 80, most);
        assert_eq!(window.take(), Err(Overflowed));
    }
}
