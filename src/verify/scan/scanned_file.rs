//! One file of entries as the scan has read it.

use std::collections::HashMap;

use super::{
    line_examiner::UnendedLine,
    scanned_line::{ScannedLine, StreamName},
};
use crate::{
    tlog::view::EntryFile,
    verify::finding::{self, Finding, FindingKind, Severity},
};

/// The lines of one file, and what is wrong with each by itself.
#[derive(Default)]
pub(in crate::verify) struct FileLines {
    /// The file, by its place in the list
    pub(in crate::verify) file: usize,
    pub(in crate::verify) lines: Vec<ScannedLine>,
    /// With their lines, and without their file
    pub(in crate::verify) findings: Vec<Finding>,
    /// How many of them are warnings, and how many errors
    kept: [usize; 2],
    /// Of findings beyond those that are kept, the line, the kind and the weight
    pub(in crate::verify) more: Vec<(u64, FindingKind, Severity)>,
    pub(in crate::verify) sources: HashMap<u128, StreamName>,
    /// Why the file was not read to its end; `None`: it was
    pub(in crate::verify) given_up: Option<String>,
    /// How the last line ends, where it does not end with a line feed
    pub(in crate::verify) unended: Option<UnendedLine>,
}

impl FileLines {
    /// Keeps the first lines only, and what was found about them.
    pub(in crate::verify) fn truncate(&mut self, lines: usize) {
        self.lines.truncate(lines);
        let lines = self.lines.len() as u64;
        self.findings.retain(|finding| finding.line.is_none_or(|line| line <= lines));
        self.more.retain(|(line, ..)| *line <= lines);
    }

    /// Takes findings; of a flood the first are kept, and the others counted.
    pub(in crate::verify) fn keep(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            let kept = &mut self.kept[usize::from(finding.severity == Severity::Error)];
            if *kept < finding::KEPT {
                *kept += 1;
                self.findings.push(finding);
            } else {
                self.more.push((finding.line.unwrap_or(0), finding.kind, finding.severity));
            }
        }
    }
}

/// A file that was read, and what it should hold.
pub(in crate::verify) struct ScannedFile<'a> {
    pub(in crate::verify) file: &'a EntryFile,
    /// How many entries it should hold
    pub(in crate::verify) count: usize,
    /// Whether the last entry that the checkpoint states belongs into it
    pub(in crate::verify) holds_end: bool,
    /// Whether no other file of the ledger follows
    pub(in crate::verify) is_last: bool,
    pub(in crate::verify) read: FileLines,
}

impl ScannedFile<'_> {
    /// A finding at a line, counted from 0.
    pub(in crate::verify) fn at(&self, line: usize, kind: FindingKind, detail: String) -> Finding {
        let finding = Finding::new(kind, detail).in_file(&self.file.name).at_line(line as u64 + 1);
        Finding { device: self.source(line).and_then(|source| source.device.clone()), ..finding }
    }

    /// The source of a line, as a clause behind its entry.
    pub(in crate::verify) fn source_clause(&self, line: usize) -> String {
        self.source(line).map_or(String::new(), |source| match &source.device {
            Some(device) => format!(", device {device}, stream {}", source.stream),
            None => format!(", stream {}", source.stream),
        })
    }

    fn source(&self, line: usize) -> Option<&StreamName> {
        let track = self.read.lines.get(line)?.track?;
        self.read.sources.get(&track.source)
    }
}
