//! The state of a device's fields at an instant, as conditions and measures see it.

use super::super::hiding::HidingHoles;
use crate::contract::expr::{ExpressionValue, LeafValues};

/// The fields of a device at an instant.
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

impl LeafValues<usize> for FieldStates {
    fn value(&self, field: &usize) -> Option<ExpressionValue> {
        let state = &self.values[*field];
        if self.uncalibrated {
            return None;
        }
        if self.now < state.until && state.hidden.is_empty() { state.value.clone() } else { None }
    }
}
