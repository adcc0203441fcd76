//! The prompt: each line is a command line without `foil`.
//!
//! A single command runs in this process, by the code that runs it from a shell. Pipes, redirections,
//! commands that read standard input and those that compute for long run as processes of their own.

mod background;
mod candidates;
pub(crate) mod editor;
pub(crate) mod help;
pub(crate) mod history;
mod in_use;
pub(crate) mod lines;
pub(crate) mod processes;
mod scan;
mod shell;
mod words;

use std::{
    ffi::OsString,
    io::IsTerminal,
    path::{Path, PathBuf},
    process::Command,
};

use background::BackgroundLine;
use editor::{AfterLine, Completion};
use lines::CommandLines;
use processes::{FirstInput, Report};
use words::{PipeStage, PromptLine};

use crate::{
    audit::target,
    key::text::{holds_private, may_be_secret},
};

use super::{
    COMMANDS, branch, defaults,
    failure::{Hint, Outcome},
    ledger,
    passphrases::PassphraseSession,
    paste, signals,
    term::{OutputForm, Term, Volume, escape},
};

/// Commands that Ctrl-C can only stop from outside: they compute without looking at signals.
const APART: &[&str] = &["verify", "contract check", "chain status", "chain repair", "repl", "demo"];

/// Words that only the prompt knows, or that it has a say in.
const PROMPT_WORDS: &[&str] = &["use", "help", "history", "cd", "exit", "quit"];

/// The status by which `sh` says that there is no such program.
const NOT_FOUND: u8 = 127;

/// A sequence of lines, typed or from a script.
pub(super) struct PromptSession {
    input: FirstInput,
    home: Option<String>,
    /// Passphrases are kept as long as the session lasts
    _passphrases: PassphraseSession,
    /// The folder before the last `cd`; `None`: there was none
    left_folder: Option<PathBuf>,
    background: Vec<BackgroundLine>,
    /// The outcome of the last line
    pub(super) outcome: Outcome,
}

impl PromptSession {
    /// A session whose commands may read what we read, or nothing.
    pub(super) fn new(input: FirstInput) -> Self {
        signals::hold_interrupt();
        in_use::keep_defaults();
        Self {
            input,
            home: home(),
            _passphrases: PassphraseSession::begin(),
            left_folder: None,
            background: Vec::new(),
            outcome: Outcome::Yes,
        }
    }

    /// Runs a text, which may be several lines, until one fails.
    pub(super) fn run_text(&mut self, text: &str) -> anyhow::Result<AfterLine> {
        for command in CommandLines::all(text) {
            let next = self.run_command(&command)?;
            if next == AfterLine::Leave || self.outcome != Outcome::Yes {
                return Ok(next);
            }
        }
        Ok(AfterLine::Line)
    }

    /// Runs a line, or the lines of one command.
    pub(super) fn run_command(&mut self, text: &str) -> anyhow::Result<AfterLine> {
        signals::release();
        let next = match words::line(text, self.home.as_deref()) {
            PromptLine::Empty => return Ok(AfterLine::Line),
            PromptLine::Plain(words) => self.run_plain(&words, text)?,
            PromptLine::Pipe(stages) => self.run_pipe(&stages, text)?,
            PromptLine::List { substitutes } => self.run_by_sh(text, substitutes)?,
        };
        if signals::terminated() {
            // The signal for the command was one for us too.
            self.outcome = Outcome::Terminated;
            return Ok(AfterLine::Leave);
        }
        Ok(next)
    }

    fn run_plain(&mut self, words: &[String], text: &str) -> anyhow::Result<AfterLine> {
        // Lines that were copied from a shell or a manual work too.
        let words =
            words.strip_prefix(&["foil".to_owned()]).filter(|words| !words.is_empty()).unwrap_or(words);
        let line: Vec<&str> = words.iter().map(String::as_str).collect();
        self.outcome = Outcome::Yes;
        match line.as_slice() {
            ["exit" | "quit"] => return Ok(AfterLine::Leave),
            ["exit" | "quit", code] => {
                let code = code.parse();
                let code = code.map_err(|_| anyhow::anyhow!("exit {}: not a status (0 to 255)", line[1]))?;
                self.outcome = Outcome::Child(code);
                return Ok(AfterLine::Leave);
            }
            ["help"] => help::show()?,
            ["help", command @ ..] => self.outcome = run_here(&[command, &["--help"]].concat()),
            ["history", count @ ..] => history::show(count)?,
            ["use"] => in_use::show()?,
            ["use", ledger] => in_use::choose(ledger, None)?,
            ["use", ledger, key] => in_use::choose(ledger, Some(key))?,
            ["use", ..] => return Err(anyhow::anyhow!("use: too many words")).hint("use LEDGER [KEY]"),
            [name, ..] if may_be_secret(name) || holds_private(text) => {
                return Err(anyhow::anyhow!("the line looks like a secret key, and is not run"));
            }
            [name, ..] if !is_ours(name) => {
                self.run_by_sh(text, false)?;
                self.hint_of_unknown(name);
            }
            line if self.is_apart(line) => self.launch(vec![shell::foil(words)], Report::new()?, text)?,
            line => self.outcome = run_here(line),
        }
        Ok(AfterLine::Line)
    }

    /// Whether a command is to run as a process of its own: it may read standard input, which a thread of ours
    /// would go on reading after it, or cannot be interrupted.
    fn is_apart(&self, words: &[&str]) -> bool {
        let reads = self.input == FirstInput::Ours && !std::io::stdin().is_terminal();
        let named: Vec<&str> = words.iter().filter(|word| !word.starts_with('-')).take(2).copied().collect();
        let computes = APART.iter().any(|name| *name == named.join(" ") || named.first() == Some(name));
        reads || computes || words.contains(&"-")
    }

    fn hint_of_unknown(&self, name: &str) {
        let known = COMMANDS.iter().map(branch).chain(PROMPT_WORDS.iter().copied());
        if self.outcome == Outcome::Child(NOT_FOUND)
            && let Some(meant) = paste::did_you_mean(name, known)
        {
            talker().hint(meant);
        }
    }

    fn run_pipe(&mut self, stages: &[PipeStage], text: &str) -> anyhow::Result<AfterLine> {
        if let [stage] = stages
            && !is_ours(&stage.name)
        {
            return self.run_by_sh(text, true);
        }
        let stages = stages.iter().map(|stage| shell::stage(&stage.text, is_ours(&stage.name))).collect();
        self.launch(stages, Report::new()?, text)?;
        Ok(AfterLine::Line)
    }

    fn run_by_sh(&mut self, text: &str, substitutes: bool) -> anyhow::Result<AfterLine> {
        let report = Report::new()?;
        let line = shell::line(text, substitutes, report.descriptor());
        self.launch(vec![line], report, text)?;
        Ok(AfterLine::Line)
    }

    /// Runs the processes of a line, and takes over what they report.
    fn launch(&mut self, mut commands: Vec<Command>, mut report: Report, text: &str) -> anyhow::Result<()> {
        let folder = std::env::current_dir();
        for command in &mut commands {
            command.envs(self.left_folder.iter().map(|folder| ("OLDPWD", folder)));
            command.envs(folder.iter().map(|folder| ("PWD", folder)));
        }
        self.outcome = processes::run(commands, self.input, &mut report)?;
        let (said, ended) = report.read();
        let mut process = None;
        for line in said.lines() {
            match line.split_once(' ') {
                Some(("failed", code)) if self.outcome == Outcome::Yes => {
                    self.outcome = code.parse().map_or(Outcome::CouldNot, processes::of_code);
                }
                Some(("folder", path)) => self.change_folder(path.as_ref()),
                Some(("job", id)) if !id.is_empty() => process = Some(id),
                _ => {}
            }
        }
        if !ended {
            self.background.push(BackgroundLine::new(text, process, report));
        }
        Ok(())
    }

    /// Goes where a `cd` in the line went.
    fn change_folder(&mut self, path: &Path) {
        let Ok(left) = std::env::current_dir() else { return };
        if std::env::set_current_dir(path).is_ok()
            && std::env::current_dir().is_ok_and(|folder| folder != left)
        {
            self.left_folder = Some(left);
        }
    }

    /// Says what goes on when the session has ended.
    pub(super) fn leave(&self) {
        self.background.iter().for_each(|line| line.tell("after foil repl"));
    }
}

/// What the line editor asks of a session.
impl PromptSession {
    /// What stands before the next line.
    fn prompt(&self) -> String {
        let place = Self::place();
        match self.outcome {
            Outcome::Yes => place,
            failed => format!("{} [{}]> ", place.trim_end_matches("> "), failed.code()),
        }
    }

    /// The ledger in use, as the prompt shows it.
    fn place() -> String {
        let Some(path) = defaults::ledger() else { return "foil> ".to_owned() };
        if target::is_url(&path) {
            // No line waits for a server before it is typed.
            let shown = target::shown(&path);
            let place = shown.split_once("://").map_or(&*shown, |(_, place)| place);
            return format!("{}> ", escape(place.trim_end_matches('/')));
        }
        let name = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
        let name = escape(&name.file_name().unwrap_or_default().to_string_lossy());
        match ledger::read(&path) {
            Ok(reader) => format!("{name}({})> ", reader.size()),
            Err(_) => format!("{name}(?)> "),
        }
    }

    /// What could stand at the end of this beginning of a line.
    fn complete(&self, begun: &str) -> Completion {
        let at = words::partial(begun, self.home.as_deref());
        let texts = candidates::of(&at);
        let alone = texts.len() == 1;
        let finished = |text: String| {
            // Users do not look for files inside a ledger.
            let text = if is_ledger(&text) { text.trim_end_matches('/').to_owned() } else { text };
            let goes_on = !alone || text.ends_with(['/', '=']);
            if goes_on { words::quoted(&text) } else { words::quoted(&text) + " " }
        };
        Completion { start: at.start, texts: texts.into_iter().map(finished).collect() }
    }

    /// Does what a line says.
    fn run(&mut self, line: &str) -> AfterLine {
        let known = self.background.len();
        let next = self.run_command(line).unwrap_or_else(|error| {
            self.outcome = Outcome::CouldNot;
            talker().error(&error);
            AfterLine::Line
        });
        if signals::interrupted() {
            Term::fresh_line();
        }
        self.background[known..].iter().for_each(|line| line.tell("in the background"));
        signals::release();
        next
    }

    /// Says what has ended since.
    fn tell_ends(&mut self) {
        self.background.retain_mut(|line| !line.tell_end());
    }
}

fn is_ledger(path: &str) -> bool {
    path.ends_with('/') && Path::new(path).join("checkpoint").is_file()
}

fn run_here(words: &[&str]) -> Outcome {
    let words: Vec<OsString> = words.iter().map(OsString::from).collect();
    super::run(&words, &mut Term::new())
}

fn is_ours(name: &str) -> bool {
    name.starts_with('-') || COMMANDS.iter().any(|entry| branch(entry) == name)
}

/// The terminal for messages of the prompt itself.
pub(super) fn talker() -> Term {
    let mut term = Term::new();
    term.begin("repl", OutputForm::Auto, Volume::Normal);
    term
}

#[allow(clippy::disallowed_methods)] // the environment is read here
fn home() -> Option<String> {
    std::env::var("HOME").ok().filter(|home| !home.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(begun: &str) -> Vec<String> {
        PromptSession::new(FirstInput::Nothing).complete(begun).texts
    }

    #[test]
    fn what_is_begun_is_completed_and_quoted() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("my room")).unwrap();
        std::fs::write(folder.path().join("a file"), "").unwrap();
        let at = folder.path().display();
        assert_eq!(completed("chai"), ["chain "]);
        assert_eq!(completed("chain cat x --rec"), ["--records "]);
        assert_eq!(completed("help chain sta"), ["status "]);
        assert_eq!(completed("foil key sh"), ["show "]);
        assert_eq!(completed(&format!("use {at}/m")), [format!("'{at}/my room/")]);
        assert_eq!(completed(&format!("use '{at}/my r")), [format!("'{at}/my room/")]);
        assert_eq!(completed(&format!("sign > {at}/a")), [format!("'{at}/a file' ")]);
        assert_eq!(completed(&format!("chain cat x | cat {at}/a")), [format!("'{at}/a file' ")]);
        assert_eq!(completed("chain cat x | sig"), ["sign "]);
        std::fs::write(folder.path().join("my room/checkpoint"), "").unwrap();
        assert_eq!(completed(&format!("use {at}/m")), [format!("'{at}/my room' ")]);
        // Relative to the current folder, which is the package's while tests run.
        assert_eq!(completed("use sr"), ["src/"]);
        assert_eq!(completed("verify Cargo.to"), ["Cargo.toml "]);
        assert_eq!(completed("ls Cargo.to"), ["Cargo.toml "]);
        assert_eq!(completed("cd sr"), ["src/"]);
        assert_eq!(completed("ls; chain sta"), ["status "]);
        assert_eq!(completed("x=$(chain sta"), ["status "]);
        assert_eq!(completed("hist"), ["history "]);
    }
}
