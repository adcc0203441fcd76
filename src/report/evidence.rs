//! Evidence of a fork, for people.

use super::verification::findings;
use crate::{
    escape::escape,
    tlog::evidence::Evidence,
    verify::{KeySource, VerifyReport},
};

/// What is wrong with evidence, and what it proves. `several` says whether there are other targets.
pub fn evidence(target: &str, evidence: &Evidence, report: &VerifyReport, several: bool) -> String {
    let verdict = verdict(evidence, report);
    format!("{}{}: {}\n", findings(target, report, several), escape(target), escape(&verdict))
}

fn verdict(evidence: &Evidence, report: &VerifyReport) -> String {
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
    let given = if report.key == KeySource::Given { " (the one that was given)" } else { "" };
    format!(
        "the fork is proven: the key {key}{given} signed two histories as {}: {} entries with root {}, and {other}",
        older.origin, older.size, older.root
    )
}
