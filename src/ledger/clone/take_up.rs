//! What an interrupted run left of a clone: its whole lines, hashed anew.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    os::unix::fs::MetadataExt,
};

use anyhow::Context;

use super::StagedClone;
use crate::{
    ledger::files::{entries, store, tree},
    tlog::{
        entry::{MAX_RAW_LINE, plain_line},
        merkle::{Frontier, leaf_hash},
        tile::Builder,
    },
};

impl StagedClone {
    /// Goes over the lines that are there, from the first one on; behind them the next ones are written. Whether they
    /// are the right ones, their root tells.
    ///
    /// # Errors
    /// If something cannot be read or written.
    pub fn take_up(&mut self) -> anyhow::Result<()> {
        (self.file, self.tree) = (None, Builder::new(self.folder.layout(), Frontier::default()));
        let per_file = self.folder.layout().entries_per_file();
        loop {
            let first = self.tree.frontier().size();
            if entries::form(&self.folder, first).is_none() {
                return Ok(());
            }
            let bytes = self.take_up_file(first)?;
            tree::write(&self.folder, &self.tree.take())?;
            if self.tree.frontier().size() - first < per_file {
                return self.end_with(first, bytes);
            }
            // The run that filled it may have died before it was durable.
            store::sync(&entries::path(&self.folder, first))?;
        }
    }

    /// Hashes the whole lines of a file; answers how many bytes they have.
    fn take_up_file(&mut self, first: u64) -> anyhow::Result<u64> {
        let layout = self.folder.layout();
        let named = || entries::path(&self.folder, first).display().to_string();
        let source = entries::open(&self.folder, first).with_context(named)?;
        let (mut lines, mut line, mut bytes) = (BufReader::with_capacity(1 << 18, source), Vec::new(), 0);
        for n in first..first + layout.entries_per_file() {
            line.clear();
            let limited = &mut (&mut lines).take(MAX_RAW_LINE as u64 + 1);
            // A packed file that was torn ends here, too.
            if limited.read_until(b'\n', &mut line).is_err() || line.pop() != Some(b'\n') {
                break;
            }
            self.tree.push(leaf_hash(plain_line(&line, layout.place_in_file(n) == 0)));
            bytes += line.len() as u64 + 1;
        }
        Ok(bytes)
    }

    /// Cuts off what stands in a file behind its whole lines. A full file of an older clone that has not all of them is
    /// damaged there, and nothing that is written here may change it: nothing is taken up.
    fn end_with(&mut self, first: u64, bytes: u64) -> anyhow::Result<()> {
        let path = self.folder.entry_file(first);
        let is_ours = fs::symlink_metadata(&path).is_ok_and(|data| data.nlink() == 1);
        if !is_ours {
            return self.clear();
        }
        let cut = store::open_to_write(&path).and_then(|file| file.set_len(bytes));
        cut.with_context(|| path.display().to_string())
    }
}
