//! The range of entries that may be others than the signed ones, where no hash of the tree says which.

use super::likely_entry::likely;
use crate::{
    tlog::checkpoint::Checkpoint,
    verify::{
        finding::{Finding, FindingKind, Findings},
        trust::statement::{OutsideStatement, StatementSource},
    },
};

/// What is known where the entries do not give the checkpoint's root.
pub(in crate::verify) struct RootMismatch<'a> {
    /// The checkpoint
    pub(in crate::verify) stated: &'a Checkpoint,
    /// What others state
    pub(in crate::verify) statements: &'a [OutsideStatement],
    /// How many of the first entries are known to be right
    pub(in crate::verify) believed: u64,
    /// Whether `tree/` is the tree of the entries
    pub(in crate::verify) tree_agrees: bool,
    /// What was found else
    pub(in crate::verify) findings: &'a Findings,
}

impl RootMismatch<'_> {
    /// The finding. A checkpoint that its log has not signed says nothing about the entries. One that it has signed may
    /// still be that of another history: where entries and tree agree with each other, neither side is accused.
    pub(in crate::verify) fn finding(&self) -> Finding {
        let finding = |detail: String| Finding::new(FindingKind::RootMismatch, detail).in_file("checkpoint");
        if self.findings.has(FindingKind::CheckpointSignature) {
            let agree = if self.tree_agrees { " agree with each other, and" } else { "" };
            let (sides, verb) =
                if self.tree_agrees { ("entries and tree/", "give") } else { ("the entries", "give") };
            return finding(format!(
                "{sides}{agree} {verb} another root than the checkpoint states, which is not signed by the log: this says nothing against the entries"
            ));
        }
        let (n, which) = self.range();
        finding(if self.tree_agrees {
            format!("entries and tree/ agree with each other, and not with the signed root: either the checkpoint is that of another history, or the entries are: {which}")
        } else {
            format!("the entries do not give the signed root, and tree/ does not say where: {which}")
        })
        .about(n)
    }

    /// The entries in question, and the first, or the likely one. What others state narrows them down: the entries are
    /// right up to the last statement that they give the root of, and not before the first that they do not.
    fn range(&self) -> (u64, String) {
        let said = || {
            self.statements
                .iter()
                .filter(|said| !matches!(said.by, StatementSource::Claim(_)) && said.size <= self.stated.size)
        };
        let wrong = said().find(|said| said.same() == Some(false)).map(|said| said.size);
        let right =
            said().rfind(|said| said.same() == Some(true) && wrong.is_none_or(|wrong| said.size < wrong));
        let from = right.map_or(0, |said| said.size).max(self.believed);
        let to = wrong.unwrap_or(self.stated.size).saturating_sub(1);
        let which = match (from, to) {
            (from, to) if from > to => "they are those that were known before".to_owned(),
            (from, to) if from == to => format!("entry {from} is another"),
            (from, to) => format!("one or more of the entries {from} to {to} are others"),
        };
        match likely(self.findings.sorted(), from, to).filter(|_| from < to) {
            Some((n, clause)) => (n, format!("{which}; {clause}")),
            None => (from.min(to), which),
        }
    }
}
