//! File after file: lines compared with the tree, order compared with neighbours.

mod report;

use std::{collections::HashMap, ops::Range};

use super::{
    examine::{Examined, Line},
    roll::Roll,
    streams::Streams,
};
use crate::{
    hash::Hash,
    time::Time,
    tlog::view::{ENTRIES_PER_FILE, EntryFile, View, entry_file_name},
    verify::{
        finding::{Finding, Findings, Kind, line_endings},
        hashes::{holes::Holes, tree::Tree},
        lines::End,
        locate::{
            align::{Alignment, Fate},
            settled::{Gathered, Settled},
            strays::{self, Strays},
            window::{Numbered, Window},
        },
    },
};

/// As a length.
const ENTRIES_IN_FILE: usize = 1 << 16;

/// Takes what threads found in the order of the lines.
pub(in crate::verify) struct Merger<'a> {
    view: &'a dyn View,
    files: &'a [EntryFile],
    /// How many entries there should be; unknown without a checkpoint
    size: Option<u64>,
    pub(in crate::verify) tree: Tree<'a>,
    /// Entries that were dropped
    pub(in crate::verify) holes: Holes,
    pub(in crate::verify) findings: Findings,
    /// Whether lines and tree differ anywhere
    pub(in crate::verify) torn: bool,
    pub(in crate::verify) entries: u64,
    pub(in crate::verify) proofs: u64,
    /// The first entry that no file has held yet
    next: u64,
    /// The entry that comes next, if none is lost
    expected: u64,
    /// Whether it was said that the end is missing
    truncated: bool,
    gathered: Gathered,
    /// A file whose lines are not simply its entries: what they are shows with the next one
    waiting: Option<Settled<'a>>,
    /// Entries of the file before that were not in it, and those of this one that were
    overdue: Vec<Numbered>,
    early: HashMap<u64, Hash>,
    strays: Strays,
    streams: Streams,
    pub(in crate::verify) roll: Option<Roll>,
    received: Option<Time>,
    respelled: bool,
}

impl<'a> Merger<'a> {
    pub(in crate::verify) fn new(
        view: &'a dyn View,
        files: &'a [EntryFile],
        size: Option<u64>,
        tree: Tree<'a>,
    ) -> Self {
        Self {
            view,
            files,
            size,
            tree,
            holes: Holes::default(),
            findings: Findings::default(),
            torn: false,
            entries: 0,
            proofs: 0,
            next: 0,
            expected: 0,
            truncated: false,
            gathered: Gathered::default(),
            waiting: None,
            overdue: Vec::new(),
            early: HashMap::new(),
            strays: Strays::default(),
            streams: Streams::default(),
            roll: None,
            received: None,
            respelled: false,
        }
    }

    /// Takes the next chunk.
    pub(in crate::verify) fn take(&mut self, examined: Examined) {
        if let (Some((line, looks)), false) = (examined.respelled, self.respelled) {
            self.respelled = true;
            let file = &self.files[examined.file].name;
            self.findings.push(line_endings(&looks).in_file(file).at_line(line));
        }
        self.gathered.file = examined.file;
        self.gathered.lines.extend(examined.lines);
        self.gathered.keep(examined.findings);
        self.gathered.sources.extend(examined.sources);
        if let Some(end) = examined.end {
            self.gathered.given_up = match end {
                End::Read => None,
                End::GivenUp => Some("this is no file of entries (too many or too long lines)".to_owned()),
                End::Broken(why) => Some(why),
            };
            self.finish_file();
        }
    }

    /// After the last chunk: what is missing at the end.
    pub(in crate::verify) fn finish(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            self.settle(waiting, None);
        }
        for finding in self.holes.warnings() {
            self.findings.push(finding);
        }
        self.finish_end();
        for finding in std::mem::take(&mut self.strays).resolve() {
            self.structural(finding);
        }
    }

    fn finish_end(&mut self) {
        let Some(size) = self.size.filter(|size| *size > self.next) else { return };
        let early: Option<Vec<Hash>> =
            (self.next..size).take(ENTRIES_IN_FILE + 1).map(|n| self.early.get(&n).copied()).collect();
        if let Some(early) = early {
            // Lines were lost before, and the last entries have moved up into the file before theirs.
            return self.tree.grow(self.next, &early);
        }
        self.tree.lose();
        if self.truncated {
            return;
        }
        let name = entry_file_name(self.next);
        let finding = Finding::new(Kind::Truncated, truncated(size, self.next));
        self.miss(self.next..size, finding.about(self.next).in_file(name).at_line(1));
    }

    fn miss(&mut self, entries: Range<u64>, finding: Finding) {
        self.torn = true;
        if let Some(finding) = self.strays.miss(entries, finding) {
            self.findings.push(finding);
        }
    }

    fn finish_file(&mut self) {
        let gathered = std::mem::take(&mut self.gathered);
        if let Some(waiting) = self.waiting.take() {
            self.settle(waiting, Some(&gathered));
        }
        let file = &self.files[gathered.file];
        if file.first > self.next {
            let detail = format!("{} missing, with their files", strays::named(self.next, file.first - 1));
            let name = entry_file_name(self.next);
            let finding = Finding::new(Kind::Missing, detail).about(self.next).in_file(name);
            self.miss(self.next..file.first, finding);
            self.tree.lose();
        }
        let here = if file.pruned { ENTRIES_PER_FILE } else { gathered.lines.len() as u64 };
        let left = self.size.map_or(here, |size| size - file.first);
        let count = usize::try_from(left.min(ENTRIES_PER_FILE)).unwrap_or(usize::MAX);
        self.next = file.first + count as u64;
        let last = self.size == Some(self.next);
        let mut settled = Settled { file, count, last, gathered, alignment: Alignment::default() };
        if file.pruned {
            return self.pass(settled);
        }
        if !self.is_straight(&settled) {
            self.waiting = Some(settled);
            return;
        }
        settled.alignment = Alignment::straight(file.first, settled.gathered.lines.len(), count);
        self.report(&mut settled);
        // The next file needs as much memory: what is handed back comes back in pieces.
        self.gathered.lines = settled.gathered.lines;
        self.gathered.lines.clear();
    }

    /// Of a file that was dropped what is left is in its place: its marker was checked as it was read.
    fn pass(&mut self, mut settled: Settled<'_>) {
        for finding in self.holes.take(self.view, settled.file, self.size, &mut self.tree) {
            self.structural(finding);
        }
        // What shifted into it is not to be found.
        self.overdue.clear();
        self.early.clear();
        settled.alignment = Alignment::straight(settled.file.first, settled.gathered.lines.len(), 1);
        self.report(&mut settled);
    }

    /// Takes a file of which every entry is in its place.
    fn is_straight(&mut self, settled: &Settled<'_>) -> bool {
        let ours = settled.gathered.lines.get(..settled.count).filter(|_| self.overdue.is_empty());
        let ours: Option<Vec<Hash>> = ours.map(|lines| lines.iter().map(|line| line.hash).collect());
        let first = settled.file.first;
        let Some(ours) = ours.filter(|ours| self.tree.confirms(first, ours)) else { return false };
        self.tree.grow(first, &ours);
        true
    }

    /// Says which line is which entry in a file where that is not simple. `next` is what was read of the next.
    fn settle(&mut self, mut settled: Settled<'a>, next: Option<&Gathered>) {
        let first = settled.file.first;
        let expected = self.tree.leaves(first, settled.count);
        let next = next.filter(|next| self.files[next.file].first == first + ENTRIES_PER_FILE);
        let next = next.map_or(&[][..], |next| &next.lines);
        let mut window = Window::alone(first, &expected);
        let (here, absent) = window.part(&settled.gathered.lines);
        let (there, _) = Window { entries: absent, ..Window::default() }.part(next);
        settled.last &= there.is_empty();
        window.away = there.keys().chain(self.early.keys()).copied().collect();
        let overdue = std::mem::take(&mut self.overdue);
        let strange = settled.gathered.lines.len() > here.len();
        let behind = if strange { self.behind(first + ENTRIES_PER_FILE, next) } else { Vec::new() };
        let window = window.after(&overdue).before(behind);
        settled.alignment = Alignment::of(&settled.gathered.lines, &window, self.expected);
        let early = std::mem::take(&mut self.early);
        let leaves = self.leaves(&settled, expected, &[&there, &early]);
        for (from, to) in self.tree.settle(first, leaves) {
            self.structural(settled.doubt(from, to));
        }
        let late = window.entries[window.own].iter().filter(|(n, _)| there.contains_key(n));
        self.overdue = late.copied().collect();
        self.report(&mut settled);
    }

    /// The entries of the next file that are not in it.
    fn behind(&mut self, first: u64, next: &[Line]) -> Vec<Numbered> {
        let left = self.size.map_or(next.len() as u64, |size| size.saturating_sub(first));
        let count = usize::try_from(left.min(ENTRIES_PER_FILE)).unwrap_or(ENTRIES_IN_FILE);
        let expected = self.tree.leaves(first, count);
        Window::alone(first, &expected).part(next).1
    }

    /// What the entries of a file hash to: what is believed, or what was read, here or in a neighbour. Notes
    /// which of the next file's stand here.
    fn leaves(
        &mut self,
        settled: &Settled<'_>,
        expected: Vec<Option<Hash>>,
        elsewhere: &[&HashMap<u64, Hash>],
    ) -> Vec<Option<Hash>> {
        let (first, mut leaves) = (settled.file.first, expected);
        for (line, fate) in settled.gathered.lines.iter().zip(&settled.alignment.fates) {
            let (Fate::Entry(n) | Fate::Moved(n)) = fate else { continue };
            let place = n.checked_sub(first).and_then(|place| usize::try_from(place).ok());
            match place.and_then(|place| leaves.get_mut(place)) {
                Some(leaf) => drop(leaf.get_or_insert(line.hash)),
                None if *n > first => drop(self.early.insert(*n, line.hash)),
                None => {}
            }
        }
        for (n, hash) in elsewhere.iter().copied().flatten() {
            let place = n.checked_sub(first).and_then(|place| usize::try_from(place).ok());
            if let Some(leaf) = place.and_then(|place| leaves.get_mut(place)) {
                leaf.get_or_insert(*hash);
            }
        }
        leaves
    }

    fn structural(&mut self, finding: Finding) {
        self.torn = true;
        self.findings.push(finding);
    }
}

fn truncated(size: u64, end: u64) -> String {
    format!("the checkpoint states {size} entries, here they end before entry {end}")
}
