//! The scan of a log, file after file: whether its lines are the entries of the tree, and stand in order.

use super::{
    fault_locator::{FaultLocator, Placement},
    line_examiner::{ExaminedChunk, UnendedLine},
    order_check::OrderCheck,
    proven_lines::ProvenLines,
    scanned_file::{FileLines, ScannedFile},
    scanned_line::ScannedLine,
};
use crate::{
    hash::Hash,
    tlog::{
        merkle::leaf_hash,
        view::{EntryFile, View},
    },
    verify::{
        finding::{Finding, FindingKind, Findings, entries_are, line_endings, text_end},
        hashes::{tree_check::TreeCheck, unseen_entries::UnseenEntries},
        lines::FileEnd,
    },
};

/// Takes what threads found, in the order of the lines.
pub(in crate::verify) struct LogScan<'a> {
    view: &'a dyn View,
    files: &'a [EntryFile],
    /// How many entries there should be; `None` without a checkpoint
    size: Option<u64>,
    pub(in crate::verify) tree: TreeCheck<'a>,
    /// Entries that were dropped
    pub(in crate::verify) holes: UnseenEntries,
    pub(in crate::verify) order: OrderCheck,
    pub(in crate::verify) findings: Findings,
    /// Whether lines and tree differ anywhere
    pub(in crate::verify) differs: bool,
    pub(in crate::verify) entries: u64,
    pub(in crate::verify) proofs: u64,
    /// How many of these were known to hold
    pub(in crate::verify) known_proofs: u64,
    pub(in crate::verify) proven: ProvenLines,
    /// The first entry that no file has held yet
    next: u64,
    read: FileLines,
    /// A file whose lines are not simply its entries: what they are shows with the next one
    waiting: Option<ScannedFile<'a>>,
    locator: &'a mut (dyn FaultLocator + Send),
    respelled: bool,
}

impl<'a> LogScan<'a> {
    /// Nothing read yet. `size` is how many entries there should be, if a checkpoint says so.
    pub(in crate::verify) fn new(
        view: &'a dyn View,
        files: &'a [EntryFile],
        size: Option<u64>,
        tree: TreeCheck<'a>,
        proven: ProvenLines,
        locator: &'a mut (dyn FaultLocator + Send),
    ) -> Self {
        Self {
            view,
            files,
            size,
            tree,
            holes: UnseenEntries::default(),
            order: OrderCheck::default(),
            findings: Findings::default(),
            differs: false,
            entries: 0,
            proofs: 0,
            known_proofs: 0,
            proven,
            next: 0,
            read: FileLines::default(),
            waiting: None,
            locator,
            respelled: false,
        }
    }

    /// Takes the next chunk.
    pub(in crate::verify) fn take(&mut self, examined: ExaminedChunk) {
        if let (Some((line, looks)), false) = (examined.respelled, self.respelled) {
            self.respelled = true;
            let file = &self.files[examined.file].name;
            self.findings.push(line_endings(&looks).in_file(file).at_line(line));
        }
        self.read.file = examined.file;
        self.read.unended = examined.unended;
        self.read.lines.extend(examined.lines);
        self.read.keep(examined.findings);
        self.read.sources.extend(examined.sources);
        if let Some(end) = examined.end {
            self.read.given_up = match end {
                FileEnd::Read => None,
                FileEnd::GivenUp => {
                    Some("this is no file of entries (too many or too long lines)".to_owned())
                }
                FileEnd::Broken(why) => Some(why),
            };
            self.finish_file();
        }
    }

    /// After the last chunk: what is missing at the end.
    pub(in crate::verify) fn finish(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            self.locate(waiting, None);
        }
        self.findings.extend(self.holes.warnings());
        let absent = self.size.filter(|size| *size > self.next).map(|size| self.next..size);
        self.differs |= absent.is_some();
        for finding in self.locator.finish(absent, &mut self.tree) {
            self.structural(finding);
        }
    }

    fn finish_file(&mut self) {
        let read = std::mem::take(&mut self.read);
        if let Some(waiting) = self.waiting.take() {
            self.locate(waiting, Some(&read));
        }
        let file = &self.files[read.file];
        if file.first > self.next {
            self.miss_files(file.first);
        }
        let read = self.without_text_end(file, read);
        let scanned = self.expect(file, read);
        if file.pruned {
            return self.pass_dropped(scanned);
        }
        if !self.is_straight(&scanned) {
            self.waiting = Some(scanned);
            return;
        }
        let count = scanned.count;
        // The next file needs as much memory: what is handed back comes back in pieces.
        self.read.lines = self.pass(scanned, count);
        self.read.lines.clear();
    }

    /// Says that all entries up to that of a file are missing.
    fn miss_files(&mut self, first: u64) {
        let detail = format!("{} missing, with their files", entries_are(self.next, first - 1));
        let name = self.view.layout().entry_file_name(self.next);
        let finding = Finding::new(FindingKind::Missing, detail).about(self.next).in_file(name);
        self.differs = true;
        self.findings.extend(self.locator.miss(self.next..first, finding));
        self.tree.lose();
    }

    /// The lines of a file without what a cut, or a program that changes texts, has left at its end.
    fn without_text_end(&mut self, file: &EntryFile, mut read: FileLines) -> FileLines {
        let empty = leaf_hash(b"");
        let lines = read.lines.len();
        let kept = read.lines.iter().rposition(|line| line.hash != empty).map_or(0, |last| last + 1);
        read.truncate(kept);
        let is_committed = self.size.is_none_or(|size| size - file.first >= lines as u64);
        let changed = match read.unended.filter(|_| is_committed && kept == lines) {
            Some(UnendedLine::Cut) => {
                read.truncate(kept - 1);
                None
            }
            Some(UnendedLine::Whole) => Some(text_end(false)),
            None => (kept < lines).then(|| text_end(true)),
        };
        if let Some(changed) = changed.filter(|_| !std::mem::replace(&mut self.respelled, true)) {
            self.findings.push(changed.in_file(&file.name).at_line(lines as u64));
        }
        read
    }

    /// A file beside what it should hold.
    fn expect(&mut self, file: &'a EntryFile, read: FileLines) -> ScannedFile<'a> {
        let per_file = self.view.layout().entries_per_file();
        let here = if file.pruned { per_file } else { read.lines.len() as u64 };
        let left = self.size.map_or(here, |size| size - file.first);
        let count = usize::try_from(left.min(per_file)).unwrap_or(usize::MAX);
        self.next = file.first + count as u64;
        let is_behind = |file: &EntryFile| self.size.is_some_and(|size| file.first >= size);
        let is_last = self.files.get(read.file + 1).is_none_or(is_behind);
        ScannedFile { file, count, holds_end: self.size == Some(self.next), is_last, read }
    }

    /// Of a file that was dropped what is left is in its place: its marker was checked as it was read.
    fn pass_dropped(&mut self, scanned: ScannedFile<'a>) {
        let marker = self.view.marker(scanned.file).ok().flatten();
        self.proven.skip(scanned.file.first, marker.map(|marker| marker.root));
        for finding in self.holes.take(self.view, scanned.file, self.size, &mut self.tree) {
            self.structural(finding);
        }
        self.locator.forget();
        self.pass(scanned, 1);
    }

    /// Takes a file of which every entry is in its place.
    fn is_straight(&mut self, scanned: &ScannedFile<'_>) -> bool {
        let Some(lines) = scanned.read.lines.get(..scanned.count) else {
            self.proven.lose();
            return false;
        };
        let first = scanned.file.first;
        let leaves: Vec<Hash> = lines.iter().map(|line| line.hash).collect();
        let tree = self.tree.file_tree(first, leaves.iter().copied(), self.proven.sizes(first, lines));
        self.proven.take(first, lines, &tree);
        let straight = !self.locator.is_searching() && self.tree.confirms(first, &leaves, &tree);
        if straight {
            self.tree.grow_by(first, tree);
        }
        straight
    }

    /// Takes a file whose first `count` lines are its entries; answers the memory of its lines.
    fn pass(&mut self, mut scanned: ScannedFile<'a>, count: usize) -> Vec<ScannedLine> {
        let lines = scanned.read.lines.len();
        if lines > count || scanned.read.given_up.is_some() {
            let placement = self.locator.pass(&mut scanned, count, &mut self.tree);
            self.place(&mut scanned, placement);
        } else {
            self.count(&mut scanned, lines);
            self.order.check(&scanned, (0..lines).zip(scanned.file.first..), &mut self.findings);
        }
        scanned.read.lines
    }

    /// Asks which line is which entry in a file where that is not simple. `next` is what was read of the next.
    fn locate(&mut self, mut scanned: ScannedFile<'a>, next: Option<&FileLines>) {
        let follows = scanned.file.first + self.view.layout().entries_per_file();
        let next = next.filter(|next| self.files[next.file].first == follows);
        let next = next.map_or(&[][..], |next| &next.lines);
        let placement = self.locator.locate(&mut scanned, next, self.order.expected, &mut self.tree);
        self.place(&mut scanned, placement);
    }

    /// Takes what the lines of a file turned out to be.
    fn place(&mut self, scanned: &mut ScannedFile<'_>, placement: Placement) {
        self.differs |= placement.differs;
        self.findings.extend(placement.findings);
        self.count(scanned, placement.counted);
        self.order.check(scanned, placement.entries, &mut self.findings);
    }

    /// Counts the first lines of a file, with what is wrong with each by itself.
    fn count(&mut self, scanned: &mut ScannedFile<'_>, lines: usize) {
        let (read, file) = (&mut scanned.read, &scanned.file.name);
        let counts = |line: u64| line <= lines as u64;
        let findings = std::mem::take(&mut read.findings).into_iter();
        let findings = findings.filter(|finding| finding.line.is_none_or(counts));
        self.findings.extend(findings.map(|finding| finding.in_file(file)));
        for (_, kind, severity) in read.more.iter().filter(|(line, ..)| counts(*line)) {
            self.findings.count(*kind, *severity, 1);
        }
        self.entries += lines as u64;
        let (known, first) = (self.proven.known(), scanned.file.first);
        for (place, line) in (0..).zip(&read.lines[..lines]) {
            self.proofs += u64::from(line.proofs);
            self.known_proofs += if known.has(first, place) { u64::from(line.proofs) } else { 0 };
        }
    }

    fn structural(&mut self, finding: Finding) {
        self.differs = true;
        self.findings.push(finding);
    }
}
