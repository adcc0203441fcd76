//! Where what comes in is opened: a file, or standard input.

use std::{
    fs::{self, File},
    io::{self, IsTerminal, Read},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use anyhow::Context;
use rustix::fs::{FileType, OFlags};

use crate::cli::{
    failure::{Hint, hint_if},
    paste,
};

/// The most bytes that are not worth a thread: as many as are read at once.
const SHORT: u64 = 256 << 10;

/// Whether the lines that the prompt runs come from standard input.
static STDIN_TAKEN: AtomicBool = AtomicBool::new(false);

/// From here on no command reads standard input: a script of the prompt is in it.
pub(crate) fn take_stdin() {
    STDIN_TAKEN.store(true, Relaxed);
}

/// Opens a file, or standard input (none, or `-`). A terminal is no input: the command would seem to hang.
pub(crate) fn source(file: Option<&PathBuf>) -> anyhow::Result<Box<dyn Read + Send>> {
    match file.filter(|path| path.as_os_str() != "-") {
        Some(path) => Ok(Box::new(open_file(path)?)),
        None if STDIN_TAKEN.load(Relaxed) => Err(anyhow::anyhow!(
            "standard input holds the lines that foil repl runs, and this command's input"
        ))
        .hint("give a FILE"),
        None if io::stdin().is_terminal() => Err(anyhow::anyhow!("no input: standard input is a terminal"))
            .hint("give a FILE, or pipe records in"),
        None => Ok(Box::new(io::stdin())),
    }
}

/// Whether a file can be read at once: all of it is there, and it is short. What the kernel makes up has no length.
pub(crate) fn is_short(file: &Path) -> bool {
    let short = |data: fs::Metadata| data.is_file() && (1..=SHORT).contains(&data.len());
    file.as_os_str() != "-" && fs::metadata(file).is_ok_and(short)
}

/// Whether other processes write what is read, and may have last words: it is a pipe or a socket.
pub(super) fn is_written_by_others(file: Option<&PathBuf>) -> bool {
    let kind = match file.filter(|path| path.as_os_str() != "-") {
        Some(path) => rustix::fs::stat(path),
        None => rustix::fs::fstat(io::stdin()),
    };
    kind.is_ok_and(|data| matches!(FileType::from_raw_mode(data.st_mode), FileType::Fifo | FileType::Socket))
}

/// As [`source`], but does not wait for a writer of a named pipe: that is at its end at once.
/// One that the shell made, as `<(command)` does, has its writer already.
pub(crate) fn source_at_hand(file: &PathBuf) -> anyhow::Result<Box<dyn Read + Send>> {
    if file.as_os_str() == "-" {
        return source(Some(file));
    }
    let named = || file.display().to_string();
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let opened = File::options().read(true).custom_flags(flags).open(file).with_context(named)?;
    anyhow::ensure!(!opened.metadata()?.is_dir(), "{}: is a folder, not a file of stubs", named());
    // What its writer sends is waited for.
    rustix::fs::fcntl_setfl(&opened, OFlags::empty()).with_context(named)?;
    Ok(Box::new(opened))
}

/// Opens a file that is to be read as lines.
fn open_file(path: &Path) -> anyhow::Result<File> {
    let opened = File::open(path).with_context(|| path.display().to_string());
    let file = opened.map_err(|why| hint_if(why, paste::near_path(path)))?;
    anyhow::ensure!(!file.metadata()?.is_dir(), "{}: is a folder, not a file of records", path.display());
    Ok(file)
}
