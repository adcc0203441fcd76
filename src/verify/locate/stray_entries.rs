//! Entries that stand far from their place: only when all has been read does it show which of those that are
//! missing somewhere were found elsewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use crate::{
    tlog::layout::Layout,
    verify::finding::{Finding, FindingKind, entries_are},
};

/// As many are kept in mind; what comes after is said as it comes.
const KEPT: usize = 65_536;

/// Entries that are missing, and entries that were found in a file that is not theirs.
#[derive(Default)]
pub(super) struct StrayEntries {
    missing: Vec<(Range<u64>, Finding)>,
    found: Vec<(u64, Finding)>,
}

impl StrayEntries {
    /// Entries without a line. `finding` has place and kind; it is handed back if there are too many of them.
    pub(super) fn miss(&mut self, entries: Range<u64>, finding: Finding) -> Option<Finding> {
        if self.missing.len() >= KEPT {
            return Some(finding);
        }
        self.missing.push((entries, finding));
        None
    }

    /// A line that is an entry of another file.
    pub(super) fn find(&mut self, n: u64, finding: Finding) -> Option<Finding> {
        if self.found.len() >= KEPT {
            return Some(finding);
        }
        self.found.push((n, finding));
        None
    }

    /// Says of each line that was found whether its entry is missing elsewhere – then it was moved – or is one
    /// too many, and of what is missing what was found nowhere.
    pub(super) fn resolve(self, layout: Layout) -> Vec<Finding> {
        let ends: BTreeMap<u64, u64> =
            self.missing.iter().map(|(entries, _)| (entries.start, entries.end)).collect();
        let missing = |n: u64| ends.range(..=n).next_back().is_some_and(|(_, end)| n < *end);
        let mut home = BTreeSet::new();
        let mut runs: Vec<(Range<u64>, bool, Finding)> = Vec::new();
        for (n, finding) in &self.found {
            let moved = missing(*n) && home.insert(*n);
            match runs.last_mut() {
                Some((run, same, before))
                    if run.end == *n && *same == moved && follows(before, finding, run) =>
                {
                    run.end += 1;
                }
                _ => runs.push((*n..*n + 1, moved, finding.clone())),
            }
        }
        let stray = |(run, moved, finding): (Range<u64>, bool, Finding)| {
            let (kind, detail) = if moved {
                (FindingKind::Moved, moved_to(layout, &run, finding.file.as_deref()))
            } else {
                (FindingKind::Inserted, copies(&run))
            };
            Finding { kind, detail, ..finding }.about(run.start)
        };
        let strays = runs.into_iter().map(stray);
        let lost = self.missing.iter().flat_map(|(entries, finding)| without(entries, &home, finding));
        strays.chain(lost).collect()
    }
}

fn follows(before: &Finding, finding: &Finding, run: &Range<u64>) -> bool {
    let line = before.line.map(|line| line + run.end - run.start);
    before.file == finding.file && line == finding.line
}

/// What is left of a range that is missing.
fn without(entries: &Range<u64>, home: &BTreeSet<u64>, finding: &Finding) -> Vec<Finding> {
    let mut left: Vec<Finding> = Vec::new();
    let mut from = entries.start;
    for found in home.range(entries.clone()).copied().chain([entries.end]) {
        if from < found {
            let detail = match finding.kind {
                FindingKind::Truncated => finding.detail.clone(),
                _ => format!("{} missing", entries_are(from, found - 1)),
            };
            left.push(Finding { detail, ..finding.clone() }.about(from));
        }
        from = found + 1;
    }
    left
}

/// Where entries belong that stand in this file.
pub(super) fn moved_to(layout: Layout, entries: &Range<u64>, file: Option<&str>) -> String {
    let first = entries.start;
    let home = layout.entry_file_name(first);
    let line = layout.place_in_file(first) + 1;
    // A packed file has another ending.
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let here = file.is_some_and(|file| stem(file) == stem(&home));
    let there = if here { String::new() } else { format!(" of {home}") };
    match entries.end - first {
        1 => format!("entry {first} stands here; its place is line {line}{there}"),
        _ => format!("entries {first} to {} stand here; their place is line {line}{there}", entries.end - 1),
    }
}

/// Entries that are there already.
pub(super) fn copies(entries: &Range<u64>) -> String {
    match entries.end - entries.start {
        1 => format!("a second copy of entry {}", entries.start),
        _ => format!("a second copy of the entries {} to {}", entries.start, entries.end - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(kind: FindingKind, file: u64, line: u64) -> Finding {
        Finding::new(kind, "").in_file(Layout::STANDARD.entry_file_name(file)).at_line(line)
    }

    #[test]
    fn what_is_missing_here_and_found_there_was_moved() {
        let mut strays = StrayEntries::default();
        assert_eq!(strays.miss(100..105, at(FindingKind::Missing, 0, 101)), None);
        for (line, n) in [(7, 101), (8, 102), (9, 101), (20, 5_000)] {
            assert_eq!(strays.find(n, at(FindingKind::Inserted, 200_000, line)), None);
        }
        let said: Vec<String> = strays.resolve(Layout::STANDARD).iter().map(ToString::to_string).collect();
        let (there, here) = ("entries/000000196608.jsonl", "entries/000000000000.jsonl");
        let expected = [
            format!("{there}:7: moved: entries 101 to 102 stand here; their place is line 102 of {here}"),
            format!("{there}:9: inserted: a second copy of entry 101"),
            format!("{there}:20: inserted: a second copy of entry 5000"),
            format!("{here}:101: missing: entry 100 is missing"),
            format!("{here}:101: missing: entries 103 to 104 are missing"),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn there_is_an_end_to_what_is_kept_in_mind() {
        let mut strays = StrayEntries::default();
        for n in 0..KEPT as u64 {
            assert_eq!(strays.find(n, at(FindingKind::Inserted, 0, n)), None);
        }
        assert!(strays.find(7, at(FindingKind::Inserted, 0, 1)).is_some());
        assert!(strays.resolve(Layout::STANDARD).len() < 3);
    }
}
