//! Readings without number of which nothing says when they were measured: any time before they arrived. In a stream, their
//! number says where they belong.
//!
//! ```text
//! values     4        4           4        4
//! arrival                  x                      unknown from the last value before it to the next one behind it
//!                     └───────────┘
//! ```

use std::collections::{BTreeSet, HashSet};

use super::{
    super::{hiding::UnknownFrom, sample::Sample},
    DeviceEvaluation,
};
use crate::{hash::Hash, time::Time};

/// When they arrived.
#[derive(Default)]
pub(super) struct UntimedReadings {
    /// Each is there once, by its record id: the first copy is nearest to when it was measured
    known: HashSet<Hash>,
    /// The arrivals of those of which the timeline does not know
    arrivals: BTreeSet<i64>,
    /// The last instant that was followed and at which a reading said something
    said: Option<i64>,
}

impl UntimedReadings {
    fn add(&mut self, id: Option<&Hash>, arrival: i64) {
        if id.is_none_or(|id| self.known.insert(*id)) {
            self.arrivals.insert(arrival);
        }
    }

    /// Takes the arrivals up to an instant.
    fn up_to(&mut self, until: i64) -> BTreeSet<i64> {
        let rest = until.checked_add(1).map(|end| self.arrivals.split_off(&end)).unwrap_or_default();
        std::mem::replace(&mut self.arrivals, rest)
    }

    /// These were followed.
    pub(super) fn follow(&mut self, samples: &[Sample]) {
        let last = samples.iter().rfind(|sample| sample.says_something());
        self.said = last.map(|sample| sample.time).or(self.said);
    }
}

impl DeviceEvaluation<'_> {
    /// A reading that does not count, and does not say when it was measured.
    pub(super) fn refuse_untimed(&mut self, sample: &Sample, id: Option<&Hash>, arrival: Time) {
        if let Some((stream, seq)) = sample.stream {
            self.streams.at(stream).numbers.refuse(seq, None, sample.entry);
        } else if self.may_be_late(arrival) {
            self.untimed.add(id, arrival.millis());
        }
    }

    /// Gives the timeline what those hide that arrived up to an instant. All readings that were measured before it are there.
    pub(super) fn hide_untimed(&mut self, until: i64) {
        let arrivals = self.untimed.up_to(until);
        if arrivals.is_empty() {
            return;
        }
        let said = self.waiting.iter().filter(|sample| sample.says_something()).map(|sample| sample.time);
        let said: Vec<_> = self.untimed.said.into_iter().chain(said).collect();
        for arrival in arrivals {
            let before = said[..said.partition_point(|time| *time < arrival)].last();
            let start = before.copied().unwrap_or(self.window.near);
            // What was said before that is not known any more.
            let is_behind = self.untimed.said.is_some_and(|said| arrival <= said);
            self.late_change |= is_behind || start < self.timeline.cursor;
            self.timeline.unknown_from(UnknownFrom::untimed(start, arrival));
        }
    }
}
