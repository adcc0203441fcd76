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
pub struct Reading {
    /// The wall clock
    pub wall: Time,
    /// Time since the machine started
    pub up: Span,
}

/// What the entry before was given, and when in this run of the machine that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// Its `received`
    pub received: Time,
    /// Time since the machine started, if it is still the same run of the machine
    pub up: Option<Span>,
}

/// What the clock looked like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// As it should
    Fine,
    /// This much behind the entry before, whose time is repeated
    Behind(Span),
    /// This much ahead of where it should be, and unsynchronised: the time of the entry before is repeated
    Ahead(Span),
}

/// The time for the next entry.
pub fn received(now: Reading, before: Before, believe: bool) -> (Time, Clock) {
    let elapsed = before.up.map_or(Span::ZERO, |up| (now.up - up).max(Span::ZERO));
    let ahead = now.wall - before.received.saturating_add(elapsed);
    if now.wall < before.received {
        (before.received, Clock::Behind(before.received - now.wall))
    } else if ahead > JUMP && !believe {
        (before.received, Clock::Ahead(ahead))
    } else {
        (now.wall, Clock::Fine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn at(wall: i64, up: i64) -> Reading {
        Reading { wall: Time::from_millis(wall * HOUR).unwrap(), up: Span::from_millis(up * HOUR) }
    }

    fn given(now: Reading, before: Reading, same_boot: bool, believe: bool) -> (i64, Clock) {
        let before = Before { received: before.wall, up: same_boot.then_some(before.up) };
        let (time, clock) = received(now, before, believe);
        (time.millis() / HOUR, clock)
    }

    #[test]
    fn a_clock_that_runs_is_believed() {
        assert_eq!(given(at(101, 6), at(100, 5), true, false), (101, Clock::Fine));
        assert_eq!(given(at(124, 0), at(100, 5), false, false), (124, Clock::Fine));
        assert_eq!(given(at(400, 305), at(100, 5), true, false), (400, Clock::Fine), "a silent fortnight");
    }

    #[test]
    fn a_clock_behind_repeats_the_entry_before() {
        assert_eq!(given(at(99, 6), at(100, 5), true, true), (100, Clock::Behind(Span::from_millis(HOUR))));
    }

    #[test]
    fn a_clock_far_ahead_is_believed_only_if_synchronised() {
        let ahead = Clock::Ahead(Span::from_millis(25 * HOUR));
        assert_eq!(given(at(126, 6), at(100, 5), true, false), (100, ahead));
        assert_eq!(given(at(126, 6), at(100, 5), true, true), (126, Clock::Fine));
        assert_eq!(given(at(125, 0), at(100, 5), false, false), (100, ahead));
    }
}
