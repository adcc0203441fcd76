//! The lines of entry files, cut into chunks that threads can take one after the other.

use std::{
    io::{self, Read},
    mem,
};

use memchr::{memchr, memchr_iter, memrchr};

use super::places;
use crate::{
    file_kind::FileKind,
    tlog::{
        layout::MAX_LINE,
        view::{EntryFile, View},
    },
};

/// Bytes in a chunk, more or less: some hundred lines, some milliseconds of work.
const CHUNK: usize = 96 * 1024;

/// Lines in a chunk, at most: blank lines would cost more memory than they have bytes.
const CHUNK_LINES: usize = 1_024;

/// A file with more lines than so many full ones have is not read on.
const MAX_FILLS: u64 = 2;

/// Nor is one in which so many bytes stand in lines that are too long.
const MAX_SKIPPED: usize = 64 << 20;

/// Some lines of one file.
#[derive(Debug, Default)]
pub(super) struct LineChunk {
    /// Its number among all chunks, from 0
    pub(super) number: u64,
    /// Which file, in the order of the list
    pub(super) file: usize,
    /// The number of the file's first entry; `None`: the file was dropped
    pub(super) first_entry: Option<u64>,
    /// The number of its first line, from 1
    pub(super) first_line: u64,
    /// Whole lines; only the last of a file may lack its line feed. A line that is too long is cut off behind
    /// its limit, so that it still shows as too long
    pub(super) bytes: Vec<u8>,
    /// How the file ended, in its last chunk; `None`: more chunks of it follow
    pub(super) end: Option<FileEnd>,
}

/// How a file ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FileEnd {
    /// Read to its end
    Read,
    /// Given up, since it is no file of entries: too many lines, or far too long ones
    GivenUp,
    /// Read as far as its bytes are what they should be, and why not further
    Broken(String),
}

/// Reads files one after the other.
pub(super) struct LineChunks<'a> {
    view: &'a dyn View,
    files: &'a [EntryFile],
    file: usize,
    reader: Option<Box<dyn Read + Send + 'a>>,
    /// What was read and not handed out: the beginning of a line
    rest: Vec<u8>,
    line: u64,
    skipped: usize,
    /// Whether the rest of a line that is too long is being passed over
    skipping: bool,
    number: u64,
    /// Why the file cannot be read on
    broken: Option<String>,
}

impl<'a> LineChunks<'a> {
    pub(super) fn new(view: &'a dyn View, files: &'a [EntryFile]) -> Self {
        let (reader, rest) = (None, Vec::new());
        Self {
            view,
            files,
            file: 0,
            reader,
            rest,
            line: 1,
            skipped: 0,
            skipping: false,
            number: 0,
            broken: None,
        }
    }

    /// The next chunk, or none after the last file.
    pub(super) fn next(&mut self) -> io::Result<Option<LineChunk>> {
        let Some(file) = self.files.get(self.file) else { return Ok(None) };
        let view = self.view;
        let named = |why| places::unread(view, &file.name, why);
        let mut reader = match self.reader.take() {
            Some(reader) => reader,
            None => self.open(file).map_err(named)?,
        };
        let (mut bytes, mut end) = self.fill(&mut *reader).map_err(named)?;
        if self.hold_back(&mut bytes) {
            end = None;
        }
        let first_line = self.line;
        if let Some(kind) = FileKind::of(&bytes).filter(|kind| first_line == 1 && kind.is_certain()) {
            bytes.clear();
            end = Some(FileEnd::Broken(format!("it is {kind}, and no lines of entries")));
        }
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        if self.line > MAX_FILLS * self.view.layout().entries_per_file() || self.skipped > MAX_SKIPPED {
            end = Some(FileEnd::GivenUp);
        }
        if end == Some(FileEnd::Read) {
            end = self.broken.take().map(FileEnd::Broken).or(end);
        }
        let first_entry = (!file.pruned).then_some(file.first);
        let chunk = LineChunk { number: self.number, file: self.file, first_entry, first_line, bytes, end };
        self.number += 1;
        if chunk.end.is_some() {
            (self.file, self.line, self.skipped, self.skipping) = (self.file + 1, 1, 0, false);
            (self.rest, self.broken) = (Vec::new(), None);
        } else {
            self.reader = Some(reader);
        }
        Ok(Some(chunk))
    }

    fn open(&mut self, file: &EntryFile) -> io::Result<Box<dyn Read + Send + 'a>> {
        match self.view.open(file) {
            Err(why) => self.fault(why).map(|_| Box::new(io::empty()) as Box<dyn Read + Send>),
            opened => opened,
        }
    }

    /// Bytes that are not what they should be are a fault of the log: what stands before them counts.
    fn fault(&mut self, why: io::Error) -> io::Result<usize> {
        if why.kind() != io::ErrorKind::InvalidData {
            return Err(why);
        }
        self.broken = Some(why.to_string());
        Ok(0)
    }

    /// Leaves what are too many lines for the next chunk.
    fn hold_back(&mut self, bytes: &mut Vec<u8>) -> bool {
        let last = memchr_iter(b'\n', bytes).nth(CHUNK_LINES - 1).map(|at| at + 1);
        let Some(end) = last.filter(|end| *end < bytes.len()) else { return false };
        let rest = mem::take(&mut self.rest);
        self.rest = bytes.split_off(end);
        self.rest.extend(rest);
        true
    }

    /// Reads up to the end of a line, at least [`CHUNK`] bytes if there are so many.
    fn fill(&mut self, reader: &mut dyn Read) -> io::Result<(Vec<u8>, Option<FileEnd>)> {
        let mut bytes = mem::take(&mut self.rest);
        if let Some(last) = memrchr(b'\n', &bytes) {
            self.rest = bytes.split_off(last + 1);
            return Ok((bytes, None));
        }
        bytes.reserve(CHUNK);
        let mut line_start = 0;
        loop {
            let from = bytes.len();
            if self.broken.is_none() {
                let read = Read::take(&mut *reader, CHUNK as u64).read_to_end(&mut bytes);
                read.or_else(|why| self.fault(why))?;
            }
            if bytes.len() == from {
                return Ok((bytes, Some(FileEnd::Read)));
            }
            self.shorten(&mut bytes, from, &mut line_start);
            if self.skipped > MAX_SKIPPED {
                return Ok((bytes, Some(FileEnd::GivenUp)));
            }
            if line_start > 0 {
                self.rest = bytes.split_off(line_start);
                return Ok((bytes, None));
            }
        }
    }

    /// Cuts lines that are too long, and finds where the last line begins.
    fn shorten(&mut self, bytes: &mut Vec<u8>, from: usize, line_start: &mut usize) {
        // One byte for a carriage return, one more to show that it is too long.
        const KEPT: usize = MAX_LINE + 2;
        let mut fresh = from;
        if self.skipping {
            let end = memchr(b'\n', &bytes[fresh..]);
            let gone = end.unwrap_or(bytes.len() - fresh);
            bytes.drain(fresh..fresh + gone);
            self.skipped += gone;
            self.skipping = end.is_none();
        }
        while let Some(length) = memchr(b'\n', &bytes[fresh..]) {
            let end = fresh + length;
            let excess = (end - *line_start).saturating_sub(KEPT);
            bytes.drain(end - excess..end);
            self.skipped += excess;
            fresh = end - excess + 1;
            *line_start = fresh;
        }
        let excess = (bytes.len() - *line_start).saturating_sub(KEPT);
        if excess > 0 {
            bytes.truncate(bytes.len() - excess);
            self.skipped += excess;
            self.skipping = true;
        }
    }
}

/// The lines of a chunk, each with whether it ended with a line feed, which is not part of it.
pub(super) fn split(bytes: &[u8]) -> impl Iterator<Item = (&[u8], bool)> {
    let ended = memchr_iter(b'\n', bytes).scan(0, |begin, end| {
        let line = &bytes[*begin..end];
        *begin = end + 1;
        Some((line, true))
    });
    let rest = &bytes[memrchr(b'\n', bytes).map_or(0, |last| last + 1)..];
    ended.chain((!rest.is_empty()).then_some((rest, false)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::view::Memory;

    type NumberedLeaf = (u64, Vec<u8>, bool);

    fn read(content: &[u8]) -> (Vec<NumberedLeaf>, Option<FileEnd>) {
        let mut view = Memory::default();
        view.files.insert(0, content.to_vec());
        let files = view.entry_files().unwrap();
        let mut chunks = LineChunks::new(&view, &files);
        let (mut lines, mut end) = (Vec::new(), None);
        while let Some(chunk) = chunks.next().unwrap() {
            assert!(split(&chunk.bytes).count() <= CHUNK_LINES);
            for (at, (line, ended)) in (chunk.first_line..).zip(split(&chunk.bytes)) {
                lines.push((at, line.to_vec(), ended));
            }
            end = chunk.end;
        }
        (lines, end)
    }

    #[test]
    fn lines_come_numbered_and_whole() {
        let content: Vec<u8> = (0..50_000).flat_map(|n| format!("line {n}\n").into_bytes()).collect();
        let (lines, end) = read(&content);
        assert_eq!((lines.len(), end), (50_000, Some(FileEnd::Read)));
        for (number, line, ended) in lines {
            assert_eq!((line, ended), (format!("line {}", number - 1).into_bytes(), true));
        }
        assert_eq!(read(b""), (vec![], Some(FileEnd::Read)));
        for count in [CHUNK_LINES - 1, CHUNK_LINES, CHUNK_LINES + 1, 3 * CHUNK_LINES] {
            let (lines, end) = read("\n".repeat(count).as_bytes());
            assert_eq!((lines.len(), end), (count, Some(FileEnd::Read)));
            let (lines, end) = read(&[&b"\n".repeat(count)[..], b"x"].concat());
            assert_eq!((lines.len(), end), (count + 1, Some(FileEnd::Read)));
        }
        let (lines, _) = read(b"a\n\nb");
        assert_eq!(lines, [(1, b"a".to_vec(), true), (2, vec![], true), (3, b"b".to_vec(), false)]);
    }

    #[test]
    fn lines_that_are_too_long_are_cut_and_the_next_ones_keep_their_numbers() {
        for length in [MAX_LINE, MAX_LINE + 1, MAX_LINE + 3, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK] {
            let mut content = b"a\n".to_vec();
            content.extend(vec![b'x'; length]);
            content.extend(b"\nb\n");
            let (lines, end) = read(&content);
            assert_eq!(lines.len(), 3, "{length}");
            assert_eq!(lines[1].1.len(), length.min(MAX_LINE + 2), "{length}");
            assert_eq!((&lines[2].1[..], lines[2].0, end), (&b"b"[..], 3, Some(FileEnd::Read)));
        }
    }

    #[test]
    fn a_file_that_is_something_else_is_called_that() {
        let (lines, end) = read(b"<!DOCTYPE html>\n<html>\n");
        assert_eq!(lines.len(), 0);
        assert_eq!(end, Some(FileEnd::Broken("it is a web page (HTML), and no lines of entries".to_owned())));
    }

    #[test]
    fn a_file_that_is_no_file_of_entries_is_given_up() {
        let (lines, end) = read(&vec![0; MAX_SKIPPED + 2 * CHUNK]);
        assert_eq!((lines.len(), end), (1, Some(FileEnd::GivenUp)));
        let (lines, end) = read(&vec![b'\n'; 1 << 20]);
        assert!(lines.len() < 400_000 && end == Some(FileEnd::GivenUp));
    }
}
