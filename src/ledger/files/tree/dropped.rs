//! Files of entries that go or went: their hashes are where they were kept, or nowhere.

use std::io;

use anyhow::Context;

use super::{levels, read};
use crate::{
    hash::Hash,
    ledger::files::{
        entries::{self, Form},
        folder::Folder,
        store,
    },
    tlog::{
        layout::FILE_LEVEL,
        merkle::fold,
        pruned::Marker,
        tile::{self, Piece},
    },
};

/// Whether the levels hold these leaves of a file of entries, and the hashes between them and the file's.
///
/// # Errors
/// If a level cannot be read.
pub fn holds(folder: &Folder, first: u64, leaves: &[Hash]) -> io::Result<bool> {
    let layout = folder.layout();
    let blocks: Vec<Hash> = leaves.chunks(layout.tile_length()).map(fold).collect();
    let stored = |level: u32, count| read(folder, level, first >> (level * layout.height()), count);
    Ok(stored(0, leaves.len())?.as_deref() == Some(leaves)
        && stored(1, blocks.len())?.as_deref() == Some(&blocks))
}

/// Makes the levels durable: of entries that are dropped they will be all that is left.
///
/// # Errors
/// If one cannot be synced.
pub fn sync(folder: &Folder) -> anyhow::Result<()> {
    let there = levels(folder).map(|level| folder.level(level)).filter(|path| path.exists());
    for path in there {
        let synced = store::open_plain(&path).and_then(|file| file.sync_all());
        synced.with_context(|| path.display().to_string())?;
    }
    store::sync_folder(&folder.tree())
}

/// What is left of a file of entries, if it was dropped.
pub(in crate::ledger) fn dropped(folder: &Folder, first: u64) -> anyhow::Result<Option<Marker>> {
    if entries::form(folder, first) != Some(Form::Pruned) {
        return Ok(None);
    }
    entries::marker(folder, first).with_context(|| folder.marker(first).display().to_string())
}

/// Takes the hashes of a file that was dropped from where they were kept. Where they are lost, zeros stand in
/// their place, which no verifier believes.
pub(in crate::ledger) fn take_dropped(
    folder: &Folder,
    marker: &Marker,
    tree: &mut tile::Builder,
    each: &mut impl FnMut(&Piece) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if let Some(leaves) = kept(folder, marker)? {
        for leaf in leaves {
            tree.push(leaf);
        }
        return Ok(());
    }
    let layout = folder.layout();
    for level in 0..FILE_LEVEL {
        let (first, count) =
            (layout.level_length(level, marker.first), layout.level_length(level, marker.count));
        each(&Piece { level, first, bytes: vec![0; usize::try_from(count)? * 32] })?;
    }
    tree.push_subtree(FILE_LEVEL * layout.height(), marker.root).context("a file in the middle of another")
}

/// The leaf hashes of a file that was dropped, if the tree still has them.
fn kept(folder: &Folder, marker: &Marker) -> io::Result<Option<Vec<Hash>>> {
    let leaves = read(folder, 0, marker.first, folder.layout().file_length())?;
    Ok(leaves.filter(|leaves| fold(leaves) == marker.root))
}

/// Of the files that were dropped, the first entries of those whose hashes are lost: their entries can no
/// longer be proven one by one.
///
/// # Errors
/// If a marker or a level cannot be read.
pub fn lost(folder: &Folder) -> anyhow::Result<Vec<u64>> {
    let mut lost = Vec::new();
    for (first, _) in entries::list(folder)? {
        if let Some(marker) = dropped(folder, first)?
            && kept(folder, &marker)?.is_none()
        {
            lost.push(first);
        }
    }
    Ok(lost)
}
