//! Transcripts: documentation that cannot drift.
//!
//! Every block marked `console` in a page is run by `sh`, in a folder of the page, with `foil` first in `PATH`. A line `$ …`
//! is a command (`> …` continues it), what follows is its output, both streams together; a last line `? N` is an exit
//! status other than 0.
//! In outputs `[TIME]`, `[DID]`, `[KEY]`, `[SIGNATURE]`, `[SHORT]`, `[HASH]`, `[VKEY]`, `[BASE64]`, `[AGO]` and `[HERE]` stand for what
//! differs from run to run; `[..]` and `...` for anything.
//! `SNAPSHOTS=overwrite` accepts what the commands print today.

use std::{
    fmt::Write,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use snapbox::{Assert, Data, data::DataFormat};

/// A year that comes in no run but where its clock is made up: such times are the same each time, so they stay.
const MADE_UP: &str = "2035-";

/// Replays a page, and fails where anything is printed that it does not say.
pub fn check(file: &Path) {
    check_in(file, tempfile::tempdir().unwrap().path());
}

/// The same in a folder that was prepared for it.
pub fn check_in(file: &Path, folder: &Path) {
    check_with(file, folder, Path::new("/nowhere"));
}

/// The same with the programs of another folder first in `PATH`.
pub fn check_with(file: &Path, folder: &Path, programs: &Path) {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let actual = replay(&text, folder, programs);
    let expected = Data::read_from(file, Some(DataFormat::Text));
    Assert::new().action_env("SNAPSHOTS").normalize_paths(false).eq(actual, expected);
}

/// Puts placeholders where each run differs.
fn redacted(text: &str, folder: &Path) -> String {
    let mut text = text.replace(&*folder.to_string_lossy(), "[HERE]");
    for (placeholder, pattern) in [
        ("[TIME]", r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ"),
        ("[DID]", r"did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}"),
        ("[KEY]", r"\bz6Mk[1-9A-HJ-NP-Za-km-z]{44}"),
        ("[SIGNATURE]", r"\bz[1-9A-HJ-NP-Za-km-z]{84,88}\b"),
        ("[SHORT]", r"\b[0-9a-f]{4}(?:-[0-9a-f]{4}){4}\b"),
        ("[HASH]", r"\b[0-9a-f]{64}\b"),
        ("[VKEY]", r"\b[0-9a-f]{8}\+[A-Za-z0-9+/]{44}"),
        ("[BASE64]", r"[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{89,91}="),
        ("[AGO]", r"\b\d+m?s ago\b|\b\d+s\d+ms ago\b"),
    ] {
        let put = |found: &regex::Captures<'_>| {
            if found[0].starts_with(MADE_UP) { found[0].to_owned() } else { placeholder.to_owned() }
        };
        text = regex::Regex::new(pattern).unwrap().replace_all(&text, put).into_owned();
    }
    redacted_local_times(&text)
}

/// Local times for people: those of made-up readings, in March 2026, are the same in each run.
fn redacted_local_times(text: &str) -> String {
    let (date, clock) = (r"20\d\d-\d\d-\d\d", r"\d\d:\d\d:\d\d(?:\.\d\d\d)?");
    let pattern = format!(r"{date} {clock}(?: to (?:{date} )?{clock})? [+-]\d\d:\d\d");
    let placeholder = |found: &regex::Captures<'_>| {
        let kept = ["2026-03-", MADE_UP].iter().any(|begin| found[0].starts_with(begin));
        if kept { found[0].to_owned() } else { "[TIME]".to_owned() }
    };
    regex::Regex::new(&pattern).unwrap().replace_all(text, placeholder).into_owned()
}

/// The same text with the output that its commands give now.
fn replay(text: &str, folder: &Path, programs: &Path) -> String {
    let mut replayed = String::new();
    let mut lines = text.lines().peekable();
    let mut in_console = false;
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            in_console = line == "```console";
        }
        if let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) {
            let mut command = command.to_owned();
            writeln!(replayed, "{line}").unwrap();
            while let Some(more) = lines.next_if(|line| line.starts_with("> ") || *line == ">") {
                writeln!(replayed, "{more}").unwrap();
                command.push('\n');
                command.push_str(more.get(2..).unwrap_or_default());
            }
            while lines.next_if(|line| !line.starts_with("$ ") && *line != "```").is_some() {}
            replayed.push_str(&redacted(&output_of(&command, folder, programs), folder));
        } else {
            writeln!(replayed, "{line}").unwrap();
        }
    }
    replayed
}

fn output_of(command: &str, folder: &Path, programs: &Path) -> String {
    let bin = Path::new(env!("CARGO_BIN_EXE_foil")).parent().unwrap();
    let path = format!("{}:{}:{}", programs.display(), bin.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .env("HOME", folder)
        .env("XDG_STATE_HOME", folder.join(".state"))
        .env("XDG_CONFIG_HOME", folder.join(".config"))
        .env("LANG", "C")
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).expect("output is UTF-8");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str("[no line feed]\n");
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => writeln!(text, "? {code}").unwrap(),
        None => writeln!(text, "? signal").unwrap(),
    }
    text
}
