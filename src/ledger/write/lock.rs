//! The lock that makes writers take turns, and who wrote last.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use anyhow::Context;
use rustix::fs::{FlockOperation, OFlags, flock};

use crate::{
    json::{self, Object},
    ledger::files::store::{open_as_plain, open_or_make, read_small},
    object,
    rules::received::ClockReading,
    time::{Span, Time},
    tlog::arrival::JumpStart,
};

/// A longer file is none of ours.
const LONGEST: usize = 1_023;

/// The lock of a ledger, held. Dropping it lets the next writer in.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
}

/// Who wrote last, and what its clocks said: the content of `lock`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastWriter {
    /// The machine's id, or the name that its operator gave it
    pub machine: String,
    /// What its users are called, each by the id in its state folder
    pub homes: Vec<String>,
    /// The id of its run
    pub boot: String,
    /// The last arrival that its clock gave, and how long it had been up then
    pub believed: Option<ClockReading>,
    /// The process that wrote; `None`: it is not known
    pub process: Option<u32>,
    /// The first entry of which it has not told its producer; `None`: there is none
    pub open: Option<u64>,
    /// The jump of the clock that may yet be undone; `None`: it is not known whether there is one
    pub jump: Option<KnownJump>,
}

/// What is known about a jump of the clock at the end of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownJump {
    /// How many entries the ledger has then
    pub size: u64,
    /// The latest jump; `None`: there was none that could be undone
    pub start: Option<JumpStart>,
}

impl KnownJump {
    fn parse(said: &Object) -> Option<Self> {
        let size = said.get("size")?.as_u64()?;
        let Some(start) = said.get("jump").and_then(json::Value::as_object) else {
            return Some(Self { size, start: None });
        };
        let time = |name| start.str(name).and_then(Time::parse);
        let (n, received) = (start.get("n")?.as_u64()?, time("received")?);
        Some(Self { size, start: Some(JumpStart { n, received, before: time("before") }) })
    }
}

impl LastWriter {
    /// Who wrote last, without taking the lock.
    pub fn read(lock: &Path) -> Self {
        let bytes = read_small(lock, LONGEST).ok().flatten();
        Self::parse(&bytes.unwrap_or_default())
    }

    fn parse(bytes: &[u8]) -> Self {
        let Ok(said) = json::parse_object(bytes) else { return Self::default() };
        let text = |name| said.str(name).unwrap_or_default().to_owned();
        let up = said.get("up").and_then(json::Value::as_u64).and_then(|up| i64::try_from(up).ok());
        let wall = said.str("received").and_then(Time::parse);
        let believed = wall.zip(up).map(|(wall, up)| ClockReading { wall, up: Span::from_millis(up) });
        let number = |name| said.get(name).and_then(json::Value::as_u64);
        let (process, open) = (number("process").and_then(|id| id.try_into().ok()), number("open"));
        let homes = said.get("homes").and_then(json::Value::as_array).unwrap_or_default();
        let homes = homes.iter().filter_map(json::Value::as_str).map(str::to_owned).collect();
        let jump = KnownJump::parse(&said);
        Self { machine: text("machine"), homes, boot: text("boot"), believed, process, open, jump }
    }
}

/// The lock is held by another process.
#[derive(Debug)]
pub struct LedgerBusy;

impl fmt::Display for LedgerBusy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another process holds the lock")
    }
}

impl std::error::Error for LedgerBusy {}

impl Lock {
    /// Takes the lock if it is free; `None` if another process holds it.
    ///
    /// # Errors
    /// If the file cannot be opened or locked at all.
    pub fn try_take(path: &Path) -> anyhow::Result<Option<Self>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).mode(0o644);
        Self::try_take_opened(path, || open_or_make(&mut options, path))
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
            // Another process may have put another file in its place while we opened this one.
            if same_file(&file, path) {
                return Ok(Some(Self { file, path: path.to_owned() }));
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

    /// As [`Lock::take`], for a reader, who changes nothing and does not even make the file.
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

    /// Who wrote last. A file that cannot be read – empty or torn – names no machine.
    pub fn last_writer(&self) -> LastWriter {
        use std::os::unix::fs::FileExt;
        let mut bytes = [0; LONGEST + 1];
        let count = self.file.read_at(&mut bytes, 0).unwrap_or(0);
        LastWriter::parse(&bytes[..count])
    }

    /// Writes down that we wrote last.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn sign_in(&self, writer: &LastWriter) -> anyhow::Result<()> {
        use std::os::unix::fs::FileExt;
        let homes = writer.homes.iter().map(|home| json::Value::from(home.as_str()));
        let mut said: Object = object! {
            "machine": writer.machine.as_str(),
            "homes": json::Value::Array(homes.collect()),
            "boot": writer.boot.as_str(),
            "process": u64::from(std::process::id()),
        };
        if let Some(open) = writer.open {
            said.insert("open", open);
        }
        if let Some(believed) = writer.believed {
            said.insert("up", u64::try_from(believed.up.millis()).unwrap_or(0));
            said.insert("received", believed.wall.to_string());
        }
        if let Some(jump) = writer.jump {
            said.insert("size", jump.size);
            if let Some(JumpStart { n, received, before }) = jump.start {
                let before = before.map(|before| before.to_string());
                said.insert("jump", object! { "n": n, "received": received.to_string(), "before": before });
            }
        }
        let line = said.to_canonical() + "\n";
        self.file
            .write_all_at(line.as_bytes(), 0)
            .and_then(|()| self.file.set_len(line.len() as u64))
            .with_context(|| self.path.display().to_string())
    }
}

fn same_file(file: &File, path: &Path) -> bool {
    let (Ok(ours), Ok(theirs)) = (file.metadata(), fs::metadata(path)) else { return false };
    (ours.dev(), ours.ino()) == (theirs.dev(), theirs.ino())
}

/// The kind of a network file system, on which `flock` may mean nothing; `None` for a local one.
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
        let believed = Some(ClockReading { wall: Time::EPOCH, up: Span::from_millis(7) });
        let homes = vec!["c".to_owned(), "d".to_owned()];
        let start = JumpStart { n: 7, received: Time::EPOCH, before: Some(Time::EPOCH) };
        let us = LastWriter {
            machine: "a".into(),
            homes,
            boot: "b".into(),
            believed,
            process: Some(std::process::id()),
            open: Some(7),
            jump: Some(KnownJump { size: 9, start: Some(start) }),
        };
        lock.sign_in(&us).unwrap();
        drop(lock);
        assert_eq!(Lock::try_take(&path).unwrap().unwrap().last_writer(), us);
    }
}
