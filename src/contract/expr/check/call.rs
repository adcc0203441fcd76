//! The types of calls: functions of numbers, and the fields of events.

use std::ops::Range;

use super::{NameScope, TypedExpression, amount, common, expected, met};
use crate::contract::expr::{
    Expression, ExpressionError, ExpressionValue, Function, SyntaxNode, ValueType, parse::NodeKind,
};

pub(super) fn call<S: NameScope>(
    name: &str,
    arguments: &[SyntaxNode],
    at: &Range<usize>,
    scope: &S,
) -> Result<TypedExpression<S::Leaf>, ExpressionError> {
    if let Some(result) = scope.call(name, arguments, at) {
        return result;
    }
    let (function, wanted) = match name {
        "abs" => (Function::Abs, 1..=1),
        "min" => (Function::Min, 2..=usize::MAX),
        "max" => (Function::Max, 2..=usize::MAX),
        "floor" if scope.rounds() => (Function::Floor, 1..=1),
        "ceil" if scope.rounds() => (Function::Ceil, 1..=1),
        "round" if scope.rounds() => (Function::Round, 2..=2),
        _ => return Err(ExpressionError::new(at, format!("there is no function `{name}` here"))),
    };
    if !wanted.contains(&arguments.len()) {
        let least = wanted.start();
        let count = if least == wanted.end() { least.to_string() } else { format!("at least {least}") };
        return Err(ExpressionError::new(
            at,
            format!("`{name}` takes {count} arguments, found {}", arguments.len()),
        ));
    }
    apply(function, arguments, scope)
}

fn apply<S: NameScope>(
    function: Function,
    arguments: &[SyntaxNode],
    scope: &S,
) -> Result<TypedExpression<S::Leaf>, ExpressionError> {
    let first = amount(&arguments[0], scope)?;
    let (mut ty, mut unit) = (first.ty, first.unit.clone());
    let mut codes = vec![first.code.clone()];
    for node in &arguments[1..] {
        let next = amount(node, scope)?;
        if function == Function::Round {
            let digits = matches!(&next.code, Expression::Constant(ExpressionValue::Number(n)) if n.scaled(0).is_some_and(|d| (0..=18).contains(&d)));
            if !digits || next.ty != ValueType::Number {
                return Err(ExpressionError::new(
                    &node.at,
                    "round takes a constant number of digits from 0 to 18",
                ));
            }
        } else {
            ty = common(first.operand(), next.operand())
                .ok_or_else(|| expected(&first.ty.to_string(), next.ty, node))?;
            unit = met("choose between", &unit, &next.unit, &node.at)?;
        }
        codes.push(next.code);
    }
    Ok(TypedExpression::new(ty, Expression::Apply(function, codes)).with_unit(unit))
}

pub(super) fn event_field<S: NameScope>(
    object: &SyntaxNode,
    field: &str,
    scope: &S,
) -> Result<TypedExpression<S::Leaf>, ExpressionError> {
    let event = match &object.kind {
        NodeKind::Call(name, arguments) if name == "event" => match arguments.as_slice() {
            [SyntaxNode { kind: NodeKind::Text(event), .. }] => Some(event),
            _ => None,
        },
        _ => None,
    };
    let found = event.and_then(|event| scope.event(event, field));
    found.ok_or_else(|| {
        ExpressionError::new(&object.at, "only an event of an amount has fields: event('delivered').time")
    })
}
