//! What a verifier found, for people.

use std::ops::RangeInclusive;

use super::{
    folded::folded,
    page::{counted, grouped},
};
use crate::{
    escape::escape,
    verify::{FindingKind, KeySource, KnownProofs, VerifyReport, Voucher},
};

/// The findings, what they come to, and who stands for which entries: a line each. `several` says whether there are
/// other targets, from which this one is to be told.
pub fn verification(target: &str, report: &VerifyReport, several: bool) -> String {
    let shown = escape(if target == "-" { "standard input" } else { target });
    let mut text = findings(target, report, several);
    for line in std::iter::once(summary(report)).chain(who_else(report)) {
        text.extend([&shown, ": ", &escape(&line), "\n"]);
    }
    text
}

/// The findings, a line each, but for what repeats.
pub fn findings(target: &str, report: &VerifyReport, several: bool) -> String {
    let findings = report.findings();
    let prefix = match report.kind {
        "ledger" | "published" if several => format!("{target}/"),
        "proof" | "evidence" => format!("{target}: "),
        _ => String::new(),
    };
    let lines = folded(&findings, &prefix, report.findings.counts());
    lines.iter().map(|line| line.clone() + "\n").collect()
}

/// What the findings come to, in a line.
pub(super) fn summary(report: &VerifyReport) -> String {
    let what = if report.kind == "records" { ("record", "records") } else { ("entry", "entries") };
    let checked = counted(report.entries_checked, what.0, what.1);
    let proofs = counted(report.proofs_checked, "proof holds", "proofs hold") + &known_proofs(report);
    if report.kind == "records" && report.has(FindingKind::Malformed) {
        let errors = counted(report.findings.errors(), "error", "errors");
        return format!("not all of it is records: {errors} in {checked}, {proofs}");
    }
    if report.findings.errors_are_all(FindingKind::Incomplete) {
        let size = report.size.map_or(String::new(), |size| format!(" of {}", grouped(size)));
        return format!("not sound, since incomplete: {checked}{size} here, {proofs}");
    }
    if !report.sound() {
        return format!("not sound: {} in {checked}", counted(report.findings.errors(), "error", "errors"));
    }
    if report.kind == "records" && !report.all_checked() {
        return format!(
            "not decided: {checked}, {proofs}, and nothing speaks against them, but not every proof could be checked"
        );
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
fn unsigned(report: &VerifyReport, checked: &str) -> String {
    let word = report.vouched.first().map(|voucher| word_of_the_log(report, voucher));
    let word = word.unwrap_or("nobody outside vouches for them, and no key is known".to_owned());
    let unseen = unseen(report);
    format!("not decided, signatures of records not checked: {checked} under the signed root; {word}{unseen}")
}

fn word_of_the_log(report: &VerifyReport, voucher: &Voucher) -> String {
    let known = match report.key {
        KeySource::Given => "given",
        KeySource::Stub => "it signed the stubs",
        KeySource::Continued => "agreed to by the ledger that it continues",
        KeySource::Contract => "named by the contract",
        KeySource::Trusted => "trusted by you",
        KeySource::Pinned | KeySource::None => "known from before",
    };
    let by_log = report.vouched.iter().filter(|voucher| voucher.by == "log");
    let stood_for = ranges(by_log.map(|voucher| voucher.first..=voucher.last));
    format!("{stood_for} are the word of the log, {} ({known})", voucher.key)
}

/// Runs of entries, in words.
fn ranges(runs: impl Iterator<Item = RangeInclusive<u64>>) -> String {
    let said: Vec<String> = runs.map(|run| format!("{} to {}", run.start(), run.end())).collect();
    format!("entries {}", said.join(" and "))
}

/// Which proofs were evaluated here before, in brackets; nothing if all were evaluated now.
fn known_proofs(report: &VerifyReport) -> String {
    match report.known_proofs {
        Some(KnownProofs { entries, proofs }) => {
            let (proofs, entries) = (grouped(proofs), grouped(entries));
            format!(" ({proofs} of them, of the first {entries} entries, checked here before)")
        }
        None => String::new(),
    }
}

/// What was dropped, as the end of a sentence.
fn unseen(report: &VerifyReport) -> String {
    match &report.unseen[..] {
        [] => String::new(),
        runs => format!("; {} were dropped and not seen", ranges(runs.iter().cloned())),
    }
}

/// Who besides the log stands for which entries.
fn who_else(report: &VerifyReport) -> Vec<String> {
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
