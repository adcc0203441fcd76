//! Files that survive a power cut, and the lock that makes writers take turns.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use anyhow::Context;
use rustix::fs::{FlockOperation, OFlags, flock};

use super::received::Reading;
use crate::{
    json::{self, Object},
    object,
    time::{Span, Time},
};

/// Opens a plain file to read; a pipe or device in its place is an error and not waited for.
///
/// # Errors
/// If it cannot be opened, or is no plain file.
pub fn open_plain(path: &Path) -> io::Result<File> {
    open_as_plain(OpenOptions::new().read(true), path, OFlags::empty())
}

/// Opens a plain file to write into it, or makes it; what is in it stays. Somebody may have put a pipe there,
/// for which we would wait for ever with the lock in our hands, or a link to a file elsewhere.
///
/// # Errors
/// If it cannot be opened, or is no plain file.
pub fn open_to_write(path: &Path) -> io::Result<File> {
    open_as_plain(OpenOptions::new().write(true).create(true).truncate(false), path, OFlags::NOFOLLOW)
}

fn open_as_plain(options: &mut OpenOptions, path: &Path, flags: OFlags) -> io::Result<File> {
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

/// Makes a folder's names durable.
///
/// # Errors
/// If the folder cannot be synced.
pub fn sync_folder(path: &Path) -> anyhow::Result<()> {
    File::open(path).and_then(|folder| folder.sync_all()).with_context(|| path.display().to_string())
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
    let mut file = File::create_new(&temporary).with_context(|| temporary.display().to_string())?;
    let written = file.write_all(bytes).and_then(|()| if durable { file.sync_all() } else { Ok(()) });
    written.with_context(|| temporary.display().to_string())?;
    fs::rename(&temporary, path).with_context(|| path.display().to_string())
}

/// The lock of a ledger, held. Dropping it lets the next writer in.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// Who wrote last, and what its clocks said: the content of `lock`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastWriter {
    /// The machine's id
    pub machine: String,
    /// The id of its run
    pub boot: String,
    /// The last `received` that its clock gave, and how long it had been up then
    pub believed: Option<Reading>,
}

impl LastWriter {
    /// Who wrote last, without taking the lock.
    pub fn read(lock: &Path) -> Self {
        let bytes = read_small(lock, 511).ok().flatten();
        Self::parse(&bytes.unwrap_or_default())
    }

    fn parse(bytes: &[u8]) -> Self {
        let Ok(said) = json::parse_object(bytes) else { return Self::default() };
        let text = |name| said.str(name).unwrap_or_default().to_owned();
        let up = said.get("up").and_then(json::Value::as_u64).and_then(|up| i64::try_from(up).ok());
        let wall = said.str("received").and_then(Time::parse);
        let believed = wall.zip(up).map(|(wall, up)| Reading { wall, up: Span::from_millis(up) });
        Self { machine: text("machine"), boot: text("boot"), believed }
    }
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

impl Lock {
    /// Takes the lock if nobody has it. None if somebody has.
    ///
    /// # Errors
    /// If the file cannot be opened or locked at all.
    pub fn try_take(path: &Path) -> anyhow::Result<Option<Self>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o644);
        Self::try_take_opened(path, || open_as_plain(&mut options, path, OFlags::NOFOLLOW))
    }

    fn try_take_opened(
        path: &Path,
        mut open: impl FnMut() -> io::Result<File>,
    ) -> anyhow::Result<Option<Self>> {
        loop {
            let file = open().with_context(|| path.display().to_string())?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(error) if error == rustix::io::Errno::WOULDBLOCK => return Ok(None),
                Err(error) => return Err(error).with_context(|| path.display().to_string()),
            }
            // Somebody may have put another file in its place while we opened this one.
            if same_file(&file, path) {
                return Ok(Some(Self { file }));
            }
        }
    }

    /// Takes the lock, waiting for it for so long at most, or until the waiting is given up. None if it was
    /// held all the time.
    ///
    /// # Errors
    /// As [`Lock::try_take`].
    pub fn take(path: &Path, wait: Span, give_up: fn() -> bool) -> anyhow::Result<Option<Self>> {
        Self::wait(wait, give_up, || Self::try_take(path))
    }

    /// As [`Lock::take`], by somebody who only looks and changes nothing, not even by making the file.
    ///
    /// # Errors
    /// If the file is not there, or cannot be opened or locked.
    pub fn take_to_look(path: &Path, wait: Span, give_up: fn() -> bool) -> anyhow::Result<Option<Self>> {
        let open = || open_as_plain(OpenOptions::new().read(true), path, OFlags::NOFOLLOW);
        Self::wait(wait, give_up, || Self::try_take_opened(path, open))
    }

    /// As [`Lock::take`], of a folder itself: for folders in which nothing of ours should lie.
    ///
    /// # Errors
    /// If the folder cannot be opened, or cannot be locked where it lies.
    pub fn take_folder(path: &Path, wait: Span, give_up: fn() -> bool) -> anyhow::Result<Option<Self>> {
        Self::wait(wait, give_up, || Self::try_take_opened(path, || File::open(path)))
    }

    fn wait(
        wait: Span,
        give_up: fn() -> bool,
        mut try_take: impl FnMut() -> anyhow::Result<Option<Self>>,
    ) -> anyhow::Result<Option<Self>> {
        const STEP: Duration = Duration::from_millis(2);
        let mut left = wait.to_std();
        loop {
            let lock = try_take()?;
            if lock.is_some() || left.is_zero() || give_up() {
                return Ok(lock);
            }
            thread::sleep(STEP.min(left));
            left = left.saturating_sub(STEP);
        }
    }

    /// Who wrote last. What cannot be read – an empty or torn file – is nobody.
    pub fn last_writer(&self) -> LastWriter {
        use std::os::unix::fs::FileExt;
        let mut bytes = [0; 512];
        let count = self.file.read_at(&mut bytes, 0).unwrap_or(0);
        LastWriter::parse(&bytes[..count])
    }

    /// Writes down that we wrote last.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn sign_in(&self, writer: &LastWriter) -> anyhow::Result<()> {
        use std::os::unix::fs::FileExt;
        let mut said: Object = object! { "machine": writer.machine.as_str(), "boot": writer.boot.as_str() };
        if let Some(believed) = writer.believed {
            said.insert("up", u64::try_from(believed.up.millis()).unwrap_or(0));
            said.insert("received", believed.wall.to_string());
        }
        let line = said.to_canonical() + "\n";
        self.file
            .write_all_at(line.as_bytes(), 0)
            .and_then(|()| self.file.set_len(line.len() as u64))
            .context("lock")
    }
}

fn same_file(file: &File, path: &Path) -> bool {
    let (Ok(ours), Ok(theirs)) = (file.metadata(), fs::metadata(path)) else { return false };
    (ours.dev(), ours.ino()) == (theirs.dev(), theirs.ino())
}

/// The kind of a network file system, on which `flock` may mean nothing; none for a local one.
pub fn network_file_system(path: &Path) -> Option<&'static str> {
    // From linux/magic.h and the file systems' own sources.
    const KINDS: [(u32, &str); 10] = [
        (0x6969, "NFS"),
        (0x517b, "SMB"),
        (0xff53_4d42, "CIFS"),
        (0xfe53_4d42, "SMB2"),
        (0x0102_1997, "9P"),
        (0x00c3_6400, "Ceph"),
        (0x5346_414f, "AFS"),
        (0x7375_7245, "Coda"),
        (0x0bd0_0bd0, "Lustre"),
        (0x6573_5546, "FUSE"),
    ];
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // the magic numbers have 32 bits
    let kind = rustix::fs::statfs(path).ok()?.f_type as u32;
    KINDS.iter().find(|(magic, _)| *magic == kind).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_the_lock_at_a_time_and_says_who() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let lock = Lock::try_take(&path).unwrap().unwrap();
        assert_eq!(lock.last_writer(), LastWriter::default());
        assert!(Lock::try_take(&path).unwrap().is_none());
        let believed = Some(Reading { wall: Time::EPOCH, up: Span::from_millis(7) });
        let us = LastWriter { machine: "a".into(), boot: "b".into(), believed };
        lock.sign_in(&us).unwrap();
        drop(lock);
        assert_eq!(Lock::try_take(&path).unwrap().unwrap().last_writer(), us);
    }

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
