//! `foil repl`: the same commands, interactively or from a script.

use std::{io::IsTerminal, path::PathBuf};

use crate::cli::{
    Example,
    failure::Outcome,
    io::{self, InputLines},
    prompt::{
        self, PROMPT_HELP, PromptSession,
        editor::{self, AfterLine, EditorSettings},
        jobs::FirstInput,
    },
    term::Term,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "one line", line: "foil repl -c 'chain cat cold-room --last 1 | jq .record.type'" },
    Example {
        does: "a script, which stops at the first error",
        line: "printf 'use cold-room gateway\\nchain cat @ > copy.jsonl\\nchain status @\\n' | foil repl",
    },
];

/// Run commands at a prompt
///
/// A line is a command line without foil. Tab completes commands, flags, files, keys, ports and devices; what
/// was typed before is offered as one types. Lines are remembered in `$XDG_STATE_HOME/foil/history`, except
/// those that start with a space. A passphrase is asked once: it is kept in memory until the prompt ends, for its commands
/// and the stages of its pipes that are foil. From a file, or where standard input is no terminal, there is no prompt,
/// and the first line that fails ends the script with its exit status. The status of a pipe is that of its last
/// stage that failed.
#[derive(clap::Args)]
#[command(after_help = PROMPT_HELP)]
pub(crate) struct Args {
    /// A script of lines; standard input where absent
    #[arg(conflicts_with = "line")]
    file: Option<PathBuf>,

    /// Run one line and end with its status
    #[arg(short = 'c', value_name = "LINE", allow_hyphen_values = true)]
    line: Option<String>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    if let Some(line) = &args.line {
        let mut session = PromptSession::new(FirstInput::Ours);
        session.run_text(line)?;
        return Ok(session.outcome);
    }
    let from_us = args.file.as_ref().is_none_or(|file| file.as_os_str() == "-");
    if from_us && std::io::stdin().is_terminal() {
        return talk(term);
    }
    let lines = InputLines::open(args.file.as_ref())?;
    if from_us {
        io::take_stdin();
    }
    script(lines, PromptSession::new(if from_us { FirstInput::Nothing } else { FirstInput::Ours }), term)
}

/// The prompt, until the user leaves.
fn talk(term: &mut Term) -> anyhow::Result<Outcome> {
    let version = env!("CARGO_PKG_VERSION");
    term.say(format!(
        "foil {version}: a line is a command without foil; Tab completes, help helps, Ctrl-D leaves"
    ));
    let mut session = PromptSession::new(FirstInput::Ours);
    editor::interact(&mut session, &settings())?;
    Ok(match session.outcome {
        outcome @ (Outcome::Child(_) | Outcome::Terminated) => outcome,
        _ => Outcome::Yes,
    })
}

/// Lines of a file, until one fails.
fn script(mut lines: InputLines, mut session: PromptSession, term: &mut Term) -> anyhow::Result<Outcome> {
    let mut text = String::new();
    let mut unfinished = None;
    while let Some(line) = lines.next()? {
        let number = line.number;
        let utf8 = String::from_utf8(line.text);
        text.push_str(&utf8.map_err(|_| anyhow::anyhow!("line {number}: not UTF-8"))?);
        let next = match session.run_text(&text) {
            Err(error) if prompt::goes_on(&error) => {
                text.push('\n');
                let error = error.context(format!("line {number}"));
                if text.len() > io::MAX_LINE {
                    return Err(error);
                }
                unfinished = Some(error);
                continue;
            }
            next => next.map_err(|error| error.context(format!("line {number}")))?,
        };
        (text, unfinished) = (String::new(), None);
        if next == AfterLine::Leave {
            return Ok(session.outcome);
        }
        if session.outcome != Outcome::Yes {
            term.say(format!(
                "line {number} ended with status {}, the rest is not run",
                session.outcome.code()
            ));
            return Ok(session.outcome);
        }
    }
    unfinished.map_or(Ok(Outcome::Yes), Err)
}

/// Where lines are remembered, and whether there are colours.
#[allow(clippy::disallowed_methods)] // the environment is read here
fn settings() -> EditorSettings {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path: &PathBuf| path.is_absolute());
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")));
    EditorSettings {
        history: state.map(|state| state.join("foil/history")),
        hints: std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}
