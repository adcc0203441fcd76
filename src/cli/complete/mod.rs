//! What could follow on a command line: commands, flags, values, files. One engine serves the shells
//! (`COMPLETE=bash foil`) and the prompt; arguments bring completers of their own.

mod line;
mod names;

use std::{ffi::OsString, process::ExitCode};

use clap::Command;
use clap_complete::{CompleteEnv, engine::complete};

use super::{failure::Outcome, term::Term, tree};

pub(crate) use names::{
    all_devices, devices, enrolled_devices, fields, ledgers, members, parties, terms, types,
};

/// Answers a shell that asks by the variable `COMPLETE`; `None` if none does.
#[allow(clippy::disallowed_methods)] // the environment is read here
pub(super) fn for_shell() -> Option<ExitCode> {
    let folder = std::env::current_dir().ok();
    line::asked_by(std::env::var_os("COMPLETE").unwrap_or_default());
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
    line::set(&line);
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
