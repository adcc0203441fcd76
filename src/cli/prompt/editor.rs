//! The line editor of the prompt: lines are edited, remembered, and handed to the [`PromptSession`], which
//! runs them.
//!
//! Ctrl-C clears the line, Ctrl-D on an empty line leaves. A quote that is open, or a line that ends with a
//! backslash or `|`, goes on in the next line, as in `sh`.

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
    history::FileHistory,
    validate::{ValidationContext, ValidationResult, Validator},
};

use super::{
    PromptSession,
    words::{self, BadPromptLine},
};

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

/// Reads lines from the terminal until a line or the user ends the session.
///
/// # Errors
/// If the terminal cannot be read.
pub(in crate::cli) fn interact(session: &mut PromptSession, settings: &EditorSettings) -> anyhow::Result<()> {
    let session = RefCell::new(session);
    let mut editor = editor(&session, settings.hints)?;
    let mut history = settings.history.as_deref();
    if let Some(Err(error)) = history.map(|path| recall(&mut editor, path)) {
        super::talker().error(&error.context("lines are not remembered"));
        history = None;
    }
    loop {
        let prompt = PromptSession::prompt();
        match editor.readline(&prompt) {
            Ok(line) => {
                // A history that cannot be written is no reason not to do what the line says.
                let _ = remember(&mut editor, &line, history);
                if run(&session, &line) == AfterLine::Leave {
                    return Ok(());
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(error).context("the terminal"),
        }
    }
}

/// Runs a line, and puts the terminal right again if a program left it otherwise.
fn run(session: &RefCell<&mut PromptSession>, line: &str) -> AfterLine {
    let before: Option<Termios> = tcgetattr(rustix::stdio::stdin()).ok();
    let next = session.borrow_mut().run(line);
    if let Some(before) = before {
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Drain, &before);
    }
    next
}

type Line<'s> = Editor<Help<'s>, FileHistory>;

fn editor<'s>(session: &'s RefCell<&'s mut PromptSession>, hints: bool) -> anyhow::Result<Line<'s>> {
    let config = Config::builder()
        .max_history_size(REMEMBERED)?
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Help { session, hinter: hints.then(HistoryHinter::new) }));
    Ok(editor)
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
        Ok(match words::pipes(context.input(), None) {
            Err(BadPromptLine::Unfinished(_)) => ValidationResult::Incomplete,
            _ => ValidationResult::Valid(None),
        })
    }
}
