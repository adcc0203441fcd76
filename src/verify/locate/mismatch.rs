//! The range of entries of which one must be wrong, where no hash of the tree says which.

use super::likely_entry::likely;
use crate::{
    tlog::checkpoint::Checkpoint,
    verify::{
        finding::{Finding, FindingKind, Findings},
        trust::statement::{OutsideStatement, StatementSource},
    },
};

/// Entries and root differ, and the tree does not say where. `believed` first entries are known to be right. What
/// others state narrows it down further: the entries are right up to the last statement that they give the root
/// of, and wrong before the first that they do not.
pub(in crate::verify) fn mismatch(
    stated: &Checkpoint,
    statements: &[OutsideStatement],
    believed: u64,
    findings: &Findings,
) -> Finding {
    let said = || {
        statements
            .iter()
            .filter(|said| !matches!(said.by, StatementSource::Claim(_)) && said.size <= stated.size)
    };
    let wrong = said().find(|said| said.same() == Some(false)).map(|said| said.size);
    let right = said().rfind(|said| said.same() == Some(true) && wrong.is_none_or(|wrong| said.size < wrong));
    let from = right.map_or(0, |said| said.size).max(believed);
    let to = wrong.unwrap_or(stated.size).saturating_sub(1);
    let which = match (from, to) {
        (from, to) if from > to => "they are those that were known before".to_owned(),
        (from, to) if from == to => format!("entry {from} was changed"),
        (from, to) => format!("one or more of the entries {from} to {to} were changed"),
    };
    let likely = likely(findings.sorted(), from, to).filter(|_| from < to);
    let (n, which) = match likely {
        Some((n, clause)) => (n, format!("{which}; {clause}")),
        None => (from.min(to), which),
    };
    let detail =
        format!("the entries do not give the signed root, and tree/ is too damaged to say where: {which}");
    Finding::new(FindingKind::RootMismatch, detail).in_file("checkpoint").about(n)
}
