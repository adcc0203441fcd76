//! The prompt: each line is a command line without `foil`.
//!
//! A single command runs in this process, by the code that runs it from a shell. Pipes, redirections,
//! commands that read standard input and those that compute for long run as processes of their own.

pub(crate) mod editor;
pub(crate) mod jobs;
mod scan;
mod words;

use std::{
    ffi::OsString,
    io::IsTerminal,
    path::{Path, PathBuf},
};

use clap::Command;

use editor::{AfterLine, Completion};
use jobs::FirstInput;
use words::{BadPromptLine, PipeStage};

use crate::audit::target;

use super::{
    COMMANDS, branch, complete, defaults,
    failure::{Hint, Outcome},
    keys, ledger,
    passphrases::PassphraseSession,
    signals,
    term::{OutputForm, Term, Volume, escape},
    tree,
};

/// Commands that Ctrl-C can only stop from outside: they compute without looking at signals.
const APART: &[&str] = &["verify", "contract check", "chain status", "chain repair", "repl", "demo"];

/// A sequence of lines, typed or from a script.
pub(super) struct PromptSession {
    input: FirstInput,
    home: Option<String>,
    /// Passphrases are kept as long as the session lasts
    _passphrases: PassphraseSession,
    /// The outcome of the last line
    pub(super) outcome: Outcome,
}

impl PromptSession {
    /// A session whose commands may read what we read, or nothing.
    pub(super) fn new(input: FirstInput) -> Self {
        signals::hold_interrupt();
        let passphrases = PassphraseSession::begin();
        Self { input, home: home(), _passphrases: passphrases, outcome: Outcome::Yes }
    }

    /// Runs a text, which may be several lines. A script stops at the first line that fails.
    pub(super) fn run_text(&mut self, text: &str) -> anyhow::Result<AfterLine> {
        let pipes = words::pipes(text, self.home.as_deref())?;
        for stages in pipes {
            signals::release();
            let next = self.run_pipe(&stages)?;
            if signals::terminated() {
                // The signal for the command was one for us too.
                self.outcome = Outcome::Terminated;
                return Ok(AfterLine::Leave);
            }
            if next == AfterLine::Leave {
                return Ok(AfterLine::Leave);
            }
            if self.outcome != Outcome::Yes {
                break;
            }
        }
        Ok(AfterLine::Line)
    }

    fn run_pipe(&mut self, stages: &[PipeStage]) -> anyhow::Result<AfterLine> {
        let mut stages = stages.to_vec();
        for stage in &mut stages {
            // Lines that were copied from a shell or a manual work too.
            if stage.words.len() > 1 && stage.words[0] == "foil" {
                stage.words.remove(0);
            }
        }
        if let [stage] = stages.as_slice()
            && stage.from.is_none()
            && stage.into.is_none()
        {
            return self.run_alone(stage);
        }
        self.outcome = jobs::run(&stages, self.input, &is_ours)?;
        Ok(AfterLine::Line)
    }

    fn run_alone(&mut self, stage: &PipeStage) -> anyhow::Result<AfterLine> {
        self.outcome = Outcome::Yes;
        let words: Vec<&str> = stage.words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["exit" | "quit"] => return Ok(AfterLine::Leave),
            ["exit" | "quit", code] => {
                let code =
                    code.parse().map_err(|_| anyhow::anyhow!("exit {code}: not a status (0 to 255)"))?;
                self.outcome = Outcome::Child(code);
                return Ok(AfterLine::Leave);
            }
            ["help"] => help()?,
            ["help", command @ ..] => self.outcome = run_here(&[command, &["--help"]].concat()),
            ["use"] => show_defaults()?,
            ["use", ledger] => choose(ledger, None)?,
            ["use", ledger, key] => choose(ledger, Some(key))?,
            ["use", ..] => return Err(anyhow::anyhow!("use: too many words")).hint("use LEDGER [KEY]"),
            words if self.is_apart(words) => {
                self.outcome = jobs::run(std::slice::from_ref(stage), self.input, &|_| true)?;
            }
            words => self.outcome = run_here(words),
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
}

/// What the line editor asks of a session.
impl PromptSession {
    /// What stands before the next line.
    fn prompt() -> String {
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
        let texts = candidates(&at);
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
        let next = self.run_text(line).unwrap_or_else(|error| {
            self.outcome = Outcome::CouldNot;
            talker().error(&error);
            AfterLine::Line
        });
        if signals::interrupted() {
            Term::fresh_line();
        }
        signals::release();
        next
    }
}

fn is_ledger(path: &str) -> bool {
    path.ends_with('/') && Path::new(path).join("checkpoint").is_file()
}

fn candidates(at: &words::PartialLine) -> Vec<String> {
    let words = at.words.strip_prefix(&["foil".to_owned()]).unwrap_or(&at.words);
    match words.first().map(String::as_str) {
        _ if at.file => complete::files(&at.current),
        None if at.first => complete::for_prompt(with_builtins(), &[], &at.current),
        None => complete::for_prompt(tree(None), &[], &at.current),
        Some("help") if at.first => complete::for_prompt(tree(None), &words[1..], &at.current),
        Some(name) if is_ours(name) || at.first => complete::for_prompt(with_builtins(), words, &at.current),
        Some(_) => complete::files(&at.current),
    }
}

/// The tree of commands and the words of the prompt.
fn with_builtins() -> Command {
    let ledger = clap::Arg::new("ledger").value_hint(clap::ValueHint::DirPath);
    let secret = clap_complete::engine::ArgValueCompleter::new(keys::complete_secret);
    let choose = Command::new("use").args([ledger, clap::Arg::new("key").add(secret)]);
    let others = ["help", "exit", "quit"].map(|name| Command::new(name).disable_help_flag(true));
    tree(None).subcommand(choose.disable_help_flag(true)).subcommands(others)
}

fn run_here(words: &[&str]) -> Outcome {
    let words: Vec<OsString> = words.iter().map(OsString::from).collect();
    super::run(&words, &mut Term::new())
}

fn is_ours(name: &str) -> bool {
    name.starts_with('-') || COMMANDS.iter().any(|entry| branch(entry) == name)
}

fn choose(path: &str, key: Option<&str>) -> anyhow::Result<()> {
    let path = ledger::resolve(path.as_ref())?;
    ledger::read(&path).map_err(ledger::with_hint)?;
    if let Some(key) = key {
        keys::find_secret(key)?;
    }
    let path = if target::is_url(&path) { path } else { std::path::absolute(&path)? };
    defaults::choose(path, key.map(str::to_owned));
    Ok(())
}

fn show_defaults() -> anyhow::Result<()> {
    let ledger = defaults::ledger().map_or_else(
        || "none, see: use LEDGER [KEY]".to_owned(),
        |path: PathBuf| escape(&path.display().to_string()),
    );
    let key = defaults::key().map_or_else(|| "none".to_owned(), |key| escape(&key));
    let mut term = Term::new();
    term.text(&format!("@    {ledger}\nkey  {key}\n"))?;
    term.finish(true)
}

fn help() -> anyhow::Result<()> {
    let mut term = Term::new();
    term.text(&format!("{}\n{PROMPT_HELP}", tree(None).render_help()))?;
    term.finish(true)
}

/// What the prompt adds.
pub(super) const PROMPT_HELP: &str = "\
At the prompt:
  a line is a command line without foil; quotes as in sh
  A | B         runs both, also other programs: chain cat @ | jq .record.values
  > >> <        redirect
  use LEDGER [KEY] makes LEDGER, a folder or a URL, what @ stands for, and KEY the key where -k is absent
  help [CMD]    shows help
  exit, Ctrl-D  leaves; Ctrl-C clears the line or stops the command
";

/// The terminal for messages of the prompt itself.
pub(super) fn talker() -> Term {
    let mut term = Term::new();
    term.begin("repl", OutputForm::Auto, Volume::Normal);
    term
}

/// Whether an error says that the text goes on in the next line.
pub(super) fn goes_on(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(BadPromptLine::Unfinished(_)))
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
    }
}
