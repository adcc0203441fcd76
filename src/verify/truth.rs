//! How much of the tree's files can be believed: what folds up to the signed root.

use super::rescue::{self, Edge};
use crate::{
    hash::Hash,
    tlog::{
        merkle::Frontier,
        tile::{self, HEIGHT, LEVELS},
        view::View,
    },
};

/// Hashes of one level under one hash of the level above.
const BLOCK: u64 = 1 << HEIGHT;

/// The tree's files, read from the signed root downwards: only what the level above confirms is answered.
pub(super) struct Truth<'a> {
    view: &'a dyn View,
    size: u64,
    /// What no full block covers, if it gives the signed root
    edge: Option<Edge>,
    /// For each level the block that was read last
    cache: Vec<Option<(u64, Option<Vec<Hash>>)>>,
}

impl<'a> Truth<'a> {
    /// Files in the tree are derived: one that cannot be read is as good as none.
    pub(super) fn new(view: &'a dyn View, size: u64, root: &Hash) -> Self {
        let edge = rescue::edge(view, size, root);
        Self { view, size, edge, cache: (0..LEVELS).map(|_| None).collect() }
    }

    /// Whether anything can be believed.
    pub(super) fn top(&self) -> bool {
        self.edge.is_some()
    }

    /// A hash of a level, if it is to be believed.
    pub(super) fn hash(&mut self, level: u32, index: u64) -> Option<Hash> {
        let block = self.block(level, index / BLOCK)?;
        block.get(usize::try_from(index % BLOCK).ok()?).copied()
    }

    /// The hashes of the entries from `first`, the beginning of a block, on; none where there is no knowing.
    pub(super) fn leaves(&mut self, first: u64, count: usize) -> Vec<Option<Hash>> {
        let mut leaves = Vec::with_capacity(count);
        let mut block = first / BLOCK;
        while leaves.len() < count {
            let wanted = (count - leaves.len()).min(1 << HEIGHT);
            match self.block(0, block) {
                Some(hashes) if hashes.len() >= wanted => {
                    leaves.extend(hashes[..wanted].iter().copied().map(Some));
                }
                _ => leaves.extend(std::iter::repeat_n(None, wanted)),
            }
            block += 1;
        }
        leaves
    }

    fn block(&mut self, level: u32, index: u64) -> Option<&Vec<Hash>> {
        let slot = usize::try_from(level).ok().filter(|slot| self.top() && *slot < self.cache.len())?;
        if self.cache[slot].as_ref().is_none_or(|(cached, _)| *cached != index) {
            let block = self.confirmed(level, index);
            self.cache[slot] = Some((index, block));
        }
        self.cache[slot].as_ref()?.1.as_ref()
    }

    fn confirmed(&mut self, level: u32, index: u64) -> Option<Vec<Hash>> {
        let first = index.checked_mul(BLOCK)?;
        let count = tile::length(level, self.size).checked_sub(first)?.min(BLOCK);
        let full = count == BLOCK && level + 1 < LEVELS;
        // A block that is not full has no hash above it: it was part of what gave the root.
        if !full {
            return self.edge.as_ref()?.get(level as usize).cloned();
        }
        let hashes = self.view.tree(level, first, usize::try_from(count).ok()?).ok()??;
        (self.hash(level + 1, index) == Some(fold(&hashes))).then_some(hashes)
    }
}

/// The root over some hashes.
pub(super) fn fold(hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    for hash in hashes {
        frontier.push(*hash);
    }
    frontier.root()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::{merkle::leaf_hash, tile::Builder, view::Memory};

    fn tree(size: u64) -> (Memory, Hash) {
        let mut builder = Builder::default();
        for n in 0..size {
            builder.push(leaf_hash(&n.to_be_bytes()));
        }
        let root = builder.frontier().root();
        let levels = builder.take().into_iter().map(|piece| piece.bytes).collect();
        (Memory { levels, ..Memory::default() }, root)
    }

    fn believed(view: &Memory, size: u64, root: &Hash) -> Vec<bool> {
        let mut truth = Truth::new(view, size, root);
        truth.leaves(0, usize::try_from(size).unwrap()).iter().map(Option::is_some).collect()
    }

    #[test]
    fn an_intact_tree_is_believed_whole() {
        for size in [0, 1, 255, 256, 257, 1_000, 65_536, 66_000] {
            let (view, root) = tree(size);
            assert!(believed(&view, size, &root).iter().all(|known| *known), "{size}");
        }
    }

    #[test]
    fn a_wrong_leaf_costs_its_block_and_a_wrong_inner_hash_what_is_below() {
        let (view, root) = tree(66_000);
        let mut wrong = view.clone();
        wrong.levels[0][32 * 1_000] ^= 1;
        let known = believed(&wrong, 66_000, &root);
        assert!((0..66_000).all(|n| known[n] != (768..1_024).contains(&n)));
        let mut wrong = view.clone();
        wrong.levels[1][32 * 3] ^= 1;
        let known = believed(&wrong, 66_000, &root);
        assert!((0..66_000).all(|n| known[n] == (n >= 65_536)), "its 256 neighbours cannot be told apart");
    }

    #[test]
    fn without_the_top_nothing_is_believed() {
        let (view, root) = tree(66_000);
        let mut wrong = view.clone();
        wrong.levels[2][0] ^= 1;
        assert!(!Truth::new(&wrong, 66_000, &root).top());
        assert!(!Truth::new(&view, 66_001, &root).top());
        assert!(!Truth::new(&view, u64::MAX, &root).top());
        assert!(!Truth::new(&view, 66_000, &Hash([0; 32])).top());
        assert!(believed(&wrong, 66_000, &root).iter().all(|known| !known));
    }
}
