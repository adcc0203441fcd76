//! Up to where the ledgers of a contract count, and the root over what counts.

use super::refused::ContractRefused;
use crate::{hash::Hash, time::Time, tlog::merkle::Frontier};

/// Up to where the ledgers count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContractCut {
    /// All of them
    #[default]
    None,
    /// What arrived at this time or before
    AsOf(Time),
    /// The first so many entries, of one ledger
    At(u64),
}

impl ContractCut {
    /// Whether an entry lies beyond it.
    pub(super) fn excludes(self, n: u64, arrival: Time) -> bool {
        match self {
            Self::None => false,
            Self::AsOf(as_of) => arrival > as_of,
            Self::At(size) => n >= size,
        }
    }
}

/// The tree over a ledger's entries as they are evaluated.
#[derive(Clone, Default)]
pub(super) struct CutTree {
    all: Frontier,
    /// What lies within the cut, once something lies beyond
    within: Option<Frontier>,
}

impl CutTree {
    /// Takes an entry, which lies beyond the cut or not, with its leaf hash where a root is wanted. Answers whether it
    /// counts, as all before it.
    pub(super) fn push(&mut self, beyond: bool, leaf: Option<Hash>) -> bool {
        if beyond && self.within.is_none() {
            self.within = Some(self.all.clone());
        }
        if let Some(leaf) = leaf {
            self.all.push(leaf);
        }
        self.within.is_none()
    }

    /// The root over what lies within the cut. What was verified and what was evaluated were read one after
    /// the other, so they are compared.
    pub(super) fn root(&self, verified: Option<(u64, Hash)>) -> Result<Hash, ContractRefused> {
        if verified.is_some_and(|verified| verified != (self.all.size(), self.all.root())) {
            return Err(ContractRefused::Changed);
        }
        Ok(self.root_within())
    }

    /// The root over what lies within the cut.
    pub(super) fn root_within(&self) -> Hash {
        self.within().root()
    }

    /// What lies within the cut.
    pub(super) fn within(&self) -> &Frontier {
        self.within.as_ref().unwrap_or(&self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::merkle::leaf_hash;

    #[test]
    fn what_is_evaluated_is_what_was_verified() {
        let lines: [&[u8]; 4] = [b"0", b"1", b"2", b"3"];
        let frontier = |lines: &[&[u8]]| {
            let mut frontier = Frontier::default();
            for line in lines {
                frontier.push(leaf_hash(line));
            }
            frontier.root()
        };
        // the last two lie beyond the cut, and nothing after them is within
        let tree = |lines: &[&[u8]]| {
            let mut tree = CutTree::default();
            let within = lines
                .iter()
                .zip([false, false, true, false])
                .map(|(line, beyond)| tree.push(beyond, Some(leaf_hash(line))));
            assert_eq!(within.collect::<Vec<_>>(), [true, true, false, false][..lines.len()]);
            tree
        };
        assert_eq!(tree(&lines).root(Some((4, frontier(&lines)))).unwrap(), frontier(&lines[..2]));
        assert_eq!(tree(&lines).root(None).unwrap(), frontier(&lines[..2]));
        let other: [&[u8]; 4] = [b"0", b"x", b"2", b"3"];
        for changed in [&other[..], &lines[..3], &[]] {
            assert!(tree(changed).root(Some((4, frontier(&lines)))).is_err(), "{changed:?}");
        }
    }
}
