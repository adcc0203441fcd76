//! A tree whose upper levels are made from a lower one: what is left when one of them is lost or wrong.
//!
//! ```text
//! tree/2   lost        ◄── made from tree/1, 256 hashes each
//! tree/1   as it is
//! tree/0   as it is
//! ```

use std::collections::BTreeMap;

use crate::{
    hash::Hash,
    tlog::{
        layout::{FILE_LEVEL, Layout},
        merkle::fold,
        view::View,
    },
};

/// The files of a tree up to the level `base`, and what these come to above it, as it is asked for.
pub(in crate::verify) struct FoldedTree<'a> {
    view: &'a dyn View,
    base: u32,
    above: BTreeMap<(u32, u64), Option<Hash>>,
}

impl<'a> FoldedTree<'a> {
    /// One for every level that another one stands on: the higher it is, the less there is to read.
    ///
    /// There is none of a tree that claims far more entries than there are files of them: a level may be a hole
    /// of zeros, as long as files can be.
    pub(in crate::verify) fn all(view: &'a dyn View, size: u64) -> Vec<Self> {
        let layout = view.layout();
        let files = view.entry_files().map_or(0, |files| files.len() as u64);
        if size / layout.entries_per_file() > 2 * files {
            return Vec::new();
        }
        let bases = (0..layout.levels() - 1).rev().filter(|base| layout.level_length(base + 1, size) > 0);
        bases.map(|base| Self { view, base, above: BTreeMap::new() }).collect()
    }

    /// How the tree's files are cut.
    pub(in crate::verify) fn layout(&self) -> Layout {
        self.view.layout()
    }

    /// `count` hashes of a level from the `first` on; none if they cannot be had.
    pub(in crate::verify) fn hashes(&mut self, level: u32, first: u64, count: usize) -> Option<Vec<Hash>> {
        if level <= self.base {
            return self.view.tree(level, first, count).ok().flatten();
        }
        (first..first.checked_add(count as u64)?).map(|at| self.hash(level, at)).collect()
    }

    /// A hash above the base.
    fn hash(&mut self, level: u32, at: u64) -> Option<Hash> {
        if let Some(known) = self.above.get(&(level, at)) {
            return *known;
        }
        let layout = self.view.layout();
        let first = at.checked_mul(layout.hashes_per_tile())?;
        let below = self.hashes(level - 1, first, layout.tile_length());
        let hash = below.map(|below| fold(&below));
        if level >= FILE_LEVEL {
            self.above.insert((level, at), hash);
        }
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::{
        merkle::{Frontier, leaf_hash},
        tile::Builder,
        view::Memory,
    };

    #[test]
    fn a_level_stands_in_for_all_above_it() {
        let layout = Layout::SMALL;
        let mut builder = Builder::new(layout, Frontier::default());
        for n in 0..39u64 {
            builder.push(leaf_hash(&n.to_be_bytes()));
        }
        let levels: Vec<Vec<u8>> = builder.take().into_iter().map(|piece| piece.bytes).collect();
        let mut whole = Memory { levels, layout, ..Memory::default() };
        assert!(FoldedTree::all(&whole, 39).is_empty(), "no entries to be seen");
        whole.files.insert(0, Vec::new());
        for (base, length) in [(1, 2), (0, 1)] {
            let mut cut = whole.clone();
            cut.levels.truncate(length);
            let mut folded = FoldedTree::all(&cut, 39).into_iter().find(|it| it.base == base).unwrap();
            for (level, first, count) in [(0, 5, 9), (1, 2, 7), (2, 0, 2), (2, 1, 1)] {
                let stored = whole.tree(level, first, count).unwrap();
                assert_eq!(folded.hashes(level, first, count), stored, "{base}: {level} {first}");
            }
            assert_eq!(folded.hashes(2, 2, 1), None);
            assert_eq!(folded.hashes(31, u64::MAX / 2, 3), None);
        }
        assert_eq!(FoldedTree::all(&whole, 16).iter().map(|it| it.base).collect::<Vec<_>>(), [1, 0]);
        assert!(FoldedTree::all(&whole, u64::MAX).is_empty() && FoldedTree::all(&whole, 3).is_empty());
    }
}
