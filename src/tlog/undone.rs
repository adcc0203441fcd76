//! Jumps of the clock that were undone, and when the entries in them arrived.
//!
//! ```text
//! entries in order ─► JumpWatch ─► UndoneJumps ─► the arrival of any entry
//! ```
//!
//! What undoes a jump stands behind it, so all entries up to there must have been seen.

use std::ops::Range;

use super::{
    arrival::{BadWall, ClockStep, ClockTrail, EntryTimes, JUMP},
    layout::Layout,
};
use crate::time::Time;

/// A jump that was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UndoneJump {
    /// The first entry in it
    pub first: u64,
    /// The first entry behind it, which undid it
    pub end: u64,
    /// When that came, and so, as far as is known, those in the jump, too
    pub wall: Time,
}

/// The jumps of a ledger that were undone, in the order of its entries. Most ledgers have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoneJumps(Vec<UndoneJump>);

impl UndoneJumps {
    /// The undone jump that an entry is in; `None`: it is in none.
    pub fn around(&self, n: u64) -> Option<&UndoneJump> {
        let after = self.0.partition_point(|jump| jump.first <= n);
        self.0[..after].last().filter(|jump| n < jump.end)
    }

    /// Adds a jump, which stands behind the others.
    pub fn push(&mut self, jump: UndoneJump) {
        self.0.push(jump);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// When an entry arrived that has these times.
    pub fn arrival(&self, n: u64, times: EntryTimes) -> Time {
        self.around(n).map_or(times.stated_arrival(), |jump| jump.wall)
    }
}

/// Goes along entries, and takes note of the jumps that are undone.
#[derive(Clone, Debug, Default)]
pub struct JumpWatch {
    trail: ClockTrail,
    undone: UndoneJumps,
}

impl JumpWatch {
    /// Begins behind entries that cannot be seen, or that hold no jump.
    pub fn behind_unseen() -> Self {
        Self { trail: ClockTrail::behind_unseen(), undone: UndoneJumps::default() }
    }

    /// Begins behind entries that say this about the clock.
    pub fn from_trail(trail: ClockTrail) -> Self {
        Self { trail, undone: UndoneJumps::default() }
    }

    /// What the entries so far say about the clock.
    pub fn trail(&self) -> &ClockTrail {
        &self.trail
    }

    /// Passes over entries, which cannot be seen or hold no jump.
    pub fn pass_over(&mut self) {
        self.trail = ClockTrail::behind_unseen();
    }

    /// Takes the next entry.
    ///
    /// # Errors
    /// If it has a `wall` that it may not have.
    pub fn take(&mut self, n: u64, times: EntryTimes) -> Result<ClockStep, BadWall> {
        let step = self.trail.take(n, times);
        if let (Ok(ClockStep::Undoes(jump)), Some(wall)) = (step, times.wall) {
            self.undone.push(UndoneJump { first: jump.n, end: n, wall });
        }
        step
    }

    /// The jumps that were undone up to here.
    pub fn undone(&self) -> &UndoneJumps {
        &self.undone
    }

    /// The jumps that were undone.
    pub fn into_undone(self) -> UndoneJumps {
        self.undone
    }
}

/// The first of some entries that was received so much later than the one before it that the clock may have jumped;
/// `None`: there is none, and so no jump that was undone. `received` never goes back, so few entries are asked: two
/// where all were received within a year, else those at the borders of files, as far as that will do.
///
/// # Errors
/// If one of them cannot be read.
pub fn first_jump<E>(
    entries: Range<u64>,
    layout: Layout,
    received: impl FnMut(u64) -> Result<Time, E>,
) -> Result<Option<u64>, E> {
    if entries.end.saturating_sub(entries.start) < 2 {
        return Ok(None);
    }
    let mut search = JumpSearch { received, layout };
    let (first, last) = (entries.start, entries.end - 1);
    let (from, to) = ((search.received)(first)?, (search.received)(last)?);
    search.within((first, from), (last, to))
}

struct JumpSearch<R> {
    received: R,
    layout: Layout,
}

impl<E, R: FnMut(u64) -> Result<Time, E>> JumpSearch<R> {
    /// Searches behind one entry, up to and with another.
    fn within(&mut self, low: (u64, Time), high: (u64, Time)) -> Result<Option<u64>, E> {
        if high.1 - low.1 <= JUMP {
            return Ok(None);
        }
        if high.0 - low.0 <= 1 {
            return Ok(Some(high.0));
        }
        let half = low.0 + (high.0 - low.0) / 2;
        let border = self.layout.first_in_file(half);
        let n = if border > low.0 { border } else { half };
        let middle = (n, (self.received)(n)?);
        match self.within(low, middle)? {
            Some(jump) => Ok(Some(jump)),
            None => self.within(middle, high),
        }
    }
}
