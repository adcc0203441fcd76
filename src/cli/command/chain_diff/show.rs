//! A comparison in words, or as a line of JSON.

use std::path::{Path, PathBuf};

use crate::{
    cli::term::{Term, escape},
    json::{Object, Value},
    object,
    verify::{Comparison, Copied, KeySource, Relation},
};

/// How much of an entry people are shown.
const SHOWN: usize = 2_000;

/// Says what two copies are to each other.
pub(super) fn comparison(
    paths: [&PathBuf; 2],
    comparison: &Comparison,
    evidence: Option<&Path>,
    term: &mut Term,
) -> anyhow::Result<()> {
    let names = paths.map(|path| path.display().to_string());
    let is_quiet = term.quiet() && matches!(comparison.relation, Relation::Same | Relation::Prefix(_));
    if is_quiet {
        return Ok(());
    }
    let evidence = evidence.map(|path| path.display().to_string());
    if term.human() {
        human(&names, comparison, evidence.as_deref(), term)
    } else {
        term.data(&object(&names, comparison, evidence))
    }
}

fn object(names: &[String; 2], comparison: &Comparison, evidence: Option<String>) -> Object {
    let [a, b] = [0, 1].map(|side| copy(&names[side], &comparison.copies[side]));
    let shorter = match comparison.relation {
        Relation::Prefix(side) => Some(["a", "b"][side]),
        _ => None,
    };
    object! {
        "verdict": comparison.relation.name(),
        "shorter": shorter,
        "n": comparison.n,
        "key": comparison.key.name(),
        "entries_read": comparison.entries,
        "log": comparison.log.as_ref().map(ToString::to_string),
        "a": a,
        "b": b,
        "evidence": evidence,
    }
}

fn copy(name: &str, copy: &Copied) -> Object {
    let stated = copy.signed.checkpoint();
    let findings = copy.findings.iter().map(|finding| finding.to_object().into());
    object! {
        "target": name,
        "origin": stated.origin.as_str(),
        "size": stated.size,
        "root": stated.root.to_string(),
        "checkpoint": copy.signed.to_string(),
        "entry": copy.line.as_ref().map(|line| String::from_utf8_lossy(line).into_owned()),
        "findings": Value::Array(findings.collect()),
    }
}

fn human(
    names: &[String; 2],
    comparison: &Comparison,
    evidence: Option<&str>,
    term: &mut Term,
) -> anyhow::Result<()> {
    line(&verdict(names, comparison), term)?;
    for (name, copy) in names.iter().zip(&comparison.copies) {
        for finding in &copy.findings {
            line(&format!("{name}/{finding}"), term)?;
        }
    }
    if !matches!(comparison.relation, Relation::Same | Relation::Prefix(_)) {
        for (name, copy) in names.iter().zip(&comparison.copies) {
            shown(name, comparison.n, copy, term)?;
        }
    }
    if let Some(evidence) = evidence {
        line(
            &format!("evidence: {evidence}; foil verify {evidence} proves the fork without the ledgers"),
            term,
        )?;
    }
    Ok(())
}

/// The entry in which a copy parts from the other, and its signed checkpoint.
fn shown(name: &str, n: Option<u64>, copy: &Copied, term: &mut Term) -> anyhow::Result<()> {
    if let Some(n) = n {
        let text = copy.line.as_ref().map(|line| String::from_utf8_lossy(line));
        let text = text.as_deref().unwrap_or("is not there");
        let short: String = text.chars().take(SHOWN).collect();
        let more = if short.len() < text.len() { "…" } else { "" };
        line(&format!("{name}: entry {n}: {short}{more}"), term)?;
    }
    line(&format!("{name}: checkpoint:"), term)?;
    for text in copy.signed.to_string().lines() {
        line(format!("  {text}").trim_end(), term)?;
    }
    Ok(())
}

fn line(text: &str, term: &mut Term) -> anyhow::Result<()> {
    term.text(&(escape(text) + "\n"))
}

fn verdict(names: &[String; 2], comparison: &Comparison) -> String {
    let [a, b] = names;
    let sizes = [0, 1].map(|side| comparison.copies[side].signed.checkpoint().size);
    let outside = match comparison.key {
        KeySource::None => "; both are signed by the key that they name, and nobody outside vouches for it",
        _ => "",
    };
    match comparison.relation {
        Relation::Same => {
            // What was not read is not vouched for.
            let read = if comparison.entries { "" } else { " by their trees" };
            format!("same: {a} and {b} have the same {}{read}{outside}", entries(sizes[0]))
        }
        Relation::Prefix(side) => format!(
            "prefix: {} is a prefix of {} ({} shorter){}{outside}",
            names[side],
            names[1 - side],
            entries(sizes[1 - side] - sizes[side]),
            if comparison.entries { "" } else { " by their trees" }
        ),
        Relation::Fork => format!(
            "fork{}: the log's key {} signed two histories{outside}",
            comparison.n.map(|n| format!(" at entry {n}")).unwrap_or_default(),
            comparison.log.as_ref().map(ToString::to_string).unwrap_or_default()
        ),
        Relation::Damaged => {
            let faulty = names.iter().zip(&comparison.copies).filter(|(_, copy)| is_faulty(copy));
            let faulty: Vec<&str> = faulty.map(|(name, _)| name.as_str()).collect();
            format!("damaged: {} at fault, no fork is shown", faulty.join(" and "))
        }
        Relation::Different if comparison.n == Some(0) => {
            format!(
                "different: {a} and {b} are two ledgers: they have one name and one key, but not the same entry 0"
            )
        }
        Relation::Different => format!("different: {a} and {b} are two ledgers"),
        Relation::Undecided => {
            format!(
                "undecided: the checkpoint of more entries stands alone, so nobody can tell whether {a} and {b} agree"
            )
        }
    }
}

fn is_faulty(copy: &Copied) -> bool {
    copy.findings.iter().any(|finding| finding.severity == crate::verify::Severity::Error)
}

fn entries(count: u64) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}
