//! The examination of single lines: form, hash and proofs, without their neighbours.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use super::{
    known_lines::KnownLines,
    line_listener::LineReader,
    line_source::{LastSource, shown, track, track_of},
    scanned_line::{ScannedLine, StreamName},
};
use crate::{
    json::{self, Object},
    record::{
        claim::{Claimants, RecordClaim},
        registry::is_event,
        signed::{BadProof, Equations, PROOF, ProofExplanation, SharedTables, Verifier},
        view::RecordView,
        writers::Writers,
    },
    rules::admission::{AdmissionRefusal, AdmissionRule},
    tlog::{
        entry::{BadEntry, Entry, plain_line},
        entry_view::ScannedEntry,
        merkle::leaf_hash,
    },
    verify::{
        finding::{Finding, FindingKind, Severity},
        lines::{self, FileEnd, LineChunk},
    },
};

/// A chunk with all its lines looked at.
pub(in crate::verify) struct ExaminedChunk {
    pub(in crate::verify) number: u64,
    pub(in crate::verify) file: usize,
    pub(in crate::verify) end: Option<FileEnd>,
    pub(in crate::verify) lines: Vec<ScannedLine>,
    /// With their lines, and without their file
    pub(in crate::verify) findings: Vec<Finding>,
    pub(in crate::verify) sources: HashMap<u128, StreamName>,
    /// The first line whose ends were changed, and how it looks; `None`: there is none
    pub(in crate::verify) respelled: Option<(u64, Vec<u8>)>,
    /// How the last line ends, where it does not end with a line feed
    pub(in crate::verify) unended: Option<UnendedLine>,
}

/// A last line without line feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum UnendedLine {
    /// It is a whole entry
    Whole,
    /// It is the beginning of an entry
    Cut,
}

/// A line without what ends it.
struct Text<'a> {
    bytes: &'a [u8],
    /// Whether it ended with a line feed
    ended: bool,
    /// As it was read, line feed left out
    raw: &'a [u8],
}

impl<'a> Text<'a> {
    fn new((raw, ended): (&'a [u8], bool), first: bool) -> Self {
        Self { bytes: plain_line(raw, first), ended, raw }
    }
}

/// What a ledger demands of its lines.
pub(in crate::verify) struct LineRules {
    /// Who may write; `None` if entry 0 does not say
    writers: Option<Writers>,
    /// What is demanded of each record by itself
    rule: AdmissionRule,
    /// Whether proofs are checked, and who may write; of entry 0 that is done elsewhere
    proofs: bool,
    /// Whether bad proofs are to be explained
    explain: bool,
    /// Of which lines it is known that their proofs hold
    pub(in crate::verify) known: KnownLines,
    /// Of keys seen often, for all threads
    tables: Arc<SharedTables>,
}

impl LineRules {
    /// The rules of a ledger whose entry 0 says this about who may write.
    pub(in crate::verify) fn new(writers: Option<Writers>, proofs: bool, explain: bool) -> Self {
        let rule = if proofs { AdmissionRule::of_copy(writers.as_ref()) } else { AdmissionRule::Unsigned };
        Self { writers, rule, proofs, explain, known: KnownLines::default(), tables: Arc::default() }
    }

    /// The rule for an entry. Entry 0 has one of its own, which is asked elsewhere.
    fn rule(&self, n: u64) -> &AdmissionRule {
        if n == 0 && self.proofs { &AdmissionRule::IfSigned } else { &self.rule }
    }

    /// Whether the registry has a say: of its events, and of all that is signed, or must be.
    fn asks_of(&self, kind: Option<&str>) -> bool {
        let enrolled = self.writers.as_ref().is_some_and(Writers::are_enrolled);
        enrolled || self.proofs || kind.is_some_and(is_event)
    }

    /// What an entry claims, but for entry 0, where all begins.
    fn claim(&self, entry: &Entry) -> Option<RecordClaim> {
        if entry.n == 0 || !self.asks_of(entry.record.str("type")) {
            return None;
        }
        RecordClaim::of(&entry.record)
    }
}

/// Looks at lines; each thread has its own, for the keys that it remembers.
pub(in crate::verify) struct LineExaminer<'a> {
    rules: &'a LineRules,
    verifier: Verifier,
    claimants: Claimants,
    last_source: LastSource,
}

impl<'a> LineExaminer<'a> {
    pub(in crate::verify) fn new(rules: &'a LineRules) -> Self {
        Self {
            rules,
            verifier: Verifier::sharing(&rules.tables),
            claimants: Claimants::default(),
            last_source: LastSource::default(),
        }
    }

    /// Looks at all lines of a chunk; a listener's reader makes notes of those that are entries.
    pub(in crate::verify) fn chunk<R: LineReader<Notes: Default>>(
        &mut self,
        chunk: &LineChunk,
        reader: &mut R,
    ) -> (ExaminedChunk, R::Notes) {
        let mut examined = ExaminedChunk {
            number: chunk.number,
            file: chunk.file,
            end: chunk.end.clone(),
            lines: Vec::with_capacity(256),
            findings: Vec::new(),
            sources: HashMap::new(),
            respelled: None,
            unended: None,
        };
        let numbered = (chunk.first_line..).zip(lines::split(&chunk.bytes));
        let texts: Vec<Text<'_>> = numbered.map(|(number, line)| Text::new(line, number == 1)).collect();
        let good = self.good_lines(chunk, &texts, &mut examined.sources);
        let mut notes = R::Notes::default();
        for ((number, text), good) in (chunk.first_line..).zip(&texts).zip(good) {
            if text.bytes.len() != text.raw.len() && examined.respelled.is_none() {
                examined.respelled = Some((number, ends(text.raw)));
            }
            let found = examined.findings.len();
            let good = good.map(|(line, record)| (line, Some((record, true))));
            let equations = self.rules.known.equations(chunk, number);
            let (line, record) = good.unwrap_or_else(|| self.read(text, equations, &mut examined));
            if let Some(checked) = record.as_ref().and_then(|record| line.checked(chunk.file, record)) {
                reader.line(&checked, &mut notes);
            }
            for finding in &mut examined.findings[found..] {
                (finding.line, finding.n) = (Some(number), line.n);
            }
            examined.lines.push(line);
        }
        (examined, notes)
    }

    /// The lines about which there is nothing to say, each with its record. They come first, since signatures are
    /// quicker to check together than one by one.
    fn good_lines<'t>(
        &mut self,
        chunk: &LineChunk,
        texts: &[Text<'t>],
        sources: &mut HashMap<u128, StreamName>,
    ) -> Vec<Option<(ScannedLine, RecordView<'t>)>> {
        let known = self.rules.known;
        let numbered = (chunk.first_line..).zip(texts).enumerate();
        let mut good: Vec<_> = numbered
            .map(|(place, (number, text))| self.scanned(place, text, known.equations(chunk, number), sources))
            .collect();
        for place in self.verifier.failed() {
            good[place] = None;
        }
        good
    }

    /// A line as ledgers have them, about which there is nothing to say – unless the verifier names its place
    /// among those whose proofs failed. None if it is another, or may be.
    fn scanned<'t>(
        &mut self,
        place: usize,
        text: &Text<'t>,
        equations: Equations,
        sources: &mut HashMap<u128, StreamName>,
    ) -> Option<(ScannedLine, RecordView<'t>)> {
        let entry = ScannedEntry::scan(text.bytes).filter(|entry| entry.n > 0 && text.ended)?;
        let times = entry.times();
        let ScannedEntry { n, record, .. } = entry;
        let proofs = self.rules.rule.review_scanned(&mut self.verifier, &record, place, equations)?;
        let time = record.time.filter(|_| record.kind == Some("reading"));
        let track = record.stream.zip(record.seq);
        let track = track.map(|(stream, seq)| {
            let source = self.last_source.of(record.device, stream);
            track_of(source, (record.device, stream), (seq, time), sources)
        });
        let claim = if self.rules.asks_of(record.kind) {
            Some(Box::new(RecordClaim::scanned(&record, &mut self.claimants)?))
        } else {
            None
        };
        let (n, times) = (Some(n), Some(times));
        let (hash, canonical) = (leaf_hash(text.bytes), None);
        let line = ScannedLine { hash, canonical, n, times, track, proofs, proven: true, claim };
        Some((line, RecordView::Scanned(record)))
    }

    /// Reads a line, whatever it is, and says what is wrong with it. Answers its record, too, if it is an entry, and
    /// whether its proofs hold.
    fn read<'t>(
        &mut self,
        text: &Text<'t>,
        equations: Equations,
        examined: &mut ExaminedChunk,
    ) -> (ScannedLine, Option<(RecordView<'t>, bool)>) {
        let hash = leaf_hash(text.bytes);
        let mut line = ScannedLine::unread(hash);
        let entry = match Entry::parse_lenient(text.bytes) {
            Ok(entry) => entry,
            Err(why) => {
                examined.unended = (!text.ended && is_cut(text.bytes)).then_some(UnendedLine::Cut);
                examined.findings.push(Finding::new(FindingKind::Malformed, format!("no entry: {why}")));
                return (line, None);
            }
        };
        if !text.ended {
            examined.unended = Some(UnendedLine::Whole);
        }
        (line.n, line.times) = (Some(entry.n), Some(entry.times()));
        let found = examined.findings.len();
        let canonical = entry.to_line();
        if canonical.as_bytes() != text.bytes {
            line.canonical = Some(Box::new(leaf_hash(canonical.as_bytes())));
            let detail = format!("entry {}: {}", entry.n, BadEntry::NotCanonical);
            examined.findings.push(Finding::new(FindingKind::NotCanonical, detail));
        }
        let holds = self.review(&entry, equations, examined, &mut line);
        if holds {
            line.claim = self.rules.claim(&entry).map(Box::new);
        }
        for finding in &mut examined.findings[found..] {
            finding.device = entry.record.str("device").map(shown);
        }
        line.track = track(&entry.record, &mut examined.sources);
        (line, Some((RecordView::Read(Cow::Owned(entry.record)), holds)))
    }

    /// Counts the proofs that hold; what is refused is a finding. Answers whether all proofs hold.
    fn review(
        &mut self,
        entry: &Entry,
        equations: Equations,
        examined: &mut ExaminedChunk,
        line: &mut ScannedLine,
    ) -> bool {
        let arrival = entry.times().stated_arrival();
        let rule = self.rules.rule(entry.n);
        let review = rule.review_with(&mut self.verifier, &entry.record, arrival, equations);
        let is_bad = |refusal: &AdmissionRefusal| matches!(refusal, AdmissionRefusal::BadProof(_));
        line.proven = review.unknown.is_empty() && !review.refusals.iter().any(is_bad);
        line.proofs = u16::try_from(review.proofs).unwrap_or(u16::MAX);
        let unknown = review
            .unknown
            .iter()
            .map(|proof| Finding::new(FindingKind::UnknownProof, format!("entry {}: {proof}", entry.n)));
        examined.findings.extend(unknown);
        for refusal in &review.refusals {
            let finding = self.finding(entry, refusal, examined.findings.len() < 10);
            examined.findings.push(finding);
        }
        review.refusals.iter().all(|refusal| *refusal == AdmissionRefusal::Time)
    }

    fn finding(&self, entry: &Entry, refusal: &AdmissionRefusal, explain: bool) -> Finding {
        let mut finding = Finding::new(refusal.into(), format!("entry {}: {refusal}", entry.n));
        let AdmissionRefusal::BadProof(bad) = refusal else { return finding };
        if entry.n > 0 && self.rules.writers == Some(Writers::Anyone) {
            // It was let in by the ledger's own rule.
            finding.severity = Severity::Warning;
        }
        if explain && self.rules.explain {
            finding.explanation = explanation(&entry.record, bad);
        }
        finding
    }
}

/// Whether a line is the beginning of an entry, or was that before the rest was lost to zeros.
fn is_cut(line: &[u8]) -> bool {
    const BEGIN: &[u8] = b"{\"n\":";
    let zeros = line.iter().rev().take_while(|byte| **byte == 0).count();
    let rest = &line[..line.len() - zeros];
    let begins = rest.starts_with(BEGIN) || BEGIN.starts_with(rest);
    begins && (rest.is_empty() || json::parse_object(rest).is_err_and(|why| why.is_cut_off()))
}

/// The first and last bytes of a line with its end, which show what was done to it.
fn ends(line: &[u8]) -> Vec<u8> {
    let mark = line.iter().take(3).chain(line.last());
    mark.copied().chain([b'\n']).collect()
}

impl From<&AdmissionRefusal> for FindingKind {
    fn from(refusal: &AdmissionRefusal) -> Self {
        match refusal {
            AdmissionRefusal::Time => Self::NotCanonical,
            AdmissionRefusal::BadProof(_) => Self::BadProof,
            AdmissionRefusal::Unsigned | AdmissionRefusal::Unchecked(_) => Self::Unsigned,
            AdmissionRefusal::UnlistedSigner => Self::Unauthorized,
        }
    }
}

/// Canonical bytes, hashes and signed bytes of a proof that does not hold.
pub(in crate::verify) fn explanation(record: &Object, bad: &BadProof) -> Option<String> {
    record.get(PROOF)?;
    ProofExplanation::of(record, bad.index).map(|explanation| explanation.to_string())
}

#[cfg(test)]
mod tests;
