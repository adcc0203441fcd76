//! What `sh` is told: functions for the commands of foil before the line, and how it reports back.

use std::{
    ffi::OsString,
    io::Write,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::words;
use crate::cli::{COMMANDS, branch, defaults, passphrases};

/// Words of the prompt that are none of `sh`, as functions. What they print can be piped.
const PROMPT_WORDS: &str = r#"help() { foil repl -c "help $*"; }; history() { foil repl -c "history $*"; }; use() { echo "foil repl: error: use stands alone on its line, and without \$ and *" >&2; return 2; }; "#;

/// A source that failed in front of a `|` is reported: the pipe's own status is that of its reader. Such a source writes to
/// a pipe, and not to that of the line. One whose reader had enough (141) has not failed.
const REPORT_SOURCE: &str = r#"[ ! -p /dev/fd/1 ] || [ ! -e /proc/$$/fd/1 ] || [ /dev/fd/1 -ef /proc/$$/fd/1 ] || [ "$1" = 141 ] || echo "failed $1" >/dev/fd/"#;

/// What is asked of `sh` about a text is as long as this at least, so that it cannot have read all of it before it ends.
const PADDING: usize = 128 << 10;

/// The program that runs, in a form that other processes can start, also when its file has been replaced since.
pub(super) fn program() -> PathBuf {
    let known = std::env::current_exe().ok().filter(|path| path.exists());
    known.unwrap_or_else(|| format!("/proc/{}/exe", std::process::id()).into())
}

/// A command of foil as a process, without a shell.
pub(super) fn foil(words: &[String]) -> Command {
    let mut command = Command::new(program());
    command.arg0("foil").args(words).envs(defaults::for_children()).envs(passphrases::variable());
    command
}

/// One program of a pipe. A command of foil takes the place of the shell that reads its words.
pub(super) fn stage(text: &str, is_ours: bool) -> Command {
    if is_ours {
        return sh(&format!("{}exec {} {text}", place_of_passphrases(), quoted(&program())));
    }
    sh(&format!("foil_failed() {{ return \"$1\"; }}; {}{text}", functions()))
}

/// A whole line. At the end it reports to the descriptor `report` its folder and what goes on in the background, and
/// before that each source of a pipe that failed – unless it may be in `$(…)`, whose failure the line can see.
pub(super) fn line(text: &str, substitutes: bool, report: i32) -> Command {
    let source = if substitutes { String::new() } else { format!("{REPORT_SOURCE}{report}; ") };
    let end =
        format!(r#"{{ printf "job %s\nfolder %s\n" "${{!-}}" "$PWD" >/dev/fd/{report}; }} 2>/dev/null"#);
    sh(&format!("trap '{end}' EXIT; foil_failed() {{ {source}return \"$1\"; }}; {}{text}", functions()))
}

/// `sh` as the shell of the prompt. Its own name in messages is ours. The program's folder is searched last, for what
/// starts `foil` without the shell, as xargs does.
fn sh(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script, "foil repl"]).envs(defaults::for_children());
    if let (Some(mut path), Some(folder)) = (search_path(), program().parent()) {
        path.push(":");
        path.push(folder);
        command.env("PATH", path);
    }
    command
}

#[allow(clippy::disallowed_methods)] // the environment is read here
fn search_path() -> Option<OsString> {
    std::env::var_os("PATH")
}

/// A function for each command, on one line: the numbers of lines in messages stay true.
fn functions() -> String {
    let mut names: Vec<&str> = COMMANDS.iter().map(branch).collect();
    names.dedup();
    let ours = names.iter().map(|name| format!("{name}() {{ foil {name} \"$@\"; }}; "));
    let foil = place_of_passphrases() + &quoted(&program());
    let foil = format!("foil() {{ {foil} \"$@\" || foil_failed $?; }}; ");
    foil + &ours.collect::<String>() + PROMPT_WORDS
}

/// Before a command of foil: other programs have no business with passphrases.
fn place_of_passphrases() -> String {
    passphrases::variable().map_or_else(String::new, |(name, place)| format!("{name}={place} "))
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', "'\\''"))
}

/// Whether a text goes on in the next line: a quote, a loop, a here-document is unfinished.
pub(super) fn goes_on(text: &str) -> bool {
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    words::goes_on(text).unwrap_or_else(|| {
        let (all, valid) = reads(&format!("{text}\n{}", "\n".repeat(PADDING)));
        // A here-document ends with the input, where nobody minds. Here that would be missing for the closing brace.
        let in_document = || text.contains("<<") && !reads(&format!("{{\n:\n{text}\n}}\n")).1;
        backslashes % 2 == 1 || all && (!valid || in_document())
    })
}

/// Whether `sh` reads all of a text before it ends, which it does not if the text is wrong, and whether it takes it. None
/// of it is run.
fn reads(text: &str) -> (bool, bool) {
    let mut command = Command::new("sh");
    command.args(["-n", "-s"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return (true, true) };
    let all = child.stdin.take().is_some_and(|mut input| {
        #[cfg(target_os = "linux")]
        let _ = rustix::pipe::fcntl_setpipe_size(&input, 4096);
        input.write_all(text.as_bytes()).is_ok()
    });
    (all, child.wait().is_ok_and(|status| status.success()))
}
