//! A device's end of a pseudo-terminal: `device simulate` and `device replay` speak on it to whoever opens it.

use std::{path::Path, time::Duration};

use anyhow::Context;

use super::{failure::Outcome, signals, term::Term};
use crate::{device::port::pty::Pty, machine, object};

/// How often a device that waits looks around.
const LOOK: Duration = Duration::from_millis(20);

/// How long a reader may take to set the port before it is taken for one that does not.
const SETTLE: Duration = Duration::from_secs(1);

/// How long what was said last stays readable before the device goes away.
const LINGER: Duration = Duration::from_secs(2);

/// Why a device does not go on.
pub(crate) enum Stop {
    /// A signal came
    Signal,
    /// The command cannot go on
    Error(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Error(error)
    }
}

/// A device on a pseudo-terminal.
pub(crate) struct PtyDevice<'a> {
    /// The link to the device file, made again after it was unplugged; `None`: none was wanted
    link: Option<&'a Path>,
    term: &'a mut Term,
    /// `None` while it is unplugged
    pty: Option<Pty>,
}

impl<'a> PtyDevice<'a> {
    /// Plugs a device in, and prints its device file. From here on signals stop it in order.
    pub(crate) fn plugged_in(link: Option<&'a Path>, term: &'a mut Term) -> anyhow::Result<Self> {
        hold_signals();
        let mut device = Self { link, term, pty: None };
        device.plug_in()?;
        Ok(device)
    }

    /// Is there, under a new name, which is printed.
    pub(crate) fn plug_in(&mut self) -> anyhow::Result<()> {
        let pty = Pty::open(self.link).context("pseudo-terminal")?;
        let path = pty.path().display().to_string();
        if self.term.human() {
            self.term.text(&format!("{path}\n"))?;
        } else {
            self.term.data(&object! { "path": path })?;
        }
        self.pty = Some(pty);
        self.term.flush()
    }

    /// Waits for a reader and sends it all bytes. What a reader that leaves did not take is lost, as on a cable.
    pub(crate) fn send(&mut self, mut bytes: &[u8]) -> Result<(), Stop> {
        self.wait_for_reader()?;
        let Some(pty) = &self.pty else { return Ok(()) };
        while !bytes.is_empty() {
            if signals::interrupted() || signals::terminated() {
                return Err(Stop::Signal);
            }
            match pty.send(bytes, LOOK) {
                Ok(count) => bytes = &bytes[count..],
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }

    /// What the reader has sent. Nothing where it sends nothing for a moment.
    pub(crate) fn receive(&mut self) -> Result<Vec<u8>, Stop> {
        let bytes = self.pty.as_ref().map(|pty| pty.receive(LOOK)).unwrap_or_default();
        if bytes.is_empty() {
            // Without a reader there was nothing to wait for.
            wait(LOOK)?;
        }
        Ok(bytes)
    }

    /// Waits until a reader has opened and set the port: readers drop what arrives before that.
    pub(crate) fn wait_for_reader(&mut self) -> Result<(), Stop> {
        let Some(pty) = &self.pty else { return Ok(()) };
        if pty.has_reader() && pty.is_set() {
            return Ok(());
        }
        pty.unset();
        let mut here_since = None;
        loop {
            wait(LOOK)?;
            if !pty.has_reader() {
                here_since = None;
                continue;
            }
            let since = *here_since.get_or_insert_with(machine::up);
            if pty.is_set() {
                return wait(LOOK);
            }
            // Some read a port as they find it.
            if machine::up().millis() - since.millis() >= i64::try_from(SETTLE.as_millis()).unwrap_or(0) {
                return Ok(());
            }
        }
    }

    /// Is gone for so long, then there again under a new name.
    pub(crate) fn unplug(&mut self, pause: Duration) -> Result<(), Stop> {
        self.pull_out()?;
        wait(pause)?;
        Ok(self.plug_in()?)
    }

    /// Is gone, once a reader has had the time to take what was said last.
    pub(crate) fn pull_out(&mut self) -> Result<(), Stop> {
        wait(LOOK * 5)?;
        self.pty = None;
        self.term.say("unplugged");
        Ok(())
    }

    /// Ends: what was said last may not have been read yet.
    pub(crate) fn end(self, ended: Result<(), Stop>) -> anyhow::Result<Outcome> {
        if ended.is_ok() {
            self.linger();
        }
        outcome(ended)
    }

    fn linger(&self) {
        let since = machine::up();
        let patience = i64::try_from(LINGER.as_millis()).unwrap_or(0);
        while self.pty.as_ref().is_some_and(Pty::has_reader)
            && machine::up().millis() - since.millis() < patience
            && wait(LOOK).is_ok()
        {}
    }
}

/// From here on signals stop the command in order.
pub(crate) fn hold_signals() {
    signals::hold_terminate();
    signals::hold_interrupt();
}

/// How the command ends.
pub(crate) fn outcome(ended: Result<(), Stop>) -> anyhow::Result<Outcome> {
    if let Err(Stop::Error(error)) = ended {
        return Err(error);
    }
    Ok(match (signals::interrupted(), signals::terminated()) {
        (true, _) => Outcome::Interrupted,
        (_, true) => Outcome::Terminated,
        _ => Outcome::Yes,
    })
}

/// Sleeps, unless a signal comes.
pub(crate) fn wait(pause: Duration) -> Result<(), Stop> {
    let mut left = pause;
    loop {
        if signals::interrupted() || signals::terminated() {
            return Err(Stop::Signal);
        }
        if left.is_zero() {
            return Ok(());
        }
        let nap = left.min(LOOK);
        std::thread::sleep(nap);
        left -= nap;
    }
}
