//! The root that a tree had at an earlier size, proven by how it grew since.

use std::io;

use super::{Folder, frontier, read};
use crate::{
    hash::Hash,
    tlog::{
        layout::{HEIGHT, LEVELS, TILE_WIDTH},
        merkle::Frontier,
    },
};

/// The root of the first `size` entries of a tree of which the levels are on disk. None if the levels do not lead
/// from there to the root that the tree has now: then they are wrong, or lack hashes. What was added since is read
/// by the largest subtrees that it has, at most 255 of a level on the way up and on the way down.
///
/// # Errors
/// If a level cannot be read.
pub fn root_at(folder: &Folder, size: u64, now: &Frontier) -> io::Result<Option<Hash>> {
    let Some(mut grown) = frontier(folder, size)? else { return Ok(None) };
    let root = grown.root();
    while grown.size() < now.size() {
        let (level, count) = next_subtrees(grown.size(), now.size());
        let Some(subtrees) = read(folder, level, grown.size() >> (level * HEIGHT), count)? else {
            return Ok(None);
        };
        for hash in subtrees {
            if grown.push_subtree(level * HEIGHT, hash).is_none() {
                return Ok(None);
            }
        }
    }
    Ok((grown.root() == now.root()).then_some(root))
}

/// The level of the largest subtrees that lead from one size towards another, and how many of them come before
/// larger ones do.
fn next_subtrees(from: u64, to: u64) -> (u32, usize) {
    let width = |level: u32| 1 << (level * HEIGHT);
    let fits = |level: &u32| from.is_multiple_of(width(*level)) && to - from >= width(*level);
    let level = (0..LEVELS).take_while(fits).last().unwrap_or(0);
    let here = from / width(level) % TILE_WIDTH;
    let count = ((to - from) / width(level)).min(TILE_WIDTH - here);
    (level, usize::try_from(count).unwrap_or(256))
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
        let folder = Folder::new(place.path());
        create(&folder).unwrap();
        let mut tree = Builder::default();
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
        let (_place, folder, sizes) = folder_of(66_000);
        let now = sizes.last().unwrap();
        for size in [1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, 65_999, 66_000] {
            let root = sizes[size].root();
            assert_eq!(root_at(&folder, size as u64, now).unwrap(), Some(root), "{size}");
        }
        let mut other = sizes[65_999].clone();
        other.push(leaf_hash(b"x"));
        assert_eq!(root_at(&folder, 70, &other).unwrap(), None, "another root now");
        assert_eq!(root_at(&folder, 66_001, &other).unwrap(), None, "fewer hashes than that");
    }

    #[test]
    fn few_hashes_lead_from_any_size_to_any_other() {
        for (from, to) in [(0, 1), (1, 1_000_000), (255, 257), (65_537, 1 << 40), (0, u64::MAX), (7, 1 << 63)]
        {
            let (mut at, mut hashes, mut reads) = (from, 0, 0);
            while at < to {
                let (level, count) = next_subtrees(at, to);
                at += (count as u64) << (level * HEIGHT);
                (hashes, reads) = (hashes + count, reads + 1);
            }
            assert!(at == to && reads <= 16 && hashes <= 16 * 256, "{from} to {to}: {reads} reads");
        }
    }
}
