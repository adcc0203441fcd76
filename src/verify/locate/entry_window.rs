//! Which entries the lines of one file may be: its own, and those that a shift has brought over from its
//! neighbours.
//!
//! ```text
//! a line was inserted:   file 0 …, 65534 | file 1: 65535, 65536, …      the end of one file heads the next
//! a line was removed:    file 0 …, 65536 | file 1: 65537, 65538, …      the head of one file ends the one before
//! ```

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use crate::{hash::Hash, verify::scan::scanned_line::ScannedLine};

/// An entry's number, and its hash as far as it is known.
pub(super) type NumberedLeaf = (u64, Option<Hash>);

/// Entries with their numbers, ascending, and their hashes as far as these are known.
#[derive(Debug, Default)]
pub(super) struct EntryWindow {
    pub(super) entries: Vec<NumberedLeaf>,
    /// Which of them belong into this file
    pub(super) own: Range<usize>,
    /// Of these, those that stand in another file: none is missed here, and no line is taken for a changed one
    pub(super) away: HashSet<u64>,
    /// From here on entries of the next file, of which a line is not taken to be in order
    pub(super) loose: usize,
}

impl EntryWindow {
    /// The entries of one file alone.
    pub(super) fn alone(first: u64, expected: &[Option<Hash>]) -> Self {
        let entries: Vec<_> = (first..).zip(expected.iter().copied()).collect();
        let (own, loose) = (0..entries.len(), entries.len());
        Self { entries, own, away: HashSet::new(), loose }
    }

    /// Adds entries of the file before that stand no more there.
    pub(super) fn after(mut self, before: &[NumberedLeaf]) -> Self {
        self.entries.splice(0..0, before.iter().copied());
        self.own = self.own.start + before.len()..self.own.end + before.len();
        self.loose += before.len();
        self
    }

    /// Adds entries of the next file that are not in it.
    pub(super) fn before(mut self, behind: Vec<NumberedLeaf>) -> Self {
        let next = self.entries.last().map_or(0, |(n, _)| n + 1);
        let in_order = (next..).zip(&behind).take_while(|(n, (number, _))| n == number).count();
        self.loose = self.entries.len() + in_order;
        self.entries.extend(behind);
        self
    }

    /// The place of an entry in the window.
    pub(super) fn place(&self, n: u64) -> Option<usize> {
        self.entries.binary_search_by_key(&n, |(number, _)| *number).ok()
    }

    /// Which entry each line claims to be: by its hash, or, where the hash is not known, by its number.
    pub(super) fn claims(&self, lines: &[ScannedLine]) -> Vec<Option<usize>> {
        let numbered = self.entries.iter().enumerate();
        let places: HashMap<Hash, usize> =
            numbered.filter_map(|(at, (_, hash))| Some(((*hash)?, at))).collect();
        let by_number = |line: &ScannedLine| self.place(line.n?).filter(|at| self.entries[*at].1.is_none());
        lines.iter().map(|line| places.get(&line.hash).copied().or_else(|| by_number(line))).collect()
    }

    /// Parts the entries into those that lines are, with what these hash to, and those that they are not.
    pub(super) fn part(&self, lines: &[ScannedLine]) -> (HashMap<u64, Hash>, Vec<NumberedLeaf>) {
        let claims = self.claims(lines);
        let claimed =
            claims.iter().zip(lines).filter_map(|(at, line)| Some((self.entries[(*at)?].0, line.hash)));
        let there: HashMap<u64, Hash> = claimed.collect();
        let absent = self.entries.iter().filter(|(n, _)| !there.contains_key(n)).copied().collect();
        (there, absent)
    }
}
