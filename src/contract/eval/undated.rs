//! Records that have no time which can be believed, until a later `clock` status of the same boot dates them.

use std::collections::HashMap;

use super::{EntryId, sample::Sample};
use crate::{hash::Hash, time::Time};

/// A record that waits for its time.
pub(super) struct UndatedRecord {
    /// Its record id; `None`: it is no reading of the device
    pub(super) id: Option<Box<Hash>>,
    /// Milliseconds since its machine started
    pub(super) up: u64,
    pub(super) arrival: Time,
    /// The time of a clock that was not synchronised; `None`: the clock was known to be wrong
    pub(super) claimed: Option<Time>,
    pub(super) entry: EntryId,
    /// Its stream, by place in the device's list, and its number there
    pub(super) stream: Option<(usize, u64)>,
    /// What it measured; `None`: it is no reading of the device
    pub(super) sample: Option<Sample>,
}

impl UndatedRecord {
    /// When it was said, by a machine that was up for so long at that time; `None`: outside the years 0 to 9999.
    pub(super) fn dated_by(&self, time: Time, up: u64) -> Option<Time> {
        let before = i64::try_from(i128::from(up) - i128::from(self.up)).ok()?;
        Time::from_millis(time.millis().checked_sub(before)?)
    }
}

/// All that wait, by the run of their machine.
#[derive(Default)]
pub(super) struct UndatedRecords {
    by_boot: HashMap<Box<str>, Vec<UndatedRecord>>,
}

impl UndatedRecords {
    pub(super) fn push(&mut self, boot: &str, record: UndatedRecord) {
        match self.by_boot.get_mut(boot) {
            Some(waiting) => waiting.push(record),
            None => drop(self.by_boot.insert(boot.into(), vec![record])),
        }
    }

    /// Those that a status of this boot dates, in the order of their entries. One whose own clock was not
    /// synchronised knows no better than a reading of such a clock.
    pub(super) fn dated(&mut self, boot: &str, status_unsynced: bool) -> Vec<UndatedRecord> {
        let Some(waiting) = self.by_boot.remove(boot) else { return Vec::new() };
        if !status_unsynced {
            return waiting;
        }
        let (dated, rest): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|record| record.claimed.is_none());
        if !rest.is_empty() {
            self.by_boot.insert(boot.into(), rest);
        }
        dated
    }

    /// When the first of them arrived; `None`: none waits.
    pub(super) fn oldest_arrival(&self) -> Option<Time> {
        self.by_boot.values().filter_map(|waiting| waiting.iter().map(|record| record.arrival).min()).min()
    }

    /// Those that no status dates, in the order of their entries.
    pub(super) fn rest(&mut self) -> Vec<UndatedRecord> {
        let mut rest: Vec<_> = std::mem::take(&mut self.by_boot).into_values().flatten().collect();
        rest.sort_unstable_by_key(|record| record.entry);
        rest
    }
}
