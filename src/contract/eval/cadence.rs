//! How many readings of a cadence are missing.

use super::Window;

/// Follows the readings of one device.
#[derive(Clone, Debug)]
pub(super) struct Cadence {
    every: i64,
    last: Option<i64>,
    misses: u64,
}

impl Cadence {
    pub(super) fn new(every: i64) -> Self {
        Self { every, last: None, misses: 0 }
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

    /// A silence of length s is ⌈s / every⌉ − 1 misses.
    fn silence(&mut self, start: i64, end: i64) {
        let length = end - start;
        if length > self.every {
            self.misses += ((length - 1) / self.every).unsigned_abs();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn misses(readings: &[i64]) -> u64 {
        let window = Window { from: 1_000, end: 2_000, near: 1_000 };
        let mut cadence = Cadence::new(100);
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
}
