//! Which entries break the registry's rules, and so say what is not so.

use crate::{
    audit::{checked_reader::CheckedReader, registry::EntryJudge},
    tlog::entry::Entry,
    verify::FindingKind,
};

/// The rules of a ledger on the way through it, as far as they can be known.
#[derive(Default)]
pub(super) enum BrokenRules {
    /// Nothing was asked yet
    #[default]
    Unasked,
    /// As of the last entry that was asked about
    Known(Box<EntryJudge>),
    /// Only what keeps them is let in, or entries are gone on which they rest
    Unneeded,
    /// Too many entries are before those that are shown
    TooFar,
}

impl BrokenRules {
    /// Which rule an entry breaks, in words for a table; `None`: none that is known. Entries are asked about in their order.
    pub(super) fn broken_by(&mut self, entry: &Entry, checked: &CheckedReader<'_>) -> Option<String> {
        if matches!(self, Self::Unasked) {
            *self = Self::begin(checked);
        }
        let Self::Known(judge) = self else { return None };
        if !judge.reaches(entry.n) {
            *self = Self::TooFar;
            return None;
        }
        if let Ok(refusal) = judge.broken_by(entry, checked) {
            return refusal.map(|why| format!("void, {}: {why}", FindingKind::from(&why).name()));
        }
        *self = Self::Unneeded;
        None
    }

    fn begin(checked: &CheckedReader<'_>) -> Self {
        let is_enrolled =
            checked.declaration().map_or(true, |declared| declared.genesis.writers.are_enrolled());
        let judge = if is_enrolled { None } else { EntryJudge::begin(checked).ok() };
        judge.map_or(Self::Unneeded, |judge| Self::Known(Box::new(judge)))
    }
}
