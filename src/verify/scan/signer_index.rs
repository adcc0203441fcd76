//! Which keys signed how many lines of which file: so it is known which files hold what a key signed, when that key is
//! revoked later.

use std::collections::HashMap;

use super::line_listener::{CheckedLine, LineListener, LineReader};
use crate::{record::claim::SignerKeys, time::Time};

/// How many sets of signers are told apart, so that memory stays small.
const SETS: u32 = 65_536;

/// How many keys a reader remembers.
const REMEMBERED: usize = 1_024;

/// The number of all sets that are not told apart.
const OTHERS: u32 = SETS;

/// The signers of all lines, file by file.
#[derive(Default)]
pub(in crate::verify) struct SignerIndex {
    /// The number of each set
    sets: HashMap<SignerKeys, u32>,
    files: Vec<FileSigners>,
    /// How many lines of the last file each set signed
    last: HashMap<u32, u32>,
}

/// The signers of one file.
pub(in crate::verify) struct FileSigners {
    /// The file, by its place in the list
    pub(in crate::verify) file: usize,
    pub(in crate::verify) span: LineSpan,
    /// The numbers of the sets, and how many lines each signed; empty as long as it is the last file
    lines: Box<[(u32, u32)]>,
}

/// What the lines of a file lie between, all ends inclusive.
#[derive(Clone, Copy)]
pub(in crate::verify) struct LineSpan {
    pub(in crate::verify) numbers: (u64, u64),
    pub(in crate::verify) arrivals: (Time, Time),
}

impl LineSpan {
    fn of(line: &CheckedLine<'_>) -> Self {
        let arrival = line.times.stated_arrival();
        Self { numbers: (line.n, line.n), arrivals: (arrival, arrival) }
    }

    fn with(self, other: Self) -> Self {
        let (from, to) = (self.numbers.0.min(other.numbers.0), self.numbers.1.max(other.numbers.1));
        let (first, last) = (self.arrivals.0.min(other.arrivals.0), self.arrivals.1.max(other.arrivals.1));
        Self { numbers: (from, to), arrivals: (first, last) }
    }
}

impl SignerIndex {
    /// The files in their order, after the last line.
    pub(in crate::verify) fn files(&self) -> &[FileSigners] {
        &self.files
    }

    /// The sets of signers; the lines of a file name them by their place.
    pub(in crate::verify) fn sets(&self) -> Vec<&SignerKeys> {
        let mut sets: Vec<_> = self.sets.iter().collect();
        sets.sort_unstable_by_key(|(_, number)| **number);
        sets.into_iter().map(|(signers, _)| signers).collect()
    }

    /// Takes note that the last file has ended.
    pub(in crate::verify) fn close(&mut self) {
        if let Some(file) = self.files.last_mut() {
            file.lines = file.lines.iter().copied().chain(self.last.drain()).collect();
        }
    }

    fn number(&mut self, signers: SignerKeys) -> u32 {
        match u32::try_from(self.sets.len()) {
            Ok(next) if next < SETS => *self.sets.entry(signers).or_insert(next),
            _ => self.sets.get(&signers).copied().unwrap_or(OTHERS),
        }
    }
}

impl FileSigners {
    /// Each set by its place in [`SignerIndex::sets`], and how many lines it signed; `None` stands for sets that are
    /// not told apart.
    pub(in crate::verify) fn lines(&self) -> impl Iterator<Item = (Option<usize>, u64)> {
        let place = |set: u32| usize::try_from(set).ok().filter(|_| set != OTHERS);
        self.lines.iter().map(move |(set, count)| (place(*set), u64::from(*count)))
    }
}

/// The signers of a chunk.
pub(in crate::verify) struct ChunkSigners {
    file: usize,
    span: LineSpan,
    /// How many lines each set signed
    lines: HashMap<SignerKeys, u32>,
    /// The verification method of the last lines, their signers, and how many lines there are; `None`: all are counted
    run: Option<(String, SignerKeys, u32)>,
}

impl ChunkSigners {
    fn new(line: &CheckedLine<'_>) -> Self {
        Self { file: line.file, span: LineSpan::of(line), lines: HashMap::new(), run: None }
    }

    /// Takes one more line of the same signer as the last ones, if it is.
    fn continues(&mut self, method: &str) -> bool {
        let run = self.run.as_mut().filter(|(last, ..)| last == method);
        run.map(|(.., count)| *count += 1).is_some()
    }

    fn add(&mut self, method: Option<&str>, signers: SignerKeys) {
        self.end_run();
        match method {
            Some(method) => self.run = Some((method.to_owned(), signers, 1)),
            None => *self.lines.entry(signers).or_default() += 1,
        }
    }

    fn end_run(&mut self) {
        if let Some((_, signers, count)) = self.run.take() {
            *self.lines.entry(signers).or_default() += count;
        }
    }
}

/// Takes note of signers. Decoding a key takes longer than looking up one that is known.
#[derive(Default)]
pub(in crate::verify) struct SignerReader {
    /// Signers by the verification method of their only proof
    known: HashMap<String, SignerKeys>,
}

impl SignerReader {
    fn signers(&mut self, method: Option<&str>, line: &CheckedLine<'_>) -> Option<SignerKeys> {
        if let Some(claim) = line.claim {
            return Some(claim.signers.clone());
        }
        if let Some(known) = method.and_then(|method| self.known.get(method)) {
            return Some(known.clone());
        }
        let signers = line.record.signers()?;
        if self.known.len() == REMEMBERED {
            self.known.clear();
        }
        self.known.extend(method.map(|method| (method.to_owned(), signers.clone())));
        Some(signers)
    }
}

impl LineReader for SignerReader {
    type Notes = Option<ChunkSigners>;

    fn line(&mut self, line: &CheckedLine<'_>, notes: &mut Self::Notes) {
        let notes = notes.get_or_insert_with(|| ChunkSigners::new(line));
        notes.span = notes.span.with(LineSpan::of(line));
        let method = line.record.only_method();
        if method.is_some_and(|method| notes.continues(method)) {
            return;
        }
        if let Some(signers) = self.signers(method, line) {
            notes.add(method, signers);
        }
    }
}

impl LineListener for SignerIndex {
    type Notes = Option<ChunkSigners>;
    type Reader = SignerReader;

    fn start_over(&mut self) {
        *self = Self::default();
    }

    fn reader(&self) -> SignerReader {
        SignerReader::default()
    }

    fn take_notes(&mut self, notes: Self::Notes) {
        let Some(mut notes) = notes else { return };
        notes.end_run();
        let ChunkSigners { file, span, lines, .. } = notes;
        if self.files.last().is_none_or(|last| last.file != file) {
            self.close();
            self.files.push(FileSigners { file, span, lines: Box::default() });
        }
        if let Some(last) = self.files.last_mut() {
            last.span = last.span.with(span);
        }
        for (signers, count) in lines {
            let set = self.number(signers);
            *self.last.entry(set).or_default() += count;
        }
    }
}
