//! `foil show`: what a document says and does, in words.

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
};

use anyhow::Context as _;

use crate::{
    audit::registry::RegistryAt,
    cli::{
        Example, explained,
        failure::{Hint, Outcome},
        foreign,
        io::{self, InputLines, MAX_LINE},
        keys,
        registry::NamesArgs,
        term::Term,
    },
    contract::file::ContractFile,
    explain::{self, Asked, Explanation},
    json, machine,
    time::TimeStyle,
    tlog::proof_file,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "a contract, and who has not signed it yet", line: "foil show contract.json" },
    Example {
        does: "what the last entries of a ledger say",
        line: "foil chain cat cold-room --last 2 | foil show",
    },
    Example { does: "what was handed over", line: "foil chain stub cold-room | foil show" },
    Example {
        does: "an offer, with the names of the ledger that it is for",
        line: "foil registry transfer fleet probe --to carrier -k shipper | foil show --ledger fleet",
    },
    Example { does: "for programs", line: "foil show --json signed.jsonl" },
];

/// What is shown.
const READ: &str = "foil show reads JSON objects, checkpoints, proofs of entries, and contracts";

/// Show in words what a record says and does, who signed it, and whose signature is missing
///
/// Reads records of any kind, one a line, or one document over several lines: a record, a contract (also as
/// TOML), a verdict, an entry, a receipt, a stub, a checkpoint, a proof of an entry, evidence of a fork. Each
/// signature is checked for itself. Whose is missing is said as far as the document alone shows it; who is who in
/// a registry, only the ledger knows: with --ledger ids get names, those who are still to sign are named with their
/// keys, and what the ledger's rules would refuse is said.
///
/// The answer is no (1) if a proof does not hold, or a document is not what it says that it is, and not decided (3) if
/// a proof is of a kind that this version cannot check.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to show; standard input where absent or -
    file: Option<PathBuf>,

    #[command(flatten)]
    names: NamesArgs,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let mut source = BufReader::new(io::source(args.file.as_ref())?);
    let head = first_line(&mut source)?;
    let state = args.names.fold(term)?;
    let now = state.as_ref().map_or_else(machine::wall, |state| state.at);
    let times = if term.json() { TimeStyle::Data } else { TimeStyle::Local(term.zone()) };
    let mut asked = Asked::new(now, state.as_ref().map(RegistryAt::registry)).with_times(times);
    if json::parse_object(&head).is_ok() {
        return lines(InputLines::read(std::io::Cursor::new(head).chain(source)), &mut asked, term);
    }
    foreign::refuse(&shown(args), &head, READ)?;
    let mut whole = head;
    source.take(MAX_LINE as u64 + 1).read_to_end(&mut whole).context("input")?;
    anyhow::ensure!(whole.len() <= MAX_LINE, "longer than {MAX_LINE} bytes, and not one record a line");
    let none = || format!("{}: no record came", shown(args));
    anyhow::ensure!(!whole.trim_ascii().is_empty(), none());
    let told = document(&whole, &shown(args), &mut asked)?;
    tell(&told, term)
}

fn shown(args: &Args) -> String {
    args.file.as_ref().map_or("standard input".to_owned(), |file| file.display().to_string())
}

/// The first line that is not blank, with its line feed, and the blank ones before it.
fn first_line(source: &mut impl BufRead) -> anyhow::Result<Vec<u8>> {
    let mut head = Vec::new();
    while head.trim_ascii().is_empty() && head.len() <= MAX_LINE {
        if source.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', &mut head).context("input")? == 0 {
            break;
        }
    }
    Ok(head)
}

/// One record a line, each shown as soon as it is read.
fn lines(mut lines: InputLines, asked: &mut Asked<'_>, term: &mut Term) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Yes;
    while let Some(line) = lines.next()? {
        let told = explain::object(&io::parse(&line)?, asked);
        outcome = outcome.worst(tell(&told, term)?);
        term.flush()?;
    }
    Ok(outcome)
}

/// One document over several lines.
fn document(bytes: &[u8], name: &str, asked: &mut Asked<'_>) -> anyhow::Result<Explanation> {
    if bytes.starts_with(proof_file::HEADER.as_bytes()) {
        return Ok(explain::proof_file(bytes));
    }
    let not_json = match json::parse_object(bytes) {
        Ok(object) => return Ok(explain::object(&object, asked)),
        Err(error) => error,
    };
    if let Some(told) = explain::note(bytes) {
        return Ok(told);
    }
    match ContractFile::parse(bytes) {
        Ok(mut source) if source.record.get("contract").is_some() => {
            source.resolve_keys(keys::of_contact);
            Ok(explain::record(&source.record, asked))
        }
        _ => {
            foreign::refuse(name, bytes, READ)?;
            Err(anyhow::anyhow!("neither a record nor anything else that is known here: {not_json}"))
                .hint(READ)
        }
    }
}

fn tell(told: &Explanation, term: &mut Term) -> anyhow::Result<Outcome> {
    if term.json() {
        term.data(&told.to_object())?;
    } else {
        term.tell(&explained::text(told))?;
    }
    Ok(match told.is_sound() {
        true if told.is_undecided() => Outcome::Undecided,
        true => Outcome::Yes,
        false => Outcome::No,
    })
}
