//! All that was measured, bucket by bucket.

use super::{
    plan::{MeasurePlan, MeasuredBy, TermMeasures},
    series::SeriesPlace,
    value::MeasuredValue,
};
use crate::contract::{
    document::Contract,
    expr::{Bounds, ExpressionValue, LeafBounds, LeafValues},
};

/// The columns of one device, with their series and their places in it.
pub(in crate::contract::eval) struct DeviceColumns(pub(super) Vec<(SeriesPlace, Vec<MeasuredValue>)>);

/// All that was measured.
#[derive(Clone, Debug, Default)]
pub struct MeasuredTable {
    series: Vec<MeasuredSeries>,
    terms: Vec<Option<TermMeasures>>,
    payments: Vec<Option<[MeasuredBy; 2]>>,
}

/// What was measured over the same buckets.
#[derive(Clone, Debug, Default)]
struct MeasuredSeries {
    borders: Vec<i64>,
    /// How many buckets are over
    over: usize,
    columns: Vec<Vec<MeasuredValue>>,
}

/// What was measured for one expression over one bucket: its leaves are places in its list of measures.
#[derive(Clone, Copy, Debug)]
pub struct MeasuredRow<'a> {
    series: &'a MeasuredSeries,
    columns: &'a [usize],
    bucket: usize,
}

impl MeasuredTable {
    /// Puts together what was measured of all devices in the period, up to an instant.
    pub(in crate::contract::eval) fn new(
        contract: &Contract,
        devices: Vec<DeviceColumns>,
        period: (i64, i64),
        end: i64,
    ) -> Self {
        let MeasurePlan { series, terms, payments } = MeasurePlan::new(contract);
        let mut series: Vec<_> = series
            .iter()
            .map(|series| {
                let borders = series.borders(contract, period);
                let over = borders.iter().skip(1).filter(|border| **border <= end).count();
                MeasuredSeries { borders, over, columns: vec![Vec::new(); series.columns.len()] }
            })
            .collect();
        for ((of, column), values) in devices.into_iter().flat_map(|device| device.0) {
            series[of].columns[column] = values;
        }
        Self { series, terms, payments }
    }

    /// What was measured for a measure term over each bucket that is over.
    pub fn of_term(&self, term: usize) -> impl Iterator<Item = TermBucket<'_>> {
        let measures = self.terms.get(term).and_then(Option::as_ref);
        measures.into_iter().flat_map(move |TermMeasures { by, with_excused }| {
            let series = &self.series[by.series];
            (0..series.over).map(move |bucket| TermBucket {
                start: series.borders[bucket],
                end: series.borders[bucket + 1],
                row: self.row(by, bucket),
                with_excused: with_excused.as_ref().map(|by| self.row(by, bucket)),
            })
        })
    }

    fn row<'t>(&'t self, by: &'t MeasuredBy, bucket: usize) -> MeasuredRow<'t> {
        MeasuredRow { series: &self.series[by.series], columns: &by.columns, bucket }
    }

    /// What was measured for the `when` and the amount of a payment over each bucket, with the bucket's start and whether it
    /// is over.
    pub fn of_payment(&self, payment: usize) -> impl Iterator<Item = MeasuredBucket<'_>> {
        let by = self.payments.get(payment).and_then(Option::as_ref);
        by.into_iter().flat_map(move |by| {
            let series = &self.series[by[0].series];
            let begun = series.borders.len().saturating_sub(1).min(series.over + 1);
            (0..begun).map(move |bucket| {
                let [when, amount] = [&by[0], &by[1]].map(|by| self.row(by, bucket));
                let start = series.borders[bucket];
                MeasuredBucket { start, is_over: bucket < series.over, when, amount }
            })
        })
    }
}

/// A bucket of a term. Instants are milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct TermBucket<'a> {
    /// When it begins
    pub start: i64,
    /// When it is over
    pub end: i64,
    /// What was measured in the time that counts
    pub row: MeasuredRow<'a>,
    /// The same with what is excused; `None`: nothing can be
    pub with_excused: Option<MeasuredRow<'a>>,
}

/// A bucket of a payment.
#[derive(Clone, Copy, Debug)]
pub struct MeasuredBucket<'a> {
    /// When it begins
    pub start: i64,
    /// Whether it is over: of one that is not, the rest is unknown
    pub is_over: bool,
    /// What was measured for the payment's condition
    pub when: MeasuredRow<'a>,
    /// What was measured for its amount
    pub amount: MeasuredRow<'a>,
}

impl MeasuredRow<'_> {
    /// What is known of a measure, by its place in the expression's list.
    pub fn measured(&self, place: usize) -> &MeasuredValue {
        let column = self.columns.get(place).and_then(|column| self.series.columns.get(*column));
        column.and_then(|column| column.get(self.bucket)).unwrap_or(&MeasuredValue::Unknown)
    }

    /// Whether no time of the bucket counts.
    pub fn is_uncounted(&self) -> bool {
        let mut places = 0..self.columns.len();
        !places.is_empty() && places.all(|place| *self.measured(place) == MeasuredValue::Uncounted)
    }

    /// Whether a counter's values show only a part of it.
    pub fn is_shown_in_part(&self) -> bool {
        (0..self.columns.len()).any(|place| matches!(self.measured(place), MeasuredValue::Shown { .. }))
    }

    /// Whether something in it does not fit a decimal.
    pub fn has_overflow(&self) -> bool {
        (0..self.columns.len()).any(|place| *self.measured(place) == MeasuredValue::Overflow)
    }
}

impl LeafValues<usize> for MeasuredRow<'_> {
    fn value(&self, place: &usize) -> Option<ExpressionValue> {
        self.measured(*place).known()
    }
}

impl LeafBounds<usize> for MeasuredRow<'_> {
    fn bounds(&self, place: &usize) -> Bounds {
        self.measured(*place).bounds()
    }
}
