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
//! first, then the checkpoint, then partial ones that a full one has replaced go. What a publisher that
//! died has begun, the next one finishes; it also writes lost files anew. What does not lead to the signed root never goes
//! out.

mod dest;
mod mend;
mod source;

use std::{fmt, fs, ops::RangeInclusive, path::Path};

use anyhow::{Context, ensure};

use self::{
    dest::Dest,
    source::{ConfirmedLog, LogLines},
};
use super::{
    files::{folder::MAX_CHECKPOINT, published},
    write::lock::{LedgerBusy, Lock},
};
use crate::{
    hash::Hash,
    time::Span,
    tlog::{
        bundle,
        checkpoint::{Checkpoint, SignedCheckpoint, VerifiedCheckpoint},
        consistency::{EarlierTree, KnownBy},
        layout::{LEVELS, Layout, TILE_WIDTH},
        merkle::{fold, leaf_hash},
        resource::{CHECKPOINT, FULL, Resource, ResourceContent},
        tile,
        view::View,
        vkey::VerifierKey,
    },
};

/// The log that is to be published.
#[derive(Clone, Copy)]
pub struct LogToPublish<'a> {
    /// The view that reads it
    pub view: &'a dyn View,
    /// The key that signs it, under its name
    pub key: &'a VerifierKey,
    /// Its name in messages
    pub shown: &'a str,
}

/// How a log is published.
#[derive(Clone, Copy, Debug)]
pub struct PublishOptions {
    /// Check everything, and write nothing
    pub dry_run: bool,
    /// Compare the content of all that is published with the log, not only its length
    pub again: bool,
    /// How long to wait for another publisher
    pub wait: Span,
    /// Whether the waiting is given up
    pub give_up: fn() -> bool,
}

/// What publishing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishResult {
    /// How many entries were published before
    pub before: u64,
    /// What is published now
    pub now: Checkpoint,
    /// How many tiles and bundles were written
    pub written: u64,
    /// Those of them that were published before, and were not there any more, or not as they should be
    pub mended: Vec<String>,
}

/// Entries that can never be published from this ledger, since it has them no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedEntries {
    /// The run of entries
    pub run: RangeInclusive<u64>,
}

impl fmt::Display for DroppedEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.run.start(), self.run.end());
        write!(f, "entries {first} to {last} were dropped by foil chain prune, and are not published there")
    }
}

impl std::error::Error for DroppedEntries {}

/// Publishes what a log's checkpoint states into a folder, or what of it that folder lacks.
///
/// # Errors
/// If the log is damaged or has [`DroppedEntries`] what is to be published, if something else than its own past is
/// published there, if another publisher is [`LedgerBusy`] there, or if a write failed: then the old checkpoint, if any,
/// still stands.
pub fn publish(log: LogToPublish<'_>, dest: &Path, options: PublishOptions) -> anyhow::Result<PublishResult> {
    let named = || log.shown.to_owned();
    let bytes = log.view.checkpoint(MAX_CHECKPOINT).with_context(named)?;
    let bytes = bytes.with_context(|| format!("{}: no checkpoint, so this is no log", log.shown))?;
    let signed = read(&bytes, log.key).with_context(named)?;
    let stated = signed.checkpoint();
    let source = ConfirmedLog::new(log, stated.size, &stated.root).with_context(named)?;
    let made = !options.dry_run && dest::create(dest)?;
    let done = publish_into(dest, log, source, &signed, options);
    if made && done.is_err() {
        // Only if nothing was put there: what was, the next publisher takes up.
        let _ = fs::remove_dir(dest);
    }
    done
}

fn publish_into(
    dest: &Path,
    log: LogToPublish<'_>,
    mut source: ConfirmedLog<'_>,
    ours: &VerifiedCheckpoint,
    options: PublishOptions,
) -> anyhow::Result<PublishResult> {
    let stated = ours.checkpoint();
    let _lock = lock(dest, options)?;
    let mark = dest::mark(log.key);
    dest::must_be_free(dest, &mark)?;
    let published = before(dest, log.key)?;
    let before = published.as_ref().map_or(0, |signed| signed.checkpoint().size);
    let edge = match &published {
        Some(published) => must_extend(&mut source, stated, published, dest)?,
        None => vec![Vec::new(); LEVELS as usize],
    };
    source.must_have_after(before).with_context(|| log.shown.to_owned())?;
    let dest = Dest::new(dest, mark, options.dry_run);
    let size = before - before % TILE_WIDTH;
    let mut run = GrowingTree { dest, edge, before, size, mended: Vec::new() };
    let lines = run.mend(&mut source, options.again)?;
    run.add(&mut source, lines)?;
    let whole = run.root(stated.size) == Some(stated.root);
    ensure!(whole, "{}: the entries do not give the signed root; run foil verify", log.shown);
    run.write_edge(stated.size)?;
    let (written, mended) = (run.dest.written(), run.mended);
    run.dest.finish(&with_cosignatures(ours, published.as_ref()), before, stated.size)?;
    Ok(PublishResult { before, now: stated.clone(), written, mended })
}

/// The bytes of the log's checkpoint, as they were before a copy of them was changed, and under them what else signs the very same statement where it is published:
/// witnesses may have cosigned it there, and readers may ask for that.
fn with_cosignatures(ours: &VerifiedCheckpoint, published: Option<&VerifiedCheckpoint>) -> Vec<u8> {
    let ours = ours.clone().into_signed();
    let all = published.map(|published| ours.with_signatures_of(published.note()));
    all.unwrap_or(ours).to_string().into_bytes()
}

/// A checkpoint that the log signed.
fn read(bytes: &[u8], key: &VerifierKey) -> anyhow::Result<VerifiedCheckpoint> {
    let signed = SignedCheckpoint::parse_copied(bytes).context(CHECKPOINT)?;
    signed.verified_by(key.name(), key.key()).context(CHECKPOINT)
}

fn lock(dest: &Path, options: PublishOptions) -> anyhow::Result<Option<Lock>> {
    if options.dry_run {
        return Ok(None);
    }
    let lock = Lock::take_folder(dest, options.wait, options.give_up)?;
    Ok(Some(lock.ok_or(LedgerBusy).with_context(|| dest.display().to_string())?))
}

/// What is published there already.
fn before(dest: &Path, key: &VerifierKey) -> anyhow::Result<Option<VerifiedCheckpoint>> {
    let named = || dest.display().to_string();
    let bytes = published::open(dest).checkpoint(MAX_CHECKPOINT).with_context(named)?;
    bytes.map(|bytes| read(&bytes, key).with_context(named)).transpose()
}

/// The right edge of the tree as it is published, if that is the beginning of ours.
fn must_extend(
    source: &mut ConfirmedLog<'_>,
    stated: &Checkpoint,
    before: &VerifiedCheckpoint,
    dest: &Path,
) -> anyhow::Result<Vec<Vec<Hash>>> {
    let (shown, before) = (dest.display(), before.checkpoint());
    let published = EarlierTree::new(before, KnownBy::Published);
    let mut past = |size| {
        let past = source.past(size)?;
        past.with_context(|| {
            let why =
                "tree/ does not lead to the signed root everywhere; run foil verify, and foil chain repair";
            format!("{}: {why}", source.shown())
        })
    };
    let compared = published.compare(stated, |size| Ok::<_, anyhow::Error>(Some(past(size)?.0.root())))?;
    published.must_be_followed(compared, stated.size).with_context(|| shown.to_string())?;
    let (_, mut edge) = past(before.size)?;
    // The last bundle is written anew with its leaves.
    edge[0].clear();
    Ok(edge)
}

/// A tree that grows in a folder.
struct GrowingTree<'a> {
    dest: Dest<'a>,
    /// For each level the hashes of the tile that is not full yet
    edge: Vec<Vec<Hash>>,
    /// How many entries the checkpoint there covers
    before: u64,
    /// How many entries there are
    size: u64,
    mended: Vec<String>,
}

impl GrowingTree<'_> {
    /// Puts a tile or bundle into its place.
    fn put(&mut self, resource: Resource, bytes: &[u8]) -> anyhow::Result<()> {
        let name = resource.to_string();
        if self.dest.put(&name, bytes)? && resource.belongs_to(self.before) {
            self.mended.push(name);
        }
        Ok(())
    }

    /// Adds what the source has more, bundle by bundle.
    fn add(&mut self, source: &mut ConfirmedLog<'_>, mut lines: LogLines<'_>) -> anyhow::Result<()> {
        while let Some(resource) =
            Resource::of(ResourceContent::Entries, self.size / TILE_WIDTH, source.size())
        {
            let bytes = lines.bundle(resource.width).with_context(|| source.shown())?;
            let leaves = leaves_of(&bytes, resource.width);
            source.confirm(resource.index, &leaves).with_context(|| source.shown())?;
            self.put(resource, &bytes)?;
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
        let index = Layout::STANDARD.level_length(level + 1, self.size) - 1;
        let tile = Resource { content: ResourceContent::Hashes(level), index, width: FULL };
        self.put(tile, &bytes_of(&hashes))?;
        self.grow(level + 1, fold(&hashes))
    }

    fn root(&self, size: u64) -> Option<Hash> {
        let read = |level: u32, _, _| Ok::<_, ()>(self.edge.get(level as usize).cloned());
        tile::frontier(Layout::STANDARD, size, read).ok().flatten().map(|frontier| frontier.root())
    }

    /// Writes the tiles that are not full.
    fn write_edge(&mut self, size: u64) -> anyhow::Result<()> {
        for (level, hashes) in (0..LEVELS).zip(std::mem::take(&mut self.edge)) {
            let length = Layout::STANDARD.level_length(level, size);
            let tile = Resource::of(ResourceContent::Hashes(level), length / u64::from(FULL), length);
            if let Some(tile) = tile {
                self.put(tile, &bytes_of(&hashes))?;
            }
        }
        Ok(())
    }
}

fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The hashes of the entries of a bundle.
fn leaves_of(bundle: &[u8], width: u16) -> Vec<Hash> {
    bundle::read(bundle, width.into()).0.into_iter().map(leaf_hash).collect()
}
