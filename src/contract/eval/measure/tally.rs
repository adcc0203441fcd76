//! A condition over measures, bucket by bucket: which fail, and of which that is not known.

use super::{
    super::findings::LISTED,
    table::{MeasuredRow, MeasuredTable, TermBucket},
    value::MeasuredValue,
};
use crate::{
    contract::expr::{Margin, MeasureCondition},
    decimal::Decimal,
};

/// A bucket over which a condition does not hold. Instants are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedBucket {
    /// When it began
    pub start: i64,
    /// When it was over
    pub end: i64,
    /// Whether it is one more than may fail, so that the term breached with its end
    pub breaches: bool,
    /// What was measured; `None`: the condition compares not one measure with constants
    pub extreme: Option<Decimal>,
}

/// How often a condition over measures held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeasureTally {
    /// The first buckets that failed
    pub failed: Vec<FailedBucket>,
    /// How many failed
    pub failed_total: u64,
    /// How many of them breach: those beyond what may fail
    pub breaches_total: u64,
    /// Of how many it is not known
    pub unknown_total: u64,
    /// How long these are together, in milliseconds
    pub unknown: i64,
    /// How many were judged, or would have been
    pub buckets_total: u64,
    /// How far inside the worst measure was, below zero outside; `None`: none has a distance
    pub worst: Option<Decimal>,
    /// The worst measure itself, the earliest of several, and when its bucket began
    pub worst_value: Option<(Decimal, i64)>,
    /// Whether a number did not fit
    pub overflowed: bool,
}

impl MeasureTally {
    /// Judges each bucket of a term that is over. `most` may fail.
    pub(in crate::contract::eval) fn new(
        condition: &MeasureCondition,
        most: u64,
        table: &MeasuredTable,
        term: usize,
    ) -> Self {
        let (mut tally, margin) = (Self::default(), condition.margin());
        for bucket in table.of_term(term).filter(|bucket| !bucket.row.is_uncounted()) {
            tally.buckets_total += 1;
            let (start, end) = (bucket.start, bucket.end);
            let (row, holds) = bucket.judge(condition, &mut tally.overflowed);
            let measured = margin.as_ref().map(|margin| (margin, row.measured(margin.field)));
            let value = measured.as_ref().and_then(|(margin, measured)| shown(margin, measured));
            match holds {
                Some(true) => {}
                Some(false) => tally.fail(start, end, value, most),
                None => {
                    tally.overflowed |= row.has_overflow();
                    tally.unknown_total += 1;
                    tally.unknown += end - start;
                }
            }
            // A bound says nothing of how near it came, unless it decides.
            let counts =
                holds == Some(false) || measured.as_ref().is_some_and(|(_, it)| it.known().is_some());
            let distance = measured.zip(value).and_then(|((margin, _), value)| margin.of_value(value));
            if let (true, Some(distance), Some(value)) = (counts, distance, value)
                && tally.worst.is_none_or(|worst| distance < worst)
            {
                (tally.worst, tally.worst_value) = (Some(distance), Some((value, start)));
            }
        }
        tally.breaches_total = tally.failed_total.saturating_sub(most);
        tally
    }

    fn fail(&mut self, start: i64, end: i64, extreme: Option<Decimal>, most: u64) {
        self.failed_total += 1;
        if self.failed.len() < LISTED {
            let breaches = self.failed_total > most;
            self.failed.push(FailedBucket { start, end, breaches, extreme });
        }
    }

    /// Whether it would be a breach if all failed of which it is not known.
    pub fn could_breach(&self, most: u64) -> bool {
        self.failed_total + self.unknown_total > most
    }
}

/// What is shown of a measure: of one that lies between two numbers that from which it has farther to go to a breach.
fn shown(margin: &Margin, measured: &MeasuredValue) -> Option<Decimal> {
    let MeasuredValue::Between { least, most } = measured else { return measured.nearest() };
    let is_kinder = margin.of_value(*most) > margin.of_value(*least);
    Some(if is_kinder { *most } else { *least })
}

impl<'a> TermBucket<'a> {
    /// Whether a condition holds, and by which row; `None`: that is not known. Where it holds with what is excused, it holds:
    /// a mean can be worse without it, or a number of readings too small, and an excuse makes no breach.
    fn judge(&self, condition: &MeasureCondition, overflow: &mut bool) -> (MeasuredRow<'a>, Option<bool>) {
        let holds = condition.holds(&self.row, overflow);
        let Some(whole) = self.with_excused.filter(|_| holds != Some(true)) else { return (self.row, holds) };
        match condition.holds(&whole, overflow) {
            Some(true) => (whole, Some(true)),
            Some(false) => (self.row, holds),
            None => (self.row, None),
        }
    }
}
