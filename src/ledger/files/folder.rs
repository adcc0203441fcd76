//! The folder of a ledger: where everything lies.
//!
//! ```text
//! checkpoint                     the commit point
//! entries/000000000000.jsonl     entries 0 … 65,535, one a line; entry n is line n mod 65,536 + 1
//! entries/000000000000.jsonl.gz  the same, packed; entries/000000000000.pruned: dropped, and what is left
//! tree/0, tree/1, …              hashes of complete subtrees, derived
//! replaced/                      what recovery or repair set aside
//! lock                           whose turn it is
//! ```

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::store;
pub use crate::tlog::view::MAX_CHECKPOINT;
use crate::{
    ledger::write::lock::{LedgerBusy, Lock},
    time::Span,
    tlog::{layout::Layout, view::View},
};

/// A ledger's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
    layout: Layout,
}

impl AsRef<dyn View> for Folder {
    fn as_ref(&self) -> &(dyn View + 'static) {
        self
    }
}

impl Folder {
    /// The folder of this path, whatever is in it.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::with_layout(path, Layout::STANDARD)
    }

    /// The folder of a ledger whose files are cut in this way.
    pub fn with_layout(path: impl Into<PathBuf>, layout: Layout) -> Self {
        Self { path: path.into(), layout }
    }

    /// How its entries and hashes are cut into files.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// `checkpoint`.
    pub fn checkpoint(&self) -> PathBuf {
        self.path.join("checkpoint")
    }

    /// `lock`.
    pub fn lock(&self) -> PathBuf {
        self.path.join("lock")
    }

    /// `entries/`.
    pub fn entries(&self) -> PathBuf {
        self.path.join("entries")
    }

    /// `tree/`.
    pub fn tree(&self) -> PathBuf {
        self.path.join("tree")
    }

    /// The registry at some size, derived.
    pub fn state(&self) -> PathBuf {
        self.path.join("state.json")
    }

    /// `replaced/`.
    pub fn replaced(&self) -> PathBuf {
        self.path.join("replaced")
    }

    /// Waits for the turn to write here, as [`Lock::take`].
    ///
    /// # Errors
    /// As [`Lock::try_take`], and [`Folder::must_lie_here`].
    pub fn lock_to_write(&self, wait: Span, give_up: fn() -> bool) -> anyhow::Result<Option<Lock>> {
        self.must_lie_here()?;
        Lock::take(&self.lock(), wait, give_up)
    }

    /// Waits for the turn of a rehearsal, which changes nothing and needs no right to write: where there is no
    /// lock, or none that it could take, it does without.
    ///
    /// # Errors
    /// If it was held all the time.
    pub fn lock_to_look(&self, wait: Span, give_up: fn() -> bool) -> Result<Option<Lock>, LedgerBusy> {
        match Lock::take_to_look(&self.lock(), wait, give_up) {
            Ok(None) => Err(LedgerBusy),
            lock => Ok(lock.ok().flatten()),
        }
    }

    /// Sees that what is written into the ledger stays in it. The path to its folder may well have links in it,
    /// but one in the place of a folder in it would lead its writers to files of others.
    ///
    /// # Errors
    /// If there is such a link.
    pub fn must_lie_here(&self) -> anyhow::Result<()> {
        for path in [self.entries(), self.tree(), self.replaced()] {
            let link = fs::symlink_metadata(&path).is_ok_and(|data| data.is_symlink());
            let shown = path.display();
            anyhow::ensure!(!link, "{shown}: is a symbolic link, through which nothing is written");
        }
        Ok(())
    }

    /// The file that holds an entry.
    pub fn entry_file(&self, n: u64) -> PathBuf {
        self.entries().join(self.layout.entry_file(n))
    }

    /// The packed form of the file that holds an entry.
    pub fn packed_file(&self, n: u64) -> PathBuf {
        self.entries().join(self.layout.entry_file(n) + ".gz")
    }

    /// What stands for the file that holds an entry when it was dropped.
    pub fn marker(&self, n: u64) -> PathBuf {
        self.entries().join(self.layout.entry_file(n)).with_extension("pruned")
    }

    /// A level of the tree.
    pub fn level(&self, level: u32) -> PathBuf {
        self.tree().join(level.to_string())
    }

    /// The bytes of the checkpoint; none if there is none.
    ///
    /// # Errors
    /// If it is there and cannot be read, or is far too long.
    pub fn read_checkpoint(&self) -> anyhow::Result<Option<Vec<u8>>> {
        let path = self.checkpoint();
        let bytes = store::read_small(&path, MAX_CHECKPOINT).with_context(|| path.display().to_string())?;
        let fits = bytes.as_ref().is_none_or(|bytes| bytes.len() <= MAX_CHECKPOINT);
        anyhow::ensure!(fits, "{}: longer than {MAX_CHECKPOINT} bytes", path.display());
        Ok(bytes)
    }

    /// The numbers of the first entries of the plain files of entries, which are those that writers touch,
    /// ascending. Other names are passed over; `entries::list` knows the packed and dropped ones too.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub fn entry_files(&self) -> io::Result<Vec<u64>> {
        let mut firsts: Vec<u64> = fs::read_dir(self.entries())?
            .filter_map(|entry| entry_file_first(self.layout, entry.ok()?.file_name().to_str()?))
            .collect();
        firsts.sort_unstable();
        Ok(firsts)
    }
}

/// The number of the first entry of a file of this name, if it is called as we call one.
pub(in crate::ledger) fn entry_file_first(layout: Layout, name: &str) -> Option<u64> {
    let first: u64 = name.strip_suffix(".jsonl")?.parse().ok()?;
    (name == layout.entry_file(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_entry_files() {
        assert_eq!(Layout::STANDARD.entry_file(0), "000000000000.jsonl");
        assert_eq!(Layout::STANDARD.entry_file(65_536 + 4711), "000000065536.jsonl");
        assert_eq!(entry_file_first(Layout::STANDARD, "000000065536.jsonl"), Some(65_536));
        for other in ["65536.jsonl", "000000065537.jsonl", "000000000000.jsonl~", "+00000000000.jsonl"] {
            assert_eq!(entry_file_first(Layout::STANDARD, other), None, "{other}");
        }
    }
}
