//! The commit protocol: how entries come into a ledger, batch by batch.
//!
//! ```text
//! 1 lock   2 read checkpoint, recover   3 validate   4 entries, fdatasync   5 tree
//! 6 checkpoint: temporary file, fsync, rename, fsync of the folder          7 acknowledge
//! ```
//!
//! Nothing is acknowledged before step 6 is done. A failed write or sync ends the run; what it left is taken
//! up by the next batch, whoever writes it.

use std::{
    collections::HashMap, fmt, fs::OpenOptions, os::unix::fs::FileExt, path::Path, thread, time::Duration,
};

use anyhow::{Context, ensure};

use super::{
    entry::Entry,
    folder::Folder,
    read::Reader,
    received::{self, Before, Clock},
    recover,
    seen::{self, Seen, Sight},
    store::{self, LastWriter, Lock},
    tree,
};
use crate::{
    hash::Hash,
    json::Object,
    key::SecretKey,
    object,
    time::{Span, Time},
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        merkle::{Frontier, leaf_hash},
        tile,
        view::{ENTRIES_PER_FILE, MAX_LINE},
        vkey::{Algorithm, VerifierKey},
    },
};

/// The most records of one batch.
pub const MAX_BATCH: usize = 10_000;

/// The most bytes of one batch, about: it is held in memory.
pub const MAX_BATCH_BYTES: usize = 64 << 20;

/// Who may write what, which is not the business of this room.
pub trait Admission {
    /// Of some entries the first that may not enter, by its place among them, and why.
    fn refuse(&self, entries: &[Entry]) -> Option<(usize, String)>;
}

/// A record and the clocks when it came.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// What was said
    pub record: Object,
    /// When
    pub clock: received::Reading,
}

/// The machine at the time of a batch.
#[derive(Clone, Debug)]
pub struct Here {
    /// Its id
    pub machine: String,
    /// The id of its run
    pub boot: String,
    /// Its clocks
    pub clock: received::Reading,
    /// Whether the kernel vouches for the wall clock
    pub synchronised: bool,
}

/// What an operator may override.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long to wait for the lock
    pub wait: Span,
    /// Another machine wrote last, and will not write again
    pub moved: bool,
    /// The locks of this network file system work
    pub shared_lock: bool,
    /// The wall clock is right, though nothing synchronises it
    pub accept_clock: bool,
}

/// The lock is held by another process.
#[derive(Debug)]
pub struct Busy;

impl fmt::Display for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another process holds the lock")
    }
}

impl std::error::Error for Busy {}

/// What a batch came to.
#[derive(Debug, Default)]
pub struct Committed {
    /// The acknowledgement, if anything was written
    pub receipt: Option<Receipt>,
    /// The first record that was refused, by its place in the batch, and why. Nothing from there on is written
    pub refused: Option<(usize, String)>,
    /// What the operator should know
    pub warnings: Vec<String>,
}

/// The acknowledgement of a batch. Its checkpoint is evidence in the hands of whoever has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The ledger after the batch
    pub checkpoint: Checkpoint,
    /// The signed note
    pub note: String,
    /// The first and the last new entry
    pub entries: Option<(u64, u64)>,
    /// The first and the last entry taken up from a writer that died
    pub recovered: Option<(u64, u64)>,
    /// How many records of the batch were among those already
    pub skipped: u64,
}

impl Receipt {
    /// The receipt as data.
    pub fn to_object(&self) -> Object {
        let mut object = object! {
            "size": self.checkpoint.size,
            "root": self.checkpoint.root.to_string(),
            "first": self.entries.map(|(first, _)| first),
            "last": self.entries.map(|(_, last)| last),
            "checkpoint": self.note.as_str(),
        };
        if let Some((first, last)) = self.recovered {
            object.insert("recovered", vec![first, last]);
            object.insert("skipped", self.skipped);
        }
        object
    }
}

/// Writes into one ledger, as long as it lives. It holds the lock only during a batch.
pub struct Appender<A> {
    folder: Folder,
    key: SecretKey,
    id: Hash,
    seen: Seen,
    admission: A,
    options: Options,
    tip: Option<Tip>,
    batches: u64,
}

/// The ledger as it was left.
struct Tip {
    checkpoint: Vec<u8>,
    origin: String,
    tree: tile::Builder,
    received: Time,
    /// The byte behind the last entry, in its file
    end: u64,
}

impl<A: Admission> Appender<A> {
    /// Makes ready to write into a ledger whose log key this is and whose id is known.
    ///
    /// # Errors
    /// If the ledger lies where locks may mean nothing.
    pub fn new(
        folder: Folder,
        key: SecretKey,
        id: Hash,
        seen: Seen,
        admission: A,
        options: Options,
    ) -> anyhow::Result<Self> {
        if let Some(kind) = store::network_file_system(folder.path()).filter(|_| !options.shared_lock) {
            anyhow::bail!(
                "{}: on {kind}, where two writers may not see each other's lock",
                folder.path().display()
            );
        }
        Ok(Self { folder, key, id, seen, admission, options, tip: None, batches: 0 })
    }

    /// Writes one batch: all of it up to the first record that is refused.
    ///
    /// # Errors
    /// If the lock is [`Busy`], the ledger damaged, or a write or sync failed: then nothing is acknowledged.
    pub fn commit(&mut self, arrivals: Vec<Arrival>, here: &Here) -> anyhow::Result<Committed> {
        let lock = self.lock(here)?;
        let mut committed = Committed::default();
        let mut tip = self.current(&mut committed.warnings)?;
        let rules = recover::Rules {
            next: tip.tree.frontier().size(),
            received: tip.received,
            now: here.clock.wall,
            admission: &self.admission,
        };
        let tail = recover::take_tail(&self.folder, tip.end, &rules)?;
        committed.warnings.extend(tail.set_aside.iter().map(|path| set_aside_warning(path)));
        let recovered = tail.good.len();
        let before = before(tip.received, &lock, here);
        let mut batch = Batch { next: rules.next, received: tip.received, entries: Vec::new() };
        for entry in tail.good {
            batch.take_up(entry);
        }
        let skipped = self.fill(&mut batch, arrivals, before, here, &mut committed);
        if batch.entries.is_empty() {
            self.tip = Some(tip);
            return Ok(committed);
        }
        self.write(&batch, &mut tip, &lock, here, &mut committed.warnings)?;
        committed.receipt = Some(receipt(&batch, &tip, recovered, skipped)?);
        (self.tip, self.batches) = (Some(tip), self.batches + 1);
        Ok(committed)
    }

    /// Says what [`Appender::commit`] would refuse, and writes nothing.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub fn check(&self, arrivals: &[Arrival]) -> anyhow::Result<Committed> {
        let next = Reader::open(self.folder.clone())?.size();
        let mut batch = Batch { next, received: Time::EPOCH, entries: Vec::new() };
        for arrival in arrivals {
            batch.push(arrival.clock.wall, arrival.record.clone());
        }
        let refused = self.refused(&batch, 0);
        Ok(Committed { refused, ..Committed::default() })
    }

    /// The first entry, from one on, that may not enter.
    fn refused(&self, batch: &Batch, from: usize) -> Option<(usize, String)> {
        let refused = batch.too_long(from).into_iter().chain(self.admission.refuse(&batch.entries[from..]));
        refused.min_by_key(|(at, _)| *at)
    }

    /// Step 1: waits for the lock, and sees whether this machine may write here.
    fn lock(&self, here: &Here) -> anyhow::Result<Lock> {
        const STEP: Duration = Duration::from_millis(2);
        let mut left = self.options.wait.to_std();
        let lock = loop {
            if let Some(lock) = Lock::try_take(&self.folder.lock())? {
                break lock;
            }
            if left.is_zero() {
                return Err(Busy).with_context(|| self.folder.path().display().to_string());
            }
            thread::sleep(STEP.min(left));
            left = left.saturating_sub(STEP);
        };
        let machine = lock.last_writer().machine;
        ensure!(
            self.options.moved || machine.is_empty() || machine == here.machine,
            "{}: another machine ({machine}) wrote here last; if it will never write here again, say --moved",
            self.folder.path().display()
        );
        Ok(lock)
    }

    /// Step 2: the ledger as it is now, checked against its checkpoint and against what was seen before.
    fn current(&mut self, warnings: &mut Vec<String>) -> anyhow::Result<Tip> {
        let path = self.folder.path().display().to_string();
        let bytes = self.folder.read_checkpoint()?;
        let bytes =
            bytes.with_context(|| format!("{path}: no checkpoint, so this is no ledger, or a broken one"))?;
        if let Some(tip) = self.tip.take_if(|tip| tip.checkpoint == bytes) {
            return Ok(tip);
        }
        let signed = SignedCheckpoint::parse(&bytes).with_context(|| format!("{path}/checkpoint"))?;
        let stated = signed.checkpoint().clone();
        let ours = VerifierKey::new(&stated.origin, Algorithm::Ed25519, self.key.public())?;
        ensure!(signed.verdict(&ours).is_good(), "{path}/checkpoint: not signed by this key");
        let frontier = self.frontier(&stated, warnings)?;
        self.compare_with_seen(&stated, &frontier)?;
        self.check_declaration(stated.size)?;
        let (end, received) = self.end(stated.size)?;
        let tree = tile::Builder::new(frontier);
        Ok(Tip { checkpoint: bytes, origin: stated.origin, tree, received, end })
    }

    /// The tree that gives the signed root, made anew where the levels do not.
    fn frontier(&self, stated: &Checkpoint, warnings: &mut Vec<String>) -> anyhow::Result<Frontier> {
        let stored = tree::frontier(&self.folder, stated.size).ok().flatten();
        if let Some(frontier) = stored.filter(|frontier| frontier.root() == stated.root) {
            return Ok(frontier);
        }
        let path = self.folder.path().display();
        warnings
            .push(format!("{path}: tree/ does not give the signed root and is made anew from the entries"));
        tree::rebuild(&self.folder, stated.size, &stated.root).with_context(|| path.to_string())
    }

    /// Refuses to go on from anything but an extension of the highest checkpoint that was seen: a restored
    /// backup that went on would be a fork.
    fn compare_with_seen(&self, stated: &Checkpoint, frontier: &Frontier) -> anyhow::Result<()> {
        let path = self.folder.path().display();
        let Some(sight) = self.seen.recall(&stated.origin, &self.id)? else { return Ok(()) };
        let seen = sight.checkpoint.checkpoint();
        ensure!(
            seen.size <= stated.size,
            "{path}: rolled back: {} entries were signed here before, now there are {}; to go on would fork the ledger",
            seen.size,
            stated.size
        );
        let mut extends = tree::extends(&self.folder, seen, frontier)?;
        if !extends {
            // It may be `tree/` that is wrong; the entries under the signed root decide.
            tree::rebuild(&self.folder, stated.size, &stated.root).with_context(|| path.to_string())?;
            extends = tree::extends(&self.folder, seen, frontier)?;
        }
        ensure!(extends, "{path}: forked: it is not an extension of the {} entries seen before", seen.size);
        Ok(())
    }

    /// The rules come from entry 0, so it must be the one that was signed.
    fn check_declaration(&self, size: u64) -> anyhow::Result<()> {
        let path = self.folder.path().display();
        let reader = Reader::open(self.folder.clone())?;
        let (_, line) = reader.lines(0..1).next().with_context(|| format!("{path}: no entry 0"))??;
        let signed = tree::leaf(&self.folder, size, 0)? == Some(leaf_hash(&line));
        ensure!(signed, "{path}: entry 0 is not what the tree says; run foil verify, and foil chain repair");
        Ok(())
    }

    /// The byte behind the last entry that the checkpoint covers, and its time.
    fn end(&self, size: u64) -> anyhow::Result<(u64, Time)> {
        let path = self.folder.path().display();
        let last = size.checked_sub(1).with_context(|| format!("{path}: a checkpoint of no entries"))?;
        let leaf = tree::leaf(&self.folder, size, last)?;
        let leaf =
            leaf.with_context(|| format!("{path}: tree/ contradicts itself; run foil chain repair"))?;
        let end = recover::find_end(&self.folder, last, &leaf)?;
        let end = end.with_context(|| {
            format!(
                "{path}: entry {last}, which the checkpoint covers, is missing or changed; run foil verify"
            )
        })?;
        Ok((end.offset, end.last.received))
    }

    /// Step 3: gives the arrivals their numbers and times, and lets in what may enter. Answers how many of
    /// them were recovered already.
    fn fill(
        &self,
        batch: &mut Batch,
        arrivals: Vec<Arrival>,
        mut before: Before,
        here: &Here,
        committed: &mut Committed,
    ) -> u64 {
        let believe = here.synchronised || self.options.accept_clock;
        let known = batch.entries.len();
        let mut absorbable = if self.batches == 0 { batch.absorbable() } else { HashMap::new() };
        let (mut skipped, mut clock, mut places) = (0, Clock::Fine, Vec::new());
        before.received = batch.received;
        for (place, arrival) in arrivals.into_iter().enumerate() {
            if absorb(&mut absorbable, &arrival.record) {
                skipped += 1;
                continue;
            }
            let (received, state) = received::received(arrival.clock, before, believe);
            before = Before { received, up: before.up.map(|_| arrival.clock.up) };
            clock = if state == Clock::Fine { clock } else { state };
            batch.push(received, arrival.record);
            places.push(place);
        }
        if let Some((at, why)) = self.refused(batch, known) {
            batch.entries.truncate(known + at);
            committed.refused = Some((places[at], why));
        }
        committed.warnings.extend(clock_warning(clock));
        skipped
    }

    /// Steps 4 to 6.
    fn write(
        &self,
        batch: &Batch,
        tip: &mut Tip,
        lock: &Lock,
        here: &Here,
        warnings: &mut Vec<String>,
    ) -> anyhow::Result<()> {
        let lines: Vec<String> = batch.entries.iter().map(Entry::to_line).collect();
        tip.end = write_lines(&self.folder, batch.entries[0].n, tip.end, &lines)?;
        for line in &lines {
            tip.tree.push(leaf_hash(line.as_bytes()));
        }
        tree::create(&self.folder)?;
        tree::write(&self.folder, &tip.tree.take())?;
        let up = here.clock.up;
        lock.sign_in(&LastWriter { machine: here.machine.clone(), boot: here.boot.clone(), up })?;
        let frontier = tip.tree.frontier();
        let stated = Checkpoint { origin: tip.origin.clone(), size: frontier.size(), root: frontier.root() };
        let signed =
            SignedCheckpoint::sign(stated, &self.key).context("an origin that can be no key's name")?;
        tip.checkpoint = signed.to_string().into_bytes();
        tip.received = batch.entries.last().map_or(tip.received, |entry| entry.received);
        store::replace(&self.folder.checkpoint(), &tip.checkpoint)?;
        let sight = Sight { key: self.key.public(), checkpoint: signed };
        match self.seen.remember(&self.id, &sight) {
            Err(error) if seen::is_unwritable(&error) => {
                warnings.push(format!("what was seen cannot be remembered: {error:#}"));
                Ok(())
            }
            remembered => remembered,
        }
    }
}

/// What the next `received` is measured against.
fn before(received: Time, lock: &Lock, here: &Here) -> Before {
    let writer = lock.last_writer();
    let same_run = !here.boot.is_empty() && writer.boot == here.boot;
    Before { received, up: same_run.then_some(writer.up) }
}

/// Entries on their way in.
struct Batch {
    next: u64,
    received: Time,
    entries: Vec<Entry>,
}

impl Batch {
    fn take_up(&mut self, entry: Entry) {
        (self.next, self.received) = (entry.n + 1, entry.received);
        self.entries.push(entry);
    }

    fn push(&mut self, received: Time, record: Object) {
        self.take_up(Entry { n: self.next, received, record });
    }

    /// How often each record stands among the recovered ones, by its canonical form.
    fn absorbable(&self) -> HashMap<String, u64> {
        let mut counts = HashMap::new();
        for entry in &self.entries {
            *counts.entry(entry.record.to_canonical()).or_insert(0) += 1;
        }
        counts
    }

    /// The first new entry whose line would be too long.
    fn too_long(&self, known: usize) -> Option<(usize, String)> {
        let lengths = self.entries[known..].iter().map(|entry| entry.to_line().len());
        let (at, length) = lengths.enumerate().find(|(_, length)| *length > MAX_LINE)?;
        Some((at, format!("the entry would have {length} bytes, more than {MAX_LINE}")))
    }
}

/// Whether a record was recovered, which a producer sends again since nobody acknowledged it.
fn absorb(absorbable: &mut HashMap<String, u64>, record: &Object) -> bool {
    if absorbable.is_empty() {
        return false;
    }
    let left = absorbable.get_mut(&record.to_canonical()).filter(|left| **left > 0);
    left.map(|left| *left -= 1).is_some()
}

fn set_aside_warning(path: &Path) -> String {
    format!("what an earlier writer left unfinished and was no good entry is kept in {}", path.display())
}

fn clock_warning(clock: Clock) -> Option<String> {
    match clock {
        Clock::Behind(by) if by > Span::from_millis(1_000) => {
            Some(format!("the clock is {by} behind the last entry, whose time is repeated: set the clock"))
        }
        Clock::Ahead(by) => Some(format!(
            "the clock is {by} ahead of the last entry and not synchronised, so the last entry's time is repeated; \
             if the clock is right, say --accept-clock"
        )),
        _ => None,
    }
}

/// Step 4: writes lines from an offset of their file on, and makes them durable. Answers where they end.
fn write_lines(folder: &Folder, first: u64, end: u64, lines: &[String]) -> anyhow::Result<u64> {
    let (mut n, mut end, mut rest) = (first, end, lines);
    while !rest.is_empty() {
        let in_file = usize::try_from(ENTRIES_PER_FILE - n % ENTRIES_PER_FILE).unwrap_or(usize::MAX);
        let (here, later) = rest.split_at(in_file.min(rest.len()));
        let fresh = n.is_multiple_of(ENTRIES_PER_FILE);
        end = write_file(folder, n, if fresh { 0 } else { end }, here)?;
        if fresh {
            store::sync_folder(&folder.entries())?;
        }
        (n, rest) = (n + here.len() as u64, later);
    }
    Ok(end)
}

fn write_file(folder: &Folder, n: u64, offset: u64, lines: &[String]) -> anyhow::Result<u64> {
    let path = folder.entry_file(n);
    let mut bytes = Vec::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
    for line in lines {
        bytes.extend_from_slice(line.as_bytes());
        bytes.push(b'\n');
    }
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    file.and_then(|file| {
        file.write_all_at(&bytes, offset)?;
        file.sync_data()
    })
    .with_context(|| path.display().to_string())?;
    Ok(offset + bytes.len() as u64)
}

fn receipt(batch: &Batch, tip: &Tip, recovered: usize, skipped: u64) -> anyhow::Result<Receipt> {
    let span = |entries: &[Entry]| Some((entries.first()?.n, entries.last()?.n));
    let (old, new) = batch.entries.split_at(recovered);
    let note = String::from_utf8(tip.checkpoint.clone())?;
    let frontier = tip.tree.frontier();
    let checkpoint = Checkpoint { origin: tip.origin.clone(), size: frontier.size(), root: frontier.root() };
    Ok(Receipt { checkpoint, note, entries: span(new), recovered: span(old), skipped })
}
