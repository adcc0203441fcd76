//! The standing of a term: breached, pending, undetermined or kept.

use std::fmt;

use super::{
    document::{Contract, ContractTerm, TermRule},
    eval::{Evaluated, EventResult, TermResult},
};

/// The standing of a term or a contract, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It held, whatever may have happened in unknown time
    Kept,
    /// It did not break, but is not known to have held
    Undetermined,
    /// Readings can still come
    Pending,
    /// It did not hold
    Breached,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept => "kept",
            Self::Undetermined => "undetermined",
            Self::Pending => "pending",
            Self::Breached => "breached",
        })
    }
}

/// The standing of each term that demands a condition: those that can have excursions.
pub fn of_conditions<'a>(
    contract: &'a Contract,
    evaluated: &'a Evaluated,
) -> impl Iterator<Item = (&'a ContractTerm, Standing)> + 'a {
    let is_closed = contract.is_closed(evaluated.as_of);
    let terms = contract.terms.iter().zip(&evaluated.terms);
    let conditions = terms.filter(|(term, _)| matches!(term.rule, TermRule::Require { .. }));
    conditions.map(move |(term, result)| (term, standing_of(term, result, is_closed).0))
}

/// What was received in time stays so, and what was not cannot be any more.
fn of_event(result: &EventResult) -> (Standing, &'static str) {
    match (result.is_kept(), result.is_superseded, result.is_over) {
        (true, ..) => (Standing::Kept, "within"),
        // It was not due while the contract spoke.
        (false, true, _) => (Standing::Kept, "superseded"),
        (false, false, true) => (Standing::Breached, "limit"),
        (false, false, false) => (Standing::Pending, "open"),
    }
}

/// A term's standing, and why. Once the contract is closed no reading can come any more that counts, as far as the ledgers
/// go.
pub(super) fn standing_of(
    term: &ContractTerm,
    result: &TermResult,
    is_closed: bool,
) -> (Standing, &'static str) {
    if let TermResult::Event(result) = result {
        return of_event(result);
    }
    let (breached, could) = match (&term.rule, result) {
        (TermRule::Require { .. }, TermResult::Require(tally)) => (tally.breached, tally.could_breach),
        (TermRule::Every { misses: most, .. }, TermResult::Every(misses)) => (misses > most, false),
        (TermRule::Measure { most, .. }, TermResult::Measure(tally)) => {
            (tally.breaches_total > 0, tally.could_breach(*most))
        }
        (
            TermRule::Require { .. }
            | TermRule::Every { .. }
            | TermRule::Measure { .. }
            | TermRule::Event { .. },
            _,
        ) => (false, true),
    };
    match (breached, is_closed, could) {
        (true, ..) => (Standing::Breached, "limit"),
        (false, false, _) => (Standing::Pending, "open"),
        (false, true, true) => (Standing::Undetermined, "unknown-time"),
        (false, true, false) => (Standing::Kept, "within"),
    }
}
