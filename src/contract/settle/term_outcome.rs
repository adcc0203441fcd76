//! How a term came out, for amounts that ask for it.

use crate::{
    contract::{eval::TermResult, standing::Standing},
    decimal::Decimal,
};

/// The standing and the result of a term.
pub(super) struct TermOutcome<'a> {
    pub(super) standing: Standing,
    pub(super) result: &'a TermResult,
    /// Whether nothing that counts can come any more
    pub(super) is_closed: bool,
}

impl TermOutcome<'_> {
    /// Whether it is breached; `None`: that is not decided.
    pub(super) fn breached(&self) -> Option<bool> {
        match self.standing {
            Standing::Breached => Some(true),
            // What the contract before or the amendment pays for is not decided here.
            Standing::Kept if is_of_another(self.result) => None,
            Standing::Kept => Some(false),
            Standing::Pending | Standing::Undetermined => None,
        }
    }

    /// What was counted, of excursions or readings that are missing: as many as are proven.
    pub(super) fn counted(&self) -> Option<Decimal> {
        let count = match self.result {
            TermResult::Require(tally) => tally.breaches_total,
            TermResult::Every(misses) => *misses,
            TermResult::Event(_) | TermResult::Unjudged => return None,
            TermResult::Measure(tally) => tally.breaches_total,
        };
        Decimal::new(count.into(), 0)
    }

    /// Whether there can be more than was counted: later, or in unknown time. A device that falls silent earns nothing that is
    /// paid for few excursions.
    pub(super) fn could_count_more(&self) -> bool {
        let has_unknown_time = match self.result {
            TermResult::Require(tally) => tally.unknown > 0,
            TermResult::Measure(tally) => tally.unknown_total > 0,
            TermResult::Every(_) | TermResult::Event(_) | TermResult::Unjudged => false,
        };
        !self.is_closed || has_unknown_time && self.standing != Standing::Kept
    }
}

/// Whether a term asks for an event that was not due before an amendment spoke, and did not come, or that happened before it is
/// an amendment's.
fn is_of_another(result: &TermResult) -> bool {
    matches!(result, TermResult::Event(event) if event.is_superseded && !event.is_kept() || event.is_earlier)
}
