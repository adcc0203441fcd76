//! The verdict in words, or as a line of JSON.

use std::path::Path;

use crate::{
    cli::{failure::Outcome, notice, paste, term::Term},
    json::Value,
    object,
    report::verification,
    verify::{KeySource, Soundness, VerifyReport},
};

/// Says what was found of one target, and what that comes to.
pub(super) fn report(
    target: &Path,
    report: &VerifyReport,
    several: bool,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
    let outcome = outcome(report);
    notice::call_members(report, term);
    for finding in report.findings() {
        for line in finding.explanation.as_deref().unwrap_or_default().lines() {
            term.detail(line);
        }
    }
    let quiet = term.quiet() && outcome == Outcome::Yes && report.findings.total() == 0;
    if term.human() && !quiet {
        term.tell(&verification(&target.display().to_string(), report, several))?;
    } else if !quiet {
        let mut object = report.to_object();
        object.insert("target", target.display().to_string());
        term.data(&object)?;
    }
    // A reader of a pipe learns each target's verdict as soon as it is known.
    term.flush()?;
    if outcome == Outcome::Undecided && report.kind == "records" {
        term.hint("a newer foil, or the program that made the other proofs, may be able to check them");
    } else if outcome == Outcome::Undecided && !report.signatures_checked {
        term.hint("without --no-signatures the records' signatures are checked too");
    } else if outcome == Outcome::Undecided && report.vouched.is_empty() {
        ask_for_key(&target.display().to_string(), report, term);
    } else if report.key == KeySource::Stub && outcome == Outcome::Yes && !quiet && !several {
        term.hint(
            "the stubs vouch in this answer only; if they are your own, add --trust to remember the key",
        );
    }
    Ok(outcome)
}

/// Which key to ask about, how, and what it means that it is not known.
fn ask_for_key(target: &str, report: &VerifyReport, term: &mut Term) {
    let target = paste::word(target);
    let Some(log) = report.declared.as_ref().map(|(declared, _)| &declared.log) else {
        return term.hint(format!("ask the operator for the log's key: foil verify {target} --key KEY"));
    };
    notice::unknown_log(log, term);
    term.hint(format!(
        "ask the operator, by another way than this came, for the short form of the log's key (foil key show prints \
         it); if it is the same: foil verify {target} --key {log}"
    ));
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

pub(super) fn outcome(report: &VerifyReport) -> Outcome {
    match report.soundness() {
        Soundness::Sound => Outcome::Yes,
        Soundness::NotSound => Outcome::No,
        Soundness::NotDecided => Outcome::Undecided,
        Soundness::NotReadable => Outcome::CouldNot,
    }
}
