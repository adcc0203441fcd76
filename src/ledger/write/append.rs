//! The commit protocol: how entries come into a ledger, batch by batch.
//!
//! ```text
//! 0 proofs, of most records, before the lock (`proofs`)
//! 1 lock   2 read checkpoint, recover
//! 3 the other proofs, then the judge, record by record (`admission`); what is refused is left out
//! 4 entries, fdatasync   5 tree   6 checkpoint: temporary file, fsync, rename, fsync of the folder
//! 7 acknowledge
//! ```
//!
//! Nothing is acknowledged before step 6 is done. A failed write or sync ends the run; what it left is taken
//! up by the next batch, also by that of another writer.

mod fill;

use std::{path::Path, sync::Arc};

use anyhow::Context;

use super::{
    admission::Admission,
    batch::{Arrival, Batch, IncomingRecord},
    jumps,
    lock::{self, KnownJump, LastWriter, LedgerBusy, Lock},
    machine_id::{MachineId, WrittenElsewhere},
    receipt::{Receipt, receipt},
    recover,
    resent::ResentRecords,
    tip::{LedgerTip, OwnLedger},
};
use crate::{
    key::SecretKey,
    ledger::{
        files::{folder::Folder, store, tree},
        pins::Seen,
    },
    rules::received::{self, ClockState, PreviousEntry},
    time::Span,
    tlog::{
        checkpoint::SignedCheckpoint, declaration::LedgerDeclaration, layout::FILE_LEVEL, merkle::leaf_hash,
    },
};

/// The machine at the time of a batch.
#[derive(Clone, Debug)]
pub struct WriterMachine {
    /// Which one it is
    pub machine: MachineId,
    /// The id of its run
    pub boot: String,
    /// Its clocks
    pub clock: received::ClockReading,
    /// Whether the kernel vouches for the wall clock
    pub synchronised: bool,
}

/// What an operator may override.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // each is a word of its own
pub struct AppendOptions {
    /// How long to wait for the lock
    pub wait: Span,
    /// Another machine wrote last, and will not write again
    pub moved: bool,
    /// The locks of this network file system work
    pub shared_lock: bool,
    /// The wall clock is right, though nothing synchronises it
    pub accept_clock: bool,
    /// What is refused is left out, and what follows it is written all the same
    pub keep_going: bool,
    /// The caller says by [`Appender::acknowledged`] when its producer was told; else the caller that gets a receipt counts as told
    pub acknowledges: bool,
    /// Whether the waiting for the lock is to be given up, asked every few milliseconds
    pub give_up: fn() -> bool,
}

impl Default for AppendOptions {
    fn default() -> Self {
        let wait = Span::from_millis(10_000);
        Self {
            wait,
            moved: false,
            shared_lock: false,
            accept_clock: false,
            keep_going: false,
            acknowledges: false,
            give_up: || false,
        }
    }
}

/// What a batch came to.
#[derive(Debug, Default)]
pub struct Committed {
    /// The acknowledgement, if anything was written
    pub receipt: Option<Receipt>,
    /// The records that were refused, by their places in the batch, and why: the first one, from which on
    /// nothing is written, or, if the appender keeps going, all of them
    pub refused: Vec<(usize, String)>,
    /// What the operator should know
    pub warnings: Vec<String>,
    /// What the clock looked like
    pub clock: ClockState,
}

/// Writes into one ledger, as long as it lives. It holds the lock only during a batch.
pub struct Appender {
    own: OwnLedger,
    admission: Admission,
    options: AppendOptions,
    tip: Option<LedgerTip>,
    batches: u64,
    /// What may be sent again; `None`: nothing was asked of the ledger yet
    resent: Option<ResentRecords>,
    /// The first entry that was not acknowledged; `None`: all were
    open: Option<u64>,
}

impl Appender {
    /// Makes ready to write into a ledger whose log key this is, and whose entry 0 was read.
    ///
    /// # Errors
    /// If the ledger lies where locks may mean nothing.
    pub fn new(
        folder: Folder,
        key: impl Into<Arc<SecretKey>>,
        declared: &LedgerDeclaration,
        seen: Seen,
        admission: Admission,
        options: AppendOptions,
    ) -> anyhow::Result<Self> {
        if let Some(kind) = lock::network_file_system(folder.path()).filter(|_| !options.shared_lock) {
            anyhow::bail!(
                "{}: on {kind}, where two writers may not see each other's lock",
                folder.path().display()
            );
        }
        let declaration = leaf_hash(declared.entry.to_line().as_bytes());
        let origin = declared.genesis.origin.clone();
        let key = key.into();
        let own = OwnLedger { folder, origin, key, id: declared.id, declaration, seen };
        Ok(Self { own, admission, options, tip: None, batches: 0, resent: None, open: None })
    }

    /// Writes one batch: all of it up to the first record that is refused, or all but what is refused.
    ///
    /// # Errors
    /// If the lock is [`LedgerBusy`], the ledger damaged, or a write or sync failed: then nothing is acknowledged.
    pub fn commit(&mut self, arrivals: Vec<Arrival>, here: &WriterMachine) -> anyhow::Result<Committed> {
        let lock = self.lock(here)?;
        let mut committed = Committed::default();
        // A machine that was started anew may have lost what was not synced.
        let restarted = lock.last_writer().boot != here.boot;
        let mut tip = self.own.tip(self.tip.take(), restarted, &mut committed.warnings)?;
        let next = tip.tree.frontier().size();
        let told = self.admission.judge().catch_up(&self.own.folder, next, Some(tip.tree.frontier()))?;
        committed.warnings.extend(told);
        self.know_jumps(&mut tip, &lock, &arrivals)?;
        let now = here.clock.wall;
        let mut rules = recover::TailRules { next, trail: tip.trail, now, admission: &mut self.admission };
        let tail = recover::take_tail(&self.own.folder, tip.end, &mut rules)?;
        committed.warnings.extend(tail.set_aside.iter().map(|path| set_aside_warning(path)));
        let mut before = PreviousEntry { next, trail: tip.trail, believed: None };
        before.follow(tail.good.iter().map(|recovered| recovered.times));
        before.believed =
            believed(&lock, here).filter(|believed| Some(believed.wall) <= before.trail.arrival());
        self.look_for_resent(&tail.good, &lock.last_writer(), here, next);
        let mut batch = Batch::new(next, tail.good);
        let skipped = self.fill(&mut batch, arrivals, &mut before, here, &mut committed);
        if batch.last().is_none() && skipped == 0 {
            self.tip = Some(tip);
            return Ok(committed);
        }
        self.open = self.open.or(Some(next));
        let jump = KnownJump { size: before.next, start: before.trail.open_jump() };
        let jump = tip.knows_jumps.then_some(jump);
        let last = here.machine.after(&lock.last_writer(), &here.boot);
        lock.sign_in(&LastWriter { believed: before.believed, open: self.open, jump, ..last })?;
        if batch.last().is_none() {
            committed.receipt = Some(self.receipt(&batch, &tip, skipped)?);
            self.tip = Some(tip);
            return Ok(committed);
        }
        if let Err(why) = self.write(&batch, &mut tip, &mut committed.warnings) {
            // What this left is looked at anew, should the caller try again.
            self.resent = None;
            return Err(why);
        }
        tip.trail = before.trail;
        committed.receipt = Some(self.receipt(&batch, &tip, skipped)?);
        if let Err(why) = self.admission.judge().keep(&self.own.folder, &tip.stated(), &self.own.key) {
            committed
                .warnings
                .push(format!("state.json cannot be written, so the next one reads more: {why:#}"));
        }
        (self.tip, self.batches) = (Some(tip), self.batches + 1);
        Ok(committed)
    }

    /// The receipt of a batch. A caller that does not say when its producer was told has told it by this.
    fn receipt(&mut self, batch: &Batch, tip: &LedgerTip, skipped: u64) -> anyhow::Result<Receipt> {
        let receipt = receipt(batch, tip, skipped)?;
        if !self.options.acknowledges {
            self.acknowledged();
        }
        Ok(receipt)
    }

    /// The producer has been told of all that was committed so far.
    pub fn acknowledged(&mut self) {
        self.open = None;
    }

    /// Writes down what the producer was told of, unless another has written since: what it was not told of, it may send
    /// again to the next writer. Without this it is the last batch.
    fn close(&self) {
        // One that only checked has nothing to say, and writes nothing.
        if self.resent.is_none() {
            return;
        }
        let Some(lock) = self.own.folder.lock_to_write(Span::ZERO, || false).ok().flatten() else { return };
        let last = lock.last_writer();
        if last.process == Some(std::process::id()) && last.open != self.open {
            let _ = lock.sign_in(&LastWriter { open: self.open, ..last });
        }
    }

    /// What may be sent again, and what was not acknowledged, at the beginning of a run.
    fn look_for_resent(
        &mut self,
        recovered: &[IncomingRecord],
        last: &LastWriter,
        here: &WriterMachine,
        size: u64,
    ) {
        if self.resent.is_none() {
            self.open = last.open.filter(|open| *open < size);
            self.resent = Some(ResentRecords::of(recovered, &self.own.folder, last, &here.boot, size));
        }
    }

    /// Says what [`Appender::commit`] would refuse, as far as that shows without the lock, and writes nothing.
    ///
    /// # Errors
    /// If the whole batch would be refused.
    pub fn check(&mut self, arrivals: Vec<Arrival>, here: &WriterMachine) -> anyhow::Result<Committed> {
        self.check_machine(&LastWriter::read(&self.own.folder.lock()), here)?;
        let stated = self.own.look()?;
        if self.batches == 0 {
            // Later, what was checked before counts as if it had been written.
            let tree = tree::stated(&self.own.folder, &stated)?;
            self.admission.judge().catch_up(&self.own.folder, stated.size, tree.as_ref())?;
        }
        self.batches += 1;
        let mut batch = Batch::new(stated.size, Vec::new());
        batch.extend(arrivals.into_iter().map(Arrival::when_it_came).collect());
        Ok(Committed { refused: self.refusals(&batch), ..Committed::default() })
    }

    /// Step 1: waits for the lock, and sees whether this machine may write here.
    fn lock(&self, here: &WriterMachine) -> anyhow::Result<Lock> {
        let lock = self.own.folder.lock_to_write(self.options.wait, self.options.give_up)?;
        let lock = lock.ok_or(LedgerBusy).with_context(|| self.own.folder.path().display().to_string())?;
        self.check_machine(&lock.last_writer(), here)?;
        Ok(lock)
    }

    /// Two machines that write one ledger fork it.
    fn check_machine(&self, last: &LastWriter, here: &WriterMachine) -> anyhow::Result<()> {
        let elsewhere = WrittenElsewhere::of(self.own.folder.path(), last, &here.machine, &here.boot);
        elsewhere.filter(|_| !self.options.moved).map_or(Ok(()), |elsewhere| Err(elsewhere.into()))
    }

    /// Finds out which jump of the clock may yet be undone, where that may be asked: when a clock is behind, or a writer
    /// that died left something.
    fn know_jumps(&self, tip: &mut LedgerTip, lock: &Lock, arrivals: &[Arrival]) -> anyhow::Result<()> {
        let (size, last) = (tip.tree.frontier().size(), tip.trail.last());
        if tip.knows_jumps {
            return Ok(());
        }
        let folder = &self.own.folder;
        if let Some(known) = lock.last_writer().jump.filter(|known| known.size == size)
            && let Some(trail) = jumps::confirm(folder, &tip.trail, known.start)
        {
            (tip.trail, tip.knows_jumps) = (trail, true);
            return Ok(());
        }
        let behind = |arrival: &Arrival| last.is_some_and(|last| arrival.clock.wall < last.received);
        if arrivals.iter().any(behind) || recover::has_tail(folder, tip.end, size)? {
            (tip.trail, tip.knows_jumps) = (jumps::find(folder, &tip.trail, size)?, true);
        }
        Ok(())
    }

    /// Steps 4 to 6.
    fn write(&self, batch: &Batch, tip: &mut LedgerTip, warnings: &mut Vec<String>) -> anyhow::Result<()> {
        let (folder, before) = (&self.own.folder, tip.tree.frontier().size());
        tip.end = batch.lines().write(folder, before, tip.end)?;
        for line in batch.lines().iter() {
            tip.tree.push(leaf_hash(line));
        }
        tree::create(folder)?;
        tree::write(folder, &tip.tree.take())?;
        let file = |size| folder.layout().level_length(FILE_LEVEL, size);
        if file(before) != file(tip.tree.frontier().size()) {
            tree::sync(folder)?;
        }
        let signed = SignedCheckpoint::sign(tip.stated(), &self.own.key);
        let signed = signed.context("an origin that can be no key's name")?;
        tip.checkpoint = signed.to_string().into_bytes();
        store::replace(&folder.checkpoint(), &tip.checkpoint)?;
        self.own.remember(signed, warnings)
    }
}

impl Drop for Appender {
    fn drop(&mut self) {
        self.close();
    }
}

/// The last time that a clock gave in this run of the machine.
fn believed(lock: &Lock, here: &WriterMachine) -> Option<received::ClockReading> {
    let writer = lock.last_writer();
    let same_run = !here.boot.is_empty() && writer.boot == here.boot;
    writer.believed.filter(|_| same_run)
}

fn set_aside_warning(path: &Path) -> String {
    format!("what an earlier writer left unfinished and was no good entry is kept in {}", path.display())
}
