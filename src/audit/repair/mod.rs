//! What would bring a ledger back to what its log signed, and doing it.
//!
//! ```text
//! RepairQuestion ─ begin ─► LedgerRepair ─ run ─► RepairAnswer
//!   which checkpoint counts,      │ entries, checkpoint, state.json, tree/
//!   and by which key              └ entries are lost for good ─► ResignPlan ─ resign ─► a shorter ledger
//! ```

mod answer;
mod checkpoint;
mod entries;
mod notice;
mod refused;
mod resign;
mod runs;

use std::fs;

use anyhow::Context;

pub use answer::{RepairAnswer, RepairWork};
pub use notice::{CheckpointReason, RepairNotice, TreeOutcome};
pub use refused::RepairRefused;
pub use resign::ResignPlan;
pub use runs::EntryRuns;

use checkpoint::{ChosenCheckpoint, OutsideFacts};

use crate::{
    hash::Hash,
    json::{self, Value},
    ledger::{
        files::{folder::Folder, store, tree},
        pins::Seen,
        repair::Repair,
        snapshot::state::LONGEST,
        write::lock::{LedgerBusy, Lock},
    },
    record::signed::Verifier,
    time::{Span, Time},
    tlog::view::View,
    verify::{ConfirmedTree, GivenKey},
};

/// A ledger that is to be repaired, and by what.
pub struct RepairQuestion<'a> {
    /// The ledger
    pub folder: &'a Folder,
    /// Another copy to restore entries from; none where the ledger must do with its own
    pub copy: Option<RepairCopy<'a>>,
    /// Whether the copy's checkpoint is taken over where it goes further
    pub extend: bool,
    /// The log's key; where it is none, the one that is remembered counts, or that entry 0 names
    pub key: Option<GivenKey>,
    /// What was seen of ledgers before
    pub seen: &'a Seen,
    /// Whether what was seen may be contradicted, and is forgotten then
    pub forget_seen: bool,
    /// Whether to find out only what would be done
    pub rehearse: bool,
    /// How long to wait for the ledger's lock
    pub wait: Span,
    /// Asked while waiting: whether to give up
    pub give_up: fn() -> bool,
}

/// A copy of a ledger, which may be damaged itself.
#[derive(Clone, Copy)]
pub struct RepairCopy<'a> {
    /// What it holds
    pub view: &'a dyn View,
    /// What it is called
    pub name: &'a str,
}

/// One repair, under the ledger's lock.
pub struct LedgerRepair<'a> {
    question: &'a RepairQuestion<'a>,
    facts: OutsideFacts,
    chosen: ChosenCheckpoint,
    repair: Repair<'a>,
    truth: ConfirmedTree<'a>,
    /// Whether a rehearsal found something to do
    pending: bool,
    /// Entries that are in no file at hand
    lost: Vec<u64>,
    /// Files of the copy that could not be read to their end
    unread: Vec<String>,
    work: RepairWork,
    /// None: a rehearsal does without where there is no lock that it could take
    _lock: Option<Lock>,
}

impl<'a> LedgerRepair<'a> {
    /// Takes the lock, and decides which checkpoint the ledger is brought to. Nothing of the ledger is changed yet.
    ///
    /// # Errors
    /// [`RepairRefused`] if there is none that it may be brought to; [`LedgerBusy`] if the lock is held; or the folder is
    /// no ledger.
    pub fn begin(
        question: &'a RepairQuestion<'a>,
        notice: &mut dyn FnMut(RepairNotice),
    ) -> anyhow::Result<Self> {
        let RepairQuestion { folder, copy, rehearse, .. } = question;
        let shown = || folder.path().display().to_string();
        anyhow::ensure!(is_ledger(folder), "{}: no ledger: neither a checkpoint nor entries", shown());
        folder.must_lie_here()?;
        let lock = turn(question)?;
        // Only under the lock is the checkpoint the one that the entries and the tree belong to.
        let facts = OutsideFacts::of(question, notice).with_context(shown)?;
        let chosen = ChosenCheckpoint::of(question, &facts, notice)?;
        let size = chosen.stated.size;
        let asked = copy.map(|copy| (copy.view, chosen.copy_size.unwrap_or(size)));
        let repair = Repair::new(folder, copy.map(|copy| copy.view), *rehearse)?;
        let mut truth = ConfirmedTree::thorough(*folder, asked, size, &chosen.stated.root);
        must_lead(question, size, &truth).with_context(shown)?;
        chosen.must_extend(question, &facts, &mut truth).with_context(shown)?;
        let (lost, unread, work) = (Vec::new(), Vec::new(), RepairWork::default());
        let pending = false;
        Ok(Self { question, facts, chosen, repair, truth, pending, lost, unread, work, _lock: lock })
    }

    /// Repairs, or rehearses it. Where entries are lost for good, `tree/` stays as it is.
    ///
    /// # Errors
    /// [`RepairRefused`] if a longer checkpoint were not whole; or a file cannot be read or written.
    pub fn run(&mut self, notice: &mut dyn FnMut(RepairNotice)) -> anyhow::Result<()> {
        let shown = self.shown();
        self.steps(notice).context(shown)
    }

    fn steps(&mut self, notice: &mut dyn FnMut(RepairNotice)) -> anyhow::Result<()> {
        self.must_have_all(notice)?;
        self.entries(notice)?;
        self.checkpoint(notice)?;
        self.state(notice)?;
        if !self.lost.is_empty() {
            return Ok(());
        }
        self.tree(notice)?;
        if tree::lost(self.question.folder).is_ok_and(|lost| !lost.is_empty()) {
            notice(RepairNotice::HashesLost);
        }
        self.forget(notice)
    }

    /// Entries that are in no file at hand.
    pub fn lost(&self) -> &[u64] {
        &self.lost
    }

    /// Whether the ledger is as it should be, or was brought there.
    pub fn is_done(&self) -> bool {
        !self.pending && self.lost.is_empty()
    }

    /// What it came to.
    pub fn answer(&self) -> RepairAnswer {
        RepairAnswer {
            rehearsed: self.question.rehearse,
            stated: self.chosen.stated.clone(),
            work: self.work.clone(),
            lost: self.lost.clone(),
        }
    }

    fn shown(&self) -> String {
        self.question.folder.path().display().to_string()
    }

    /// After the entries: it is what commits them.
    fn checkpoint(&mut self, notice: &mut dyn FnMut(RepairNotice)) -> anyhow::Result<()> {
        let Some(reason) = self.chosen.reason.clone() else { return Ok(()) };
        self.work.checkpoint = true;
        if self.question.rehearse {
            self.pending = true;
        } else {
            self.repair.replace(&self.question.folder.checkpoint(), self.chosen.note.as_bytes())?;
        }
        notice(RepairNotice::Checkpoint(reason));
        Ok(())
    }

    fn state(&mut self, notice: &mut dyn FnMut(RepairNotice)) -> anyhow::Result<()> {
        let path = self.question.folder.state();
        if fs::symlink_metadata(&path).is_err() || self.state_fits() {
            return Ok(());
        }
        self.work.state = true;
        if self.question.rehearse {
            self.pending = true;
        } else {
            self.repair.set_aside(&path)?;
        }
        notice(RepairNotice::StateSetAside);
        Ok(())
    }

    /// Whether the log signed it for a size that the ledger has reached, and the root that it had then.
    fn state_fits(&mut self) -> bool {
        let bytes = store::read_small(&self.question.folder.state(), LONGEST).ok().flatten();
        let state = bytes.filter(|bytes| bytes.len() <= LONGEST).and_then(|it| json::parse_object(&it).ok());
        let Some(state) = state else { return false };
        let most = self.chosen.stated.size;
        let size = state.get("size").and_then(Value::as_u64).filter(|size| *size <= most);
        let root = state.str("root").and_then(Hash::parse);
        let signers = Verifier::new().signers(&state, Time::EPOCH).unwrap_or_default();
        size.is_some_and(|size| self.truth.root_at(size) == root && root.is_some())
            && signers.contains(&self.facts.key)
    }

    fn tree(&mut self, notice: &mut dyn FnMut(RepairNotice)) -> anyhow::Result<()> {
        let (folder, rehearse) = (self.question.folder, self.question.rehearse);
        let (size, root) = (self.chosen.stated.size, self.chosen.stated.root);
        let outcome = if rehearse && self.pending {
            self.work.tree = None;
            TreeOutcome::Unknown
        } else if tree::is_whole(folder, size, &root)? {
            TreeOutcome::Whole
        } else if rehearse {
            (self.work.tree, self.pending) = (Some(true), true);
            TreeOutcome::WouldBeRebuilt
        } else {
            self.rebuild(size, &root)?;
            TreeOutcome::Rebuilt(size)
        };
        notice(RepairNotice::Tree(outcome));
        Ok(())
    }

    /// Makes `tree/` anew; the old files are kept.
    fn rebuild(&mut self, size: u64, root: &Hash) -> anyhow::Result<()> {
        self.work.tree = Some(true);
        for level in 0..self.question.folder.layout().levels() {
            self.repair.keep(&self.question.folder.level(level), &format!("tree-{level}"))?;
        }
        tree::rebuild(self.question.folder, size, root).map(drop)
    }
}

fn is_ledger(folder: &Folder) -> bool {
    folder.checkpoint().exists() || folder.entries().exists()
}

/// The lock; a rehearsal may do without.
fn turn(question: &RepairQuestion<'_>) -> anyhow::Result<Option<Lock>> {
    let RepairQuestion { folder, rehearse, wait, give_up, .. } = question;
    let shown = || folder.path().display().to_string();
    if *rehearse {
        return folder.lock_to_look(*wait, *give_up).with_context(shown);
    }
    let lock = folder.lock_to_write(*wait, *give_up)?;
    lock.ok_or(LedgerBusy).with_context(shown).map(Some)
}

/// Nothing can be restored where no hash is known.
fn must_lead(question: &RepairQuestion<'_>, size: u64, truth: &ConfirmedTree<'_>) -> anyhow::Result<()> {
    if truth.top() {
        return Ok(());
    }
    let read = |level| Some((level, tree::read(question.folder, level, 0, 1).err()?));
    let unread = (0..question.folder.layout().levels()).find_map(read);
    Err(RepairRefused::Unled { size, with_copy: question.copy.is_some(), unread }.into())
}
