//! Statements about a ledger from outside: at some size it had some root.
//!
//! ```text
//! seen here before          1,200 entries ─┐
//! stub in driver.json       3,400          ├─► compared with the tree when it grows past each size
//! stub in receipts.jsonl    8,000         ─┘
//! ```

use crate::{hash::Hash, tlog::merkle::Frontier};

/// The source of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) enum StatementSource {
    /// What was verified here before
    Seen,
    /// The stub of this number
    Stub(usize),
    /// The successor of this number
    Claim(usize),
}

/// One size and root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::verify) struct OutsideStatement {
    pub(in crate::verify) size: u64,
    pub(in crate::verify) root: Hash,
    pub(in crate::verify) by: StatementSource,
    /// The root that the entries give at this size; `None`: it is not known yet
    pub(in crate::verify) then: Option<Hash>,
}

/// Statements in the order of their sizes, while the tree grows.
#[derive(Debug, Default)]
pub(in crate::verify) struct StatementWatch {
    statements: Vec<OutsideStatement>,
    /// The first that the tree has not passed
    next: usize,
}

impl OutsideStatement {
    pub(in crate::verify) fn new(size: u64, root: Hash, by: StatementSource) -> Self {
        Self { size, root, by, then: None }
    }

    /// Whether the entries that were read give this root; None as long as that is not known.
    pub(in crate::verify) fn same(&self) -> Option<bool> {
        self.then.map(|then| then == self.root)
    }
}

impl StatementWatch {
    pub(in crate::verify) fn new(mut statements: Vec<OutsideStatement>) -> Self {
        statements.sort_by_key(|statement| statement.size);
        let mut watch = Self { statements, next: 0 };
        watch.pass(0, || Frontier::default().root());
        watch
    }

    /// Takes the tree's growth to a size: if there are statements on just this one, they are compared with
    /// its root, which is not computed otherwise.
    pub(in crate::verify) fn pass(&mut self, size: u64, root: impl FnOnce() -> Hash) {
        while self.statements.get(self.next).is_some_and(|statement| statement.size < size) {
            self.next += 1;
        }
        let from = self.next;
        while self.statements.get(self.next).is_some_and(|statement| statement.size == size) {
            self.next += 1;
        }
        if from < self.next {
            let root = root();
            for statement in &mut self.statements[from..self.next] {
                statement.then = Some(root);
            }
        }
    }

    /// The sizes among the first so many behind `first` that statements are about and the tree has not passed.
    pub(in crate::verify) fn sizes(&self, first: u64, count: u64) -> impl Iterator<Item = u64> {
        let ahead = self.statements[self.next..].iter().map(|statement| statement.size);
        ahead.filter(move |size| *size > first && size - first <= count)
    }

    /// All statements, smallest size first.
    pub(in crate::verify) fn statements(&self) -> &[OutsideStatement] {
        &self.statements
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::merkle::leaf_hash;

    #[test]
    fn every_statement_is_compared_at_its_size() {
        let mut grown = Frontier::default();
        let mut roots = vec![grown.root()];
        for n in 0..5u8 {
            grown.push(leaf_hash(&[n]));
            roots.push(grown.root());
        }
        let say = |size: u64, of: usize| OutsideStatement::new(size, roots[of], StatementSource::Seen);
        let mut watch = StatementWatch::new(vec![
            say(5, 5),
            say(3, 3),
            say(3, 2),
            say(0, 0),
            say(0, 1),
            say(9, 5),
            say(1, 1),
        ]);
        assert_eq!(watch.sizes(1, 2).collect::<Vec<_>>(), [3, 3]);
        let mut computed = 0;
        // The tree is lost between 1 and 3, and is known again from there on.
        for size in [2, 3, 4, 5] {
            watch.pass(size, || {
                computed += 1;
                roots[usize::try_from(size).unwrap()]
            });
        }
        let said: Vec<_> = watch.statements().iter().map(|say| (say.size, say.same())).collect();
        let expected = [
            (0, Some(true)),
            (0, Some(false)),
            (1, None),
            (3, Some(true)),
            (3, Some(false)),
            (5, Some(true)),
            (9, None),
        ];
        assert_eq!((said, computed), (expected.to_vec(), 2));
    }
}
