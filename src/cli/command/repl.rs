//! `foil repl`: the same commands, interactively or from a script.

use std::{io::IsTerminal, path::PathBuf};

use anyhow::{Context, ensure};

use crate::cli::{
    Example,
    failure::Outcome,
    io::{self, InputLines},
    prompt::{
        PromptSession,
        editor::{self, AfterLine, EditorSettings},
        help::PROMPT_HELP,
        history,
        lines::CommandLines,
        processes::FirstInput,
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
/// A line is a command line without foil. What is more than one command in words and quotes is run by sh, which knows the
/// commands too: pipes, files, variables, patterns, loops. Tab completes commands, flags, files, keys, ports, and the
/// devices, fields, parties and terms of what the line is about;
/// what was typed before is offered as one types. Lines are remembered in `$XDG_STATE_HOME/foil/history`, except
/// those that start with a space. A passphrase is asked once: it is kept in memory until the prompt ends, for commands of
/// foil and no other program. Several lines that are pasted run one by one. From a file, or where standard input is no
/// terminal, there is no prompt. Of several lines the first that fails is the last, and a script ends with its exit status.
/// The status of a pipe is that of its last stage that failed; a command whose reader had enough has not failed.
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
        session.leave();
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
    let mut session = PromptSession::new(if from_us { FirstInput::Nothing } else { FirstInput::Ours });
    let outcome = script(lines, &mut session, term);
    session.leave();
    outcome
}

/// The prompt, until the user leaves.
fn talk(term: &mut Term) -> anyhow::Result<Outcome> {
    let version = env!("CARGO_PKG_VERSION");
    term.say(format!(
        "foil {version}: a line is a command without foil; Tab completes, help helps, Ctrl-D leaves"
    ));
    let mut session = PromptSession::new(FirstInput::Ours);
    let outcome = editor::interact(&mut session, &settings())?;
    session.leave();
    Ok(outcome)
}

/// Lines of a file, until one fails.
fn script(mut lines: InputLines, session: &mut PromptSession, term: &mut Term) -> anyhow::Result<Outcome> {
    let mut read = CommandLines::default();
    let mut first = 0;
    while let Some(line) = lines.next()? {
        if read.len() == 0 {
            first = line.number;
        }
        let number = line.number;
        let text = String::from_utf8(line.text).map_err(|_| anyhow::anyhow!("line {number}: not UTF-8"))?;
        let command = read.push(&text);
        ensure!(read.len() <= io::MAX_LINE, "line {first}: it is too long, or does not end");
        if let Some(command) = command
            && let Some(outcome) = step(&command, first, session, term)?
        {
            return Ok(outcome);
        }
    }
    let unfinished = read.rest().map(|command| step(&command, first, session, term));
    Ok(unfinished.transpose()?.flatten().unwrap_or(Outcome::Yes))
}

/// Runs a command of a script, from this line on. `Some`: it is the last, and the script ends so.
fn step(
    command: &str,
    line: u64,
    session: &mut PromptSession,
    term: &mut Term,
) -> anyhow::Result<Option<Outcome>> {
    let next = session.run_command(command).with_context(|| format!("line {line}"))?;
    if next == AfterLine::Leave {
        return Ok(Some(session.outcome));
    }
    if session.outcome == Outcome::Yes {
        return Ok(None);
    }
    let code = session.outcome.code();
    term.say(format!("line {line} ended with status {code}, the rest is not run"));
    Ok(Some(session.outcome))
}

/// Where lines are remembered, and whether there are colours.
#[allow(clippy::disallowed_methods)] // the environment is read here
fn settings() -> EditorSettings {
    EditorSettings {
        history: history::path(),
        hints: std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}
