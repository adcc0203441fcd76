//! How a term stands: breached, pending, undetermined or kept.

use std::fmt;

use super::{
    document::{Limit, Rule, Term},
    eval::{Came, Tally},
};

/// How a term or a contract stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It held, whatever may have happened in unknown time
    Kept,
    /// It did not break, but nobody knows that it held
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

/// A term's standing, and why.
pub(super) fn judge(term: &Term, came: &Came, is_final: bool) -> (Standing, &'static str) {
    let (breached, could) = match (&term.rule, came) {
        (Rule::Require { limit, .. }, Came::Require(tally)) => (tally.breached, could_breach(*limit, tally)),
        (Rule::Every { misses: most, .. }, Came::Every(misses)) => (misses > most, false),
        _ => (false, true),
    };
    match (breached, is_final, could) {
        (true, ..) => (Standing::Breached, "limit"),
        (false, false, _) => (Standing::Pending, "open"),
        (false, true, true) => (Standing::Undetermined, "unknown-time"),
        (false, true, false) => (Standing::Kept, "within"),
    }
}

/// Whether it would be a breach if the condition had been broken in all unknown time.
fn could_breach(limit: Limit, tally: &Tally) -> bool {
    match limit {
        Limit::None => tally.possible_longest > 0,
        Limit::LongerThan(most) => tally.possible_longest > most.millis(),
        Limit::Total(most) => tally.possible_total > most.millis(),
        Limit::Count(_) | Limit::Percent(..) => tally.unknown > 0,
    }
}
