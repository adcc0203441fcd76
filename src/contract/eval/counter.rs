//! Counters: by how much one has risen, of which no glitch, spike, exchange or wrap is ever paid.
//!
//! ```text
//! 100  104   0  108  9000  111        the dip and the spike do not count: 4 + 4 + 3
//!  base  +4  ✗   +4    ✗   +3
//! ```
//!
//! The base is the first value that the next one confirms, unless it is in a dip that follows a higher one. A value
//! counts if it is not below the last one that counted, nor further above it than `max_rate` allows; an increase is
//! between two values that count. A decrease that no counting value ends within `hold` is lasting: from there on
//! nothing is known, until an event `counter-reset` begins anew. What goes on from a jump for too long does not count.

pub mod deltas;
mod higher;
mod jump;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use self::higher::{HigherValue, HigherValues};
use super::{EntryId, findings::ContractFindingKind};
use crate::{contract::document::CounterRule, decimal::Decimal};

/// A value of a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CounterValue {
    at: i64,
    entry: EntryId,
    value: Decimal,
}

/// An increase between two values that count. Instants are milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterIncrease {
    /// When the earlier value was measured
    pub start: i64,
    /// When the later one was, to whose bucket the increase belongs
    pub end: i64,
    /// How much it is
    pub amount: Decimal,
}

/// Follows one counter, in the order of time.
#[derive(Clone, Debug)]
pub struct CounterFollower<'a> {
    rule: &'a CounterRule,
    /// How long a decrease can last that is none
    hold: i64,
    /// When the period begins, and ends
    period: (i64, i64),
    /// Since when it is followed: the beginning of the period, or an instant before it
    since: i64,
    /// The last value before it is followed
    before: Option<CounterValue>,
    /// The last value that counted
    last: Option<CounterValue>,
    /// What counts if the next value confirms it: the first value, or the first one behind a wrap
    candidate: Option<CounterValue>,
    /// The values before the base that may have been the counter's, and the base in a dip behind them
    higher: HigherValues,
    /// By how much it rose since the base
    risen: Decimal,
    /// Whether something that was said since the last value that counted is missing or cannot be used
    doubtful: bool,
    /// The lowest value since the last one that counted that is further above that than it may be
    jump: Option<CounterValue>,
    /// Since when values have been below the last one that counted
    decreasing: Option<i64>,
    /// Since when nothing is known
    lost: Option<i64>,
    resets: BTreeSet<i64>,
    coverage: CounterCoverage,
    remarks: Vec<(EntryId, ContractFindingKind)>,
}

/// When it is known how much a counter rose: increases that end then are all there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CounterCoverage {
    /// From each base to the last value that counted after it, ascending
    known: Vec<(i64, i64)>,
    /// From a lasting decrease to the value with which the counter begins anew
    lost: Vec<(i64, i64)>,
    /// From a value to the next one that counted, where something was said in between that is missing or cannot be used, ascending
    doubtful: Vec<(i64, i64)>,
}

impl CounterCoverage {
    /// What was known from an instant on is not.
    fn leave(&mut self, from: i64) {
        self.known.retain(|(first, _)| *first < from);
        self.doubtful.retain(|(first, _)| *first < from);
    }
}

impl<'a> CounterFollower<'a> {
    /// Nothing is known yet. `hold` and the `period` are in milliseconds.
    pub fn new(rule: &'a CounterRule, hold: i64, period: (i64, i64)) -> Self {
        Self {
            rule,
            hold,
            period,
            since: period.0,
            before: None,
            last: None,
            candidate: None,
            higher: HigherValues::default(),
            risen: Decimal::ZERO,
            doubtful: false,
            jump: None,
            decreasing: None,
            lost: None,
            resets: BTreeSet::new(),
            coverage: CounterCoverage::default(),
            remarks: Vec::new(),
        }
    }

    /// An event `counter-reset` of an instant, signed by all whom the rule names: the counter begins anew with the value
    /// after it. It is told before any later value is taken.
    pub fn reset(&mut self, at: i64) {
        self.resets.insert(at);
    }

    /// It is followed since an instant before the period, so that the last value which counted is known when that begins.
    /// It is told before any value is taken.
    pub fn follow_since(&mut self, since: i64) {
        self.since = since.min(self.since);
    }

    /// Something is said, before the next value, that is missing or cannot be used.
    pub fn doubt_between(&mut self) {
        self.doubtful = true;
    }

    /// A value that counts as a reading, the last one of its instant. Answers the increase that it shows.
    pub fn take(&mut self, at: i64, entry: EntryId, value: Decimal) -> Option<CounterIncrease> {
        let next = CounterValue { at, entry, value };
        if at < self.since {
            self.fall(self.before, next);
            self.before = Some(next);
            return None;
        }
        // What is snapped onto the end of the period counts, too: what comes next takes it for its beginning.
        if at > self.period.1.saturating_add(self.rule.snap.millis()) {
            self.look_behind(next);
            return None;
        }
        let (hold, since) = (self.hold, self.since);
        match self.before.take() {
            Some(before) if before.at.saturating_add(hold) > since => {
                // The doubt is about what came after it.
                let doubtful = self.doubtful;
                self.follow(before);
                self.doubtful = doubtful;
            }
            Some(before) => self.fall(Some(before), next),
            None => {}
        }
        self.follow(next)
    }

    /// A value behind the period that goes on from the last one that counted shows that there was no more of it in the period.
    fn look_behind(&mut self, next: CounterValue) {
        let is_known = self.lost.is_none() && self.decreasing.is_none() && !self.doubtful;
        let is_known = is_known && !self.is_reset_before(next.at);
        if let Some(last) = self.last.filter(|last| is_known && self.goes_on(*last, next))
            && let Some(stretch) = self.coverage.known.last_mut().filter(|stretch| stretch.1 == last.at)
        {
            stretch.1 = next.at;
        }
    }

    fn is_reset_before(&self, at: i64) -> bool {
        self.resets.first().is_some_and(|reset| *reset < at)
    }

    /// The values that did not count, or begin anew, since this was asked last.
    pub fn remarks(&mut self) -> impl Iterator<Item = (EntryId, ContractFindingKind)> {
        self.remarks.drain(..)
    }

    /// There are no more values: what may be the first one behind a wrap is not confirmed, nor what was fallen below.
    pub fn end(&mut self) {
        self.refuse_candidate();
        self.drop_higher(i64::MAX);
    }

    /// What was known when, after the [end](Self::end): a decrease that nothing ended is lasting.
    pub fn finish(mut self) -> CounterCoverage {
        if let Some(since) = self.lost.or(self.decreasing) {
            self.coverage.lost.push((since, i64::MAX));
        }
        self.coverage
    }

    /// What concerns neither the period nor the hold before it is not told.
    fn remark(&mut self, value: CounterValue, kind: ContractFindingKind) {
        if value.at.saturating_add(self.hold) > self.period.0 {
            self.remarks.push((value.entry, kind));
        }
    }

    fn follow(&mut self, next: CounterValue) -> Option<CounterIncrease> {
        self.begin_anew(next);
        self.lose(next.at);
        if self.lost.is_some() {
            return self.doubt(next);
        }
        self.drop_higher(next.at);
        if let Some(higher) = self.higher.highest(|higher| self.accepts(higher, next)) {
            return self.leave_dip(higher, next);
        }
        match self.last {
            Some(last) => self.continue_from(last, next),
            None => self.confirm(next),
        }
    }

    /// A reset before a value makes it the first one again.
    fn begin_anew(&mut self, next: CounterValue) {
        let Some(reset) = self.resets.first().copied().filter(|reset| *reset < next.at) else { return };
        self.resets = self.resets.split_off(&next.at);
        let is_first = self.last.is_none() && self.candidate.is_none() && self.lost.is_none();
        if is_first {
            return;
        }
        self.lose(reset);
        if let Some(since) = self.lost.take() {
            self.coverage.lost.push((since, next.at));
        }
        self.refuse_candidate();
        self.drop_higher(i64::MAX);
        (self.last, self.candidate, self.decreasing, self.risen) = (None, None, None, Decimal::ZERO);
        self.jump = None;
        self.remark(next, ContractFindingKind::CounterReset);
    }

    /// What may be the first value behind a wrap is left out: it is below the last one that counted.
    fn refuse_candidate(&mut self) {
        if let Some(first) = self.candidate.filter(|_| self.last.is_some()) {
            self.candidate = None;
            self.remark(first, ContractFindingKind::CounterDecrease);
        }
    }

    /// A decrease that began more than `hold` ago is lasting.
    fn lose(&mut self, now: i64) {
        if let Some(since) = self.decreasing.filter(|since| since.saturating_add(self.hold) < now) {
            self.refuse_candidate();
            (self.lost, self.decreasing, self.last, self.candidate) = (Some(since), None, None, None);
        }
    }

    /// A value behind a lasting decrease.
    fn doubt(&mut self, next: CounterValue) -> Option<CounterIncrease> {
        self.remark(next, ContractFindingKind::CounterDecrease);
        None
    }

    fn continue_from(&mut self, last: CounterValue, next: CounterValue) -> Option<CounterIncrease> {
        if self.goes_on(last, next) {
            self.drop_candidate();
            self.lose(next.at);
            return if self.lost.is_none() { self.count(last, next) } else { self.doubt(next) };
        }
        if let Some(first) = self.candidate.filter(|first| self.accepts(*first, next)) {
            self.remark(first, ContractFindingKind::CounterReset);
            return self.count(first, next);
        }
        if next.value >= last.value {
            self.jump_to(next);
        } else if self.wraps(last, next) {
            self.drop_candidate();
            self.candidate = Some(next);
        } else {
            self.decreasing.get_or_insert(next.at);
            self.remark(next, ContractFindingKind::CounterDecrease);
        }
        None
    }

    /// What looked like the first value behind a wrap was a decrease.
    fn drop_candidate(&mut self) {
        if let Some(first) = self.candidate.take() {
            let since = self.decreasing.map_or(first.at, |since| since.min(first.at));
            self.decreasing = Some(since);
            self.remark(first, ContractFindingKind::CounterDecrease);
        }
    }

    /// The base is the first value that the next one confirms.
    fn confirm(&mut self, next: CounterValue) -> Option<CounterIncrease> {
        if let Some(first) = self.candidate.filter(|first| self.accepts(*first, next)) {
            return self.count(first, next);
        }
        let doubtful = std::mem::take(&mut self.doubtful);
        self.higher.doubt(doubtful);
        let first = self.candidate.replace(next)?;
        if next.value < first.value {
            self.higher.push(HigherValue { value: first, fell: next.at, is_outside: false, doubtful });
        } else {
            self.remark(first, ContractFindingKind::CounterJump);
        }
        None
    }

    fn count(&mut self, first: CounterValue, next: CounterValue) -> Option<CounterIncrease> {
        (self.last, self.candidate, self.decreasing, self.jump) = (Some(next), None, None, None);
        // What was counted before a base is not shown, be it the first one or one behind a reset or a wrap.
        match self.coverage.known.last_mut() {
            Some(stretch) if stretch.1 == first.at => stretch.1 = next.at,
            _ => self.coverage.known.push((first.at, next.at)),
        }
        if std::mem::take(&mut self.doubtful) {
            self.higher.doubt(true);
            self.coverage.doubtful.push((first.at, next.at));
        }
        let amount = next.value.minus(first.value)?;
        // It is asked only whether it rose at all.
        self.risen = self.risen.plus(amount).unwrap_or(amount);
        Some(CounterIncrease { start: first.at, end: next.at, amount })
    }

    /// Whether a counter can rise so from a value to a later one.
    fn accepts(&self, first: CounterValue, next: CounterValue) -> bool {
        let increase = next.value.minus(first.value).filter(|increase| *increase >= Decimal::ZERO);
        increase.is_some_and(|increase| self.allows(increase, first, next))
    }

    /// Whether a lower value is one behind the wrap, as far as the rate allows.
    fn wraps(&self, last: CounterValue, next: CounterValue) -> bool {
        let increase = self.rule.wrap.and_then(|wrap| wrap.plus(next.value)?.minus(last.value));
        let in_range = self.rule.wrap.is_some_and(|wrap| next.value >= Decimal::ZERO && last.value <= wrap);
        in_range && increase.is_some_and(|increase| self.allows(increase, last, next))
    }

    fn allows(&self, increase: Decimal, first: CounterValue, next: CounterValue) -> bool {
        self.rule.max_rate.is_none_or(|rate| rate.allows(increase, next.at - first.at))
    }
}
