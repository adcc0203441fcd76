//! What a verifier reads of a log, wherever it lies: a folder, memory, later a published copy.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use crate::hash::Hash;

/// Entries in one file: 256², so that a file is one complete subtree.
pub const ENTRIES_PER_FILE: u64 = 65_536;

/// The longest line of an entry, in bytes, its line feed not counted.
pub const MAX_LINE: usize = 65_535;

/// The path, inside a ledger, of the file that holds an entry.
pub fn entry_file_name(n: u64) -> String {
    format!("entries/{:012}.jsonl", n - n % ENTRIES_PER_FILE)
}

/// A file of entries, one a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryFile {
    /// The number of its first entry: a multiple of [`ENTRIES_PER_FILE`].
    pub first: u64,
    /// How people find it: its path inside the log.
    pub name: String,
}

/// A log that can be read. Its content is somebody's word: nothing of it is trusted, and every answer is
/// bounded by what was asked for.
pub trait View: Sync {
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

    /// The bytes of a file, from its beginning.
    ///
    /// # Errors
    /// If it cannot be read, or is no plain file.
    fn open(&self, file: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>>;

    /// `count` hashes of a level of the tree from the `first` on; none if it has not so many.
    ///
    /// # Errors
    /// If the level is there and cannot be read.
    fn tree(&self, level: u32, first: u64, count: usize) -> io::Result<Option<Vec<Hash>>>;
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
}

impl View for Memory {
    fn checkpoint(&self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        Ok(self.checkpoint.as_ref().map(|bytes| bytes[..bytes.len().min(limit + 1)].to_vec()))
    }

    fn entry_files(&self) -> io::Result<Vec<EntryFile>> {
        let file = |first: &u64| EntryFile { first: *first, name: entry_file_name(*first) };
        Ok(self.files.keys().map(file).collect())
    }

    fn open(&self, file: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>> {
        let bytes = self.files.get(&file.first).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(&bytes[..]))
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
