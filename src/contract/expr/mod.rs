//! The expression language of contracts: a subset of CEL on exact decimals.
//!
//! ```text
//! temperature >= 2.0 && temperature <= 8.0        a condition
//! ceil((duration - 1800) / 1800) * 250.00         an amount
//! ```
//!
//! Text becomes a [`SyntaxNode`] ([`parse`]), a scope gives its names a meaning and a type ([`check`]), and
//! the result is an [`Expression`] that can be evaluated on the values of an instant ([`eval`]). Every
//! expression ends, in time linear in its size: there are no loops, no clock and no user functions.
//!
//! Syntax: <https://github.com/google/cel-spec/blob/master/doc/langdef.md>.

mod amount;
mod area;
mod bounds;
mod calc;
mod check;
mod condition;
mod eval;
mod lex;
mod margin;
mod measure;
mod parse;
pub(super) mod representative;
mod unit;

use std::{fmt, ops::Range, sync::Arc};

pub use amount::{Amount, AmountLeaf, AmountScope, Counted};
pub use area::{Area, BadArea};
pub use bounds::{Bounds, LeafBounds, bounds, decide};
pub use check::{NameScope, TypedExpression};
pub use condition::{Condition, ConditionScope};
pub use eval::{LeafValues, evaluate};
pub use margin::{Margin, holds_at};
pub use measure::{DeviceMeasure, Measure, MeasureCondition, MeasureScope};
pub use parse::{MAX_DEPTH, MAX_LENGTH, MAX_NODES, SyntaxNode, parse};
pub use unit::NumberUnit;

use crate::decimal::Decimal;

/// The value of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpressionValue {
    /// A number, a number of seconds, or an instant in seconds since 1970
    Number(Decimal),
    /// Text
    Text(Arc<str>),
    /// A truth value
    Bool(bool),
}

/// The type of an expression's value, known before anything runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// An exact decimal
    Number,
    /// A length of time: `30m`, `duration`, `seconds(…)`. As a number it counts seconds
    Duration,
    /// A point in time: `start`, `event('delivered').time`
    Instant,
    /// Text
    Text,
    /// A truth value
    Bool,
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "a number",
            Self::Duration => "a duration",
            Self::Instant => "an instant",
            Self::Text => "text",
            Self::Bool => "a condition",
        })
    }
}

/// How two values can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOperator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl fmt::Display for CompareOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        })
    }
}

/// A checked expression: names are resolved, types agree, constants are folded.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression<L> {
    /// A value known before anything runs
    Constant(ExpressionValue),
    /// What the scope's names stand for
    Leaf(L),
    /// Whether a leaf has a value: `has(field)`
    Known(L),
    /// `!a`
    Not(Box<Expression<L>>),
    /// `a && b && …`
    And(Vec<Expression<L>>),
    /// `a || b || …`
    Or(Vec<Expression<L>>),
    /// `a < b` and its like
    Compare(CompareOperator, Box<[Expression<L>; 2]>),
    /// `a in [b, …]`
    In(Box<Expression<L>>, Vec<Expression<L>>),
    /// Terms added, or subtracted where the flag says so
    Sum(Vec<(bool, Expression<L>)>),
    /// Factors multiplied, or divided by where the flag says so
    Product(Vec<(bool, Expression<L>)>),
    /// `condition ? yes : no`
    If(Box<[Expression<L>; 3]>),
    /// `-a`
    Negate(Box<Expression<L>>),
    /// `abs(a)`, `floor(a)` …
    Apply(Function, Vec<Expression<L>>),
    /// `inside(lat, lon, area)`
    Inside(Box<[Expression<L>; 2]>, Arc<Area>),
}

impl<L> Expression<L> {
    /// Whether one of its leaves is such.
    pub fn any(&self, is_such: &impl Fn(&L) -> bool) -> bool {
        let any = |code: &Self| code.any(is_such);
        match self {
            Self::Constant(_) => false,
            Self::Leaf(leaf) | Self::Known(leaf) => is_such(leaf),
            Self::Not(a) | Self::Negate(a) => any(a),
            Self::And(parts) | Self::Or(parts) | Self::Apply(_, parts) => parts.iter().any(any),
            Self::Compare(_, sides) | Self::Inside(sides, _) => sides.iter().any(any),
            Self::In(element, list) => any(element) || list.iter().any(any),
            Self::Sum(parts) | Self::Product(parts) => parts.iter().any(|(_, part)| any(part)),
            Self::If(parts) => parts.iter().any(any),
        }
    }
}

/// Functions of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Distance from zero
    Abs,
    /// The least argument
    Min,
    /// The greatest argument
    Max,
    /// The next integer below
    Floor,
    /// The next integer above
    Ceil,
    /// To so many digits, half to even
    Round,
    /// How many units of a length are begun, the length being rounded down to another unit, of whole seconds
    Started,
}

/// An error in an expression, and its place in the text (in bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError {
    /// The part that is wrong
    pub at: Range<usize>,
    /// A sentence
    pub message: String,
}

impl ExpressionError {
    fn new(at: &Range<usize>, message: impl Into<String>) -> Self {
        Self { at: at.clone(), message: message.into() }
    }
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at column {}", self.message, self.at.start + 1)
    }
}

impl std::error::Error for ExpressionError {}
