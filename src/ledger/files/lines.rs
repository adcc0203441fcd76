//! The lines of entries, one after the other, across files.

use std::{
    fmt,
    io::{BufRead, BufReader, Read},
    ops::Range,
};

use anyhow::Context;
use memchr::memchr_iter;

use crate::tlog::{
    entry::{Entry, MAX_RAW_LINE, plain_line},
    layout::MAX_LINE,
    view::{View, place_of},
};

/// Room for most lines: a signed reading takes five to six hundred bytes.
const USUAL_LINE: usize = 768;

/// A line with its number, or why there is none.
pub type NumberedLine = anyhow::Result<(u64, Vec<u8>)>;

/// What a line of this number is taken for.
pub type LineCheck<'a> = dyn Fn(u64, NumberedLine) -> NumberedLine + 'a;

/// The line of an entry is missing, or does not end.
#[derive(Debug)]
pub struct EntryLost {
    place: String,
}

impl fmt::Display for EntryLost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: missing, or without end; run foil verify", self.place)
    }
}

impl std::error::Error for EntryLost {}

/// Lines of entries in order, each with its number.
pub struct EntryLines<'a> {
    view: &'a dyn View,
    shown: &'a str,
    /// How many entries there are
    size: u64,
    next: u64,
    end: u64,
    file: Option<BufReader<Box<dyn Read + Send + 'a>>>,
}

/// Lines of entries that follow each other, in one buffer.
#[derive(Default)]
pub struct EntryLineBatch {
    first: u64,
    /// The lines, each with one byte behind it
    text: Vec<u8>,
    /// Where each line ends
    ends: Vec<usize>,
}

impl EntryLineBatch {
    /// The lines, each with its number.
    pub fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let begins = [0].into_iter().chain(self.ends.iter().map(|end| end + 1));
        (self.first..).zip(begins.zip(&self.ends)).map(|(n, (begin, end))| (n, &self.text[begin..*end]))
    }
}

impl<'a> EntryLines<'a> {
    /// Lines of a log of so many entries, which is called so in messages.
    pub(super) fn new(view: &'a dyn View, shown: &'a str, size: u64, range: Range<u64>) -> Self {
        Self { view, shown, size, next: range.start, end: range.end, file: None }
    }

    /// Whether there is no more.
    pub fn is_at_end(&self) -> bool {
        self.next >= self.end
    }

    /// Puts so many lines into a batch in place of those that it held, or fewer at the end.
    ///
    /// # Errors
    /// If one of them cannot be read. There is no more then.
    pub fn refill(&mut self, batch: &mut EntryLineBatch, count: usize) -> anyhow::Result<()> {
        batch.text.clear();
        batch.ends.clear();
        batch.first = self.next;
        while batch.ends.len() < count && !self.is_at_end() {
            if self.append_buffered(batch, count - batch.ends.len()) == 0 {
                self.append(&mut batch.text)?;
                batch.ends.push(batch.text.len());
                batch.text.push(b'\n');
            }
        }
        Ok(())
    }

    /// Appends the lines that are in the buffer as they are, at most so many. Answers how many: none where a file begins,
    /// or where one of them needs a closer look.
    fn append_buffered(&mut self, batch: &mut EntryLineBatch, count: usize) -> u64 {
        let layout = self.view.layout();
        let left = (self.end - self.next).min(layout.left_in_file(self.next));
        let file = self.file.as_mut().filter(|_| layout.place_in_file(self.next) > 0);
        let Some(file) = file else { return 0 };
        // What cannot be read is read once more, which says why.
        let buffer = file.fill_buf().unwrap_or_default();
        let (mut begin, mut lines) = (0, 0);
        for end in memchr_iter(b'\n', buffer).take(usize::try_from(left).unwrap_or(count).min(count)) {
            let line = &buffer[begin..end];
            if line.len() > MAX_LINE || line.ends_with(b"\r") {
                break;
            }
            batch.ends.push(batch.text.len() + end);
            (begin, lines) = (end + 1, lines + 1);
        }
        batch.text.extend_from_slice(&buffer[..begin]);
        file.consume(begin);
        self.next += lines;
        lines
    }

    /// Appends the next line to a text.
    fn append(&mut self, text: &mut Vec<u8>) -> anyhow::Result<()> {
        let read = self.read(text);
        // After a fault there is no telling where the next line begins.
        self.next = if read.is_ok() { self.next + 1 } else { self.end };
        read
    }

    fn read(&mut self, text: &mut Vec<u8>) -> anyhow::Result<()> {
        // The place is looked up only where it is needed: there may be a million lines.
        let (view, shown, next) = (self.view, self.shown, self.next);
        let place = || format!("{shown}/{}: entry {next}", place_of(view, next).0);
        let first = view.layout().place_in_file(next) == 0;
        if self.file.is_none() || first {
            // For entry 0 alone, which every writer reads, a little is enough.
            let capacity = if self.end - next < 16 { 1 << 12 } else { 1 << 18 };
            let source = view.lines_from(next, self.end).with_context(place)?;
            self.file = Some(BufReader::with_capacity(capacity, source));
        }
        let file = self.file.as_mut().context("an open file")?;
        let begin = text.len();
        file.take(MAX_RAW_LINE as u64 + 1).read_until(b'\n', text).with_context(place)?;
        // Some programs take away the last line feed of a text. What was cut is no entry.
        let line = &text[begin..];
        let lacks_feed = || next + 1 == self.size && Entry::parse_lenient(plain_line(line, first)).is_ok();
        if line.ends_with(b"\n") || lacks_feed() {
            text.pop_if(|byte| *byte == b'\n');
            let plain = plain_line(&text[begin..], first);
            if plain.len() < text.len() - begin {
                let plain = plain.to_vec();
                text.truncate(begin);
                text.extend(plain);
            }
            return Ok(());
        }
        let files = view.entry_files().unwrap_or_default();
        let file = files.iter().find(|file| file.first == view.layout().first_in_file(next));
        anyhow::ensure!(
            file.is_none_or(|file| !file.pruned),
            "entry {next}: dropped by foil chain prune; it is in copies that were made before"
        );
        Err(EntryLost { place: place() }.into())
    }
}

impl Iterator for EntryLines<'_> {
    type Item = anyhow::Result<(u64, Vec<u8>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_at_end() {
            return None;
        }
        let (n, mut line) = (self.next, Vec::with_capacity(USUAL_LINE));
        Some(self.append(&mut line).map(|()| (n, line)))
    }
}
