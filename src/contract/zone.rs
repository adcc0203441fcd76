//! The zone of a contract: what its clocks show, by the offsets that are signed. No zone database is asked.
//!
//! ```text
//! "+01:00"
//! {"name":"Europe/Oslo","offsets":[["2026-02-28T06:00:00.000Z","+01:00"],["2026-03-29T01:00:00.000Z","+02:00"]]}
//! ```
//!
//! Instants are milliseconds since 1970, days are days since 1970. Where clocks are put back, a local time comes twice;
//! where they are put forward, it does not come at all, and what begins then begins with the change.

use crate::time::{Time, Zone, ZoneOffset};

/// A day of 24 hours, in milliseconds.
pub const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;

/// The zone of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractZone {
    name: Option<String>,
    /// The offset before any change
    first: ZoneOffset,
    /// When it changes, ascending, and to what
    changes: Vec<(i64, ZoneOffset)>,
}

/// What clocks and the calendar show at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalMoment {
    /// The day
    pub day: i64,
    /// How many milliseconds after midnight, as clocks show it
    pub millis: i64,
}

impl Default for ContractZone {
    fn default() -> Self {
        Self::fixed(ZoneOffset::UTC)
    }
}

impl ContractZone {
    /// A zone in which clocks are never changed.
    pub const fn fixed(offset: ZoneOffset) -> Self {
        Self { name: None, first: offset, changes: Vec::new() }
    }

    /// A zone that is called so, with its offsets and since when each is: the first one before that, too. `None`: there are
    /// none, or they are not in order of time.
    pub fn changing(name: &str, offsets: &[(Time, ZoneOffset)]) -> Option<Self> {
        let ((_, first), changes) = offsets.split_first()?;
        let in_order = offsets.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let changes = changes.iter().map(|(at, offset)| (at.millis(), *offset)).collect();
        in_order.then(|| Self { name: Some(name.to_owned()), first: *first, changes })
    }

    /// What the contract calls it; `None`: it is an offset.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// How many milliseconds local time is ahead of UTC.
    pub fn offset_at(&self, at: i64) -> i64 {
        self.offset_after(self.changes_until(at)).millis()
    }

    /// The first instant after this one at which clocks are changed; `None`: they are not any more.
    pub fn next_change(&self, at: i64) -> Option<i64> {
        self.changes.get(self.changes_until(at)).map(|(change, _)| *change)
    }

    /// What clocks and the calendar show.
    pub fn local(&self, at: i64) -> LocalMoment {
        let local = at.saturating_add(self.offset_at(at));
        LocalMoment { day: local.div_euclid(DAY), millis: local.rem_euclid(DAY) }
    }

    /// The first instant at which clocks show this, or more: so many minutes after midnight of a day.
    pub fn instant_of(&self, day: i64, minutes: i64) -> i64 {
        let local = day.saturating_mul(DAY).saturating_add(minutes.saturating_mul(MINUTE));
        // No clock is so far ahead that it showed this before.
        let mut segment = self.changes_until(local.saturating_sub(ZoneOffset::MOST.millis() + 1));
        loop {
            let at = local.saturating_sub(self.offset_after(segment).millis());
            let begins = segment.checked_sub(1).map_or(i64::MIN, |before| self.changes[before].0);
            match self.changes.get(segment) {
                Some((change, _)) if at >= *change => segment += 1,
                _ => return at.max(begins),
            }
        }
    }

    /// The first instant of a day: its midnight, or the change that skipped it.
    pub fn start_of_day(&self, day: i64) -> i64 {
        self.instant_of(day, 0)
    }

    /// The day that has begun last: where clocks are put back over midnight, that is not always the one that they show.
    pub fn day_at(&self, at: i64) -> i64 {
        let mut day = self.local(at).day;
        while self.start_of_day(day.saturating_add(1)) <= at && day < i64::MAX / DAY {
            day += 1;
        }
        day
    }

    /// The first instant of the hour that clocks show: a full hour, or a change of the clocks if that came after it. So of two
    /// hours of the same name each is one.
    pub fn start_of_hour(&self, at: i64) -> i64 {
        let full = at.saturating_sub(self.local(at).millis % HOUR);
        let change = self.changes_until(at).checked_sub(1).map(|last| self.changes[last].0);
        change.map_or(full, |change| full.max(change))
    }

    /// The first instant of the hour after it.
    pub fn next_hour(&self, at: i64) -> i64 {
        let full = at.saturating_sub(self.local(at).millis % HOUR).saturating_add(HOUR);
        self.next_change(at).map_or(full, |change| full.min(change))
    }

    /// The same zone for showing times to people.
    pub fn shown(&self) -> Option<Zone> {
        let changes: Vec<_> =
            self.changes.iter().map(|(at, offset)| (at.div_euclid(1_000), offset.seconds())).collect();
        Zone::changing(self.first.seconds(), &changes)
    }

    /// How many changes there were by an instant.
    fn changes_until(&self, at: i64) -> usize {
        self.changes.partition_point(|(change, _)| *change <= at)
    }

    /// The offset after so many changes.
    fn offset_after(&self, changes: usize) -> ZoneOffset {
        changes.checked_sub(1).map_or(self.first, |last| self.changes[last].1)
    }
}

/// The weekday of a day since 1970, counted from Monday, 0, to Sunday, 6.
pub fn weekday(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (day.rem_euclid(7) + 3) % 7
}

#[cfg(test)]
mod tests;
