//! From lines to facts, on several threads; in the order in which the entries were received.
//!
//! ```text
//! one reader per ledger ─ chunks ─► worker 0, 1, … (parse, proofs, facts) ─ in turn ─► merged by `received`
//! ```

use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use anyhow::Context;

use super::ledgers::Ledger;
use crate::{
    chain::entry,
    cli::io::Lines,
    contract::{
        claims::Claims,
        eval::{Entry, Fact, Sieve, Signers, Skimmed, Skimmer},
    },
    hash::Hash,
    json::{self, Object, Value},
    record::signed::Verifier,
    time::Time,
    tlog::merkle::{Frontier, leaf_hash},
};

/// How many lines go to a thread at once.
const CHUNK: usize = 512;
/// How many chunks wait at each worker.
const AHEAD: usize = 4;

/// Up to where a ledger counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    None,
    AsOf(Time),
    At(u64),
}

/// One entry, as far as a contract wants to know.
struct Item {
    n: u64,
    received: Time,
    fact: Option<Fact>,
    /// Its leaf hash, where the root of a prefix is wanted
    leaf: Option<Hash>,
}

/// Some lines of a ledger, with their numbers.
type Raw = Vec<anyhow::Result<(u64, Vec<u8>)>>;
/// What they say.
type Chunk = anyhow::Result<Vec<Item>>;

pub(super) struct Feed<'a> {
    pub(super) ledgers: &'a [Ledger],
    pub(super) sieve: &'a Sieve<'a>,
    pub(super) cut: Cut,
    pub(super) threads: usize,
}

impl Feed<'_> {
    /// Hands every entry over in the order of `received`; answers the ledgers' roots over what existed then.
    pub(super) fn run(&self, mut take: impl FnMut(Entry, Time, Option<Fact>)) -> anyhow::Result<Vec<Hash>> {
        thread::scope(|scope| {
            let mut sources = Vec::with_capacity(self.ledgers.len());
            for ledger in self.ledgers {
                sources.push(Source::new(self.start(ledger, scope))?);
            }
            let mut frontiers = vec![Frontier::default(); self.ledgers.len()];
            loop {
                let ahead = sources.iter().enumerate().filter_map(|(at, source)| Some((source.peek()?, at)));
                let Some((_, at)) = ahead.min() else { break };
                let Some(item) = sources[at].next()? else { break };
                if let Some(leaf) = item.leaf {
                    frontiers[at].push(leaf);
                }
                take(Entry { ledger: at, n: item.n }, item.received, item.fact);
            }
            let roots = self.ledgers.iter().zip(&frontiers);
            let root = |(ledger, frontier): (&Ledger, &Frontier)| {
                if self.cut == Cut::None { ledger.root } else { frontier.root() }
            };
            Ok(roots.map(root).collect())
        })
    }

    /// Starts the threads of one ledger; answers where their chunks come out, in turn.
    fn start<'scope>(
        &'scope self,
        ledger: &'scope Ledger,
        scope: &'scope thread::Scope<'scope, '_>,
    ) -> Vec<Receiver<Chunk>> {
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        for _ in 0..self.threads.clamp(1, 4) {
            let (lines, work) = sync_channel(AHEAD);
            let (done, chunks) = sync_channel(AHEAD);
            scope.spawn(move || self.work(ledger, &work, &done));
            inputs.push(lines);
            outputs.push(chunks);
        }
        scope.spawn(move || read(ledger, &inputs));
        outputs
    }

    fn work(&self, ledger: &Ledger, lines: &Receiver<Raw>, done: &SyncSender<Chunk>) {
        let mut witness = Witness::new(self.sieve, ledger.check_proofs);
        for chunk in lines {
            let items = chunk.into_iter().map(|line| self.item(line?, &mut witness));
            if done.send(items.filter_map(Result::transpose).collect()).is_err() {
                return;
            }
        }
    }

    /// What a line says; nothing if it is beyond the cut.
    fn item(&self, (n, line): (u64, Vec<u8>), witness: &mut Witness) -> anyhow::Result<Option<Item>> {
        let (said, received, fact) = witness.read(&line).with_context(|| format!("entry {n}"))?;
        anyhow::ensure!(said == n, "entry {n}: says that it is entry {said}; run foil verify");
        let (beyond, hashed) = match self.cut {
            Cut::None => (false, false),
            Cut::AsOf(as_of) => (received > as_of, true),
            Cut::At(last) => (n > last, true),
        };
        let leaf = hashed.then(|| leaf_hash(&line));
        Ok((!beyond).then_some(Item { n, received, fact, leaf }))
    }
}

/// Says what a line says, and who signed it.
struct Witness<'a> {
    sieve: &'a Sieve<'a>,
    /// None: the proofs are trusted, or were verified before
    verifier: Option<Verifier>,
    claims: Claims,
    skimmer: Skimmer<'a>,
}

impl<'a> Witness<'a> {
    fn new(sieve: &'a Sieve<'a>, check_proofs: bool) -> Self {
        let verifier = check_proofs.then(Verifier::new);
        Self { sieve, verifier, claims: Claims::default(), skimmer: Skimmer::new(sieve) }
    }

    fn read(&mut self, line: &[u8]) -> anyhow::Result<(u64, Time, Option<Fact>)> {
        if self.verifier.is_none()
            && let Some(Skimmed { n, received, fact }) = self.skimmer.skim(line)
        {
            return Ok((n, received, fact));
        }
        let entry = entry::Entry::parse_lenient(line)?;
        Ok((entry.n, entry.received, self.fact(&entry.record, entry.received)))
    }

    fn fact(&mut self, record: &Object, received: Time) -> Option<Fact> {
        if !self.sieve.wants(record) {
            return None;
        }
        let signers = match &mut self.verifier {
            Some(verifier) => verifier.signers(record, received).ok(),
            None => self.claims.signers(record),
        };
        self.sieve.fact(record, signers.as_deref().map_or(Signers::Bad, Signers::Good))
    }
}

/// Cuts a ledger's lines into chunks and hands them to the workers in turn.
fn read(ledger: &Ledger, workers: &[SyncSender<Raw>]) {
    let mut lines = ledger.reader.lines(0..ledger.size).peekable();
    for worker in workers.iter().cycle() {
        if lines.peek().is_none() {
            return;
        }
        // The other side goes away at the first fault.
        if worker.send(lines.by_ref().take(CHUNK).collect()).is_err() {
            return;
        }
    }
}

/// The items of one ledger, in their order.
struct Source {
    chunks: Vec<Receiver<Chunk>>,
    turn: usize,
    items: std::vec::IntoIter<Item>,
}

impl Source {
    fn new(chunks: Vec<Receiver<Chunk>>) -> anyhow::Result<Self> {
        let mut source = Self { chunks, turn: 0, items: Vec::new().into_iter() };
        source.fill()?;
        Ok(source)
    }

    fn peek(&self) -> Option<Time> {
        self.items.as_slice().first().map(|item| item.received)
    }

    fn next(&mut self) -> anyhow::Result<Option<Item>> {
        let item = self.items.next();
        self.fill()?;
        Ok(item)
    }

    /// Fetches chunks until there is an item or the end.
    fn fill(&mut self) -> anyhow::Result<()> {
        while self.items.as_slice().is_empty() {
            let Ok(chunk) = self.chunks[self.turn].recv() else { return Ok(()) };
            self.items = chunk?.into_iter();
            self.turn = (self.turn + 1) % self.chunks.len();
        }
        Ok(())
    }
}

/// Records or entries from standard input, trusted. A bare record is received when it was measured.
pub(super) fn standard_input(
    sieve: &Sieve,
    mut take: impl FnMut(Entry, Time, Option<Fact>),
) -> anyhow::Result<()> {
    let mut lines = Lines::open(None)?;
    let mut witness = Witness::new(sieve, false);
    let mut latest = None;
    let mut any = false;
    while let Some(line) = lines.next()? {
        let object = json::parse_object(&line.text).with_context(|| format!("line {}", line.number))?;
        any = true;
        let (n, received, record) = match unwrapped(object) {
            Ok((n, received, record)) => (n, Some(received), record),
            Err(record) => (line.number - 1, record.str("time").and_then(Time::parse_rfc3339), record),
        };
        // A record without time came with what came before it.
        let Some(received) = received.or(latest) else { continue };
        latest = latest.max(Some(received));
        take(Entry { ledger: 0, n }, received, witness.fact(&record, received));
    }
    anyhow::ensure!(any, "no record came on standard input");
    Ok(())
}

/// The parts of a ledger's entry; the object itself if it is none.
fn unwrapped(object: Object) -> Result<(u64, Time, Object), Object> {
    let n = object.get("n").and_then(Value::as_u64);
    let received = object.str("received").and_then(Time::parse);
    let (Some(n), Some(received), 3) = (n, received, object.len()) else { return Err(object) };
    let mut object = object;
    match object.remove("record") {
        Some(Value::Object(record)) => Ok((n, received, record)),
        Some(other) => {
            object.insert("record", other);
            Err(object)
        }
        None => Err(object),
    }
}
