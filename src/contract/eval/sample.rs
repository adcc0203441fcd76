//! A reading with its time.

use super::{
    EntryId,
    fact::{AppliedCorrection, FieldValue, FieldValues},
};

/// A reading, placed in time.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) time: i64,
    pub(super) entry: EntryId,
    /// Its stream, by place in the device's list, and its number there
    pub(super) stream: Option<(usize, u64)>,
    pub(super) cells: FieldValues,
    /// Whether it counts; of one that does not it is only known that there was one
    pub(super) counts: bool,
    /// What all parties say about it; `None`: it stands
    pub(super) correction: Option<Box<AppliedCorrection>>,
}

impl Sample {
    /// Takes out what it holds: so that a reading is moved only once, to where it waits.
    pub(super) fn take(&mut self) -> Self {
        let (cells, correction) = (std::mem::take(&mut self.cells), self.correction.take());
        Self { cells, correction, ..*self }
    }

    /// Whether it counts and gives a field a known value.
    pub(super) fn says_something(&self) -> bool {
        self.counts && self.cells.iter().any(|cell| cell.value.is_some())
    }

    /// Whether it counts and says nothing but what cannot be used.
    pub(super) fn is_spoilt(&self) -> bool {
        self.counts && !self.says_something() && self.cells.iter().any(FieldValue::is_spoilt)
    }
}
