//! The lines of a damaged file: read wherever they stand, with any line ends.

use std::{
    io::{self, BufRead, BufReader, Read},
    ops::Range,
};

use crate::{
    hash::Hash,
    tlog::{
        entry::{Entry, MAX_RAW_LINE},
        layout::ENTRIES_PER_FILE,
        merkle::leaf_hash,
        note::BYTE_ORDER_MARK,
    },
};

/// A file that has more bytes than this in lines that are too long is no file of entries.
const MAX_SKIPPED: u64 = 64 << 20;

/// Nor is one with more lines than this.
const MAX_LINES: u64 = 2 * ENTRIES_PER_FILE;

/// A line of a file.
pub(super) struct FileLine {
    /// The byte at which it begins
    pub(super) offset: u64,
    /// Its bytes up to the next line, line feed and all
    pub(super) length: u64,
    /// The hash of the entry in it
    pub(super) hash: Hash,
    /// The bytes of the entry in the file; the end does not count
    pub(super) text: Range<u64>,
    /// Whether it ends with a line feed
    pub(super) ended: bool,
    /// The number that it gives itself; `None`: it gives none
    pub(super) n: Option<u64>,
}

impl FileLine {
    /// Whether something has changed how it ends, or put a mark before it.
    pub(super) fn respelled(&self) -> bool {
        self.text.end - self.text.start + u64::from(self.ended) != self.length
    }
}

/// Reads the lines of a file one after the other, and hands over each with its bytes as they should be. What is
/// too long is handed over as nothing. Answers how the reading ended: what stands before a fault was handed over.
///
/// # Errors
/// Those of `each`.
pub(super) fn read(
    source: impl Read,
    mut each: impl FnMut(FileLine, &[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<io::Result<()>> {
    let mut lines = BufReader::with_capacity(1 << 18, source);
    let (mut offset, mut skipped) = (0, 0);
    let mut line = Vec::new();
    for number in 0..MAX_LINES {
        line.clear();
        let limit = MAX_RAW_LINE as u64 + 1;
        if let Err(fault) = lines.by_ref().take(limit).read_until(b'\n', &mut line) {
            return Ok(Err(fault));
        }
        if line.is_empty() {
            break;
        }
        let ended = line.last() == Some(&b'\n');
        let rest = match if ended { Ok(0) } else { skip(&mut lines, MAX_SKIPPED - skipped) } {
            Ok(rest) => rest,
            Err(fault) => return Ok(Err(fault)),
        };
        skipped += rest;
        let mut text = &line[..line.len() - usize::from(ended)];
        let mut begin = offset;
        if let Some(plain) = text.strip_prefix(BYTE_ORDER_MARK).filter(|_| number == 0) {
            (text, begin) = (plain, begin + BYTE_ORDER_MARK.len() as u64);
        }
        text = if rest > 0 { b"" } else { text.strip_suffix(b"\r").unwrap_or(text) };
        let length = line.len() as u64 + rest;
        let n = Entry::parse_lenient(text).ok().map(|entry| entry.n);
        let place = begin..begin + text.len() as u64;
        let ended = ended || rest > 0;
        each(FileLine { offset, length, hash: leaf_hash(text), text: place, ended, n }, text)?;
        offset += length;
        if skipped >= MAX_SKIPPED {
            break;
        }
    }
    Ok(Ok(()))
}

/// Passes over the rest of a line that is too long; answers how many bytes that were.
fn skip(lines: &mut impl BufRead, most: u64) -> io::Result<u64> {
    let mut skipped = 0;
    while skipped < most {
        let here = lines.fill_buf()?;
        if here.is_empty() {
            break;
        }
        let end = here.iter().position(|byte| *byte == b'\n');
        let count = end.map_or(here.len(), |end| end + 1);
        lines.consume(count);
        skipped += count as u64;
        if end.is_some() {
            break;
        }
    }
    Ok(skipped)
}
