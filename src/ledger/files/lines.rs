//! The lines of entries, one after the other, across files.

use std::{
    fmt,
    io::{BufRead, Read},
    ops::Range,
};

use anyhow::Context;
use memchr::memchr_iter;

use super::entry_source::EntrySource;
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
    file: Option<EntrySource<'a>>,
}

/// Lines of entries that follow each other, in one buffer.
#[derive(Default)]
pub struct EntryLineBatch {
    first: u64,
    text: Vec<u8>,
    /// Where each line stands in the text
    places: Vec<Range<usize>>,
}

impl EntryLineBatch {
    /// How many lines it holds.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The lines, each with its number.
    pub fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        (self.first..).zip(self.places.iter().map(|place| &self.text[place.clone()]))
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

    /// Puts the next lines into a batch in place of those that it held: as many as one reading ahead gives, one at least.
    ///
    /// # Errors
    /// If one of them cannot be read. There is no more then.
    pub fn refill(&mut self, batch: &mut EntryLineBatch) -> anyhow::Result<()> {
        batch.first = self.next;
        batch.places.clear();
        self.take_ahead(batch);
        if batch.places.is_empty() {
            batch.text.clear();
            self.append(&mut batch.text)?;
            batch.places.push(0..batch.text.len());
        }
        Ok(())
    }

    /// Takes the whole lines that are read ahead, unless a file begins. What cannot be read, or is too long, is left to be
    /// read as a line of its own, which says why.
    fn take_ahead(&mut self, batch: &mut EntryLineBatch) {
        let layout = self.view.layout();
        let left = (self.end - self.next).min(layout.left_in_file(self.next));
        let Some(file) = self.file.as_mut().filter(|_| layout.place_in_file(self.next) > 0) else { return };
        let filled = file.fill(&mut batch.text);
        let text = &batch.text[..filled];
        let mut begin = 0;
        for end in memchr_iter(b'\n', text).take(usize::try_from(left).unwrap_or(usize::MAX)) {
            let line = plain_line(&text[begin..end], false);
            if line.len() > MAX_LINE {
                break;
            }
            batch.places.push(begin..begin + line.len());
            begin = end + 1;
        }
        file.give_back(&text[begin..]);
        self.next += batch.places.len() as u64;
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
            // For entry 0 alone, which every writer reads, a little is enough. More than this would not stay near the core.
            let capacity = if self.end - next < 16 { 1 << 12 } else { 1 << 17 };
            let source = view.lines_from(next, self.end).with_context(place)?;
            self.file = Some(EntrySource::new(source, capacity));
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
