//! Stages of a pipe as processes of their own, in the prompt's process group: Ctrl-C reaches them all.

use std::{
    fs::{File, OpenOptions},
    os::unix::process::{CommandExt, ExitStatusExt},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use anyhow::Context;

use crate::cli::{defaults, failure::Outcome, passphrases, prompt::words::PipeStage, signals};

/// The input of the first stage, unless it is redirected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstInput {
    /// The standard input of this process
    Ours,
    /// Nowhere: our input holds the lines that are run
    Nothing,
}

/// Runs the stages side by side, and answers when the last one has ended. `is_ours` tells the commands of
/// foil from other programs.
///
/// The outcome is that of the last stage that failed: a pipe whose reader failed, or whose source did, has not
/// done what it says. A stage that stopped because its reader had enough did not fail.
pub(super) fn run(
    stages: &[PipeStage],
    input: FirstInput,
    is_ours: &dyn Fn(&str) -> bool,
) -> anyhow::Result<Outcome> {
    let mut children = Vec::new();
    let started = start(stages, input, is_ours, &mut children);
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
    started.map(|()| if signals::interrupted() { Outcome::Interrupted } else { outcome })
}

fn start(
    stages: &[PipeStage],
    input: FirstInput,
    is_ours: &dyn Fn(&str) -> bool,
    children: &mut Vec<Child>,
) -> anyhow::Result<()> {
    let mut before = match input {
        FirstInput::Ours => Stdio::inherit(),
        FirstInput::Nothing => Stdio::null(),
    };
    for (at, stage) in stages.iter().enumerate() {
        let mut command = command(stage, is_ours);
        let from = stage.from.as_ref().map(|path| open(path)).transpose()?;
        command.stdin(from.map_or(before, Stdio::from));
        let is_last = at + 1 == stages.len();
        match &stage.into {
            Some(into) => drop(command.stdout(create(&into.path, into.append)?)),
            None if !is_last => drop(command.stdout(Stdio::piped())),
            None => {}
        }
        let program = command.get_program().to_string_lossy().into_owned();
        // Other programs have no business with passphrases.
        let shared = is_foil(stage, is_ours).then(|| passphrases::share_with(&mut command));
        let child = command.spawn().with_context(|| format!("{program}: cannot be run"));
        drop(shared);
        let mut child = child?;
        before = child.stdout.take().map_or_else(Stdio::null, Stdio::from);
        children.push(child);
    }
    Ok(())
}

fn is_foil(stage: &PipeStage, is_ours: &dyn Fn(&str) -> bool) -> bool {
    stage.words.first().is_none_or(|name| is_ours(name))
}

fn command(stage: &PipeStage, is_ours: &dyn Fn(&str) -> bool) -> Command {
    let (name, arguments) = match stage.words.split_first() {
        Some((name, arguments)) if !is_ours(name) => (name.as_str(), arguments),
        _ => ("", stage.words.as_slice()),
    };
    let mut command = if name.is_empty() { Command::new(ourselves()) } else { Command::new(name) };
    if name.is_empty() {
        command.arg0("foil");
    }
    command.args(arguments).envs(defaults::for_children());
    command
}

/// The program that runs, also when its file has been replaced since.
fn ourselves() -> PathBuf {
    let running = Path::new("/proc/self/exe");
    if running.exists() { running.to_owned() } else { std::env::current_exe().unwrap_or("foil".into()) }
}

fn open(path: &str) -> anyhow::Result<File> {
    File::open(path).with_context(|| path.to_owned())
}

fn create(path: &str, append: bool) -> anyhow::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).append(append).truncate(!append);
    options.open(path).with_context(|| path.to_owned())
}

fn of_status(status: ExitStatus) -> Outcome {
    let code =
        status.code().or_else(|| Some(128 + status.signal()?)).and_then(|code| u8::try_from(code).ok());
    match code {
        Some(0) => Outcome::Yes,
        Some(130) => Outcome::Interrupted,
        Some(141) => Outcome::ReaderGone,
        Some(code) => Outcome::Child(code),
        None => Outcome::CouldNot,
    }
}
