//! What could follow on a command line: commands, flags, values, files. One engine serves the shells
//! (`COMPLETE=bash foil`) and the prompt; arguments bring completers of their own.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    path::Path,
    process::ExitCode,
    sync::{Mutex, PoisonError},
};

use clap::Command;
use clap_complete::{
    CompleteEnv,
    engine::{CompletionCandidate, complete},
};

use super::{failure::Outcome, ledger, term::Term, tree};

/// How many of a ledger's last entries are asked for devices.
const RECENT: u64 = 2_000;

/// The words of the line that the prompt completes.
static LINE: Mutex<Vec<OsString>> = Mutex::new(Vec::new());

/// Answers a shell that asks by the variable `COMPLETE`; `None` if none does.
pub(super) fn for_shell() -> Option<ExitCode> {
    let folder = std::env::current_dir().ok();
    let asked = CompleteEnv::with_factory(|| tree(None));
    match asked.try_complete(std::env::args_os(), folder.as_deref()) {
        Ok(true) => Some(ExitCode::SUCCESS),
        Ok(false) => None,
        Err(error) => {
            Term::new().error(&anyhow::anyhow!(
                "COMPLETE: {}",
                error.to_string().trim_start_matches("error: ").trim_end()
            ));
            Some(Outcome::CouldNot.into())
        }
    }
}

/// What could stand in the place of `current`, behind these words of a command line without `foil`.
pub(super) fn for_prompt(mut command: Command, words: &[String], current: &str) -> Vec<String> {
    let line = std::iter::once("foil").chain(words.iter().map(String::as_str)).chain([current]);
    let line: Vec<OsString> = line.map(OsString::from).collect();
    line.clone_into(&mut LINE.lock().unwrap_or_else(PoisonError::into_inner));
    let last = line.len() - 1;
    let folder = std::env::current_dir().ok();
    let found = complete(&mut command, line, last, folder.as_deref()).unwrap_or_default();
    let texts = found.iter().filter_map(|candidate| candidate.get_value().to_str().map(str::to_owned));
    let texts: Vec<String> = texts.collect();
    // All flags at once would bury what is usually meant; they come after a dash.
    let (flags, others): (Vec<_>, Vec<_>) = texts.into_iter().partition(|text| text.starts_with('-'));
    if current.is_empty() && !others.is_empty() { others } else { [others, flags].concat() }
}

/// Files and folders, for the arguments of other programs.
pub(super) fn files(current: &str) -> Vec<String> {
    let file = clap::Arg::new("file").value_hint(clap::ValueHint::AnyPath);
    let any = Command::new("foil").disable_help_flag(true).arg(file);
    for_prompt(any, &[], current)
}

/// The devices of the ledger that the line names, as far as its last entries know them.
pub(crate) fn devices() -> Vec<CompletionCandidate> {
    let mut words = LINE.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if words.is_empty() {
        words = std::env::args_os().skip(1).collect();
    }
    let folders = words.iter().filter_map(|word| ledger::resolve(Path::new(word)).ok());
    let names: BTreeSet<String> =
        folders.filter(|path| path.join("checkpoint").is_file()).flat_map(|path| devices_of(&path)).collect();
    names.into_iter().map(CompletionCandidate::new).collect()
}

fn devices_of(path: &Path) -> BTreeSet<String> {
    let Ok(reader) = ledger::read(path) else { return BTreeSet::new() };
    let recent = reader.size().saturating_sub(RECENT)..reader.size();
    let entries = reader.entries(recent).map_while(Result::ok);
    entries.filter_map(|entry| entry.record.str("device").map(str::to_owned)).collect()
}
