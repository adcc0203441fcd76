//! From lines to facts, on several threads; in the order in which the entries arrived.
//!
//! ```text
//! one reader per ledger ─ chunks ─► worker 0, 1, … (parse, proofs, facts) ─ in turn ─► merged by arrival
//! ```

use std::{
    num::NonZeroUsize,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use anyhow::Context;

use super::{
    cut::{ContractCut, CutTree},
    ledgers::ContractLedger,
    refused::ContractRefused,
};
use crate::{
    contract::eval::{EntryId, Fact, FactReader, LineFact, Sieve},
    hash::Hash,
    ledger::files::lines::EntryLineBatch,
    time::Time,
    tlog::{arrival::EntryTimes, merkle::leaf_hash, undone::UndoneJumps},
};

/// How many chunks wait at each worker.
const AHEAD: usize = 2;

/// One entry of one of the ledgers.
pub(super) struct FedEntry<'i> {
    pub(super) entry: EntryId,
    pub(super) arrival: Time,
    pub(super) times: EntryTimes,
    /// Whether it stands in a jump of the clock that was undone
    pub(super) undone: bool,
    /// Whether it lies beyond the cut
    pub(super) beyond: bool,
    /// What it says, where it stands; `None`: nothing that the contract wants to know
    pub(super) fact: &'i mut Option<Fact>,
}

/// One entry, as far as a contract wants to know.
struct Item {
    n: u64,
    arrival: Time,
    times: EntryTimes,
    /// Whether it stands in a jump of the clock that was undone
    undone: bool,
    fact: Option<Fact>,
    /// Whether it lies beyond the cut, and is there for the tree only
    beyond: bool,
    /// Whether a successor took over what came before it, so that it counts nowhere
    outside: bool,
    /// Its leaf hash, where a root is wanted
    leaf: Option<Hash>,
}

/// What a successor says of the ledger is compared once more where the ledger is only trusted.
fn check_handed_over(ledger: &ContractLedger, tree: &CutTree) -> Result<(), ContractRefused> {
    let claim = ledger.handed_over.filter(|claim| claim.size == tree.within().size());
    if claim.is_some_and(|claim| claim.root != tree.root_within()) {
        return Err(ContractRefused::OtherHistory(ledger.id));
    }
    Ok(())
}

/// Some lines of a ledger.
type Raw = anyhow::Result<EntryLineBatch>;
/// What they say.
type Chunk = anyhow::Result<Vec<Item>>;

/// The ledgers of a contract, read together.
pub(super) struct EntryFeed<'a> {
    pub(super) ledgers: &'a [ContractLedger],
    pub(super) sieve: &'a Sieve<'a>,
    pub(super) cut: ContractCut,
    /// Whether what lies beyond the cut is handed over, too: an acceptance counts wherever the ledgers have it
    pub(super) beyond: bool,
    pub(super) threads: NonZeroUsize,
}

impl EntryFeed<'_> {
    /// Hands every entry over in the order of arrival; answers the ledgers' roots over what existed then.
    pub(super) fn run(&self, mut take: impl FnMut(FedEntry)) -> anyhow::Result<Vec<Hash>> {
        thread::scope(|scope| {
            let mut sources = Vec::with_capacity(self.ledgers.len());
            for ledger in self.ledgers {
                let undone = Arc::new(ledger.reader.undone_jumps(self.counted(ledger))?);
                sources.push(Source::new(self.start(ledger, &undone, scope))?);
            }
            let mut trees = vec![CutTree::default(); self.ledgers.len()];
            loop {
                let ahead = sources.iter().enumerate().filter_map(|(at, source)| Some((source.peek()?, at)));
                let Some((_, at)) = ahead.min() else { break };
                if let Some(item) = sources[at].current() {
                    let Item { n, arrival, times, undone, ref mut fact, .. } = *item;
                    let beyond = !trees[at].push(item.beyond, item.leaf);
                    if !beyond || (self.beyond && !item.outside) {
                        let entry = EntryId { ledger: at, n };
                        take(FedEntry { entry, arrival, times, undone, beyond, fact });
                    }
                }
                sources[at].advance()?;
            }
            let trees = self.ledgers.iter().zip(&trees);
            let root = |(ledger, tree): (&ContractLedger, &CutTree)| {
                check_handed_over(ledger, tree)?;
                match (ledger.verified, self.counts_all(ledger)) {
                    (true, _) => tree.root(Some((ledger.size, ledger.root))),
                    (false, true) => Ok(ledger.root),
                    (false, false) => tree.root(None),
                }
            };
            Ok(trees.map(root).collect::<Result<_, _>>()?)
        })
    }

    /// How many entries of a ledger can count: what stands behind them undoes no jump of the clock.
    fn counted(&self, ledger: &ContractLedger) -> u64 {
        let cut = if let ContractCut::At(size) = self.cut { size } else { ledger.size };
        cut.min(ledger.handed_over.map_or(ledger.size, |claim| claim.size)).min(ledger.size)
    }

    /// Whether every entry of a ledger counts.
    fn counts_all(&self, ledger: &ContractLedger) -> bool {
        self.cut == ContractCut::None && ledger.handed_over.is_none()
    }

    /// Starts the threads of one ledger; answers where their chunks come out, in turn.
    fn start<'scope>(
        &'scope self,
        ledger: &'scope ContractLedger,
        undone: &Arc<UndoneJumps>,
        scope: &'scope thread::Scope<'scope, '_>,
    ) -> Vec<Receiver<Chunk>> {
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        for _ in 0..self.threads.get().min(4) {
            let (lines, work) = sync_channel(AHEAD);
            let (used, again) = sync_channel(AHEAD);
            let (done, chunks) = sync_channel(AHEAD);
            let undone = Arc::clone(undone);
            let worker = Worker { lines: work, used, done };
            scope.spawn(move || self.work((ledger, &undone), &worker));
            inputs.push(WorkerInput { lines, again });
            outputs.push(chunks);
        }
        scope.spawn(move || read(ledger, &inputs));
        outputs
    }

    fn work(&self, ledger: (&ContractLedger, &UndoneJumps), worker: &Worker) {
        let mut facts = FactReader::new(self.sieve, ledger.0.check_proofs);
        for batch in &worker.lines {
            facts.begin_batch();
            let items = batch.and_then(|batch| {
                let items = self.items(ledger, &batch, &mut facts);
                // Where the reader has enough of them, or is gone, it is not needed.
                let _ = worker.used.try_send(batch);
                items
            });
            if worker.done.send(items).is_err() {
                return;
            }
        }
    }

    /// What the lines of a batch say.
    fn items(
        &self,
        ledger: (&ContractLedger, &UndoneJumps),
        batch: &EntryLineBatch,
        facts: &mut FactReader,
    ) -> Chunk {
        let mut items = Vec::with_capacity(batch.len());
        for line in batch.lines() {
            items.push(self.item(ledger, line, facts)?);
        }
        Ok(items)
    }

    /// What a line says.
    fn item(
        &self,
        (ledger, undone): (&ContractLedger, &UndoneJumps),
        (n, line): (u64, &[u8]),
        facts: &mut FactReader,
    ) -> anyhow::Result<Item> {
        let LineFact { n: says, times, fact } = facts.line(line).with_context(|| format!("entry {n}"))?;
        if says != n {
            return Err(ContractRefused::Misnumbered { n, says }.into());
        }
        let (arrival, undone) = (undone.arrival(n, times), undone.around(n).is_some());
        let outside = ledger.handed_over.is_some_and(|claim| n >= claim.size);
        let beyond = outside || self.cut.excludes(n, arrival);
        let leaf = (ledger.verified || !self.counts_all(ledger)).then(|| leaf_hash(line));
        Ok(Item { n, arrival, times, undone, fact, beyond, outside, leaf })
    }
}

/// What a thread takes lines from, and where they and what they say go.
struct Worker {
    lines: Receiver<Raw>,
    /// Batches that can be filled again
    used: SyncSender<EntryLineBatch>,
    done: SyncSender<Chunk>,
}

/// The other side of it.
struct WorkerInput {
    lines: SyncSender<Raw>,
    again: Receiver<EntryLineBatch>,
}

/// Cuts a ledger's lines into batches and hands them to the workers in turn.
fn read(ledger: &ContractLedger, workers: &[WorkerInput]) {
    let mut lines = ledger.reader.lines(0..ledger.size);
    for worker in workers.iter().cycle() {
        if lines.is_at_end() {
            return;
        }
        let mut batch = worker.again.try_recv().unwrap_or_default();
        let filled = lines.refill(&mut batch);
        // The other side goes away at the first fault.
        if worker.lines.send(filled.map(|()| batch)).is_err() {
            return;
        }
    }
}

/// The items of one ledger, in their order. They are used where they stand: a move of each would cost more than its use.
struct Source {
    chunks: Vec<Receiver<Chunk>>,
    turn: usize,
    items: Vec<Item>,
    /// How many of them were taken
    taken: usize,
}

impl Source {
    fn new(chunks: Vec<Receiver<Chunk>>) -> anyhow::Result<Self> {
        let mut source = Self { chunks, turn: 0, items: Vec::new(), taken: 0 };
        source.fill()?;
        Ok(source)
    }

    fn peek(&self) -> Option<Time> {
        self.items.get(self.taken).map(|item| item.arrival)
    }

    fn current(&mut self) -> Option<&mut Item> {
        self.items.get_mut(self.taken)
    }

    fn advance(&mut self) -> anyhow::Result<()> {
        self.taken += 1;
        self.fill()
    }

    /// Fetches chunks until there is an item or the end.
    fn fill(&mut self) -> anyhow::Result<()> {
        while self.taken >= self.items.len() {
            let Ok(chunk) = self.chunks[self.turn].recv() else { return Ok(()) };
            (self.items, self.taken) = (chunk?, 0);
            self.turn = (self.turn + 1) % self.chunks.len();
        }
        Ok(())
    }
}
