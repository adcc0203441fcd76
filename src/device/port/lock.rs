//! Locks on serial ports, so that two processes never read one port.
//!
//! They are tried before anything is changed on the port: a superuser's second `open` succeeds, and closing it
//! again takes the first one's lock away.
//!
//! ```text
//! LCK..ttyUSB0 with a live process   a program with UUCP lock files
//! fcntl lock                         another foil; held until the port is closed
//! flock                              programs that use flock, tokio-serial among them
//! TIOCGEXCL                          programs that use TIOCEXCL
//! ```

use std::{
    fs::{self, File, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rustix::{
    fs::{FlockOperation, OFlags, fcntl_lock, flock},
    io::Errno,
};

use super::{
    kernel,
    list::{self, PortHolder},
    open_error::OpenError,
};

/// Where lock files lie.
const LOCK_FOLDERS: [&str; 2] = ["/run/lock", "/var/lock"];

/// A port that this process alone holds, until the value is dropped.
#[derive(Debug)]
pub(in crate::device) struct PortLock {
    /// The open terminal, for questions about its settings
    pub(in crate::device) tty: File,
}

/// Locks a port, or says which process holds it.
pub(in crate::device) fn lock(path: &Path) -> Result<PortLock, OpenError> {
    let real = fs::canonicalize(path).map_err(|error| unopened(path, &error))?;
    for folder in LOCK_FOLDERS {
        if let Some(pid) = locked_by(Path::new(folder), &real) {
            return Err(OpenError::Busy(format!("process {pid} holds a lock file for it in {folder}")));
        }
    }
    // As tokio-serial opens it: without waiting for a carrier, and never as our controlling terminal.
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    let tty = options.open(&real).map_err(|error| unopened(&real, &error))?;
    if !rustix::termios::isatty(&tty) {
        return Err(OpenError::Other("is no serial port".to_owned()));
    }
    let busy = |_: Errno| OpenError::Busy(held_by(&real));
    fcntl_lock(&tty, FlockOperation::NonBlockingLockExclusive).map_err(busy)?;
    // tokio-serial takes this lock on a descriptor of its own, so ours must be gone by then.
    flock(&tty, FlockOperation::NonBlockingLockExclusive).map_err(busy)?;
    flock(&tty, FlockOperation::Unlock).map_err(busy)?;
    if kernel::is_exclusive(&tty) && !is_left_over(&tty, &real) {
        return Err(OpenError::Busy(exclusive_to(&real)));
    }
    Ok(PortLock { tty })
}

/// Whether nobody is left of those who opened a terminal exclusively. A pseudo-terminal keeps the flag as long as its other side
/// is open, also if its holder was killed; on all other terminals it goes with the holder.
fn is_left_over(tty: &File, path: &Path) -> bool {
    kernel::is_pseudo(tty) && other_holder(path).is_none()
}

/// Who opened a terminal exclusively. Where only the maker of a pseudo-terminal has it open, that may be nobody any more.
fn exclusive_to(path: &Path) -> String {
    match other_holder(path).filter(|holder| list::made_by(Path::new("/"), holder.pid, path)) {
        Some(PortHolder { pid, command }) => format!(
            "held by {command} (process {pid}), which made it, or by nobody: a reader that was killed leaves its exclusive flag, \
             which goes when {command} ends"
        ),
        None => held_by(path),
    }
}

fn held_by(path: &Path) -> String {
    match other_holder(path) {
        Some(holder) => format!("held by {} (process {})", holder.command, holder.pid),
        None => "held by another process".to_owned(),
    }
}

fn other_holder(path: &Path) -> Option<PortHolder> {
    list::holder(Path::new("/"), path)
}

fn unopened(path: &Path, error: &std::io::Error) -> OpenError {
    match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::BUSY) => OpenError::Busy(exclusive_to(path)),
        Some(Errno::NOENT | Errno::NXIO | Errno::NODEV) => OpenError::Absent("is not there".to_owned()),
        Some(Errno::ACCESS) => OpenError::Forbidden,
        _ => OpenError::Other(error.to_string()),
    }
}

/// The live process that a lock file names: ten digits and a line feed, or an int in binary.
fn locked_by(folder: &Path, tty: &Path) -> Option<u32> {
    let name = format!("LCK..{}", tty.file_name()?.to_str()?);
    let content = fs::read(folder.join(name)).ok()?;
    let digits = std::str::from_utf8(&content).ok().and_then(|text| text.trim().parse().ok());
    let pid: u32 = digits.or_else(|| Some(u32::from_ne_bytes(content.try_into().ok()?)))?;
    (pid != std::process::id() && Path::new("/proc").join(pid.to_string()).exists()).then_some(pid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_files_count_while_their_process_lives() {
        let folder = tempfile::tempdir().unwrap();
        let tty = Path::new("/dev/ttyUSB7");
        assert_eq!(locked_by(folder.path(), tty), None);
        let file = folder.path().join("LCK..ttyUSB7");
        fs::write(&file, "         1\n").unwrap();
        assert_eq!(locked_by(folder.path(), tty), Some(1));
        fs::write(&file, 1u32.to_ne_bytes()).unwrap();
        assert_eq!(locked_by(folder.path(), tty), Some(1));
        fs::write(&file, "999999999\n").unwrap();
        assert_eq!(locked_by(folder.path(), tty), None, "stale");
        fs::write(&file, format!("{}\n", std::process::id())).unwrap();
        assert_eq!(locked_by(folder.path(), tty), None, "our own");
        fs::write(&file, "not a number").unwrap();
        assert_eq!(locked_by(folder.path(), tty), None);
    }
}
