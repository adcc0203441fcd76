//! Evidence of a fork: whether it proves one.

use std::path::Path;

use anyhow::Context as _;

use super::say::findings;
use crate::{
    cli::{
        failure::Outcome,
        term::{Term, escape},
    },
    json::Object,
    object,
    tlog::{checkpoint::SignedCheckpoint, evidence::Evidence},
    verify::{self, GivenKey, Report},
};

/// Says whether evidence proves that its key signed two histories.
pub(super) fn evidence(
    target: &Path,
    bytes: &[u8],
    key: Option<&GivenKey>,
    several: bool,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
    let evidence = Evidence::parse(bytes).with_context(|| format!("{}: no evidence", target.display()))?;
    let report = verify::evidence(&evidence, key);
    let outcome = if report.sound() { Outcome::Yes } else { Outcome::No };
    if term.human() && !(term.quiet() && outcome == Outcome::Yes) {
        findings(target, &report, several, term)?;
        let target = escape(&target.display().to_string());
        term.text(&format!("{target}: {}\n", escape(&verdict(&evidence, &report))))?;
    } else if !term.quiet() || outcome == Outcome::No {
        let mut object = report.to_object();
        object.insert("target", target.display().to_string());
        object.insert("proven", report.sound());
        object.insert("log", evidence.log.to_string());
        object.insert("histories", vec![history(&evidence.older), history(&evidence.newer)]);
        term.data(&object)?;
    }
    term.flush()?;
    Ok(outcome)
}

fn history(signed: &SignedCheckpoint) -> Object {
    let stated = signed.checkpoint();
    object! { "size": stated.size, "root": stated.root.to_string() }
}

fn verdict(evidence: &Evidence, report: &Report) -> String {
    if !report.sound() {
        return "proves nothing".to_owned();
    }
    let (older, newer) = (evidence.older.checkpoint(), evidence.newer.checkpoint());
    let other = if older.size == newer.size {
        format!("{} entries with root {}", newer.size, newer.root)
    } else {
        format!(
            "{} entries with root {}, of which the first {} are others",
            newer.size, newer.root, older.size
        )
    };
    let key = evidence.log.key();
    let given = if report.key == verify::KeySource::Given { " (the one that was given)" } else { "" };
    format!(
        "the fork is proven: the key {key}{given} signed two histories as {}: {} entries with root {}, and {other}",
        older.origin, older.size, older.root
    )
}
