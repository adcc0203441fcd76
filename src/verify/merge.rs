//! File after file: lines compared with the tree, order compared with neighbours.

use std::collections::HashMap;

use super::{
    align::{Alignment, Fate},
    examine::{Examined, Line, Source},
    finding::{self, Finding, Findings, Kind, Severity},
    holes::Holes,
    lines::End,
    streams::Streams,
    tree::Tree,
};
use crate::{
    hash::Hash,
    time::Time,
    tlog::view::{ENTRIES_PER_FILE, EntryFile, View, entry_file_name},
};

/// Takes what threads found in the order of the lines.
pub(super) struct Merger<'a> {
    view: &'a dyn View,
    files: &'a [EntryFile],
    /// How many entries there should be; unknown without a checkpoint
    size: Option<u64>,
    pub(super) tree: Tree<'a>,
    pub(super) holes: Holes,
    pub(super) findings: Findings,
    /// Whether lines and tree differ anywhere
    pub(super) torn: bool,
    pub(super) entries: u64,
    pub(super) proofs: u64,
    /// The first entry that no file has held yet
    next: u64,
    /// The entry that comes next, if none is lost
    expected: u64,
    /// Whether it was said that the end is missing
    truncated: bool,
    gathered: Gathered,
    streams: Streams,
    received: Option<Time>,
    carriage_return: bool,
}

/// All of one file.
#[derive(Default)]
struct Gathered {
    file: usize,
    lines: Vec<Line>,
    findings: Vec<Finding>,
    /// How many of them are warnings, and how many errors
    kept: [usize; 2],
    /// Of findings beyond those that are kept, the line and the weight
    more: Vec<(u64, Severity)>,
    sources: HashMap<u128, Source>,
    /// Why it was not read to its end
    given_up: Option<String>,
}

impl Gathered {
    fn keep(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            let kept = &mut self.kept[usize::from(finding.severity == Severity::Error)];
            if *kept < finding::KEPT {
                *kept += 1;
                self.findings.push(finding);
            } else {
                self.more.push((finding.line.unwrap_or(0), finding.severity));
            }
        }
    }
}

/// A file with all that is known about it.
struct Settled<'a> {
    file: &'a EntryFile,
    /// How many entries it should hold
    count: usize,
    /// Whether the ledger ends in it
    last: bool,
    gathered: Gathered,
    alignment: Alignment,
}

impl<'a> Merger<'a> {
    pub(super) fn new(view: &'a dyn View, files: &'a [EntryFile], size: Option<u64>, tree: Tree<'a>) -> Self {
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
            streams: Streams::default(),
            received: None,
            carriage_return: false,
        }
    }

    /// Takes the next chunk.
    pub(super) fn take(&mut self, examined: Examined) {
        if let (Some(line), false) = (examined.carriage_return, self.carriage_return) {
            self.carriage_return = true;
            self.findings.push(line_endings().in_file(&self.files[examined.file].name).at_line(line));
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
    pub(super) fn finish(&mut self) {
        for finding in self.holes.warnings() {
            self.findings.push(finding);
        }
        if let Some(size) = self.size.filter(|size| *size > self.next) {
            self.tree.lose();
            if self.truncated {
                return;
            }
            let detail = truncated(size, self.next);
            let name = entry_file_name(self.next);
            self.structural(Finding::new(Kind::Truncated, detail).about(self.next).in_file(name).at_line(1));
        }
    }

    fn finish_file(&mut self) {
        let gathered = std::mem::take(&mut self.gathered);
        let file = &self.files[gathered.file];
        if file.first > self.next {
            let detail = format!("{} missing, with their files", entries(self.next, file.first - 1));
            let name = entry_file_name(self.next);
            self.structural(Finding::new(Kind::Missing, detail).about(self.next).in_file(name));
            self.tree.lose();
        }
        let here = if file.pruned { ENTRIES_PER_FILE } else { gathered.lines.len() as u64 };
        let left = self.size.map_or(here, |size| size - file.first);
        let count = usize::try_from(left.min(ENTRIES_PER_FILE)).unwrap_or(usize::MAX);
        self.next = file.first + count as u64;
        let alignment = if file.pruned {
            self.pass(file, gathered.lines.len())
        } else {
            self.align(file, count, &gathered.lines)
        };
        let last = self.size == Some(self.next);
        let mut settled = Settled { file, count, last, gathered, alignment };
        self.report_lines(&mut settled);
        self.check_order(&settled);
        // The next file needs as much memory: what is handed back comes back in pieces.
        self.gathered.lines = settled.gathered.lines;
        self.gathered.lines.clear();
    }

    /// Of a file that was dropped what is left is in its place: its marker was checked as it was read.
    fn pass(&mut self, file: &EntryFile, lines: usize) -> Alignment {
        let faults = self.holes.take(self.view, file, self.size, &mut self.tree);
        for finding in faults {
            self.structural(finding);
        }
        Alignment::straight(lines, 1)
    }

    fn align(&mut self, file: &EntryFile, count: usize, lines: &[Line]) -> Alignment {
        let first = file.first;
        let ours: Option<Vec<Hash>> =
            lines.get(..count).map(|lines| lines.iter().map(|line| line.hash).collect());
        if let Some(ours) = &ours
            && self.tree.confirms(first, ours)
        {
            self.tree.grow(first, ours);
            return Alignment::straight(lines.len(), count);
        }
        let expected = self.tree.leaves(first, count);
        let alignment = Alignment::of(lines, first, &expected);
        let mut leaves = expected;
        for (line, fate) in lines.iter().zip(&alignment.fates) {
            if let Fate::Entry(place) = fate {
                leaves[*place].get_or_insert(line.hash);
            }
        }
        for finding in self.tree.settle(first, leaves) {
            self.structural(finding.in_file(&file.name));
        }
        alignment
    }

    fn structural(&mut self, finding: Finding) {
        self.torn = true;
        self.findings.push(finding);
    }

    fn report_lines(&mut self, settled: &mut Settled<'_>) {
        let tail = self.report_fates(settled);
        for (range, before) in &settled.alignment.missing {
            let (from, to) = (settled.number(range.start), settled.number(range.end - 1));
            let last_file = settled.gathered.file + 1 == self.files.len();
            let (kind, detail) = match self.size {
                Some(size) if last_file && range.end == settled.count => {
                    self.truncated = true;
                    (Kind::Truncated, truncated(size, from))
                }
                _ => (Kind::Missing, format!("{} missing", entries(from, to))),
            };
            let finding = Finding::new(kind, detail).about(from).in_file(&settled.file.name);
            self.structural(finding.at_line(*before as u64 + 1));
        }
        if let Some(why) = &settled.gathered.given_up {
            let detail = format!("not read to its end: {why}");
            self.structural(Finding::new(Kind::Malformed, detail).in_file(&settled.file.name));
        }
        for finding in std::mem::take(&mut settled.gathered.findings) {
            if finding.line.is_none_or(|line| line <= tail as u64) {
                self.findings.push(finding.in_file(&settled.file.name));
            }
        }
        for (_, severity) in settled.gathered.more.iter().filter(|(line, _)| *line <= tail as u64) {
            self.findings.count(*severity);
        }
    }

    /// Says which lines are not what they should be; answers where the unfinished tail begins.
    fn report_fates(&mut self, settled: &Settled<'_>) -> usize {
        let fates = &settled.alignment.fates;
        let stands = |fate: &Fate| !matches!(fate, Fate::Copy(_) | Fate::Stranger);
        let committed = fates.iter().rposition(stands).map_or(0, |last| last + 1);
        let mut tail = fates.len();
        for (at, fate) in fates.iter().enumerate() {
            let n = settled.gathered.lines[at].n;
            let claims_a_place = n.is_some_and(|n| self.size.is_some_and(|size| n < size));
            if settled.last && at >= committed && *fate == Fate::Stranger && !claims_a_place {
                tail = tail.min(at);
                continue;
            }
            if let Some(finding) = settled.fate(at, *fate) {
                self.structural(finding);
            }
        }
        if tail < fates.len() {
            let lines = fates.len() - tail;
            let lines = if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
            let detail = format!("{lines} beyond what the checkpoint states: an unfinished batch");
            let finding = Finding::new(Kind::Trailing, detail).in_file(&settled.file.name);
            self.findings.push(finding.at_line(tail as u64 + 1));
        }
        self.entries += tail as u64;
        self.proofs += settled.gathered.lines[..tail].iter().map(|line| u64::from(line.proofs)).sum::<u64>();
        tail
    }

    /// What concerns neighbours, along the entries that are known to be in their order.
    fn check_order(&mut self, settled: &Settled<'_>) {
        for (at, fate) in settled.alignment.fates.iter().enumerate() {
            let (Fate::Entry(place), line) = (fate, &settled.gathered.lines[at]) else { continue };
            let n = settled.number(*place);
            let here = |kind, detail| settled.at(at, kind, detail).about(n);
            if n != self.expected || line.n.is_none() {
                self.streams.lose();
            }
            self.expected = n + 1;
            if let Some(said) = line.n.filter(|said| *said != n) {
                let detail = format!("entry {n} says that it is entry {said}");
                self.findings.push(here(Kind::Malformed, detail));
            }
            if let (Some(before), Some(received)) = (self.received, line.received)
                && received < before
            {
                let detail = format!("entry {n} was received at {received}, the one before it at {before}");
                self.findings.push(here(Kind::ReceivedBackwards, detail));
            }
            self.received = line.received.or(self.received);
            let Some(track) = &line.track else { continue };
            for (kind, odd) in self.streams.see(n, track) {
                let detail = format!("entry {n}{}: {odd}", settled.source(at));
                self.findings.push(here(kind, detail));
            }
        }
    }
}

/// The copy went through something that knows lines.
pub(super) fn line_endings() -> Finding {
    let detail = "lines end with CR LF: this copy went through something that changes line ends; \
                  its content is checked without them";
    Finding::new(Kind::LineEndings, detail)
}

fn truncated(size: u64, end: u64) -> String {
    format!("the checkpoint states {size} entries, here they end before entry {end}")
}

fn entries(from: u64, to: u64) -> String {
    if from == to { format!("entry {from} is") } else { format!("entries {from} to {to} are") }
}

impl Settled<'_> {
    fn number(&self, place: usize) -> u64 {
        self.file.first + place as u64
    }

    /// A finding at a line, counted from 0.
    fn at(&self, line: usize, kind: Kind, detail: String) -> Finding {
        let track = self.gathered.lines.get(line).and_then(|line| line.track);
        let source = track.and_then(|track| self.gathered.sources.get(&track.source));
        let finding = Finding::new(kind, detail).in_file(&self.file.name).at_line(line as u64 + 1);
        Finding { device: source.and_then(|source| source.device.clone()), ..finding }
    }

    fn source(&self, line: usize) -> String {
        let track = self.gathered.lines.get(line).and_then(|line| line.track);
        let source = track.and_then(|track| self.gathered.sources.get(&track.source));
        source.map_or(String::new(), |source| match &source.device {
            Some(device) => format!(", device {device}, stream {}", source.stream),
            None => format!(", stream {}", source.stream),
        })
    }

    fn fate(&self, line: usize, fate: Fate) -> Option<Finding> {
        let finding = match fate {
            Fate::Entry(_) => return None,
            Fate::Changed(place) => {
                let n = self.number(place);
                self.at(line, Kind::Modified, format!("entry {n} is not the one that the tree has")).about(n)
            }
            Fate::Moved(place) => {
                let n = self.number(place);
                let home = place + 1;
                let detail = format!("entry {n} stands here; its place is line {home}");
                self.at(line, Kind::Moved, detail).about(n)
            }
            Fate::Copy(place) => {
                let n = self.number(place);
                self.at(line, Kind::Inserted, format!("a second copy of entry {n}")).about(n)
            }
            Fate::Stranger => {
                let finding = self.at(line, Kind::Inserted, "a line that the tree does not have".to_owned());
                Finding { n: self.gathered.lines[line].n, ..finding }
            }
        };
        Some(finding)
    }
}
