//! Closed files of entries: full ones, and not that of the last entry. No writer touches them any more.
//!
//! Commands that pack or drop them take turns by a lock on `entries/` itself, and hold the
//! ledger's own lock only while one file takes the place of another: writers go on meanwhile.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read},
    thread,
    time::Duration,
};

use anyhow::{Context, ensure};
use rustix::fs::{FlockOperation, flock};

use super::{
    entries::{self, Form},
    folder::Folder,
    read::Reader,
    store, tree,
};
use crate::{
    hash::Hash,
    ledger::write::lock::{LedgerBusy, Lock},
    time::{Span, Time},
    tlog::{
        checkpoint::Checkpoint,
        declaration::LedgerDeclaration,
        entry::Entry,
        layout::MAX_LINE,
        merkle::{fold, leaf_hash},
    },
};

/// A ledger whose closed files are ours to pack or drop.
pub struct Closed {
    folder: Folder,
    stated: Checkpoint,
    wait: Span,
    /// Held as long as it lives
    _turn: File,
}

/// What stands in a file, checked against the signed root.
pub struct ClosedContent {
    /// The hashes of its entries
    pub leaves: Vec<Hash>,
    /// Its first line
    pub line: Vec<u8>,
    /// When its first and its last entry were received
    pub received: [Time; 2],
    /// How long it is
    pub bytes: u64,
}

impl Closed {
    /// Takes the turn, and sees that checkpoint, entry 0 and tree belong together: that the log which entry 0
    /// declares signed what the tree says.
    ///
    /// # Errors
    /// If others are at it, or the ledger is damaged.
    pub fn open(reader: &Reader, declared: &LedgerDeclaration, wait: Span) -> anyhow::Result<Self> {
        let folder = reader.folder().clone();
        let shown = folder.path().display().to_string();
        folder.must_lie_here()?;
        let verified = reader
            .checkpoint()
            .verified_by(&declared.genesis.origin, &declared.genesis.log)
            .with_context(|| format!("{shown}/checkpoint: not signed by the key that entry 0 names"))?;
        let stated = verified.checkpoint().clone();
        let turn = take_turn(&folder, wait)?.ok_or(LedgerBusy).with_context(|| shown.clone())?;
        let frontier = tree::frontier(&folder, stated.size)?;
        ensure!(
            frontier.is_some_and(|frontier| frontier.root() == stated.root),
            "{shown}: tree/ does not give the signed root; run foil chain repair"
        );
        let declared = leaf_hash(declared.entry.to_line().as_bytes());
        let confirmed = tree::leaf(&folder, stated.size, 0)?;
        ensure!(confirmed.is_some(), "{shown}: tree/ is damaged above entry 0; run foil chain repair");
        ensure!(
            confirmed == Some(declared),
            "{shown}: entry 0 is not what the signed root says; run foil verify"
        );
        Ok(Self { folder, stated, wait, _turn: turn })
    }

    /// Where they lie.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// What the checkpoint stated when they were opened.
    pub fn stated(&self) -> &Checkpoint {
        &self.stated
    }

    /// The closed files, by their first entries, in order.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub fn files(&self) -> anyhow::Result<Vec<(u64, Form)>> {
        let mut files = entries::list(&self.folder)?;
        let per_file = self.folder.layout().entries_per_file();
        files.retain(|(first, _)| first.checked_add(per_file).is_some_and(|end| end < self.stated.size));
        Ok(files)
    }

    /// Reads what should be the lines of a file, and sees that they are what the signed root says.
    ///
    /// # Errors
    /// If they are not, or cannot be read.
    pub fn check(&self, first: u64, lines: impl Read) -> anyhow::Result<ClosedContent> {
        let content = read(first, self.folder.layout().entries_per_file(), lines)?;
        let confirmed = tree::file(&self.folder, self.stated.size, first)?;
        ensure!(confirmed.is_some(), "tree/ is damaged above it; run foil chain repair");
        ensure!(
            confirmed == Some(fold(&content.leaves)),
            "its entries are not what the signed root says; run foil verify"
        );
        Ok(content)
    }

    /// The ledger's own lock, for the moment in which one file takes the place of another.
    ///
    /// # Errors
    /// If it is busy all the time.
    pub fn lock(&self) -> anyhow::Result<Lock> {
        let lock = self.folder.lock_to_write(self.wait, || false)?;
        lock.ok_or(LedgerBusy).with_context(|| self.folder.path().display().to_string())
    }

    /// Removes the unfinished files of an interrupted command.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn sweep(&self) -> anyhow::Result<()> {
        for (first, _) in self.files()? {
            for path in
                [self.folder.entry_file(first), self.folder.packed_file(first), self.folder.marker(first)]
            {
                store::remove(&store::temporary(&path)?)?;
            }
        }
        Ok(())
    }
}

fn take_turn(folder: &Folder, wait: Span) -> anyhow::Result<Option<File>> {
    const STEP: Duration = Duration::from_millis(10);
    let path = folder.entries();
    let turn = File::open(&path).with_context(|| path.display().to_string())?;
    let mut left = wait.to_std();
    loop {
        match flock(&turn, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(Some(turn)),
            Err(rustix::io::Errno::WOULDBLOCK) if left.is_zero() => return Ok(None),
            Err(rustix::io::Errno::WOULDBLOCK) => {}
            Err(why) => return Err(why).with_context(|| path.display().to_string()),
        }
        thread::sleep(STEP.min(left));
        left = left.saturating_sub(STEP);
    }
}

/// Reads exactly the lines of a full file.
fn read(first: u64, count: u64, lines: impl Read) -> anyhow::Result<ClosedContent> {
    let mut lines = BufReader::with_capacity(1 << 18, lines);
    let (mut leaves, mut bytes) = (Vec::new(), 0);
    let (mut line, mut first_line) = (Vec::new(), Vec::new());
    for n in first..first + count {
        line.clear();
        bytes += lines.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)? as u64;
        ensure!(line.pop() == Some(b'\n'), "entry {n} is missing or has no end; run foil verify");
        leaves.push(leaf_hash(&line));
        if n == first {
            first_line.clone_from(&line);
        }
    }
    ensure!(lines.fill_buf()?.is_empty(), "more lines than {count}; run foil verify");
    let received = [&first_line, &line].map(|line| Entry::parse_lenient(line).map(|entry| entry.received));
    let [from, to] = received;
    Ok(ClosedContent { leaves, line: first_line, received: [from?, to?], bytes })
}

/// How many bytes a file has.
///
/// # Errors
/// If it cannot be asked.
pub fn length(path: &std::path::Path) -> anyhow::Result<u64> {
    Ok(fs::metadata(path).with_context(|| path.display().to_string())?.len())
}
