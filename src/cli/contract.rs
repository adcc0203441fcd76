//! A contract's file on the command line.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use anyhow::Context;

use super::{
    failure::{Hint, hint_if},
    foreign, keys, paste,
};
use crate::{
    contract::{
        document::Contract,
        file::{ContractFile, MAX_FILE, UnknownKeyName},
        problem::{Problem, ProblemPlace, ProblemSeverity},
    },
    toml_file::{TextPosition, position_in},
};

/// A contract's file: what it says, or everything that keeps it from saying something.
pub(crate) struct Opened {
    /// The file, if it is TOML or JSON
    pub(crate) source: Option<ContractFile>,
    /// The contract, if it is one
    pub(crate) contract: Option<Contract>,
    /// What is wrong, with places
    pub(crate) problems: Vec<(Problem, Option<TextPosition>)>,
}

/// Reads a contract's file; `-` is standard input.
pub(crate) fn open(path: &Path) -> anyhow::Result<Opened> {
    refuse_folder(path)?;
    let bytes = read(path).with_context(|| path.display().to_string());
    let bytes = bytes.map_err(|why| hint_if(why, paste::near_path(path)))?;
    let mut source = match ContractFile::parse(&bytes) {
        Ok(source) => source,
        Err((problems, text)) => {
            foreign::refuse(&path.display().to_string(), &bytes, "a contract is TOML, or a JSON object")?;
            let place = |problem: &Problem| match &problem.place {
                ProblemPlace::Bytes(bytes) if !text.is_empty() => Some(position_in(&text, bytes.clone())),
                _ => None,
            };
            let problems = problems.into_iter().map(|problem| (problem.clone(), place(&problem))).collect();
            return Ok(Opened { source: None, contract: None, problems });
        }
    };
    let unknown = source.resolve_keys(keys::of_contact);
    let (contract, mut problems) = match Contract::read(&source.record) {
        Ok(contract) => (Some(contract), Vec::new()),
        Err(problems) => (None, problems),
    };
    for problem in &mut problems {
        name_contacts(problem, &unknown);
    }
    let problems =
        problems.into_iter().map(|problem| (problem.clone(), source.position(&problem.place))).collect();
    Ok(Opened { source: Some(source), contract, problems })
}

/// Of a name that no contact has: which one may be meant, and how it becomes one.
fn name_contacts(problem: &mut Problem, unknown: &[UnknownKeyName]) {
    let about = |unknown: &&UnknownKeyName| unknown.path == problem.place.path();
    if let Some(why) = unknown.iter().find(about).and_then(|unknown| keys::no_contact(&unknown.name)) {
        problem.message = why;
    }
}

/// A folder may be a ledger that was named where the contract belongs.
fn refuse_folder(path: &Path) -> anyhow::Result<()> {
    if !path.is_dir() {
        return Ok(());
    }
    let what = if path.join("checkpoint").is_file() { "a ledger" } else { "a folder" };
    anyhow::bail!("{}: is {what}; a contract is a file, TOML or JSON", path.display())
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than allowed, so that a longer file shows.
    let limit = MAX_FILE as u64 + 1;
    if path.as_os_str() == "-" {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// What the terms of a contract's file are called; nothing where that cannot be read.
pub(crate) fn term_names(path: &Path) -> Vec<String> {
    let source = read(path).ok().and_then(|bytes| ContractFile::parse(&bytes).ok());
    let terms = source.as_ref().and_then(|source| source.record.get("terms")?.as_array());
    let ids = terms.unwrap_or_default().iter().filter_map(|term| term.as_object()?.str("id"));
    ids.map(str::to_owned).collect()
}

/// Reads a contract that must be one.
pub(crate) fn load(path: &Path) -> anyhow::Result<(ContractFile, Contract)> {
    let Opened { source, contract, problems } = open(path)?;
    if let (Some(source), Some(contract)) = (source, contract) {
        return Ok((source, contract));
    }
    let errors = problems.iter().filter(|(problem, _)| problem.severity == ProblemSeverity::Error);
    let sentences: Vec<_> = errors.map(|(problem, spot)| sentence(path, problem, spot.as_ref())).collect();
    let first = sentences.first().map_or("not a contract", String::as_str);
    let more = match sentences.len() {
        0 | 1 => String::new(),
        many => format!(" (and {} more)", many - 1),
    };
    Err(anyhow::anyhow!("{first}{more}")).hint(format!("foil contract lint {}", paste::path(path)))
}

/// `FILE:12:14: what is wrong`, or the member instead of the place where the file is JSON.
pub(crate) fn sentence(path: &Path, problem: &Problem, spot: Option<&TextPosition>) -> String {
    match spot {
        Some(spot) => format!("{}:{}:{}: {}", path.display(), spot.line, spot.column, problem.message),
        None => format!("{}: {problem}", path.display()),
    }
}
