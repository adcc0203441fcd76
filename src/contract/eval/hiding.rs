//! What hides the values of a device: holes in its streams, and readings without number that do not count.
//!
//! ```text
//! stream     7  .  9          from the time of 7 on, until a value from 9 or above, or from elsewhere
//! no stream  4  x  4          from the time of x on, until the next value
//! ```

use std::collections::BTreeMap;

/// From an instant on, fields are unknown until their next value from a record that is not below the hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct UnknownFrom {
    pub(super) start: i64,
    /// The last instant at which what is said elsewhere does not count again
    pub(super) deaf_until: i64,
    pub(super) stream: usize,
    /// The first number that is missing: a value of the same stream counts again if its number is higher
    pub(super) first: u64,
    /// Which field; the number of fields stands for how many readings there are. `None`: all of that
    pub(super) field: Option<usize>,
}

/// In the place of a stream: what has none.
const NO_STREAM: usize = usize::MAX;

impl UnknownFrom {
    /// From an instant on, at a hole of a stream. What others say in that instant does not end it.
    pub(super) fn hole(start: i64, stream: usize, first: u64, field: Option<usize>) -> Self {
        Self { start, deaf_until: start, stream, first, field }
    }

    /// Whether it is a hole of a stream.
    pub(super) fn is_numbered(&self) -> bool {
        self.stream != NO_STREAM
    }

    /// From an instant on, until the next value behind the arrival of a reading that has neither time nor number.
    pub(super) fn untimed(start: i64, arrival: i64) -> Self {
        Self { start, deaf_until: arrival, stream: NO_STREAM, first: 0, field: None }
    }
}

/// What hides something now.
#[derive(Clone, Debug, Default)]
pub(super) struct HidingHoles {
    /// By stream. Of several holes the last one decides
    by_stream: BTreeMap<usize, HidingHole>,
}

#[derive(Clone, Copy, Debug, Default)]
struct HidingHole {
    /// The number below which a value of the stream does not count again
    first: u64,
    /// The last instant at which what is said elsewhere does not count again
    deaf_until: i64,
}

impl HidingHoles {
    pub(super) fn is_empty(&self) -> bool {
        self.by_stream.is_empty()
    }

    /// A hole begins.
    pub(super) fn begin(&mut self, hole: &UnknownFrom) {
        self.hide(hole.stream, HidingHole { first: hole.first, deaf_until: hole.deaf_until });
    }

    /// A reading without number does not count.
    pub(super) fn refuse(&mut self, now: i64) {
        self.hide(NO_STREAM, HidingHole { first: 0, deaf_until: now });
    }

    fn hide(&mut self, stream: usize, hole: HidingHole) {
        let known = self.by_stream.entry(stream).or_insert(hole);
        known.first = hole.first.max(known.first);
        known.deaf_until = hole.deaf_until.max(known.deaf_until);
    }

    /// A value ends what all holes hide, but not a hole above it in its own stream. The record behind a hole may be
    /// no reading, and the stream may have ended with it: if only readings of that stream counted, one status with a
    /// high number would hide all later readings of other streams. What others say in the instant in which a hole
    /// begins does not end it: that they are heard first, or only then, must make no difference.
    pub(super) fn lift(&mut self, from: Option<(usize, u64)>, now: i64) {
        if self.by_stream.is_empty() {
            return;
        }
        self.by_stream.retain(|stream, hole| match from {
            Some((own, seq)) if own == *stream => seq < hole.first,
            _ => now <= hole.deaf_until,
        });
    }
}
