//! A comparison in words, or as a line of JSON.

use std::path::{Path, PathBuf};

use crate::{
    cli::{
        failure::{Ended, Hint, Outcome},
        paste,
        term::{Term, escape},
    },
    json::{Object, Value},
    object, report,
    verify::{ComparedCopy, ComparedPart, CopyComparison, CopyRelation, Unverified},
};

/// Says what two copies are to each other.
pub(super) fn comparison(
    paths: [&PathBuf; 2],
    comparison: &CopyComparison,
    evidence: Option<&Path>,
    term: &mut Term,
) -> anyhow::Result<()> {
    let names = paths.map(|path| path.display().to_string());
    let is_quiet =
        term.quiet() && matches!(comparison.relation, CopyRelation::Same | CopyRelation::Prefix(_));
    if is_quiet {
        return Ok(());
    }
    let evidence = evidence.map(|path| path.display().to_string());
    if term.human() {
        term.tell(&report::comparison(&names, comparison))?;
        let Some(evidence) = evidence else { return Ok(()) };
        let proves = format!(
            "evidence: {evidence}; foil verify {} proves the fork without the ledgers",
            paste::word(&evidence)
        );
        term.text(&(escape(&proves) + "\n"))
    } else {
        term.data(&object(&names, comparison, evidence))
    }
}

/// A copy without a checkpoint is not the same as one with it.
pub(super) fn without_checkpoint(why: anyhow::Error, term: &mut Term) -> anyhow::Result<Outcome> {
    let Some(unverified) = why.downcast_ref::<Unverified>() else { return Err(why) };
    let hint = unverified
        .log
        .as_ref()
        .map(|log| format!("foil verify {} shows all that is wrong", paste::word(log)));
    if !term.human() {
        let damaged = CopyRelation::Damaged.name();
        term.data(&object! { "verdict": damaged, "error": unverified.to_string() })?;
        term.flush()?;
    }
    let why = Ended::error(Outcome::No, unverified.to_string());
    Err(match hint {
        Some(hint) => why.hint(hint),
        None => why,
    })
}

fn object(names: &[String; 2], comparison: &CopyComparison, evidence: Option<String>) -> Object {
    let [a, b] = [0, 1].map(|side| copy(&names[side], &comparison.copies[side]));
    let shorter = match comparison.relation {
        CopyRelation::Prefix(side) => Some(["a", "b"][side]),
        _ => None,
    };
    object! {
        "verdict": comparison.relation.name(),
        "shorter": shorter,
        "n": comparison.n,
        "key": comparison.key.name(),
        "entries_read": comparison.copies.iter().all(|copy| copy.part != ComparedPart::Tree),
        "log": comparison.log.as_ref().map(ToString::to_string),
        "a": a,
        "b": b,
        "evidence": evidence,
    }
}

fn copy(name: &str, copy: &ComparedCopy) -> Object {
    let stated = copy.signed.checkpoint();
    let findings = copy.findings.iter().map(|finding| finding.to_object().into());
    object! {
        "target": name,
        "read": copy.part.name(),
        "origin": stated.origin.as_str(),
        "size": stated.size,
        "root": stated.root.to_string(),
        "checkpoint": copy.signed.to_string(),
        "entry": copy.line.as_ref().map(|line| String::from_utf8_lossy(line).into_owned()),
        "findings": Value::Array(findings.collect()),
    }
}
