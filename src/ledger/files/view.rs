//! A ledger's folder as a verifier reads it.

use std::io::{self, BufReader, Read};

use super::{
    entries::{self, Form},
    folder::{Folder, MAX_CHECKPOINT},
    store, tree,
};
use crate::{
    hash::Hash,
    tlog::{
        layout::Layout,
        pruned::Marker,
        view::{EntryFile, View, nth_line, skip_lines},
    },
};

impl View for Folder {
    fn layout(&self) -> Layout {
        Folder::layout(self)
    }

    fn checkpoint(&self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        store::read_small(&Folder::checkpoint(self), limit.min(MAX_CHECKPOINT))
    }

    fn entry_files(&self) -> io::Result<Vec<EntryFile>> {
        let files = match entries::list(self) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => Vec::new(),
            files => files?,
        };
        Ok(files.into_iter().map(|(first, form)| named(first, form)).collect())
    }

    fn open(&self, file: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>> {
        entries::open(self, file.first)
    }

    fn lines_from(&self, n: u64, end: u64) -> io::Result<Box<dyn Read + Send + '_>> {
        let (source, skip) = entries::open_at(self, n)?;
        if skip == 0 {
            return Ok(source);
        }
        // Of one entry alone, which stands near the beginning as a rule, a little is enough.
        let capacity = if end.saturating_sub(n) < 16 { 1 << 12 } else { 1 << 18 };
        let mut lines = BufReader::with_capacity(capacity, source);
        skip_lines(&mut lines, skip)?;
        Ok(Box::new(lines))
    }

    fn bytes(&self, file: &EntryFile) -> io::Result<Option<u64>> {
        let is_plain = entries::form(self, file.first) == Some(Form::Plain);
        Ok(Some(entries::bytes(self, file.first)).filter(|bytes| *bytes > 0 || is_plain))
    }

    fn marker(&self, file: &EntryFile) -> io::Result<Option<Marker>> {
        if file.pruned { entries::marker(self, file.first) } else { Ok(None) }
    }

    fn tree(&self, level: u32, first: u64, count: usize) -> io::Result<Option<Vec<Hash>>> {
        tree::read(self, level, first, count)
    }

    fn line(&self, n: u64) -> io::Result<Option<Vec<u8>>> {
        if n != 0 && entries::form(self, n) == Some(Form::Pruned) {
            return Ok(None);
        }
        match entries::open_at(self, n) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
            opened => opened.and_then(|(source, skip)| nth_line(source, skip)),
        }
    }
}

fn named(first: u64, form: Form) -> EntryFile {
    let plain = EntryFile::plain(first);
    let name = match form {
        Form::Plain => plain.name,
        Form::Packed => plain.name + ".gz",
        Form::Pruned => plain.name.replace(".jsonl", ".pruned"),
    };
    EntryFile { first, name, pruned: form == Form::Pruned }
}
