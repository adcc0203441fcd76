//! Evidence of a fork, checked without either of the two ledgers.

use super::{
    finding::{Finding, FindingKind},
    report::VerifyReport,
    trust::key_source::{GivenKey, KeySource},
};
use crate::tlog::evidence::Evidence;

/// Whether evidence proves that its key signed two histories: then the report is sound. `key` need not be known;
/// where it is, the evidence has to be about it.
pub fn evidence(evidence: &Evidence, key: Option<&GivenKey>) -> VerifyReport {
    let mut report = VerifyReport::new("evidence");
    report.key = if key.is_some() { KeySource::Given } else { KeySource::None };
    let newer = evidence.newer.checkpoint();
    (report.origin, report.size) = (Some(newer.origin.clone()), Some(newer.size));
    report.root = Some(newer.root);
    if let Err(why) = evidence.holds() {
        report.findings.push(Finding::new(FindingKind::NoFork, why.to_string()));
    }
    let other = match key {
        Some(GivenKey::Key(key)) if key != evidence.log.key() => Some(key.to_string()),
        Some(GivenKey::Named(named)) if *named != evidence.log => Some(named.to_string()),
        _ => None,
    };
    if let Some(other) = other {
        let detail = format!("it is about {}, not about {other}", evidence.log);
        report.findings.push(Finding::new(FindingKind::WrongKey, detail));
    }
    report
}
