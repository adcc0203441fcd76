//! One condition through time: its excursions, their sums, and what unknown time could have added.
//!
//! ```text
//! holds  ──┐      ┌ ? ┐     ┌──      milliseconds: 20 + 10 that readings show, and the 15 unknown ones
//!          │  20  │15 │ 10  │                      between them if `gap` is hold
//! broken   └──────┘   └─────┘        proven: 30
//! ```
//!
//! With `clear` an excursion begins where the condition is broken and ends only where `clear` holds; what is known in
//! between counts, and is proven.
//!
//! All sums are exact; only what is compared is rounded down to whole units of the contract's `resolution`.

use super::{
    EntryId, Window,
    allowance::{Allowance, CountedStretch},
    counted_time::CountedTime,
    excursion::{Excursion, ExcursionTally},
    findings::LISTED,
    possible::PossibleExcursion,
};
use crate::{contract::document::GapRule, decimal::Decimal};

/// The state of a condition from an instant on.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConditionState {
    /// Whether it holds; `None`: unknown
    pub(super) holds: Option<bool>,
    /// Whether an excursion ends, where there is one; `None`: unknown
    pub(super) clears: Option<bool>,
    /// The latest entry then
    pub(super) entry: EntryId,
    /// The value of the field that the condition compares, and how far inside it is; `None`: there is no such value
    pub(super) value: Option<(Decimal, Decimal)>,
}

impl ConditionState {
    /// Whether all is well, in an excursion or outside of one; `None`: unknown. Whatever `clear` says, a condition that is
    /// broken is not well.
    pub(super) fn is_well(&self, in_excursion: bool) -> Option<bool> {
        match (self.holds, self.clears) {
            (Some(false), _) => Some(false),
            (_, Some(true)) => Some(true),
            (holds, clears) => {
                if in_excursion {
                    clears
                } else {
                    holds
                }
            }
        }
    }
}

/// Follows one condition through time.
#[derive(Clone, Debug)]
pub(super) struct ConditionFollower {
    /// The time in which it is looked at
    time: CountedTime,
    /// The same with what is excused
    whole: CountedTime,
    allowance: Allowance,
    gap: GapRule,
    /// Whether every excursion that breaches is paid for
    paid: bool,
    since: i64,
    state: Option<ConditionState>,
    /// Whether an excursion lasts, also in time that does not count
    lasts: bool,
    /// What of it counts
    open: Option<Excursion>,
    /// The worst value that stood for no time since the last change; `None`: there was none
    glimpsed: Option<(Decimal, Decimal)>,
    /// What there would be if unknown time was outside
    possible: PossibleExcursion,
    tally: ExcursionTally,
}

impl ConditionFollower {
    pub(super) fn new(time: CountedTime, allowance: Allowance, gap: GapRule, paid: bool) -> Self {
        Self {
            possible: PossibleExcursion::new(allowance.clone()),
            whole: time.without_excuses(),
            time,
            allowance,
            gap,
            paid,
            since: i64::MIN,
            state: None,
            lasts: false,
            open: None,
            glimpsed: None,
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
        let inside = match state.is_well(true) {
            Some(well) => !well,
            None => self.gap != GapRule::Reset,
        };
        if let Some(open) = &mut self.open
            && inside
        {
            open.last_entry = state.entry;
        }
    }

    /// All was well at an instant, from which on nothing is known: the first good value ends an excursion, however long it stands.
    /// What may have been goes on, since the record that is missing may be of the same instant.
    pub(super) fn end_at(&mut self, at: i64, window: Window) {
        self.elapse(at, window);
        if (window.from..window.end).contains(&at) {
            self.end(at);
        }
    }

    /// At the instant of the last change there was another value, too, with its distance inside: it begins and ends
    /// nothing, but can be the worst of an excursion.
    pub(super) fn glimpse(&mut self, at: i64, (value, distance): (Decimal, Decimal), window: Window) {
        if !window.hears(at) || !self.time.contains(at) {
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

    /// Ends at the end of the period, or now if it still runs: what ends an excursion at the time of the verdict ends it.
    pub(super) fn finish(mut self, window: Window, running: bool) -> ExcursionTally {
        self.elapse(window.end, window);
        if running && self.ends_at(window.end) {
            self.close(Some(window.end));
        }
        let lasting = self.open.as_ref().filter(|open| running && open.breached_at.is_none());
        self.tally.left =
            lasting.and_then(|open| self.allowance.left(open.milliseconds, window.end, &self.time));
        self.tally.counted = self.allowance.counted();
        self.tally.total = self.allowance.total();
        self.tally.fullest = self.allowance.fullest();
        self.close((!running).then_some(window.end));
        self.tally.spare = self.allowance.spare(self.tally.longest);
        self.tally.could_breach = self.possible.breaches(self.tally.unknown);
        self.tally
    }

    /// The state since the last change lasted until `at`. A good value ends an excursion also in time that does not count, and
    /// unknown time that resets one ends it also where it is excused: what an excuse joined would last longer than without
    /// it. Nothing else is looked at in such time.
    fn elapse(&mut self, at: i64, window: Window) {
        let (start, end) = (self.since.max(window.from), at.min(window.end));
        self.since = at;
        if start >= end {
            return;
        }
        let state = self.state;
        let is_well = state.and_then(|state| state.is_well(self.lasts));
        match is_well {
            Some(true) => self.end(start),
            Some(false) => self.lasts = true,
            None if self.gap == GapRule::Reset => self.reset(start, end),
            None => {}
        }
        let may_be_outside = self.possible.goes_on(|open| state.and_then(|state| state.is_well(open)));
        let mut from = start;
        while let Some((start, until)) = self.time.first_piece(from, end) {
            if may_be_outside {
                self.possible.count(start, until);
            }
            self.elapse_counted(is_well, start, until);
            from = until;
        }
    }

    /// Whether the state of an instant ends what lasts.
    fn ends_at(&self, at: i64) -> bool {
        match self.state.and_then(|state| state.is_well(true)) {
            Some(well) => well,
            None => self.gap == GapRule::Reset && self.whole.contains(at),
        }
    }

    /// Unknown time ends what lasts.
    fn reset(&mut self, start: i64, end: i64) {
        if let Some((at, _)) = self.whole.first_piece(start, end) {
            self.end(at);
        }
    }

    /// No excursion lasts from an instant on.
    fn end(&mut self, at: i64) {
        self.lasts = false;
        self.close(Some(at));
    }

    /// The state lasted in time that counts.
    fn elapse_counted(&mut self, is_well: Option<bool>, start: i64, end: i64) {
        if let Some((value, distance)) = self.state.and_then(|state| state.value)
            && self.tally.worst.is_none_or(|worst| distance < worst)
        {
            (self.tally.worst, self.tally.worst_value) = (Some(distance), Some((value, start)));
        }
        match is_well {
            Some(true) => {}
            Some(false) => self.outside(start, end),
            None => self.unknown(start, end),
        }
    }

    fn outside(&mut self, start: i64, end: i64) {
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
        match self.gap {
            GapRule::Hold => self.count(start, end),
            // What resets an excursion has ended it already.
            GapRule::Pause | GapRule::Reset => {}
        }
        // What does not clear an excursion may be well where there is none.
        let well = self.state.and_then(|state| state.is_well(self.lasts));
        if well.is_none() {
            self.tally.unknown += end - start;
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
            beyond: 0,
            extreme: glimpsed.map(|(value, _)| value),
            first_entry: entry,
            last_entry: entry,
            distance: glimpsed.map(|(_, distance)| distance),
        });
    }

    /// Counts a stretch of the open excursion; what is tolerated is exceeded at an exact instant.
    fn count(&mut self, start: i64, end: i64) {
        let Some(open) = &mut self.open else { return };
        let spent = self.allowance.count(CountedStretch { start, end, before: open.milliseconds });
        open.breached_at = open.breached_at.or(spent.exceeded_at);
        open.beyond += spent.beyond;
        open.milliseconds += end - start;
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
