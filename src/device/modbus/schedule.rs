//! When the next round of a poll is due.
//!
//! ```text
//! --every 10s            0 s, 10 s, 20 s after the first one
//! --every 10s --align    12:00:00, 12:00:10, 12:00:20 by the wall clock
//! ```
//!
//! A round that is missed because the one before took long is not made up for.

/// Rounds by a clock in milliseconds: the wall clock, or the time since the machine started.
#[derive(Clone, Copy, Debug)]
pub(super) struct PollSchedule {
    every: i64,
    /// The clock at some round
    origin: i64,
    /// The round that is due next
    due: i64,
}

impl PollSchedule {
    /// The first round is due at once.
    pub(super) fn from_now(every: i64, now: i64) -> Self {
        Self { every: every.max(1), origin: now, due: now }
    }

    /// Rounds are due at multiples of the period.
    pub(super) fn aligned(every: i64, now: i64) -> Self {
        let schedule = Self { every: every.max(1), origin: 0, due: 0 };
        Self { due: schedule.after(now), ..schedule }
    }

    /// How long it is until the next round; zero: it is due. A clock that was set back is followed.
    pub(super) fn left(&mut self, now: i64) -> i64 {
        if self.due - now > self.every {
            self.due = self.after(now);
        }
        (self.due - now).max(0)
    }

    /// A round is over.
    pub(super) fn done(&mut self, now: i64) {
        self.due = self.after(now);
    }

    fn after(&self, now: i64) -> i64 {
        now + self.every - (now - self.origin).rem_euclid(self.every)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_keep_their_period_whatever_they_take() {
        let mut schedule = PollSchedule::from_now(10_000, 1_234);
        assert_eq!(schedule.left(1_234), 0);
        schedule.done(1_900);
        assert_eq!(schedule.left(1_900), 9_334);
        schedule.done(11_234 + 25_000);
        assert_eq!(schedule.left(36_234), 5_000, "two rounds were missed");
    }

    #[test]
    fn aligned_rounds_are_at_multiples() {
        let mut schedule = PollSchedule::aligned(10_000, 1_234);
        assert_eq!(schedule.left(1_234), 8_766);
        assert_eq!(schedule.left(10_001), 0);
        schedule.done(10_050);
        assert_eq!(schedule.left(10_050), 9_950);
        assert_eq!(schedule.left(3_000), 7_000, "the clock was set back");
    }
}
