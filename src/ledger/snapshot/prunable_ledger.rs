//! A ledger that is about to drop entries: what of the registry must be kept before, since what those entries say
//! goes with them.
//!
//! ```text
//! state.json   of the log key   as of the cut or later   what the entries say, while all are there   on disk
//! ```
//!
//! From then on it is no speed-up any more but the only copy.

use anyhow::Context;

use super::{replay, state};
use crate::{
    hash::Hash,
    key::SecretKey,
    ledger::files::{closed::Closed, folder::Folder, read::Reader, store, tree},
    record::genesis::Genesis,
    rules::judge::Judge,
    tlog::merkle::Frontier,
};

/// A ledger that is about to lose entries, where only the enrolled may write.
pub struct PrunableLedger<'a> {
    /// Its closed files
    pub closed: &'a Closed,
    /// What entry 0 declares
    pub genesis: &'a Genesis,
    /// Its id
    pub ledger: Hash,
}

impl PrunableLedger<'_> {
    /// Why what is kept of the registry will not do when the entries before this one are gone; nothing if it will.
    ///
    /// # Errors
    /// If the entries that it is compared with cannot be read.
    pub fn lacks(&self, cut: u64) -> anyhow::Result<Option<String>> {
        Ok(match self.kept() {
            Err(why) => Some(format!("state.json counts for nothing ({why:#})")),
            Ok(None) => Some("there is no state.json".to_owned()),
            Ok(Some((_, size))) if size < cut => Some(format!("state.json knows {size} entries only")),
            Ok(Some((judge, size))) if !self.is_said(&judge, size)? => {
                Some("state.json is not what the entries say".to_owned())
            }
            Ok(Some(_)) => None,
        })
    }

    /// Keeps the registry as of now, signed by the log key.
    ///
    /// # Errors
    /// If entries cannot be read, or it cannot be written.
    pub fn keep(&self, key: &SecretKey) -> anyhow::Result<()> {
        let (mut judge, size) = self.begin()?;
        let stated = self.closed.stated();
        replay::entries(&mut judge, self.folder(), size..stated.size, Some(&self.tree()?))?;
        let _lock = self.closed.lock()?;
        state::keep(self.folder(), &judge, stated, key)
    }

    /// Makes `state.json` durable: the command that wrote it, or copied it here, may not have.
    ///
    /// # Errors
    /// If it cannot be synced.
    pub fn make_durable(&self) -> anyhow::Result<()> {
        store::sync(&self.folder().state())?;
        store::sync_folder(self.folder().path())
    }

    fn folder(&self) -> &Folder {
        self.closed.folder()
    }

    fn kept(&self) -> anyhow::Result<Option<(Judge, u64)>> {
        state::load(self.folder(), self.genesis, self.ledger, &self.tree()?)
    }

    fn tree(&self) -> anyhow::Result<Frontier> {
        let tree = tree::stated(self.folder(), self.closed.stated())?;
        tree.context("tree/ does not give the signed root; run foil chain repair")
    }

    /// Whether it is what the entries say: later they are gone. Where some are gone already, it cannot be checked.
    fn is_said(&self, kept: &Judge, size: u64) -> anyhow::Result<bool> {
        if !self.is_whole()? {
            return Ok(true);
        }
        let (tree, mut kept) = (self.tree()?, kept.clone());
        let mut said = Judge::new(self.genesis, self.ledger);
        replay::entries(&mut said, self.folder(), 0..tree.size(), Some(&tree))?;
        replay::entries(&mut kept, self.folder(), size..tree.size(), Some(&tree))?;
        Ok(said.registry() == kept.registry())
    }

    /// Begins with entry 0, or, where entries went before, with what is kept.
    fn begin(&self) -> anyhow::Result<(Judge, u64)> {
        let kept = if self.is_whole()? { None } else { self.kept()? };
        Ok(kept.unwrap_or_else(|| (Judge::new(self.genesis, self.ledger), 0)))
    }

    fn is_whole(&self) -> anyhow::Result<bool> {
        Ok(Reader::open(self.folder().clone())?.dropped()?.is_empty())
    }
}
