//! The verdict in words, or as a line of JSON.

use std::path::Path;

use crate::{
    cli::{
        failure::Outcome,
        term::{Term, escape},
    },
    json::Value,
    object,
    verify::{KeySource, Kind, Report},
};

/// Says what was found of one target, and what that comes to.
pub(super) fn report(
    target: &Path,
    report: &Report,
    several: bool,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
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
pub(super) fn unread(target: &Path, error: &anyhow::Error, term: &mut Term) -> anyhow::Result<()> {
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
        "ledger" | "published" if report.vouched.is_empty() => Outcome::Undecided,
        _ => Outcome::Yes,
    }
}

fn human(target: &Path, report: &Report, several: bool, term: &mut Term) -> anyhow::Result<()> {
    findings(target, report, several, term)?;
    let target = target.display().to_string();
    let target = if target == "-" { "standard input" } else { &target };
    term.text(&format!("{}: {}\n", escape(target), escape(&verdict(report))))
}

/// The findings, a line each.
pub(super) fn findings(target: &Path, report: &Report, several: bool, term: &mut Term) -> anyhow::Result<()> {
    let target = target.display();
    let findings = report.findings();
    for finding in &findings {
        let prefix = match report.kind {
            "ledger" | "published" if several => format!("{target}/"),
            "proof" | "evidence" => format!("{target}: "),
            _ => String::new(),
        };
        term.text(&format!("{}\n", escape(&format!("{prefix}{finding}"))))?;
    }
    let left_out = report.findings.total() - findings.len() as u64;
    if left_out > 0 {
        term.text(&format!("… and {left_out} more findings\n"))?;
    }
    Ok(())
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
            "consistent in itself, but nobody outside vouches for it: {checked}, {proofs}, and no key is known{}",
            unseen(report)
        );
    };
    if report.kind == "proof" {
        return format!(
            "sound: entry {} of {} is the word of the log, {}, at size {}; {proofs}",
            voucher.first,
            report.origin.as_deref().unwrap_or_default(),
            voucher.key,
            report.size.unwrap_or_default()
        );
    }
    let known = if report.key == KeySource::Given { "given" } else { "known from before" };
    let stood_for = ranges(report.vouched.iter().map(|voucher| (voucher.first, voucher.last)));
    let sound = if report.unseen.is_empty() { "sound" } else { "what is here is sound" };
    format!(
        "{sound}: {checked}, {proofs}; {stood_for} are the word of the log, {} ({known}){}",
        voucher.key,
        unseen(report)
    )
}

/// Runs of entries, in words.
fn ranges(runs: impl Iterator<Item = (u64, u64)>) -> String {
    let said: Vec<String> = runs.map(|(first, last)| format!("{first} to {last}")).collect();
    format!("entries {}", said.join(" and "))
}

/// What was dropped, as the end of a sentence.
fn unseen(report: &Report) -> String {
    match &report.unseen[..] {
        [] => String::new(),
        runs => format!("; {} were dropped and not seen", ranges(runs.iter().copied())),
    }
}

fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
