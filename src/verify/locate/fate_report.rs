//! The findings about the lines of a file, and about missing entries, once it is known which line is which entry.

use std::ops::Range;

use super::{
    alignment::{Alignment, LineFate},
    likely_entry::likely,
    stray_entries::{self, StrayEntries},
};
use crate::{
    tlog::layout::Layout,
    verify::{
        finding::{Finding, FindingKind, entries_are},
        hashes::tree_check::TreeCheck,
        scan::{fault_locator::Placement, scanned_file::ScannedFile, scanned_line::ScannedLine},
    },
};

/// A file whose lines and entries are known side by side, and what is said of them.
pub(super) struct FateReport<'s, 'a> {
    pub(super) scanned: &'s mut ScannedFile<'a>,
    pub(super) alignment: Alignment,
    /// How many entries there should be; `None` without a checkpoint
    pub(super) size: Option<u64>,
    pub(super) placement: Placement,
    pub(super) layout: Layout,
}

/// Entries of which one is wrong, and those among them that are not even sound in themselves.
pub(super) fn doubt(layout: Layout, scanned: &ScannedFile<'_>, from: u64, to: u64) -> Finding {
    let doubt = format!("one of the entries {from} to {to} is not what the signed root says");
    let (n, detail) = match likely(&scanned.read.findings, from, to).filter(|_| from < to) {
        Some((n, clause)) => (n, format!("{doubt}; {clause}")),
        None => (from, doubt),
    };
    let finding = Finding::new(FindingKind::RootMismatch, detail).in_file(&scanned.file.name);
    finding.about(n).at_line(layout.place_in_file(n) + 1)
}

/// Entries at the end that are not there.
pub(super) fn truncated(size: u64, end: u64) -> String {
    format!("the checkpoint states {size} entries, here they end before entry {end}")
}

impl FateReport<'_, '_> {
    /// Says what is wrong with the file; answers whether the end of the ledger is missing in it.
    pub(super) fn say(&mut self, strays: &mut StrayEntries, tree: &mut TreeCheck<'_>) -> bool {
        self.say_given_up();
        if let Some(finding) = self.garbled() {
            self.structural(finding);
        }
        self.placement.counted = self.say_fates(strays, tree);
        let truncated = self.say_missing(strays);
        let fates = self.alignment.fates.iter().enumerate();
        let entry = |(at, fate): (usize, &LineFate)| match fate {
            LineFate::Entry(n) => Some((at, *n)),
            _ => None,
        };
        self.placement.entries = fates.filter_map(entry).collect();
        truncated
    }

    fn say_given_up(&mut self) {
        let Some(why) = &self.scanned.read.given_up else { return };
        let detail = format!("not read to its end: {why}");
        // What lies beyond the checkpoint was never acknowledged: nothing differs there.
        let is_beyond = self.scanned.count == 0 && self.size.is_some();
        let kind = if is_beyond { FindingKind::Trailing } else { FindingKind::Malformed };
        self.placement.differs |= !is_beyond;
        self.placement.findings.push(Finding::new(kind, detail).in_file(&self.scanned.file.name));
    }

    fn say_missing(&mut self, strays: &mut StrayEntries) -> bool {
        let mut cut = false;
        for (range, before) in std::mem::take(&mut self.alignment.missing) {
            let ends = range.end == self.scanned.file.first + self.scanned.count as u64;
            let (kind, detail) = match self.size {
                Some(size) if self.scanned.is_last && ends => {
                    cut = true;
                    (FindingKind::Truncated, truncated(size, range.start))
                }
                _ => (FindingKind::Missing, format!("{} missing", entries_are(range.start, range.end - 1))),
            };
            let finding = Finding::new(kind, detail).about(range.start).in_file(&self.scanned.file.name);
            self.placement.differs = true;
            self.placement.findings.extend(strays.miss(range, finding.at_line(before as u64 + 1)));
        }
        cut
    }

    /// Says which lines are not what they should be; answers where the unfinished tail begins.
    fn say_fates(&mut self, strays: &mut StrayEntries, tree: &mut TreeCheck<'_>) -> usize {
        let committed = self.alignment.committed();
        let (lines, mut tail, mut at) = (self.alignment.fates.len(), self.alignment.fates.len(), 0);
        while at < lines {
            let ScannedLine { n, hash, .. } = self.scanned.read.lines[at];
            let is_stranger = self.alignment.fates[at] == LineFate::Stranger;
            let claims_a_place = n.is_some_and(|n| self.size.is_some_and(|size| n < size));
            if self.scanned.holds_end && at >= committed && is_stranger && !claims_a_place {
                tail = tail.min(at);
                at += 1;
                continue;
            }
            if self.is_reformatted(at, tree) {
                self.placement.differs = true;
                at += 1;
                continue;
            }
            let (finding, run) = self.fate(at);
            let stray = n.filter(|n| is_stranger && tree.has(*n, &hash));
            self.placement.differs |= stray.is_some();
            let finding = match (stray, finding) {
                (Some(n), Some(finding)) => strays.find(n, finding),
                (_, finding) => finding,
            };
            if let Some(finding) = finding {
                self.structural(finding);
            }
            at += run;
        }
        if tail < lines {
            self.say_tail(tail, lines - tail);
        }
        tail
    }

    /// Whether a line is its entry in another form, as a program leaves it that reads JSON and writes it again. That it
    /// is not canonical was said: here, that it is no other entry.
    fn is_reformatted(&mut self, at: usize, tree: &mut TreeCheck<'_>) -> bool {
        let line = &self.scanned.read.lines[at];
        let (LineFate::Changed(n), Some(canonical)) = (&self.alignment.fates[at], &line.canonical) else {
            return false;
        };
        let is_same = line.n == Some(*n) && tree.has(*n, canonical);
        let said = |finding: &&mut Finding| {
            finding.kind == FindingKind::NotCanonical && finding.line == Some(at as u64 + 1)
        };
        if is_same && let Some(finding) = self.scanned.read.findings.iter_mut().find(said) {
            finding.detail.push_str("; its content is that of the entry that the tree has");
        }
        is_same
    }

    fn say_tail(&mut self, from: usize, lines: usize) {
        let lines = if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
        let detail = format!(
            "{lines} beyond what the checkpoint states: an unfinished batch, or the checkpoint is an older one"
        );
        let finding = Finding::new(FindingKind::Trailing, detail).in_file(&self.scanned.file.name);
        self.placement.findings.push(finding.at_line(from as u64 + 1));
    }

    /// What is to be said of a line, and of how many lines from it on.
    fn fate(&self, line: usize) -> (Option<Finding>, usize) {
        let fates = &self.alignment.fates[line..];
        let run = |n: u64, fate: fn(u64) -> LineFate| {
            let count = (n..).zip(fates).take_while(|(n, other)| **other == fate(*n)).count();
            n..n + count as u64
        };
        let (kind, entries, detail): (_, Range<u64>, _) = match fates[0] {
            LineFate::Entry(_) | LineFate::Garbled => return (None, 1),
            LineFate::Changed(n) => {
                (FindingKind::Modified, n..n + 1, format!("entry {n} is not the one that the tree has"))
            }
            LineFate::Moved(n) => {
                let run = run(n, LineFate::Moved);
                let detail = stray_entries::moved_to(self.layout, &run, Some(&self.scanned.file.name));
                (FindingKind::Moved, run, detail)
            }
            LineFate::Copy(n) => {
                let run = run(n, LineFate::Copy);
                let detail = stray_entries::copies(&run);
                (FindingKind::Inserted, run, detail)
            }
            LineFate::Stranger => {
                let detail = "a line that the tree does not have".to_owned();
                let finding = self.scanned.at(line, FindingKind::Inserted, detail);
                return (Some(Finding { n: self.scanned.read.lines[line].n, ..finding }), 1);
            }
        };
        let count = usize::try_from(entries.end - entries.start).unwrap_or(1);
        (Some(self.scanned.at(line, kind, detail).about(entries.start)), count)
    }

    fn structural(&mut self, finding: Finding) {
        self.placement.differs = true;
        self.placement.findings.push(finding);
    }
}
