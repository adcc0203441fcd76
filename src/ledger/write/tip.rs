//! Step 2 of the commit protocol: the ledger as it is now, checked against its checkpoint and against what was
//! seen before.

use std::{fs, sync::Arc};

use anyhow::{Context, ensure};

use super::{end, text_changed::TextChanged};
use crate::{
    hash::Hash,
    key::SecretKey,
    ledger::{
        files::{folder::Folder, tree},
        pins::{KnowingAct, Seen, Sight, Successor},
    },
    tlog::{
        arrival::{ClockTrail, EntryTimes},
        checkpoint::{Checkpoint, SignedCheckpoint},
        consistency::{Consistency, EarlierTree, KnownBy},
        entry::plain_line,
        merkle::{Frontier, leaf_hash},
        note, tile,
        view::View as _,
    },
};

/// A ledger whose log key we have.
pub struct OwnLedger {
    /// Where it lies
    pub folder: Folder,
    /// The log's name, as entry 0 declares it
    pub origin: String,
    /// Its log key
    pub key: Arc<SecretKey>,
    /// Its id
    pub id: Hash,
    /// The leaf hash of the entry 0 that was read
    pub declaration: Hash,
    /// What was seen of it
    pub seen: Seen,
}

/// The ledger as it was left.
pub struct LedgerTip {
    /// The signed note
    pub checkpoint: Vec<u8>,
    /// Its name
    pub origin: String,
    /// Its tree
    pub tree: tile::Builder,
    /// What the entries say about the clock
    pub trail: ClockTrail,
    /// Whether the trail knows of every jump that may be undone
    pub knows_jumps: bool,
    /// The byte behind the last entry, in its file
    pub end: u64,
}

impl OwnLedger {
    /// Step 2: the ledger as it is now, checked against its checkpoint and against what was seen before. Where
    /// the machine was restarted since the last write, the end of `tree/` is not believed.
    ///
    /// # Errors
    /// If it is damaged, signed by another key, or older than what was seen.
    pub fn tip(
        &self,
        held: Option<LedgerTip>,
        restarted: bool,
        warnings: &mut Vec<String>,
    ) -> anyhow::Result<LedgerTip> {
        let bytes = self.checkpoint()?;
        let held = held.filter(|tip| tip.checkpoint == bytes && self.reaches(tip));
        if let Some(tip) = held {
            // Another copy of the ledger may have gone on since.
            self.compare_with_seen(&tip.stated(), tip.tree.frontier(), warnings)?;
            return Ok(tip);
        }
        let stated = self.stated(&bytes)?;
        let frontier = self.frontier(&stated, restarted, warnings)?;
        self.compare_with_seen(&stated, &frontier, warnings)?;
        let declared = self.leaf(&stated, 0, warnings)? == self.declaration;
        let path = self.folder.path().display();
        ensure!(declared, "{path}: entry 0, which the checkpoint covers, is changed; run foil verify");
        let (end, last) = self.end(&stated, warnings)?;
        let trail = ClockTrail::resuming(last, None);
        let tree = tile::Builder::new(self.folder.layout(), frontier);
        Ok(LedgerTip { checkpoint: bytes, origin: stated.origin, tree, trail, knows_jumps: false, end })
    }

    /// What can be said of step 2 without writing anything: whether the checkpoint is ours, and goes on from
    /// what was seen. Answers what the checkpoint states.
    ///
    /// # Errors
    /// If a batch would be refused.
    pub fn look(&self) -> anyhow::Result<Checkpoint> {
        let stated = self.stated(&self.checkpoint()?)?;
        self.refuse_continued(&stated.origin)?;
        if let Ok(Some(sight)) = self.seen.recall(&stated.origin, &self.id) {
            let seen = EarlierTree::new(sight.checkpoint.checkpoint(), KnownBy::Seen);
            let tree = tree::stated(&self.folder, &stated)?;
            let root_at =
                |size| tree.as_ref().map_or(Ok(None), |tree| tree::root_at(&self.folder, size, tree));
            let compared = seen.compare(&stated, root_at)?;
            // Where `tree/` does not tell, a batch makes it anew from the entries.
            if compared != Consistency::Unknown {
                self.must_follow(&seen, compared, stated.size)?;
            }
        }
        Ok(stated)
    }

    fn checkpoint(&self) -> anyhow::Result<Vec<u8>> {
        let path = self.folder.path().display();
        let bytes = self.folder.read_checkpoint()?;
        bytes.with_context(|| format!("{path}: no checkpoint, so this is no ledger, or a broken one"))
    }

    /// What a checkpoint states, if our key signed it.
    fn stated(&self, bytes: &[u8]) -> anyhow::Result<Checkpoint> {
        let path = self.folder.path().display();
        let (plain, is_changed) = note::plain(bytes);
        let signed = SignedCheckpoint::parse(&plain).with_context(|| format!("{path}/checkpoint"))?;
        let verified = signed.verified_by(&self.origin, &self.key.public());
        let verified = verified.with_context(|| format!("{path}/checkpoint: not signed by this key"))?;
        ensure!(!is_changed, TextChanged { file: format!("{path}/checkpoint") });
        Ok(verified.checkpoint().clone())
    }

    /// What is written behind the place where another ledger goes on counts nowhere.
    fn refuse_continued(&self, origin: &str) -> anyhow::Result<()> {
        let Some(Successor { ledger, size }) = self.seen.successor(origin, &self.id) else { return Ok(()) };
        let path = self.folder.path().display();
        anyhow::bail!(
            "{path}: ledger {ledger} goes on from its first {size} entries, so what is written here now would count nowhere; if that one was never used: foil verify {path} --forget"
        );
    }

    fn must_follow(&self, seen: &EarlierTree, compared: Consistency, size: u64) -> anyhow::Result<()> {
        let path = self.folder.path().display();
        seen.must_be_followed(compared, size).with_context(|| path.to_string())
    }

    /// Whether the entries are still there as far as they were written.
    fn reaches(&self, tip: &LedgerTip) -> bool {
        let last = self.folder.entry_file(tip.tree.frontier().size().saturating_sub(1));
        fs::metadata(last).is_ok_and(|data| data.len() >= tip.end)
    }

    /// The tree that gives the signed root: cut, completed, or made anew where the levels do not give it.
    fn frontier(
        &self,
        stated: &Checkpoint,
        restarted: bool,
        warnings: &mut Vec<String>,
    ) -> anyhow::Result<Frontier> {
        let long_enough = || !restarted && tree::reaches(&self.folder, stated.size);
        let stored = tree::frontier(&self.folder, stated.size).ok().flatten().filter(|_| long_enough());
        if let Some(frontier) = stored.filter(|frontier| frontier.root() == stated.root) {
            tree::cut(&self.folder, stated.size)?;
            return Ok(frontier);
        }
        if let Ok(Some(frontier)) = tree::complete(&self.folder, stated.size, &stated.root) {
            return Ok(frontier);
        }
        self.rebuild(stated, warnings)
    }

    /// Refuses to go on from anything but an extension of the highest checkpoint that was seen: a restored
    /// backup that went on would be a fork. A memory that cannot be read says nothing, which is worth a
    /// warning: it is not synced, so a power cut may leave it empty.
    fn compare_with_seen(
        &self,
        stated: &Checkpoint,
        frontier: &Frontier,
        warnings: &mut Vec<String>,
    ) -> anyhow::Result<()> {
        let path = self.folder.path().display();
        self.refuse_continued(&stated.origin)?;
        let sight = self.seen.recall(&stated.origin, &self.id).unwrap_or_else(|error| {
            warnings.push(format!("what was seen cannot be read, so a rollback would not show: {error:#}"));
            None
        });
        let Some(sight) = sight else {
            if stated.size > 1 {
                warnings.push(format!(
                    "{path}: nothing of this ledger is remembered here, and it is not new: if it is a backup or a copy, and entries were acknowledged after it was made, going on makes a fork; compare it with the last receipt or stub"
                ));
            }
            return Ok(());
        };
        let seen = EarlierTree::new(sight.checkpoint.checkpoint(), KnownBy::Seen);
        let root_at = |size| tree::root_at(&self.folder, size, frontier);
        let mut compared = seen.compare(stated, root_at)?;
        if compared == Consistency::Unknown {
            // It may be `tree/` that is wrong; the entries under the signed root decide.
            tree::rebuild(&self.folder, stated.size, &stated.root).with_context(|| path.to_string())?;
            compared = seen.compare(stated, root_at)?;
        }
        self.must_follow(&seen, compared, stated.size)
    }

    /// The byte behind the last entry that the checkpoint covers, and its times.
    fn end(&self, stated: &Checkpoint, warnings: &mut Vec<String>) -> anyhow::Result<(u64, EntryTimes)> {
        let path = self.folder.path().display();
        let last =
            stated.size.checked_sub(1).with_context(|| format!("{path}: a checkpoint of no entries"))?;
        let leaf = self.leaf(stated, last, warnings)?;
        let end = end::find_end(&self.folder, last, &leaf)?;
        let is_changed = end.is_none() && self.has_changed_text(last, &leaf);
        ensure!(!is_changed, TextChanged { file: self.folder.entry_file(last).display().to_string() });
        let end = end.with_context(|| {
            format!(
                "{path}: entry {last}, which the checkpoint covers, is missing or changed; run foil verify"
            )
        })?;
        Ok((end.offset, end.last.times()))
    }

    /// Whether the line of an entry is the one of this hash but for what a program that changes texts does to it.
    fn has_changed_text(&self, n: u64, leaf: &Hash) -> bool {
        let first = self.folder.layout().place_in_file(n) == 0;
        let line = self.folder.line(n).ok().flatten();
        line.is_some_and(|line| leaf_hash(plain_line(&line, first)) == *leaf)
    }

    /// The hash of an entry under the signed root. Levels that contradict themselves are made anew first.
    fn leaf(&self, stated: &Checkpoint, n: u64, warnings: &mut Vec<String>) -> anyhow::Result<Hash> {
        if let Some(leaf) = tree::leaf(&self.folder, stated.size, n).ok().flatten() {
            return Ok(leaf);
        }
        self.rebuild(stated, warnings)?;
        let leaf = tree::leaf(&self.folder, stated.size, n)?;
        leaf.with_context(|| format!("{}: tree/ contradicts itself", self.folder.path().display()))
    }

    fn rebuild(&self, stated: &Checkpoint, warnings: &mut Vec<String>) -> anyhow::Result<Frontier> {
        let path = self.folder.path().display();
        warnings
            .push(format!("{path}: tree/ does not give the signed root and is made anew from the entries"));
        let made =
            tree::rebuild(&self.folder, stated.size, &stated.root).with_context(|| path.to_string())?;
        if !tree::lost(&self.folder)?.is_empty() {
            warnings
                .push(format!("{path}: hashes of dropped entries are lost: these can no longer be proven"));
        }
        Ok(made)
    }

    /// Remembers our own checkpoint. If a higher one is remembered by now, another copy of the ledger was
    /// written at the same time, and one of the two must not be acknowledged.
    ///
    /// # Errors
    /// If that is so.
    pub fn remember(&self, signed: SignedCheckpoint, warnings: &mut Vec<String>) -> anyhow::Result<()> {
        let sight = Sight { key: self.key.public(), checkpoint: signed };
        match self.seen.remember(&self.id, &sight, Some(KnowingAct::Written)) {
            Err(error) => warnings.push(format!("what was seen cannot be remembered: {error:#}")),
            Ok(Some(other)) if other.checkpoint.checkpoint() != sight.checkpoint.checkpoint() => {
                let path = self.folder.path().display();
                anyhow::bail!("{path}: forked: another copy of this ledger was written at the same time");
            }
            Ok(_) => {}
        }
        Ok(())
    }
}

impl LedgerTip {
    /// What its checkpoint states, or will state when it is signed.
    pub fn stated(&self) -> Checkpoint {
        let frontier = self.tree.frontier();
        Checkpoint { origin: self.origin.clone(), size: frontier.size(), root: frontier.root() }
    }
}
