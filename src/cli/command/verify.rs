//! `foil verify`: records, a whole ledger, a proof or evidence in; a verdict, and where not, out.

mod evidence;
mod ledger;
mod proof;
mod records;
mod say;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap_complete::engine::ArgValueCompleter;

use crate::{
    chain::store,
    cli::{Example, failure::Outcome, keys, ledger as place, target, term::Term},
    json,
    tlog::{
        proof_file::{self, MAX_LENGTH},
        vkey::VerifierKey,
    },
    verify::{GivenKey, Kind, Report},
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
    Example {
        does: "one entry and its proof, without the ledger",
        line: "foil chain prove cold-room 3 -o reading && foil verify reading.tlog-proof --key gateway",
    },
];

/// Verify records, ledgers, proofs or evidence: sound or not, and where not
///
/// A TARGET is a ledger's folder, the folder or the URL (http://…, https://…) of a published log, a file of
/// records, a proof file that chain prove made, evidence of a fork that chain diff made, or - for records on
/// standard input, which is also meant where no target is named. Every fault is reported with its file, line
/// and entry. The answer is yes (0),
/// no (1), could not read (2), or: consistent in itself, but nobody outside vouches for it (3), which is all
/// that can be said of a ledger as long as no key is known. A key that is given, and found to be the log's,
/// is remembered together with what was seen. Nothing is ever written into a ledger.
///
/// Of a proof, the entry is the file beside it that ends in .json; a key must be given, since a proof does not
/// vouch for its own. Evidence needs no key and neither ledger: yes (0) means that the fork is proven, the log's
/// key signed two histories; no (1) means that the file proves nothing.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Ledgers, published logs, URLs and files of records; records on standard input where absent or -
    #[arg(value_name = "TARGET", value_hint = clap::ValueHint::AnyPath)]
    targets: Vec<PathBuf>,

    /// The log's key, or who must have signed the records: a vkey, a DID, a file, or a contact
    #[arg(long, value_name = "KEY", add = ArgValueCompleter::new(keys::complete_public))]
    key: Option<String>,

    /// The entry that a proof is about, where it is not beside it; it may be of another log than a ledger of foil
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    entry: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let key = args.key.as_deref().map(given).transpose()?;
    let standard_input = [PathBuf::from("-")];
    let targets = if args.targets.is_empty() { &standard_input[..] } else { &args.targets };
    let several = targets.len() > 1;
    anyhow::ensure!(!several || args.entry.is_none(), "--entry FILE goes with one proof");
    let mut answer: Option<Outcome> = None;
    for target in targets {
        let outcome = match target_outcome(target, args, key.as_ref(), several, term) {
            Ok(outcome) => outcome,
            // With one target the error is the command's own.
            Err(error) if !several => return Err(error),
            Err(error) => {
                say::unread(&PathBuf::from(target::shown(target)), &error, term)?;
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

fn target_outcome(
    target: &Path,
    args: &Args,
    key: Option<&GivenKey>,
    several: bool,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
    let report = match small_file(target)? {
        Small::Proof(bytes) => proof::proof(target, &bytes, args.entry.as_deref(), key, term)?,
        Small::Evidence(bytes) => return evidence::evidence(target, &bytes, key, several, term),
        Small::Other => {
            anyhow::ensure!(args.entry.is_none(), "{}: no proof that --entry belongs to", target.display());
            target_report(target, key, term)?
        }
    };
    let outcome = say::report(&PathBuf::from(target::shown(target)), &report, several, term)?;
    if let (true, Some(origin), Some(id)) = (report.has(Kind::Forked), &report.origin, &report.id) {
        let seen = place::seen().file(origin, id);
        term.hint(format!(
            "foil chain diff {} {} writes evidence of the fork",
            target.display(),
            seen.display()
        ));
    }
    Ok(outcome)
}

/// A file that is one thing as a whole, by its first bytes.
enum Small {
    Proof(Vec<u8>),
    Evidence(Vec<u8>),
    Other,
}

/// Looks into a plain file that is not too long for a proof or evidence; a pipe is not to be looked into, its
/// bytes would be gone.
fn small_file(target: &Path) -> anyhow::Result<Small> {
    let is_proof = target.extension().is_some_and(|extension| extension == "tlog-proof");
    let named = || target.display().to_string();
    match std::fs::metadata(target) {
        Ok(data) if data.is_file() => {}
        Ok(_) if is_proof => anyhow::bail!("{}: no plain file", named()),
        Err(_) if is_proof => anyhow::bail!("{}: no such file", named()),
        _ => return Ok(Small::Other),
    }
    let bytes = store::read_small(target, MAX_LENGTH).with_context(named)?.unwrap_or_default();
    if is_proof || bytes.starts_with(proof_file::HEADER.as_bytes()) {
        return Ok(Small::Proof(bytes));
    }
    let object = json::parse_object(&bytes).ok().filter(|_| bytes.len() <= MAX_LENGTH);
    let format = object.as_ref().and_then(|object| object.str("format"));
    let is_evidence = format.is_some_and(|format| format.starts_with("foil-evidence/"));
    Ok(if is_evidence { Small::Evidence(bytes) } else { Small::Other })
}

fn target_report(target: &Path, key: Option<&GivenKey>, term: &mut Term) -> anyhow::Result<Report> {
    if target.as_os_str() == "-" {
        return records::records(None, key, term);
    }
    let target = place::resolve(target)?;
    if target::is_log(&target) {
        return ledger(&target, key, term);
    }
    anyhow::ensure!(target.exists(), "{}: no such file or folder", target.display());
    records::records(Some(&target), key, term)
}
