//! Measures: numbers taken over the values that a device has in a stretch of time.
//!
//! ```text
//! max(temperature) <= 8.0 && count(door == 'open') < 5         a condition over them
//! delta(energy) * 0.25 + seconds(on) / 3600 * 1.20             an amount made of them
//! ```

use std::{cell::RefCell, collections::BTreeMap, ops::Range};

use super::{
    Condition, ConditionScope, Expression, ExpressionError, ExpressionValue, LeafBounds, Margin, NameScope,
    NumberUnit, SyntaxNode, TypedExpression, ValueType,
    bounds::decide,
    check::condition,
    condition::{find, spells, unknown},
    eval::evaluate,
    parse::{NodeKind, parse},
};
use crate::{decimal::Decimal, time::Span};

/// What is taken over the values of a device. Fields are places in its list.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// The greatest value of a field
    Max(usize),
    /// The least value
    Min(usize),
    /// The values of all readings added
    Sum(usize),
    /// The mean, by how long each value held
    Avg(usize),
    /// The first value that was read
    First(usize),
    /// The last one
    Last(usize),
    /// The sum of a counter's increases
    Delta(usize),
    /// The mean kinetic temperature
    Kinetic(usize),
    /// The largest increase within such a time
    Rise(usize, Span),
    /// How many readings there were
    Readings,
    /// How many of them met a condition
    CountWhere(Box<Condition>),
    /// For how many seconds a condition held
    SecondsWhere(Box<Condition>),
}

/// A measure of one of the contract's devices, by place.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceMeasure {
    /// Which device
    pub device: usize,
    /// What is taken over its values
    pub measure: Measure,
}

/// What measures can name.
#[derive(Clone, Copy)]
pub struct MeasureScope<'a> {
    /// The devices' fields: names and types
    pub devices: &'a [Vec<(String, ValueType)>],
    /// The one device that is meant; `None`: any that has such a field
    pub on: Option<usize>,
    /// What conditions inside a measure can name besides fields
    pub constants: ConditionScope<'a>,
    /// The devices of each field that several have, none of which is meant by its name
    pub shared: &'a BTreeMap<String, String>,
}

impl<'a> MeasureScope<'a> {
    fn devices(&self) -> impl Iterator<Item = (usize, &'a [(String, ValueType)])> {
        let devices = self.devices.iter().enumerate().map(|(at, fields)| (at, fields.as_slice()));
        let on = self.on;
        devices.filter(move |(at, _)| on.is_none_or(|on| on == *at))
    }

    pub(super) fn values(&self) -> &'a BTreeMap<String, Decimal> {
        self.constants.values
    }

    /// Whether a name is that of a field.
    pub(super) fn has_field(&self, name: &str) -> bool {
        let has = |fields: &[(String, ValueType)]| fields.iter().any(|(id, _)| spells(id, name));
        self.devices().any(|(_, fields)| has(fields)) || self.shared_by(name).is_some()
    }

    /// The device and place of a field, and its type.
    fn field(&self, name: &str, place: &Range<usize>) -> Result<(usize, usize, ValueType), ExpressionError> {
        let found = self.devices().find_map(|(device, fields)| {
            let field = fields.iter().position(|(id, _)| spells(id, name))?;
            Some((device, field, fields[field].1))
        });
        let known = || self.devices().flat_map(|(_, fields)| fields.iter().map(|(id, _)| id));
        let why = || self.shared_by(name).unwrap_or_else(|| unknown(name, known()));
        found.ok_or_else(|| ExpressionError::new(place, why()))
    }

    /// That a field is one of several devices, of which none is meant; `None`: it is not.
    fn shared_by(&self, name: &str) -> Option<String> {
        let devices = find(self.shared, name)?;
        Some(format!(
            "`{name}` is a field of {devices}: a term says on = \"…\", or one of them gets a name of its own, NEW_NAME = \
             {{ from = \"{name}\", … }}"
        ))
    }

    fn number(&self, name: &str, place: &Range<usize>) -> Result<(usize, usize), ExpressionError> {
        match self.field(name, place)? {
            (device, field, ValueType::Number) => Ok((device, field)),
            (_, _, ty) => Err(ExpressionError::new(place, format!("expected a number, found {ty}"))),
        }
    }

    /// The device on which a condition is: all its fields are one device's.
    fn condition(&self, node: &SyntaxNode) -> Result<(usize, Box<Condition>), ExpressionError> {
        let mut first_fault = None;
        for (device, fields) in self.devices() {
            match Condition::of(node, &ConditionScope { fields, ..self.constants }) {
                Ok(condition) => return Ok((device, Box::new(condition))),
                Err(fault) => first_fault = first_fault.or(Some(fault)),
            }
        }
        let shared = node.find_name(&|name| self.shared_by(name));
        let shared = shared.map(|(place, message)| ExpressionError::new(place, message));
        let fault = shared.or(first_fault);
        Err(fault.unwrap_or_else(|| ExpressionError::new(&node.at, "there is no device")))
    }

    fn readings(&self, at: &Range<usize>) -> Result<usize, ExpressionError> {
        let mut devices = self.devices();
        match (devices.next(), devices.next()) {
            (Some((device, _)), None) => Ok(device),
            _ => Err(ExpressionError::new(at, "count() of which device? count(has(field)) says it")),
        }
    }

    /// `rise(temperature, 1h)`
    fn rise(&self, arguments: &[SyntaxNode], at: &Range<usize>) -> Result<(usize, Measure), ExpressionError> {
        let [SyntaxNode { kind: NodeKind::Name(name), at: place }, within] = arguments else {
            return Err(ExpressionError::new(at, "rise takes a field and a time: rise(temperature, 1h)"));
        };
        let (device, field) = self.number(name, place)?;
        let NodeKind::Seconds(seconds) = &within.kind else {
            return Err(ExpressionError::new(&within.at, "expected a duration such as 1h"));
        };
        let millis =
            seconds.scaled(3).and_then(|millis| i64::try_from(millis).ok()).filter(|millis| *millis > 0);
        let millis = millis.ok_or_else(|| ExpressionError::new(&within.at, "a time has some length"))?;
        Ok((device, Measure::Rise(field, Span::from_millis(millis))))
    }

    fn measure(
        &self,
        name: &str,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Option<Result<(ValueType, DeviceMeasure), ExpressionError>> {
        let number = |device_measure: (usize, Measure)| {
            let (device, measure) = device_measure;
            (ValueType::Number, DeviceMeasure { device, measure })
        };
        Some(match (name, arguments) {
            ("count", []) => self.readings(at).map(|device| number((device, Measure::Readings))),
            ("count", [node]) => {
                self.condition(node).map(|(device, it)| number((device, Measure::CountWhere(it))))
            }
            ("seconds", [node]) => self.condition(node).map(|(device, it)| {
                (ValueType::Duration, DeviceMeasure { device, measure: Measure::SecondsWhere(it) })
            }),
            ("rise", _) => self.rise(arguments, at).map(number),
            ("max" | "min", [_, _, ..]) => return None,
            (_, [SyntaxNode { kind: NodeKind::Name(field), at: place }]) if is_of_field(name) => {
                self.of_field(name, field, place)
            }
            _ if is_of_field(name) || matches!(name, "count" | "seconds") => {
                Err(ExpressionError::new(at, format!("expected one field or condition: {name}(…)")))
            }
            _ => return None,
        })
    }

    /// The unit of a measure: that of its field. What counts readings or seconds is bare.
    fn unit(&self, name: &str, arguments: &[SyntaxNode]) -> NumberUnit {
        match arguments {
            [SyntaxNode { kind: NodeKind::Name(field), .. }, ..] if !matches!(name, "count" | "seconds") => {
                NumberUnit::of_field(find(self.constants.units, field))
            }
            _ => NumberUnit::Bare,
        }
    }

    fn of_field(
        &self,
        name: &str,
        field: &str,
        place: &Range<usize>,
    ) -> Result<(ValueType, DeviceMeasure), ExpressionError> {
        if matches!(name, "first" | "last") {
            let (device, field, ty) = self.field(field, place)?;
            let measure = if name == "first" { Measure::First(field) } else { Measure::Last(field) };
            return Ok((ty, DeviceMeasure { device, measure }));
        }
        let (device, field) = self.number(field, place)?;
        let measure = match name {
            "max" => Measure::Max(field),
            "min" => Measure::Min(field),
            "sum" => Measure::Sum(field),
            "avg" => Measure::Avg(field),
            "delta" => Measure::Delta(field),
            _ => Measure::Kinetic(field),
        };
        Ok((ValueType::Number, DeviceMeasure { device, measure }))
    }
}

fn is_of_field(name: &str) -> bool {
    matches!(name, "max" | "min" | "sum" | "avg" | "first" | "last" | "delta" | "mkt")
}

/// The measures that an expression asks for, each once, as they are found.
pub(super) struct MeasureList<'a> {
    pub(super) scope: MeasureScope<'a>,
    found: RefCell<Vec<DeviceMeasure>>,
}

impl<'a> MeasureList<'a> {
    pub(super) fn new(scope: MeasureScope<'a>) -> Self {
        Self { scope, found: RefCell::new(Vec::new()) }
    }

    /// The type and unit of a measure, and its place in the list; `None`: no measure is called so.
    pub(super) fn call(
        &self,
        name: &str,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Option<Result<(ValueType, NumberUnit, usize), ExpressionError>> {
        let measure = self.scope.measure(name, arguments, at)?;
        let unit = self.scope.unit(name, arguments);
        Some(measure.map(|(ty, measure)| (ty, unit, self.place(measure))))
    }

    fn place(&self, measure: DeviceMeasure) -> usize {
        let mut found = self.found.borrow_mut();
        found.iter().position(|known| *known == measure).unwrap_or_else(|| {
            found.push(measure);
            found.len() - 1
        })
    }

    pub(super) fn into_measures(self) -> Vec<DeviceMeasure> {
        self.found.into_inner()
    }
}

impl NameScope for MeasureList<'_> {
    type Leaf = usize;

    fn name(&self, name: &str) -> Result<TypedExpression<usize>, String> {
        if let Some(value) = find(self.scope.values(), name) {
            return Ok(TypedExpression::constant(ValueType::Number, ExpressionValue::Number(*value)));
        }
        if self.scope.has_field(name) {
            return Err(many_values(name));
        }
        Err(unknown(name, self.scope.values().keys()))
    }

    fn call(
        &self,
        name: &str,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Option<Result<TypedExpression<usize>, ExpressionError>> {
        let measure = Self::call(self, name, arguments, at)?;
        let leaf = |(ty, unit, place)| TypedExpression::new(ty, Expression::Leaf(place)).with_unit(unit);
        Some(measure.map(leaf))
    }

    fn event(&self, _: &str, _: &str) -> Option<TypedExpression<usize>> {
        None
    }

    fn rounds(&self) -> bool {
        false
    }
}

pub(super) fn many_values(field: &str) -> String {
    format!("a field has many values: max({field}), last({field}) or sum({field}) is one number")
}

/// A checked condition over measures. Its leaves are places in their list.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureCondition {
    code: Expression<usize>,
    /// What it asks for, each measure once
    pub measures: Vec<DeviceMeasure>,
}

impl MeasureCondition {
    /// Reads and checks a condition over measures.
    ///
    /// # Errors
    /// If the text is no such condition in this scope, with the place.
    pub fn parse(text: &str, scope: MeasureScope) -> Result<Self, ExpressionError> {
        let list = MeasureList::new(scope);
        let node = parse(text)?;
        let code = condition(&node, &list)?;
        let measures = list.into_measures();
        if measures.is_empty() {
            return Err(ExpressionError::new(&node.at, "it measures nothing: avg(temperature) <= 8.0 or so"));
        }
        Ok(Self { code, measures })
    }

    /// Whether it holds; `None`: what is known of the measures does not decide that. `overflow` is set where a result did
    /// not fit.
    pub fn holds(&self, measured: &impl LeafBounds<usize>, overflow: &mut bool) -> Option<bool> {
        match evaluate(&self.code, measured, overflow) {
            Some(ExpressionValue::Bool(truth)) => Some(truth),
            _ => decide(&self.code, measured),
        }
    }

    /// How far a measure is from breaking it; `None`: it does more than compare one measure with constants.
    pub fn margin(&self) -> Option<Margin> {
        Margin::of(&self.code)
    }
}
