//! The locator of one ledger: in files where lines and tree disagree, it finds out which line is which entry.

use std::{collections::HashMap, mem, ops::Range};

use super::{
    alignment::{Alignment, LineFate},
    entry_window::{EntryWindow, NumberedLeaf},
    fate_report::{FateReport, doubt, truncated},
    stray_entries::StrayEntries,
};
use crate::{
    hash::Hash,
    tlog::layout::Layout,
    verify::{
        finding::{Finding, FindingKind},
        hashes::tree_check::TreeCheck,
        scan::{
            fault_locator::{FaultLocator, Placement},
            scanned_file::ScannedFile,
            scanned_line::ScannedLine,
        },
    },
};

/// Compares the lines of a file with its entries and those of its neighbours, by their hashes.
#[derive(Default)]
pub(in crate::verify) struct LineLocator {
    /// How many entries there should be; `None` without a checkpoint
    size: Option<u64>,
    /// Whether it was said that the end is missing
    truncated: bool,
    /// Entries of the file before that were not in it
    overdue: Vec<NumberedLeaf>,
    /// Entries that stood before their file, and their hashes
    early: HashMap<u64, Hash>,
    strays: StrayEntries,
}

impl LineLocator {
    /// Nothing looked at yet. `size` is how many entries there should be, if a checkpoint says so.
    pub(in crate::verify) fn new(size: Option<u64>) -> Self {
        Self { size, ..Self::default() }
    }

    /// How many entries a file should hold that begins with this one.
    fn count_from(&self, layout: Layout, first: u64, otherwise: usize) -> usize {
        let left = self.size.map_or(otherwise as u64, |size| size.saturating_sub(first));
        usize::try_from(left).unwrap_or(usize::MAX).min(layout.file_length())
    }

    /// The entries of the next file that are not in it.
    fn behind(&self, first: u64, next: &[ScannedLine], tree: &mut TreeCheck<'_>) -> Vec<NumberedLeaf> {
        let expected = tree.leaves(first, self.count_from(tree.layout(), first, next.len()));
        EntryWindow::alone(first, &expected).part(next).1
    }

    /// What the entries of a file hash to: what is believed, or what was read, here or in a neighbour. Notes
    /// which of the next file's stand here.
    fn leaves(
        &mut self,
        scanned: &ScannedFile<'_>,
        fates: &[LineFate],
        expected: Vec<Option<Hash>>,
        elsewhere: &[&HashMap<u64, Hash>],
    ) -> Vec<Option<Hash>> {
        let (first, mut leaves) = (scanned.file.first, expected);
        let place = |n: u64| n.checked_sub(first).and_then(|place| usize::try_from(place).ok());
        for (line, fate) in scanned.read.lines.iter().zip(fates) {
            let (LineFate::Entry(n) | LineFate::Moved(n)) = fate else { continue };
            match place(*n).and_then(|place| leaves.get_mut(place)) {
                Some(leaf) => drop(leaf.get_or_insert(line.hash)),
                None if *n > first => drop(self.early.insert(*n, line.hash)),
                None => {}
            }
        }
        for (n, hash) in elsewhere.iter().copied().flatten() {
            if let Some(leaf) = place(*n).and_then(|place| leaves.get_mut(place)) {
                leaf.get_or_insert(*hash);
            }
        }
        leaves
    }

    fn report(
        &mut self,
        scanned: &mut ScannedFile<'_>,
        alignment: Alignment,
        placement: Placement,
        tree: &mut TreeCheck<'_>,
    ) -> Placement {
        let mut report = FateReport { scanned, alignment, size: self.size, placement, layout: tree.layout() };
        self.truncated |= report.say(&mut self.strays, tree);
        report.placement
    }
}

impl FaultLocator for LineLocator {
    fn is_searching(&self) -> bool {
        !self.overdue.is_empty()
    }

    fn locate(
        &mut self,
        scanned: &mut ScannedFile<'_>,
        next: &[ScannedLine],
        expected: u64,
        tree: &mut TreeCheck<'_>,
    ) -> Placement {
        let first = scanned.file.first;
        let known = tree.leaves(first, scanned.count);
        let mut window = EntryWindow::alone(first, &known);
        let (here, absent) = window.part(&scanned.read.lines);
        let (there, _) = EntryWindow { entries: absent, ..EntryWindow::default() }.part(next);
        scanned.holds_end &= there.is_empty();
        window.away = there.keys().chain(self.early.keys()).copied().collect();
        let overdue = mem::take(&mut self.overdue);
        let strange = scanned.read.lines.len() > here.len();
        let follows = first + tree.layout().entries_per_file();
        let behind = if strange { self.behind(follows, next, tree) } else { Vec::new() };
        let window = window.after(&overdue).before(behind);
        let alignment = Alignment::of(&scanned.read.lines, &window, expected);
        let early = mem::take(&mut self.early);
        let leaves = self.leaves(scanned, &alignment.fates, known, &[&there, &early]);
        let doubts = tree.place_leaves(first, leaves);
        let findings: Vec<_> =
            doubts.iter().map(|run| doubt(tree.layout(), scanned, *run.start(), *run.end())).collect();
        let late = window.entries[window.own].iter().filter(|(n, _)| there.contains_key(n));
        self.overdue = late.copied().collect();
        let placement = Placement { differs: !findings.is_empty(), findings, ..Placement::default() };
        self.report(scanned, alignment, placement, tree)
    }

    fn pass(&mut self, scanned: &mut ScannedFile<'_>, count: usize, tree: &mut TreeCheck<'_>) -> Placement {
        let alignment = Alignment::straight(scanned.file.first, scanned.read.lines.len(), count);
        self.report(scanned, alignment, Placement::default(), tree)
    }

    fn forget(&mut self) {
        self.overdue.clear();
        self.early.clear();
    }

    fn miss(&mut self, entries: Range<u64>, finding: Finding) -> Option<Finding> {
        self.strays.miss(entries, finding)
    }

    fn finish(&mut self, absent: Option<Range<u64>>, tree: &mut TreeCheck<'_>) -> Vec<Finding> {
        let said = absent.and_then(|absent| self.miss_end(absent, tree));
        said.into_iter().chain(mem::take(&mut self.strays).resolve(tree.layout())).collect()
    }
}

impl LineLocator {
    /// Takes note of entries at the end that have no file; answers their finding if it is to be said at once.
    fn miss_end(&mut self, absent: Range<u64>, tree: &mut TreeCheck<'_>) -> Option<Finding> {
        let layout = tree.layout();
        let early = absent.clone().take(layout.file_length() + 1).map(|n| self.early.get(&n).copied());
        if let Some(early) = early.collect::<Option<Vec<Hash>>>() {
            // Lines were lost before, and the last entries have moved up into the file before theirs.
            tree.grow(absent.start, &early);
            return None;
        }
        tree.lose();
        if self.truncated {
            return None;
        }
        let finding = Finding::new(FindingKind::Truncated, truncated(absent.end, absent.start));
        let finding = finding.about(absent.start).in_file(layout.entry_file_name(absent.start)).at_line(1);
        self.miss(absent, finding)
    }
}
