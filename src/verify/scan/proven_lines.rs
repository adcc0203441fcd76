//! How far all proofs of a log are known to hold: what was known before, held against the lines as they were read in this
//! run, and what was evaluated since.
//!
//! ```text
//! lines ─► hashes ─► root at the remembered size ─► the remembered one?  yes: their equations held
//!                                                   no, or never there:  refuted, and the run counts for nothing
//! ```
//!
//! `tree/` has no say in it: what it holds are the hashes of other bytes than those that were read, if somebody
//! wants them to be. Of a file that was dropped only its root is left; whatever is put there, the root over all
//! of them shows whether the lines beside it are the ones that were seen.

use super::{known_lines::KnownLines, scanned_line::ScannedLine};
use crate::{
    hash::Hash,
    tlog::{
        layout::{FILE_LEVEL, Layout},
        merkle::Frontier,
        proven::ProvenPrefix,
    },
    verify::hashes::file_tree::{FileTree, root_over},
};

/// The proofs of the first entries, as far as they are known to hold.
pub(in crate::verify) struct ProvenLines {
    layout: Layout,
    /// What was known before; `None`: nothing, or not of this copy
    remembered: Option<ProvenPrefix>,
    /// Whether the equations of those entries are left out
    relied: bool,
    /// Whether the lines that were read give its root; `None`: they have not come so far
    confirmed: Option<bool>,
    /// Whole files, as their lines were read; `None`: they do not follow one another as they should
    files: Option<Frontier>,
    /// The entries up to the first line whose proofs do not all hold; `None`: not even the first file was read
    proven: Option<ProvenPrefix>,
    /// Whether that line was reached
    ended: bool,
}

/// What is known of the proofs after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum ProvenRun {
    /// Equations were left out, and the lines are not those for which that was right
    Refuted,
    /// What was found stands
    Stands {
        /// The first entries whose proofs all hold; `None`: of none that is known
        proven: Option<ProvenPrefix>,
        /// Whether that is less than what was remembered of the very same entries
        contradicts: bool,
    },
}

impl ProvenLines {
    /// Nothing read yet. Where what is remembered is not `relied` on, it is still held against what is found.
    pub(in crate::verify) fn new(layout: Layout, remembered: Option<ProvenPrefix>, relied: bool) -> Self {
        let files = Some(Frontier::default());
        Self { layout, remembered, relied, confirmed: None, files, proven: None, ended: false }
    }

    /// The lines whose equations are left out.
    pub(in crate::verify) fn known(&self) -> KnownLines {
        let known = self.remembered.filter(|_| self.relied);
        known.map_or_else(KnownLines::default, |known| KnownLines::first(known.size, self.layout))
    }

    /// The sizes at which the tree of a file's lines must be known.
    pub(super) fn sizes(&self, first: u64, lines: &[ScannedLine]) -> Vec<u64> {
        let remembered = self.remembered.and_then(|known| known.size.checked_sub(first));
        let end = lines.iter().position(|line| !line.proven).filter(|_| !self.ended);
        remembered.into_iter().chain(end.map(|end| end as u64)).collect()
    }

    /// Takes the lines that have the places of a file's entries, with their tree.
    pub(super) fn take(&mut self, first: u64, lines: &[ScannedLine], tree: &FileTree) {
        let Some(files) = self.files.as_mut().filter(|files| files.size() == first) else {
            return self.lose();
        };
        let rooted = |size: u64| {
            let root = if size == 0 { files.root() } else { root_over(files, tree.at(size)?) };
            Some(ProvenPrefix { size: first + size, root })
        };
        if let Some(known) = self.remembered.filter(|known| known.size > first) {
            let then = rooted(known.size - first).map(|then| then == known);
            self.confirmed = then.or(self.confirmed);
        }
        if !self.ended {
            let end = lines.iter().position(|line| !line.proven);
            self.ended = end.is_some();
            self.proven = rooted(end.unwrap_or(lines.len()) as u64);
        }
        if lines.len() == self.layout.file_length() {
            self.push(tree.whole().root());
        } else {
            // It is the last one.
            self.files = None;
        }
    }

    /// Takes a file that was dropped, by the root that its marker names; `None`: it names none.
    pub(super) fn skip(&mut self, first: u64, root: Option<Hash>) {
        let end = first.saturating_add(self.layout.entries_per_file());
        let follows = self.files.as_ref().is_some_and(|files| files.size() == first);
        let Some(root) = root.filter(|_| follows) else { return self.lose() };
        self.push(root);
        let then = self.files.as_ref().map(|files| ProvenPrefix { size: end, root: files.root() });
        match self.remembered {
            // Its own entries were evaluated before, if what was read up to there is the same.
            Some(known) if known.size >= end => {
                if known.size == end {
                    self.confirmed = Some(then == Some(known));
                }
                self.proven = then.filter(|_| !self.ended).or(self.proven);
            }
            _ => self.ended = true,
        }
    }

    /// From here on lines are not at the places of their entries.
    pub(super) fn lose(&mut self) {
        (self.files, self.ended) = (None, true);
    }

    fn push(&mut self, root: Hash) {
        let files = self.files.as_mut();
        let level = FILE_LEVEL * self.layout.height();
        if files.and_then(|files| files.push_subtree(level, root)).is_none() {
            self.lose();
        }
    }

    /// How many of the first entries their equations were left out of; `None`: all were evaluated.
    pub(in crate::verify) fn relied_on(&self) -> Option<u64> {
        self.remembered.filter(|_| self.relied).map(|known| known.size)
    }

    /// What is known after the last line.
    pub(in crate::verify) fn finish(self) -> ProvenRun {
        let is_same = self.confirmed == Some(true);
        if self.relied && self.remembered.is_some() && !is_same {
            return ProvenRun::Refuted;
        }
        let proven = self.proven.filter(|proven| proven.size > 0);
        let size = proven.map_or(0, |proven| proven.size);
        let contradicts = is_same && self.remembered.is_some_and(|known| known.size > size);
        ProvenRun::Stands { proven, contradicts }
    }
}
