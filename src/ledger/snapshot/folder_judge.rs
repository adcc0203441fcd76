//! The judge of a ledger, kept level with its folder: begun with `state.json` or entry 0, brought up to the entries
//! that others wrote, and kept beside them from time to time.

use super::{dropped, replay, state};
use crate::{
    hash::Hash,
    key::SecretKey,
    ledger::files::folder::Folder,
    record::{claim::RecordClaim, genesis::Genesis},
    rules::{judge::Judge, registry::RegistryRefusal},
    tlog::{arrival::EntryTimes, checkpoint::Checkpoint, merkle::Frontier},
};

/// How many entries `state.json` lags behind before it is written again: to read so many takes less than it.
const LAG: u64 = 4_096;

/// A judge, and how much of the folder it knows. Where it takes no enrolment to write, it knows entry 0 alone: what
/// the others say decides nothing.
pub struct FolderJudge {
    genesis: Genesis,
    ledger: Hash,
    judge: Judge,
    /// How many entries it knows; 0: it has not looked yet, or what it saw was wrong
    size: u64,
    /// The size of which one is kept; `None`: what is kept is wrong
    kept: Option<u64>,
}

impl FolderJudge {
    /// The judge of the ledger of this id that entry 0 declares.
    pub fn new(genesis: &Genesis, ledger: Hash) -> Self {
        let judge = Judge::new(genesis, ledger);
        Self { genesis: genesis.clone(), ledger, judge, size: 0, kept: Some(0) }
    }

    /// The judge as it is.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// Takes note that the ledger has so many entries now, which others may have written, and of its tree where that
    /// is known. Answers what the operator should know.
    ///
    /// # Errors
    /// If what the entries say is needed and cannot be read.
    pub fn catch_up(
        &mut self,
        folder: &Folder,
        size: u64,
        tree: Option<&Frontier>,
    ) -> anyhow::Result<Option<String>> {
        if !self.judge.is_enrolled_only() {
            return Ok(None);
        }
        // What was let in and then not written never was.
        let begins = self.size == 0 || self.size > size;
        let unfit = if begins { self.begin(folder, tree) } else { None };
        let range = std::mem::take(&mut self.size)..size;
        if let Err(why) = replay::entries(&mut self.judge, folder, range.clone(), tree) {
            if begins {
                return Err(dropped::explained(folder, range.start.max(1), unfit, why));
            }
            // Others wrote entries and dropped them since: then what is kept knows them.
            return self.catch_up(folder, size, tree);
        }
        self.size = size;
        Ok(unfit.map(|why| format!("state.json counts for nothing and is made anew: {why}")))
    }

    /// Begins with what is kept, or with entry 0. Answers why what is kept counts for nothing, if so.
    fn begin(&mut self, folder: &Folder, tree: Option<&Frontier>) -> Option<String> {
        let kept = tree.map_or(Ok(None), |tree| state::load(folder, &self.genesis, self.ledger, tree));
        let (kept, unfit) = match kept {
            Ok(kept) => (kept, None),
            Err(why) => (None, Some(format!("{why:#}"))),
        };
        self.kept = unfit.is_none().then(|| kept.as_ref().map_or(0, |(_, size)| *size));
        (self.judge, self.size) = kept.unwrap_or_else(|| (Judge::new(&self.genesis, self.ledger), 0));
        unfit
    }

    /// Takes the entry that comes next, if it keeps the registry's rules.
    ///
    /// # Errors
    /// If it breaks them: then nothing has changed.
    pub fn admit(&mut self, times: EntryTimes, claim: &RecordClaim) -> Result<(), RegistryRefusal> {
        self.judge.admit_next(self.size, times, claim)?;
        self.size += 1;
        Ok(())
    }

    /// Keeps the registry, once what entered is written, unless the one that is kept is of late.
    ///
    /// # Errors
    /// If it cannot be written, which is no harm to the ledger.
    pub fn keep(&mut self, folder: &Folder, stated: &Checkpoint, key: &SecretKey) -> anyhow::Result<()> {
        let lag = LAG.max(self.judge.registry().weight() as u64 / 64);
        let late = self.kept.is_none_or(|kept| stated.size >= kept + lag);
        // One that did not catch up knows nothing that is worth keeping.
        if !late || stated.size != self.size || !self.judge.is_settled() {
            return Ok(());
        }
        state::keep(folder, &self.judge, stated, key)?;
        self.kept = Some(stated.size);
        Ok(())
    }
}
