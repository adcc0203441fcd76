//! Margins: how far a value is from breaking a condition.

use super::{CompareOperator, Expression, ExpressionValue};
use crate::decimal::Decimal;

/// The distance of one field's values from breaking a condition: positive inside, negative outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// Which field
    pub field: usize,
    distance: Distance,
}

#[derive(Clone, Debug, PartialEq)]
enum Distance {
    /// value − bound
    Above(Decimal),
    /// bound − value
    Below(Decimal),
    /// The nearest of several: all must hold
    Nearest(Vec<Distance>),
    /// The farthest of several: one must hold
    Farthest(Vec<Distance>),
}

impl Margin {
    /// The margin of a condition that compares one field with constants; `None`: it does anything else.
    pub(super) fn of(code: &Expression<usize>) -> Option<Self> {
        let mut field = None;
        let distance = Distance::of(code, false, &mut field)?;
        Some(Self { field: field?, distance })
    }

    /// The distance of a value; `None`: it does not fit a decimal.
    pub fn of_value(&self, value: Decimal) -> Option<Decimal> {
        self.distance.of_value(value)
    }
}

impl Distance {
    fn of(code: &Expression<usize>, negated: bool, field: &mut Option<usize>) -> Option<Self> {
        let all = |parts: &[Expression<usize>], field: &mut Option<usize>| {
            parts.iter().map(|part| Self::of(part, negated, field)).collect::<Option<Vec<_>>>()
        };
        match code {
            Expression::Not(operand) => Self::of(operand, !negated, field),
            Expression::And(parts) if negated => Some(Self::Farthest(all(parts, field)?)),
            Expression::And(parts) => Some(Self::Nearest(all(parts, field)?)),
            Expression::Or(parts) if negated => Some(Self::Nearest(all(parts, field)?)),
            Expression::Or(parts) => Some(Self::Farthest(all(parts, field)?)),
            Expression::Compare(comparison, sides) => Self::of_comparison(*comparison, sides, negated, field),
            _ => None,
        }
    }

    fn of_comparison(
        comparison: CompareOperator,
        sides: &[Expression<usize>; 2],
        negated: bool,
        field: &mut Option<usize>,
    ) -> Option<Self> {
        let (leaf, bound, swapped) = match sides {
            [Expression::Leaf(leaf), Expression::Constant(ExpressionValue::Number(bound))] => {
                (*leaf, *bound, false)
            }
            [Expression::Constant(ExpressionValue::Number(bound)), Expression::Leaf(leaf)] => {
                (*leaf, *bound, true)
            }
            _ => return None,
        };
        if field.replace(leaf).is_some_and(|other| other != leaf) {
            return None;
        }
        let above = match comparison {
            CompareOperator::Greater | CompareOperator::AtLeast => true,
            CompareOperator::Less | CompareOperator::AtMost => false,
            CompareOperator::Equal | CompareOperator::NotEqual => return None,
        };
        Some(if above ^ swapped ^ negated { Self::Above(bound) } else { Self::Below(bound) })
    }

    fn of_value(&self, value: Decimal) -> Option<Decimal> {
        match self {
            Self::Above(bound) => value.minus(*bound),
            Self::Below(bound) => bound.minus(value),
            Self::Nearest(parts) => parts.iter().map(|part| part.of_value(value)).min()?,
            Self::Farthest(parts) => parts.iter().map(|part| part.of_value(value)).max()?,
        }
    }
}
