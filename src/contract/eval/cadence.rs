//! How many readings of a cadence are missing.

use super::{Window, counted_time::CountedTime};

/// Follows the readings of one device.
#[derive(Clone, Debug)]
pub(super) struct Cadence {
    every: i64,
    /// How late a reading may be
    grace: i64,
    /// The silence that counts
    time: CountedTime,
    last: Option<i64>,
    misses: u64,
}

impl Cadence {
    pub(super) fn new(every: i64, grace: i64, time: CountedTime) -> Self {
        Self { every, grace, time, last: None, misses: 0 }
    }

    /// A reading. Those outside the period say nothing about it.
    pub(super) fn reading(&mut self, at: i64, window: Window) {
        if (window.from..window.end).contains(&at) {
            self.silence(self.last.unwrap_or(window.from), at);
            self.last = Some(at);
        }
    }

    /// The silence after the last reading counts too.
    pub(super) fn finish(mut self, window: Window) -> u64 {
        self.silence(self.last.unwrap_or(window.from), window.end);
        self.misses
    }

    /// A silence of length s is ⌈(s − grace) / every⌉ − 1 misses, and never below none. Time that does not count is no
    /// silence.
    fn silence(&mut self, start: i64, end: i64) {
        let length = self.time.length(start, end) - self.grace;
        if length > self.every {
            self.misses += ((length - 1) / self.every).unsigned_abs();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn misses(readings: &[i64]) -> u64 {
        misses_with(0, readings)
    }

    fn misses_with(grace: i64, readings: &[i64]) -> u64 {
        let window = Window { from: 1_000, end: 2_000, near: 1_000, goes_on: false, silent: 2_000 };
        let mut cadence = Cadence::new(100, grace, CountedTime::default());
        for at in readings {
            cadence.reading(*at, window);
        }
        cadence.finish(window)
    }

    #[test]
    fn ten_hours_of_silence_are_not_one_miss() {
        let on_time: Vec<_> = (1_000..2_000).step_by(100).collect();
        assert_eq!(misses(&on_time), 0);
        assert_eq!(misses(&[]), 9);
        assert_eq!(misses(&[500, 2_000]), 9, "outside the period");
        // 1000–1500 is 4, 1500–1900 is 3, 1900–2000 none
        assert_eq!(misses(&[1_500, 1_900]), 7);
        // one millisecond more than the cadence is a miss
        assert_eq!(misses(&[1_000, 1_101, 1_200, 1_300, 1_400, 1_500, 1_600, 1_700, 1_800, 1_900]), 1);
    }
    #[test]
    fn a_little_late_is_not_missing() {
        // each is up to 50 later than due: 1000–1150 is 150 long, ⌈(150 − 50) / 100⌉ − 1 = 0
        let late = [1_000, 1_150, 1_250, 1_400, 1_500, 1_600, 1_700, 1_800, 1_900];
        assert_eq!(misses_with(50, &late), 0);
        assert_eq!(misses(&late), 2);
        // one more: 1000–1151 is ⌈101 / 100⌉ − 1 = 1
        assert_eq!(misses_with(50, &[&[1_000, 1_151], &late[2..]].concat()), 1);
        // nothing at all: ⌈(1000 − 50) / 100⌉ − 1 = 9
        assert_eq!(misses_with(50, &[]), 9);
        // a grace of more than the cadence forgives as much: ⌈(1000 − 350) / 100⌉ − 1 = 6
        assert_eq!(misses_with(350, &[]), 6);
        assert_eq!(misses_with(2_000, &[]), 0);
    }
}
