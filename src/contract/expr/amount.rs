//! Amounts: the expressions of a payment's `amount` and `when`.

use std::{collections::BTreeMap, ops::Range};

use super::{
    ConditionScope, DeviceMeasure, Expression, ExpressionError, ExpressionValue, Function, MeasureScope,
    NameScope, SyntaxNode, TypedExpression, ValueType,
    check::{amount, condition, expected},
    condition::{find, spells, unknown},
    measure::{MeasureList, many_values},
    parse::{NodeKind, parse},
};
use crate::{contract::bucket::Bucket, decimal::Decimal, time::Span};

/// The meaning of a name or a call in an amount.
#[derive(Clone, Debug, PartialEq)]
pub enum AmountLeaf {
    /// How long the excursion counts, in seconds
    Duration,
    /// How long readings show the excursion, in seconds
    Proven,
    /// How long the excursion counts after what the term tolerates was used up, in seconds
    Beyond,
    /// When the excursion or bucket began
    Start,
    /// The excursion's value furthest outside
    Extreme,
    /// How far outside that was
    Excess,
    /// `'06:00'`: when the bucket began, by the contract's zone
    LocalTime,
    /// 1 (Monday) to 7: the day on which the bucket began
    Weekday,
    /// Whether the bucket began in working time
    Working,
    /// A measure, by place in the list of the amount
    Measured(usize),
    /// Whether a term is breached
    Breached(usize),
    /// How many excursions of a term breach
    Excursions(usize),
    /// How many readings a cadence missed
    Misses(usize),
    /// A field of an event, or its `time`
    Event(String, String),
}

/// What can be counted of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// `excursions(cold)`
    Excursions {
        /// Whether a part of one can be beyond what the term tolerates, which is a length of time then
        has_beyond: bool,
    },
    /// `misses(heartbeat)`
    Misses,
    /// Neither
    Nothing,
}

/// The names that an amount can use.
#[derive(Clone, Copy)]
pub struct AmountScope<'a> {
    /// The devices' fields: names and types
    pub devices: &'a [Vec<(String, ValueType)>],
    /// What conditions inside an amount can name besides fields
    pub constants: ConditionScope<'a>,
    /// The terms' ids, and what can be counted of each
    pub terms: &'a [(String, Counted)],
    /// That for which it is computed, once each; `None`: it is computed once for the whole period
    pub each: Option<&'a Bucket>,
    /// The unit in which lengths of time are paid
    pub resolution: Span,
    /// Whether the contract says which time is worked
    pub has_calendar: bool,
    /// The devices of each field that several have, none of which is meant by its name
    pub shared: &'a BTreeMap<String, String>,
}

/// The names that belong to what a payment is for, one by one.
const EACH_NAMES: [&str; 9] =
    ["duration", "proven", "beyond", "start", "extreme", "excess", "local_time", "weekday", "working"];

/// The names of one amount, with the measures that it has asked for.
struct AmountNames<'a> {
    scope: AmountScope<'a>,
    measures: MeasureList<'a>,
}

impl<'a> AmountNames<'a> {
    fn new(scope: &AmountScope<'a>) -> Self {
        let AmountScope { devices, constants, shared, .. } = *scope;
        let measured = MeasureScope { devices, on: None, constants, shared };
        Self { scope: *scope, measures: MeasureList::new(measured) }
    }

    fn term(&self, arguments: &[SyntaxNode], at: &Range<usize>) -> Result<usize, ExpressionError> {
        let [SyntaxNode { kind: NodeKind::Name(name), at: place }] = arguments else {
            return Err(ExpressionError::new(at, "expected the id of one term"));
        };
        let found = self.scope.terms.iter().position(|(id, _)| spells(id, name));
        found.ok_or_else(|| {
            ExpressionError::new(place, unknown(name, self.scope.terms.iter().map(|(id, _)| id)))
        })
    }

    /// `started(duration, 1h)`: units begun of a length, which is rounded down to the resolution.
    fn started(
        &self,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Result<TypedExpression<AmountLeaf>, ExpressionError> {
        let [length, unit] = arguments else {
            return Err(ExpressionError::new(
                at,
                "started takes a duration and a unit: started(duration, 1h)",
            ));
        };
        let mut codes = Vec::with_capacity(3);
        for node in [length, unit] {
            let part = amount(node, self)?;
            // As elsewhere, a constant number counts seconds.
            if part.ty != ValueType::Duration && !part.is_constant() {
                return Err(expected("a duration", part.ty, node));
            }
            codes.push(part.code);
        }
        if matches!(&codes[1], Expression::Constant(ExpressionValue::Number(unit)) if *unit <= Decimal::ZERO)
        {
            return Err(ExpressionError::new(&unit.at, "a unit has some length"));
        }
        let resolution = Decimal::new(self.scope.resolution.millis().into(), 3).unwrap_or(Decimal::ZERO);
        codes.push(Expression::Constant(ExpressionValue::Number(resolution)));
        Ok(TypedExpression::new(ValueType::Number, Expression::Apply(Function::Started, codes)))
    }

    fn each_name(&self, name: &str) -> Option<TypedExpression<AmountLeaf>> {
        let each = self.scope.each?;
        let (ty, leaf) = match (each, name) {
            (Bucket::Excursion(_), "duration") => (ValueType::Duration, AmountLeaf::Duration),
            (Bucket::Excursion(_), "proven") => (ValueType::Duration, AmountLeaf::Proven),
            (Bucket::Excursion(term), "beyond") if self.has_beyond(*term) => {
                (ValueType::Duration, AmountLeaf::Beyond)
            }
            (Bucket::Excursion(_), "extreme") => (ValueType::Number, AmountLeaf::Extreme),
            (Bucket::Excursion(_), "excess") => (ValueType::Number, AmountLeaf::Excess),
            (_, "start") => (ValueType::Instant, AmountLeaf::Start),
            (_, "local_time") if each.is_stretch() => (ValueType::Text, AmountLeaf::LocalTime),
            (_, "weekday") if each.is_stretch() => (ValueType::Number, AmountLeaf::Weekday),
            (_, "working") if each.is_stretch() && self.scope.has_calendar => {
                (ValueType::Bool, AmountLeaf::Working)
            }
            _ => return None,
        };
        Some(TypedExpression::new(ty, Expression::Leaf(leaf)))
    }

    fn has_beyond(&self, term: usize) -> bool {
        matches!(self.scope.terms.get(term), Some((_, Counted::Excursions { has_beyond: true })))
    }

    fn of_term(
        &self,
        name: &str,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Result<TypedExpression<AmountLeaf>, ExpressionError> {
        let term = self.term(arguments, at)?;
        let (id, counted) = &self.scope.terms[term];
        match (name, counted) {
            ("breached", _) => {
                Ok(TypedExpression::new(ValueType::Bool, Expression::Leaf(AmountLeaf::Breached(term))))
            }
            ("excursions", Counted::Excursions { .. }) => {
                Ok(TypedExpression::new(ValueType::Number, Expression::Leaf(AmountLeaf::Excursions(term))))
            }
            ("misses", Counted::Misses) => {
                Ok(TypedExpression::new(ValueType::Number, Expression::Leaf(AmountLeaf::Misses(term))))
            }
            _ => Err(ExpressionError::new(at, format!("the term {id} has no {name}"))),
        }
    }
}

impl NameScope for AmountNames<'_> {
    type Leaf = AmountLeaf;

    fn name(&self, name: &str) -> Result<TypedExpression<AmountLeaf>, String> {
        if let Some(typed) = self.each_name(name) {
            return Ok(typed);
        }
        if let Some(value) = find(self.scope.constants.values, name) {
            return Ok(TypedExpression::constant(ValueType::Number, ExpressionValue::Number(*value)));
        }
        if self.measures.scope.has_field(name) {
            return Err(many_values(name));
        }
        if let (Some(Bucket::Excursion(_)), "beyond") = (self.scope.each, name) {
            return Err(
                "`beyond` is what comes after a tolerated length of time: the term has no longer_than or total"
                    .to_owned(),
            );
        }
        if name == "working" && self.scope.each.is_some_and(Bucket::is_stretch) {
            return Err(
                "what is working time? [calendar] needs work = \"mon-fri 08:00-18:00\" or so".to_owned()
            );
        }
        if EACH_NAMES.contains(&name) {
            return Err(format!(
                "`{name}` belongs to an `each` (excursion of TERM, hour, day …) that this payment lacks"
            ));
        }
        Err(unknown(name, self.scope.constants.values.keys()))
    }

    fn call(
        &self,
        name: &str,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Option<Result<TypedExpression<AmountLeaf>, ExpressionError>> {
        if let Some(measure) = self.measures.call(name, arguments, at) {
            let leaf = |(ty, unit, place)| {
                TypedExpression::new(ty, Expression::Leaf(AmountLeaf::Measured(place))).with_unit(unit)
            };
            return Some(measure.map(leaf));
        }
        Some(match name {
            "started" => self.started(arguments, at),
            "breached" | "excursions" | "misses" => self.of_term(name, arguments, at),
            _ => return None,
        })
    }

    fn event(&self, event: &str, field: &str) -> Option<TypedExpression<AmountLeaf>> {
        let ty = if field == "time" { ValueType::Instant } else { ValueType::Number };
        Some(TypedExpression::new(
            ty,
            Expression::Leaf(AmountLeaf::Event(event.to_owned(), field.to_owned())),
        ))
    }

    fn is_clock(&self, leaf: &AmountLeaf) -> bool {
        *leaf == AmountLeaf::LocalTime
    }

    fn rounds(&self) -> bool {
        true
    }
}

/// A checked amount of money, or a checked `when`.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// The checked expression
    pub code: Expression<AmountLeaf>,
    /// What it asks of readings, each measure once
    pub measures: Vec<DeviceMeasure>,
}

impl Amount {
    /// Reads and checks an amount: a number.
    ///
    /// # Errors
    /// If the text is no amount in this scope, with the place.
    pub fn parse(text: &str, scope: &AmountScope) -> Result<Self, ExpressionError> {
        let names = AmountNames::new(scope);
        let code = amount(&parse(text)?, &names)?.code;
        Ok(Self { code, measures: names.measures.into_measures() })
    }

    /// Reads and checks the `when` of a payment: a condition.
    ///
    /// # Errors
    /// If the text is no condition in this scope, with the place.
    pub fn parse_when(text: &str, scope: &AmountScope) -> Result<Self, ExpressionError> {
        let names = AmountNames::new(scope);
        let code = condition(&parse(text)?, &names)?;
        Ok(Self { code, measures: names.measures.into_measures() })
    }

    /// Whether it depends on an event whose name is such.
    pub fn asks_event(&self, is_such: &impl Fn(&str) -> bool) -> bool {
        self.code.any(&|leaf| matches!(leaf, AmountLeaf::Event(name, _) if is_such(name)))
    }

    /// Whether it depends on what is known in the end only: events, or the results of terms.
    pub fn waits(&self) -> bool {
        self.asks_event(&|_| true) || self.asks_terms()
    }

    fn asks_terms(&self) -> bool {
        self.code.any(&|leaf| {
            matches!(leaf, AmountLeaf::Breached(_) | AmountLeaf::Excursions(_) | AmountLeaf::Misses(_))
        })
    }
}
