//! The verdict in words, or as a line of JSON.

use std::path::Path;

use crate::{
    cli::{
        failure::Outcome,
        term::{Term, escape, escape_name},
    },
    json::Value,
    object,
    verify::{Finding, KeySource, Kind, Report, Voucher},
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
    // A reader of a pipe learns each target's verdict as soon as it is known.
    term.flush()?;
    if outcome == Outcome::Undecided && !report.signatures_checked {
        term.hint("without --no-signatures the records' signatures are checked too");
    } else if outcome == Outcome::Undecided && report.vouched.is_empty() {
        let target = target.display();
        term.hint(format!("ask the operator for the log's key: foil verify {target} --key KEY"));
    } else if report.key == KeySource::Stub && outcome == Outcome::Yes && !quiet && !several {
        term.hint(
            "the stubs vouch in this answer only; if they are your own, add --trust to remember the key",
        );
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
        _ if !report.signatures_checked => Outcome::Undecided,
        "ledger" | "published" if report.vouched.is_empty() || !report.answers_stubs() => Outcome::Undecided,
        _ => Outcome::Yes,
    }
}

fn human(target: &Path, report: &Report, several: bool, term: &mut Term) -> anyhow::Result<()> {
    findings(target, report, several, term)?;
    let target = target.display().to_string();
    let target = if target == "-" { "standard input" } else { &target };
    term.text(&format!("{}: {}\n", escape(target), escape(&verdict(report))))?;
    for line in who_else(report) {
        term.text(&format!("{}: {}\n", escape(target), escape(&line)))?;
    }
    Ok(())
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
        // What a finding tells is plain but for the names that devices gave themselves.
        let shown = Finding { detail: escape_name(&finding.detail), ..(*finding).clone() };
        term.text(&format!("{}\n", escape(&format!("{prefix}{shown}"))))?;
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
    if !report.signatures_checked {
        return unsigned(report, &checked);
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
    let sound = if report.unseen.is_empty() { "sound" } else { "what is here is sound" };
    format!("{sound}: {checked}, {proofs}; {}{}", word_of_the_log(report, voucher), unseen(report))
}

/// What can be said where the records' signatures were not checked.
fn unsigned(report: &Report, checked: &str) -> String {
    let word = report.vouched.first().map(|voucher| word_of_the_log(report, voucher));
    let word = word.unwrap_or("nobody outside vouches for them, and no key is known".to_owned());
    let unseen = unseen(report);
    format!("not decided, signatures of records not checked: {checked} under the signed root; {word}{unseen}")
}

fn word_of_the_log(report: &Report, voucher: &Voucher) -> String {
    let known = match report.key {
        KeySource::Given => "given",
        KeySource::Stub => "it signed the stubs",
        KeySource::Continued => "agreed to by the ledger that it continues",
        KeySource::Contract => "named by the contract",
        KeySource::Trusted => "trusted by you",
        KeySource::Pinned | KeySource::None => "known from before",
    };
    let by_log = report.vouched.iter().filter(|voucher| voucher.by == "log");
    let stood_for = ranges(by_log.map(|voucher| (voucher.first, voucher.last)));
    format!("{stood_for} are the word of the log, {} ({known})", voucher.key)
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

/// Who besides the log stands for which entries.
fn who_else(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(log) = report.vouched.first().filter(|_| report.sound()) else { return lines };
    let seen = report.vouched.iter().find(|voucher| voucher.by == "seen" && voucher.last < log.last);
    lines.extend(seen.map(|seen| format!("entries {} to {} were seen here before", seen.first, seen.last)));
    let Some(stubs) = report.stubs else { return lines };
    let files = report.vouched.iter().filter_map(|voucher| {
        let Voucher { first, last, file, .. } = voucher;
        Some(format!("entries {first} to {last} are those of {}", file.as_ref()?))
    });
    let files: Vec<String> = files.collect();
    let how_many = match (stubs.extended, stubs.given) {
        (1, 1) => "the stub".to_owned(),
        (0, 1) => "no stub".to_owned(),
        (0, given) => format!("none of {given} stubs"),
        (extended, given) if extended == given => format!("all {given} stubs"),
        (extended, given) => format!("{extended} of {given} stubs"),
    };
    let read = if stubs.all_read { "" } else { " that were read" };
    let undecided = if report.answers_stubs() { "" } else { "not decided: " };
    let line = format!("{undecided}extends {how_many}{read}: {}", files.join(", "));
    lines.push(line.trim_end_matches(": ").to_owned());
    lines
}

fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
