//! The tree as files: level k holds the hashes of the complete subtrees of 256^k entries, in order.
//!
//! ```text
//! tree/0   leaf hashes, 32 bytes each           entry n is at byte 32·n
//! tree/1   of every 256 entries one hash
//! tree/2   of every 65,536: of every file of entries
//! ```
//!
//! C2SP's tiles (<https://c2sp.org/tlog-tiles>) are the same hashes, cut into pieces of 256.

use crate::{
    hash::Hash,
    tlog::{layout::Layout, merkle::Frontier},
};

/// A tree that grows, and keeps what is to be appended to each level's file.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    layout: Layout,
    frontier: Frontier,
    fresh: Vec<Vec<u8>>,
}

/// Bytes to write into one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which level
    pub level: u32,
    /// How many hashes stand before these; 32 times that is the offset in bytes.
    pub first: u64,
    /// Hashes, one after the other.
    pub bytes: Vec<u8>,
}

impl Builder {
    /// Goes on where a tree stands.
    pub fn new(layout: Layout, frontier: Frontier) -> Self {
        Self { layout, frontier, fresh: Vec::new() }
    }

    /// Adds the next entry.
    pub fn push(&mut self, leaf: Hash) {
        let (layout, fresh) = (self.layout, &mut self.fresh);
        self.frontier.push_with(leaf, |level, hash| keep(layout, fresh, level, hash));
    }

    /// Adds the next 2^level entries by the hash of their subtree: what lies below it is not known. None, and
    /// no change, where they do not fit.
    #[must_use]
    pub fn push_subtree(&mut self, level: u32, hash: Hash) -> Option<()> {
        let (layout, fresh) = (self.layout, &mut self.fresh);
        self.frontier.push_subtree_with(level, hash, |level, hash| keep(layout, fresh, level, hash))
    }

    /// The tree with everything added.
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// What the files lack since the last call, lowest level first.
    pub fn take(&mut self) -> Vec<Piece> {
        let (layout, size) = (self.layout, self.frontier.size());
        let numbered = (0..layout.levels()).zip(std::mem::take(&mut self.fresh));
        let pieces = numbered.filter(|(_, bytes)| !bytes.is_empty()).map(|(level, bytes)| {
            let first = layout.level_length(level, size) - bytes.len() as u64 / 32;
            Piece { level, first, bytes }
        });
        pieces.collect()
    }
}

/// Notes a hash for the file of its level, if it has one.
fn keep(layout: Layout, fresh: &mut Vec<Vec<u8>>, level: u32, hash: &Hash) {
    if !level.is_multiple_of(layout.height()) {
        return;
    }
    let level = (level / layout.height()) as usize;
    if fresh.len() <= level {
        fresh.resize(level + 1, Vec::new());
    }
    fresh[level].extend(hash.as_bytes());
}

/// The tree of `size` entries, from what the levels hold: at most 255 hashes of each. Whether the levels tell
/// the truth shows when its root is compared with a signed one.
///
/// `read` gives `count` hashes of a level from the `first` on, or none if the level has not so many.
///
/// # Errors
/// Those of `read`.
pub fn frontier<E>(
    layout: Layout,
    size: u64,
    mut read: impl FnMut(u32, u64, usize) -> Result<Option<Vec<Hash>>, E>,
) -> Result<Option<Frontier>, E> {
    let mut frontier = Frontier::default();
    for level in (0..layout.levels()).rev() {
        // The level above covers all but these.
        let first = layout.level_length(level + 1, size) << layout.height();
        let count = layout.level_length(level, size) - first;
        if count == 0 {
            continue;
        }
        // Fewer than 256.
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let Some(hashes) = read(level, first, count)? else { return Ok(None) };
        for hash in hashes {
            if frontier.push_subtree(level * layout.height(), hash).is_none() {
                return Ok(None);
            }
        }
    }
    Ok((frontier.size() == size).then_some(frontier))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::tlog::merkle::leaf_hash;

    fn hashes(bytes: &[u8], first: u64, count: usize) -> Option<Vec<Hash>> {
        let first = usize::try_from(first).ok()? * 32;
        let bytes = bytes.get(first..first + count * 32)?;
        Some(bytes.chunks_exact(32).map(|hash| Hash(hash.try_into().unwrap())).collect())
    }

    #[test]
    fn what_is_appended_gives_the_tree_back() {
        let layout = Layout::SMALL;
        let mut builder = Builder::new(layout, Frontier::default());
        let mut levels = vec![Vec::new(); 5];
        for n in 0..600u64 {
            builder.push(leaf_hash(&n.to_be_bytes()));
            // Batches of an odd length, so that they straddle every boundary.
            if n % 7 != 6 {
                continue;
            }
            for piece in builder.take() {
                let level = &mut levels[piece.level as usize];
                assert_eq!(level.len() as u64, piece.first * 32);
                level.extend(piece.bytes);
            }
            let size = n + 1;
            let read = |level: u32, first, count| Ok(hashes(&levels[level as usize], first, count));
            let rebuilt = frontier::<Infallible>(layout, size, read).unwrap();
            assert_eq!(rebuilt.as_ref(), Some(builder.frontier()));
            for (level, bytes) in (0..).zip(&levels) {
                assert_eq!(layout.level_length(level, size) * 32, bytes.len() as u64, "{level}");
            }
        }
        assert_eq!(levels[4].len(), 2 * 32);
    }

    #[test]
    fn any_size_costs_few_reads() {
        let mut reads = 0;
        let read = |_: u32, _: u64, count: usize| {
            reads += count;
            Ok(Some(vec![Hash([7; 32]); count]))
        };
        assert_eq!(
            frontier::<Infallible>(Layout::STANDARD, u64::MAX, read).unwrap().unwrap().size(),
            u64::MAX
        );
        assert_eq!(reads, 255 * 8);
        assert_eq!(frontier::<Infallible>(Layout::STANDARD, 5, |_, _, _| Ok(None)).unwrap(), None);
        assert_eq!(
            frontier::<Infallible>(Layout::STANDARD, 5, |_, _, _| Ok(Some(Vec::new()))).unwrap(),
            None
        );
    }
}
