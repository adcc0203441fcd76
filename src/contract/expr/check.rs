//! Type checks: the type of every part of an expression, before anything runs.

mod arithmetic;
mod call;

use std::ops::Range;

use self::{
    arithmetic::{product, sum},
    call::{call, event_field},
};
use super::{
    CompareOperator, Expression, ExpressionError, ExpressionValue, LeafValues, NumberUnit, SyntaxNode,
    ValueType, evaluate, parse::NodeKind, unit::apart,
};

/// The meaning of names and calls in one place of a contract.
pub trait NameScope {
    /// What a name can stand for besides constants
    type Leaf: Clone;

    /// The meaning of a name; what the name could be instead, if it means nothing.
    ///
    /// # Errors
    /// A sentence.
    fn name(&self, name: &str) -> Result<TypedExpression<Self::Leaf>, String>;

    /// The meaning of a call that is not one of the functions of numbers; `None`: there is no such function.
    fn call(
        &self,
        name: &str,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Option<Result<TypedExpression<Self::Leaf>, ExpressionError>>;

    /// The meaning of `event('delivered').field`; `None`: the scope has no events.
    fn event(&self, event: &str, field: &str) -> Option<TypedExpression<Self::Leaf>>;

    /// Whether a leaf is a time of day as `'06:00'`.
    fn is_clock(&self, _leaf: &Self::Leaf) -> bool {
        false
    }

    /// Whether there are `/`, `floor`, `ceil` and `round`: results that need rounding.
    fn rounds(&self) -> bool;
}

/// A checked part: its type, and whether it is known before anything runs.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedExpression<L> {
    /// Its type
    pub ty: ValueType,
    /// The unit of a number
    pub unit: NumberUnit,
    /// The expression
    pub code: Expression<L>,
}

impl<L> TypedExpression<L> {
    pub(super) fn new(ty: ValueType, code: Expression<L>) -> Self {
        Self { ty, unit: NumberUnit::Bare, code }
    }

    pub(super) fn with_unit(self, unit: NumberUnit) -> Self {
        Self { unit, ..self }
    }

    pub(super) fn constant(ty: ValueType, value: ExpressionValue) -> Self {
        Self::new(ty, Expression::Constant(value))
    }

    pub(super) fn is_constant(&self) -> bool {
        matches!(self.code, Expression::Constant(_))
    }

    fn operand(&self) -> Operand {
        Operand { ty: self.ty, constant: self.is_constant() }
    }
}

/// What decides whether two parts can meet.
#[derive(Clone, Copy)]
struct Operand {
    ty: ValueType,
    constant: bool,
}

/// Gives every part its type.
pub(super) fn check<S: NameScope>(
    node: &SyntaxNode,
    scope: &S,
) -> Result<TypedExpression<S::Leaf>, ExpressionError> {
    let typed = match &node.kind {
        NodeKind::Number(number) => {
            TypedExpression::constant(ValueType::Number, ExpressionValue::Number(*number))
        }
        NodeKind::Seconds(seconds) => {
            TypedExpression::constant(ValueType::Duration, ExpressionValue::Number(*seconds))
        }
        NodeKind::Text(text) => {
            TypedExpression::constant(ValueType::Text, ExpressionValue::Text(text.as_str().into()))
        }
        NodeKind::Bool(truth) => TypedExpression::constant(ValueType::Bool, ExpressionValue::Bool(*truth)),
        NodeKind::Name(name) => scope.name(name).map_err(|why| ExpressionError::new(&node.at, why))?,
        NodeKind::Not(operand) => {
            TypedExpression::new(ValueType::Bool, Expression::Not(Box::new(condition(operand, scope)?)))
        }
        NodeKind::And(operands) => {
            TypedExpression::new(ValueType::Bool, Expression::And(conditions(operands, scope)?))
        }
        NodeKind::Or(operands) => {
            TypedExpression::new(ValueType::Bool, Expression::Or(conditions(operands, scope)?))
        }
        NodeKind::Compare(comparison, sides) => compare(*comparison, sides, scope)?,
        NodeKind::In(element, list) => member_of(element, list, scope)?,
        NodeKind::Negate(operand) => {
            let operand = amount(operand, scope)?;
            TypedExpression::new(operand.ty, Expression::Negate(Box::new(operand.code)))
                .with_unit(operand.unit)
        }
        NodeKind::Sum(terms) => sum(terms, scope)?,
        NodeKind::Product(factors) => product(factors, scope)?,
        NodeKind::If(parts) => choice(parts, scope)?,
        NodeKind::Call(name, arguments) => call(name, arguments, &node.at, scope)?,
        NodeKind::Member(object, field) => event_field(object, field, scope)?,
    };
    fold(typed, &node.at)
}

/// A part that must be a condition.
pub(super) fn condition<S: NameScope>(
    node: &SyntaxNode,
    scope: &S,
) -> Result<Expression<S::Leaf>, ExpressionError> {
    let typed = check(node, scope)?;
    if typed.ty == ValueType::Bool { Ok(typed.code) } else { Err(expected("a condition", typed.ty, node)) }
}

/// A part that must be a number or a duration.
pub(super) fn amount<S: NameScope>(
    node: &SyntaxNode,
    scope: &S,
) -> Result<TypedExpression<S::Leaf>, ExpressionError> {
    let typed = check(node, scope)?;
    match typed.ty {
        ValueType::Number | ValueType::Duration => Ok(typed),
        other => Err(expected("a number", other, node)),
    }
}

pub(super) fn expected(wanted: &str, found: ValueType, node: &SyntaxNode) -> ExpressionError {
    ExpressionError::new(&node.at, format!("expected {wanted}, found {found}"))
}

fn conditions<S: NameScope>(
    nodes: &[SyntaxNode],
    scope: &S,
) -> Result<Vec<Expression<S::Leaf>>, ExpressionError> {
    nodes.iter().map(|node| condition(node, scope)).collect()
}

fn compare<S: NameScope>(
    comparison: CompareOperator,
    sides: &[SyntaxNode; 2],
    scope: &S,
) -> Result<TypedExpression<S::Leaf>, ExpressionError> {
    let (left, right) = (check(&sides[0], scope)?, check(&sides[1], scope)?);
    let ty = common(left.operand(), right.operand()).ok_or_else(|| {
        let at = sides[0].at.start..sides[1].at.end;
        ExpressionError::new(&at, format!("cannot compare {} with {}", left.ty, right.ty))
    })?;
    met("compare", &left.unit, &right.unit, &(sides[0].at.start..sides[1].at.end))?;
    meets_clock(&left, &right, &sides[1], scope)?;
    meets_clock(&right, &left, &sides[0], scope)?;
    let ordered = !matches!(comparison, CompareOperator::Equal | CompareOperator::NotEqual);
    if ordered && ty == ValueType::Bool {
        let message = format!("`{comparison}` does not order conditions; `==` and `!=` compare them");
        return Err(ExpressionError::new(&(sides[0].at.start..sides[1].at.end), message));
    }
    Ok(TypedExpression::new(
        ValueType::Bool,
        Expression::Compare(comparison, Box::new([left.code, right.code])),
    ))
}

/// The type of two operands that can meet. A duration counts seconds, so a constant number can meet it, but
/// a field that happens to be a number cannot.
fn common(left: Operand, right: Operand) -> Option<ValueType> {
    match (left.ty, right.ty) {
        (a, b) if a == b => Some(a),
        (ValueType::Duration, ValueType::Number) if right.constant => Some(ValueType::Duration),
        (ValueType::Number, ValueType::Duration) if left.constant => Some(ValueType::Duration),
        _ => None,
    }
}

/// The unit of two parts that meet.
fn met(
    verb: &str,
    left: &NumberUnit,
    right: &NumberUnit,
    at: &Range<usize>,
) -> Result<NumberUnit, ExpressionError> {
    left.met(right).ok_or_else(|| ExpressionError::new(at, apart(verb, left, right)))
}

/// Times of day are compared as text, in which '9:00' is later than '10:00': text that is none would decide wrongly.
fn meets_clock<S: NameScope>(
    clock: &TypedExpression<S::Leaf>,
    other: &TypedExpression<S::Leaf>,
    node: &SyntaxNode,
    scope: &S,
) -> Result<(), ExpressionError> {
    match (&clock.code, &other.code) {
        (Expression::Leaf(leaf), Expression::Constant(ExpressionValue::Text(text)))
            if scope.is_clock(leaf) && !is_time_of_day(text) =>
        {
            let message = format!("'{text}' is no time of day such as '06:00', '22:30' or '24:00'");
            Err(ExpressionError::new(&node.at, message))
        }
        _ => Ok(()),
    }
}

/// Whether a text is `00:00` to `24:00`.
fn is_time_of_day(text: &str) -> bool {
    let is_two = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once(':').is_some_and(|(hour, minute)| {
        is_two(hour) && is_two(minute) && minute < "60" && (hour < "24" || text == "24:00")
    })
}

fn member_of<S: NameScope>(
    element: &SyntaxNode,
    list: &[SyntaxNode],
    scope: &S,
) -> Result<TypedExpression<S::Leaf>, ExpressionError> {
    let element = check(element, scope)?;
    let mut codes = Vec::with_capacity(list.len());
    for node in list {
        let candidate = check(node, scope)?;
        if common(element.operand(), candidate.operand()).is_none() {
            return Err(expected(&element.ty.to_string(), candidate.ty, node));
        }
        met("compare", &element.unit, &candidate.unit, &node.at)?;
        meets_clock(&element, &candidate, node, scope)?;
        codes.push(candidate.code);
    }
    Ok(TypedExpression::new(ValueType::Bool, Expression::In(Box::new(element.code), codes)))
}

fn choice<S: NameScope>(
    parts: &[SyntaxNode; 3],
    scope: &S,
) -> Result<TypedExpression<S::Leaf>, ExpressionError> {
    let question = condition(&parts[0], scope)?;
    let (yes, no) = (check(&parts[1], scope)?, check(&parts[2], scope)?);
    let ty = common(yes.operand(), no.operand()).ok_or_else(|| {
        let at = parts[1].at.start..parts[2].at.end;
        ExpressionError::new(&at, format!("one branch is {}, the other {}", yes.ty, no.ty))
    })?;
    let unit = met("choose between", &yes.unit, &no.unit, &(parts[1].at.start..parts[2].at.end))?;
    let code = Expression::If(Box::new([question, yes.code, no.code]));
    Ok(TypedExpression::new(ty, code).with_unit(unit))
}

/// What is known before anything runs is computed once.
fn fold<L: Clone>(
    typed: TypedExpression<L>,
    at: &Range<usize>,
) -> Result<TypedExpression<L>, ExpressionError> {
    if typed.is_constant() || typed.code.any(&|_| true) {
        return Ok(typed);
    }
    match evaluate(&typed.code, &Nothing, &mut false) {
        Some(value) => Ok(TypedExpression::constant(typed.ty, value)),
        None => Err(ExpressionError::new(at, "a constant that does not fit a decimal, or divides by zero")),
    }
}

/// Where constants are folded no leaf is asked.
struct Nothing;

impl<L> LeafValues<L> for Nothing {
    fn value(&self, _: &L) -> Option<ExpressionValue> {
        None
    }
}
