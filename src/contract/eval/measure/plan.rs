//! What is measured: series of buckets, and the measures over each, whoever asks for them.

use super::super::counted_time::CountedTime;
use crate::contract::{
    bucket::Bucket,
    document::{Contract, TermRule},
    expr::DeviceMeasure,
};

/// What a contract measures.
pub(in crate::contract::eval) struct MeasurePlan<'a> {
    pub(super) series: Vec<PlannedSeries<'a>>,
    /// By term: where its measures are; `None`: it has none
    pub(super) terms: Vec<Option<TermMeasures>>,
    /// By payment: where its buckets and the measures of its `when` and its amount are; `None`: it has no buckets
    pub(super) payments: Vec<Option<[MeasuredBy; 2]>>,
}

/// Buckets, and the measures over them, each once.
pub(super) struct PlannedSeries<'a> {
    pub(super) each: &'a Bucket,
    /// For whom only some time counts; `None`: all time counts
    pub(super) counted_for: Option<CountedFor>,
    pub(super) columns: Vec<&'a DeviceMeasure>,
}

/// A term for which not all time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CountedFor {
    /// Its place in the contract
    pub(super) term: usize,
    /// Whether what is excused counts nevertheless
    pub(super) with_excused: bool,
}

/// Where the measures of a term are.
#[derive(Clone, Debug)]
pub(super) struct TermMeasures {
    /// Over the time that counts
    pub(super) by: MeasuredBy,
    /// The same with what is excused; `None`: nothing can be
    pub(super) with_excused: Option<MeasuredBy>,
}

/// Where the measures of an expression are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasuredBy {
    /// Which series
    pub(super) series: usize,
    /// For each measure of the expression its column
    pub(super) columns: Vec<usize>,
}

impl<'a> MeasurePlan<'a> {
    pub(in crate::contract::eval) fn new(contract: &'a Contract) -> Self {
        let mut plan = Self { series: Vec::new(), terms: Vec::new(), payments: Vec::new() };
        for (at, term) in contract.terms.iter().enumerate() {
            let can_be_excused = contract.excuses.iter().any(|excuse| excuse.terms.contains(&at));
            let counted_for = |with_excused| CountedFor { term: at, with_excused };
            let whole = term.during_work.then_some(counted_for(true));
            let measures = match &term.rule {
                TermRule::Measure { condition, each, .. } => {
                    let mut by = |counted_for| plan.measured(each, counted_for, &condition.measures);
                    Some(if can_be_excused {
                        TermMeasures { by: by(Some(counted_for(false))), with_excused: Some(by(whole)) }
                    } else {
                        TermMeasures { by: by(whole), with_excused: None }
                    })
                }
                TermRule::Require { .. } | TermRule::Every { .. } | TermRule::Event { .. } => None,
            };
            plan.terms.push(measures);
        }
        for payment in &contract.payments {
            let when = payment.when.as_ref().map_or(&[][..], |when| &when.measures);
            let amount = &payment.amount.measures[..];
            let is_stretch = payment.each.as_ref().is_some_and(Bucket::is_stretch);
            let asks = is_stretch || !when.is_empty() || !amount.is_empty();
            // What is paid once, or for an event, is measured over the whole period.
            let each = payment.each.as_ref().filter(|each| each.is_stretch()).unwrap_or(&Bucket::Period);
            let by = asks.then(|| [when, amount].map(|asked| plan.measured(each, None, asked)));
            plan.payments.push(by);
        }
        plan
    }

    fn measured(
        &mut self,
        each: &'a Bucket,
        counted_for: Option<CountedFor>,
        measures: &'a [DeviceMeasure],
    ) -> MeasuredBy {
        let is_it = |series: &PlannedSeries| series.each == each && series.counted_for == counted_for;
        let series = self.series.iter().position(is_it).unwrap_or_else(|| {
            self.series.push(PlannedSeries { each, counted_for, columns: Vec::new() });
            self.series.len() - 1
        });
        let known = &mut self.series[series].columns;
        let column = |measure: &'a DeviceMeasure| {
            known.iter().position(|column| *column == measure).unwrap_or_else(|| {
                known.push(measure);
                known.len() - 1
            })
        };
        MeasuredBy { series, columns: measures.iter().map(column).collect() }
    }
}

impl CountedFor {
    /// Which time counts, of that which counts for each term.
    pub(super) fn time(self, times: &[CountedTime]) -> CountedTime {
        let time = &times[self.term];
        if self.with_excused { time.without_excuses() } else { time.clone() }
    }
}

impl PlannedSeries<'_> {
    /// Where the buckets of a period begin and end.
    pub(super) fn borders(&self, contract: &Contract, (from, to): (i64, i64)) -> Vec<i64> {
        self.each.borders(from, to, contract.time.clocks())
    }
}
