//! `foil verify`: records, or a whole ledger, in; a verdict, and where not, out.

mod ledger;
mod records;
mod say;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap_complete::engine::ArgValueCompleter;

use crate::{
    cli::{Example, failure::Outcome, keys, ledger as place, target, term::Term},
    tlog::vkey::VerifierKey,
    verify::{GivenKey, Report},
};

pub(super) use ledger::ledger;

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "a ledger that was made here", line: "foil verify cold-room" },
    Example {
        does: "somebody else's copy, by the key that they gave out",
        line: "foil verify cold-room --key gateway",
    },
    Example {
        does: "records on their way",
        line: "foil device read sim:cold-room --count 3 | foil sign -k gateway | foil verify --key gateway",
    },
];

/// Verify records or ledgers: sound or not, and where not
///
/// A TARGET is a ledger's folder, the folder or the URL (http://…, https://…) of a published log, a file of
/// records, or - for records on standard input, which is also meant where no target is named. Every fault is reported with its file, line and entry. The answer is yes (0),
/// no (1), could not read (2), or: consistent in itself, but nobody outside vouches for it (3), which is all
/// that can be said of a ledger as long as no key is known. A key that is given, and found to be the log's,
/// is remembered together with what was seen. Nothing is ever written into a ledger.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Ledgers, published logs, URLs and files of records; records on standard input where absent or -
    #[arg(value_name = "TARGET", value_hint = clap::ValueHint::AnyPath)]
    targets: Vec<PathBuf>,

    /// The log's key, or who must have signed the records: a vkey, a DID, a file, or a contact
    #[arg(long, value_name = "KEY", add = ArgValueCompleter::new(keys::complete_public))]
    key: Option<String>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let key = args.key.as_deref().map(given).transpose()?;
    let standard_input = [PathBuf::from("-")];
    let targets = if args.targets.is_empty() { &standard_input[..] } else { &args.targets };
    let mut answer: Option<Outcome> = None;
    for target in targets {
        let shown = PathBuf::from(target::shown(target));
        let outcome = match target_report(target, key.as_ref(), term) {
            Ok(report) => say::report(&shown, &report, targets.len() > 1, term)?,
            // With one target the error is the command's own.
            Err(error) if targets.len() == 1 => return Err(error),
            Err(error) => {
                say::unread(&shown, &error, term)?;
                Outcome::CouldNot
            }
        };
        answer = Some(answer.map_or(outcome, |before| before.worst(outcome)));
    }
    Ok(answer.unwrap_or(Outcome::CouldNot))
}

pub(super) fn given(text: &str) -> anyhow::Result<GivenKey> {
    if text.contains('+') && !Path::new(text).exists() {
        return Ok(GivenKey::Named(VerifierKey::parse(text).with_context(|| format!("--key {text}"))?));
    }
    Ok(GivenKey::Key(keys::who(text)?))
}

fn target_report(target: &Path, key: Option<&GivenKey>, term: &mut Term) -> anyhow::Result<Report> {
    if target.as_os_str() == "-" {
        return records::records(None, key, term);
    }
    let target = place::resolve(target)?;
    refuse_unsupported(&target)?;
    if target::is_log(&target) {
        return ledger(&target, key, term);
    }
    anyhow::ensure!(target.exists(), "{}: no such file or folder", target.display());
    records::records(Some(&target), key, term)
}

/// What a later version will take is named, not misread.
fn refuse_unsupported(target: &Path) -> anyhow::Result<()> {
    let text = target.to_string_lossy();
    let proof = text.ends_with(".tlog-proof");
    anyhow::ensure!(!proof, "{text}: a proof file, which this version of foil cannot verify");
    Ok(())
}
