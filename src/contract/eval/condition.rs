//! One condition through time: its excursions, their sums, and what unknown time could have added.
//!
//! ```text
//! holds  ──┐      ┌ ? ┐     ┌──      milliseconds: 20 + 10 that readings show, and the 15 unknown ones
//!          │  20  │15 │ 10  │                      between them if `gap` is hold
//! broken   └──────┘   └─────┘        proven: 30
//! ```
//!
//! All sums are exact; only what is compared is rounded down to whole units of the contract's `resolution`.

use super::{
    EntryId, Window,
    allowance::Allowance,
    excursion::{Excursion, ExcursionTally},
    findings::LISTED,
};
use crate::{contract::document::GapRule, decimal::Decimal};

/// The state of a condition from an instant on.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConditionState {
    /// Whether it holds; `None`: unknown
    pub(super) holds: Option<bool>,
    /// The latest entry then
    pub(super) entry: EntryId,
    /// The value of the field that the condition compares, and how far inside it is; `None`: there is no such value
    pub(super) value: Option<(Decimal, Decimal)>,
}

/// Follows one condition through time.
#[derive(Clone, Debug)]
pub(super) struct ConditionFollower {
    allowance: Allowance,
    gap: GapRule,
    /// Whether every excursion that breaches is paid for
    paid: bool,
    since: i64,
    state: Option<ConditionState>,
    open: Option<Excursion>,
    /// The worst value that stood for no time since the last change; `None`: there was none
    glimpsed: Option<(Decimal, Decimal)>,
    /// How many excursions are long enough to be counted
    counted: u64,
    /// If unknown time was outside: the stretch so far, the longest one, and all of them
    possible: PossibleLengths,
    tally: ExcursionTally,
}

/// How long the condition was not known to hold.
#[derive(Clone, Copy, Debug, Default)]
struct PossibleLengths {
    stretch: i64,
    longest: i64,
    total: i64,
}

impl PossibleLengths {
    fn add(&mut self, length: i64) {
        self.stretch += length;
        self.total += length;
        self.longest = self.longest.max(self.stretch);
    }
}

impl ConditionFollower {
    pub(super) fn new(allowance: Allowance, gap: GapRule, paid: bool) -> Self {
        Self {
            allowance,
            gap,
            paid,
            since: i64::MIN,
            state: None,
            open: None,
            glimpsed: None,
            counted: 0,
            possible: PossibleLengths::default(),
            tally: ExcursionTally::default(),
        }
    }

    /// The excursions that breached and ended since this was asked last, if they are paid for.
    pub(super) fn breaches(&mut self) -> impl Iterator<Item = Excursion> {
        self.tally.breaches.drain(..)
    }

    /// From `at` on the state is another one, or the same with other values.
    pub(super) fn change(&mut self, at: i64, state: ConditionState, window: Window) {
        self.elapse(at, window);
        self.state = Some(state);
        self.glimpsed = None;
        let inside = match state.holds {
            Some(holds) => !holds,
            None => self.gap != GapRule::Reset,
        };
        if let Some(open) = &mut self.open
            && inside
        {
            open.last_entry = state.entry;
        }
    }

    /// At the instant of the last change there was another value, too, with its distance inside: it begins and ends
    /// nothing, but can be the worst of an excursion.
    pub(super) fn glimpse(&mut self, at: i64, (value, distance): (Decimal, Decimal), window: Window) {
        if !(window.from..window.end).contains(&at) {
            return;
        }
        if self.tally.worst.is_none_or(|worst| distance < worst) {
            (self.tally.worst, self.tally.worst_value) = (Some(distance), Some((value, at)));
        }
        if let Some(open) = &mut self.open {
            open.meet(value, distance);
        } else if self.glimpsed.is_none_or(|(_, worst)| distance < worst) {
            self.glimpsed = Some((value, distance));
        }
    }

    /// Ends at the end of the period, or now if it still runs.
    pub(super) fn finish(mut self, window: Window, running: bool) -> ExcursionTally {
        self.elapse(window.end, window);
        self.tally.left = self.open.as_ref().filter(|_| running).and_then(|open| self.left(open));
        self.tally.counted = self.counted;
        self.close((!running).then_some(window.end));
        let PossibleLengths { longest, total, .. } = self.possible;
        self.tally.spare = self.allowance.spare(self.tally.longest, self.tally.total);
        self.tally.could_breach = self.allowance.could_be_exceeded(longest, total, self.tally.unknown);
        self.tally
    }

    /// How much longer an excursion must count to breach; `None`: it has, or no length does.
    fn left(&self, open: &Excursion) -> Option<i64> {
        let so_far = open.milliseconds;
        // Once it is long enough, it is one of those that are counted.
        let counted = self.counted + u64::from(!self.allowance.is_counted(so_far));
        let left = self.allowance.left(so_far, self.tally.total, counted);
        left.filter(|_| open.breached_at.is_none())
    }

    /// The state since the last change lasted until `at`.
    fn elapse(&mut self, at: i64, window: Window) {
        let (start, end) = (self.since.max(window.from), at.min(window.end));
        self.since = at;
        if start >= end {
            return;
        }
        if let Some((value, distance)) = self.state.and_then(|state| state.value)
            && self.tally.worst.is_none_or(|worst| distance < worst)
        {
            (self.tally.worst, self.tally.worst_value) = (Some(distance), Some((value, start)));
        }
        match self.state.and_then(|state| state.holds) {
            Some(true) => {
                self.close(Some(start));
                self.possible.stretch = 0;
            }
            Some(false) => self.outside(start, end),
            None => self.unknown(start, end),
        }
    }

    fn outside(&mut self, start: i64, end: i64) {
        self.possible.add(end - start);
        let Some(state) = self.state else { return };
        if self.open.is_none() {
            self.begin(start, state.entry);
        }
        if let Some(open) = &mut self.open {
            open.proven += end - start;
            if let Some((value, distance)) = state.value {
                open.meet(value, distance);
            }
        }
        self.count(start, end);
    }

    fn unknown(&mut self, start: i64, end: i64) {
        self.possible.add(end - start);
        self.tally.unknown += end - start;
        match self.gap {
            GapRule::Hold => self.count(start, end),
            GapRule::Pause => {}
            GapRule::Reset => self.close(Some(start)),
        }
    }

    fn begin(&mut self, start: i64, entry: EntryId) {
        self.tally.excursions_total += 1;
        let glimpsed = self.glimpsed.take();
        self.open = Some(Excursion {
            start,
            end: None,
            breached_at: None,
            milliseconds: 0,
            proven: 0,
            extreme: glimpsed.map(|(value, _)| value),
            first_entry: entry,
            last_entry: entry,
            distance: glimpsed.map(|(_, distance)| distance),
        });
    }

    /// Counts a stretch of the open excursion; what is tolerated is exceeded at an exact instant.
    fn count(&mut self, start: i64, end: i64) {
        let Some(open) = &mut self.open else { return };
        let (before, length) = (open.milliseconds, end - start);
        if self.allowance.is_counted(before + length) && !self.allowance.is_counted(before) {
            self.counted += 1;
        }
        if open.breached_at.is_none() {
            let left = self.allowance.left(before, self.tally.total, self.counted);
            open.breached_at = left.filter(|left| *left <= length).map(|left| start + left);
        }
        open.milliseconds += length;
        self.tally.total += length;
        self.tally.longest = self.tally.longest.max(open.milliseconds);
    }

    fn close(&mut self, end: Option<i64>) {
        let Some(mut excursion) = self.open.take() else { return };
        excursion.end = end;
        if excursion.breached_at.is_some() {
            self.tally.breached = true;
            self.tally.breaches_total += 1;
            self.tally.breaches.extend(self.paid.then(|| excursion.clone()));
        }
        if self.tally.excursions.len() < LISTED {
            self.tally.excursions.push(excursion);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{contract::document::TermLimit, time::Span};

    const WINDOW: Window = Window { from: 100, end: 1_000, near: 100 };

    /// Follows changes `(at, holds)`; `end` is the period's.
    fn tally(limit: TermLimit, gap: GapRule, changes: &[(i64, Option<bool>)]) -> ExcursionTally {
        let allowance = Allowance::new(limit, false, Span::from_millis(1));
        let mut follower = ConditionFollower::new(allowance, gap, false);
        for (n, (at, holds)) in (0..).zip(changes) {
            let state = ConditionState { holds: *holds, entry: EntryId { ledger: 0, n }, value: None };
            follower.change(*at, state, WINDOW);
        }
        follower.finish(WINDOW, false)
    }

    fn millis(millis: i64) -> TermLimit {
        TermLimit::LongerThan(Span::from_millis(millis))
    }

    #[test]
    fn exactly_the_limit_is_kept() {
        let changes = |end| [(100, Some(true)), (200, Some(false)), (end, Some(true))];
        let kept = tally(millis(30), GapRule::Hold, &changes(230));
        assert!(!kept.breached);
        assert_eq!((kept.spare, kept.excursions[0].breached_at), (Some(0), None));
        let breached = tally(millis(30), GapRule::Hold, &changes(231));
        assert!(breached.breached);
        // it is longer than 30 from its 31st millisecond on
        assert_eq!(breached.excursions[0].breached_at, Some(231));
        assert_eq!(breached.excursions[0].end, Some(231));
        assert!(tally(TermLimit::None, GapRule::Hold, &changes(201)).breached);
    }

    #[test]
    fn unknown_time_counts_as_the_contract_says() {
        // bad 200–220, unknown 220–250, bad 250–260, good
        let changes =
            [(100, Some(true)), (200, Some(false)), (220, None), (250, Some(false)), (260, Some(true))];
        let counted = |gap| {
            let tally = tally(TermLimit::None, gap, &changes);
            assert_eq!(tally.unknown, 30);
            let lengths = |it: &Excursion| (it.start, it.end, it.milliseconds, it.proven);
            tally.excursions.iter().map(lengths).collect()
        };
        let of = |gap| -> Vec<_> { counted(gap) };
        assert_eq!(of(GapRule::Hold), [(200, Some(260), 60, 30)]);
        assert_eq!(of(GapRule::Pause), [(200, Some(260), 30, 30)]);
        assert_eq!(of(GapRule::Reset), [(200, Some(220), 20, 20), (250, Some(260), 10, 10)]);
        // sixty milliseconds could have been outside at a time, whatever the gap counts
        let could = |most, gap| tally(millis(most), gap, &changes).could_breach;
        assert!([GapRule::Hold, GapRule::Pause, GapRule::Reset].iter().all(|gap| could(59, *gap)));
        assert!(!could(60, GapRule::Pause) && !could(60, GapRule::Reset));
        // a null that ends an excursion is not in it
        let last = |gap| tally(TermLimit::None, gap, &changes[..3]).excursions[0].last_entry.n;
        assert_eq!([GapRule::Hold, GapRule::Pause, GapRule::Reset].map(last), [2, 2, 1]);
        // paused, it is longer than 25 six into the second bad stretch
        assert_eq!(tally(millis(25), GapRule::Pause, &changes).excursions[0].breached_at, Some(256));
        assert_eq!(tally(millis(25), GapRule::Hold, &changes).excursions[0].breached_at, Some(226));
        assert!(!tally(millis(25), GapRule::Reset, &changes).breached);
    }

    #[test]
    fn totals_and_counts_breach_at_the_excursion_that_exceeds_them() {
        let changes = [
            (100, Some(false)),
            (110, Some(true)),
            (200, Some(false)),
            (210, Some(true)),
            (300, Some(false)),
            (310, Some(true)),
        ];
        let at = |limit| -> Vec<_> {
            tally(limit, GapRule::Hold, &changes)
                .excursions
                .iter()
                .map(|excursion| excursion.breached_at)
                .collect()
        };
        assert_eq!(at(TermLimit::Total(Span::from_millis(15))), [None, Some(206), Some(300)]);
        assert_eq!(at(TermLimit::Total(Span::from_millis(30))), [None, None, None]);
        assert_eq!(at(TermLimit::Count(2)), [None, None, Some(301)]);
        assert_eq!(at(TermLimit::Count(3)), [None, None, None]);
    }

    /// How much longer what still lasts at 1,000 must count to breach, and how many excursions are counted, in units of 10.
    fn left(limit: TermLimit, gap: GapRule, changes: &[(i64, Option<bool>)]) -> (Option<i64>, u64) {
        let allowance = Allowance::new(limit, false, Span::from_millis(10));
        let mut follower = ConditionFollower::new(allowance, gap, false);
        for (at, holds) in changes {
            let state = ConditionState { holds: *holds, entry: EntryId { ledger: 0, n: 0 }, value: None };
            follower.change(*at, state, WINDOW);
        }
        let tally = follower.clone().finish(WINDOW, true);
        assert_eq!(follower.finish(WINDOW, false).left, None, "what is over lasts no longer");
        (tally.left, tally.counted)
    }

    #[test]
    fn what_still_lasts_breaches_when_it_exceeds_what_is_tolerated() {
        // 5, 30 and since 975
        let changes = [
            (100, Some(true)),
            (200, Some(false)),
            (205, Some(true)),
            (300, Some(false)),
            (330, Some(true)),
            (975, Some(false)),
        ];
        let hold = |limit| left(limit, GapRule::Hold, &changes);
        // longer than 40 is 50, of which 25 are over; and 50 in all are 60, of which 60 are over
        assert_eq!(hold(millis(40)), (Some(25), 2));
        assert_eq!(hold(TermLimit::Total(Span::from_millis(60))), (Some(10), 2));
        assert_eq!(hold(TermLimit::Total(Span::from_millis(50))), (None, 2), "it has breached");
        // the five are no excursion that counts; no length makes one more of what counts already
        assert_eq!(hold(TermLimit::Count(2)), (None, 2));
        assert_eq!(left(TermLimit::Count(1), GapRule::Hold, &changes[..5]), (None, 1));
        let short = [&changes[..5], &[(996, Some(false))]].concat();
        assert_eq!(left(TermLimit::Count(1), GapRule::Hold, &short), (Some(6), 1));
        assert_eq!(
            left(TermLimit::None, GapRule::Hold, &[(100, Some(true)), (996, Some(false))]),
            (Some(6), 0)
        );
        // time that is not known lasts, or ends, as the gap says
        let unknown = [&changes[..], &[(985, None)]].concat();
        assert_eq!(left(millis(40), GapRule::Hold, &unknown).0, Some(25));
        assert_eq!(left(millis(40), GapRule::Pause, &unknown).0, Some(40));
        assert_eq!(left(millis(40), GapRule::Reset, &unknown).0, None);
    }

    #[test]
    fn everything_is_clipped_to_the_period() {
        let tally =
            tally(TermLimit::None, GapRule::Hold, &[(0, Some(false)), (150, Some(true)), (990, Some(false))]);
        let stretches: Vec<_> = tally.excursions.iter().map(|e| (e.start, e.end, e.first_entry.n)).collect();
        assert_eq!(stretches, [(100, Some(150), 0), (990, Some(1_000), 2)]);
        assert_eq!(tally.unknown, 0);
        let nothing = self::tally(TermLimit::None, GapRule::Hold, &[]);
        assert_eq!((nothing.unknown, nothing.could_breach), (900, true));
    }
}
