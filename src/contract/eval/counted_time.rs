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

use crate::contract::stretches::joined;

/// Which time counts for a term.
#[derive(Clone, Debug, Default)]
pub(super) struct CountedTime {
    /// The working time, if only that counts: stretches that do not touch, ascending; `None`: all time counts
    worked: Option<Arc<[(i64, i64)]>>,
    /// What is excused, in the same form
    excused: Arc<[(i64, i64)]>,
}

impl CountedTime {
    /// The time in these stretches, or all of it, without those that are excused. The first are ascending and do not touch;
    /// the second come in any order, and may lie over each other.
    pub(super) fn new(worked: Option<Arc<[(i64, i64)]>>, excused: Vec<(i64, i64)>) -> Self {
        Self { worked, excused: joined(excused).into() }
    }

    /// The pieces of a stretch that count, in order.
    pub(super) fn pieces(&self, start: i64, end: i64) -> CountedPieces<'_> {
        CountedPieces { time: self, start, end }
    }

    /// How much of a stretch counts.
    pub(super) fn length(&self, start: i64, end: i64) -> i64 {
        self.pieces(start, end).map(|(start, end)| end - start).sum()
    }

    /// Whether an instant counts.
    pub(super) fn contains(&self, at: i64) -> bool {
        self.pieces(at, at.saturating_add(1)).next().is_some()
    }
}

/// The pieces of a stretch that count.
pub(super) struct CountedPieces<'a> {
    time: &'a CountedTime,
    start: i64,
    end: i64,
}

impl Iterator for CountedPieces<'_> {
    type Item = (i64, i64);

    fn next(&mut self) -> Option<(i64, i64)> {
        while self.start < self.end {
            let (start, end) = match self.time.worked.as_deref() {
                Some(worked) => stretch_behind(worked, self.start)?,
                None => (self.start, self.end),
            };
            let (start, end) = (start.max(self.start), end.min(self.end));
            let excused = stretch_behind(&self.time.excused, start);
            self.start = match excused {
                Some((from, until)) if from <= start => until,
                _ => end,
            };
            let until_excused = excused.map_or(end, |(from, _)| end.min(from));
            if start < until_excused {
                self.start = until_excused;
                return Some((start, until_excused));
            }
        }
        None
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
        assert_eq!(pieces(&of(&[(52, 55), (33, 33), (12, 14), (14, 16), (53, 58)]), 0, 70), [
            (10, 12),
            (16, 20),
            (30, 40),
            (50, 52),
            (58, 60)
        ]);
        assert_eq!(pieces(&of(&[(0, 70)]), 0, 70), []);
        let only_excused = CountedTime::new(None, vec![(10, 20), (0, 5)]);
        assert_eq!(pieces(&only_excused, 0, 30), [(5, 10), (20, 30)]);
        assert_eq!(pieces(&only_excused, 12, 18), []);
        assert_eq!(pieces(&only_excused, 18, 22), [(20, 22)]);
    }
}
