//! One measure of one device over the buckets of a series.
//!
//! ```text
//! by time held        max min avg mkt rise seconds(…)     also of the value that still speaks when a bucket begins
//! by reading          sum first last count() count(…)     in the bucket of their time
//! ```
//!
//! A device that is made of devices has no readings: its first and last values are those that stand.

use super::{
    super::{
        fact::FieldValue,
        kinetic_mean::{KineticMean, TemperatureScale},
    },
    rise::{Overflowed, RiseWindow},
    value::MeasuredValue,
};
use crate::{
    contract::expr::{Condition, ExpressionValue, LeafValues, Measure},
    decimal::{Decimal, WideSum},
    time::Span,
};

/// Follows one measure.
pub(super) struct MeasureColumn<'a> {
    /// Its place in the series
    pub(super) place: usize,
    measure: &'a Measure,
    /// Whether the device is made of devices
    of_group: bool,
    /// The unit in which lengths of time count
    resolution: Span,
    /// The number that stands since the last change; `None`: there is none
    number: Option<Decimal>,
    /// Whether the condition held since then; `None`: that is unknown
    truth: Option<bool>,
    /// How much of the bucket's time counts
    counted: u64,
    /// Whether some of it is unknown
    has_unknown: bool,
    state: ColumnState,
    /// What it comes to, bucket by bucket
    pub(super) values: Vec<MeasuredValue>,
}

/// What the open bucket comes to so far.
enum ColumnState {
    Extreme(Option<Decimal>),
    Mean(WideSum, u64),
    /// The flag says whether all of it fits
    Kinetic(Box<KineticMean>, bool),
    Sum(WideSum),
    Said(Option<ExpressionValue>),
    Rise(RiseWindow),
    Count(u64),
    /// For how long the condition held, and for how long that is unknown
    Seconds {
        held: i64,
        open: i64,
    },
}

impl<'a> MeasureColumn<'a> {
    /// `of_group`: whether the device is made of devices; `unit`: that of a field.
    pub(super) fn new(
        place: usize,
        measure: &'a Measure,
        of_group: bool,
        resolution: Span,
        unit: impl Fn(usize) -> Option<TemperatureScale>,
    ) -> Self {
        let state = match measure {
            Measure::Max(_) | Measure::Min(_) => ColumnState::Extreme(None),
            Measure::Avg(_) => ColumnState::Mean(WideSum::default(), 0),
            Measure::Kinetic(field) => {
                let scale = unit(*field).unwrap_or(TemperatureScale::Celsius);
                ColumnState::Kinetic(Box::new(KineticMean::new(scale)), true)
            }
            Measure::Sum(_) => ColumnState::Sum(WideSum::default()),
            Measure::First(_) | Measure::Last(_) => ColumnState::Said(None),
            Measure::Rise(_, within) => ColumnState::Rise(RiseWindow::new(within.millis())),
            Measure::Readings | Measure::CountWhere(_) | Measure::Delta(_) => ColumnState::Count(0),
            Measure::SecondsWhere(_) => ColumnState::Seconds { held: 0, open: 0 },
        };
        let (number, truth, counted, has_unknown, values) = (None, None, 0, false, Vec::new());
        let mut column =
            Self { place, measure, of_group, resolution, number, truth, counted, has_unknown, state, values };
        column.change(&Unheard, false);
        column
    }

    /// From now on fields have these values. `holes`: whether records are missing now.
    pub(super) fn change(&mut self, fields: &impl LeafValues<usize>, holes: bool) {
        (self.number, self.truth) = match self.measure {
            Measure::CountWhere(condition) | Measure::SecondsWhere(condition) => {
                (None, condition.holds(fields, &mut false))
            }
            Measure::Readings => (None, (!holes).then_some(true)),
            Measure::Max(field)
            | Measure::Min(field)
            | Measure::Sum(field)
            | Measure::Avg(field)
            | Measure::First(field)
            | Measure::Last(field)
            | Measure::Delta(field)
            | Measure::Kinetic(field)
            | Measure::Rise(field, _) => match fields.value(field) {
                Some(ExpressionValue::Number(number)) => (Some(number), Some(true)),
                Some(ExpressionValue::Text(_) | ExpressionValue::Bool(_)) => (None, Some(true)),
                None => (None, None),
            },
        };
    }

    /// What stands since the last change stood from `start` to `end`, in the open bucket.
    pub(super) fn hold(&mut self, start: i64, end: i64) {
        self.has_unknown |= self.truth.is_none();
        let millis = (end - start).unsigned_abs();
        self.counted += millis;
        match (&mut self.state, self.number) {
            (ColumnState::Extreme(_), Some(number)) => self.meet(number),
            (ColumnState::Mean(sum, weight), Some(number)) => {
                sum.add(number, millis);
                *weight += millis;
            }
            (ColumnState::Kinetic(mean, fits), Some(number)) => *fits &= mean.add(number, millis).is_some(),
            (ColumnState::Rise(window), Some(number)) => window.hold(start, end, number),
            (ColumnState::Said(_), Some(number)) if self.of_group => {
                self.stand(ExpressionValue::Number(number));
            }
            (ColumnState::Seconds { held, open }, _) => match self.truth {
                Some(true) => *held += end - start,
                Some(false) => {}
                None => *open += end - start,
            },
            _ => {}
        }
    }

    /// A reading in the open bucket, and the values of that instant.
    pub(super) fn hear(&mut self, at: i64, cells: &[FieldValue], fields: &impl LeafValues<usize>) {
        if let Measure::CountWhere(condition) = self.measure {
            let asked = cells.iter().any(|cell| cell.value.is_some() && asks(condition, cell.field()));
            let met = asked && condition.holds(&SaidFields { cells, fields }, &mut false) == Some(true);
            return self.count(met);
        }
        if let Measure::Readings = self.measure {
            return self.count(true);
        }
        let Some(field) = self.field() else { return };
        for value in cells.iter().filter(|cell| cell.field() == field).filter_map(|cell| cell.value.as_ref())
        {
            self.say(at, value);
        }
    }

    fn say(&mut self, at: i64, value: &ExpressionValue) {
        let number = match value {
            ExpressionValue::Number(number) => Some(*number),
            ExpressionValue::Text(_) | ExpressionValue::Bool(_) => None,
        };
        match (&mut self.state, number) {
            (ColumnState::Extreme(_), Some(number)) => self.meet(number),
            (ColumnState::Sum(sum), Some(number)) => sum.add(number, 1),
            (ColumnState::Rise(window), Some(number)) => window.hold(at, at + 1, number),
            (ColumnState::Said(_), _) if !self.of_group => self.stand(value.clone()),
            _ => {}
        }
    }

    /// A value that can be the first or the last one.
    fn stand(&mut self, value: ExpressionValue) {
        let ColumnState::Said(said) = &mut self.state else { return };
        if said.is_none() || matches!(self.measure, Measure::Last(_)) {
            *said = Some(value);
        }
    }

    fn meet(&mut self, number: Decimal) {
        let ColumnState::Extreme(extreme) = &mut self.state else { return };
        let is_beyond = |extreme: Decimal| match self.measure {
            Measure::Min(_) => number < extreme,
            _ => number > extreme,
        };
        if extreme.is_none_or(is_beyond) {
            *extreme = Some(number);
        }
    }

    fn count(&mut self, counts: bool) {
        if let ColumnState::Count(count) = &mut self.state {
            *count += u64::from(counts);
        }
    }

    fn field(&self) -> Option<usize> {
        match self.measure {
            Measure::Max(field)
            | Measure::Min(field)
            | Measure::Sum(field)
            | Measure::Avg(field)
            | Measure::First(field)
            | Measure::Last(field)
            | Measure::Delta(field)
            | Measure::Kinetic(field)
            | Measure::Rise(field, _) => Some(*field),
            Measure::Readings | Measure::CountWhere(_) | Measure::SecondsWhere(_) => None,
        }
    }

    /// The bucket is over; the next one begins. `cut`: the rest of it is unknown.
    pub(super) fn close(&mut self, cut: bool) {
        let has_unknown = std::mem::take(&mut self.has_unknown) || cut;
        let counts = std::mem::take(&mut self.counted) > 0;
        let value = self.taken(has_unknown, cut);
        self.values.push(if counts { value } else { MeasuredValue::Uncounted });
    }

    fn taken(&mut self, has_unknown: bool, cut: bool) -> MeasuredValue {
        let known = |value: MeasuredValue| if has_unknown { MeasuredValue::Unknown } else { value };
        let at_least = |number| {
            if has_unknown { MeasuredValue::AtLeast(number) } else { MeasuredValue::number(number) }
        };
        match &mut self.state {
            ColumnState::Extreme(extreme) => match (extreme.take(), self.measure) {
                (None, _) => MeasuredValue::Unknown,
                (Some(number), Measure::Min(_)) if has_unknown => MeasuredValue::AtMost(number),
                (Some(number), _) => at_least(number),
            },
            ColumnState::Mean(sum, weight) => {
                let (sum, weight) = (std::mem::take(sum), std::mem::take(weight));
                if weight == 0 {
                    MeasuredValue::Unknown
                } else {
                    known(MeasuredValue::fitting(sum.mean(weight)))
                }
            }
            ColumnState::Kinetic(mean, fits) => {
                let fits = std::mem::replace(fits, true);
                match mean.take() {
                    Some(mean) if fits => known(MeasuredValue::number(mean)),
                    _ => MeasuredValue::Unknown,
                }
            }
            ColumnState::Sum(sum) => known(MeasuredValue::fitting(std::mem::take(sum).sum())),
            ColumnState::Said(said) => {
                said.take().map_or(MeasuredValue::Unknown, |it| known(MeasuredValue::Known(it)))
            }
            ColumnState::Rise(window) => match window.take() {
                Ok(largest) => largest.map_or(MeasuredValue::Unknown, at_least),
                Err(Overflowed) => MeasuredValue::Overflow,
            },
            ColumnState::Count(count) => {
                let count = Decimal::new(std::mem::take(count).into(), 0);
                count.map_or(MeasuredValue::Overflow, at_least)
            }
            ColumnState::Seconds { held, open } => {
                let (held, open) = (std::mem::take(held), std::mem::take(open));
                let whole = |millis| {
                    Decimal::new(Span::from_millis(millis).whole(self.resolution).millis().into(), 3)
                };
                match (whole(held), whole(held + open)) {
                    // Of what is cut off nobody knows how long it will be.
                    (Some(least), Some(most)) if has_unknown && !cut => {
                        MeasuredValue::Between { least, most }
                    }
                    (least, _) => least.map_or(MeasuredValue::Overflow, at_least),
                }
            }
        }
    }
}

fn asks(condition: &Condition, field: usize) -> bool {
    condition.code().any(&|leaf| *leaf == field)
}

/// A device that was never heard.
struct Unheard;

impl LeafValues<usize> for Unheard {
    fn value(&self, _: &usize) -> Option<ExpressionValue> {
        None
    }
}

/// The values of an instant, with those of one reading in their place.
struct SaidFields<'a, F> {
    cells: &'a [FieldValue],
    fields: &'a F,
}

impl<F: LeafValues<usize>> LeafValues<usize> for SaidFields<'_, F> {
    fn value(&self, field: &usize) -> Option<ExpressionValue> {
        let said = self.cells.iter().find(|cell| cell.field() == *field);
        said.map_or_else(|| self.fields.value(field), |cell| cell.value.clone())
    }
}
