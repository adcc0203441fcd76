//! A copy that a ledger is measured with. What it has is believed as far as it leads to a root that the log signed:
//! this ledger's, or the copy's own.

use anyhow::Context as _;

use super::{confirmed_tree::ConfirmedTree, hash_source::HashSource};
use crate::{
    key::PublicKey,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        view::{MAX_CHECKPOINT, View},
    },
    verify::finding::{Finding, FindingKind},
};

/// Another copy of a ledger, with the name that its reader gives it.
#[derive(Clone, Copy)]
pub struct NamedCopy<'a> {
    /// The copy
    pub view: &'a dyn View,
    /// Its name, for findings
    pub name: &'a str,
}

/// A copy whose checkpoint the log signed.
pub(in crate::verify) struct SignedCopy<'a> {
    view: &'a dyn View,
    name: &'a str,
    pub(in crate::verify) stated: Checkpoint,
}

impl<'a> SignedCopy<'a> {
    /// `origin` is None where neither entry 0 nor a checkpoint of the ledger names it.
    ///
    /// # Errors
    /// If its checkpoint cannot be read, or is not the log's: then it says nothing about the ledger.
    pub(in crate::verify) fn open(
        against: NamedCopy<'a>,
        origin: Option<&str>,
        log: &PublicKey,
    ) -> anyhow::Result<Self> {
        let NamedCopy { view, name } = against;
        let signed = checkpoint(view).with_context(|| name.to_owned())?;
        let verified = signed.verified_by(origin.unwrap_or(&signed.checkpoint().origin), log);
        let verified = verified.with_context(|| {
            format!("{name}: its checkpoint is not signed by {log}, so it says nothing about this ledger")
        })?;
        Ok(Self { view, name, stated: verified.checkpoint().clone() })
    }

    /// The copy, and how many entries it has.
    pub(in crate::verify) fn sized(&self) -> (&'a dyn View, u64) {
        (self.view, self.stated.size)
    }

    /// What can be believed of the copy by its own root.
    pub(in crate::verify) fn truth(&self) -> ConfirmedTree<'a> {
        let sources = vec![HashSource::Tree(self.view), HashSource::entries(self.view)];
        ConfirmedTree::of(sources, self.stated.size, &self.stated.root)
    }

    /// Whether the log signed, here and there, roots that contradict each other. `truth` is of the ledger.
    pub(in crate::verify) fn fork(
        &self,
        stated: &Checkpoint,
        truth: &mut ConfirmedTree<'_>,
    ) -> Option<Finding> {
        let (here, there) = (stated.size, self.stated.size);
        let (common, ours, theirs) = if there <= here {
            (there, truth.root_at(there)?, self.stated.root)
        } else {
            (here, stated.root, self.truth().root_at(here)?)
        };
        let name = self.name;
        let detail = format!(
            "the log signed this ledger of {here} entries and {name} of {there}, and their first {common} are \
             not the same: two histories"
        );
        (ours != theirs).then(|| Finding::new(FindingKind::Forked, detail).in_file("checkpoint"))
    }
}

/// The checkpoint of a copy, also where its line ends were changed.
fn checkpoint(view: &dyn View) -> anyhow::Result<SignedCheckpoint> {
    let bytes = view.checkpoint(MAX_CHECKPOINT)?.context("there is no checkpoint")?;
    SignedCheckpoint::parse_copied(&bytes).context("checkpoint")
}
