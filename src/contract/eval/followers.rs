//! The terms on one device, as its values change: each has a follower of its own.

use super::{
    EntryId, TermResult, Window,
    allowance::Allowance,
    cadence::Cadence,
    condition::{ConditionFollower, ConditionState},
    counted_time::CountedTime,
    excursion::Excursion,
    fact::FieldValue,
    findings::ContractFindingKind,
    measure::{DeviceColumns, MeasureFollower},
};
use crate::{
    contract::{
        bucket::Bucket,
        document::{Contract, TermRule},
        expr::{Condition, ExpressionValue, LeafValues, Margin, holds_at},
    },
    decimal::Decimal,
    time::Span,
};

/// Follows the terms on one device.
pub(super) struct TermFollowers<'a> {
    conditions: Vec<FollowedCondition<'a>>,
    cadences: Vec<(usize, Cadence)>,
    measures: MeasureFollower<'a>,
}

/// A condition of the contract, and its state through time.
struct FollowedCondition<'a> {
    /// The place of the term in the contract
    term: usize,
    condition: &'a Condition,
    /// What ends an excursion; `None`: that the condition holds
    clear: Option<&'a Condition>,
    margin: Option<Margin>,
    /// The value that was looked at last, and how far inside it is; `None`: there was none
    seen: Option<(Decimal, Decimal)>,
    follower: ConditionFollower,
}

impl<'a> TermFollowers<'a> {
    /// Of a device, by its place in the contract. `times`: which time counts, by term.
    pub(super) fn new(contract: &'a Contract, device: usize, period: Window, times: &[CountedTime]) -> Self {
        let (mut conditions, mut cadences) = (Vec::new(), Vec::new());
        for (term, rule) in contract.terms.iter().map(|term| &term.rule).enumerate() {
            match rule {
                TermRule::Require { device: on, condition, clear, limit, inclusive, gap }
                    if *on == device =>
                {
                    let (time, paid) = (times[term].clone(), contract.is_paid_for(term));
                    let looked_at = (period, &time);
                    let allowance = Allowance::new(*limit, *inclusive, contract.time.resolution, looked_at);
                    let follower = ConditionFollower::new(time, allowance, *gap, paid);
                    let margin = condition.margin();
                    let clear = clear.as_ref();
                    let seen = None;
                    conditions.push(FollowedCondition { term, condition, clear, margin, seen, follower });
                }
                TermRule::Every { device: on, every, grace, .. } if *on == device => {
                    let time = times[term].clone();
                    cadences.push((term, Cadence::new(every.millis(), grace.millis(), time)));
                }
                TermRule::Require { .. }
                | TermRule::Every { .. }
                | TermRule::Measure { .. }
                | TermRule::Event { .. } => {}
            }
        }
        Self { conditions, cadences, measures: MeasureFollower::new(contract, device, times, period) }
    }

    /// A reading that counts and gives a field a known value.
    pub(super) fn reading(&mut self, at: i64, window: Window) {
        for (_, cadence) in &mut self.cadences {
            cadence.reading(at, window);
        }
    }

    /// From `now` on fields have these values, by the latest entry. Answers whether a number did not fit.
    pub(super) fn look(
        &mut self,
        now: i64,
        fields: &impl LeafValues<usize>,
        entry: EntryId,
        window: Window,
    ) -> bool {
        let mut overflow = false;
        for FollowedCondition { condition, clear, margin, seen, follower, .. } in &mut self.conditions {
            let value = margin.as_ref().and_then(|margin| match fields.value(&margin.field)? {
                ExpressionValue::Number(value) => Some((value, margin.of_value(value)?)),
                ExpressionValue::Text(_) | ExpressionValue::Bool(_) => None,
            });
            // The distance says it most often.
            let known = value.and_then(|(_, distance)| holds_at(distance));
            let holds = known.or_else(|| condition.holds(fields, &mut overflow));
            let clears = clear.map_or(holds, |clear| clear.holds(fields, &mut overflow));
            *seen = value;
            follower.change(now, ConditionState { holds, clears, entry, value }, window);
        }
        overflow
    }

    /// At an instant fields had these values, and from it on some are not known: where all was well, what lasted ends.
    pub(super) fn pass(&mut self, at: i64, fields: &impl LeafValues<usize>, entry: EntryId, window: Window) {
        for FollowedCondition { condition, clear, follower, .. } in &mut self.conditions {
            // What does not fit is not known, and found where it stands.
            let holds = condition.holds(fields, &mut false);
            let clears = clear.map_or(holds, |clear| clear.holds(fields, &mut false));
            if (ConditionState { holds, clears, entry, value: None }).is_well(true) == Some(true) {
                follower.end_at(at, window);
            }
        }
    }

    /// Whether readings are to be [heard](Self::hear) one by one.
    pub(super) fn measures(&self) -> bool {
        self.measures.hears()
    }

    /// Whether standing values of a field are to be [counted](Self::count).
    pub(super) fn counts(&self, field: usize) -> bool {
        self.measures.counts(field)
    }

    /// How little behind the end of the period a counter's value still counts; `None`: no counter is measured.
    pub(super) fn snap(&self) -> Option<Span> {
        self.measures.snap()
    }

    /// A counter, by its field's place, begins anew with the value after an instant.
    pub(super) fn reset(&mut self, field: usize, after: i64) {
        self.measures.reset(field, after);
    }

    /// A counter, by its field's place, is followed since an instant before the period.
    pub(super) fn follow_counter(&mut self, field: usize, since: i64) {
        self.measures.follow_counter(field, since);
    }

    /// Something is said of a field, before its next value, that is missing or cannot be used.
    pub(super) fn doubt_between(&mut self, field: usize) {
        self.measures.doubt_between(field);
    }

    /// A value that stands from an instant on. Answers the values of the field that turned out not to count as a counter's.
    pub(super) fn count(
        &mut self,
        at: i64,
        entry: EntryId,
        cell: &FieldValue,
    ) -> Vec<(EntryId, ContractFindingKind)> {
        self.measures.count(at, entry, cell)
    }

    /// There are no more values. Answers the fields and values that turned out not to count as a counter's.
    pub(super) fn end(&mut self) -> Vec<(usize, EntryId, ContractFindingKind)> {
        self.measures.end()
    }

    /// From `now` on fields have these values. `holes`: whether records are missing from then on, or say nothing.
    pub(super) fn measure(&mut self, now: i64, fields: &impl LeafValues<usize>, holes: bool, window: Window) {
        self.measures.change(now, fields, holes, window);
    }

    /// A reading that counts, at the instant of the last change.
    pub(super) fn hear(
        &mut self,
        at: i64,
        cells: &[FieldValue],
        fields: &impl LeafValues<usize>,
        window: Window,
    ) {
        self.measures.hear(at, cells, fields, window);
    }

    /// A field had another value for no time: it can be the worst of an excursion.
    pub(super) fn glimpse(&mut self, at: i64, field: usize, value: Decimal, window: Window) {
        for FollowedCondition { margin, seen, follower, .. } in &mut self.conditions {
            let Some(margin) = margin.as_ref().filter(|margin| margin.field == field) else { continue };
            // Most often it is the value that stands.
            let seen = seen.filter(|(seen, _)| *seen == value).map(|(_, distance)| distance);
            if let Some(distance) = seen.or_else(|| margin.of_value(value)) {
                follower.glimpse(at, (value, distance), window);
            }
        }
    }

    /// The excursions that breached a term that is paid for, and ended since this was asked last.
    pub(super) fn breaches(&mut self) -> impl Iterator<Item = (usize, Excursion)> {
        let conditions = self.conditions.iter_mut();
        conditions.flat_map(|FollowedCondition { term, follower, .. }| {
            follower.breaches().map(|excursion| (*term, excursion))
        })
    }

    /// The results of the terms, by place in the contract, and what was measured.
    pub(super) fn finish(self, window: Window, running: bool) -> (Vec<(usize, TermResult)>, DeviceColumns) {
        let conditions = self.conditions.into_iter().map(|FollowedCondition { term, follower, .. }| {
            (term, TermResult::Require(Box::new(follower.finish(window, running))))
        });
        let cadences = self.cadences.into_iter();
        let cadences = cadences.map(|(term, cadence)| (term, TermResult::Every(cadence.finish(window))));
        (conditions.chain(cadences).collect(), self.measures.finish(window))
    }
}

impl Contract {
    /// Whether something is paid for each excursion of a term.
    fn is_paid_for(&self, term: usize) -> bool {
        self.payments.iter().any(|payment| payment.each == Some(Bucket::Excursion(term)))
    }
}
