//! What a repair came to.

use super::runs::EntryRuns;
use crate::{
    json::{Object, Value},
    ledger::repair::Mended,
    object,
    tlog::checkpoint::Checkpoint,
};

/// What was done, or would be.
#[derive(Debug)]
pub struct RepairAnswer {
    /// Whether it was only rehearsed
    pub rehearsed: bool,
    /// The checkpoint that the ledger has, or would have
    pub stated: Checkpoint,
    /// What was done, or would be, in numbers
    pub work: RepairWork,
    /// Entries that are lost for good
    pub lost: Vec<u64>,
}

/// What was done, or would be, in numbers.
#[derive(Clone, Debug)]
pub struct RepairWork {
    /// Files of entries that were written anew
    pub files: u64,
    /// Entries that came from the copy
    pub copied: u64,
    /// Entries that were found in other files of the ledger
    pub found: u64,
    /// Lines that were taken out
    pub taken_out: u64,
    /// Whether the checkpoint was written anew
    pub checkpoint: bool,
    /// Whether `state.json` was set aside
    pub state: bool,
    /// Whether `tree/` was made anew; none where a rehearsal cannot know, since the entries are not there yet
    pub tree: Option<bool>,
}

impl Default for RepairWork {
    fn default() -> Self {
        Self {
            files: 0,
            copied: 0,
            found: 0,
            taken_out: 0,
            checkpoint: false,
            state: false,
            tree: Some(false),
        }
    }
}

impl RepairWork {
    pub(super) fn add(&mut self, mended: &Mended) {
        if mended.changed {
            self.files += 1;
            self.copied += mended.copied.len() as u64;
            self.found += mended.found.len() as u64;
            self.taken_out += mended.dropped;
        }
    }
}

impl RepairAnswer {
    /// The answer as data.
    pub fn to_object(&self) -> Object {
        let (stated, work) = (&self.stated, &self.work);
        let lost = EntryRuns(&self.lost).ranges().into_iter();
        let lost = lost.map(|run| object! { "first": *run.start(), "last": *run.end() }.into());
        object! {
            "dry_run": self.rehearsed,
            "size": stated.size,
            "root": stated.root.to_string(),
            "files": work.files,
            "copied": work.copied,
            "found": work.found,
            "taken_out": work.taken_out,
            "checkpoint": work.checkpoint,
            "state": work.state,
            "tree": work.tree.map_or(Value::Null, Value::Bool),
            "lost": Value::Array(lost.collect()),
        }
    }
}
