//! What a verifier reads of a log, wherever it lies: a ledger's folder, a published copy, memory.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read},
};

use super::{
    entry::MAX_RAW_LINE,
    layout::{Layout, MAX_LINE, entry_file},
    pruned::Marker,
};
use crate::hash::Hash;

/// The longest checkpoint that is read, in bytes: a few hundred, and many cosignatures.
pub const MAX_CHECKPOINT: usize = 64 * 1024;

/// A file of entries, one a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryFile {
    /// The number of its first entry: a multiple of the layout's entries per file.
    pub first: u64,
    /// How people find it: its path inside the log.
    pub name: String,
    /// Whether its lines were dropped and only their hashes are left; the first file still has entry 0.
    pub pruned: bool,
}

impl EntryFile {
    /// The file of this first entry under its usual name, with all its lines.
    pub fn plain(first: u64) -> Self {
        Self { first, name: format!("entries/{}", entry_file(first)), pruned: false }
    }
}

/// A log that can be read. Nothing of its content is trusted, and every answer is
/// bounded by what was asked for.
pub trait View: Sync {
    /// What a verdict calls it: `ledger`, `published` or `checkpoint`.
    fn kind(&self) -> &'static str {
        "ledger"
    }

    /// How its entries and hashes are cut into files.
    fn layout(&self) -> Layout {
        Layout::STANDARD
    }

    /// The bytes of the checkpoint; none if there is no such file. At most `limit` bytes and one more, so that
    /// a longer one shows.
    ///
    /// # Errors
    /// If it is there and cannot be read.
    fn checkpoint(&self, limit: usize) -> io::Result<Option<Vec<u8>>>;

    /// The files of entries in the order of their numbers. What is not called like one is not listed.
    ///
    /// # Errors
    /// If that cannot be listed.
    fn entry_files(&self) -> io::Result<Vec<EntryFile>>;

    /// The bytes of a file, from its beginning: lines, however they are kept. Of a pruned file those that are
    /// left.
    ///
    /// # Errors
    /// If it cannot be read, or is no plain file. `InvalidData`, here and from the reader, says that its bytes
    /// are not what they should be: a fault of the log, not of the disk.
    fn open(&self, file: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>>;

    /// The lines of entries from this one on: at least those before `end`, as far as they stand in one file with it.
    ///
    /// # Errors
    /// As [`View::open`]; `NotFound`, here and from the reader, says that they are not there.
    fn lines_from(&self, n: u64, end: u64) -> io::Result<Box<dyn Read + Send + '_>> {
        let _ = end;
        let (layout, files) = (self.layout(), self.entry_files()?);
        let file = files.iter().find(|file| file.first == layout.first_in_file(n));
        let mut lines = BufReader::new(self.open(file.ok_or(io::ErrorKind::NotFound)?)?);
        skip_lines(&mut lines, layout.place_in_file(n))?;
        Ok(Box::new(lines))
    }

    /// How long the lines of a file are together, or were before it was pruned, as far as that is known without
    /// reading them.
    ///
    /// # Errors
    /// If it cannot be asked.
    fn bytes(&self, file: &EntryFile) -> io::Result<Option<u64>> {
        let _ = file;
        Ok(None)
    }

    /// What is left of a pruned file; none of one that has all its lines.
    ///
    /// # Errors
    /// As [`View::open`].
    fn marker(&self, file: &EntryFile) -> io::Result<Option<Marker>> {
        let _ = file;
        Ok(None)
    }

    /// Forgets what came up while it was read: all of it is read once more.
    fn start_over(&self) {}

    /// `count` hashes of a level of the tree from the `first` on; none if it has not so many.
    ///
    /// # Errors
    /// If the level is there and cannot be read.
    fn tree(&self, level: u32, first: u64, count: usize) -> io::Result<Option<Vec<Hash>>>;

    /// The line of an entry, or that where it should stand, without its line feed; none if there is no such
    /// line. A caller that needs to know which of the two it is reads its number. A line that is too long is cut off behind its limit, so that it still shows as too long.
    ///
    /// # Errors
    /// If its file is there and cannot be read.
    fn line(&self, n: u64) -> io::Result<Option<Vec<u8>>> {
        let (layout, files) = (self.layout(), self.entry_files()?);
        let Some(file) = files.iter().find(|file| file.first == layout.first_in_file(n)) else {
            return Ok(None);
        };
        if file.pruned && n != 0 {
            return Ok(None);
        }
        nth_line(self.open(file)?, layout.place_in_file(n))
    }

    /// Where people find an entry, if that is not its line in a file of entries: a path inside the log, and how
    /// manieth entry there it is, from 1.
    fn place(&self, _n: u64) -> Option<(String, u64)> {
        None
    }

    /// The entry that should stand at a line, from 1, of what [`View::open`] gave of the file that begins with
    /// entry `first`.
    fn entry_at(&self, first: u64, line: u64) -> u64 {
        first.saturating_add(line).saturating_sub(1)
    }

    /// What was wrong so far with the way in which entries and hashes are kept.
    ///
    /// # Errors
    /// If something could not be read that was answered with nothing.
    fn faults(&self) -> io::Result<Vec<Fault>> {
        Ok(Vec::new())
    }
}

/// A part of a log that does not have its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its path inside the log
    pub place: String,
    /// What is wrong with it
    pub detail: String,
    /// Whether it can be made again from the entries
    pub derived: bool,
}

/// Where people find an entry, or would: a path inside the log, and how manieth line or entry there it is, from 1.
pub fn place_of(view: &dyn View, n: u64) -> (String, u64) {
    view.place(n).unwrap_or_else(|| {
        let (layout, files) = (view.layout(), view.entry_files().unwrap_or_default());
        let file = files.into_iter().find(|file| file.first == layout.first_in_file(n));
        let name = file.map_or_else(|| layout.entry_file_name(n), |file| file.name);
        (name, layout.place_in_file(n) + 1)
    })
}

/// Passes over so many lines, as far as there are any.
///
/// # Errors
/// Those of the source.
pub fn skip_lines(lines: &mut impl BufRead, count: u64) -> io::Result<()> {
    for _ in 0..count {
        if lines.take(MAX_RAW_LINE as u64 + 1).skip_until(b'\n')? == 0 {
            break;
        }
    }
    Ok(())
}

/// The line of this number, counted from 0, without its line feed. A line that is too long is cut off behind its
/// limit.
///
/// # Errors
/// Those of the source.
pub fn nth_line(source: impl Read, number: u64) -> io::Result<Option<Vec<u8>>> {
    // One byte for a carriage return, one more to show that it is too long.
    let limit = MAX_LINE as u64 + 2;
    let mut lines = BufReader::new(source);
    for _ in 0..number {
        lines.by_ref().take(limit).skip_until(b'\n')?;
    }
    let mut line = Vec::new();
    lines.take(limit).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok(Some(line))
}

/// A log in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The checkpoint file
    pub checkpoint: Option<Vec<u8>>,
    /// Entry files by the number of their first entry
    pub files: BTreeMap<u64, Vec<u8>>,
    /// The levels of the tree
    pub levels: Vec<Vec<u8>>,
    /// How they are cut
    pub layout: Layout,
}

impl View for Memory {
    fn layout(&self) -> Layout {
        self.layout
    }

    fn checkpoint(&self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        Ok(self.checkpoint.as_ref().map(|bytes| bytes[..bytes.len().min(limit + 1)].to_vec()))
    }

    fn entry_files(&self) -> io::Result<Vec<EntryFile>> {
        Ok(self.files.keys().map(|first| EntryFile::plain(*first)).collect())
    }

    fn open(&self, file: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>> {
        let bytes = self.files.get(&file.first).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(&bytes[..]))
    }

    fn bytes(&self, file: &EntryFile) -> io::Result<Option<u64>> {
        Ok(self.files.get(&file.first).map(|bytes| bytes.len() as u64))
    }

    fn tree(&self, level: u32, first: u64, count: usize) -> io::Result<Option<Vec<Hash>>> {
        let bytes = || {
            let first = usize::try_from(first).ok()?.checked_mul(32)?;
            self.levels.get(level as usize)?.get(first..first.checked_add(count.checked_mul(32)?)?)
        };
        let hashes = |bytes: &[u8]| bytes.as_chunks().0.iter().map(|chunk| Hash(*chunk)).collect();
        Ok(bytes().map(hashes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_by_its_number() {
        let mut view = Memory::default();
        view.files.insert(0, b"a\n\nc\n".to_vec());
        view.files.insert(65_536, [&b"x".repeat(3 * MAX_LINE)[..], b"\nlast"].concat());
        let line = |n| view.line(n).unwrap();
        assert_eq!((line(0), line(1), line(2)), (Some(b"a".into()), Some(b"".into()), Some(b"c".into())));
        assert_eq!((line(3), line(2 * 65_536)), (None, None));
        assert_eq!(line(65_536).map(|line| line.len()), Some(MAX_LINE + 2), "too long, and shows it");
    }
}
