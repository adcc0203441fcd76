//! `replaced/`: the files that a repair has replaced. They are kept, and no command deletes them.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::ledger::{
    files::{folder::Folder, store},
    write::recover,
};

/// Keeps a file under `replaced/`, durably, and leaves it where it is until another takes its place: at no
/// moment is it nowhere. Answers its second name; `None`: there is nothing of that name.
///
/// # Errors
/// If it cannot be kept: then it must not be replaced.
pub(super) fn keep(folder: &Folder, path: &Path, name: &str) -> anyhow::Result<Option<PathBuf>> {
    let data = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        data => data.with_context(|| path.display().to_string())?,
    };
    make_room(folder)?;
    if !data.is_file() {
        // A folder, a pipe or a link has nothing that could be copied; it goes away as it is.
        return move_away(folder, path, name).map(Some);
    }
    if let Some(kept) = kept_before(folder, name, &data) {
        return Ok(Some(kept));
    }
    let kept = link(folder, path, name)?;
    store::sync_folder(&folder.replaced())?;
    Ok(Some(kept))
}

/// Gives a file a second name, or, where the file system knows no links, makes a copy of it.
fn link(folder: &Folder, path: &Path, name: &str) -> anyhow::Result<PathBuf> {
    for number in 1.. {
        let kept = folder.replaced().join(format!("{name}.{number}"));
        match fs::hard_link(path, &kept) {
            Ok(()) => return Ok(kept),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(_) => break,
        }
    }
    let source = store::open_plain(path).with_context(|| path.display().to_string())?;
    let (target, kept) = recover::new_file(&folder.replaced(), name)?;
    let copied = recover::copy_with_holes(&source, 0, &target).and_then(|()| target.sync_all());
    // On a full disk every try would leave another piece.
    let copied = copied.inspect_err(|_| drop(fs::remove_file(&kept)));
    copied.with_context(|| kept.display().to_string())?;
    Ok(kept)
}

/// Moves something under `replaced/`, durably.
///
/// # Errors
/// If it cannot be moved.
pub(super) fn move_away(folder: &Folder, path: &Path, name: &str) -> anyhow::Result<PathBuf> {
    make_room(folder)?;
    let mut number = 1;
    let free = |number: u32| {
        let kept = folder.replaced().join(format!("{name}.{number}"));
        fs::symlink_metadata(&kept).is_err().then_some(kept)
    };
    let kept = loop {
        match free(number) {
            Some(kept) => break kept,
            None => number += 1,
        }
    };
    fs::rename(path, &kept).with_context(|| path.display().to_string())?;
    store::sync_folder(&folder.replaced())?;
    store::sync_folder(path.parent().context("a file stands in a folder")?)?;
    Ok(kept)
}

/// Keeps bytes that stand in no file of the ledger.
///
/// # Errors
/// If they cannot be written.
pub(super) fn keep_bytes(folder: &Folder, name: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    make_room(folder)?;
    let (mut file, kept) = recover::new_file(&folder.replaced(), name)?;
    let written = io::Write::write_all(&mut file, bytes).and_then(|()| file.sync_all());
    written.with_context(|| kept.display().to_string())?;
    store::sync_folder(&folder.replaced())?;
    Ok(kept)
}

fn make_room(folder: &Folder) -> anyhow::Result<()> {
    let replaced = folder.replaced();
    if replaced.is_dir() {
        return Ok(());
    }
    store::make_folder(&replaced).with_context(|| replaced.display().to_string())?;
    store::sync_folder(folder.path())
}

/// The name under which the very same file was kept by a repair that died.
fn kept_before(folder: &Folder, name: &str, data: &fs::Metadata) -> Option<PathBuf> {
    let files = fs::read_dir(folder.replaced()).ok()?.filter_map(Result::ok);
    let same = |file: &fs::DirEntry| {
        let named = file.file_name().to_str().is_some_and(|other| other.starts_with(name));
        named && file.metadata().is_ok_and(|other| (other.dev(), other.ino()) == (data.dev(), data.ino()))
    };
    files.into_iter().find(same).map(|file| file.path())
}
