//! The part of a tree that can be believed: what folds up to a signed root.

use super::{
    hash_source::HashSource,
    right_edge::{self, RightEdge},
};
use crate::{
    hash::Hash,
    tlog::{
        entry::plain_line,
        layout::Layout,
        merkle::{fold, leaf_hash},
        tile,
        view::View,
    },
};

/// A tree, read from its signed root downwards: only what the level above confirms is answered, from whichever
/// source it comes.
pub struct ConfirmedTree<'a> {
    sources: Vec<HashSource<'a>>,
    layout: Layout,
    size: u64,
    /// What no full block covers; none if nothing gives the signed root
    edge: Option<RightEdge>,
    /// For each level the block that was read last
    cache: Vec<Option<(u64, Option<Vec<Hash>>)>>,
    /// What is believed of the same entries by another root, where nothing leads to this one
    beside: Option<Box<Self>>,
}

impl<'a> ConfirmedTree<'a> {
    /// The tree of a ledger under its signed root. A copy – any copy, with so many entries – may help out: what
    /// it has is believed as far as it leads to that root.
    pub fn new(own: &'a dyn View, copy: Option<(&'a dyn View, u64)>, size: u64, root: &Hash) -> Self {
        let copy = copy.map(|(copy, entries)| (copy, entries.min(size)));
        Self::of(HashSource::all(own, copy), size, root)
    }

    /// The same, for those who read all entries anyway: where a level of the tree is lost or wrong, the levels
    /// below it are read whole, and what these come to is believed as far as it leads to the root.
    pub(in crate::verify) fn folding(
        own: &'a dyn View,
        copy: Option<(&'a dyn View, u64)>,
        size: u64,
        root: &Hash,
    ) -> Self {
        let copy = copy.map(|(copy, entries)| (copy, entries.min(size)));
        let mut sources = HashSource::all(own, copy);
        sources.extend(HashSource::folded(own, size));
        Self::of(sources, size, root)
    }

    /// The same, for which no reading is too much: where files of the tree do not lead to the root, what the lower
    /// ones come to is tried, and the entries are.
    pub fn thorough(own: &'a dyn View, copy: Option<(&'a dyn View, u64)>, size: u64, root: &Hash) -> Self {
        let copy = copy.map(|(copy, entries)| (copy, entries.min(size)));
        let mut sources = HashSource::all(own, copy);
        sources.extend(HashSource::folded(own, size));
        sources.extend(copy.into_iter().flat_map(|(copy, entries)| HashSource::folded(copy, entries)));
        if copy.is_none() {
            sources.push(HashSource::entries(own));
        }
        Self::of(sources, size, root)
    }

    /// The tree that these sources have.
    pub(in crate::verify) fn of(mut sources: Vec<HashSource<'a>>, size: u64, root: &Hash) -> Self {
        let layout = sources.first().map_or(Layout::STANDARD, HashSource::layout);
        let edge = right_edge::edge(&mut sources, size, root);
        let cache = (0..layout.levels()).map(|_| None).collect();
        Self { sources, layout, size, edge, cache, beside: None }
    }

    /// The same; where nothing leads to its root, with what is believed of the same entries by another.
    pub(in crate::verify) fn or(self, beside: Option<Self>) -> Self {
        let beside = beside.filter(|beside| self.edge.is_none() && beside.edge.is_some());
        Self { beside: beside.map(Box::new), ..self }
    }

    /// Whether anything can be believed of this root.
    pub fn top(&self) -> bool {
        self.edge.is_some()
    }

    /// Whether anything can be believed at all.
    pub(in crate::verify) fn knows(&self) -> bool {
        self.top() || self.beside.is_some()
    }

    /// A hash of a level, if it is to be believed.
    pub(in crate::verify) fn hash(&mut self, level: u32, index: u64) -> Option<Hash> {
        if let Some(beside) = &mut self.beside {
            return beside.hash(level, index);
        }
        let width = self.layout.hashes_per_tile();
        let block = self.block(level, index / width)?;
        block.get(usize::try_from(index % width).ok()?).copied()
    }

    /// Whether a line is the entry of this number, also where its end was changed; `None`: there is no knowing.
    pub(in crate::verify) fn has_line(&mut self, n: u64, line: &[u8]) -> Option<bool> {
        let hash = self.hash(0, n)?;
        Some(hash == leaf_hash(plain_line(line, self.layout.place_in_file(n) == 0)))
    }

    /// The hashes of the entries from `first`, the beginning of a block, on; none where there is no knowing.
    pub fn leaves(&mut self, first: u64, count: usize) -> Vec<Option<Hash>> {
        if let Some(beside) = &mut self.beside {
            return beside.leaves(first, count);
        }
        let mut leaves = Vec::with_capacity(count);
        let mut block = first / self.layout.hashes_per_tile();
        while leaves.len() < count {
            let wanted = (count - leaves.len()).min(self.layout.tile_length());
            let known = self.block(0, block).map_or(&[][..], Vec::as_slice);
            let known = &known[..known.len().min(wanted)];
            leaves.extend(known.iter().copied().map(Some));
            leaves.extend(std::iter::repeat_n(None, wanted - known.len()));
            block += 1;
        }
        leaves
    }

    /// The root that the tree had at a smaller size, if enough of it can be believed.
    pub fn root_at(&mut self, size: u64) -> Option<Hash> {
        let layout = self.layout;
        let read = |level, first, count| {
            let block = self.block(level, first / layout.hashes_per_tile());
            Ok::<_, ()>(block.and_then(|block| block.get(..count).map(<[Hash]>::to_vec)))
        };
        tile::frontier(layout, size, read).ok().flatten().map(|frontier| frontier.root())
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
        let (layout, width) = (self.layout, self.layout.hashes_per_tile());
        let first = index.checked_mul(width)?;
        let count = layout.level_length(level, self.size).checked_sub(first)?.min(width);
        let full = count == width && level + 1 < layout.levels();
        if !full {
            // It has no hash above it: it was part of what gave the root.
            return self.edge.as_ref()?.get(level as usize).cloned();
        }
        let above = self.hash(level + 1, index)?;
        let length = layout.tile_length();
        let mut said = self.sources.iter_mut().filter_map(|source| source.hashes(level, first, length));
        said.find(|hashes| fold(hashes) == above)
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

    fn tree(size: u64) -> (Memory, Hash) {
        let layout = Layout::SMALL;
        let mut builder = Builder::new(layout, Frontier::default());
        for n in 0..size {
            builder.push(leaf_hash(&n.to_be_bytes()));
        }
        let root = builder.frontier().root();
        let levels = builder.take().into_iter().map(|piece| piece.bytes).collect();
        (Memory { levels, layout, ..Memory::default() }, root)
    }

    fn believed(view: &Memory, size: u64, root: &Hash) -> Vec<bool> {
        let mut truth = ConfirmedTree::new(view, None, size, root);
        truth.leaves(0, usize::try_from(size).unwrap()).iter().map(Option::is_some).collect()
    }

    #[test]
    fn an_intact_tree_is_believed_whole() {
        for size in 0..300 {
            let (view, root) = tree(size);
            assert!(believed(&view, size, &root).iter().all(|known| *known), "{size}");
        }
    }

    #[test]
    fn a_wrong_leaf_costs_its_block_and_a_wrong_inner_hash_what_is_below() {
        let (view, root) = tree(22);
        let mut wrong = view.clone();
        wrong.levels[0][32 * 13] ^= 1;
        let known = believed(&wrong, 22, &root);
        assert!((0..22).all(|n| known[n] != (12..16).contains(&n)));
        let mut wrong = view.clone();
        wrong.levels[1][32 * 3] ^= 1;
        let known = believed(&wrong, 22, &root);
        assert!((0..22).all(|n| known[n] == (n >= 16)), "its 4 neighbours cannot be told apart");
    }

    #[test]
    fn where_no_reading_is_too_much_lower_levels_stand_in_for_lost_ones() {
        type Damage = fn(&mut Memory);
        let damages: [(Damage, u64); 5] = [
            (|view| view.levels.truncate(1), 0),
            (|view| view.levels.truncate(2), 0),
            (|view| view.levels[1].truncate(3), 0),
            (|view| view.levels[1][32 * 3] ^= 1, 0),
            // What is wrong below is the right one's to tell above.
            (
                |view| {
                    view.levels.truncate(2);
                    view.levels[0][32 * 13] ^= 1;
                },
                4,
            ),
        ];
        let (mut view, root) = tree(22);
        view.files.insert(0, Vec::new());
        for (at, (damage, unknown)) in damages.into_iter().enumerate() {
            let mut bent = view.clone();
            damage(&mut bent);
            for own in [true, false] {
                let empty = Memory { layout: Layout::SMALL, ..Memory::default() };
                let (ours, copy) = (if own { &bent } else { &empty }, &bent);
                let copy = (!own).then_some((copy as &dyn View, 22));
                let mut truth = ConfirmedTree::thorough(ours, copy, 22, &root);
                let leaves = truth.leaves(0, 22);
                let lost = leaves.iter().filter(|leaf| leaf.is_none()).count();
                assert_eq!(lost as u64, unknown, "{at}, {own}");
            }
        }
    }

    #[test]
    fn without_the_top_nothing_is_believed() {
        let (view, root) = tree(22);
        let mut wrong = view.clone();
        wrong.levels[2][0] ^= 1;
        assert!(!ConfirmedTree::new(&wrong, None, 22, &root).top());
        assert!(!ConfirmedTree::new(&view, None, 23, &root).top());
        assert!(!ConfirmedTree::new(&view, None, u64::MAX, &root).top());
        assert!(!ConfirmedTree::new(&view, None, 22, &Hash([0; 32])).top());
        assert!(believed(&wrong, 22, &root).iter().all(|known| !known));
    }
}
