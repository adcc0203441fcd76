//! Evaluation: exact, or unknown. Three-valued logic as in SQL: `unknown && false` is false.

use std::cmp::Ordering;

use super::{Code, Comparison, Function, Val};
use crate::decimal::Decimal;

/// The values of an instant.
pub trait Leaves<L> {
    /// A leaf's value; none if it is unknown.
    fn value(&self, leaf: &L) -> Option<Val>;
}

/// The value of an expression; none if it is unknown. `overflow` is set where a result does not fit.
pub fn evaluate<L>(code: &Code<L>, leaves: &impl Leaves<L>, overflow: &mut bool) -> Option<Val> {
    match code {
        Code::Constant(value) => Some(value.clone()),
        Code::Leaf(leaf) => leaves.value(leaf),
        Code::Known(leaf) => Some(Val::Bool(leaves.value(leaf).is_some())),
        Code::Not(operand) => truth(operand, leaves, overflow).map(|truth| Val::Bool(!truth)),
        Code::And(operands) => joined(operands, false, leaves, overflow),
        Code::Or(operands) => joined(operands, true, leaves, overflow),
        Code::Compare(comparison, sides) => {
            let (left, right) =
                (evaluate(&sides[0], leaves, overflow)?, evaluate(&sides[1], leaves, overflow)?);
            Some(Val::Bool(holds(*comparison, compare(&left, &right)?)))
        }
        Code::In(element, list) => member_of(element, list, leaves, overflow),
        Code::Sum(terms) => {
            let mut sum = Decimal::ZERO;
            for (subtract, term) in terms {
                let term = number(term, leaves, overflow)?;
                sum = fit(if *subtract { sum.minus(term) } else { sum.plus(term) }, overflow)?;
            }
            Some(Val::Number(sum))
        }
        Code::Product(factors) => product(factors, leaves, overflow),
        Code::If(parts) => {
            let chosen = if truth(&parts[0], leaves, overflow)? { &parts[1] } else { &parts[2] };
            evaluate(chosen, leaves, overflow)
        }
        Code::Negate(operand) => Some(Val::Number(number(operand, leaves, overflow)?.negated())),
        Code::Apply(function, arguments) => apply(*function, arguments, leaves, overflow),
        Code::Inside(place, area) => {
            let (lat, lon) = (number(&place[0], leaves, overflow)?, number(&place[1], leaves, overflow)?);
            Some(Val::Bool(area.contains(lat, lon)))
        }
    }
}

/// The truth of a condition; none if it is unknown.
pub(super) fn truth<L>(code: &Code<L>, leaves: &impl Leaves<L>, overflow: &mut bool) -> Option<bool> {
    match evaluate(code, leaves, overflow)? {
        Val::Bool(truth) => Some(truth),
        Val::Number(_) | Val::Text(_) => None,
    }
}

fn number<L>(code: &Code<L>, leaves: &impl Leaves<L>, overflow: &mut bool) -> Option<Decimal> {
    match evaluate(code, leaves, overflow)? {
        Val::Number(number) => Some(number),
        Val::Bool(_) | Val::Text(_) => None,
    }
}

/// A chain of `&&` or `||`: one operand that decides is enough, else an unknown one leaves it open.
fn joined<L>(
    operands: &[Code<L>],
    decides: bool,
    leaves: &impl Leaves<L>,
    overflow: &mut bool,
) -> Option<Val> {
    let mut open = false;
    for operand in operands {
        match truth(operand, leaves, overflow) {
            Some(truth) if truth == decides => return Some(Val::Bool(decides)),
            Some(_) => {}
            None => open = true,
        }
    }
    (!open).then_some(Val::Bool(!decides))
}

fn member_of<L>(
    element: &Code<L>,
    list: &[Code<L>],
    leaves: &impl Leaves<L>,
    overflow: &mut bool,
) -> Option<Val> {
    let element = evaluate(element, leaves, overflow)?;
    let mut open = false;
    for candidate in list {
        match evaluate(candidate, leaves, overflow) {
            Some(candidate) if candidate == element => return Some(Val::Bool(true)),
            Some(_) => {}
            None => open = true,
        }
    }
    (!open).then_some(Val::Bool(false))
}

fn compare(left: &Val, right: &Val) -> Option<Ordering> {
    match (left, right) {
        (Val::Number(left), Val::Number(right)) => Some(left.cmp(right)),
        // Bytes of UTF-8 are in the order of their code points.
        (Val::Text(left), Val::Text(right)) => Some(left.cmp(right)),
        (Val::Bool(left), Val::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn holds(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    }
}

fn product<L>(factors: &[(bool, Code<L>)], leaves: &impl Leaves<L>, overflow: &mut bool) -> Option<Val> {
    let mut product: Option<Decimal> = None;
    for (divide, factor) in factors {
        let factor = number(factor, leaves, overflow)?;
        product = Some(match product {
            None => factor,
            Some(before) if *divide => fit(before.divided_by(factor), overflow)?,
            Some(before) => fit(before.times(factor), overflow)?,
        });
    }
    product.map(Val::Number)
}

fn apply<L>(
    function: Function,
    arguments: &[Code<L>],
    leaves: &impl Leaves<L>,
    overflow: &mut bool,
) -> Option<Val> {
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        values.push(number(argument, leaves, overflow)?);
    }
    let (first, last) = (*values.first()?, *values.last()?);
    let result = match function {
        Function::Abs => Some(first.abs()),
        Function::Min => values.into_iter().min(),
        Function::Max => values.into_iter().max(),
        Function::Floor => fit(first.floor(), overflow),
        Function::Ceil => fit(first.negated().floor().map(Decimal::negated), overflow),
        Function::Round => fit(round(first, last), overflow),
    };
    result.map(Val::Number)
}

fn round(value: Decimal, digits: Decimal) -> Option<Decimal> {
    let digits = u32::try_from(digits.scaled(0)?).ok()?;
    Decimal::new(value.scaled(digits)?, digits)
}

fn fit(result: Option<Decimal>, overflow: &mut bool) -> Option<Decimal> {
    *overflow |= result.is_none();
    result
}
