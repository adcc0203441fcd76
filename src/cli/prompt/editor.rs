//! The line editor of the prompt: lines are edited, remembered, and handed to the [`PromptSession`], which
//! runs them.
//!
//! Ctrl-C clears the line, Ctrl-D on an empty line leaves. What `sh` would read on for, as an open quote or a loop, goes
//! on in the next line. Several lines that are pasted at once run one by one.

use std::{
    borrow::Cow,
    cell::RefCell,
    fs::{self, DirBuilder, OpenOptions, Permissions},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use rustyline::{
    CompletionType, Config, Editor, Helper,
    completion::{Completer, Pair},
    error::ReadlineError,
    highlight::Highlighter,
    hint::{Hinter, HistoryHinter},
    history::{FileHistory, History},
    validate::{ValidationContext, ValidationResult, Validator},
};

use super::{PromptSession, lines::CommandLines};
use crate::cli::{failure::Outcome, term::Term};

/// How many lines are remembered.
const REMEMBERED: usize = 10_000;

/// Possible ends of a line.
#[derive(Debug, Default)]
pub struct Completion {
    /// From which byte of the line on
    pub start: usize,
    /// The texts as they are to be typed
    pub texts: Vec<String>,
}

/// Whether the editor reads another line after this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterLine {
    /// Yes
    Line,
    /// The session ends
    Leave,
}

/// How lines are edited.
#[derive(Clone, Debug, Default)]
pub struct EditorSettings {
    /// The file in which lines are remembered, closed to other users; `None`: they are not remembered
    pub history: Option<PathBuf>,
    /// Whether earlier lines are offered, dim: without colours they would look as if they were typed
    pub hints: bool,
}

/// Reads lines from the terminal until a line or the user ends the session. The answer is what that line says.
///
/// # Errors
/// If the terminal cannot be read.
pub(in crate::cli) fn interact(
    session: &mut PromptSession,
    settings: &EditorSettings,
) -> anyhow::Result<Outcome> {
    let session = RefCell::new(session);
    let mut editor = editor(&session, settings.hints)?;
    let mut history = settings.history.as_deref();
    if let Some(Err(error)) = history.map(|path| recall(&mut editor, path)) {
        super::talker().error(&error.context("lines are not remembered"));
        history = None;
    }
    loop {
        session.borrow_mut().tell_ends();
        let prompt = session.borrow().prompt();
        match editor.readline(&prompt) {
            Ok(text) => {
                if run_all(&session, &mut editor, &text, history) == AfterLine::Leave {
                    return Ok(session.borrow().outcome);
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(Outcome::Yes),
            Err(error) => return Err(error).context("the terminal"),
        }
    }
}

/// Runs the commands of what was typed or pasted. Of several each is shown before it runs, and those behind one that
/// fails are not run.
fn run_all(
    session: &RefCell<&mut PromptSession>,
    editor: &mut Line<'_>,
    text: &str,
    history: Option<&Path>,
) -> AfterLine {
    let commands = CommandLines::all(text);
    for (at, command) in commands.iter().enumerate() {
        if commands.len() > 1 {
            let mut term = Term::new();
            let _ = term.text(&format!("{}{command}\n", session.borrow().prompt()));
            let _ = term.finish(true);
        }
        // A history that cannot be written is no reason not to do what the line says.
        let _ = remember(editor, command, history);
        if run(session, command) == AfterLine::Leave {
            return AfterLine::Leave;
        }
        let (status, left) = (session.borrow().outcome, commands.len() - at - 1);
        if status != Outcome::Yes && left > 0 {
            let code = status.code();
            super::talker().say(format!("that ended with status {code}, the rest ({left} more) is not run"));
            break;
        }
    }
    AfterLine::Line
}

/// Runs a command, and puts the terminal right again if a program left it otherwise.
fn run(session: &RefCell<&mut PromptSession>, command: &str) -> AfterLine {
    let before: Option<Termios> = tcgetattr(rustix::stdio::stdin()).ok();
    let next = session.borrow_mut().run(command);
    if let Some(before) = before {
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Drain, &before);
    }
    next
}

/// The lines of a file of remembered lines, the oldest first. Without a file there are none.
///
/// # Errors
/// If the file cannot be read.
pub(super) fn remembered(path: &Path) -> anyhow::Result<Vec<String>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut history = FileHistory::with_config(&config()?);
    history.load(path).with_context(|| path.display().to_string())?;
    Ok(history.iter().cloned().collect())
}

type Line<'s> = Editor<Help<'s>, FileHistory>;

fn editor<'s>(session: &'s RefCell<&'s mut PromptSession>, hints: bool) -> anyhow::Result<Line<'s>> {
    let mut editor = Editor::with_config(config()?)?;
    editor.set_helper(Some(Help { session, hinter: hints.then(HistoryHinter::new) }));
    Ok(editor)
}

fn config() -> rustyline::Result<Config> {
    let config = Config::builder().max_history_size(REMEMBERED)?.history_ignore_space(true);
    Ok(config.completion_type(CompletionType::List).build())
}

/// Takes up the lines of earlier sessions. The file is made, and closed to others, if need be.
fn recall(editor: &mut Line<'_>, path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().context("a file stands in a folder")?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder).context(folder.display().to_string())?;
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    if made.is_err() {
        let about = fs::metadata(path).with_context(|| path.display().to_string())?;
        ensure!(about.is_file(), "{}: not a plain file", path.display());
        let closed = fs::set_permissions(path, Permissions::from_mode(0o600));
        closed.with_context(|| path.display().to_string())?;
    }
    editor.load_history(path).with_context(|| path.display().to_string())
}

/// Remembers a line at once: a session that is killed loses none.
fn remember(editor: &mut Line<'_>, line: &str, path: Option<&Path>) -> rustyline::Result<()> {
    if line.trim().is_empty() || !editor.add_history_entry(line)? {
        return Ok(());
    }
    path.map_or(Ok(()), |path| editor.append_history(path))
}

/// What rustyline asks while a line is typed.
struct Help<'s> {
    session: &'s RefCell<&'s mut PromptSession>,
    hinter: Option<HistoryHinter>,
}

impl Helper for Help<'_> {}

impl Completer for Help<'_> {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let Completion { start, texts } = self.session.borrow().complete(&line[..at]);
        let pairs =
            texts.into_iter().map(|text| Pair { display: text.trim_end().to_owned(), replacement: text });
        Ok((start, pairs.collect()))
    }
}

impl Hinter for Help<'_> {
    type Hint = String;

    fn hint(&self, line: &str, at: usize, context: &rustyline::Context<'_>) -> Option<String> {
        self.hinter.as_ref()?.hint(line, at, context)
    }
}

impl Highlighter for Help<'_> {
    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("\x1b[2m{hint}\x1b[0m"))
    }
}

impl Validator for Help<'_> {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let open = CommandLines::are_open(context.input());
        Ok(if open { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}
