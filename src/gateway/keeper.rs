//! The keeper: what ports have signed goes into the ledger, or into the spill file until it can.
//!
//! ```text
//! batch ─→ spill file empty? ─ yes ─→ ledger ── cannot ──→ spill file ── cannot ──→ held in memory, ports wait
//!                            └ no ──→ behind what is there; the front of it goes into the ledger first
//! ```
//!
//! A receipt is given for what is in the ledger, and for nothing else.

use std::{mem::discriminant, path::PathBuf};

use super::{
    notice::{GatewayNotice, GatewayOperator},
    queue::QueuedRecord,
    spill::{SpillFile, SpilledBatch, StrayLine},
};
use crate::{
    json::Canonical,
    ledger::write::{
        append::{Appender, Committed, WriterMachine},
        batch::Arrival,
        machine_id::MachineId,
        proofs::ProofPool,
    },
    machine,
    record::signed::FreshlySigned,
    rules::received::{ClockReading, ClockState},
    time::Span,
};

/// The shortest and the longest pause before something that failed is tried again.
const PAUSE: [i64; 2] = [1_000, 30_000];

/// How many different warnings are kept in mind, so that each is told once.
const WARNINGS_REMEMBERED: usize = 100;

/// A ledger that can be written.
pub struct WritableLedger {
    /// What writes it. It is told when an entry is acknowledged
    pub appender: Appender,
    /// Asks of records what is asked of each by itself
    pub proofs: ProofPool,
}

/// Opens the ledger; asked again while it fails.
pub type LedgerOpening = Box<dyn FnMut() -> anyhow::Result<WritableLedger>>;

/// Where records are kept.
pub(super) struct Keeper {
    opening: LedgerOpening,
    ledger: Option<WritableLedger>,
    machine: MachineId,
    spill: Option<SpillFile>,
    /// What is nowhere but here
    held: Vec<QueuedRecord>,
    /// When to try again, and the pause after that; `None`: nothing has failed
    retry: Option<(Span, i64)>,
    clock: ClockState,
    warned: Vec<String>,
    /// How many entries the ledger has; `None`: it was not written yet
    pub(super) size: Option<u64>,
    /// Why the ledger cannot be written; `None`: it can
    pub(super) error: Option<String>,
    pub(super) refused: u64,
    /// How many records of the spill file came into the ledger since it was empty
    emptied: u64,
}

impl Keeper {
    /// Opens the ledger. With a spill file one that cannot be opened now is opened later.
    pub(super) fn open(
        mut opening: LedgerOpening,
        machine: MachineId,
        spill: Option<&PathBuf>,
        operator: &mut dyn GatewayOperator,
    ) -> anyhow::Result<Self> {
        let spill = spill.map(|path| SpillFile::open(path)).transpose()?;
        let ledger = opening();
        let mut keeper = Self {
            opening,
            ledger: None,
            machine,
            spill,
            held: Vec::new(),
            retry: None,
            clock: ClockState::Fine,
            warned: Vec::new(),
            size: None,
            error: None,
            refused: 0,
            emptied: 0,
        };
        match ledger {
            Ok(ledger) => keeper.ledger = Some(ledger),
            Err(why) if keeper.spill.is_none() => return Err(why),
            Err(why) => keeper.failed(why, operator),
        }
        Ok(keeper)
    }

    /// Whether more can be taken.
    pub(super) fn has_room(&self) -> bool {
        self.held.is_empty()
    }

    /// How many records are nowhere but in memory.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    /// How many records wait in the spill file.
    pub(super) fn spilled(&self) -> u64 {
        self.spill.as_ref().map_or(0, SpillFile::waiting)
    }

    /// Keeps a batch.
    ///
    /// # Errors
    /// If nobody takes the receipt.
    pub(super) fn keep(
        &mut self,
        batch: Vec<QueuedRecord>,
        operator: &mut dyn GatewayOperator,
    ) -> anyhow::Result<()> {
        self.held.extend(batch);
        self.work(false, operator)
    }

    /// Tries again what failed, if it is time, or it is now or never.
    ///
    /// # Errors
    /// If nobody takes the receipt.
    pub(super) fn work(
        &mut self,
        now_or_never: bool,
        operator: &mut dyn GatewayOperator,
    ) -> anyhow::Result<()> {
        if now_or_never || self.is_due() {
            self.empty_spill(operator)?;
            if self.spilled() == 0 && !self.held.is_empty() {
                self.append_held(operator)?;
            }
        }
        if !self.held.is_empty() {
            self.spill_held(operator);
        }
        Ok(())
    }

    fn is_due(&self) -> bool {
        self.retry.is_none_or(|(at, _)| machine::up() >= at)
    }

    /// What was spilled goes into the ledger first.
    fn empty_spill(&mut self, operator: &mut dyn GatewayOperator) -> anyhow::Result<()> {
        while self.spilled() > 0 {
            let Some(batch) = self.front(operator) else { return Ok(()) };
            let (records, strays) = batch.read();
            let texts = records.clone();
            let Some(committed) = self.commit(Batch::Read(arrivals(records)), operator) else {
                return Ok(());
            };
            self.put_aside(&strays, operator);
            // Before its producer – this file – knows, nothing is acknowledged: until then a gateway that dies sends it again,
            // and the ledger knows it.
            let kept = self.spill.as_mut().map_or(Ok(()), |spill| spill.kept(&batch));
            if let Err(why) = kept {
                self.ledger = None;
                self.failed(why, operator);
                return Ok(());
            }
            self.emptied += texts.len() as u64;
            let texts: Vec<&str> = texts.iter().map(Canonical::as_str).collect();
            self.told(&committed, &texts, operator)?;
        }
        let emptied = std::mem::take(&mut self.emptied);
        if emptied > 0 {
            operator.tell(GatewayNotice::SpillEmptied(emptied));
        }
        Ok(())
    }

    /// The front of the spill file; `None`: it cannot be read.
    fn front(&mut self, operator: &mut dyn GatewayOperator) -> Option<SpilledBatch> {
        match self.spill.as_ref()?.front() {
            Ok(batch) => Some(batch),
            Err(why) => {
                self.failed(why, operator);
                None
            }
        }
    }

    fn append_held(&mut self, operator: &mut dyn GatewayOperator) -> anyhow::Result<()> {
        // What cannot be written stays here.
        let batch = self.held.clone();
        if let Some(committed) = self.commit(Batch::Fresh(batch), operator) {
            let held = std::mem::take(&mut self.held);
            let texts: Vec<&str> = held.iter().map(|(record, _)| record.as_str()).collect();
            self.told(&committed, &texts, operator)?;
        }
        Ok(())
    }

    /// Writes a batch; `None`: it cannot be written now, and that was told.
    fn commit(&mut self, batch: Batch, operator: &mut dyn GatewayOperator) -> Option<Committed> {
        match self.try_commit(batch) {
            Ok(committed) => {
                self.retry = None;
                if self.error.take().is_some() {
                    operator.tell(GatewayNotice::LedgerWorks);
                }
                Some(committed)
            }
            Err(why) => {
                self.failed(why, operator);
                None
            }
        }
    }

    fn try_commit(&mut self, batch: Batch) -> anyhow::Result<Committed> {
        let here = here(&self.machine);
        let ledger = match &mut self.ledger {
            Some(ledger) => ledger,
            closed => closed.insert((self.opening)()?),
        };
        let arrivals = match batch {
            Batch::Fresh(records) => ledger.proofs.admit_fresh(records),
            Batch::Read(mut arrivals) => {
                ledger.proofs.admit(&mut arrivals);
                arrivals
            }
        };
        ledger.appender.commit(arrivals, &here)
    }

    /// Something failed: it is told if it is news, and tried again after a while.
    fn failed(&mut self, why: anyhow::Error, operator: &mut dyn GatewayOperator) {
        let [shortest, longest] = PAUSE;
        let pause = self.retry.map_or(shortest, |(_, pause)| (pause * 2).min(longest));
        self.retry = Some((Span::from_millis(machine::up().millis() + pause), pause));
        let text = format!("{why:#}");
        if self.error.as_deref() != Some(&*text) {
            self.error = Some(text);
            operator.tell(GatewayNotice::LedgerFails(why));
        }
    }

    /// Tells what came of a batch, and acknowledges it.
    fn told(
        &mut self,
        committed: &Committed,
        texts: &[&str],
        operator: &mut dyn GatewayOperator,
    ) -> anyhow::Result<()> {
        for warning in &committed.warnings {
            if !self.warned.contains(warning) {
                operator.tell(GatewayNotice::Ledger(warning.clone()));
                self.warned.truncate(WARNINGS_REMEMBERED);
                self.warned.insert(0, warning.clone());
            }
        }
        if discriminant(&committed.clock) != discriminant(&self.clock) {
            operator.tell(GatewayNotice::Clock(committed.clock));
        }
        self.clock = committed.clock;
        for (at, why) in &committed.refused {
            self.refuse(texts.get(*at).copied(), why, operator);
        }
        let Some(receipt) = &committed.receipt else { return Ok(()) };
        self.size = Some(receipt.checkpoint.size);
        operator.receipt(receipt)?;
        if let Some(ledger) = &mut self.ledger {
            ledger.appender.acknowledged();
        }
        Ok(())
    }

    /// A record that never may enter.
    fn refuse(&mut self, record: Option<&str>, why: &str, operator: &mut dyn GatewayOperator) {
        self.refused += 1;
        let is_new = !self.warned.iter().any(|warned| warned == why);
        if is_new {
            self.warned.truncate(WARNINGS_REMEMBERED);
            self.warned.insert(0, why.to_owned());
            operator.tell(GatewayNotice::Refused(why.to_owned()));
        }
        if let Some(record) = record {
            self.keep_refused(record.as_bytes(), operator);
        }
    }

    /// Lines of the spill file that are no records.
    fn put_aside(&mut self, strays: &[StrayLine], operator: &mut dyn GatewayOperator) {
        let Some(StrayLine { number, why, .. }) = strays.first() else { return };
        self.refused += strays.len() as u64;
        operator.tell(GatewayNotice::NoRecord { line: *number, count: strays.len(), why: why.clone() });
        for stray in strays {
            self.keep_refused(&stray.bytes, operator);
        }
    }

    fn keep_refused(&self, line: &[u8], operator: &mut dyn GatewayOperator) {
        if let Some(Err(why)) = self.spill.as_ref().map(|spill| spill.refuse(line)) {
            operator.tell(GatewayNotice::SpillFails(why));
        }
    }

    /// Records that cannot be appended now go into the spill file, if there is one.
    fn spill_held(&mut self, operator: &mut dyn GatewayOperator) {
        let Some(spill) = &mut self.spill else { return };
        let was_empty = spill.is_empty();
        match spill.add(self.held.iter().map(|(record, _)| record.as_str())) {
            Ok(()) => {
                self.held.clear();
                if was_empty {
                    operator.tell(GatewayNotice::Spilling);
                }
            }
            Err(why) => {
                let text = format!("{why:#}");
                if !self.warned.contains(&text) {
                    self.warned.insert(0, text);
                    operator.tell(GatewayNotice::SpillFails(why));
                }
            }
        }
    }
}

/// Records on their way into the ledger.
enum Batch {
    /// Just signed
    Fresh(Vec<(FreshlySigned, ClockReading)>),
    /// Read from a file, which anybody may have changed
    Read(Vec<Arrival>),
}

/// What was spilled arrives when it leaves the file.
fn arrivals(records: Vec<Canonical>) -> Vec<Arrival> {
    let clock = ClockReading { wall: machine::wall(), up: machine::up() };
    records.into_iter().map(|record| Arrival { record, clock, admitted: false }).collect()
}

/// The clocks of this machine now.
fn here(machine: &MachineId) -> WriterMachine {
    let now = machine::now();
    WriterMachine {
        machine: machine.clone(),
        boot: now.boot,
        clock: ClockReading { wall: now.wall, up: now.up },
        synchronised: now.synchronised,
    }
}
