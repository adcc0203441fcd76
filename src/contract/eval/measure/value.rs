//! What is known of a measure over a bucket.

use crate::{
    contract::expr::{Bounds, ExpressionValue},
    decimal::Decimal,
};

/// What is known of a measure over a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeasuredValue {
    /// All
    Known(ExpressionValue),
    /// Some time is unknown, and nothing in it could make it less
    AtLeast(Decimal),
    /// Some time is unknown, and nothing in it could make it more
    AtMost(Decimal),
    /// Nothing
    Unknown,
    /// No time of the bucket counts
    Uncounted,
    /// It does not fit a decimal
    Overflow,
}

impl MeasuredValue {
    pub(super) fn number(value: Decimal) -> Self {
        Self::Known(ExpressionValue::Number(value))
    }

    /// A number that fits, or does not.
    pub(super) fn fitting(value: Option<Decimal>) -> Self {
        value.map_or(Self::Overflow, Self::number)
    }

    /// The value, if it is known.
    pub fn known(&self) -> Option<ExpressionValue> {
        match self {
            Self::Known(value) => Some(value.clone()),
            Self::AtLeast(_) | Self::AtMost(_) | Self::Unknown | Self::Uncounted | Self::Overflow => None,
        }
    }

    /// The number that it is, or is at least or at most.
    pub fn nearest(&self) -> Option<Decimal> {
        match self {
            Self::Known(ExpressionValue::Number(value)) | Self::AtLeast(value) | Self::AtMost(value) => {
                Some(*value)
            }
            Self::Known(_) | Self::Unknown | Self::Uncounted | Self::Overflow => None,
        }
    }

    /// Between what it lies.
    pub fn bounds(&self) -> Bounds {
        match self {
            Self::Known(ExpressionValue::Number(value)) => Bounds::exactly(*value),
            Self::AtLeast(value) => Bounds { low: Some(*value), high: None },
            Self::AtMost(value) => Bounds { low: None, high: Some(*value) },
            Self::Known(_) | Self::Unknown | Self::Uncounted | Self::Overflow => Bounds::default(),
        }
    }
}
