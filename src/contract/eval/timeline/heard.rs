//! What the readings of one instant say, one by one: for measures, which ask for each reading, and for the worst value.

use super::{
    super::{EntryId, fact::FieldValue, sample::Sample},
    Timeline,
};
use crate::contract::expr::ExpressionValue;

/// The order in which a source said several things in one instant: by number, else by entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SaidAt(Option<u64>, EntryId);

impl SaidAt {
    pub(super) fn of(sample: &Sample) -> Self {
        Self(sample.stream.map(|(_, seq)| seq), sample.entry)
    }
}

impl Timeline<'_> {
    /// The measures hear each reading that counts and gives a field a known value.
    pub(super) fn hear(&mut self, at: i64, samples: &[Sample]) {
        if let [sample] = samples {
            if sample.says_something() && self.terms.measures() {
                self.terms.hear(at, &sample.cells, &self.fields, self.window);
            }
            return;
        }
        self.heard.sort_by_key(|(said, _)| *said);
        for reading in self.heard.chunk_by(|a, b| a.0 == b.0) {
            let cells: Vec<_> = reading.iter().map(|(_, cell)| cell.clone()).collect();
            if cells.iter().any(|cell| cell.value.is_some()) {
                self.terms.hear(at, &cells, &self.fields, self.window);
            }
        }
        self.heard.clear();
    }

    pub(super) fn say(&mut self, cell: &FieldValue) {
        if let Some(ExpressionValue::Number(value)) = cell.value {
            self.said.push((cell.field(), value));
        }
    }

    /// The conditions see each value, also one that stood for no time: it can be the worst.
    pub(super) fn glimpse(&mut self, at: i64) {
        for (field, value) in &self.said {
            self.terms.glimpse(at, *field, *value, self.window);
        }
    }
}
