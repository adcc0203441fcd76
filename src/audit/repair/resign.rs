//! When entries are lost for good: a new checkpoint over what comes before them.
//!
//! What it may do is little: shorten the ledger to its longest beginning of which every entry is under a root
//! that the log signed. It signs no entry that was not signed before.

use anyhow::{Context, ensure};

use super::{LedgerRepair, checkpoint::must_not_be_older, notice::RepairNotice, refused::RepairRefused};
use crate::{
    key::SecretKey,
    ledger::{
        files::{entries, tree},
        pins::{KnowingAct, Sight},
    },
    tlog::checkpoint::{Checkpoint, SignedCheckpoint},
};

/// A shorter checkpoint that may be signed.
#[derive(Debug)]
pub struct ResignPlan {
    stated: Checkpoint,
    /// How many entries the checkpoint before it covers
    before: u64,
}

impl LedgerRepair<'_> {
    /// What would be signed: all entries before the first lost one.
    ///
    /// # Errors
    /// [`RepairRefused`] if that contradicts what was seen, or the copy was not read to its end; or nothing is left.
    pub fn resign_plan(&mut self) -> anyhow::Result<ResignPlan> {
        let shown = self.shown();
        self.plan().context(shown)
    }

    fn plan(&mut self) -> anyhow::Result<ResignPlan> {
        let size = *self.lost.first().context("no entry is lost, so nothing is to be signed anew")?;
        ensure!(size > 0, "entry 0 is lost, and without it this is no ledger: begin a new one");
        if !self.unread.is_empty() {
            return Err(RepairRefused::UnreadCopy.into());
        }
        let root = self.truth.root_at(size).with_context(|| format!("no root of {size} entries is known"))?;
        let stated = Checkpoint { origin: self.chosen.stated.origin.clone(), size, root };
        self.must_not_contradict(&stated)?;
        Ok(ResignPlan { stated, before: self.chosen.stated.size })
    }

    fn must_not_contradict(&self, stated: &Checkpoint) -> Result<(), RepairRefused> {
        let sight = self.facts.sight.as_ref().filter(|_| !self.question.forget_seen);
        let Some(sight) = sight else { return Ok(()) };
        must_not_be_older(stated, sight.checkpoint.checkpoint()).map_err(RepairRefused::Contradicts)
    }

    /// Whether a key is the log's, so that it may sign.
    ///
    /// # Errors
    /// If not: which one is.
    pub fn must_be_log_key(&self, key: &SecretKey) -> anyhow::Result<()> {
        let (log, shown) = (&self.facts.key, self.shown());
        ensure!(key.public() == *log, "{shown}: the key that signs this ledger is {log}");
        Ok(())
    }

    /// Signs the entries before the first lost one, and sets aside what stands behind them; a rehearsal only tells.
    ///
    /// # Errors
    /// If the key is not the log's, or a file cannot be read or written.
    pub fn resign(
        &mut self,
        plan: ResignPlan,
        key: &SecretKey,
        notice: &mut dyn FnMut(RepairNotice),
    ) -> anyhow::Result<()> {
        self.must_be_log_key(key)?;
        self.work.checkpoint = true;
        let (size, before) = (plan.stated.size, plan.before);
        if self.question.rehearse {
            (self.chosen.stated, self.work.tree) = (plan.stated, None);
        } else {
            let shown = self.shown();
            self.shorten(plan.stated, key, notice).context(shown)?;
        }
        notice(RepairNotice::Resigned { size, before });
        Ok(())
    }

    fn shorten(
        &mut self,
        stated: Checkpoint,
        key: &SecretKey,
        notice: &mut dyn FnMut(RepairNotice),
    ) -> anyhow::Result<()> {
        let folder = self.question.folder;
        self.cut(stated.size)?;
        let signed =
            SignedCheckpoint::sign(stated.clone(), key).context("an origin that can be no key's name")?;
        // What was seen goes before what contradicts it comes: otherwise no writer could go on after a power cut.
        self.forget(notice)?;
        self.repair.replace(&folder.checkpoint(), signed.to_string().as_bytes())?;
        let (size, root) = (stated.size, stated.root);
        self.chosen.stated = stated;
        if !tree::is_whole(folder, size, &root)? {
            self.rebuild(size, &root)?;
        }
        self.remember(signed, notice);
        Ok(())
    }

    /// Takes away all files and lines from an entry on; they are kept.
    fn cut(&mut self, size: u64) -> anyhow::Result<()> {
        let folder = self.question.folder;
        for (first, _) in entries::list(folder)?.into_iter().rev() {
            if first >= size {
                self.repair.set_aside(&entries::path(folder, first))?;
            } else if first + folder.layout().entries_per_file() > size {
                let leaves = self.truth.leaves(first, usize::try_from(size - first)?);
                self.repair.cut(first, &leaves)?;
            }
        }
        Ok(())
    }

    /// Forgets what was seen, if that was demanded and contradicts; what is forgotten is kept beside the ledger.
    pub(super) fn forget(&self, notice: &mut dyn FnMut(RepairNotice)) -> anyhow::Result<()> {
        let (Some(sight), Some((origin, id))) = (&self.facts.sight, &self.facts.named) else { return Ok(()) };
        let seen = sight.checkpoint.checkpoint();
        let contradicts = !self.lost.is_empty() || seen.size > self.chosen.stated.size;
        if !self.question.forget_seen || self.question.rehearse || !contradicts {
            return Ok(());
        }
        self.repair.keep_bytes("seen", sight.to_string().as_bytes())?;
        self.question.seen.forget(origin, id)?;
        notice(RepairNotice::Forgotten(seen.size));
        Ok(())
    }

    fn remember(&self, checkpoint: SignedCheckpoint, notice: &mut dyn FnMut(RepairNotice)) {
        let Some((_, id)) = &self.facts.named else { return };
        let sight = Sight { key: self.facts.key.clone(), checkpoint };
        if let Err(error) = self.question.seen.remember(id, &sight, Some(KnowingAct::Written)) {
            notice(RepairNotice::Unremembered(error));
        }
    }
}
