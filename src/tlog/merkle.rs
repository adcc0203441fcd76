//! The Merkle tree over entries (RFC 6962 §2.1, RFC 9162 §2.1).
//!
//! ```text
//!             root                 leaf  SHA-256(00 ‖ line without LF)
//!            /    \                node  SHA-256(01 ‖ left ‖ right)
//!         [0,4)    \
//!        /     \    \              A tree of 5 entries has two peaks, [0,4) and [4,5):
//!     [0,2)   [2,4)  \             one complete subtree for every bit of its size.
//!     /  \     /  \   \
//!    0    1   2    3   4
//! ```

use crate::hash::Hash;

/// The hash of an entry's line, which is given without its line feed.
pub fn leaf_hash(line: &[u8]) -> Hash {
    Hash::of_all(&[&[0], line])
}

/// The hash of two neighbouring subtrees of equal size.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left.as_bytes());
    bytes[33..].copy_from_slice(right.as_bytes());
    Hash::of(&bytes)
}

/// The root over some hashes, side by side.
pub fn fold(hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    for hash in hashes {
        frontier.push(*hash);
    }
    frontier.root()
}

/// What of a tree is needed to make it grow: its size and its peaks, at most 64 hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// Largest subtree first: one for every bit of `size`.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// How many entries the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The peaks with their levels, largest first: a peak of level k covers 2^k entries.
    pub fn peaks(&self) -> impl Iterator<Item = (u32, &Hash)> {
        let levels = (0..64).rev().filter(|level| self.size >> level & 1 == 1);
        levels.zip(&self.peaks)
    }

    /// Adds the next entry.
    ///
    /// # Panics
    /// Beyond 2^64 − 1 entries.
    pub fn push(&mut self, leaf: Hash) {
        self.push_with(leaf, |_, _| {});
    }

    /// Adds the next entry, and says every complete subtree that comes into being by it: its level, 0 being
    /// the leaf itself, and its hash.
    ///
    /// # Panics
    /// Beyond 2^64 − 1 entries.
    pub fn push_with(&mut self, leaf: Hash, completed: impl FnMut(u32, &Hash)) {
        self.grow(0, leaf, completed).expect("nobody has written 2^64 entries");
    }

    /// Adds the next 2^level entries by the hash of their subtree. None, and no change, if the tree's size is
    /// no multiple of 2^level, or the sum has more than 64 bits.
    #[must_use]
    pub fn push_subtree(&mut self, level: u32, hash: Hash) -> Option<()> {
        self.grow(level, hash, |_, _| {})
    }

    /// As [`Frontier::push_subtree`], and says every complete subtree that comes into being by it.
    #[must_use]
    pub fn push_subtree_with(
        &mut self,
        level: u32,
        hash: Hash,
        completed: impl FnMut(u32, &Hash),
    ) -> Option<()> {
        self.grow(level, hash, completed)
    }

    fn grow(&mut self, level: u32, mut hash: Hash, mut completed: impl FnMut(u32, &Hash)) -> Option<()> {
        let width = 1u64.checked_shl(level)?;
        let size = self.size.checked_add(width).filter(|_| self.size.is_multiple_of(width))?;
        completed(level, &hash);
        for height in level..(self.size >> level).trailing_ones() + level {
            // Every low bit that is set is a peak that has waited for its right neighbour.
            let left = self.peaks.pop()?;
            hash = node_hash(&left, &hash);
            completed(height + 1, &hash);
        }
        self.peaks.push(hash);
        self.size = size;
        Some(())
    }

    /// The root: of no entries the SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(smallest) = peaks.next() else { return Hash::of(b"") };
        peaks.fold(*smallest, |right, left| node_hash(left, &right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6962 §2.1, as it is written there.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of(b""),
            [leaf] => *leaf,
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node_hash(&by_definition(&leaves[..split]), &by_definition(&leaves[split..]))
            }
        }
    }

    fn leaves(count: u8) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&[n])).collect()
    }

    #[test]
    fn roots_are_those_of_the_definition() {
        let leaves = leaves(70);
        let mut frontier = Frontier::default();
        for size in 0..leaves.len() {
            assert_eq!(frontier.root(), by_definition(&leaves[..size]), "{size}");
            assert_eq!(frontier.peaks().map(|(level, _)| 1u64 << level).sum::<u64>(), frontier.size());
            frontier.push(leaves[size]);
        }
    }

    #[test]
    fn known_leaf_and_empty_root() {
        let empty_leaf = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(leaf_hash(b"").to_string(), empty_leaf);
        let empty_root = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Frontier::default().root().to_string(), empty_root);
    }

    #[test]
    fn subtrees_stand_for_their_leaves_where_they_fit() {
        let leaves = leaves(23);
        let mut whole = Frontier::default();
        for leaf in &leaves {
            whole.push(*leaf);
        }
        let mut parts = Frontier::default();
        assert_eq!(parts.push_subtree(4, by_definition(&leaves[..16])), Some(()));
        assert_eq!(parts.push_subtree(2, by_definition(&leaves[16..20])), Some(()));
        let before = parts.clone();
        assert_eq!(parts.push_subtree(3, leaves[0]), None);
        assert_eq!(parts.push_subtree(64, leaves[0]), None);
        assert_eq!(parts, before);
        for leaf in &leaves[20..] {
            parts.push(*leaf);
        }
        assert_eq!(parts, whole);
    }

    #[test]
    fn sizes_end_at_64_bits() {
        let mut frontier = Frontier::default();
        for level in (0..64).rev() {
            assert_eq!(frontier.push_subtree(level, Hash([7; 32])), Some(()));
        }
        assert_eq!(frontier.size(), u64::MAX);
        assert_eq!(frontier.push_subtree(0, Hash([7; 32])), None);
    }

    #[test]
    fn completed_subtrees_are_said_once_each() {
        let mut frontier = Frontier::default();
        let mut said = Vec::new();
        for leaf in leaves(8) {
            frontier.push_with(leaf, |level, hash| said.push((level, *hash)));
        }
        let levels: Vec<u32> = said.iter().map(|(level, _)| *level).collect();
        assert_eq!(levels, [0, 0, 1, 0, 0, 1, 2, 0, 0, 1, 0, 0, 1, 2, 3]);
        assert_eq!(said[14].1, frontier.root());
    }
}
