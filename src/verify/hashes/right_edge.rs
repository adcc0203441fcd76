//! The right edge of a tree that gives the signed root: from the tree's files, from the entries, from a copy, or mixed
//! from these, where none of them gives it alone.
//!
//! Of the hashes that stand at a tree's right edge some come from its files, some from the entries of the last
//! file, some from a copy. If one mixture gives the root, then every hash in it is right, since the root is
//! signed.

use super::hash_source::{self, HashSource};
use crate::{
    hash::Hash,
    tlog::{
        layout::{FILE_LEVEL, Layout},
        merkle::fold,
        tile,
    },
};

/// The hashes at the right edge: for each level those that the level above does not cover.
pub(in crate::verify) type RightEdge = Vec<Vec<Hash>>;

/// The edge as one source has it; `None` where it lacks a level.
type EdgePart = Vec<Option<Vec<Hash>>>;

/// Levels that the last file of entries can stand in for.
const IN_FILE: usize = FILE_LEVEL as usize;

/// Finds an edge that gives the root: that of one of the sources – the first is the ledger's own – or a
/// mixture.
pub(in crate::verify) fn edge(sources: &mut [HashSource<'_>], size: u64, root: &Hash) -> Option<RightEdge> {
    let layout = sources.first()?.layout();
    let tree = SignedTree { layout, size, root };
    let mut sides: Vec<EdgePart> = Vec::new();
    for source in sources.iter_mut() {
        let said = stored(layout, source, size);
        if let Some(edge) =
            said.iter().cloned().collect::<Option<RightEdge>>().filter(|it| tree.is_given_by(it))
        {
            return Some(edge);
        }
        sides.push(said);
    }
    sides.insert(1, computed(layout, sources.first()?, size));
    mixture(&sides, &tree)
}

fn mixture(sides: &[EdgePart], tree: &SignedTree<'_>) -> Option<RightEdge> {
    let choices = |level: usize| sides.iter().filter_map(move |side| side[level].as_ref());
    let tops = sides.iter().filter_map(|side| side[IN_FILE..].iter().cloned().collect::<Option<RightEdge>>());
    for above in tops {
        for leaves in choices(0) {
            for blocks in choices(1) {
                let mut mixture: RightEdge = vec![leaves.clone(), blocks.clone()];
                mixture.extend(above.iter().cloned());
                if tree.is_given_by(&mixture) {
                    return Some(mixture);
                }
            }
        }
    }
    // Single hashes are exchanged in the ledger's own only: there are many, and each costs a root.
    let (own, made) = (&sides[0], &sides[1]);
    let above = own[IN_FILE..].iter().cloned().collect::<Option<RightEdge>>()?;
    for leaves in [&own[0], &made[0]].into_iter().flatten() {
        for blocks in [&own[1], &made[1]].into_iter().flatten() {
            let mut mixture: RightEdge = vec![leaves.clone(), blocks.clone()];
            mixture.extend(above.iter().cloned());
            if exchange(&mut mixture, sides, tree) {
                return Some(mixture);
            }
        }
    }
    None
}

/// Tries each single hash from the other sides.
fn exchange(mixture: &mut RightEdge, sides: &[EdgePart], tree: &SignedTree<'_>) -> bool {
    for level in 0..IN_FILE {
        for at in 0..mixture[level].len() {
            let own = mixture[level][at];
            for side in sides.iter().filter_map(|side| side[level].as_ref()) {
                mixture[level][at] = side[at];
                if side[at] != own && tree.is_given_by(mixture) {
                    return true;
                }
            }
            mixture[level][at] = own;
        }
    }
    false
}

/// The tree that is looked for.
struct SignedTree<'r> {
    layout: Layout,
    size: u64,
    root: &'r Hash,
}

impl SignedTree<'_> {
    /// Whether an edge gives its root.
    fn is_given_by(&self, edge: &RightEdge) -> bool {
        let read = |level: u32, _, _| Ok::<_, ()>(edge.get(level as usize).cloned());
        let frontier = tile::frontier(self.layout, self.size, read).ok().flatten();
        frontier.is_some_and(|frontier| frontier.root() == *self.root)
    }
}

/// Where a level's part of the edge begins, and how long it is.
fn place(layout: Layout, level: u32, size: u64) -> (u64, usize) {
    let first = layout.level_length(level + 1, size) << layout.height();
    // Fewer than a tile holds.
    (first, usize::try_from(layout.level_length(level, size) - first).unwrap_or(0))
}

fn stored(layout: Layout, source: &mut HashSource<'_>, size: u64) -> EdgePart {
    let level = |level| {
        let (first, count) = place(layout, level, size);
        if count == 0 { Some(Vec::new()) } else { source.hashes(level, first, count) }
    };
    (0..layout.levels()).map(level).collect()
}

/// What the ledger's own last file of entries comes to, if it has as many lines as it should.
fn computed(layout: Layout, own: &HashSource<'_>, size: u64) -> EdgePart {
    let mut made: EdgePart = vec![None; layout.levels() as usize];
    let first = layout.first_in_file(size);
    let HashSource::Tree(view) = own else { return made };
    let leaves = hash_source::leaves(*view, first, size - first).unwrap_or_default();
    if leaves.len() as u64 == size - first {
        let blocks = leaves.chunks_exact(layout.tile_length());
        made[0] = Some(blocks.remainder().to_vec());
        made[1] = Some(blocks.map(fold).collect());
    }
    made
}
