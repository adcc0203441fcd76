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
    /// Some time is unknown, and all of it would add no more than that
    Between {
        /// It is not less
        least: Decimal,
        /// It is not more
        most: Decimal,
    },
    /// Of a counter: values show so much, and not of all of the bucket, which is over
    Shown {
        /// What an amount asks for
        shown: Decimal,
        /// It is not less; `None`: it may be
        least: Option<Decimal>,
    },
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
            Self::AtLeast(_)
            | Self::AtMost(_)
            | Self::Between { .. }
            | Self::Shown { .. }
            | Self::Unknown
            | Self::Uncounted
            | Self::Overflow => None,
        }
    }

    /// The number that it is, or is at least or at most.
    pub fn nearest(&self) -> Option<Decimal> {
        match self {
            Self::Known(ExpressionValue::Number(value))
            | Self::AtLeast(value)
            | Self::AtMost(value)
            | Self::Between { least: value, .. }
            | Self::Shown { shown: value, .. } => Some(*value),
            Self::Known(_) | Self::Unknown | Self::Uncounted | Self::Overflow => None,
        }
    }

    /// The value for an amount, which asks of a counter for what is shown.
    pub fn due(&self) -> Option<ExpressionValue> {
        match self {
            Self::Shown { shown, .. } => Some(ExpressionValue::Number(*shown)),
            _ => self.known(),
        }
    }

    /// The bounds for an amount, which asks of a counter for what is shown.
    pub fn bounds_due(&self) -> Bounds {
        match self {
            Self::Shown { shown, .. } => Bounds { low: Some(*shown), high: None },
            _ => self.bounds(),
        }
    }

    /// Between what it lies.
    pub fn bounds(&self) -> Bounds {
        match self {
            Self::Known(ExpressionValue::Number(value)) => Bounds::exactly(*value),
            Self::AtLeast(value) => Bounds { low: Some(*value), high: None },
            Self::Shown { least, .. } => Bounds { low: *least, high: None },
            Self::AtMost(value) => Bounds { low: None, high: Some(*value) },
            Self::Between { least, most } => Bounds { low: Some(*least), high: Some(*most) },
            Self::Known(_) | Self::Unknown | Self::Uncounted | Self::Overflow => Bounds::default(),
        }
    }
}
