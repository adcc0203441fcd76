//! Bounds: what is known of a number that is not known exactly. The greatest value of a day with a gap is at least the
//! greatest one that was seen: that decides whether it is at most 8 if 9 was seen, and else leaves it open.
//!
//! ```text
//! max(t) in [9, …)    max(t) <= 8        false, whatever else there was
//!                     max(t) <= 10       unknown
//!                     max(t) + 1 > 5     true
//! ```

use std::cmp::Ordering;

use super::{
    CompareOperator, Expression, ExpressionValue, Function, LeafValues,
    eval::{applied, compare, evaluate, holds},
};
use crate::decimal::Decimal;

/// Between what a number lies; `None`: there is no such bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// It is not below this
    pub low: Option<Decimal>,
    /// It is not above this
    pub high: Option<Decimal>,
}

/// What is known of the leaves of an expression.
pub trait LeafBounds<L>: LeafValues<L> {
    /// What is known of a leaf that is a number.
    fn bounds(&self, leaf: &L) -> Bounds;
}

impl Bounds {
    /// A number that is known.
    pub fn exactly(value: Decimal) -> Self {
        Self { low: Some(value), high: Some(value) }
    }

    /// The number, if it is known.
    pub fn value(self) -> Option<Decimal> {
        self.low.filter(|low| Some(*low) == self.high)
    }

    fn negated(self) -> Self {
        Self { low: self.high.map(Decimal::negated), high: self.low.map(Decimal::negated) }
    }

    fn plus(self, other: Self) -> Self {
        let sum = |a: Option<Decimal>, b: Option<Decimal>| a?.plus(b?);
        Self { low: sum(self.low, other.low), high: sum(self.high, other.high) }
    }

    /// Multiplied by what is known, or divided by it.
    fn scaled(self, by: Decimal, divide: bool) -> Self {
        let scale = |end: Option<Decimal>| if divide { end?.divided_by(by) } else { end?.times(by) };
        let scaled = Self { low: scale(self.low), high: scale(self.high) };
        if by < Decimal::ZERO { Self { low: scaled.high, high: scaled.low } } else { scaled }
    }

    fn times(self, other: Self) -> Self {
        match (self.value(), other.value()) {
            (_, Some(by)) => self.scaled(by, false),
            (Some(by), _) => other.scaled(by, false),
            (None, None) => Self::default(),
        }
    }

    fn divided_by(self, other: Self) -> Self {
        other.value().map_or_else(Self::default, |by| self.scaled(by, true))
    }

    fn abs(self) -> Self {
        let is_above = self.low.is_some_and(|low| low >= Decimal::ZERO);
        if is_above {
            return self;
        }
        if self.high.is_some_and(|high| high <= Decimal::ZERO) {
            return self.negated();
        }
        let ends = self.low.zip(self.high);
        Self { low: Some(Decimal::ZERO), high: ends.map(|(low, high)| low.abs().max(high.abs())) }
    }

    /// How it stands to another; `None`: that is open.
    fn compare(self, comparison: CompareOperator, other: Self) -> Option<bool> {
        let is_below = self.high.zip(other.low).map(|(high, low)| high.cmp(&low));
        let is_above = self.low.zip(other.high).map(|(low, high)| low.cmp(&high));
        let less = match (is_below, is_above) {
            (Some(Ordering::Less), _) => Some(true),
            (_, Some(Ordering::Equal | Ordering::Greater)) => Some(false),
            _ => None,
        };
        let greater = match (is_below, is_above) {
            (_, Some(Ordering::Greater)) => Some(true),
            (Some(Ordering::Equal | Ordering::Less), _) => Some(false),
            _ => None,
        };
        match comparison {
            CompareOperator::Less => less,
            CompareOperator::AtLeast => less.map(|less| !less),
            CompareOperator::Greater => greater,
            CompareOperator::AtMost => greater.map(|greater| !greater),
            CompareOperator::Equal => equal(less, greater),
            CompareOperator::NotEqual => equal(less, greater).map(|equal| !equal),
        }
    }
}

fn equal(less: Option<bool>, greater: Option<bool>) -> Option<bool> {
    match (less, greater) {
        (Some(true), _) | (_, Some(true)) => Some(false),
        (Some(false), Some(false)) => Some(true),
        _ => None,
    }
}

/// The truth of a condition, if the bounds of its numbers decide it.
pub fn decide<L>(code: &Expression<L>, leaves: &impl LeafBounds<L>) -> Option<bool> {
    let all = |codes: &[Expression<L>], decides: bool| {
        let truths = codes.iter().map(|code| decide(code, leaves));
        // One that decides is enough, else an unknown one leaves it open.
        let mut open = false;
        for truth in truths {
            match truth {
                Some(truth) if truth == decides => return Some(decides),
                Some(_) => {}
                None => open = true,
            }
        }
        (!open).then_some(!decides)
    };
    match code {
        Expression::Not(operand) => decide(operand, leaves).map(|truth| !truth),
        Expression::And(operands) => all(operands, false),
        Expression::Or(operands) => all(operands, true),
        Expression::If(parts) => {
            decide(if decide(&parts[0], leaves)? { &parts[1] } else { &parts[2] }, leaves)
        }
        Expression::Compare(comparison, sides) => {
            let exact = |code| evaluate(code, leaves, &mut false);
            match (exact(&sides[0]), exact(&sides[1])) {
                (Some(left), Some(right)) => Some(holds(*comparison, compare(&left, &right)?)),
                _ => bounds(&sides[0], leaves).compare(*comparison, bounds(&sides[1], leaves)),
            }
        }
        other => match evaluate(other, leaves, &mut false)? {
            ExpressionValue::Bool(truth) => Some(truth),
            ExpressionValue::Number(_) | ExpressionValue::Text(_) => None,
        },
    }
}

/// What is known of a number.
pub fn bounds<L>(code: &Expression<L>, leaves: &impl LeafBounds<L>) -> Bounds {
    let of = |code| bounds(code, leaves);
    match code {
        Expression::Constant(ExpressionValue::Number(number)) => Bounds::exactly(*number),
        Expression::Leaf(leaf) => leaves.bounds(leaf),
        Expression::Negate(operand) => of(operand).negated(),
        Expression::Sum(parts) => {
            let parts =
                parts.iter().map(|(is_less, part)| if *is_less { of(part).negated() } else { of(part) });
            parts.reduce(Bounds::plus).unwrap_or_default()
        }
        Expression::Product(parts) => {
            let mut parts = parts.iter();
            let first = parts.next().map(|(_, part)| of(part)).unwrap_or_default();
            parts.fold(
                first,
                |product, (divide, part)| {
                    if *divide { product.divided_by(of(part)) } else { product.times(of(part)) }
                },
            )
        }
        Expression::If(parts) => match decide(&parts[0], leaves) {
            Some(true) => of(&parts[1]),
            Some(false) => of(&parts[2]),
            None => Bounds::default(),
        },
        Expression::Apply(function, parts) => {
            of_function(*function, &parts.iter().map(of).collect::<Vec<_>>())
        }
        _ => Bounds::default(),
    }
}

/// All functions but `abs` grow with their first argument; only that of `started`, `round` and their like is not constant.
fn of_function(function: Function, arguments: &[Bounds]) -> Bounds {
    let Some((first, rest)) = arguments.split_first() else { return Bounds::default() };
    let low = || arguments.iter().map(|argument| argument.low);
    let high = || arguments.iter().map(|argument| argument.high);
    match function {
        Function::Abs => first.abs(),
        Function::Min => Bounds { low: low().min().flatten(), high: high().flatten().min() },
        Function::Max => Bounds {
            low: low().flatten().max(),
            high: if high().any(|high| high.is_none()) { None } else { high().max().flatten() },
        },
        Function::Floor | Function::Ceil | Function::Round | Function::Started => {
            let rest: Option<Vec<Decimal>> = rest.iter().map(|argument| argument.value()).collect();
            let at = |end: Option<Decimal>| {
                let mut values = vec![end?];
                values.extend(rest.clone()?);
                applied(function, &values)
            };
            Bounds { low: at(first.low), high: at(first.high) }
        }
    }
}

#[cfg(test)]
mod tests;
