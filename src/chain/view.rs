//! A ledger's folder as a verifier reads it.

use std::io::{self, Read};

use super::{
    folder::{Folder, MAX_CHECKPOINT},
    store, tree,
};
use crate::{
    hash::Hash,
    tlog::view::{EntryFile, View},
};

impl View for Folder {
    fn checkpoint(&self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        store::read_small(&Folder::checkpoint(self), limit.min(MAX_CHECKPOINT))
    }

    fn entry_files(&self) -> io::Result<Vec<EntryFile>> {
        let firsts = match Folder::entry_files(self) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => Vec::new(),
            firsts => firsts?,
        };
        Ok(firsts.into_iter().map(EntryFile::plain).collect())
    }

    fn open(&self, file: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(store::open_plain(&self.entry_file(file.first))?))
    }

    fn tree(&self, level: u32, first: u64, count: usize) -> io::Result<Option<Vec<Hash>>> {
        tree::read(self, level, first, count)
    }
}
