//! Units: which numbers can meet.
//!
//! ```text
//! bare   8.0, values, counts        meets every unit
//! Cel    a field, its measures      meets bare numbers and Cel; kWh and Wh are two units, since nothing is converted
//! mixed  Cel * Wh                   meets bare numbers only
//! ```

use std::{fmt, sync::Arc};

/// The unit of a number, as its type knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NumberUnit {
    /// None
    #[default]
    Bare,
    /// That of a field (UCUM)
    Of(Arc<str>),
    /// That of a product of units
    Mixed,
}

impl NumberUnit {
    /// The unit of a field; without one it is bare.
    pub(super) fn of_field(unit: Option<&String>) -> Self {
        unit.map_or(Self::Bare, |unit| Self::Of(unit.as_str().into()))
    }

    /// The unit of what two numbers come to that are added, compared or chosen from; `None`: they cannot meet.
    pub(super) fn met(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Bare, unit) | (unit, Self::Bare) => Some(unit.clone()),
            (Self::Of(a), Self::Of(b)) if a == b => Some(self.clone()),
            (Self::Of(_) | Self::Mixed, Self::Of(_) | Self::Mixed) => None,
        }
    }

    /// The unit of a product.
    pub(super) fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Bare, unit) | (unit, Self::Bare) => unit.clone(),
            (Self::Of(_) | Self::Mixed, Self::Of(_) | Self::Mixed) => Self::Mixed,
        }
    }
}

impl fmt::Display for NumberUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare => f.write_str("a bare number"),
            Self::Of(unit) => f.write_str(unit),
            Self::Mixed => f.write_str("a product of units"),
        }
    }
}

/// Why two units do not meet.
pub(super) fn apart(verb: &str, left: &NumberUnit, right: &NumberUnit) -> String {
    format!("cannot {verb} {left} and {right}: they are different units, and nothing is converted")
}
