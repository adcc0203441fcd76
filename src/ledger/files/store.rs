//! Files that survive a power cut, and that the owner of the ledger can write tomorrow.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, fchown},
    path::{Path, PathBuf},
};

use anyhow::Context;
use rustix::fs::OFlags;

use crate::machine;

/// Opens a plain file to read; a pipe or device in its place is an error and not waited for.
///
/// # Errors
/// If it cannot be opened, or is no plain file.
pub fn open_plain(path: &Path) -> io::Result<File> {
    open_as_plain(OpenOptions::new().read(true), path, OFlags::empty())
}

/// Opens a plain file to write into it, or makes it; what is in it stays. There may be a pipe instead,
/// for which we would wait for ever with the lock in our hands, or a link to a file elsewhere.
///
/// # Errors
/// If it cannot be opened, or is no plain file.
pub fn open_to_write(path: &Path) -> io::Result<File> {
    open_or_make(OpenOptions::new().write(true), path)
}

/// Opens a plain file with these options, or makes it as [`make_file`] does. A link in its place is not followed.
pub(in crate::ledger) fn open_or_make(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    loop {
        match open_as_plain(options.create_new(false), path, OFlags::NOFOLLOW) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return opened,
        }
        match options.create_new(true).open(path) {
            // Another process was quicker.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.and_then(|file| hand_over(&file, path).map(|()| file)),
        }
    }
}

/// Makes a file, to be read and written.
///
/// # Errors
/// If it cannot be made, or something of that name is there.
pub fn make_file(path: &Path) -> io::Result<File> {
    let file = File::options().read(true).write(true).create_new(true).open(path)?;
    hand_over(&file, path)?;
    Ok(file)
}

/// Makes a folder.
///
/// # Errors
/// If it cannot be made, or something of that name is there.
pub fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)?;
    let flags = (OFlags::DIRECTORY | OFlags::NOFOLLOW).bits().cast_signed();
    hand_over(&File::options().read(true).custom_flags(flags).open(path)?, path)
}

/// Makes a folder and those above it, as far as they are not there.
///
/// # Errors
/// If one cannot be made.
pub fn make_folders(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    make_folders(folder_of(path))?;
    match make_folder(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

/// Gives what root has just made to the owner of the folder around it. An administrator mends a ledger as root, and the
/// service that goes on with it as another user must be able to write what was made.
fn hand_over(made: &File, path: &Path) -> io::Result<()> {
    let owner = fs::metadata(folder_of(path))?;
    if made.metadata()?.uid() != 0 || owner.uid() == 0 {
        return Ok(());
    }
    match fchown(made, Some(owner.uid()), Some(owner.gid())) {
        // In a container, or on a server's files, root may not give anything away.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::InvalidInput) =>
        {
            Ok(())
        }
        given => given,
    }
}

pub(in crate::ledger) fn open_as_plain(
    options: &mut OpenOptions,
    path: &Path,
    flags: OFlags,
) -> io::Result<File> {
    let flags = (flags | OFlags::NONBLOCK).bits().cast_signed();
    let file = options.custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("not a plain file")) }
}

/// Reads a small plain file: at most `limit` bytes and one more, so that a longer one shows. None if there is
/// no such file.
///
/// # Errors
/// If it is there and cannot be read.
pub fn read_small(path: &Path, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let file = match open_plain(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// The folder in which something stands.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Reads a plain file of at most `limit` bytes; none if there is no such file. Of a longer one nothing is read: it
/// may be a hole of any size.
///
/// # Errors
/// If it is there and cannot be read; `FileTooLarge` if it is longer.
pub fn read_whole(path: &Path, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let too_long = || io::Error::new(io::ErrorKind::FileTooLarge, format!("longer than {limit} bytes"));
    match fs::metadata(path) {
        Ok(data) if data.is_file() && data.len() > limit as u64 => return Err(too_long()),
        _ => {}
    }
    // It may grow meanwhile.
    match read_small(path, limit)? {
        Some(bytes) if bytes.len() > limit => Err(too_long()),
        bytes => Ok(bytes),
    }
}

/// Makes a folder's names durable, as [`machine::sync_folder`] does.
///
/// # Errors
/// If the folder cannot be synced.
pub fn sync_folder(path: &Path) -> anyhow::Result<()> {
    machine::sync_folder(path).with_context(|| path.display().to_string())
}

/// Puts a file in the place of another, durably: after this either all of it is there, or the old one.
///
/// # Errors
/// If any step fails; then nothing may be acknowledged.
pub fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().context("a file stands in a folder")?;
    write_beside(path, bytes, true)?;
    sync_folder(folder)
}

/// Puts a file in the place of another at once, but not durably: good enough for what can be made again.
///
/// # Errors
/// If any step fails.
pub fn replace_unsynced(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    write_beside(path, bytes, false)
}

/// Puts a file in the place of another: after a power cut either all of it is there, or the old one.
///
/// # Errors
/// If any step fails.
pub fn replace_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    write_beside(path, bytes, true)
}

/// Makes the bytes of a file durable, not its name.
///
/// # Errors
/// If it cannot be opened or synced.
pub fn sync(path: &Path) -> anyhow::Result<()> {
    open_plain(path).and_then(|file| file.sync_all()).with_context(|| path.display().to_string())
}

/// The name under which a file is made before it takes its place.
///
/// # Errors
/// If the path ends with no name.
pub fn temporary(path: &Path) -> anyhow::Result<PathBuf> {
    let mut name = path.file_name().context("a file has a name")?.to_owned();
    name.push(".tmp");
    Ok(path.with_file_name(name))
}

/// Removes a file, if it is there.
///
/// # Errors
/// If it cannot be removed.
pub fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.with_context(|| path.display().to_string()),
    }
}

fn write_beside(path: &Path, bytes: &[u8], durable: bool) -> anyhow::Result<()> {
    let temporary = temporary(path)?;
    // One that a dead writer left goes first; a link in its place is not followed.
    let _ = fs::remove_file(&temporary);
    let mut file = make_file(&temporary).with_context(|| temporary.display().to_string())?;
    let written = file.write_all(bytes).and_then(|()| if durable { file.sync_all() } else { Ok(()) });
    written.with_context(|| temporary.display().to_string())?;
    fs::rename(&temporary, path).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("checkpoint");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        assert!(read_small(&pipe, 10).is_err());
        assert_eq!(read_small(&folder.path().join("none"), 10).unwrap(), None);
    }
}
