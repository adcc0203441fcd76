//! `tree/`: the hashes on disk. Derived from the entries, so a wrong or missing one is rebuilt.
//!
//! It is synced when a file of entries is full. So after a power cut only the hashes of the file that was being
//! written can be wrong, and those are made anew.

mod dropped;
mod earlier;

use std::{
    fs,
    io::{self, BufRead, BufReader},
    os::unix::fs::FileExt,
};

use anyhow::Context;

use super::{
    entries::{self, Form},
    folder::Folder,
    store,
};
use crate::{
    hash::Hash,
    tlog::{
        checkpoint::Checkpoint,
        layout::{FILE_LEVEL, MAX_LINE},
        merkle::{Frontier, fold, leaf_hash},
        pruned::Marker,
        tile::{self, Piece},
    },
};

pub(in crate::ledger) use dropped::dropped;
use dropped::take_dropped;
pub use dropped::{holds, lost, sync};
pub use earlier::root_at;

/// `count` hashes of a level from the `first` on; none if the level has not so many.
///
/// # Errors
/// If the level is there and cannot be read.
pub fn read(folder: &Folder, level: u32, first: u64, count: usize) -> io::Result<Option<Vec<Hash>>> {
    let file = match store::open_plain(&folder.level(level)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let (Some(offset), Some(length)) = (first.checked_mul(32), count.checked_mul(32)) else {
        return Ok(None);
    };
    if offset.checked_add(length as u64).is_none_or(|end| end > file.metadata().map_or(0, |data| data.len()))
    {
        return Ok(None);
    }
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, offset)?;
    let hashes = bytes.chunks_exact(32).filter_map(|chunk| chunk.try_into().ok().map(Hash));
    Ok(Some(hashes.collect()))
}

/// The tree of `size` entries as the levels have it; none if they are short. It may be wrong: compare its root.
///
/// # Errors
/// If a level cannot be read.
pub fn frontier(folder: &Folder, size: u64) -> io::Result<Option<Frontier>> {
    tile::frontier(folder.layout(), size, |level, first, count| read(folder, level, first, count))
}

/// The tree that a checkpoint states, if the levels have it.
///
/// # Errors
/// If a level cannot be read.
pub fn stated(folder: &Folder, stated: &Checkpoint) -> io::Result<Option<Frontier>> {
    Ok(frontier(folder, stated.size)?.filter(|tree| tree.root() == stated.root))
}

/// Writes pieces into the levels and cuts off what stood behind them. Not synced: [`sync`] does that.
///
/// # Errors
/// If that cannot be written.
pub fn write(folder: &Folder, pieces: &[Piece]) -> anyhow::Result<()> {
    for piece in pieces {
        let path = folder.level(piece.level);
        let file = store::open_to_write(&path);
        file.and_then(|file| {
            file.write_all_at(&piece.bytes, piece.first * 32)?;
            file.set_len(piece.first * 32 + piece.bytes.len() as u64)
        })
        .with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Whether no level is shorter than it should be.
pub fn reaches(folder: &Folder, size: u64) -> bool {
    levels(folder).all(|level| level_length(folder, level) >= expected_length(folder, level, size))
}

/// Cuts off what a writer that died had added beyond `size` entries.
///
/// # Errors
/// If a level cannot be cut.
pub fn cut(folder: &Folder, size: u64) -> anyhow::Result<()> {
    for level in levels(folder) {
        let length = expected_length(folder, level, size);
        if level_length(folder, level) > length {
            let path = folder.level(level);
            let cut = store::open_to_write(&path).and_then(|file| file.set_len(length));
            cut.with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

/// Makes anew what the levels have of the file that entry `size` goes into, and what they lack before, if that
/// is little: after a power cut it may be missing or wrong. Answers the tree; none, and nothing is written, if
/// that does not give the signed root.
///
/// # Errors
/// If entries are missing, or a level cannot be written.
pub fn complete(folder: &Folder, size: u64, root: &Hash) -> anyhow::Result<Option<Frontier>> {
    let (layout, per_file) = (folder.layout(), folder.layout().entries_per_file());
    let whole = |level: u32| level_length(folder, level) / 32 / layout.level_length(level, per_file);
    let files = (0..=FILE_LEVEL).map(whole).min().unwrap_or(0).min(size / per_file);
    let start = files * per_file;
    if size - start >= 2 * per_file {
        return Ok(None);
    }
    let Some(start) = frontier(folder, start)? else { return Ok(None) };
    let mut lacking = Vec::new();
    let made = from_entries(folder, start, size, |piece| {
        lacking.push(piece.clone());
        Ok(())
    })?;
    if made.root() != *root {
        return Ok(None);
    }
    create(folder)?;
    write(folder, &lacking)?;
    cut(folder, size)?;
    sync(folder)?;
    Ok(Some(made))
}

/// Makes the levels anew from the first `size` entries, beside the old ones, and puts them in their place if
/// they give the signed root. Answers the tree.
///
/// # Errors
/// If entries are missing, or do not give the root: then the ledger is damaged, not its `tree/`.
pub fn rebuild(folder: &Folder, size: u64, root: &Hash) -> anyhow::Result<Frontier> {
    let fresh = Folder::with_layout(folder.path().join("tree.tmp"), folder.layout());
    let _ = fs::remove_dir_all(fresh.path());
    store::make_folders(&fresh.tree()).with_context(|| fresh.path().display().to_string())?;
    let made =
        from_entries(folder, Frontier::default(), size, |piece| write(&fresh, std::slice::from_ref(piece)));
    let made = made.and_then(|frontier| must_give(frontier, root));
    let made = made.and_then(|frontier| put_in_place(folder, &fresh, size).map(|()| frontier));
    let _ = fs::remove_dir_all(fresh.path());
    made
}

/// Whether every level is exactly what the first `size` entries give.
///
/// # Errors
/// If entries are missing, or do not give the root.
pub fn is_whole(folder: &Folder, size: u64, root: &Hash) -> anyhow::Result<bool> {
    let mut whole =
        levels(folder).all(|level| level_length(folder, level) == expected_length(folder, level, size));
    let made = from_entries(folder, Frontier::default(), size, |piece| {
        let stored = read(folder, piece.level, piece.first, piece.bytes.len() / 32).ok().flatten();
        whole &= stored
            .is_some_and(|hashes| hashes.iter().flat_map(|hash| hash.0).eq(piece.bytes.iter().copied()));
        Ok(())
    })?;
    must_give(made, root)?;
    Ok(whole)
}

fn must_give(tree: Frontier, root: &Hash) -> anyhow::Result<Frontier> {
    anyhow::ensure!(tree.root() == *root, "the entries do not give the signed root: they were changed");
    Ok(tree)
}

/// Hashes entries from where a tree stands – the begin of a file – up to `size`, a file at a time, and hands
/// over what the levels should hold.
fn from_entries(
    folder: &Folder,
    start: Frontier,
    size: u64,
    mut each: impl FnMut(&Piece) -> anyhow::Result<()>,
) -> anyhow::Result<Frontier> {
    let mut tree = tile::Builder::new(folder.layout(), start);
    while tree.frontier().size() < size {
        let first = tree.frontier().size();
        let count = (size - first).min(folder.layout().entries_per_file());
        match dropped(folder, first)? {
            None => read_file(folder, first, count, |line| tree.push(leaf_hash(line)))?,
            Some(marker) => take_dropped(folder, &marker, &mut tree, &mut each)?,
        }
        tree.take().iter().try_for_each(&mut each)?;
    }
    Ok(tree.frontier().clone())
}

fn put_in_place(folder: &Folder, fresh: &Folder, size: u64) -> anyhow::Result<()> {
    sync(fresh)?;
    create(folder)?;
    for level in levels(folder) {
        let moved = if folder.layout().level_length(level, size) > 0 {
            fs::rename(fresh.level(level), folder.level(level))
        } else {
            fs::remove_file(folder.level(level))
        };
        match moved {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| folder.level(level).display().to_string());
            }
            _ => {}
        }
    }
    store::sync_folder(&folder.tree())
}

/// Hands over the first `count` lines of an entry file.
fn read_file(folder: &Folder, first: u64, count: u64, mut each: impl FnMut(&[u8])) -> anyhow::Result<()> {
    let path = entries::path(folder, first);
    let named = || path.display().to_string();
    let mut lines = BufReader::with_capacity(1 << 20, entries::open(folder, first).with_context(named)?);
    let mut line = Vec::new();
    for n in first..first + count {
        line.clear();
        let limit = MAX_LINE as u64 + 1;
        io::Read::take(io::Read::by_ref(&mut lines), limit)
            .read_until(b'\n', &mut line)
            .with_context(named)?;
        let text = line.strip_suffix(b"\n");
        each(text.with_context(|| format!("{}: entry {n} is missing or has no end", path.display()))?);
    }
    Ok(())
}

/// Makes the folder for the levels.
///
/// # Errors
/// If it cannot be made.
pub fn create(folder: &Folder) -> anyhow::Result<()> {
    let path = folder.tree();
    if !path.is_dir() {
        store::make_folder(&path).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// The levels that there can be.
fn levels(folder: &Folder) -> std::ops::Range<u32> {
    0..folder.layout().levels()
}

/// How many bytes a level's file should have. A size that no writer can have written has more than fit in 64 bits.
fn expected_length(folder: &Folder, level: u32, size: u64) -> u64 {
    folder.layout().level_length(level, size).saturating_mul(32)
}

/// How many bytes a level's file has; a missing one has none.
fn level_length(folder: &Folder, level: u32) -> u64 {
    fs::metadata(folder.level(level)).map_or(0, |data| data.len())
}

/// The hash of an entry, as far as the tree of `size` entries vouches for it: each complete group that it is
/// in must fold into the hash that stands for the group one level up. None if one does not, or is missing.
///
/// # Errors
/// If a level cannot be read.
pub fn leaf(folder: &Folder, size: u64, n: u64) -> io::Result<Option<Hash>> {
    if n == 0
        && entries::form(folder, 0) == Some(Form::Pruned)
        && let Some(Marker { root, declaration: Some(entry), .. }) = entries::marker(folder, 0)?
    {
        // The hashes between the two may be lost; entry 0 brings its own.
        let confirmed = confirmed(folder, size, FILE_LEVEL, 0)? == Some(root);
        return Ok(confirmed.then(|| leaf_hash(entry.line.as_bytes())));
    }
    confirmed(folder, size, 0, n)
}

/// The hash of a file of entries, as far as the tree vouches for it, as [`leaf`].
///
/// # Errors
/// If a level cannot be read.
pub fn file(folder: &Folder, size: u64, first: u64) -> io::Result<Option<Hash>> {
    confirmed(folder, size, FILE_LEVEL, first / folder.layout().entries_per_file())
}

/// A hash of a level, if each complete group that it is in folds into the hash one level up.
fn confirmed(folder: &Folder, size: u64, bottom: u32, index: u64) -> io::Result<Option<Hash>> {
    let (layout, width) = (folder.layout(), folder.layout().hashes_per_tile());
    let (mut leaf, mut below) = (None, None);
    for level in bottom..layout.levels() {
        let at = index >> ((level - bottom) * layout.height());
        let first = at - at % width;
        let count = layout.level_length(level, size).saturating_sub(first).min(width);
        let Some(group) = read(folder, level, first, usize::try_from(count).unwrap_or(0))? else {
            return Ok(None);
        };
        let Some(hash) = usize::try_from(at - first).ok().and_then(|at| group.get(at)) else {
            return Ok(None);
        };
        if below.is_some_and(|below: Hash| below != *hash) {
            return Ok(None);
        }
        leaf = leaf.or(Some(*hash));
        if count < width {
            // The rest of the way is the frontier's, which was compared with the signed root.
            return Ok(leaf);
        }
        below = Some(fold(&group));
    }
    Ok(None)
}
