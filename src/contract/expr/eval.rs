//! Evaluation: exact, or unknown. Three-valued logic as in SQL: `unknown && false` is false.

use std::cmp::Ordering;

use super::{CompareOperator, Expression, ExpressionValue, Function};
use crate::decimal::Decimal;

/// The values of an instant.
pub trait LeafValues<L> {
    /// A leaf's value; `None`: it is unknown.
    fn value(&self, leaf: &L) -> Option<ExpressionValue>;
}

/// The value of an expression; `None`: it is unknown. `overflow` is set where a result does not fit.
pub fn evaluate<L>(
    code: &Expression<L>,
    leaves: &impl LeafValues<L>,
    overflow: &mut bool,
) -> Option<ExpressionValue> {
    match code {
        Expression::Constant(value) => Some(value.clone()),
        Expression::Leaf(leaf) => leaves.value(leaf),
        Expression::Known(leaf) => Some(ExpressionValue::Bool(leaves.value(leaf).is_some())),
        Expression::Not(operand) => {
            truth(operand, leaves, overflow).map(|truth| ExpressionValue::Bool(!truth))
        }
        Expression::And(operands) => joined(operands, false, leaves, overflow),
        Expression::Or(operands) => joined(operands, true, leaves, overflow),
        Expression::Compare(comparison, sides) => {
            let left = evaluate(&sides[0], leaves, overflow)?;
            // Most comparisons are with a constant, which is not copied for each reading.
            let order = match &sides[1] {
                Expression::Constant(right) => compare(&left, right),
                right => compare(&left, &evaluate(right, leaves, overflow)?),
            };
            Some(ExpressionValue::Bool(holds(*comparison, order?)))
        }
        Expression::In(element, list) => member_of(element, list, leaves, overflow),
        Expression::Sum(terms) => {
            let mut sum = Decimal::ZERO;
            for (subtract, term) in terms {
                let term = number(term, leaves, overflow)?;
                sum = fit(if *subtract { sum.minus(term) } else { sum.plus(term) }, overflow)?;
            }
            Some(ExpressionValue::Number(sum))
        }
        Expression::Product(factors) => product(factors, leaves, overflow),
        Expression::If(parts) => {
            let chosen = if truth(&parts[0], leaves, overflow)? { &parts[1] } else { &parts[2] };
            evaluate(chosen, leaves, overflow)
        }
        Expression::Negate(operand) => {
            Some(ExpressionValue::Number(number(operand, leaves, overflow)?.negated()))
        }
        Expression::Apply(function, arguments) => apply(*function, arguments, leaves, overflow),
        Expression::Inside(place, area) => {
            let (lat, lon) = (number(&place[0], leaves, overflow)?, number(&place[1], leaves, overflow)?);
            area.contains(lat, lon).map(ExpressionValue::Bool)
        }
    }
}

/// The truth of a condition; `None`: it is unknown.
pub(super) fn truth<L>(
    code: &Expression<L>,
    leaves: &impl LeafValues<L>,
    overflow: &mut bool,
) -> Option<bool> {
    match evaluate(code, leaves, overflow)? {
        ExpressionValue::Bool(truth) => Some(truth),
        ExpressionValue::Number(_) | ExpressionValue::Text(_) => None,
    }
}

fn number<L>(code: &Expression<L>, leaves: &impl LeafValues<L>, overflow: &mut bool) -> Option<Decimal> {
    match evaluate(code, leaves, overflow)? {
        ExpressionValue::Number(number) => Some(number),
        ExpressionValue::Bool(_) | ExpressionValue::Text(_) => None,
    }
}

/// A chain of `&&` or `||`: one operand that decides is enough, else an unknown one leaves it open.
fn joined<L>(
    operands: &[Expression<L>],
    decides: bool,
    leaves: &impl LeafValues<L>,
    overflow: &mut bool,
) -> Option<ExpressionValue> {
    let mut open = false;
    for operand in operands {
        match truth(operand, leaves, overflow) {
            Some(truth) if truth == decides => return Some(ExpressionValue::Bool(decides)),
            Some(_) => {}
            None => open = true,
        }
    }
    (!open).then_some(ExpressionValue::Bool(!decides))
}

fn member_of<L>(
    element: &Expression<L>,
    list: &[Expression<L>],
    leaves: &impl LeafValues<L>,
    overflow: &mut bool,
) -> Option<ExpressionValue> {
    let element = evaluate(element, leaves, overflow)?;
    let mut open = false;
    for candidate in list {
        match evaluate(candidate, leaves, overflow) {
            Some(candidate) if candidate == element => return Some(ExpressionValue::Bool(true)),
            Some(_) => {}
            None => open = true,
        }
    }
    (!open).then_some(ExpressionValue::Bool(false))
}

pub(super) fn compare(left: &ExpressionValue, right: &ExpressionValue) -> Option<Ordering> {
    match (left, right) {
        (ExpressionValue::Number(left), ExpressionValue::Number(right)) => Some(left.cmp(right)),
        // Bytes of UTF-8 are in the order of their code points.
        (ExpressionValue::Text(left), ExpressionValue::Text(right)) => Some(left.cmp(right)),
        (ExpressionValue::Bool(left), ExpressionValue::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

pub(super) fn holds(comparison: CompareOperator, order: Ordering) -> bool {
    match comparison {
        CompareOperator::Equal => order.is_eq(),
        CompareOperator::NotEqual => order.is_ne(),
        CompareOperator::Less => order.is_lt(),
        CompareOperator::AtMost => order.is_le(),
        CompareOperator::Greater => order.is_gt(),
        CompareOperator::AtLeast => order.is_ge(),
    }
}

fn product<L>(
    factors: &[(bool, Expression<L>)],
    leaves: &impl LeafValues<L>,
    overflow: &mut bool,
) -> Option<ExpressionValue> {
    let mut product: Option<Decimal> = None;
    for (divide, factor) in factors {
        let factor = number(factor, leaves, overflow)?;
        product = Some(match product {
            None => factor,
            Some(before) if *divide => fit(before.divided_by(factor), overflow)?,
            Some(before) => fit(before.times(factor), overflow)?,
        });
    }
    product.map(ExpressionValue::Number)
}

fn apply<L>(
    function: Function,
    arguments: &[Expression<L>],
    leaves: &impl LeafValues<L>,
    overflow: &mut bool,
) -> Option<ExpressionValue> {
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        values.push(number(argument, leaves, overflow)?);
    }
    let result = applied(function, &values);
    *overflow |= result.is_none();
    result.map(ExpressionValue::Number)
}

/// A function of values; `None`: the result does not fit.
pub(super) fn applied(function: Function, values: &[Decimal]) -> Option<Decimal> {
    let (first, last) = (*values.first()?, *values.last()?);
    match function {
        Function::Abs => Some(first.abs()),
        Function::Min => values.iter().copied().min(),
        Function::Max => values.iter().copied().max(),
        Function::Floor => first.floor(),
        Function::Ceil => first.negated().floor().map(Decimal::negated),
        Function::Round => round(first, last),
        Function::Started => started(values),
    }
}

/// Units begun of a length, exact; `None`: it does not fit, or the unit is no length.
fn started(arguments: &[Decimal]) -> Option<Decimal> {
    const DIGITS: u32 = 12;
    let [length, unit, resolution] = arguments else { return None };
    let resolution = resolution.floor()?.scaled(0).filter(|seconds| *seconds > 0)?;
    let whole = length.floor()?.scaled(0)?;
    let whole = whole - whole.rem_euclid(resolution);
    let unit = unit.scaled(DIGITS).filter(|unit| *unit > 0)?;
    let begun = whole.max(0).checked_mul(10i128.pow(DIGITS))?.checked_add(unit - 1)? / unit;
    Decimal::new(begun, 0)
}

fn round(value: Decimal, digits: Decimal) -> Option<Decimal> {
    let digits = u32::try_from(digits.scaled(0)?).ok()?;
    Decimal::new(value.scaled(digits)?, digits)
}

fn fit(result: Option<Decimal>, overflow: &mut bool) -> Option<Decimal> {
    *overflow |= result.is_none();
    result
}
