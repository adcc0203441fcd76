//! A tree whose files do not lead to the signed root, and entries that do not either: perhaps both together do.
//!
//! Of the hashes that stand at a tree's right edge some come from its files and some from the entries of the
//! last file. If one mixture gives the root, then every hash in it is right, since the root is signed.

use super::{
    lines::{Chunks, split},
    truth::fold,
};
use crate::{
    hash::Hash,
    tlog::{
        merkle::leaf_hash,
        tile::{self, HEIGHT, LEVELS},
        view::{ENTRIES_PER_FILE, View},
    },
};

/// The hashes at the right edge: for each level those that the level above does not cover.
pub(super) type Edge = Vec<Vec<Hash>>;

/// Levels that the last file of entries can stand in for.
const IN_FILE: usize = 2;

/// What the tree's files have there if it gives the root, else a mixture that does.
pub(super) fn edge(view: &dyn View, size: u64, root: &Hash) -> Option<Edge> {
    let stored: Vec<Option<Vec<Hash>>> = (0..LEVELS).map(|level| stored(view, size, level)).collect();
    let straight: Option<Edge> = stored.iter().cloned().collect();
    straight.filter(|edge| gives(edge, size, root)).or_else(|| mixture(view, &stored, size, root))
}

fn mixture(view: &dyn View, stored: &[Option<Vec<Hash>>], size: u64, root: &Hash) -> Option<Edge> {
    let above: Edge = stored[IN_FILE..].iter().cloned().collect::<Option<_>>()?;
    let ours = computed(view, size);
    let choices = |level: usize| [&stored[level], &ours[level]].into_iter().flatten();
    for leaves in choices(0) {
        for blocks in choices(1) {
            let mut mixture: Edge = vec![leaves.clone(), blocks.clone()];
            mixture.extend(above.iter().cloned());
            if gives(&mixture, size, root) || exchange(&mut mixture, [stored, &ours], size, root) {
                return Some(mixture);
            }
        }
    }
    None
}

/// Tries each single hash from the other side.
fn exchange(mixture: &mut Edge, sides: [&[Option<Vec<Hash>>]; 2], size: u64, root: &Hash) -> bool {
    for level in 0..IN_FILE {
        for at in 0..mixture[level].len() {
            let own = mixture[level][at];
            for side in sides.iter().filter_map(|side| side[level].as_ref()) {
                mixture[level][at] = side[at];
                if side[at] != own && gives(mixture, size, root) {
                    return true;
                }
            }
            mixture[level][at] = own;
        }
    }
    false
}

fn gives(mixture: &Edge, size: u64, root: &Hash) -> bool {
    let read = |level: u32, _, _| Ok::<_, ()>(mixture.get(level as usize).cloned());
    tile::frontier(size, read).ok().flatten().is_some_and(|frontier| frontier.root() == *root)
}

/// Where a level's part of the edge begins, and how long it is.
fn place(level: u32, size: u64) -> (u64, usize) {
    let first = tile::length(level + 1, size) << HEIGHT;
    // Fewer than 256.
    (first, usize::try_from(tile::length(level, size) - first).unwrap_or(0))
}

fn stored(view: &dyn View, size: u64, level: u32) -> Option<Vec<Hash>> {
    let (first, count) = place(level, size);
    if count == 0 { Some(Vec::new()) } else { view.tree(level, first, count).ok().flatten() }
}

/// What the last file of entries comes to, if it has as many lines as it should.
fn computed(view: &dyn View, size: u64) -> [Option<Vec<Hash>>; IN_FILE] {
    let first = size - size % ENTRIES_PER_FILE;
    let leaves = leaves(view, first, size - first).unwrap_or_default();
    if leaves.len() as u64 != size - first {
        return [None, None];
    }
    let blocks = leaves.chunks_exact(1 << HEIGHT);
    [Some(blocks.remainder().to_vec()), Some(blocks.map(fold).collect())]
}

fn leaves(view: &dyn View, first: u64, count: u64) -> Option<Vec<Hash>> {
    let file = view.entry_files().ok()?.into_iter().find(|file| file.first == first)?;
    let files = [file];
    let mut chunks = Chunks::new(view, &files);
    let mut leaves = Vec::new();
    while let Some(chunk) = chunks.next().ok()?.filter(|_| (leaves.len() as u64) < count) {
        let lines = split(&chunk.bytes).map(|(line, _)| line.strip_suffix(b"\r").unwrap_or(line));
        leaves.extend(lines.map(leaf_hash));
    }
    leaves.truncate(usize::try_from(count).ok()?);
    Some(leaves)
}
