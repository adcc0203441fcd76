//! The tree of one file's lines, made once for all who ask for its hashes.

use crate::{
    hash::Hash,
    tlog::{
        layout::Layout,
        merkle::Frontier,
        tile::{Builder, Piece},
    },
};

/// The tree of some lines that follow one another in a file.
pub(in crate::verify) struct FileTree {
    builder: Builder,
    /// The tree at the sizes that were asked for, smallest first
    marks: Vec<(u64, Frontier)>,
}

impl FileTree {
    /// The tree of these leaves, and what it was when it had so many of them.
    pub(in crate::verify) fn of(
        layout: Layout,
        leaves: impl Iterator<Item = Hash>,
        mut at: Vec<u64>,
    ) -> Self {
        at.retain(|size| *size > 0);
        at.sort_unstable_by(|one, other| other.cmp(one));
        at.dedup();
        let (mut builder, mut marks) = (Builder::new(layout, Frontier::default()), Vec::new());
        for (size, leaf) in (1..).zip(leaves) {
            builder.push(leaf);
            if at.last() == Some(&size) {
                marks.extend(at.pop().map(|size| (size, builder.frontier().clone())));
            }
        }
        Self { builder, marks }
    }

    /// All of it.
    pub(in crate::verify) fn whole(&self) -> &Frontier {
        self.builder.frontier()
    }

    /// The tree at the sizes that were asked for, smallest first.
    pub(in crate::verify) fn marks(&self) -> &[(u64, Frontier)] {
        &self.marks
    }

    /// The tree when it had so many leaves; `None`: that was not asked for, or it never had.
    pub(in crate::verify) fn at(&self, size: u64) -> Option<&Frontier> {
        let mark = self.marks.iter().find(|(marked, _)| *marked == size).map(|(_, tree)| tree);
        mark.or(Some(self.whole()).filter(|whole| whole.size() == size))
    }

    /// Its hashes, level by level.
    pub(in crate::verify) fn take(&mut self) -> Vec<Piece> {
        self.builder.take()
    }
}

/// The root over whole files and what was read of the next one.
pub(in crate::verify) fn root_over(files: &Frontier, rest: &Frontier) -> Hash {
    let mut all = files.clone();
    for (level, peak) in rest.peaks() {
        // Behind whole files every subtree of the next one fits.
        let _ = all.push_subtree(level, *peak);
    }
    all.root()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::merkle::{fold, leaf_hash};

    #[test]
    fn a_tree_is_known_at_the_sizes_that_were_asked_for() {
        let leaves: Vec<Hash> = (0..7u8).map(|n| leaf_hash(&[n])).collect();
        let tree = FileTree::of(Layout::SMALL, leaves.iter().copied(), vec![5, 2, 5, 9, 0]);
        let roots: Vec<_> = tree.marks().iter().map(|(size, tree)| (*size, tree.root())).collect();
        assert_eq!(roots, [(2, fold(&leaves[..2])), (5, fold(&leaves[..5]))]);
        for size in 0..10 {
            let root = tree.at(size).map(Frontier::root);
            let expected = [2, 5, 7].contains(&size).then(|| fold(&leaves[..usize::try_from(size).unwrap()]));
            assert_eq!(root, expected, "{size}");
        }
    }

    #[test]
    fn a_root_over_files_is_that_of_all_leaves() {
        let leaves: Vec<Hash> = (0..23u8).map(|n| leaf_hash(&[n])).collect();
        let mut files = Frontier::default();
        files.push_subtree(4, fold(&leaves[..16])).unwrap();
        let rest = FileTree::of(Layout::SMALL, leaves[16..].iter().copied(), Vec::new());
        assert_eq!(root_over(&files, rest.whole()), fold(&leaves));
    }
}
