//! `received`: what time an entry is given.
//!
//! It is the gateway's clock when the record came, never earlier than the entry before. A clock that jumps
//! far ahead while the kernel knows it to be unsynchronised is not believed: one bad second must not push a
//! ledger into 2036.

use crate::time::{Span, Time};

/// How far the clock may be ahead of where it should be before its synchronisation is asked for.
const JUMP: Span = Span::from_millis(24 * 3_600_000);

/// The clocks at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// The wall clock
    pub wall: Time,
    /// Time since the machine started
    pub up: Span,
}

/// What the next entry's time is measured against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreviousEntry {
    /// `received` of the entry before
    pub received: Time,
    /// The last time that was taken from the clock and not repeated, and when in this run of the machine that
    /// was; `None` if that was in another run
    pub believed: Option<ClockReading>,
}

impl PreviousEntry {
    /// What the wall clock should show: the last believed time and what has passed since then. Measured from
    /// an entry whose time was only repeated, a clock that is set right after a bad week would seem to jump.
    fn expected(&self, up: Span) -> Time {
        let since = |from: Span| (up - from).max(Span::ZERO);
        let runs = self.believed.map(|believed| believed.wall.saturating_add(since(believed.up)));
        runs.map_or(self.received, |runs| runs.max(self.received))
    }
}

/// What the clock looked like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockState {
    /// As it should
    #[default]
    Fine,
    /// This much behind the entry before, whose time is repeated
    Behind(Span),
    /// This much ahead of where it should be, and unsynchronised: the time of the entry before is repeated
    Ahead(Span),
}

impl ClockState {
    /// What the operator should know about it. Two appenders within a second are no news.
    pub fn warning(self) -> Option<String> {
        match self {
            Self::Behind(by) if by > Span::from_millis(1_000) => Some(format!(
                "the clock is {by} behind the last entry, whose time is repeated: set the clock"
            )),
            Self::Ahead(by) => Some(format!(
                "the clock is {by} ahead of the last entry and not synchronised, so the last entry's time is \
                 repeated; if the clock is right, say --accept-clock"
            )),
            _ => None,
        }
    }
}

/// The time for the next entry. `before` is brought up to it.
pub fn received(now: ClockReading, before: &mut PreviousEntry, believe: bool) -> (Time, ClockState) {
    let ahead = now.wall - before.expected(now.up);
    let clock = if now.wall < before.received {
        ClockState::Behind(before.received - now.wall)
    } else if ahead > JUMP && !believe {
        ClockState::Ahead(ahead)
    } else {
        (before.received, before.believed) = (now.wall, Some(now));
        ClockState::Fine
    };
    // In a new run of the machine time passes from the first repetition on.
    let _ = before.believed.get_or_insert(ClockReading { wall: before.received, up: now.up });
    (before.received, clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn at(wall: i64, up: i64) -> ClockReading {
        ClockReading { wall: Time::from_millis(wall * HOUR).unwrap(), up: Span::from_millis(up * HOUR) }
    }

    fn given(now: ClockReading, before: ClockReading, same_boot: bool, believe: bool) -> (i64, ClockState) {
        let mut before = PreviousEntry { received: before.wall, believed: same_boot.then_some(before) };
        let (time, clock) = received(now, &mut before, believe);
        assert_eq!(time, before.received);
        (time.millis() / HOUR, clock)
    }

    #[test]
    fn a_clock_that_runs_is_believed() {
        assert_eq!(given(at(101, 6), at(100, 5), true, false), (101, ClockState::Fine));
        assert_eq!(given(at(124, 0), at(100, 5), false, false), (124, ClockState::Fine));
        assert_eq!(
            given(at(400, 305), at(100, 5), true, false),
            (400, ClockState::Fine),
            "a silent fortnight"
        );
    }

    #[test]
    fn a_clock_behind_repeats_the_entry_before() {
        assert_eq!(
            given(at(99, 6), at(100, 5), true, true),
            (100, ClockState::Behind(Span::from_millis(HOUR)))
        );
    }

    #[test]
    fn a_clock_far_ahead_is_believed_only_if_synchronised() {
        let ahead = ClockState::Ahead(Span::from_millis(25 * HOUR));
        assert_eq!(given(at(126, 6), at(100, 5), true, false), (100, ahead));
        assert_eq!(given(at(126, 6), at(100, 5), true, true), (126, ClockState::Fine));
        assert_eq!(given(at(125, 0), at(100, 5), false, false), (100, ahead));
    }

    #[test]
    fn a_clock_set_right_after_a_bad_week_is_believed() {
        let mut before = PreviousEntry { received: at(100, 5).wall, believed: Some(at(100, 5)) };
        for hour in 0..170 {
            let bad = at(80_000 + hour, 6 + hour);
            assert!(matches!(received(bad, &mut before, false), (_, ClockState::Ahead(_))));
        }
        assert_eq!(received(at(270, 175), &mut before, false), (at(270, 0).wall, ClockState::Fine));
        for hour in 0..170 {
            assert!(matches!(received(at(hour, 176 + hour), &mut before, false), (_, ClockState::Behind(_))));
        }
        assert_eq!(received(at(445, 350), &mut before, false), (at(445, 0).wall, ClockState::Fine));
    }

    #[test]
    fn in_another_run_of_the_machine_time_passes_too() {
        let mut before = PreviousEntry { received: at(100, 0).wall, believed: None };
        assert!(matches!(received(at(130, 1), &mut before, false), (_, ClockState::Ahead(_))));
        assert!(
            matches!(received(at(160, 31), &mut before, false), (_, ClockState::Ahead(_))),
            "still 30 h ahead"
        );
        assert_eq!(received(at(150, 31), &mut before, false), (at(150, 0).wall, ClockState::Fine));
    }
}
