//! A log that answers only with what verifies: a checkpoint that its key signed, a tree that gives the signed root, and
//! of the entries those that are looked at.
//!
//! ```text
//! entry 0 ─► names the log's key ─► signed the checkpoint? ─► tree/ or the entries lead to its root?
//! line n  ─► has the hash that the root covers? ─► its proofs hold?
//! ```
//!
//! Who asks a question does not want a report. So the first thing that does not verify ends the answer, and says where.
//! What is not looked at is not verified: that is for [`ledger`](super::ledger()).

use std::io;

use super::{
    finding::{Finding, FindingKind, Unverified},
    hashes::confirmed_tree::ConfirmedTree,
    places,
};
use crate::{
    hash::Hash,
    record::signed::Verifier,
    rules::admission::{AdmissionRefusal, AdmissionRule},
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        declaration::LedgerDeclaration,
        entry::{Entry, plain_line},
        merkle::{fold, leaf_hash},
        view::{View, place_of},
    },
};

/// A log, as far as it verifies.
pub struct VerifiedView<'a> {
    view: &'a dyn View,
    /// What entry 0 declares
    pub declaration: LedgerDeclaration,
    tree: ConfirmedTree<'a>,
    rule: AdmissionRule,
    verifier: Verifier,
}

impl<'a> VerifiedView<'a> {
    /// Checks that the key which entry 0 names signed the checkpoint, that entries or tree lead to its root, and that
    /// entry 0 is under that.
    ///
    /// # Errors
    /// [`Unverified`] if not; or something cannot be read.
    pub fn open(view: &'a dyn View, signed: &SignedCheckpoint) -> anyhow::Result<Self> {
        let line = line(view, 0)?;
        let declaration = LedgerDeclaration::parse(&line).map_err(|why| {
            let detail = format!("entry 0 does not declare the ledger: {why}");
            at_entry(view, 0, FindingKind::BadGenesis, detail)
        })?;
        let genesis = &declaration.genesis;
        signed.verified_by(&genesis.origin, &genesis.log).map_err(|why| {
            let detail = format!("not signed by the key that entry 0 names: {why}");
            Unverified::from(Finding::new(FindingKind::CheckpointSignature, detail).in_file("checkpoint"))
        })?;
        let rule = AdmissionRule::of_copy(Some(&genesis.writers));
        let tree = tree(view, signed.checkpoint())?;
        let mut open = Self { view, declaration, tree, rule, verifier: Verifier::new() };
        open.check_line(0, &line)?;
        Ok(open)
    }

    /// Checks that a line is the entry of this number.
    ///
    /// # Errors
    /// If it is not, or there is no knowing.
    pub fn check_line(&mut self, n: u64, line: &[u8]) -> Result<(), Unverified> {
        let (kind, detail) = match self.tree.has_line(n, line) {
            Some(true) => return Ok(()),
            Some(false) => {
                (FindingKind::Modified, format!("entry {n} is not the one that the signed root covers"))
            }
            None => (
                FindingKind::RootMismatch,
                format!("neither tree/ nor the entries beside entry {n} lead to the signed root"),
            ),
        };
        Err(at_entry(self.view, n, kind, detail))
    }

    /// Checks that lines are the entries from this number on. Where they are a whole block of the tree, its one hash
    /// tells, unless one of them is to be named.
    ///
    /// # Errors
    /// If one is not, or there is no knowing.
    pub fn check_lines(&mut self, first: u64, lines: &[Vec<u8>]) -> Result<(), Unverified> {
        let width = self.view.layout().hashes_per_tile();
        if first.is_multiple_of(width) && lines.len() as u64 == width {
            let leaves: Vec<Hash> = lines.iter().map(|line| leaf_hash(line)).collect();
            if self.tree.hash(1, first / width) == Some(fold(&leaves)) {
                return Ok(());
            }
        }
        (first..).zip(lines).try_for_each(|(n, line)| self.check_line(n, line))
    }

    /// Reads a line that was checked as the entry that it is.
    ///
    /// # Errors
    /// If it is none, or another one.
    pub fn entry(&self, n: u64, line: &[u8]) -> Result<Entry, Unverified> {
        let malformed = |detail| at_entry(self.view, n, FindingKind::Malformed, detail);
        let entry = Entry::parse_lenient(line).map_err(|why| malformed(format!("no entry: {why}")))?;
        if entry.n == n {
            Ok(entry)
        } else {
            Err(malformed(format!("entry {n} says that it is entry {}", entry.n)))
        }
    }

    /// Checks that the proofs of an entry hold, and that it has those which the ledger demands of all.
    ///
    /// # Errors
    /// If not.
    pub fn check_proofs(&mut self, entry: &Entry) -> Result<(), Unverified> {
        let rule = if entry.n == 0 { &AdmissionRule::IfSigned } else { &self.rule };
        let review = rule.review(&mut self.verifier, &entry.record, entry.received);
        // Where anyone may write, a proof that does not hold was let in by the ledger's own rule.
        let lenient = entry.n > 0 && self.rule == AdmissionRule::IfSigned;
        let mut refusals = review.refusals.iter().filter(|_| !lenient);
        match refusals.find(|refusal| **refusal != AdmissionRefusal::Time) {
            None => Ok(()),
            Some(refusal) => Err(self.refused(entry.n, refusal.into(), refusal.to_string())),
        }
    }

    /// What is wrong with an entry.
    pub fn refused(&self, n: u64, kind: FindingKind, why: impl Into<String>) -> Unverified {
        at_entry(self.view, n, kind, format!("entry {n}: {}", why.into()))
    }

    /// The root that the tree had at a smaller size; `None`: it is not known.
    pub fn root_at(&mut self, size: u64) -> Option<Hash> {
        self.tree.root_at(size)
    }

    /// A hash of the tree; `None`: it is not known.
    pub(super) fn hash(&mut self, level: u32, index: u64) -> Option<Hash> {
        self.tree.hash(level, index)
    }
}

/// What can be believed of the tree, at least its root. Of a folder's entries all are read where its tree is damaged;
/// to fetch them all from elsewhere would be too much.
fn tree<'a>(view: &'a dyn View, stated: &Checkpoint) -> Result<ConfirmedTree<'a>, Unverified> {
    let Checkpoint { size, root, .. } = stated;
    let tree = match view.kind() {
        "ledger" => ConfirmedTree::thorough(view, None, *size, root),
        _ => ConfirmedTree::new(view, None, *size, root),
    };
    if tree.top() {
        return Ok(tree);
    }
    let detail = format!("neither the entries nor tree/ lead to the root that is signed for {size} entries");
    Err(Finding::new(FindingKind::RootMismatch, detail).in_file("checkpoint").into())
}

/// The line of an entry that has to be there, as it would be without the line ends of another system.
///
/// # Errors
/// [`Unverified`] if it is not, or its file is not what it should be; or it cannot be read.
pub(super) fn line(view: &dyn View, n: u64) -> anyhow::Result<Vec<u8>> {
    match places::line(view, n) {
        Ok(Some(line)) => Ok(plain_line(&line, view.layout().place_in_file(n) == 0).to_vec()),
        Ok(None) => Err(at_entry(view, n, FindingKind::Missing, format!("entry {n} is missing")).into()),
        Err(why) => Err(unread(view, n, &why).map_or(why.into(), anyhow::Error::from)),
    }
}

/// What is wrong with a log of which an entry cannot be read; `None`: it is the disk that failed.
pub fn unread(view: &dyn View, n: u64, why: &io::Error) -> Option<Unverified> {
    let (kind, detail) = match why.kind() {
        io::ErrorKind::NotFound => (FindingKind::Missing, format!("entry {n} is missing, with its file")),
        io::ErrorKind::InvalidData => (FindingKind::Malformed, format!("entry {n} cannot be read: {why}")),
        _ => return None,
    };
    Some(at_entry(view, n, kind, detail))
}

/// What does not verify of an entry, at its place.
pub fn at_entry(view: &dyn View, n: u64, kind: FindingKind, detail: String) -> Unverified {
    let (file, line) = place_of(view, n);
    Finding::new(kind, detail).in_file(file).at_line(line).about(n).into()
}
