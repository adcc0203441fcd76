//! From lines to facts, on several threads; in the order in which the entries arrived.
//!
//! ```text
//! ledger ─ lines, in turn ─► worker 0, 1, … (parse, proofs, facts) ─ in turn ─► merged by arrival
//! ```
//!
//! A worker reads its lines itself, so that they are near: it hands the ledger on to the next one as soon as they are read.

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
    ledger::files::lines::{EntryLineBatch, EntryLines},
    time::Time,
    tlog::{arrival::EntryTimes, merkle::leaf_hash, undone::UndoneJumps},
};

/// How many chunks wait behind each worker.
const AHEAD: usize = 4;

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
    said: LineFact,
    arrival: Time,
    /// Whether it stands in a jump of the clock that was undone
    undone: bool,
    /// Whether it lies beyond the cut, and is there for the tree only
    beyond: bool,
    /// Whether a successor took over what came before it, so that it counts nowhere
    outside: bool,
}

/// The entries of some lines.
#[derive(Default)]
struct Items {
    list: Vec<Item>,
    /// Their leaf hashes, where a root is wanted; empty: it is not
    leaves: Vec<Hash>,
}

/// What a successor says of the ledger is compared once more where the ledger is only trusted.
fn check_handed_over(ledger: &ContractLedger, tree: &CutTree) -> Result<(), ContractRefused> {
    let claim = ledger.handed_over.filter(|claim| claim.size == tree.within().size());
    if claim.is_some_and(|claim| claim.root != tree.root_within()) {
        return Err(ContractRefused::OtherHistory(ledger.id));
    }
    Ok(())
}

/// What some lines say.
type Chunk = anyhow::Result<Items>;

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
                if let Some((item, leaf)) = sources[at].current() {
                    let Item { arrival, undone, beyond, outside, said: LineFact { n, times, ref mut fact } } =
                        *item;
                    let beyond = !trees[at].push(beyond, leaf);
                    if !beyond || (self.beyond && !outside) {
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
    ) -> Vec<ChunkSource> {
        let count = self.threads.get().min(4);
        let (mut handed, taken): (Vec<_>, Vec<_>) = (0..count).map(|_| sync_channel(1)).unzip();
        let mut outputs = Vec::with_capacity(count);
        // The first one begins, and the last one hands the lines to the first.
        let mut begun = Some(ledger.reader.lines(0..ledger.size));
        handed.rotate_left(1);
        for (next, turn) in handed.into_iter().zip(taken) {
            let (done, chunks) = sync_channel(AHEAD);
            let (used, again) = sync_channel(AHEAD);
            let undone = Arc::clone(undone);
            let worker = Worker { begun: begun.take(), turn, next, done, again };
            scope.spawn(move || self.work((ledger, &undone), worker));
            outputs.push(ChunkSource { chunks, used });
        }
        outputs
    }

    fn work<'l>(&self, ledger: (&'l ContractLedger, &UndoneJumps), worker: Worker<'l>) {
        let mut facts = FactReader::new(self.sieve, ledger.0.check_proofs);
        let mut batch = EntryLineBatch::default();
        for mut lines in worker.begun.into_iter().chain(&worker.turn) {
            if lines.is_at_end() {
                return;
            }
            let filled = lines.refill(&mut batch);
            // The other one goes away at the first fault.
            let _ = worker.next.send(lines);
            facts.begin_batch();
            let items = worker.again.try_recv().unwrap_or_default();
            let items = filled.and_then(|()| self.items(ledger, &batch, &mut facts, items));
            if worker.done.send(items).is_err() {
                return;
            }
        }
    }

    /// What the lines of a batch say, in the place of items that were used.
    fn items(
        &self,
        ledger: (&ContractLedger, &UndoneJumps),
        batch: &EntryLineBatch,
        facts: &mut FactReader,
        mut items: Items,
    ) -> Chunk {
        items.list.clear();
        items.leaves.clear();
        items.list.reserve(batch.len());
        let is_rooted = ledger.0.verified || !self.counts_all(ledger.0);
        for line in batch.lines() {
            items.list.push(self.item(ledger, line, facts)?);
            items.leaves.extend(is_rooted.then(|| leaf_hash(line.1)));
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
        let said = facts.line(line).with_context(|| format!("entry {n}"))?;
        if said.n != n {
            return Err(ContractRefused::Misnumbered { n, says: said.n }.into());
        }
        let (arrival, undone) = (undone.arrival(n, said.times), undone.around(n).is_some());
        let outside = ledger.handed_over.is_some_and(|claim| n >= claim.size);
        let beyond = outside || self.cut.excludes(n, arrival);
        Ok(Item { said, arrival, undone, beyond, outside })
    }
}

/// What a thread takes lines from and hands them to, and where what they say goes.
struct Worker<'l> {
    /// The lines with which it begins; `None`: another one does
    begun: Option<EntryLines<'l>>,
    turn: Receiver<EntryLines<'l>>,
    next: SyncSender<EntryLines<'l>>,
    done: SyncSender<Chunk>,
    /// Items that were used: who made them can drop them cheaper than who used them
    again: Receiver<Items>,
}

/// The other side of it.
struct ChunkSource {
    chunks: Receiver<Chunk>,
    used: SyncSender<Items>,
}

/// The items of one ledger, in their order. They are used where they stand: a move of each would cost more than its use.
struct Source {
    workers: Vec<ChunkSource>,
    turn: usize,
    /// The worker whose items are there
    last: usize,
    items: Items,
    /// How many of them were taken
    taken: usize,
}

impl Source {
    fn new(workers: Vec<ChunkSource>) -> anyhow::Result<Self> {
        let mut source = Self { workers, turn: 0, last: 0, items: Items::default(), taken: 0 };
        source.fill()?;
        Ok(source)
    }

    fn peek(&self) -> Option<Time> {
        self.items.list.get(self.taken).map(|item| item.arrival)
    }

    /// The next entry, with its leaf hash where a root is wanted.
    fn current(&mut self) -> Option<(&mut Item, Option<Hash>)> {
        let leaf = self.items.leaves.get(self.taken).copied();
        Some((self.items.list.get_mut(self.taken)?, leaf))
    }

    fn advance(&mut self) -> anyhow::Result<()> {
        self.taken += 1;
        self.fill()
    }

    /// Fetches chunks until there is an item or the end.
    fn fill(&mut self) -> anyhow::Result<()> {
        while self.taken >= self.items.list.len() {
            let Ok(chunk) = self.workers[self.turn].chunks.recv() else { return Ok(()) };
            let used = std::mem::replace(&mut self.items, chunk?);
            // Where the worker has enough of them, or is gone, they are not needed.
            let _ = self.workers[self.last].used.try_send(used);
            (self.last, self.taken) = (self.turn, 0);
            self.turn = (self.turn + 1) % self.workers.len();
        }
        Ok(())
    }
}
