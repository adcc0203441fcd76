//! When an entry arrived: what its line says, and what later lines say about a jump of the clock.
//!
//! ```text
//! n     received  wall          arrival
//! 7     2026-…                  received
//! 8     2045-…                  the first wall behind it: the jump is undone
//! 9     2045-…    2026-…        wall
//! ```
//!
//! `received` never goes back, so one wrong second would hold a ledger in 2045 for good. An entry that comes when the
//! clock is right again therefore says so in `wall`. That dates nothing back but what stands behind a silence of
//! more than [`JUMP`]: see [`ClockTrail`], which `append`, recovery and `verify` all ask.

use std::fmt;

use crate::time::{Span, Time};

/// How far an entry must lie ahead of the one before it for that to count as a jump of the clock.
pub const JUMP: Span = Span::from_millis(366 * 24 * 3_600_000);

/// How long, by the jumping clock, a jump may last and still be undone.
pub const UNDONE_WITHIN: Span = Span::from_millis(24 * 3_600_000);

/// The two times in an entry's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryTimes {
    /// The gateway's clock when the record came, never earlier than the entry before
    pub received: Time,
    /// When the record came, where `received` holds a jump of the clock; `None`: `received` says it
    pub wall: Option<Time>,
}

impl EntryTimes {
    /// An entry like most: `received` says when it came.
    pub fn plain(received: Time) -> Self {
        Self { received, wall: None }
    }

    /// When the entry came as far as its own line says. A later entry may say that the clock had jumped: what that
    /// comes to is in [`super::undone::UndoneJumps`].
    pub fn stated_arrival(self) -> Time {
        self.wall.unwrap_or(self.received)
    }
}

/// The first entry of what may be a jump of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JumpStart {
    /// Its number
    pub n: u64,
    /// Its `received`
    pub received: Time,
    /// When the entry before it arrived; `None`: that entry was dropped
    pub before: Option<Time>,
}

impl JumpStart {
    /// Whether a clock is back from the jump: before it, and not itself absurdly far ahead of what was before.
    pub fn is_undone_by(&self, clock: Time) -> bool {
        clock < self.received && self.before.is_none_or(|before| clock - before <= JUMP)
    }
}

/// What the entries so far say about the clock, in a few bytes: enough to say which times the next entry may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockTrail {
    /// The times of the last entry; `None`: there was none
    last: Option<EntryTimes>,
    /// The latest jump since the last `wall`; `None`: there is none
    jump: Option<JumpStart>,
    /// Whether entries before the first one were dropped, or lost
    cut: bool,
}

/// What an entry's times do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockStep {
    /// Time goes on
    Runs,
    /// The clock may have jumped
    Jumps(JumpStart),
    /// The jump that began there is undone: what it holds arrived when this entry did
    Undoes(JumpStart),
}

/// Why an entry may not have the `wall` that it has, or has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadWall {
    /// It is later than `received`
    Ahead,
    /// It is earlier than the `wall` of the entry before
    Backwards(Time),
    /// `received` is not that of the entry before, so the clock was not behind it
    NotBehind,
    /// No jump of the clock precedes it that could be undone
    NoJump,
    /// It is earlier than the last arrival before the jump
    BeforeJump(Time),
    /// It is not earlier than the jump
    WithinJump(Time),
    /// The jump began too long ago to be undone
    Late(Time),
    /// The entry before has one, and the clock has not gone on from there
    Lacking,
}

impl fmt::Display for BadWall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ahead => f.write_str("its wall is later than received"),
            Self::Backwards(before) => write!(f, "its wall is before {before}, that of the entry before it"),
            Self::NotBehind => {
                f.write_str("it has a wall, though the clock was not behind the entry before it")
            }
            Self::NoJump => f.write_str("its wall undoes no jump of the clock"),
            Self::BeforeJump(before) => {
                write!(f, "its wall is before {before}, when the last entry before the jump came")
            }
            Self::WithinJump(jump) => write!(f, "its wall is not before {jump}, when the clock jumped"),
            Self::Late(jump) => write!(f, "its wall undoes a jump to {jump}, which lasted longer than a day"),
            Self::Lacking => {
                f.write_str("it has no wall, though the entry before it has one and the clock stands still")
            }
        }
    }
}

impl std::error::Error for BadWall {}

impl ClockTrail {
    /// The trail that begins behind entries that cannot be seen: there may have been a jump.
    pub fn behind_unseen() -> Self {
        Self { cut: true, ..Self::default() }
    }

    /// The trail behind an entry, with the jump that is known from elsewhere; `None`: there is none.
    pub fn resuming(last: EntryTimes, jump: Option<JumpStart>) -> Self {
        Self { last: Some(last), jump, cut: false }
    }

    /// The times of the last entry; `None`: there was none.
    pub fn last(&self) -> Option<EntryTimes> {
        self.last
    }

    /// When the last entry arrived, as far as is known now; `None`: there was none.
    pub fn arrival(&self) -> Option<Time> {
        self.last.map(EntryTimes::stated_arrival)
    }

    /// The jump that the next entry may undo; `None`: there is none.
    pub fn open_jump(&self) -> Option<JumpStart> {
        let last = self.last?.received;
        self.jump.filter(|jump| last - jump.received <= UNDONE_WITHIN)
    }

    /// Whether, since an earlier entry, the clock jumped or a jump was undone.
    pub fn is_odd_since(&self, earlier: &Self) -> bool {
        let walled = |trail: &Self| trail.last.is_some_and(|last| last.wall.is_some());
        self.jump != earlier.jump || walled(self) || walled(earlier)
    }

    /// Whether no jump can be undone any more, and none was of late.
    pub fn is_quiet(&self) -> bool {
        self.open_jump().is_none() && self.last.is_none_or(|last| last.wall.is_none())
    }

    /// Takes the next entry, which has this number. An entry with a `wall` that it may not have is taken all the
    /// same, and undoes nothing.
    ///
    /// # Errors
    /// Which rule it breaks. That `received` does not go back is another rule.
    pub fn take(&mut self, n: u64, times: EntryTimes) -> Result<ClockStep, BadWall> {
        let step = self.step(n, times);
        if self.last.is_none() && self.cut && times.wall.is_none() {
            self.jump = Some(JumpStart { n, received: times.received, before: None });
        }
        self.last = Some(times);
        match step {
            Ok(ClockStep::Jumps(jump)) => self.jump = Some(jump),
            _ if times.wall.is_some() => self.jump = None,
            _ => {}
        }
        step
    }

    fn step(&self, n: u64, times: EntryTimes) -> Result<ClockStep, BadWall> {
        let EntryTimes { received, wall } = times;
        let Some(last) = self.last else {
            let good = wall.is_none() || self.cut;
            return if good { Ok(ClockStep::Runs) } else { Err(BadWall::NoJump) };
        };
        let Some(wall) = wall else {
            if last.wall.is_some() && received == last.received {
                return Err(BadWall::Lacking);
            }
            let before = last.stated_arrival();
            let jumps = received - before > JUMP;
            let jump = JumpStart { n, received, before: Some(before) };
            return Ok(if jumps { ClockStep::Jumps(jump) } else { ClockStep::Runs });
        };
        if received != last.received {
            return Err(BadWall::NotBehind);
        }
        match last.wall {
            _ if wall > received => Err(BadWall::Ahead),
            Some(before) if wall < before => Err(BadWall::Backwards(before)),
            Some(_) => Ok(ClockStep::Runs),
            None => self.undoes(wall, received).map(ClockStep::Undoes),
        }
    }

    /// The jump that a `wall` undoes.
    fn undoes(&self, wall: Time, received: Time) -> Result<JumpStart, BadWall> {
        let jump = self.jump.ok_or(BadWall::NoJump)?;
        match jump.before {
            _ if received - jump.received > UNDONE_WITHIN => Err(BadWall::Late(jump.received)),
            Some(before) if wall < before => Err(BadWall::BeforeJump(before)),
            _ if wall >= jump.received => Err(BadWall::WithinJump(jump.received)),
            _ => Ok(jump),
        }
    }

    /// The times of the next entry when the clock says so. `undo` is whether the clock is sure enough to undo a jump.
    ///
    /// A clock that jumps to before an earlier jump never gives a `wall`, which could not be undone: the entry stands right
    /// behind the earlier jump. Nor does one undo a jump that itself lies so far ahead of what was before.
    pub fn next(&self, clock: Time, undo: bool) -> EntryTimes {
        let Some(last) = self.last else { return EntryTimes::plain(clock) };
        if clock > last.received {
            return EntryTimes::plain(clock);
        }
        if last.wall.is_some_and(|before| clock - before > JUMP) {
            return EntryTimes::plain(last.received.saturating_add(Span::from_millis(1)));
        }
        let wall = match (last.wall, self.open_jump()) {
            (Some(before), _) => Some(clock.max(before)),
            (None, Some(jump)) if undo && jump.is_undone_by(clock) => {
                Some(jump.before.map_or(clock, |before| clock.max(before)))
            }
            (None, _) => None,
        };
        EntryTimes { received: last.received, wall }
    }
}
