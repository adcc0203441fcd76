//! Processes that a line starts, in the prompt's process group: Ctrl-C reaches them all.

use std::{
    fs::File,
    io::Read,
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::process::ExitStatusExt,
    },
    process::{Child, Command, ExitStatus, Stdio},
};

use anyhow::Context;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{OFlags, fcntl_setfl},
    io::{FdFlags, fcntl_setfd},
    pipe::{PipeFlags, pipe_with},
};

use crate::cli::{failure::Outcome, signals};

/// The input of the first process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstInput {
    /// The standard input of this process
    Ours,
    /// Nowhere: our input holds the lines that are run
    Nothing,
}

/// The longest wait for what goes on after Ctrl-C though its shell has ended: it may have last words.
const LAST_WORDS: Timespec = Timespec { tv_sec: 3, tv_nsec: 0 };

/// A pipe that all processes of a line hold, and a shell writes to. It ends with the last of them.
pub(super) struct Report {
    /// Where it is read, without waiting
    reader: File,
    /// Where it is written; `None`: the line has started
    writer: Option<OwnedFd>,
}

impl Report {
    /// A new one.
    pub(super) fn new() -> anyhow::Result<Self> {
        let (reader, writer) = pipe_with(PipeFlags::CLOEXEC)?;
        fcntl_setfl(&reader, OFlags::NONBLOCK)?;
        Ok(Self { reader: reader.into(), writer: Some(writer) })
    }

    /// The descriptor that processes write to.
    pub(super) fn descriptor(&self) -> i32 {
        self.writer.as_ref().map_or(-1, AsRawFd::as_raw_fd)
    }

    /// What was written since, and whether all who could write have ended.
    pub(super) fn read(&mut self) -> (String, bool) {
        let mut bytes = Vec::new();
        let ended = self.reader.read_to_end(&mut bytes).is_ok();
        (String::from_utf8_lossy(&bytes).into_owned(), ended)
    }

    /// Waits until all have ended, or for [`LAST_WORDS`]. What they write may be lost.
    fn wait(&mut self) {
        while !self.read().1 {
            let woken = poll(&mut [PollFd::new(&self.reader, PollFlags::IN)], Some(&LAST_WORDS));
            if !matches!(woken, Ok(1..)) {
                return;
            }
        }
    }
}

/// Runs processes side by side, each with the output of the one before as its input, and answers when the last one has
/// ended.
///
/// The outcome is that of the last one that failed: a pipe whose reader failed, or whose source did, has not
/// done what it says. One that stopped because its reader had enough did not fail.
pub(super) fn run(commands: Vec<Command>, input: FirstInput, report: &mut Report) -> anyhow::Result<Outcome> {
    let mut children = Vec::new();
    let started = start(commands, input, report, &mut children);
    // A Ctrl-C that came before they stood did not reach them.
    if started.is_err() || signals::interrupted() {
        for child in &mut children {
            let _ = Child::kill(child);
        }
    }
    let mut outcome = Outcome::Yes;
    let last = children.len().saturating_sub(1);
    for (at, mut child) in children.into_iter().enumerate() {
        match of_status(child.wait()?) {
            Outcome::Yes => {}
            Outcome::ReaderGone if at < last => {}
            failed => outcome = failed,
        }
    }
    started?;
    if signals::interrupted() {
        report.wait();
        outcome = Outcome::Interrupted;
    }
    Ok(outcome)
}

fn start(
    commands: Vec<Command>,
    input: FirstInput,
    report: &mut Report,
    children: &mut Vec<Child>,
) -> anyhow::Result<()> {
    let writer = report.writer.take();
    let mut before = match input {
        FirstInput::Ours => Stdio::inherit(),
        FirstInput::Nothing => Stdio::null(),
    };
    if let Some(writer) = &writer {
        fcntl_setfd(writer, FdFlags::empty())?;
    }
    let last = commands.len() - 1;
    for (at, mut command) in commands.into_iter().enumerate() {
        command.stdin(before);
        if at < last {
            command.stdout(Stdio::piped());
        }
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().with_context(|| format!("{program}: cannot be run"));
        let mut child = child?;
        before = child.stdout.take().map_or_else(Stdio::null, Stdio::from);
        children.push(child);
    }
    Ok(())
}

/// The outcome of a shell's report of a status.
pub(super) fn of_code(code: u8) -> Outcome {
    match code {
        0 => Outcome::Yes,
        130 => Outcome::Interrupted,
        141 => Outcome::ReaderGone,
        code => Outcome::Child(code),
    }
}

fn of_status(status: ExitStatus) -> Outcome {
    let code = status.code().or_else(|| Some(128 + status.signal()?));
    code.and_then(|code| u8::try_from(code).ok()).map_or(Outcome::CouldNot, of_code)
}
