//! Whether a tree is what an earlier one grew into.

use std::io;

use super::{Folder, frontier, read};
use crate::tlog::{
    checkpoint::Checkpoint,
    merkle::Frontier,
    tile::{self, LEVELS},
};

/// Whether a tree, of which the levels are on disk, extends a smaller one that was seen. What was added since is
/// read by the largest subtrees that it has, at most 255 of a level on the way up and on the way down: whatever
/// the levels say, it is believed only if it leads from the one root to the other.
///
/// # Errors
/// If a level cannot be read.
pub fn extends(folder: &Folder, seen: &Checkpoint, now: &Frontier) -> io::Result<bool> {
    let stored = frontier(folder, seen.size)?;
    let Some(mut grown) = stored.filter(|tree| tree.root() == seen.root) else { return Ok(false) };
    while grown.size() < now.size() {
        let (level, count) = next_subtrees(grown.size(), now.size());
        let Some(subtrees) = read(folder, level, grown.size() >> (level * tile::HEIGHT), count)? else {
            return Ok(false);
        };
        for hash in subtrees {
            if grown.push_subtree(level * tile::HEIGHT, hash).is_none() {
                return Ok(false);
            }
        }
    }
    Ok(grown.root() == now.root())
}

/// The level of the largest subtrees that lead from one size towards another, and how many of them come before
/// larger ones do.
fn next_subtrees(from: u64, to: u64) -> (u32, usize) {
    const GROUP: u64 = 1 << tile::HEIGHT;
    let width = |level: u32| 1 << (level * tile::HEIGHT);
    let fits = |level: &u32| from.is_multiple_of(width(*level)) && to - from >= width(*level);
    let level = (0..LEVELS).take_while(fits).last().unwrap_or(0);
    let here = from / width(level) % GROUP;
    let count = ((to - from) / width(level)).min(GROUP - here);
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

    fn seen(tree: &Frontier) -> Checkpoint {
        Checkpoint { origin: "a".to_owned(), size: tree.size(), root: tree.root() }
    }

    #[test]
    fn any_tree_extends_what_it_was_and_nothing_else() {
        let (_place, folder, sizes) = folder_of(66_000);
        let now = sizes.last().unwrap();
        for size in [1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, 65_999, 66_000] {
            assert!(extends(&folder, &seen(&sizes[size]), now).unwrap(), "{size}");
            let other = Checkpoint { root: leaf_hash(b"x"), ..seen(&sizes[size]) };
            assert!(!extends(&folder, &other, now).unwrap(), "{size}");
        }
        let mut other = sizes[65_999].clone();
        other.push(leaf_hash(b"x"));
        assert!(!extends(&folder, &seen(&sizes[70]), &other).unwrap(), "another root now");
    }

    #[test]
    fn few_hashes_lead_from_any_size_to_any_other() {
        for (from, to) in [(0, 1), (1, 1_000_000), (255, 257), (65_537, 1 << 40), (0, u64::MAX), (7, 1 << 63)]
        {
            let (mut at, mut hashes, mut reads) = (from, 0, 0);
            while at < to {
                let (level, count) = next_subtrees(at, to);
                at += (count as u64) << (level * tile::HEIGHT);
                (hashes, reads) = (hashes + count, reads + 1);
            }
            assert!(at == to && reads <= 16 && hashes <= 16 * 256, "{from} to {to}: {reads} reads");
        }
    }
}
