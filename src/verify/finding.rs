//! Findings: what a verifier has to say about one place.
//!
//! ```text
//! entries/000000000000.jsonl:4712: modified: entry 4711 is not the one that the tree has
//! ```

mod kind;

use std::{collections::BTreeMap, fmt};

use crate::{json::Object, tlog::note::BYTE_ORDER_MARK};

pub use kind::{FindingKind, Severity};

/// One thing to say about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of fault
    pub kind: FindingKind,
    /// Whether it makes the target unsound
    pub severity: Severity,
    /// The number of the entry that it is about, or of the first of several; `None`: it is about the whole
    pub n: Option<u64>,
    /// The file, by its path inside the target; `None`: it is about no file in particular
    pub file: Option<String>,
    /// The line in it, from 1; `None`: it is about the file as a whole
    pub line: Option<u64>,
    /// The device that the record names; `None`: there is no record, or it names none
    pub device: Option<String>,
    /// What is wrong, in words
    pub detail: String,
    /// Canonical bytes, hashes and signed bytes of a proof that does not hold; `None`: not asked for, or it is about
    /// something else
    pub explanation: Option<String>,
}

impl Finding {
    /// A finding about the target as a whole.
    pub fn new(kind: FindingKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            severity: kind.severity(),
            n: None,
            file: None,
            line: None,
            device: None,
            detail: detail.into(),
            explanation: None,
        }
    }

    /// The same, in a file.
    #[must_use]
    pub fn in_file(self, file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..self }
    }

    /// The same, at a line, from 1.
    #[must_use]
    pub fn at_line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    /// The same, about an entry.
    #[must_use]
    pub fn about(self, n: u64) -> Self {
        Self { n: Some(n), ..self }
    }

    /// As one member of `findings`.
    pub fn to_object(&self) -> Object {
        crate::object! {
            "kind": self.kind.name(),
            "severity": self.severity.name(),
            "n": self.n,
            "file": self.file.clone(),
            "line": self.line,
            "device": self.device.clone(),
            "detail": self.detail.as_str(),
        }
    }
}

impl fmt::Display for Finding {
    /// Like a compiler: place, kind, words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
            (Some(file), None) => write!(f, "{file}: ")?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        if self.severity == Severity::Warning {
            f.write_str("warning: ")?;
        }
        write!(f, "{}: {}", self.kind.name(), self.detail)
    }
}

/// What of a log does not verify, where that was needed for an answer: there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    /// What is wrong, and where
    pub finding: Box<Finding>,
    /// What people call the log, in which the finding's file lies; `None`: it was not said
    pub log: Option<String>,
}

impl From<Finding> for Unverified {
    fn from(finding: Finding) -> Self {
        Self { finding: Box::new(finding), log: None }
    }
}

impl Unverified {
    /// The same, of a log that people call so.
    #[must_use]
    pub fn of(self, log: impl Into<String>) -> Self {
        Self { log: Some(log.into()), ..self }
    }
}

impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let between = if self.finding.file.is_some() { "/" } else { ": " };
        self.log.iter().try_for_each(|log| write!(f, "{log}{between}"))?;
        self.finding.fmt(f)
    }
}

impl std::error::Error for Unverified {}

/// The finding that a copy's line ends were changed. `looks` are the first bytes of a line, and its end.
pub(super) fn line_endings(looks: &[u8]) -> Finding {
    let mark = looks.starts_with(BYTE_ORDER_MARK);
    let returns = looks.windows(2).any(|pair| pair == b"\r\n");
    let (what, changes, them) = match (returns, mark) {
        (true, true) => ("lines end with CR LF, and a byte-order mark stands before them", "texts", "these"),
        (false, true) => ("a byte-order mark stands before the first line", "texts", "it"),
        (true, false) => ("lines end with CR LF", "line ends", "them"),
        (false, false) => return text_end(looks.ends_with(b"\n\n")),
    };
    let went = format!("this copy went through something that changes {changes}");
    let detail = format!("{what}: {went}; its content is checked without {them}");
    Finding::new(FindingKind::LineEndings, detail)
}

/// The finding that the end of a copy's text was changed. `is_extra`: an empty line was added, else the last line feed is
/// gone.
pub(super) fn text_end(is_extra: bool) -> Finding {
    let what = if is_extra { "an empty line stands at the end" } else { "the last line feed is gone" };
    let went = "this copy went through something that changes the ends of texts";
    Finding::new(FindingKind::LineEndings, format!("{what}: {went}; its content is checked as if it had not"))
}

/// Entries with their verb, first and last: `entry 7 is`, `entries 7 to 9 are`.
pub(super) fn entries_are(first: u64, last: u64) -> String {
    if first == last { format!("entry {first} is") } else { format!("entries {first} to {last} are") }
}

/// How many findings there are of each kind and weight.
pub type FindingCounts = BTreeMap<(FindingKind, Severity), u64>;

/// Findings as they are collected: all are counted, the first of each severity are kept.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    errors: Vec<Finding>,
    warnings: Vec<Finding>,
    counts: FindingCounts,
}

/// How many findings of a severity are kept: a thousand faults are as clear as a million.
pub(super) const KEPT: usize = 1_000;

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.count(finding.kind, finding.severity, 1);
        let kept = match finding.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if kept.len() < KEPT {
            kept.push(finding);
        }
    }

    /// Adds some.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// Counts some that are not kept.
    pub(super) fn count(&mut self, kind: FindingKind, severity: Severity, count: u64) {
        *self.counts.entry((kind, severity)).or_default() += count;
    }

    /// Whether further ones of this severity are counted only.
    pub(super) fn is_full(&self, severity: Severity) -> bool {
        let kept = match severity {
            Severity::Error => &self.errors,
            Severity::Warning => &self.warnings,
        };
        kept.len() >= KEPT
    }

    /// Adds those of another collection.
    pub fn absorb(&mut self, other: Self) {
        for (mine, theirs) in [(&mut self.errors, other.errors), (&mut self.warnings, other.warnings)] {
            mine.extend(theirs);
            mine.truncate(KEPT);
        }
        other.counts.into_iter().for_each(|((kind, severity), count)| self.count(kind, severity, count));
    }

    /// Changes what is kept, not how much it weighs. What is of another kind then counts as that.
    pub(super) fn change_each(&mut self, mut change: impl FnMut(&mut Finding)) {
        for finding in self.errors.iter_mut().chain(&mut self.warnings) {
            let was = (finding.kind, finding.severity);
            change(finding);
            if finding.kind != was.0 {
                self.counts.entry(was).and_modify(|count| *count = count.saturating_sub(1));
                *self.counts.entry((finding.kind, was.1)).or_default() += 1;
            }
        }
    }

    /// Whether one of this kind was kept.
    pub(super) fn has(&self, kind: FindingKind) -> bool {
        self.errors.iter().chain(&self.warnings).any(|finding| finding.kind == kind)
    }

    /// Whether there are errors, and all are of this kind.
    pub fn errors_are_all(&self, kind: FindingKind) -> bool {
        self.has_error() && self.errors.iter().all(|finding| finding.kind == kind)
    }

    /// Whether there is an error.
    pub fn has_error(&self) -> bool {
        self.errors() > 0
    }

    /// How many there are, kept or not.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// How many there are of each kind and weight, kept or not.
    pub fn counts(&self) -> &FindingCounts {
        &self.counts
    }

    /// How many are errors, kept or not.
    pub fn errors(&self) -> u64 {
        let errors = self.counts.iter().filter(|((_, severity), _)| *severity == Severity::Error);
        errors.map(|(_, count)| count).sum()
    }

    /// The kept ones in the order of their places; those about the whole first.
    pub fn sorted(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.errors.iter().chain(&self.warnings).collect();
        all.sort_by_key(|finding| {
            let entries = finding.file.as_deref().is_some_and(|file| file.starts_with("entries/"));
            (entries, finding.file.clone(), finding.line, finding.kind)
        });
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_otherwise_counts_as_that() {
        let mut findings = Findings::default();
        findings.extend([FindingKind::Truncated, FindingKind::Gap].map(|kind| Finding::new(kind, "")));
        findings.change_each(|finding| {
            if finding.kind == FindingKind::Truncated {
                finding.kind = FindingKind::Incomplete;
            }
        });
        let counted = |kind, severity| findings.counts().get(&(kind, severity)).copied().unwrap_or(0);
        assert_eq!(counted(FindingKind::Truncated, Severity::Error), 0);
        assert_eq!((counted(FindingKind::Incomplete, Severity::Error), findings.total()), (1, 2));
    }

    #[test]
    fn a_finding_reads_like_a_compilers_message() {
        let finding = Finding::new(FindingKind::Modified, "entry 4711 was changed");
        let finding = finding.in_file("entries/000000000000.jsonl").at_line(4712).about(4711);
        let line = "entries/000000000000.jsonl:4712: modified: entry 4711 was changed";
        assert_eq!(finding.to_string(), line);
        let json = r#"{"detail":"entry 4711 was changed","device":null,"file":"entries/000000000000.jsonl","#;
        let json = format!(r#"{json}"kind":"modified","line":4712,"n":4711,"severity":"error"}}"#);
        assert_eq!(finding.to_object().to_canonical(), json);
        let warning = Finding::new(FindingKind::TreeDamaged, "tree/0 is missing").in_file("tree/0");
        assert_eq!(warning.to_string(), "tree/0: warning: tree-damaged: tree/0 is missing");
        let loose = Finding::new(FindingKind::Unsigned, "no proof").at_line(3);
        assert_eq!(loose.to_string(), "line 3: unsigned: no proof");
    }

    #[test]
    fn a_flood_is_counted_and_errors_are_not_drowned_by_warnings() {
        let mut findings = Findings::default();
        for line in 0..5_000 {
            findings.push(Finding::new(FindingKind::Gap, "gap").in_file("entries/0").at_line(line));
        }
        assert!(!findings.has_error());
        findings.push(Finding::new(FindingKind::Modified, "x").in_file("entries/0").at_line(7));
        assert_eq!((findings.total(), findings.errors()), (5_001, 1));
        let sorted = findings.sorted();
        assert_eq!(sorted.len(), KEPT + 1);
        assert_eq!(sorted[7].kind, FindingKind::Modified, "sorted by place, then kind");
    }
}
