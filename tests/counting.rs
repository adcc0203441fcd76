//! A view that counts what is read through it.

use std::{
    collections::BTreeSet,
    io::{self, Read},
    sync::Mutex,
};

use counterfoil::{
    hash::Hash,
    tlog::{
        layout::Layout,
        view::{EntryFile, View},
    },
};

/// Another view, and what was asked of it.
pub struct Counting<'a> {
    view: &'a dyn View,
    asked: Mutex<Asked>,
}

#[derive(Default)]
struct Asked {
    trees: usize,
    lines: usize,
    /// The first entries of the files of which something was read
    files: BTreeSet<u64>,
}

impl<'a> Counting<'a> {
    pub fn new(view: &'a dyn View) -> Self {
        Self { view, asked: Mutex::default() }
    }

    /// How often the tree's files were read.
    pub fn trees(&self) -> usize {
        self.asked.lock().unwrap().trees
    }

    /// How many single lines were read.
    pub fn lines(&self) -> usize {
        self.asked.lock().unwrap().lines
    }

    /// Of how many files of entries something was read.
    pub fn files(&self) -> usize {
        self.asked.lock().unwrap().files.len()
    }
}

impl View for Counting<'_> {
    fn checkpoint(&self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        self.view.checkpoint(limit)
    }

    fn entry_files(&self) -> io::Result<Vec<EntryFile>> {
        self.view.entry_files()
    }

    fn open(&self, file: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>> {
        self.asked.lock().unwrap().files.insert(file.first);
        self.view.open(file)
    }

    fn tree(&self, level: u32, first: u64, count: usize) -> io::Result<Option<Vec<Hash>>> {
        self.asked.lock().unwrap().trees += 1;
        self.view.tree(level, first, count)
    }

    fn line(&self, n: u64) -> io::Result<Option<Vec<u8>>> {
        let mut asked = self.asked.lock().unwrap();
        asked.lines += 1;
        asked.files.insert(Layout::STANDARD.first_in_file(n));
        self.view.line(n)
    }
}
