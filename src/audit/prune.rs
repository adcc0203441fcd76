//! Which old entries of a ledger may go, what must be kept of them first, and dropping them.

use std::ops::RangeInclusive;

use anyhow::{Context, ensure};

use super::{declared::declared, rollback::must_follow_what_was_seen};
use crate::{
    hash::Hash,
    json::{Object, Value},
    key::SecretKey,
    ledger::{
        files::{closed::Closed, read::Reader},
        pins::Seen,
        snapshot::prunable_ledger::PrunableLedger,
        space::prune::{self, DroppableFile, PruneBefore},
    },
    object,
    time::Span,
    tlog::declaration::LedgerDeclaration,
};

/// The closed files of a ledger that may go.
pub struct PrunePlan {
    closed: Closed,
    declared: LedgerDeclaration,
    files: Vec<DroppableFile>,
    /// What the registry's snapshot lacks; none where it has all, or the ledger needs none
    lacks: Option<String>,
}

/// A plan whose registry is safe, so that its files may be dropped.
pub struct PruneReady<'a>(&'a PrunePlan);

impl PrunePlan {
    /// What may go of a ledger before some entry or time. Waits so long for others who pack, drop or write.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::tlog::consistency::Inconsistent) if it is older or another than what was seen; or it
    /// cannot be read.
    pub fn of(reader: &Reader, before: PruneBefore, seen: &Seen, wait: Span) -> anyhow::Result<Self> {
        must_follow_what_was_seen(reader, seen)?;
        let closed = closed_files(reader, wait)?;
        let files = prune::candidates(&closed, before)?;
        let mut plan = Self { closed, declared: declared(reader)?, files, lacks: None };
        if let Some(last) = plan.files.last() {
            let cut = last.entries().end() + 1;
            let leaving = plan.leaving();
            plan.lacks = leaving.map_or(Ok(None), |leaving| leaving.lacks(cut))?;
        }
        Ok(plan)
    }

    /// What the entries say of who may write; none where that is in entry 0 alone.
    fn leaving(&self) -> Option<PrunableLedger<'_>> {
        let LedgerDeclaration { id, genesis, .. } = &self.declared;
        let leaving = PrunableLedger { closed: &self.closed, genesis, ledger: *id };
        Some(leaving).filter(|_| genesis.writers.are_enrolled())
    }

    /// The entries that go; none where none does. Entry 0 stays.
    pub fn entries(&self) -> Option<RangeInclusive<u64>> {
        Some(*self.files.first()?.entries().start()..=*self.files.last()?.entries().end())
    }

    /// How many files go.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// How many bytes they have.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Why `state.json` must be made anew first, which takes the log's key; none where it need not be.
    pub fn lacks(&self) -> Option<&str> {
        self.lacks.as_deref()
    }

    /// Sees that what the entries say of who may write is on disk, whatever happens: made anew by the log's key where
    /// something lacks.
    ///
    /// # Errors
    /// If the key is needed and is not the log's; or a file cannot be written.
    pub fn keep_registry(&self, key: Option<&SecretKey>) -> anyhow::Result<PruneReady<'_>> {
        let Some(leaving) = self.leaving() else { return Ok(PruneReady(self)) };
        if self.lacks.is_some() {
            let (key, log) =
                (key.context("to make state.json anew takes the log key")?, &self.declared.genesis.log);
            let shown = self.closed.folder().path().display();
            ensure!(key.public() == *log, "{shown}: the key that signs this ledger is {log}");
            leaving.keep(key)?;
        }
        leaving.make_durable()?;
        Ok(PruneReady(self))
    }

    /// What goes, as data; of nothing there is no first and no last entry.
    pub fn to_object(&self) -> Object {
        let number = |n: Option<u64>| n.map_or(Value::Null, Value::from);
        object! {
            "dropped": self.files.len() as u64,
            "first": number(self.entries().map(|run| *run.start())),
            "last": number(self.entries().map(|run| *run.end())),
            "bytes": self.bytes(),
        }
    }
}

impl PruneReady<'_> {
    /// Drops the files, and tells the first entry and the root of each; answers whether it came to the end before it
    /// was to give up.
    ///
    /// # Errors
    /// If a file is not what was signed, or cannot be dropped.
    pub fn drop_files(
        self,
        give_up: fn() -> bool,
        mut dropped: impl FnMut(u64, Hash),
    ) -> anyhow::Result<bool> {
        self.0.closed.sweep()?;
        for DroppableFile { first, .. } in &self.0.files {
            if give_up() {
                return Ok(false);
            }
            dropped(*first, prune::prune(&self.0.closed, *first)?.root);
        }
        Ok(true)
    }
}

/// The closed files of a ledger, to be packed or dropped. Waits so long for others who do, or write.
///
/// # Errors
/// If the ledger's entry 0 or checkpoint cannot be read.
pub fn closed_files(reader: &Reader, wait: Span) -> anyhow::Result<Closed> {
    Closed::open(reader, &reader.declaration()?, wait)
}
