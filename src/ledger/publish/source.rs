//! The log that is to be published: its entries and hashes, as far as they lead to the signed root.

use std::io::{BufRead, BufReader, Read};

use anyhow::{Context, ensure};

use super::{DroppedEntries, LogToPublish};
use crate::{
    hash::Hash,
    tlog::{
        bundle,
        entry::{MAX_RAW_LINE, plain_line},
        layout::{ENTRIES_PER_FILE, LEVELS, Layout, TILE_WIDTH},
        merkle::{Frontier, fold},
        tile,
        view::{EntryFile, View},
    },
};

/// A log, and the hashes of its tree that are confirmed by the signed root.
pub(super) struct ConfirmedLog<'a> {
    view: &'a dyn View,
    shown: &'a str,
    size: u64,
    files: Vec<EntryFile>,
    /// For each level the hashes that no full block covers: together they give the signed root
    edge: Vec<Vec<Hash>>,
    /// For each level the full block that was confirmed last
    confirmed: Vec<Option<(u64, Vec<Hash>)>>,
}

impl<'a> ConfirmedLog<'a> {
    /// The log whose checkpoint states this.
    ///
    /// # Errors
    /// If its tree does not lead to the root.
    pub(super) fn new(log: LogToPublish<'a>, size: u64, root: &Hash) -> anyhow::Result<Self> {
        let LogToPublish { view, shown, .. } = log;
        let stored = edge_of(size, |level, first, count| view.tree(level, first, count).context("tree"))?;
        let tree = stored.filter(|(frontier, _)| frontier.root() == *root);
        let (_, edge) =
            tree.context("tree/ does not give the signed root; run foil verify, and foil chain repair")?;
        let files = view.entry_files().context("entries")?;
        Ok(Self { view, shown, size, files, edge, confirmed: vec![None; LEVELS as usize] })
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Its name in messages.
    pub(super) fn shown(&self) -> String {
        self.shown.to_owned()
    }

    /// The tree of the first `size` entries, and for each level the hashes of it that no full block covers; `None`:
    /// they do not lead to the signed root, so it is not known.
    pub(super) fn past(&mut self, size: u64) -> anyhow::Result<Option<(Frontier, Vec<Vec<Hash>>)>> {
        edge_of(size, |level, first, count| {
            let hashes = (first..first + count as u64).map(|at| self.hash(level, at).transpose());
            hashes.collect::<Option<anyhow::Result<Vec<Hash>>>>().transpose()
        })
    }

    /// Refuses a log that has dropped entries which come after the first `published` ones.
    pub(super) fn must_have_after(&self, published: u64) -> anyhow::Result<()> {
        let end = |first: u64| first.saturating_add(ENTRIES_PER_FILE);
        let lacks = |file: &&EntryFile| file.pruned && file.first < self.size && end(file.first) > published;
        let files: Vec<&EntryFile> = self.files.iter().filter(lacks).collect();
        let [first, ..] = files[..] else { return Ok(()) };
        let runs_on = files.windows(2).take_while(|pair| pair[1].first == end(pair[0].first)).count();
        // Entry 0 is kept.
        let (first, last) = (first.first.max(published).max(1), end(files[runs_on].first) - 1);
        Err(DroppedEntries { run: first..=last }.into())
    }

    /// Whether the lines of the file that holds an entry were dropped.
    pub(super) fn has_dropped(&self, n: u64) -> bool {
        self.files.iter().any(|file| file.pruned && file.first == Layout::STANDARD.first_in_file(n))
    }

    /// How long the bundles of a full file of entries are together; `None`: only reading tells. Each line
    /// has two bytes of length before it there, and no line feed behind it.
    pub(super) fn bundled(&self, first: u64) -> anyhow::Result<Option<u64>> {
        let Some(file) = self.files.iter().find(|file| file.first == first) else { return Ok(None) };
        let bytes = self.view.bytes(file).with_context(|| file.name.clone())?;
        Ok(bytes.map(|bytes| bytes + ENTRIES_PER_FILE))
    }

    /// Checks that these are the leaves of a bundle.
    ///
    /// # Errors
    /// If not: then an entry or the tree is damaged.
    pub(super) fn confirm(&mut self, bundle: u64, leaves: &[Hash]) -> anyhow::Result<()> {
        let good = if leaves.len() as u64 == TILE_WIDTH {
            self.hash(1, bundle)? == Some(fold(leaves))
        } else {
            self.edge[0] == leaves
        };
        let (first, last) = (bundle * TILE_WIDTH, bundle * TILE_WIDTH + leaves.len() as u64 - 1);
        ensure!(
            good,
            "one of the entries {first} to {last} is not the one that the tree has, or tree/ is damaged there; run foil verify, and foil chain repair"
        );
        Ok(())
    }

    /// A hash of a level, if it leads to the signed root.
    fn hash(&mut self, level: u32, at: u64) -> anyhow::Result<Option<Hash>> {
        let (block, place) = (at / TILE_WIDTH, usize::try_from(at % TILE_WIDTH)?);
        if block == Layout::STANDARD.level_length(level + 1, self.size) {
            return Ok(self.edge[level as usize].get(place).copied());
        }
        Ok(self.block(level, block)?.and_then(|hashes| hashes.get(place).copied()))
    }

    /// A full block of a level, if it leads to the signed root.
    pub(super) fn block(&mut self, level: u32, block: u64) -> anyhow::Result<Option<&[Hash]>> {
        let slot = level as usize;
        if self.confirmed[slot].as_ref().is_none_or(|(known, _)| *known != block) {
            let hashes =
                self.view.tree(level, block * TILE_WIDTH, Layout::STANDARD.tile_length()).context("tree")?;
            let above = self.hash(level + 1, block)?;
            let Some(hashes) = hashes.filter(|hashes| above == Some(fold(hashes))) else { return Ok(None) };
            self.confirmed[slot] = Some((block, hashes));
        }
        Ok(self.confirmed[slot].as_ref().map(|(_, hashes)| &hashes[..]))
    }

    /// The lines of the entries from this one on.
    pub(super) fn lines(&self, first: u64) -> LogLines<'a> {
        let (view, size, files) = (self.view, self.size, self.files.clone());
        LogLines { view, size, files, next: first, reader: None, line: Vec::new() }
    }
}

/// The tree of the first `size` entries of a log, and for each level the hashes that no full block covers, as they are
/// read.
fn edge_of(
    size: u64,
    mut read: impl FnMut(u32, u64, usize) -> anyhow::Result<Option<Vec<Hash>>>,
) -> anyhow::Result<Option<(Frontier, Vec<Vec<Hash>>)>> {
    let mut edge = vec![Vec::new(); LEVELS as usize];
    let read = |level: u32, first, count| {
        let hashes = read(level, first, count)?;
        edge[level as usize] = hashes.clone().unwrap_or_default();
        anyhow::Ok(hashes)
    };
    let frontier = tile::frontier(Layout::STANDARD, size, read)?;
    Ok(frontier.map(|frontier| (frontier, edge)))
}

/// Lines one after the other.
pub(super) struct LogLines<'a> {
    view: &'a dyn View,
    size: u64,
    files: Vec<EntryFile>,
    next: u64,
    reader: Option<BufReader<Box<dyn Read + Send + 'a>>>,
    line: Vec<u8>,
}

impl LogLines<'_> {
    /// The next so many lines as a bundle.
    ///
    /// # Errors
    /// If one of them is not there, or cannot be read.
    pub(super) fn bundle(&mut self, width: u16) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for _ in 0..width {
            bundle::push(&mut bytes, self.next()?).context("an entry of more than 65,535 bytes")?;
        }
        Ok(bytes)
    }

    /// The next line, without its line feed.
    ///
    /// # Errors
    /// If it is not there, or cannot be read.
    fn next(&mut self) -> anyhow::Result<&[u8]> {
        let n = self.next;
        if n.is_multiple_of(ENTRIES_PER_FILE) {
            self.reader = None;
        }
        if self.reader.is_none() {
            self.open()?;
        }
        self.line.clear();
        self.read_line().with_context(|| format!("entry {n}"))?;
        // Some programs take away the last line feed of a text. Whether it is the entry, its hash says.
        let has_end = self.line.ends_with(b"\n") || n + 1 == self.size && !self.line.is_empty();
        ensure!(has_end, "entry {n} is missing, or has no end; run foil verify");
        self.line.pop_if(|byte| *byte == b'\n');
        self.next += 1;
        Ok(plain_line(&self.line, Layout::STANDARD.place_in_file(n) == 0))
    }

    fn read_line(&mut self) -> anyhow::Result<()> {
        let reader = self.reader.as_mut().context("an open file")?;
        reader.take(MAX_RAW_LINE as u64 + 1).read_until(b'\n', &mut self.line)?;
        Ok(())
    }

    /// Opens the file of the next entry, and passes over what stands before it.
    fn open(&mut self) -> anyhow::Result<()> {
        let within = Layout::STANDARD.place_in_file(self.next);
        let file = self.files.iter().find(|file| file.first == self.next - within);
        let file = file.with_context(|| format!("the file of entry {} is not there", self.next))?;
        let source = self.view.open(file).with_context(|| file.name.clone())?;
        let mut reader = BufReader::with_capacity(1 << 18, source);
        for _ in 0..within {
            reader
                .by_ref()
                .take(MAX_RAW_LINE as u64 + 1)
                .skip_until(b'\n')
                .with_context(|| file.name.clone())?;
        }
        self.reader = Some(reader);
        Ok(())
    }
}
