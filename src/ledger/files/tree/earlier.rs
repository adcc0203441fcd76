//! The root that a tree had at an earlier size, proven by how it grew since.

use std::io;

use super::{Folder, frontier, read};
use crate::{
    hash::Hash,
    tlog::{layout::Layout, merkle::Frontier},
};

/// The root of the first `size` entries of a tree of which the levels are on disk. None if the levels do not lead
/// from there to the root that the tree has now: then they are wrong, or lack hashes. What was added since is read
/// by the largest subtrees that it has, less than a tile of a level on the way up and on the way down.
///
/// # Errors
/// If a level cannot be read.
pub fn root_at(folder: &Folder, size: u64, now: &Frontier) -> io::Result<Option<Hash>> {
    let Some(mut grown) = frontier(folder, size)? else { return Ok(None) };
    let (layout, root) = (folder.layout(), grown.root());
    while grown.size() < now.size() {
        let (level, count) = next_subtrees(layout, grown.size(), now.size());
        let Some(subtrees) = read(folder, level, grown.size() >> (level * layout.height()), count)? else {
            return Ok(None);
        };
        for hash in subtrees {
            if grown.push_subtree(level * layout.height(), hash).is_none() {
                return Ok(None);
            }
        }
    }
    Ok((grown.root() == now.root()).then_some(root))
}

/// The level of the largest subtrees that lead from one size towards another, and how many of them come before
/// larger ones do.
fn next_subtrees(layout: Layout, from: u64, to: u64) -> (u32, usize) {
    let (tile, width) = (layout.hashes_per_tile(), |level: u32| 1 << (level * layout.height()));
    let fits = |level: &u32| from.is_multiple_of(width(*level)) && to - from >= width(*level);
    let level = (0..layout.levels()).take_while(fits).last().unwrap_or(0);
    let here = from / width(level) % tile;
    let count = ((to - from) / width(level)).min(tile - here);
    (level, usize::try_from(count).unwrap_or(layout.tile_length()))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{create, write},
        *,
    };
    use crate::tlog::{merkle::leaf_hash, tile::Builder};

    fn folder_of(size: u64) -> (tempfile::TempDir, Folder, Vec<Frontier>) {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::with_layout(place.path(), Layout::SMALL);
        create(&folder).unwrap();
        let mut tree = Builder::new(Layout::SMALL, Frontier::default());
        let mut sizes = vec![Frontier::default()];
        for n in 0..size {
            tree.push(leaf_hash(&n.to_be_bytes()));
            sizes.push(tree.frontier().clone());
        }
        write(&folder, &tree.take()).unwrap();
        (place, folder, sizes)
    }

    #[test]
    fn a_root_of_before_is_known_only_where_it_leads_to_the_root_of_now() {
        let (_place, folder, sizes) = folder_of(600);
        let now = sizes.last().unwrap();
        for (size, then) in (0..).zip(&sizes) {
            assert_eq!(root_at(&folder, size, now).unwrap(), Some(then.root()), "{size}");
        }
        let mut other = sizes[599].clone();
        other.push(leaf_hash(b"x"));
        assert_eq!(root_at(&folder, 70, &other).unwrap(), None, "another root now");
        assert_eq!(root_at(&folder, 601, &other).unwrap(), None, "fewer hashes than that");
    }

    #[test]
    fn few_hashes_lead_from_any_size_to_any_other() {
        for (from, to) in [(0, 1), (1, 1_000_000), (255, 257), (65_537, 1 << 40), (0, u64::MAX), (7, 1 << 63)]
        {
            let (mut at, mut hashes, mut reads) = (from, 0, 0);
            while at < to {
                let (level, count) = next_subtrees(Layout::STANDARD, at, to);
                at += (count as u64) << (level * Layout::STANDARD.height());
                (hashes, reads) = (hashes + count, reads + 1);
            }
            assert!(at == to && reads <= 16 && hashes <= 16 * 256, "{from} to {to}: {reads} reads");
        }
    }
}
