//! The types of sums and products: what can be added, subtracted, multiplied and divided.

use super::{NameScope, Operand, TypedExpression, amount, check, common, expected, met};
use crate::{
    contract::expr::{Expression, ExpressionError, ExpressionValue, NumberUnit, SyntaxNode, ValueType},
    decimal::Decimal,
};

pub(super) fn sum<S: NameScope>(
    terms: &[(bool, SyntaxNode)],
    scope: &S,
) -> Result<TypedExpression<S::Leaf>, ExpressionError> {
    let mut codes = Vec::with_capacity(terms.len());
    let mut so_far: Option<Operand> = None;
    let mut unit = NumberUnit::Bare;
    for (subtract, node) in terms {
        let term = check(node, scope)?;
        match term.ty {
            ValueType::Text => {
                return Err(ExpressionError::new(&node.at, "text is not joined: expected a number"));
            }
            ValueType::Bool => return Err(expected("a number", term.ty, node)),
            ValueType::Number | ValueType::Duration | ValueType::Instant => {}
        }
        unit = met(if *subtract { "subtract" } else { "add" }, &unit, &term.unit, &node.at)?;
        so_far = Some(match so_far {
            None => term.operand(),
            Some(before) => added(before, term.operand(), *subtract).ok_or_else(|| {
                let verb = if *subtract { "subtract" } else { "add" };
                ExpressionError::new(&node.at, format!("cannot {verb} {} and {}", before.ty, term.ty))
            })?,
        });
        codes.push((*subtract, term.code));
    }
    let ty = so_far.map_or(ValueType::Number, |sum| sum.ty);
    Ok(TypedExpression::new(ty, Expression::Sum(codes)).with_unit(unit))
}

/// What two terms come to; what has been summed is as constant as all its terms.
fn added(left: Operand, right: Operand, subtract: bool) -> Option<Operand> {
    let ty = match (left.ty, right.ty) {
        (ValueType::Instant, ValueType::Instant) => subtract.then_some(ValueType::Duration),
        (ValueType::Instant, ValueType::Duration) => Some(ValueType::Instant),
        (ValueType::Duration, ValueType::Instant) => (!subtract).then_some(ValueType::Instant),
        _ => common(left, right),
    };
    Some(Operand { ty: ty?, constant: left.constant && right.constant })
}

pub(super) fn product<S: NameScope>(
    factors: &[(bool, SyntaxNode)],
    scope: &S,
) -> Result<TypedExpression<S::Leaf>, ExpressionError> {
    let mut codes = Vec::with_capacity(factors.len());
    let (mut ty, mut unit) = (None, NumberUnit::Bare);
    for (divide, node) in factors {
        if *divide && !scope.rounds() {
            return Err(ExpressionError::new(
                &node.at,
                "a condition does not divide: multiply the other side instead",
            ));
        }
        let factor = amount(node, scope)?;
        if *divide && is_zero(&factor.code) {
            return Err(ExpressionError::new(&node.at, "it divides by zero"));
        }
        ty = Some(match (ty, factor.ty, divide) {
            (None, first, _) => first,
            (Some(ValueType::Duration), ValueType::Duration, true)
            | (Some(ValueType::Number), ValueType::Number, _) => ValueType::Number,
            (Some(ValueType::Duration), ValueType::Number, _)
            | (Some(ValueType::Number), ValueType::Duration, false) => ValueType::Duration,
            (Some(before), other, _) => {
                let verb = if *divide { "divide" } else { "multiply" };
                return Err(ExpressionError::new(&node.at, format!("cannot {verb} {before} by {other}")));
            }
        });
        // In an amount a quantity times its price is money, and of two units divided nothing is left.
        unit = if scope.rounds() { NumberUnit::Bare } else { unit.times(&factor.unit) };
        codes.push((*divide, factor.code));
    }
    let ty = ty.unwrap_or(ValueType::Number);
    Ok(TypedExpression::new(ty, Expression::Product(codes)).with_unit(unit))
}

/// Whether it is zero whatever is measured: nobody could be paid what is divided by it.
fn is_zero<L>(code: &Expression<L>) -> bool {
    matches!(code, Expression::Constant(ExpressionValue::Number(number)) if *number == Decimal::ZERO)
}
