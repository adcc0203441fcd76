//! The time that counts for a term: all of the period, or only what is worked, without what is excused.
//!
//! ```text
//! worked       ├────────────┤      ├──────────┤
//! excused            ├──────────────┤
//! counts       ├─────┤              ├─────────┤
//! ```
//!
//! What does not count is neither good nor bad nor unknown. Instants are milliseconds since 1970; ends are the first that
//! belongs to a stretch no more.

use std::sync::Arc;

use crate::contract::{document::Contract, stretches::joined};

/// Which time counts for a term.
#[derive(Clone, Debug, Default)]
pub(super) struct CountedTime {
    /// The working time, if only that counts: stretches that do not touch, ascending; `None`: all time counts
    worked: Option<Arc<[(i64, i64)]>>,
    /// What is excused, in the same form
    excused: Arc<[(i64, i64)]>,
}

/// A stretch of time that is excused, and the terms that it is taken out of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ExcusedTime {
    /// By place in the contract
    pub(super) terms: Vec<usize>,
    pub(super) start: i64,
    pub(super) end: i64,
}

/// The time that counts for each term of a contract.
pub(super) fn of_terms(contract: &Contract, excused: &[ExcusedTime]) -> Vec<CountedTime> {
    let works = contract.terms.iter().any(|term| term.during_work);
    let worked: Option<Arc<[(i64, i64)]>> = works.then(|| contract.working_time().into());
    let terms = contract.terms.iter().enumerate().map(|(at, term)| {
        let excused = excused.iter().filter(|it| it.terms.contains(&at)).map(|it| (it.start, it.end));
        CountedTime::new(worked.clone().filter(|_| term.during_work), excused.collect())
    });
    terms.collect()
}

impl CountedTime {
    /// The time in these stretches, or all of it, without those that are excused. The first are ascending and do not touch;
    /// the second come in any order, and may lie over each other.
    pub(super) fn new(worked: Option<Arc<[(i64, i64)]>>, excused: Vec<(i64, i64)>) -> Self {
        Self { worked, excused: joined(excused).into() }
    }

    /// The time that would count if nothing was excused: of it shares are, so that an excuse makes none smaller.
    pub(super) fn without_excuses(&self) -> Self {
        Self { worked: self.worked.clone(), excused: Arc::default() }
    }

    /// The first piece of a stretch that counts; `None`: nothing of it does.
    pub(super) fn first_piece(&self, start: i64, end: i64) -> Option<(i64, i64)> {
        let mut from = start;
        while from < end {
            let (start, until) = match self.worked.as_deref() {
                Some(worked) => stretch_behind(worked, from)?,
                None => (from, end),
            };
            let (start, until) = (start.max(from), until.min(end));
            let excused = stretch_behind(&self.excused, start);
            let counted = excused.map_or(until, |(excused, _)| until.min(excused));
            if start < counted {
                return Some((start, counted));
            }
            from = excused.filter(|(excused, _)| *excused <= start).map_or(until, |(_, behind)| behind);
        }
        None
    }

    /// The pieces of a stretch that count, in order.
    pub(super) fn pieces(&self, start: i64, end: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let mut from = start;
        std::iter::from_fn(move || {
            let piece = self.first_piece(from, end)?;
            from = piece.1;
            Some(piece)
        })
    }

    /// How much of a stretch counts.
    pub(super) fn length(&self, start: i64, end: i64) -> i64 {
        self.pieces(start, end).map(|(start, end)| end - start).sum()
    }

    /// The instant at which so much has counted since another one; `None`: so much never does.
    pub(super) fn instant_after(&self, from: i64, length: i64) -> Option<i64> {
        let mut needed = length;
        for (start, end) in self.pieces(from, i64::MAX) {
            let counted = end.saturating_sub(start);
            if needed <= counted {
                return Some(start + needed);
            }
            needed -= counted;
        }
        None
    }

    /// Whether an instant counts.
    pub(super) fn contains(&self, at: i64) -> bool {
        self.first_piece(at, at.saturating_add(1)).is_some()
    }
}

/// The first stretch that ends after an instant.
fn stretch_behind(stretches: &[(i64, i64)], at: i64) -> Option<(i64, i64)> {
    stretches.get(stretches.partition_point(|(_, end)| *end <= at)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(time: &CountedTime, start: i64, end: i64) -> Vec<(i64, i64)> {
        let pieces: Vec<_> = time.pieces(start, end).collect();
        // One instant after the other says the same.
        let counted: Vec<_> = (start..end).filter(|at| time.contains(*at)).collect();
        let within = |at: &i64| pieces.iter().any(|(from, until)| (from..until).contains(&at));
        assert_eq!(counted, (start..end).filter(within).collect::<Vec<_>>());
        assert_eq!(i64::try_from(counted.len()).unwrap(), time.length(start, end));
        pieces
    }

    #[test]
    fn all_time_counts_unless_something_says_otherwise() {
        assert_eq!(pieces(&CountedTime::default(), 3, 9), [(3, 9)]);
        assert_eq!(pieces(&CountedTime::default(), 9, 9), []);
        assert_eq!(pieces(&CountedTime::new(Some(Arc::new([])), Vec::new()), 3, 9), []);
    }

    #[test]
    fn excuses_are_taken_out_of_working_time() {
        let worked: Arc<[(i64, i64)]> = Arc::new([(10, 20), (30, 40), (50, 60)]);
        let of = |excused: &[(i64, i64)]| CountedTime::new(Some(Arc::clone(&worked)), excused.to_vec());
        assert_eq!(pieces(&of(&[]), 0, 70), [(10, 20), (30, 40), (50, 60)]);
        assert_eq!(pieces(&of(&[]), 15, 35), [(15, 20), (30, 35)]);
        assert_eq!(pieces(&of(&[(15, 35)]), 0, 70), [(10, 15), (35, 40), (50, 60)]);
        // over each other, in any order, empty, and touching
        assert_eq!(
            pieces(&of(&[(52, 55), (33, 33), (12, 14), (14, 16), (53, 58)]), 0, 70),
            [(10, 12), (16, 20), (30, 40), (50, 52), (58, 60)]
        );
        assert_eq!(pieces(&of(&[(0, 70)]), 0, 70), []);
        assert_eq!(pieces(&of(&[(15, 35)]).without_excuses(), 0, 70), [(10, 20), (30, 40), (50, 60)]);
        let only_excused = CountedTime::new(None, vec![(10, 20), (0, 5)]);
        assert_eq!(pieces(&only_excused, 0, 30), [(5, 10), (20, 30)]);
        assert_eq!(pieces(&only_excused, 12, 18), []);
        assert_eq!(pieces(&only_excused, 18, 22), [(20, 22)]);
    }
}
