//! One file with all that is known about its lines, and what is to be said of each.

use std::collections::HashMap;

use super::{
    align::{Alignment, Fate},
    likely::likely,
    strays,
};
use crate::{
    tlog::view::{ENTRIES_PER_FILE, EntryFile},
    verify::{
        finding::{self, Finding, Kind, Severity},
        scan::examine::{Line, Source},
    },
};

/// All of one file.
#[derive(Default)]
pub(in crate::verify) struct Gathered {
    pub(in crate::verify) file: usize,
    pub(in crate::verify) lines: Vec<Line>,
    pub(in crate::verify) findings: Vec<Finding>,
    /// How many of them are warnings, and how many errors
    pub(in crate::verify) kept: [usize; 2],
    /// Of findings beyond those that are kept, the line and the weight
    pub(in crate::verify) more: Vec<(u64, Severity)>,
    pub(in crate::verify) sources: HashMap<u128, Source>,
    /// Why it was not read to its end
    pub(in crate::verify) given_up: Option<String>,
}

impl Gathered {
    pub(in crate::verify) fn keep(&mut self, findings: Vec<Finding>) {
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
pub(in crate::verify) struct Settled<'a> {
    pub(in crate::verify) file: &'a EntryFile,
    /// How many entries it should hold
    pub(in crate::verify) count: usize,
    /// Whether the ledger ends in it
    pub(in crate::verify) last: bool,
    pub(in crate::verify) gathered: Gathered,
    pub(in crate::verify) alignment: Alignment,
}

impl Settled<'_> {
    /// Entries of which one is wrong, and those among them that are not even sound in themselves.
    pub(in crate::verify) fn doubt(&self, from: u64, to: u64) -> Finding {
        let doubt = format!("one of the entries {from} to {to} is not what the signed root says");
        let (n, detail) = match likely(&self.gathered.findings, from, to).filter(|_| from < to) {
            Some((n, clause)) => (n, format!("{doubt}; {clause}")),
            None => (from, doubt),
        };
        let finding = Finding::new(Kind::RootMismatch, detail).in_file(&self.file.name);
        finding.about(n).at_line(n % ENTRIES_PER_FILE + 1)
    }

    /// A finding at a line, counted from 0.
    pub(in crate::verify) fn at(&self, line: usize, kind: Kind, detail: String) -> Finding {
        let track = self.gathered.lines.get(line).and_then(|line| line.track);
        let source = track.and_then(|track| self.gathered.sources.get(&track.source));
        let finding = Finding::new(kind, detail).in_file(&self.file.name).at_line(line as u64 + 1);
        Finding { device: source.and_then(|source| source.device.clone()), ..finding }
    }

    pub(in crate::verify) fn source(&self, line: usize) -> String {
        let track = self.gathered.lines.get(line).and_then(|line| line.track);
        let source = track.and_then(|track| self.gathered.sources.get(&track.source));
        source.map_or(String::new(), |source| match &source.device {
            Some(device) => format!(", device {device}, stream {}", source.stream),
            None => format!(", stream {}", source.stream),
        })
    }

    /// What is to be said of a line, and of how many lines from it on.
    pub(in crate::verify) fn fate(&self, line: usize) -> (Option<Finding>, usize) {
        let fates = &self.alignment.fates[line..];
        let run = |n: u64, fate: fn(u64) -> Fate| {
            let count = (n..).zip(fates).take_while(|(n, other)| **other == fate(*n)).count();
            n..n + count as u64
        };
        let (kind, entries, detail) = match fates[0] {
            Fate::Entry(_) | Fate::Garbled => return (None, 1),
            Fate::Changed(n) => {
                (Kind::Modified, n..n + 1, format!("entry {n} is not the one that the tree has"))
            }
            Fate::Moved(n) => {
                let run = run(n, Fate::Moved);
                let detail = strays::moved_to(&run, Some(&self.file.name));
                (Kind::Moved, run, detail)
            }
            Fate::Copy(n) => {
                let run = run(n, Fate::Copy);
                let detail = strays::copies(&run);
                (Kind::Inserted, run, detail)
            }
            Fate::Stranger => {
                let detail = "a line that the tree does not have".to_owned();
                let finding = self.at(line, Kind::Inserted, detail);
                return (Some(Finding { n: self.gathered.lines[line].n, ..finding }), 1);
            }
        };
        let count = usize::try_from(entries.end - entries.start).unwrap_or(1);
        (Some(self.at(line, kind, detail).about(entries.start)), count)
    }
}
