//! What must come by when: nothing that arrives at `to + late_after` or later counts.

use super::{ContractTerm, TermRule, TimeRules, table::DocumentTable};
use crate::time::Time;

/// A ledger must not count as ended while late readings can still arrive, and no event can be due when none counts any more:
/// one that came in time would be a breach.
pub(super) fn check(root: &DocumentTable, time: &TimeRules, terms: &[ContractTerm], to: Time) {
    let closed = to.saturating_add(time.late_after);
    if time.deadline.is_some_and(|deadline| deadline < closed) {
        let message =
            format!("late readings count until {closed} (to + late_after): a deadline is not earlier");
        root.problems.error("time.deadline", message);
    }
    for (at, term) in terms.iter().enumerate() {
        if let TermRule::Event { before: Some(before), .. } = term.rule
            && before > closed
        {
            let message = format!(
                "records that arrive from {closed} on (to + late_after) count for nothing: an event is due by then, or the \
                 period or late_after is longer"
            );
            root.problems.error(format!("terms[{at}].before"), message);
        }
    }
}
