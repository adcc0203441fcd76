//! Whether a tree may follow an earlier one of the same log: where rollbacks and forks are refused.
//!
//! A log only grows, so its later trees begin with all the entries of an earlier one (consistency, RFC 6962).
//!
//! ```text
//! earlier    ●●●●●      5 entries, known from somewhere
//! follows    ●●●●●●●    the same 5 come first
//! smaller    ●●●        rolled back
//! parts      ●●●○○○○    a fork: the root at 5 entries was another one
//! ```

use std::fmt;

use super::checkpoint::Checkpoint;
use crate::hash::Hash;

/// The size and root of a tree (a tree head, RFC 6962).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// How many entries it has
    pub size: u64,
    /// Their root hash
    pub root: Hash,
}

impl From<&Checkpoint> for TreeHead {
    fn from(checkpoint: &Checkpoint) -> Self {
        Self { size: checkpoint.size, root: checkpoint.root }
    }
}

/// How a tree stands to an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// It is the earlier one, or has grown from it
    Follows,
    /// It has fewer entries: it was rolled back
    Smaller,
    /// It began with other entries: a fork
    Parts,
    /// Its root at the earlier size is not known
    Unknown,
}

/// How an earlier tree is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// It was verified or written here
    Seen,
    /// It is published
    Published,
    /// The log signed a checkpoint of it
    Signed,
    /// A stub of this name states it
    Stub(String),
}

impl fmt::Display for KnownBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seen => f.write_str("were seen here before"),
            Self::Published => f.write_str("are published there"),
            Self::Signed => f.write_str("were signed by the log before"),
            Self::Stub(name) => write!(f, "are stated by {name}"),
        }
    }
}

/// An earlier tree that no other may take the place of, unless it follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierTree {
    /// Its size and root
    pub head: TreeHead,
    /// How it is known
    pub known: KnownBy,
}

impl EarlierTree {
    /// A tree, and how it is known.
    pub fn new(head: impl Into<TreeHead>, known: KnownBy) -> Self {
        Self { head: head.into(), known }
    }

    /// How a later tree stands to it. `root_at` gives the root that the later one had at the earlier size, None where
    /// that is not known; it is asked only if sizes and roots do not answer.
    ///
    /// # Errors
    /// Those of `root_at`.
    pub fn compare<E>(
        &self,
        later: impl Into<TreeHead>,
        root_at: impl FnOnce(u64) -> Result<Option<Hash>, E>,
    ) -> Result<Consistency, E> {
        let (earlier, later) = (self.head, later.into());
        let then = match later.size.cmp(&earlier.size) {
            std::cmp::Ordering::Less => return Ok(Consistency::Smaller),
            std::cmp::Ordering::Equal => Some(later.root),
            std::cmp::Ordering::Greater => root_at(earlier.size)?,
        };
        Ok(match then {
            Some(root) if root == earlier.root => Consistency::Follows,
            Some(_) => Consistency::Parts,
            None => Consistency::Unknown,
        })
    }

    /// Lets pass what follows.
    ///
    /// # Errors
    /// If a tree of `later` entries, so compared, may not take its place.
    pub fn must_be_followed(&self, compared: Consistency, later: u64) -> Result<(), Inconsistent> {
        let refused = || Inconsistent::new(compared, self.head.size, later, self.known.clone());
        if compared == Consistency::Follows { Ok(()) } else { Err(refused()) }
    }
}

/// Why a tree may not take the place of an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inconsistent {
    /// How it stands to the earlier one; never that it follows
    pub compared: Consistency,
    earlier: u64,
    later: u64,
    known: KnownBy,
}

impl Inconsistent {
    /// A tree of `later` entries that does not follow one of `earlier`.
    pub fn new(compared: Consistency, earlier: u64, later: u64, known: KnownBy) -> Self {
        Self { compared, earlier, later, known }
    }

    /// What is wrong, where `rolled-back` or `forked` was said already.
    pub fn detail(&self) -> String {
        let Self { compared, earlier, later, known } = self;
        match compared {
            Consistency::Smaller => format!("{earlier} entries {known}, now there are {later}"),
            Consistency::Parts => format!("the first {earlier} entries are not those that {known}"),
            Consistency::Unknown | Consistency::Follows => format!(
                "it is not shown that {later} entries go on from the {earlier} that {known}: too many hashes are lost"
            ),
        }
    }
}

impl fmt::Display for Inconsistent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.compared {
            Consistency::Smaller => f.write_str("rolled back: ")?,
            Consistency::Parts => f.write_str("forked: ")?,
            Consistency::Unknown | Consistency::Follows => {}
        }
        f.write_str(&self.detail())
    }
}

impl std::error::Error for Inconsistent {}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(size: u64, root: u8) -> TreeHead {
        TreeHead { size, root: Hash::of(&[root]) }
    }

    #[test]
    fn only_a_tree_with_the_earlier_entries_in_front_follows() {
        let earlier = EarlierTree::new(head(5, 1), KnownBy::Seen);
        let known = |later, then: Option<u8>| {
            let root_at = |size| {
                assert_eq!(size, 5);
                Ok::<_, ()>(then.map(|root| Hash::of(&[root])))
            };
            earlier.compare(later, root_at).unwrap()
        };
        assert_eq!(known(head(5, 1), None), Consistency::Follows);
        assert_eq!(known(head(9, 2), Some(1)), Consistency::Follows);
        assert_eq!(known(head(4, 1), Some(1)), Consistency::Smaller);
        assert_eq!(known(head(5, 2), Some(1)), Consistency::Parts, "of one size, the roots tell");
        assert_eq!(known(head(9, 2), Some(2)), Consistency::Parts);
        assert_eq!(known(head(9, 2), None), Consistency::Unknown);
        assert_eq!(earlier.compare(head(9, 2), |_| Err(7)), Err(7));
    }

    #[test]
    fn a_refusal_says_what_was_known_and_how() {
        let said = |compared, known: KnownBy| {
            let earlier = EarlierTree::new(head(5, 1), known);
            earlier.must_be_followed(compared, 3).map_err(|why| why.to_string())
        };
        assert_eq!(said(Consistency::Follows, KnownBy::Seen), Ok(()));
        for (compared, known, sentence) in [
            (
                Consistency::Smaller,
                KnownBy::Seen,
                "rolled back: 5 entries were seen here before, now there are 3",
            ),
            (
                Consistency::Parts,
                KnownBy::Published,
                "forked: the first 5 entries are not those that are published there",
            ),
            (
                Consistency::Unknown,
                KnownBy::Signed,
                "it is not shown that 3 entries go on from the 5 that were signed by the log before: too many hashes are lost",
            ),
            (
                Consistency::Smaller,
                KnownBy::Stub("the stub a.json:1".to_owned()),
                "rolled back: 5 entries are stated by the stub a.json:1, now there are 3",
            ),
        ] {
            assert_eq!(said(compared, known), Err(sentence.to_owned()));
        }
    }
}
