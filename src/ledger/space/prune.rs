//! Dropping closed files of entries; their hashes stay.
//!
//! ```text
//! check the lines against the signed root, and that tree/ holds their hashes   fsync of tree/
//! X.pruned: temporary file, fsync, rename, fsync of entries/     only then: remove the lines   fsync of entries/
//! ```
//!
//! A kill on the way leaves the lines, which then count, or the marker, or both.

use std::ops::RangeInclusive;

use anyhow::{Context, ensure};

use crate::{
    hash::Hash,
    ledger::files::{
        closed::{Closed, ClosedContent, length},
        entries::{self, Form},
        store, tree,
    },
    time::Time,
    tlog::{
        merkle::fold,
        pruned::{Declaration, Marker},
    },
};

/// The bound before which files are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PruneBefore {
    /// Before this entry
    Entry(u64),
    /// Received before this time
    Time(Time),
}

/// A closed file that may be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DroppableFile {
    /// Its first entry
    pub first: u64,
    /// Its last entry
    pub last: u64,
    /// Its length on disk
    pub bytes: u64,
}

impl DroppableFile {
    /// The entries that go with it: entry 0 stays.
    pub fn entries(&self) -> RangeInclusive<u64> {
        self.first.max(1)..=self.last
    }
}

/// The closed files that may be dropped and are not yet, in order.
///
/// # Errors
/// If one cannot be read.
pub fn candidates(closed: &Closed, before: PruneBefore) -> anyhow::Result<Vec<DroppableFile>> {
    let mut candidates = Vec::new();
    for (first, _) in closed.files()?.into_iter().filter(|(_, form)| *form != Form::Pruned) {
        let path = entries::path(closed.folder(), first);
        let shown = || path.display().to_string();
        let last = first + closed.folder().layout().entries_per_file() - 1;
        let goes = match before {
            PruneBefore::Entry(n) => last < n,
            PruneBefore::Time(time) => last_received(closed, first).with_context(shown)? < time,
        };
        if !goes {
            // `received` never goes backwards.
            break;
        }
        candidates.push(DroppableFile { first, last, bytes: length(&path)? });
    }
    Ok(candidates)
}

fn last_received(closed: &Closed, first: u64) -> anyhow::Result<Time> {
    let content = closed.check(first, entries::open(closed.folder(), first)?)?;
    let [_, last] = content.received;
    Ok(last)
}

/// Drops a closed file. Answers what is left of it.
///
/// # Errors
/// If its lines are not what the signed root says, if `tree/` does not hold their hashes, or if a step failed:
/// then the lines are still there, unless it was the last one that failed.
pub fn prune(closed: &Closed, first: u64) -> anyhow::Result<Marker> {
    let folder = closed.folder();
    let path = entries::path(folder, first);
    let shown = || path.display().to_string();
    let content =
        closed.check(first, entries::open(folder, first).with_context(shown)?).with_context(shown)?;
    let kept = tree::holds(folder, first, &content.leaves)?;
    ensure!(kept, "{}: tree/ does not hold the hashes of its entries; run foil chain repair", shown());
    tree::sync(folder)?;
    let marker = marker(first, content)?;
    let _lock = closed.lock()?;
    store::replace(&folder.marker(first), marker.to_string().as_bytes())?;
    store::remove(&folder.entry_file(first))?;
    store::remove(&folder.packed_file(first))?;
    store::sync_folder(&folder.entries())?;
    Ok(marker)
}

fn marker(first: u64, content: ClosedContent) -> anyhow::Result<Marker> {
    let ClosedContent { leaves, line, received, bytes } = content;
    let declaration = if first == 0 {
        Some(Declaration { line: String::from_utf8(line)?, path: path(&leaves) })
    } else {
        None
    };
    Ok(Marker { first, count: leaves.len() as u64, root: fold(&leaves), bytes, received, declaration })
}

/// The hashes that lead from the first leaf to the root: those of ever larger subtrees on its right.
fn path(leaves: &[Hash]) -> Vec<Hash> {
    (0..leaves.len().ilog2()).map(|level| fold(&leaves[1 << level..2 << level])).collect()
}
