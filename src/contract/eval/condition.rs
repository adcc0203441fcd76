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
mod tests;
