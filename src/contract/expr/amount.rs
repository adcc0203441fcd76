//! Amounts: the expressions of a payment's `amount` and `when`.

use std::{collections::BTreeMap, ops::Range};

use super::{
    Condition, ConditionScope, Expression, ExpressionError, ExpressionValue, Function, NameScope, SyntaxNode,
    TypedExpression, ValueType,
    check::{amount, condition, expected},
    condition::{find, spells, unknown},
    parse::{NodeKind, parse},
};
use crate::{decimal::Decimal, time::Span};

/// A number taken over the values of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The greatest value
    Max,
    /// The least value
    Min,
    /// All values added
    Sum,
    /// Their mean
    Avg,
    /// The first value
    First,
    /// The last value
    Last,
    /// The sum of a counter's increases
    Delta,
}

/// That for which an amount is computed, once each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// An excursion of the term with this place
    Excursion(usize),
    /// An hour of the contract's zone
    Hour,
    /// A day of the contract's zone
    Day,
}

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
    /// A measure of a device's field
    Field(Measure, usize, usize),
    /// How many readings a device gave
    Readings(usize),
    /// How many readings of a device meet a condition
    CountWhere(usize, Box<Condition>),
    /// For how many seconds a condition held
    SecondsWhere(usize, Box<Condition>),
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
    pub each: Option<Bucket>,
    /// The unit in which lengths of time are paid
    pub resolution: Span,
}

impl AmountScope<'_> {
    fn values(&self) -> &BTreeMap<String, Decimal> {
        self.constants.values
    }

    fn term(&self, arguments: &[SyntaxNode], at: &Range<usize>) -> Result<usize, ExpressionError> {
        let [SyntaxNode { kind: NodeKind::Name(name), at: place }] = arguments else {
            return Err(ExpressionError::new(at, "expected the id of one term"));
        };
        let found = self.terms.iter().position(|(id, _)| spells(id, name));
        found.ok_or_else(|| ExpressionError::new(place, unknown(name, self.terms.iter().map(|(id, _)| id))))
    }

    fn measure(
        &self,
        measure: Measure,
        name: &str,
        place: &Range<usize>,
    ) -> Result<TypedExpression<AmountLeaf>, ExpressionError> {
        let mut found = None;
        for (device, fields) in self.devices.iter().enumerate() {
            if let Some(field) = fields.iter().position(|(id, _)| spells(id, name)) {
                found = Some((device, field, fields[field].1));
            }
        }
        let fields = self.devices.iter().flatten().map(|(id, _)| id);
        let (device, field, ty) = found.ok_or_else(|| ExpressionError::new(place, unknown(name, fields)))?;
        let orders_only = !matches!(measure, Measure::First | Measure::Last);
        if orders_only && ty != ValueType::Number {
            return Err(ExpressionError::new(place, format!("expected a number, found {ty}")));
        }
        Ok(TypedExpression::new(ty, Expression::Leaf(AmountLeaf::Field(measure, device, field))))
    }

    /// `count(condition)` and `seconds(condition)`: all fields of the condition are one device's.
    fn counted(&self, node: &SyntaxNode) -> Result<(usize, Box<Condition>), ExpressionError> {
        let mut first_fault = None;
        for (device, fields) in self.devices.iter().enumerate() {
            match Condition::of(node, &ConditionScope { fields, ..self.constants }) {
                Ok(condition) => return Ok((device, Box::new(condition))),
                Err(fault) => first_fault = first_fault.or(Some(fault)),
            }
        }
        Err(first_fault.unwrap_or_else(|| ExpressionError::new(&node.at, "there is no device")))
    }

    fn readings(&self, at: &Range<usize>) -> Result<TypedExpression<AmountLeaf>, ExpressionError> {
        match self.devices.len() {
            1 => Ok(TypedExpression::new(ValueType::Number, Expression::Leaf(AmountLeaf::Readings(0)))),
            _ => Err(ExpressionError::new(at, "count() of which device? count(has(field)) says it")),
        }
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
        let resolution = Decimal::new(self.resolution.millis().into(), 3).unwrap_or(Decimal::ZERO);
        codes.push(Expression::Constant(ExpressionValue::Number(resolution)));
        Ok(TypedExpression::new(ValueType::Number, Expression::Apply(Function::Started, codes)))
    }

    fn each_name(&self, name: &str) -> Option<TypedExpression<AmountLeaf>> {
        let (ty, leaf) = match (self.each?, name) {
            (Bucket::Excursion(_), "duration") => (ValueType::Duration, AmountLeaf::Duration),
            (Bucket::Excursion(_), "proven") => (ValueType::Duration, AmountLeaf::Proven),
            (Bucket::Excursion(term), "beyond") if self.has_beyond(term) => {
                (ValueType::Duration, AmountLeaf::Beyond)
            }
            (Bucket::Excursion(_), "extreme") => (ValueType::Number, AmountLeaf::Extreme),
            (Bucket::Excursion(_), "excess") => (ValueType::Number, AmountLeaf::Excess),
            (_, "start") => (ValueType::Instant, AmountLeaf::Start),
            (Bucket::Hour | Bucket::Day, "local_time") => (ValueType::Text, AmountLeaf::LocalTime),
            (Bucket::Hour | Bucket::Day, "weekday") => (ValueType::Number, AmountLeaf::Weekday),
            _ => return None,
        };
        Some(TypedExpression::new(ty, Expression::Leaf(leaf)))
    }

    fn has_beyond(&self, term: usize) -> bool {
        matches!(self.terms.get(term), Some((_, Counted::Excursions { has_beyond: true })))
    }

    fn of_term(
        &self,
        name: &str,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Result<TypedExpression<AmountLeaf>, ExpressionError> {
        let term = self.term(arguments, at)?;
        let (id, counted) = &self.terms[term];
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

fn measure_named(name: &str) -> Option<Measure> {
    Some(match name {
        "max" => Measure::Max,
        "min" => Measure::Min,
        "sum" => Measure::Sum,
        "avg" => Measure::Avg,
        "first" => Measure::First,
        "last" => Measure::Last,
        "delta" => Measure::Delta,
        _ => return None,
    })
}

impl NameScope for AmountScope<'_> {
    type Leaf = AmountLeaf;

    fn name(&self, name: &str) -> Result<TypedExpression<AmountLeaf>, String> {
        if let Some(typed) = self.each_name(name) {
            return Ok(typed);
        }
        if let Some(value) = find(self.values(), name) {
            return Ok(TypedExpression::constant(ValueType::Number, ExpressionValue::Number(*value)));
        }
        if self.devices.iter().flatten().any(|(id, _)| spells(id, name)) {
            return Err(format!(
                "a field has many values: max({name}), last({name}) or sum({name}) is one number"
            ));
        }
        if let (Some(Bucket::Excursion(_)), "beyond") = (self.each, name) {
            return Err(
                "`beyond` is what comes after a tolerated length of time: the term has no longer_than or total"
                    .to_owned(),
            );
        }
        if matches!(
            name,
            "duration" | "proven" | "beyond" | "start" | "extreme" | "excess" | "local_time" | "weekday"
        ) {
            return Err(format!(
                "`{name}` belongs to an `each` (excursion of TERM, hour, day) that this payment lacks"
            ));
        }
        Err(unknown(name, self.values().keys()))
    }

    fn call(
        &self,
        name: &str,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Option<Result<TypedExpression<AmountLeaf>, ExpressionError>> {
        if let (Some(measure), [SyntaxNode { kind: NodeKind::Name(field), at: place }]) =
            (measure_named(name), arguments)
        {
            return Some(self.measure(measure, field, place));
        }
        Some(match (name, arguments) {
            ("count", []) => self.readings(at),
            ("count", [node]) => self.counted(node).map(|(device, condition)| {
                TypedExpression::new(
                    ValueType::Number,
                    Expression::Leaf(AmountLeaf::CountWhere(device, condition)),
                )
            }),
            ("seconds", [node]) => self.counted(node).map(|(device, condition)| {
                TypedExpression::new(
                    ValueType::Duration,
                    Expression::Leaf(AmountLeaf::SecondsWhere(device, condition)),
                )
            }),
            ("started", _) => self.started(arguments, at),
            ("breached" | "excursions" | "misses", _) => self.of_term(name, arguments, at),
            ("max" | "min", [_, _, ..]) => return None,
            _ if measure_named(name).is_some() || matches!(name, "count" | "seconds") => {
                Err(ExpressionError::new(at, format!("expected one field or condition: {name}(…)")))
            }
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

    fn rounds(&self) -> bool {
        true
    }
}

/// A checked amount of money, or a checked `when`.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// The checked expression
    pub code: Expression<AmountLeaf>,
}

impl Amount {
    /// Reads and checks an amount: a number.
    ///
    /// # Errors
    /// If the text is no amount in this scope, with the place.
    pub fn parse(text: &str, scope: &AmountScope) -> Result<Self, ExpressionError> {
        Ok(Self { code: amount(&parse(text)?, scope)?.code })
    }

    /// Whether it depends on readings or events.
    pub fn measures(&self) -> bool {
        self.code.any(&|leaf| {
            let measure =
                matches!(leaf, AmountLeaf::Field(..) | AmountLeaf::Readings(_) | AmountLeaf::Event(..));
            measure || matches!(leaf, AmountLeaf::CountWhere(..) | AmountLeaf::SecondsWhere(..))
        })
    }

    /// Whether it depends on the results of terms.
    pub fn asks_terms(&self) -> bool {
        self.code.any(&|leaf| {
            matches!(leaf, AmountLeaf::Breached(_) | AmountLeaf::Excursions(_) | AmountLeaf::Misses(_))
        })
    }

    /// Reads and checks the `when` of a payment: a condition.
    ///
    /// # Errors
    /// If the text is no condition in this scope, with the place.
    pub fn parse_when(text: &str, scope: &AmountScope) -> Result<Self, ExpressionError> {
        Ok(Self { code: condition(&parse(text)?, scope)? })
    }
}
