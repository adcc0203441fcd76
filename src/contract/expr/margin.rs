//! Margins: how far a value is from breaking a condition.

use std::cmp::Ordering;

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
        let scale = self.distance.scale().max(value.scale());
        // Most values and bounds have few digits, and the difference of two of them, too.
        let short = value.short_at(scale).and_then(|value| self.distance.of_short(value, scale));
        short.map_or_else(|| self.distance.of_value(value), |distance| Decimal::new(distance.into(), scale))
    }
}

/// Whether a condition holds at a distance from its border; `None`: on the border, where some conditions hold.
pub fn holds_at(distance: Decimal) -> Option<bool> {
    match distance.cmp(&Decimal::ZERO) {
        Ordering::Less => Some(false),
        Ordering::Equal => None,
        Ordering::Greater => Some(true),
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

    /// The largest scale of its bounds.
    fn scale(&self) -> u32 {
        match self {
            Self::Above(bound) | Self::Below(bound) => bound.scale(),
            Self::Nearest(parts) | Self::Farthest(parts) => parts.iter().map(Self::scale).max().unwrap_or(0),
        }
    }

    /// The same as [`Self::of_value`], of a value at this scale, and at this scale; `None`: 64 bits do not hold it.
    fn of_short(&self, value: i64, scale: u32) -> Option<i64> {
        match self {
            Self::Above(bound) => value.checked_sub(bound.short_at(scale)?),
            Self::Below(bound) => bound.short_at(scale)?.checked_sub(value),
            Self::Nearest(parts) => shortest(parts, value, scale, i64::min),
            Self::Farthest(parts) => shortest(parts, value, scale, i64::max),
        }
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

/// One of the distances of parts; `None`: 64 bits do not hold one of them.
fn shortest(parts: &[Distance], value: i64, scale: u32, choose: fn(i64, i64) -> i64) -> Option<i64> {
    let (first, rest) = parts.split_first()?;
    rest.iter().try_fold(first.of_short(value, scale)?, |chosen, part| {
        Some(choose(chosen, part.of_short(value, scale)?))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::eval::{LeafValues, truth},
        *,
    };

    fn decimal(coefficient: i64, scale: u32) -> Decimal {
        Decimal::new(coefficient.into(), scale).unwrap()
    }

    /// A field that has one value.
    struct Valued(Decimal);

    impl LeafValues<usize> for Valued {
        fn value(&self, _: &usize) -> Option<ExpressionValue> {
            Some(ExpressionValue::Number(self.0))
        }
    }

    fn comparisons() -> impl Strategy<Value = Expression<usize>> {
        let leaf = || Expression::Leaf(0);
        let sides = move |bound: i64, is_left: bool| {
            let bound = Expression::Constant(ExpressionValue::Number(decimal(bound, 0)));
            Box::new(if is_left { [leaf(), bound] } else { [bound, leaf()] })
        };
        let operators = [
            CompareOperator::Less,
            CompareOperator::AtMost,
            CompareOperator::Greater,
            CompareOperator::AtLeast,
        ];
        let compare = (prop::sample::select(operators.to_vec()), -3..3i64, any::<bool>());
        compare
            .prop_map(move |(operator, bound, is_left)| Expression::Compare(operator, sides(bound, is_left)))
    }

    fn conditions() -> impl Strategy<Value = Expression<usize>> {
        comparisons().prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                inner.clone().prop_map(|code| Expression::Not(Box::new(code))),
                prop::collection::vec(inner.clone(), 1..4).prop_map(Expression::And),
                prop::collection::vec(inner, 1..4).prop_map(Expression::Or),
            ]
        })
    }

    proptest! {
        /// Where the distance says whether a condition holds, the condition says the same.
        #[test]
        fn a_distance_says_what_the_condition_says(code in conditions(), halves in -8..8i64) {
            let value = decimal(halves * 5, 1);
            let distance = Margin::of(&code).and_then(|margin| margin.of_value(value)).unwrap();
            let holds = truth(&code, &Valued(value), &mut false);
            prop_assert!(holds_at(distance).is_none_or(|known| Some(known) == holds), "{code:?} at {value}");
            prop_assert!(holds_at(distance).is_some() || distance == Decimal::ZERO);
        }

        /// What is reckoned in 64 bits is what is reckoned in full.
        #[test]
        fn short_distances_are_the_exact_ones(
            (value, least, greatest) in (any::<i64>(), any::<i64>(), any::<i64>()),
            shift in 0..60u32,
            scales in prop::array::uniform3(0..20u32),
        ) {
            let value = decimal(value >> shift, scales[0]);
            let bounds =
                vec![Distance::Above(decimal(least >> shift, scales[1])), Distance::Below(decimal(greatest >> shift, scales[2]))];
            for distance in [Distance::Nearest(bounds.clone()), Distance::Farthest(bounds)] {
                let exact = distance.of_value(value);
                prop_assert_eq!(Margin { field: 0, distance }.of_value(value), exact);
            }
        }
    }
}
