//! The state of a device's fields at an instant, as conditions and measures see it.

use super::super::{
    fact::FieldValue,
    hiding::{HidingHoles, UnknownFrom},
    sample::Sample,
};
use crate::{
    contract::expr::{ExpressionValue, LeafValues},
    decimal::Decimal,
};

/// The fields of a device at an instant.
#[derive(Clone)]
pub(super) struct FieldStates {
    /// By their places in the contract
    pub(super) values: Vec<FieldState>,
    /// What hides how many readings there are
    pub(super) uncounted: HidingHoles,
    /// The instant
    pub(super) now: i64,
    /// Whether the device is not calibrated now, so that nothing is known
    pub(super) uncalibrated: bool,
}

/// What one field says.
#[derive(Clone, Debug, Default)]
pub(super) struct FieldState {
    /// Its latest value; `None`: it is unknown
    pub(super) value: Option<ExpressionValue>,
    /// Up to when that holds, exclusive
    pub(super) until: i64,
    /// What hides it
    pub(super) hidden: HidingHoles,
}

impl FieldStates {
    /// A hole begins: it hides what it is a hole of.
    pub(super) fn begin(&mut self, hole: &UnknownFrom) {
        // A reading of which one field cannot be used is one all the same.
        if hole.field.is_none_or(|only| only == self.values.len()) {
            self.uncounted.begin(hole);
        }
        for (at, field) in self.values.iter_mut().enumerate() {
            if hole.field.is_none_or(|only| only == at) {
                field.hidden.begin(hole);
            }
        }
    }

    /// The values that are known and are numbers.
    pub(super) fn numbers(&self) -> Vec<Option<Decimal>> {
        let number = |field: usize| match self.value(&field)? {
            ExpressionValue::Number(value) => Some(value),
            ExpressionValue::Text(_) | ExpressionValue::Bool(_) => None,
        };
        (0..self.values.len()).map(number).collect()
    }

    /// The value that stands from the instant of a sample on, for `hold` milliseconds.
    pub(super) fn take(&mut self, sample: &Sample, cell: &FieldValue, hold: i64) {
        let field = &mut self.values[cell.field()];
        field.value.clone_from(&cell.value);
        field.until = sample.time.saturating_add(hold);
        if cell.value.is_some() {
            field.hidden.lift(sample.stream, sample.time);
            self.uncounted.lift(sample.stream, sample.time);
        } else if is_refused(sample, cell) {
            field.hidden.refuse(sample.time);
        }
    }
}

/// Whether a value is there and does not count, in no stream: where there is one, the number is a hole of it.
fn is_refused(sample: &Sample, cell: &FieldValue) -> bool {
    sample.stream.is_none() && (!sample.counts || cell.is_spoilt())
}

impl LeafValues<usize> for FieldStates {
    fn value(&self, field: &usize) -> Option<ExpressionValue> {
        let state = &self.values[*field];
        if self.uncalibrated {
            return None;
        }
        if self.now < state.until && state.hidden.is_empty() { state.value.clone() } else { None }
    }
}
