//! Proofs about a tree: that an entry is in it, and that it goes on from a smaller one (RFC 6962 §2.1.1 and
//! §2.1.2, RFC 9162 §2.1.3 and §2.1.4).
//!
//! ```text
//!             root                 Entry 2 of 5 is in it: its hash with [3], [0,2) and [4,5) gives the root.
//!            /    \                The tree of 3 became that of 5: [2], [3], [0,2), [4,5) give both roots,
//!         [0,4)    \               which is what a consistency proof says.
//!        /     \    \              As explicit subtrees, which evidence shows: [0,2) and [2] give the root
//!     [0,2)   [2,4)  \             of 3, and with [3] and [4,5) behind them the root of 5.
//!     /  \     /  \   \
//!    0    1   2    3   4
//! ```
//!
//! Proofs are made from the hashes of the tree's files: `hash(level, index)` gives one, or none where it is not
//! known, and then there is no proof. Neighbouring hashes are asked for one after the other.

use std::ops::Range;

use super::{
    layout::Layout,
    merkle::{Frontier, node_hash},
};
use crate::hash::Hash;

/// The hashes that lead from an entry to the root of a tree of `size` entries, from the leaf upwards. None if
/// there is no such entry, or a hash is not known.
pub fn inclusion(
    layout: Layout,
    size: u64,
    index: u64,
    mut hash: impl FnMut(u32, u64) -> Option<Hash>,
) -> Option<Vec<Hash>> {
    let (mut tree, mut siblings) = (0..size, Vec::new());
    if !tree.contains(&index) {
        return None;
    }
    while tree.end - tree.start > 1 {
        let middle = split(&tree);
        let sibling = if index < middle { middle..tree.end } else { tree.start..middle };
        tree = if index < middle { tree.start..middle } else { middle..tree.end };
        siblings.push(sibling);
    }
    siblings.into_iter().rev().map(|range| root_of(layout, range, &mut hash)).collect()
}

/// The root that an entry's hash and its path give; none if the path is not exactly as long as it has to be.
pub fn inclusion_root(size: u64, index: u64, leaf: Hash, path: &[Hash]) -> Option<Hash> {
    let last = size.checked_sub(1).filter(|last| index <= *last)?;
    let mut way = Way { at: index, last };
    let mut root = leaf;
    for sibling in path {
        root = if way.up()? { node_hash(sibling, &root) } else { node_hash(&root, sibling) };
    }
    way.at_top().then_some(root)
}

/// The hashes that show how a tree of `old` entries became one of `size`; none are needed where both are equal.
/// None if `old` is the larger one, or 0 – every tree goes on from the empty one –, or a hash is not known.
pub fn consistency(
    layout: Layout,
    old: u64,
    size: u64,
    mut hash: impl FnMut(u32, u64) -> Option<Hash>,
) -> Option<Vec<Hash>> {
    if old > size || old == 0 {
        return None;
    }
    let (mut tree, mut parts) = (0..size, Vec::new());
    while tree.end > old {
        let middle = split(&tree);
        let (inside, outside) = if old <= middle {
            (tree.start..middle, middle..tree.end)
        } else {
            (middle..tree.end, tree.start..middle)
        };
        parts.push(outside);
        tree = inside;
    }
    // A subtree at the left edge is the old tree itself, whose root the verifier has.
    if tree.start > 0 {
        parts.push(tree);
    }
    parts.into_iter().rev().map(|range| root_of(layout, range, &mut hash)).collect()
}

/// Whether a consistency proof leads from one root to the other, no hash too few or too many. Nothing is shown
/// about the empty tree.
pub fn is_consistent(old: (u64, Hash), new: (u64, Hash), proof: &[Hash]) -> bool {
    match (old.0, new.0) {
        (before, now) if before > now || before == 0 => false,
        (before, now) if before == now => proof.is_empty() && old.1 == new.1,
        _ => grown(old, new.0, proof) == Some((old.1, new.1)),
    }
}

/// The roots of the old and the new tree, as a proof has them.
fn grown(old: (u64, Hash), size: u64, proof: &[Hash]) -> Option<(Hash, Hash)> {
    let mut way = Way { at: old.0 - 1, last: size - 1 };
    while way.at & 1 == 1 {
        way.step();
    }
    // Where the old tree is one subtree of the new, the proof leaves its hash out.
    let (start, proof) = if way.at == 0 { (old.1, proof) } else { (*proof.first()?, &proof[1..]) };
    let (mut before, mut now) = (start, start);
    for part in proof {
        if way.up()? {
            (before, now) = (node_hash(part, &before), node_hash(part, &now));
        } else {
            now = node_hash(&now, part);
        }
    }
    way.at_top().then_some((before, now))
}

/// A node's way up, in a tree whose last node on the same level is `last`.
struct Way {
    at: u64,
    last: u64,
}

impl Way {
    /// One node up; answers whether the sibling is on the left. None at the top.
    fn up(&mut self) -> Option<bool> {
        if self.last == 0 {
            return None;
        }
        let left = self.at & 1 == 1 || self.at == self.last;
        // The last node has no sibling on some levels.
        while left && self.at & 1 == 0 && self.at != 0 {
            self.step();
        }
        self.step();
        Some(left)
    }

    fn step(&mut self) {
        (self.at, self.last) = (self.at >> 1, self.last >> 1);
    }

    fn at_top(&self) -> bool {
        self.last == 0
    }
}

/// The subtrees that make a tree of `old` entries, and then those that make it one of `size`: from these hashes
/// anybody rebuilds both roots. None if `old` is the larger one, or a hash is not known.
pub fn subtrees(
    layout: Layout,
    old: u64,
    size: u64,
    mut hash: impl FnMut(u32, u64) -> Option<Hash>,
) -> Option<Vec<Hash>> {
    let pieces = pieces(0..old).chain(pieces(old..size));
    if old > size {
        None
    } else {
        pieces.map(|(level, index)| subtree(layout, level, index, &mut hash)).collect()
    }
}

/// The roots of both trees from their [`subtrees`]; none if these are not as many as they have to be.
pub fn roots(old: u64, size: u64, subtrees: &[Hash]) -> Option<(Hash, Hash)> {
    if old > size {
        return None;
    }
    let (mut tree, mut hashes) = (Frontier::default(), subtrees.iter());
    let mut grow = |tree: &mut Frontier, to: u64| {
        let range = tree.size()..to;
        pieces(range).try_for_each(|(level, _)| tree.push_subtree(level, *hashes.next()?))
    };
    grow(&mut tree, old)?;
    let before = tree.root();
    grow(&mut tree, size)?;
    hashes.next().is_none().then(|| (before, tree.root()))
}

/// The root of the first `size` entries.
pub fn root_at(layout: Layout, size: u64, mut hash: impl FnMut(u32, u64) -> Option<Hash>) -> Option<Hash> {
    if size == 0 { Some(Frontier::default().root()) } else { root_of(layout, 0..size, &mut hash) }
}

/// Where a tree of more than one entry is split: at the largest power of two below its size.
fn split(tree: &Range<u64>) -> u64 {
    tree.start + (1 << (tree.end - tree.start - 1).ilog2())
}

/// Complete subtrees side by side, each as large as its place allows: level and index of each.
fn pieces(range: Range<u64>) -> impl Iterator<Item = (u32, u64)> {
    let mut at = range.start;
    std::iter::from_fn(move || {
        let level = at.trailing_zeros().min(range.end.checked_sub(at)?.checked_ilog2()?);
        let index = at >> level;
        at += 1 << level;
        Some((level, index))
    })
}

/// The root over a range that a proof can name: not empty, and beginning where a subtree of its size would.
fn root_of(
    layout: Layout,
    range: Range<u64>,
    hash: &mut impl FnMut(u32, u64) -> Option<Hash>,
) -> Option<Hash> {
    let peaks = pieces(range).map(|(level, index)| subtree(layout, level, index, hash));
    let peaks = peaks.collect::<Option<Vec<Hash>>>()?;
    peaks.into_iter().rev().reduce(|right, left| node_hash(&left, &right))
}

/// A complete subtree of 2^level entries: at most 128 hashes of one level of files, folded.
fn subtree(
    layout: Layout,
    level: u32,
    index: u64,
    hash: &mut impl FnMut(u32, u64) -> Option<Hash>,
) -> Option<Hash> {
    let below = level % layout.height();
    let mut fold = Frontier::default();
    for at in index << below..(index + 1) << below {
        fold.push(hash(level / layout.height(), at)?);
    }
    Some(fold.root())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::{
        merkle::leaf_hash,
        tile::{self, Builder},
    };

    fn leaf(n: u64) -> Hash {
        leaf_hash(&n.to_be_bytes())
    }

    /// The hashes of a tree's files, and its roots at every size.
    fn tree(size: u64) -> (Vec<Vec<Hash>>, Vec<Hash>) {
        let mut builder = Builder::default();
        let mut roots = vec![builder.frontier().root()];
        for n in 0..size {
            builder.push(leaf(n));
            roots.push(builder.frontier().root());
        }
        let hashes = |piece: tile::Piece| piece.bytes.as_chunks().0.iter().map(|hash| Hash(*hash)).collect();
        (builder.take().into_iter().map(hashes).collect(), roots)
    }

    fn reader(levels: &[Vec<Hash>]) -> impl FnMut(u32, u64) -> Option<Hash> {
        |level, index| levels.get(level as usize)?.get(usize::try_from(index).ok()?).copied()
    }

    const SIZES: [u64; 14] = [1, 2, 3, 4, 5, 7, 8, 15, 255, 256, 257, 511, 600, 1_000];

    #[test]
    fn every_entry_is_shown_to_be_where_it_is_and_nowhere_else() {
        let (levels, roots) = tree(1_000);
        for size in SIZES {
            let root = roots[usize::try_from(size).unwrap()];
            for n in (0..size).step_by(if size > 16 { 7 } else { 1 }) {
                let path = inclusion(Layout::STANDARD, size, n, reader(&levels)).unwrap();
                let root_by = |size, n, path: &[Hash]| inclusion_root(size, n, leaf(n), path);
                assert_eq!(root_by(size, n, &path), Some(root), "{n} of {size}");
                assert_ne!(inclusion_root(size, n, leaf(n + 1), &path), Some(root));
                assert_eq!(root_by(size, n, &[&path[..], &[root]].concat()), None, "one hash too many");
                if let Some((_, shorter)) = path.split_last() {
                    assert_eq!(root_by(size, n, shorter), None, "one hash too few");
                }
            }
            assert_eq!(inclusion(Layout::STANDARD, size, size, reader(&levels)), None);
            assert_eq!(inclusion_root(size, size, leaf(0), &[]), None);
        }
    }

    #[test]
    fn growth_is_shown_and_no_other_growth() {
        let (levels, roots) = tree(1_000);
        let at = |size: u64| (size, roots[usize::try_from(size).unwrap()]);
        for size in SIZES {
            for old in (0..=size).step_by(if size > 16 { 5 } else { 1 }) {
                let proof = consistency(Layout::STANDARD, old, size, reader(&levels)).unwrap_or_default();
                assert_eq!(is_consistent(at(old), at(size), &proof), old > 0, "{old} to {size}");
                assert!(!is_consistent((old, leaf(2)), at(size), &proof));
                assert!(!is_consistent(at(old), (size, leaf(2)), &proof));
                let longer = [&proof[..], &[leaf(0)]].concat();
                assert!(!is_consistent(at(old), at(size), &longer), "{old} to {size}");
                let explicit = subtrees(Layout::STANDARD, old, size, reader(&levels)).unwrap();
                assert_eq!(super::roots(old, size, &explicit), Some((at(old).1, at(size).1)));
                assert_eq!(super::roots(old, size, &[&explicit[..], &[leaf(0)]].concat()), None);
                if let Some((_, shorter)) = explicit.split_last() {
                    assert_eq!(super::roots(old, size, shorter), None);
                }
                assert_eq!(root_at(Layout::STANDARD, old, reader(&levels)), Some(at(old).1));
            }
            assert_eq!(consistency(Layout::STANDARD, size + 1, size, reader(&levels)), None);
            assert_eq!(subtrees(Layout::STANDARD, size + 1, size, reader(&levels)), None);
        }
    }

    #[test]
    fn an_unknown_hash_is_no_proof() {
        let (levels, _) = tree(600);
        let without = |lost: (u32, u64)| {
            let mut read = reader(&levels);
            move |level, index| read(level, index).filter(|_| (level, index) != lost)
        };
        assert!(
            inclusion(Layout::STANDARD, 600, 300, without((0, 300))).is_some(),
            "the entry's own hash is not part of it"
        );
        assert_eq!(inclusion(Layout::STANDARD, 600, 300, without((0, 301))), None);
        assert_eq!(inclusion(Layout::STANDARD, 600, 300, without((1, 0))), None);
        assert_eq!(consistency(Layout::STANDARD, 300, 600, without((0, 599))), None);
    }

    #[test]
    fn the_largest_sizes_cost_few_hashes() {
        for size in [u64::MAX, 1 << 63] {
            let mut reads = 0;
            let mut read = |_: u32, _: u64| {
                reads += 1;
                Some(Hash([7; 32]))
            };
            let path = inclusion(Layout::STANDARD, size, size - 1, &mut read).unwrap();
            assert!(inclusion_root(size, size - 1, Hash([7; 32]), &path).is_some());
            assert!(subtrees(Layout::STANDARD, size / 3, size, &mut read).is_some());
            assert!(reads < 3 * 64 * 128, "{reads}");
        }
    }
}
