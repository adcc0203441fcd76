//! `received` and `wall`: what times an entry is given.
//!
//! `received` is the gateway's clock when the record came, never earlier than the entry before. A clock that is not
//! synchronised is believed, too: a box with a battery clock and no network is off at weekends. None is believed that is
//! absurd – far ahead of where it should be, or before this program was released: one bad second must not push a ledger
//! into 2036. Where one was believed all the same, and the clock is right again, `wall` undoes that
//! ([`crate::tlog::arrival`]).

use crate::{
    time::{Span, Time},
    tlog::arrival::{ClockStep, ClockTrail, EntryTimes, JUMP},
};

/// When this version was released, at the earliest (2026-11-01): a clock before that is wrong.
pub const RELEASED: Time = Time::from_days(20_758);

/// How long after [`RELEASED`] a clock that is not synchronised may be when a ledger is made: ten years.
const FAR: Span = Span::from_millis(3_653 * 24 * 3_600_000);

/// The clocks at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// The wall clock
    pub wall: Time,
    /// Time since the machine started
    pub up: Span,
}

/// Who vouches for the wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockTrust {
    /// The kernel: something keeps it right
    pub synchronised: bool,
    /// The operator, whatever it shows
    pub accepted: bool,
}

/// What the next entry's time is measured against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreviousEntry {
    /// The number of the next entry
    pub next: u64,
    /// What the entries before it say about the clock
    pub trail: ClockTrail,
    /// The last arrival that was not repeated, and when in this run of the machine that was; `None` if it was in another
    /// run
    pub believed: Option<ClockReading>,
}

impl PreviousEntry {
    /// Takes entries whose times are given already.
    pub fn follow(&mut self, entries: impl Iterator<Item = EntryTimes>) {
        for times in entries {
            // What may not stand there was refused before.
            let _ = self.trail.take(self.next, times);
            self.next += 1;
        }
    }

    /// The last arrival.
    fn arrival(&self) -> Time {
        self.trail.arrival().unwrap_or(Time::EPOCH)
    }

    /// What the wall clock should show: the last believed time and what has passed since then. Measured from
    /// an entry whose time was only repeated, a clock that is set right after a bad week would seem to jump.
    fn expected(&self, up: Span) -> Time {
        let since = |from: Span| (up - from).max(Span::ZERO);
        let runs = self.believed.map(|believed| believed.wall.saturating_add(since(believed.up)));
        runs.map_or(self.arrival(), |runs| runs.max(self.arrival()))
    }
}

/// What the clock looked like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockState {
    /// As it should
    #[default]
    Fine,
    /// Behind the entry before, whose time is repeated
    Behind {
        /// How far
        by: Span,
        /// Whether a jump of the clock could be undone, if the clock were synchronised or accepted
        undoable: bool,
    },
    /// This much ahead of where it should be, which is reckoned instead
    Ahead(Span),
    /// Before this program was released; the time where it should be is reckoned instead
    Early(Time),
    /// Right again, after it had jumped to this time: that is undone
    Undone(Time),
}

impl ClockState {
    /// What the operator should know about it. Two appenders within a second are no news.
    pub fn warning(self) -> Option<String> {
        match self {
            Self::Behind { by, undoable: true } if by > Span::from_millis(1_000) => Some(format!(
                "the clock is {by} behind the last entry, whose time is repeated; if the clock is right now, say \
                 --accept-clock once, and what it said before is undone"
            )),
            Self::Behind { by, .. } if by > JUMP => Some(format!(
                "the clock is {by} behind the last entry, whose time is repeated; if the clock is right now, go on in a \
                 new ledger: foil chain init --continues"
            )),
            Self::Behind { by, .. } if by > Span::from_millis(1_000) => Some(format!(
                "the clock is {by} behind the last entry, whose time is repeated: set the clock"
            )),
            Self::Ahead(by) => Some(format!(
                "the clock is {by} ahead of what the last entry and the time since then say, and so not believed; if \
                 the clock is right, say --accept-clock"
            )),
            Self::Early(wall) => Some(format!(
                "the clock says {wall}, before this program was released, and so is not believed; set the clock"
            )),
            Self::Undone(jump) => Some(format!(
                "the clock had jumped to {jump} and is right again: entries get their true time beside that"
            )),
            Self::Fine | Self::Behind { .. } => None,
        }
    }
}

/// The times for the next entry. `before` is brought up to it.
pub fn received(
    now: ClockReading,
    before: &mut PreviousEntry,
    trust: ClockTrust,
) -> (EntryTimes, ClockState) {
    let expected = before.expected(now.up);
    let ahead = now.wall - expected;
    let (clock, odd) = match now.wall {
        wall if trust.accepted => (wall, None),
        wall if wall < RELEASED => (expected, Some(ClockState::Early(wall))),
        _ if ahead > JUMP => (expected, Some(ClockState::Ahead(ahead))),
        wall => (wall, None),
    };
    let undoable = before.trail.open_jump().is_some_and(|jump| jump.is_undone_by(clock));
    let sure = trust.accepted || trust.synchronised && odd.is_none();
    let last = before.arrival();
    let times = before.trail.next(clock, sure);
    let step = before.trail.take(before.next, times);
    before.next += 1;
    if times.stated_arrival() == clock {
        before.believed = Some(ClockReading { wall: clock, up: now.up });
    }
    // In a new run of the machine time passes from the first repetition on.
    let _ = before.believed.get_or_insert(ClockReading { wall: last, up: now.up });
    let by = times.stated_arrival() - clock;
    let state = match (odd, step) {
        (Some(odd), _) => odd,
        (None, Ok(ClockStep::Undoes(jump))) => ClockState::Undone(jump.received),
        (None, Ok(ClockStep::Jumps(_))) => ClockState::Fine,
        _ if by > Span::ZERO => ClockState::Behind { by, undoable },
        _ => ClockState::Fine,
    };
    (times, state)
}

/// Whether a clock is good enough to date a new ledger.
///
/// # Errors
/// Why it is not.
pub fn check_first(wall: Time, trust: ClockTrust) -> Result<(), String> {
    match wall {
        _ if trust.accepted => Ok(()),
        _ if wall < RELEASED => Err(format!("the clock says {wall}, before this program was released")),
        _ if !trust.synchronised && wall - RELEASED > FAR => Err(format!(
            "the clock says {wall}, more than ten years after this program was released, and nothing synchronises it"
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    const YEAR: i64 = 24 * 366;

    fn hours(hours: i64) -> Time {
        Time::from_millis(RELEASED.millis() + hours * HOUR).unwrap()
    }

    fn at(wall: i64, up: i64) -> ClockReading {
        ClockReading { wall: hours(wall), up: Span::from_millis(up * HOUR) }
    }

    /// Behind an entry of this hour, which came when the machine had been up for so long; `None`: another machine run.
    fn behind(wall: i64, up: Option<i64>) -> PreviousEntry {
        let trail = ClockTrail::resuming(EntryTimes::plain(hours(wall)), None);
        PreviousEntry { next: 7, trail, believed: up.map(|up| at(wall, up)) }
    }

    const NOBODY: ClockTrust = ClockTrust { synchronised: false, accepted: false };
    const KERNEL: ClockTrust = ClockTrust { synchronised: true, accepted: false };
    const OPERATOR: ClockTrust = ClockTrust { synchronised: false, accepted: true };

    fn given(
        now: ClockReading,
        before: &mut PreviousEntry,
        trust: ClockTrust,
    ) -> (i64, Option<i64>, ClockState) {
        let (times, state) = received(now, before, trust);
        let hour = |time: Time| (time.millis() - RELEASED.millis()) / HOUR;
        (hour(times.received), times.wall.map(hour), state)
    }

    #[test]
    fn a_clock_that_nobody_synchronises_is_believed_up_to_a_year_ahead() {
        for trust in [NOBODY, KERNEL] {
            let fine = |hour| (hour, None, ClockState::Fine);
            assert_eq!(given(at(101, 6), &mut behind(100, Some(5)), trust), fine(101));
            assert_eq!(given(at(162, 0), &mut behind(100, None), trust), fine(162), "a weekend");
            assert_eq!(given(at(100 + YEAR, 0), &mut behind(100, None), trust), fine(100 + YEAR));
            let up = 3 * YEAR;
            assert_eq!(given(at(100 + up, up), &mut behind(100, Some(0)), trust), fine(100 + up), "silence");
            let far = at(101 + YEAR, 0);
            let ahead = ClockState::Ahead(Span::from_millis((YEAR + 1) * HOUR));
            assert_eq!(given(far, &mut behind(100, None), trust), (100, None, ahead));
            assert_eq!(given(far, &mut behind(100, None), OPERATOR), fine(101 + YEAR));
        }
    }

    #[test]
    fn what_is_not_believed_is_reckoned_from_the_last_arrival() {
        let mut before = behind(100, Some(5));
        assert_eq!(given(at(90_000, 8), &mut before, KERNEL).0, 103);
        let old = at(-500_000, 9);
        assert_eq!(given(old, &mut before, KERNEL), (104, None, ClockState::Early(old.wall)));
        let mut booted = behind(100, None);
        assert_eq!(given(at(-500_000, 0), &mut booted, NOBODY).0, 100);
        assert_eq!(given(at(-499_990, 10), &mut booted, NOBODY).0, 110, "it goes on within the boot");
        assert_eq!(given(at(130, 11), &mut booted, NOBODY), (130, None, ClockState::Fine));
    }

    #[test]
    fn a_clock_behind_repeats_the_entry_before() {
        let by = ClockState::Behind { by: Span::from_millis(HOUR), undoable: false };
        for trust in [NOBODY, KERNEL, OPERATOR] {
            assert_eq!(given(at(99, 6), &mut behind(100, Some(5)), trust), (100, None, by));
        }
    }

    #[test]
    fn a_jump_that_the_operator_accepted_is_undone_and_so_is_the_next() {
        let mut before = behind(100, Some(5));
        let far = 10 * YEAR;
        assert_eq!(given(at(far, 6), &mut before, OPERATOR).0, far);
        let by = Span::from_millis((far - 102) * HOUR);
        assert_eq!(
            given(at(102, 7), &mut before, NOBODY),
            (far, None, ClockState::Behind { by, undoable: true })
        );
        assert_eq!(given(at(103, 8), &mut before, KERNEL), (far, Some(103), ClockState::Undone(hours(far))));
        assert_eq!(given(at(104, 9), &mut before, NOBODY), (far, Some(104), ClockState::Fine));
        assert_eq!(
            given(at(-500_000, 10), &mut before, NOBODY).1,
            Some(105),
            "1970 after a jump that was undone"
        );
        assert_eq!(given(at(far, 11), &mut before, NOBODY).1, Some(106), "again, and not believed");
        assert_eq!(given(at(2 * far, 12), &mut before, OPERATOR), (2 * far, None, ClockState::Fine));
        assert_eq!(
            given(at(108, 13), &mut before, KERNEL),
            (2 * far, Some(108), ClockState::Undone(hours(2 * far)))
        );
        assert_eq!(given(at(107, 14), &mut before, KERNEL).1, Some(108), "walls do not go back");
    }

    #[test]
    fn nobody_dates_back_by_less_than_a_year_or_after_a_day() {
        let mut before = behind(100, Some(5));
        let year = 100 + YEAR;
        assert_eq!(given(at(year, 6), &mut before, OPERATOR).0, year);
        assert_eq!(given(at(110, 7), &mut before, OPERATOR).1, None, "no more than a year");
        let mut before = behind(100, Some(5));
        assert_eq!(given(at(year + 1, 6), &mut before, OPERATOR).0, year + 1);
        assert_eq!(given(at(50, 7), &mut before, OPERATOR).1, Some(100), "not before the jump");
        let mut before = behind(100, Some(5));
        assert_eq!(given(at(year + 1, 6), &mut before, OPERATOR).0, year + 1);
        assert_eq!(given(at(year + 26, 31), &mut before, OPERATOR).0, year + 26);
        assert_eq!(given(at(110, 32), &mut before, OPERATOR).1, None, "the jump lasted longer than a day");
    }

    #[test]
    fn a_new_ledger_needs_a_clock_that_may_be_right() {
        let years = |years| hours(years * YEAR);
        assert!(check_first(hours(-1), KERNEL).is_err() && check_first(hours(-1), OPERATOR).is_ok());
        assert!(check_first(years(9), NOBODY).is_ok() && check_first(years(11), NOBODY).is_err());
        assert!(check_first(years(11), KERNEL).is_ok() && check_first(years(11), OPERATOR).is_ok());
    }
}
