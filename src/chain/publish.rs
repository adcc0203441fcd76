//! Publishing a log: the same entries and hashes as static files that any web server can serve.
//!
//! ```text
//! DEST/checkpoint                the log's own, byte for byte; written last
//! DEST/tile/0/x001/234[.p/W]     256 leaf hashes, or the W that there are so far; other levels alike
//! DEST/tile/entries/x001/234     the same entries, each behind its length
//! DEST/.publishing/              there while a publisher is at work, or has died; names the log, by a hash
//! ```
//!
//! Format: <https://c2sp.org/tlog-tiles>. What is there is never changed, only added to: new tiles and bundles
//! first, then the checkpoint, then partial ones that a full one has replaced go. A publisher that died is
//! taken up by the next one. What does not lead to the signed root never goes out.

mod dest;
mod source;

use std::{io, path::Path};

use anyhow::{Context, ensure};

use self::{dest::Dest, source::Source};
use super::{append::Busy, folder::MAX_CHECKPOINT, published, store::Lock};
use crate::{
    hash::Hash,
    time::Span,
    tlog::{
        bundle,
        checkpoint::SignedCheckpoint,
        merkle::{fold, leaf_hash},
        resource::{CHECKPOINT, Content, FULL, Resource},
        tile::{self, LEVELS},
        view::View,
        vkey::VerifierKey,
    },
};

/// A log that is to be published.
#[derive(Clone, Copy)]
pub struct Log<'a> {
    /// What it is read by
    pub view: &'a dyn View,
    /// The key that signs it, under its name
    pub key: &'a VerifierKey,
    /// How people call it
    pub shown: &'a str,
}

/// How to go about it.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Check everything, and write nothing
    pub dry_run: bool,
    /// How long to wait for another publisher
    pub wait: Span,
    /// Whether the waiting is given up
    pub give_up: fn() -> bool,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// How many entries were published before
    pub before: u64,
    /// How many are published now
    pub after: u64,
    /// How many tiles and bundles were written
    pub written: u64,
}

/// Publishes what a log's checkpoint states into a folder, or what of it that folder lacks.
///
/// # Errors
/// If the log is damaged, if something else than its own past is published there, if another publisher is
/// [`Busy`] there, or if a write failed: then the old checkpoint, if any, still stands.
pub fn publish(log: Log<'_>, dest: &Path, options: Options) -> anyhow::Result<Done> {
    let named = || log.shown.to_owned();
    let bytes = log.view.checkpoint(MAX_CHECKPOINT).with_context(named)?;
    let bytes = bytes.with_context(|| format!("{}: no checkpoint, so this is no log", log.shown))?;
    let signed = read(&bytes, log.key).with_context(named)?;
    let stated = signed.checkpoint();
    let mut source = Source::new(log, stated.size, &stated.root).with_context(named)?;
    if !options.dry_run {
        dest::create(dest)?;
    }
    let _lock = lock(dest, options)?;
    let mark = dest::mark(log.key);
    dest::must_be_free(dest, &mark)?;
    let published = before(dest, log.key)?;
    let before = published.as_ref().map_or(0, |signed| signed.checkpoint().size);
    let edge = match &published {
        Some(published) => must_extend(&source, published, dest)?,
        None => vec![Vec::new(); LEVELS as usize],
    };
    let mut run = Run { dest: Dest::new(dest, mark, options.dry_run), edge, size: before - before % 256 };
    run.add(&mut source)?;
    let whole = run.root(stated.size) == Some(stated.root);
    ensure!(whole, "{}: the entries do not give the signed root; run foil verify", log.shown);
    run.write_edge(stated.size)?;
    let written = run.dest.written();
    run.dest.finish(&bytes, before, stated.size)?;
    Ok(Done { before, after: stated.size, written })
}

/// A checkpoint that the log signed.
fn read(bytes: &[u8], key: &VerifierKey) -> anyhow::Result<SignedCheckpoint> {
    let signed = SignedCheckpoint::parse(bytes).context(CHECKPOINT)?;
    let origin = &signed.checkpoint().origin;
    ensure!(origin == key.name(), "checkpoint: of the log {origin:?}, not of {:?}", key.name());
    ensure!(signed.verdict(key).is_good(), "checkpoint: not signed by the log's key, {}", key.key());
    Ok(signed)
}

fn lock(dest: &Path, options: Options) -> anyhow::Result<Option<Lock>> {
    if options.dry_run {
        return Ok(None);
    }
    let lock = Lock::take_folder(dest, options.wait, options.give_up)?;
    Ok(Some(lock.ok_or(Busy).with_context(|| dest.display().to_string())?))
}

/// What is published there already.
fn before(dest: &Path, key: &VerifierKey) -> anyhow::Result<Option<SignedCheckpoint>> {
    let named = || dest.display().to_string();
    let bytes = published::open(dest).checkpoint(MAX_CHECKPOINT).with_context(named)?;
    bytes.map(|bytes| read(&bytes, key).with_context(named)).transpose()
}

/// The right edge of the tree as it is published, if that is the beginning of ours.
fn must_extend(
    source: &Source<'_>,
    before: &SignedCheckpoint,
    dest: &Path,
) -> anyhow::Result<Vec<Vec<Hash>>> {
    let (shown, before) = (dest.display(), before.checkpoint());
    let (size, ours) = (before.size, source.size());
    ensure!(
        size <= ours,
        "{shown}: {size} entries are published there, and the log has only {ours}: it was rolled back"
    );
    let past = source
        .frontier(size)?
        .with_context(|| format!("{}: tree/ is too short; run foil chain repair", source.shown()))?;
    ensure!(
        past.root() == before.root,
        "{shown}: forked: the {size} entries that are published there are not the first ones of this log"
    );
    let view = published::open(dest);
    let mut edge = vec![Vec::new(); LEVELS as usize];
    let read = |level: u32, first, count| {
        let hashes = view.tree(level, first, count)?;
        edge[level as usize] = hashes.clone().unwrap_or_default();
        Ok::<_, io::Error>(hashes)
    };
    let theirs = tile::frontier(size, read).with_context(|| shown.to_string())?;
    let whole = theirs.is_some_and(|theirs| theirs.root() == before.root);
    ensure!(whole, "{shown}: its tiles do not give the root of its checkpoint; publish into a new folder");
    // The last bundle is written anew with its leaves.
    edge[0].clear();
    Ok(edge)
}

/// A tree that grows in a folder.
struct Run<'a> {
    dest: Dest<'a>,
    /// For each level the hashes of the tile that is not full yet
    edge: Vec<Vec<Hash>>,
    /// How many entries there are
    size: u64,
}

impl Run<'_> {
    /// Adds what the source has more, bundle by bundle.
    fn add(&mut self, source: &mut Source<'_>) -> anyhow::Result<()> {
        let mut lines = source.lines(self.size);
        while let Some(resource) = Resource::of(Content::Entries, self.size / 256, source.size()) {
            let (mut bytes, mut leaves) = (Vec::new(), Vec::with_capacity(FULL.into()));
            for _ in 0..resource.width {
                let line = lines.next().with_context(|| source.shown())?;
                leaves.push(leaf_hash(line));
                bundle::push(&mut bytes, line).context("an entry of more than 65,535 bytes")?;
            }
            source.confirm(resource.index, &leaves).with_context(|| source.shown())?;
            self.dest.put(&resource.to_string(), &bytes)?;
            self.size += u64::from(resource.width);
            leaves.into_iter().try_for_each(|leaf| self.grow(0, leaf))?;
            if !resource.is_full() {
                break;
            }
        }
        Ok(())
    }

    /// Adds a hash to a level; a tile that is full by it is written, and stands for one hash above.
    fn grow(&mut self, level: u32, hash: Hash) -> anyhow::Result<()> {
        let Some(edge) = self.edge.get_mut(level as usize) else { return Ok(()) };
        edge.push(hash);
        if edge.len() < FULL.into() {
            return Ok(());
        }
        let hashes = std::mem::take(edge);
        let index = tile::length(level + 1, self.size) - 1;
        let tile = Resource { content: Content::Hashes(level), index, width: FULL };
        self.dest.put(&tile.to_string(), &bytes_of(&hashes))?;
        self.grow(level + 1, fold(&hashes))
    }

    fn root(&self, size: u64) -> Option<Hash> {
        let read = |level: u32, _, _| Ok::<_, ()>(self.edge.get(level as usize).cloned());
        tile::frontier(size, read).ok().flatten().map(|frontier| frontier.root())
    }

    /// Writes the tiles that are not full.
    fn write_edge(&mut self, size: u64) -> anyhow::Result<()> {
        for (level, hashes) in (0..LEVELS).zip(&self.edge) {
            let length = tile::length(level, size);
            let tile = Resource::of(Content::Hashes(level), length / u64::from(FULL), length);
            if let Some(tile) = tile {
                self.dest.put(&tile.to_string(), &bytes_of(hashes))?;
            }
        }
        Ok(())
    }
}

fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
