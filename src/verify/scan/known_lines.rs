//! Which lines need no equation evaluated, if what they are taken for turns out to be true.
//!
//! Only the place of a line counts, not what it says of itself. That the lines at these places are those whose proofs were
//! evaluated before shows when all of them are hashed ([`super::proven_lines`]); where it does not, what was
//! found in the meantime is thrown away.

use crate::{record::signed::Equations, tlog::layout::Layout, verify::lines::LineChunk};

/// The places of the lines whose proofs are taken to hold.
#[derive(Clone, Copy, Default)]
pub(in crate::verify) struct KnownLines {
    /// The number of the first entry that is not one of them; 0: there are none
    below: u64,
    /// How many lines a file has
    per_file: u64,
}

impl KnownLines {
    /// The lines of the first so many entries.
    pub(in crate::verify) fn first(size: u64, layout: Layout) -> Self {
        Self { below: size, per_file: layout.entries_per_file() }
    }

    /// Whether the equations of a line are to be evaluated. It has the place of an entry only within its file: what stands
    /// behind that is nobody's. Entry 0 is always looked at.
    pub(super) fn equations(self, chunk: &LineChunk, line: u64) -> Equations {
        match chunk.first_entry {
            Some(first) if self.has(first, line - 1) => Equations::Known,
            _ => Equations::Evaluated,
        }
    }

    /// Whether the entry at a place of a file, counted from 0, is one of them.
    pub(in crate::verify) fn has(self, first_entry: u64, place: u64) -> bool {
        let n = first_entry.saturating_add(place);
        place < self.per_file && n > 0 && n < self.below
    }
}
