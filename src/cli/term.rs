//! The one file that prints.
//!
//! - Data goes to standard output: one canonical JSON object a line, or a text that is the product.
//! - Talk goes to standard error: one line, lower case, the stage's name first, cause after a colon.
//! - A result that standard output did not take has not been given: every write is checked.
//! - Text that came from a device, a peer or a file is escaped before it reaches a terminal.
//! - Colour adds nothing that words do not say.

mod progress;
mod screen;
mod tty;
pub(crate) mod width;

use std::{
    cell::OnceCell,
    fs::File,
    io::{self, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    termios::tcgetwinsize,
};

use super::{
    closed,
    failure::{OutputLost, sentence},
    key_names::KeyNames,
};
use crate::{json::Object, ledger::files::store, machine, time::Zone};

pub(crate) use progress::ProgressLine;
pub(crate) use screen::Screen;
pub(crate) use tty::Tty;

pub(crate) use crate::escape::{escape, escape_name};

/// Which form data takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OutputForm {
    /// For people on a terminal, JSON elsewhere
    #[default]
    Auto,
    /// JSON lines
    Json,
    /// For people
    Human,
}

/// How much talk there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Volume {
    /// Errors and warnings only
    Quiet,
    /// Changes of state too
    #[default]
    Normal,
    /// And what was read and decided
    Verbose,
}

/// Standard output and standard error of one command.
pub(crate) struct Term {
    out: BufWriter<Box<dyn Write + Send>>,
    out_is_terminal: bool,
    file: Option<PendingFile>,
    stage: String,
    form: OutputForm,
    volume: Volume,
    /// The zone in which people type and read times, once it was asked for
    zone: OnceCell<Zone>,
    /// What keys are called in texts for people
    names: KeyNames,
}

/// A file that is to appear whole or not at all.
struct PendingFile {
    temporary: PathBuf,
    target: PathBuf,
}

impl Term {
    /// The process's own streams.
    pub(crate) fn new() -> Self {
        let stdout: Box<dyn Write + Send> =
            if closed::stdout() { Box::new(Closed) } else { Box::new(io::stdout()) };
        Self {
            out: BufWriter::with_capacity(64 * 1024, stdout),
            out_is_terminal: io::stdout().is_terminal(),
            file: None,
            stage: "foil".to_owned(),
            form: OutputForm::Auto,
            volume: Volume::Normal,
            zone: OnceCell::new(),
            names: KeyNames::default(),
        }
    }

    /// Sets who talks and how, when a command begins.
    pub(crate) fn begin(&mut self, command: &str, form: OutputForm, volume: Volume) {
        self.stage = if command.is_empty() { "foil".to_owned() } else { format!("foil {command}") };
        (self.form, self.volume, self.names) = (form, volume, KeyNames::default());
    }

    /// Sets whether times are typed and shown in UTC, when a command begins.
    pub(crate) fn set_utc(&mut self, utc: bool) {
        self.zone = if utc { Zone::UTC.into() } else { OnceCell::new() };
    }

    /// The zone in which people type and read times.
    pub(crate) fn zone(&self) -> Zone {
        self.zone.get_or_init(machine::zone).clone()
    }

    /// Whether data is to be shown in the form for people.
    pub(crate) fn human(&self) -> bool {
        match self.form {
            OutputForm::Auto => self.terminal(),
            OutputForm::Json => false,
            OutputForm::Human => true,
        }
    }

    /// Whether JSON was asked for: a text that is the product is JSON only then.
    pub(crate) fn json(&self) -> bool {
        self.form == OutputForm::Json
    }

    /// Whether data goes to a terminal.
    pub(crate) fn terminal(&self) -> bool {
        self.out_is_terminal && self.file.is_none()
    }

    /// How wide a line of data may be; none where it does not go to a terminal, or that has no width.
    pub(crate) fn columns(&self) -> Option<usize> {
        let size = self.terminal().then(|| tcgetwinsize(io::stdout()).ok()).flatten();
        size.map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0)
    }

    /// Whether details are wanted.
    pub(crate) fn verbose(&self) -> bool {
        self.volume == Volume::Verbose
    }

    /// Whether only errors and warnings are wanted.
    pub(crate) fn quiet(&self) -> bool {
        self.volume == Volume::Quiet
    }

    /// Sends data to a file, which appears under its name, durably, when the command has succeeded.
    pub(crate) fn redirect(&mut self, target: &Path) -> anyhow::Result<()> {
        let pending = PendingFile { temporary: temporary_name(target), target: target.to_owned() };
        let file = File::create_new(&pending.temporary)
            .map_err(|error| anyhow::anyhow!("{}: {error}", target.display()))?;
        self.out = BufWriter::with_capacity(64 * 1024, Box::new(file));
        self.file = Some(pending);
        Ok(())
    }

    /// Writes an object as one line of canonical JSON.
    pub(crate) fn data(&mut self, object: &Object) -> anyhow::Result<()> {
        let mut line = object.to_canonical();
        line.push('\n');
        self.raw(line.as_bytes())
    }

    /// Writes a text that is the command's product, or its form for people, as it is.
    pub(crate) fn text(&mut self, text: &str) -> anyhow::Result<()> {
        self.raw(text.as_bytes())
    }

    /// From here on people are told that a key is called that, such as `the party carrier`.
    pub(crate) fn call(&mut self, did: &str, name: &str) {
        self.names.call(did, &escape(name));
    }

    /// A text as people are told it: keys are named, and times are those of their zone.
    pub(crate) fn told(&self, text: &str) -> String {
        self.zone().show_all(&self.names.in_text(text))
    }

    /// Writes a form for people, in which keys are named and times are those of their zone.
    pub(crate) fn tell(&mut self, text: &str) -> anyhow::Result<()> {
        self.raw(self.told(text).as_bytes())
    }

    /// Writes bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let written = self.out.write_all(bytes);
        written.map_err(|error| self.lost(error))
    }

    /// Hands on what was written so far. A live source does so after each record.
    pub(crate) fn flush(&mut self) -> anyhow::Result<()> {
        let flushed = self.out.flush();
        flushed.map_err(|error| self.lost(error))
    }

    /// Looks whether the reader of standard output went away: a source that is silent for long writes nothing that would show it.
    pub(crate) fn look_for_reader(&self) -> anyhow::Result<()> {
        if self.file.is_some() || self.out_is_terminal {
            return Ok(());
        }
        let stdout = io::stdout();
        let mut polled = [PollFd::new(&stdout, PollFlags::empty())];
        let is_seen = poll(&mut polled, Some(&Timespec::default())).is_ok();
        let is_gone = is_seen && polled[0].revents().intersects(PollFlags::ERR | PollFlags::HUP);
        if is_gone { Err(OutputLost::of(io::ErrorKind::BrokenPipe.into()).into()) } else { Ok(()) }
    }

    /// What could not be written, by the name of the file that it was for.
    fn lost(&self, error: io::Error) -> anyhow::Error {
        match &self.file {
            Some(pending) => anyhow::Error::from(error).context(pending.target.display().to_string()),
            None => OutputLost::of(error).into(),
        }
    }

    /// Ends the command's output: the last bytes are written, a file gets its name – or, if the command
    /// failed, is taken away.
    pub(crate) fn finish(&mut self, success: bool) -> anyhow::Result<()> {
        let flushed = self.flush();
        if let Some(pending) = self.file.take() {
            self.out = BufWriter::new(Box::new(io::stdout()));
            flushed.and_then(|()| pending.finish(success))
        } else {
            flushed
        }
    }

    /// Tells a change of state in one line. `-q` silences it.
    pub(crate) fn say(&mut self, line: impl AsRef<str>) {
        if self.volume > Volume::Quiet {
            self.talk("", &self.told(line.as_ref()));
        }
    }

    /// Tells what was read and decided, if asked with `-v`.
    pub(crate) fn detail(&mut self, line: impl AsRef<str>) {
        if self.verbose() {
            self.talk("", &self.told(line.as_ref()));
        }
    }

    /// Warns in one line.
    pub(crate) fn warn(&mut self, line: impl AsRef<str>) {
        self.talk("warning: ", &self.told(line.as_ref()));
    }

    /// Says what to do. Keys and times stand as they can be pasted.
    pub(crate) fn hint(&mut self, line: impl AsRef<str>) {
        self.talk("hint: ", line.as_ref());
    }

    /// Shows help where something else was to come.
    pub(crate) fn explain(&mut self, help: &str) {
        let _ = self.out.flush();
        let _ = io::stderr().write_all(help.as_bytes());
    }

    /// Reports an error and its hint.
    pub(crate) fn error(&mut self, error: &anyhow::Error) {
        let (message, hint) = sentence(error);
        if let Some(message) = message {
            self.talk("error: ", &self.told(&message));
        }
        if let Some(hint) = hint {
            self.hint(hint);
        }
    }

    /// Begins a new line on the terminal: the `^C` that it echoed stands on the old one.
    pub(crate) fn fresh_line() {
        if io::stderr().is_terminal() {
            let _ = io::stderr().write_all(b"\n");
        }
    }

    /// One line to standard error, in one write, so that the stages of a pipe do not mix their letters.
    fn talk(&mut self, kind: &str, line: &str) {
        // Data first: on a terminal the two streams are one.
        if self.out_is_terminal {
            let _ = self.out.flush();
        }
        let line = format!("{}: {kind}{}\n", self.stage, escape(line));
        // There is no way to report that standard error cannot be written.
        let _ = io::stderr().write_all(line.as_bytes());
    }
}

impl PendingFile {
    fn finish(self, success: bool) -> anyhow::Result<()> {
        if !success {
            return Ok(std::fs::remove_file(&self.temporary)?);
        }
        File::open(&self.temporary)?.sync_all()?;
        std::fs::rename(&self.temporary, &self.target)
            .map_err(|error| anyhow::anyhow!("{}: {error}", self.target.display()))?;
        store::sync_folder(store::folder_of(&self.target))
    }
}

impl Drop for PendingFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.temporary);
    }
}

/// A name beside the target, so that the rename stays within one file system.
fn temporary_name(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    target.with_file_name(name)
}

/// Standard output that was closed before we started.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::from_raw_os_error(rustix::io::Errno::BADF.raw_os_error()))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
