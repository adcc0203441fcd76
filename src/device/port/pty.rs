//! Pseudo-terminals for simulated devices: what is written to the master can be read from `/dev/pts/N` as from
//! a serial port.

use std::{
    fs, io,
    os::{fd::OwnedFd, unix::ffi::OsStrExt},
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{Mode, OFlags},
    io::Errno,
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{OptionalActions, tcgetattr, tcsetattr},
};

/// The speed of a terminal that no reader has set yet. No reader would choose it.
const UNSET: u32 = 50;

/// A device's end of a line.
#[derive(Debug)]
pub struct Pty {
    master: OwnedFd,
    path: PathBuf,
    /// The link to the device file; `None`: none was wanted
    link: Option<PathBuf>,
}

impl Pty {
    /// Makes a pseudo-terminal, and a link to it if a path is given; the link is replaced in one step.
    ///
    /// # Errors
    /// If the system has no more of them, or something else than a link stands where the link is to be.
    pub fn open(link: Option<&Path>) -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let path = PathBuf::from(std::ffi::OsStr::from_bytes(name.as_bytes()));
        // Opened once and closed again: from then on the master hangs up while it has no reader.
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let slave = rustix::fs::open(&path, flags, Mode::empty())?;
        let mut settings = tcgetattr(&slave)?;
        settings.make_raw();
        settings.set_speed(UNSET)?;
        tcsetattr(&slave, OptionalActions::Now, &settings)?;
        rustix::fs::fcntl_setfl(&master, OFlags::NONBLOCK)?;
        let pty = Self { master, path, link: link.map(Path::to_owned) };
        pty.make_link()?;
        Ok(pty)
    }

    /// The device file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a reader has the device open.
    pub fn has_reader(&self) -> bool {
        !self.poll(PollFlags::IN, Duration::ZERO).contains(PollFlags::HUP)
    }

    /// Whether the reader has set the port, and so is done with what was there before.
    pub fn is_set(&self) -> bool {
        tcgetattr(&self.master).is_ok_and(|settings| settings.output_speed() != UNSET)
    }

    /// Forgets the last reader's settings, to notice those of the next.
    pub fn unset(&self) {
        if let Ok(mut settings) = tcgetattr(&self.master) {
            let _ = settings.set_speed(UNSET);
            let _ = tcsetattr(&self.master, OptionalActions::Now, &settings);
        }
    }

    /// Sends some of the bytes, waiting a little while the reader is slow, and answers how many. Bytes that the
    /// reader has sent meanwhile are dropped.
    ///
    /// # Errors
    /// If the reader is gone.
    pub fn send(&self, bytes: &[u8], patience: Duration) -> io::Result<usize> {
        let mut dropped = [0; 512];
        while rustix::io::read(&self.master, &mut dropped).is_ok_and(|count| count > 0) {}
        let ready = self.poll(PollFlags::OUT, patience);
        if ready.contains(PollFlags::HUP) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        match rustix::io::write(&self.master, bytes) {
            Ok(count) => Ok(count),
            Err(Errno::AGAIN | Errno::INTR) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// What the reader has sent, waiting a little while for it; nothing if it has sent nothing, or there is no reader.
    pub fn receive(&self, patience: Duration) -> Vec<u8> {
        let mut bytes = vec![0; 4_096];
        let ready = self.poll(PollFlags::IN, patience);
        let count = if ready.contains(PollFlags::IN) {
            rustix::io::read(&self.master, &mut bytes).ok()
        } else {
            None
        };
        bytes.truncate(count.unwrap_or(0));
        bytes
    }

    fn poll(&self, events: PollFlags, patience: Duration) -> PollFlags {
        let mut fds = [PollFd::new(&self.master, events)];
        let patience = Timespec::try_from(patience).ok();
        match poll(&mut fds, patience.as_ref()) {
            Ok(_) => fds[0].revents(),
            Err(_) => PollFlags::empty(),
        }
    }

    fn make_link(&self) -> io::Result<()> {
        let Some(link) = &self.link else { return Ok(()) };
        if fs::symlink_metadata(link).is_ok_and(|there| !there.is_symlink()) {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!("{} is no link", link.display()),
            ));
        }
        let mut name = link.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.tmp", std::process::id()));
        let temporary = link.with_file_name(name);
        let _ = fs::remove_file(&temporary);
        std::os::unix::fs::symlink(&self.path, &temporary)?;
        fs::rename(&temporary, link)
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if let Some(link) = &self.link
            && fs::read_link(link).is_ok_and(|target| target == self.path)
        {
            let _ = fs::remove_file(link);
        }
    }
}
