//! `foil verify`: records, or a whole ledger, in; a verdict, and where not, out.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap_complete::engine::ArgValueCompleter;

use crate::{
    chain::{
        folder::Folder,
        seen::{Seen, Sight},
    },
    cli::{
        Example,
        failure::Outcome,
        io::{BadLine, Lines},
        keys, ledger,
        term::{Term, escape},
    },
    hash::Hash,
    json::Value,
    machine, object,
    tlog::vkey::VerifierKey,
    verify::{self, GivenKey, KeySource, Kind, Options, Records, Remembered, Report, Trust},
};

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
/// A TARGET is a ledger's folder, a file of records, or - for records on standard input, which is also meant
/// where no target is named. Every fault is reported with its file, line and entry. The answer is yes (0),
/// no (1), could not read (2), or: consistent in itself, but nobody outside vouches for it (3), which is all
/// that can be said of a ledger as long as no key is known. A key that is given, and found to be the log's,
/// is remembered together with what was seen. Nothing is ever written into a ledger.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Ledgers and files of records; records on standard input where absent or -
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
        let outcome = match target_report(target, key.as_ref(), term) {
            Ok(report) => say(target, &report, targets.len() > 1, term)?,
            // With one target the error is the command's own.
            Err(error) if targets.len() == 1 => return Err(error),
            Err(error) => {
                say_unread(target, &error, term)?;
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
        return records(None, key, term);
    }
    let target = ledger::resolve(target)?;
    refuse_unsupported(&target)?;
    if target.is_dir() {
        return ledger(&target, key, term);
    }
    anyhow::ensure!(target.exists(), "{}: no such file or folder", target.display());
    records(Some(&target), key, term)
}

/// What a later version will take is named, not misread.
fn refuse_unsupported(target: &Path) -> anyhow::Result<()> {
    let text = target.to_string_lossy();
    let published = || target.join("tile").is_dir() && !target.join("entries").exists();
    let what = if text.starts_with("http://") || text.starts_with("https://") {
        "a URL"
    } else if text.ends_with(".tlog-proof") {
        "a proof file"
    } else if published() {
        "a published log"
    } else {
        return Ok(());
    };
    anyhow::bail!("{text}: {what}, which this version of foil cannot verify")
}

fn records(file: Option<&PathBuf>, key: Option<&GivenKey>, term: &Term) -> anyhow::Result<Report> {
    let key = match key {
        None => None,
        Some(GivenKey::Key(key)) => Some(key),
        Some(GivenKey::Named(named)) => Some(named.key()),
    };
    let name = file.map(|path| path.display().to_string());
    let mut records = Records::new(key, machine::wall(), term.verbose(), name);
    let mut lines = Lines::open(file)?;
    loop {
        match lines.next() {
            Ok(Some(line)) => records.line(line.number, &line.text),
            Ok(None) => break,
            Err(error) => {
                let bad = error.downcast::<BadLine>()?;
                records.unreadable(bad.line(), bad.why());
            }
        }
    }
    let report = records.finish();
    let any = report.entries_checked > 0 || report.findings.total() > 0;
    anyhow::ensure!(any, "{}: no record came, so nothing was verified", shown(file.map(PathBuf::as_path)));
    Ok(report)
}

fn shown(file: Option<&Path>) -> String {
    file.map_or("standard input".to_owned(), |path| path.display().to_string())
}

pub(super) fn ledger(path: &Path, key: Option<&GivenKey>, term: &mut Term) -> anyhow::Result<Report> {
    let named = || path.display().to_string();
    let folder = Folder::new(path);
    ledger::warn_of_keys(path, term);
    let seen = ledger::seen();
    // What was seen is read before the checkpoint: a live writer is no rollback.
    let identity = verify::identity(&folder).with_context(named)?;
    let remembered = identity.as_ref().and_then(|(origin, id)| recall(&seen, origin, id, term));
    let trust = Trust { given: key.cloned(), remembered };
    let options = Options { threads: ledger::threads().try_into()?, explain: term.verbose() };
    let report = verify::ledger(&folder, &trust, &options).with_context(named)?;
    if report.sound() && !report.vouched.is_empty() {
        remember(&seen, &report, term);
    }
    Ok(report)
}

fn recall(seen: &Seen, origin: &str, id: &Hash, term: &mut Term) -> Option<Remembered> {
    for other in seen.namesakes(origin, id) {
        term.warn(format!("{origin}: was seen before as another ledger, {other}; this one is {id}"));
    }
    match seen.recall(origin, id) {
        Ok(sight) => sight.map(|Sight { key, checkpoint }| {
            let stated = checkpoint.checkpoint();
            Remembered { key, size: stated.size, root: stated.root }
        }),
        Err(error) => {
            term.warn(format!("what was seen of this ledger before cannot be read: {error:#}"));
            None
        }
    }
}

fn remember(seen: &Seen, report: &Report, term: &mut Term) {
    let (Some(id), Some((checkpoint, key))) = (report.id, report.checkpoint.clone()) else { return };
    if let Err(error) = seen.remember(&id, &Sight { key, checkpoint }) {
        term.warn(format!("what was seen cannot be remembered: {error:#}"));
    }
}

fn say(target: &Path, report: &Report, several: bool, term: &mut Term) -> anyhow::Result<Outcome> {
    let outcome = outcome(report);
    for finding in report.findings() {
        for line in finding.explanation.as_deref().unwrap_or_default().lines() {
            term.detail(line);
        }
    }
    let quiet = term.quiet() && outcome == Outcome::Yes && report.findings.total() == 0;
    if term.human() && !quiet {
        human(target, report, several, term)?;
    } else if !quiet {
        let mut object = report.to_object();
        object.insert("target", target.display().to_string());
        term.data(&object)?;
    }
    // Somebody who reads along learns each target's verdict as it stands.
    term.flush()?;
    if outcome == Outcome::Undecided {
        let target = target.display();
        term.hint(format!("ask the operator for the log's key: foil verify {target} --key KEY"));
    }
    Ok(outcome)
}

/// A target that could not be read has its line too, so that each of several has one.
fn say_unread(target: &Path, error: &anyhow::Error, term: &mut Term) -> anyhow::Result<()> {
    term.error(error);
    if term.human() {
        return Ok(());
    }
    term.data(&object! {
        "target": target.display().to_string(),
        "sound": false,
        "findings": Value::Array(Vec::new()),
        "findings_total": 0u32,
        "error": format!("{error:#}"),
    })?;
    term.flush()
}

fn outcome(report: &Report) -> Outcome {
    match report.kind {
        "records" if report.has(Kind::Malformed) => Outcome::CouldNot,
        _ if !report.sound() => Outcome::No,
        "ledger" if report.vouched.is_empty() => Outcome::Undecided,
        _ => Outcome::Yes,
    }
}

fn human(target: &Path, report: &Report, several: bool, term: &mut Term) -> anyhow::Result<()> {
    let target = target.display().to_string();
    let findings = report.findings();
    for finding in &findings {
        let prefix = if several && report.kind == "ledger" { format!("{target}/") } else { String::new() };
        term.text(&format!("{}\n", escape(&format!("{prefix}{finding}"))))?;
    }
    let left_out = report.findings.total() - findings.len() as u64;
    if left_out > 0 {
        term.text(&format!("… and {left_out} more findings\n"))?;
    }
    let target = if target == "-" { "standard input" } else { &target };
    term.text(&format!("{}: {}\n", escape(target), verdict(report)))
}

fn verdict(report: &Report) -> String {
    let what = if report.kind == "records" { ("record", "records") } else { ("entry", "entries") };
    let checked = count(report.entries_checked, what.0, what.1);
    let proofs = count(report.proofs_checked, "proof holds", "proofs hold");
    if !report.sound() {
        return format!("not sound: {} in {checked}", count(report.findings.errors(), "error", "errors"));
    }
    if report.kind == "records" {
        return format!("sound: {checked}, {proofs}");
    }
    let Some(voucher) = report.vouched.first() else {
        return format!(
            "consistent in itself, but nobody outside vouches for it: {checked}, {proofs}, and no key is known"
        );
    };
    let known = if report.key == KeySource::Given { "given" } else { "known from before" };
    format!(
        "sound: {checked}, {proofs}; entries {} to {} are the word of the log, {} ({known})",
        voucher.first, voucher.last, voucher.key
    )
}

fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
