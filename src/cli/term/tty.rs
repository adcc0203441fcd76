//! Questions to the user at the terminal, whatever the standard streams are.

use std::{
    fs::File,
    io::{self, IsTerminal, Read, Write},
};

use anyhow::Context as _;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    process::getpgrp,
    termios::{QueueSelector, tcflush, tcgetpgrp},
};

use crate::cli::{
    failure::{Ended, Outcome},
    signals,
};

/// How often a waiting question looks whether it was signalled.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// The terminal of this process.
pub(crate) struct Tty(File);

impl Tty {
    /// The terminal; `None`: the process has none, or does not talk on it.
    pub(crate) fn open() -> Option<Self> {
        Self::of_process().filter(|_| io::stderr().is_terminal())
    }

    /// The terminal, also where the process talks elsewhere; `None`: the process has none.
    pub(crate) fn of_process() -> Option<Self> {
        File::options().read(true).write(true).open("/dev/tty").ok().map(Self)
    }

    /// Sees that the operator can be asked: the terminal stops a job in the background that reads from it, without a word.
    ///
    /// # Errors
    /// If this is such a job.
    pub(crate) fn must_be_ours(&self) -> anyhow::Result<()> {
        let ours = tcgetpgrp(&self.0).is_ok_and(|front| front == getpgrp());
        anyhow::ensure!(ours, "a job in the background can ask nobody");
        Ok(())
    }

    /// Shows a text, which must be harmless, and asks. All but `y` and `yes` is a no.
    ///
    /// # Errors
    /// If the operator cannot be asked, or the waiting for the answer is interrupted.
    pub(crate) fn confirm(&mut self, shown: &str, question: &str) -> anyhow::Result<bool> {
        self.must_be_ours()?;
        // Keys that were pressed before the text stood there are no answer to it.
        let _ = tcflush(&self.0, QueueSelector::IFlush);
        self.0.write_all(format!("{shown}{question} [y/N] ").as_bytes()).context("/dev/tty")?;
        let answer = self.line()?;
        Ok(matches!(answer.trim_ascii().to_ascii_lowercase().as_slice(), b"y" | b"yes"))
    }

    fn line(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut line = Vec::new();
        let mut buffer = [0; 256];
        while !line.ends_with(b"\n") {
            self.wait()?;
            match self.0.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => line.extend_from_slice(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("/dev/tty"),
            }
        }
        Ok(line)
    }

    /// Waits for keys. Signals are held where records are read, so they must be asked for.
    fn wait(&self) -> anyhow::Result<()> {
        loop {
            self.must_be_ours()?;
            match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], Some(&LOOK)) {
                Ok(1..) => return Ok(()),
                Ok(0) | Err(Errno::INTR) => {}
                Err(error) => return Err(error).context("/dev/tty"),
            }
            if signals::interrupted() {
                return Err(Ended::error(Outcome::Interrupted, ""));
            }
            if signals::terminated() {
                return Err(Ended::error(Outcome::Terminated, "terminated before it was answered"));
            }
        }
    }
}
