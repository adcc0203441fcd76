//! The locator that a scan asks which line is which entry, where lines and tree disagree. That they do is all that the
//! scan finds out by itself.

use std::ops::Range;

use super::{scanned_file::ScannedFile, scanned_line::ScannedLine};
use crate::verify::{finding::Finding, hashes::tree_check::TreeCheck};

/// Finds out which line is which entry, file after file.
pub(in crate::verify) trait FaultLocator {
    /// Whether entries of the file before are looked for in the next one, even if its lines agree with the tree.
    fn is_searching(&self) -> bool;

    /// Takes a file whose lines are not simply its entries. `next` are the lines of the file right behind it, if there
    /// is one; the entries up to `expected` stand before it.
    fn locate(
        &mut self,
        file: &mut ScannedFile<'_>,
        next: &[ScannedLine],
        expected: u64,
        tree: &mut TreeCheck<'_>,
    ) -> Placement;

    /// Takes a file whose first `count` lines are its entries: what stands behind them is not.
    fn pass(&mut self, file: &mut ScannedFile<'_>, count: usize, tree: &mut TreeCheck<'_>) -> Placement;

    /// Takes note that a file was dropped: what shifted into it is not to be found.
    fn forget(&mut self);

    /// Takes note of entries without a line. Answers their finding if it is to be said at once.
    fn miss(&mut self, entries: Range<u64>, finding: Finding) -> Option<Finding>;

    /// Takes note of the end, and of the entries that should come before it and have no file. Answers what shows only
    /// now.
    fn finish(&mut self, absent: Option<Range<u64>>, tree: &mut TreeCheck<'_>) -> Vec<Finding>;
}

/// Which lines of a file are which entries, and what is wrong with the others.
#[derive(Default)]
pub(in crate::verify) struct Placement {
    /// The lines that are entries in their order, each by its index, and the number of its entry
    pub(in crate::verify) entries: Vec<(usize, u64)>,
    /// How many lines count: what stands behind them lies beyond the checkpoint
    pub(in crate::verify) counted: usize,
    pub(in crate::verify) findings: Vec<Finding>,
    /// Whether lines and tree differ
    pub(in crate::verify) differs: bool,
}
