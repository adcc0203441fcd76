//! Conditions: the expressions of a `require`, on the fields of one device.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use super::{
    Area, Expression, ExpressionError, ExpressionValue, LeafValues, Margin, NameScope, NumberUnit,
    SyntaxNode, TypedExpression, ValueType,
    check::{amount, condition, expected},
    eval::truth,
    parse::{NodeKind, parse},
};
use crate::decimal::Decimal;

/// The names that a condition can use.
#[derive(Clone, Copy)]
pub struct ConditionScope<'a> {
    /// Names and types of the device's fields; a leaf is a place in this list
    pub fields: &'a [(String, ValueType)],
    /// Named decimals
    pub values: &'a BTreeMap<String, Decimal>,
    /// Named areas
    pub areas: &'a BTreeMap<String, Arc<Area>>,
    /// The units of the contract's fields; one that is not there is bare
    pub units: &'a BTreeMap<String, String>,
}

/// Whether an identifier in an expression spells an id: `cold_total` is `cold-total`.
pub(super) fn spells(id: &str, name: &str) -> bool {
    let dashed = |byte| if byte == b'_' { b'-' } else { byte };
    id.len() == name.len() && name.bytes().map(dashed).eq(id.bytes())
}

/// A named thing by its identifier.
pub(super) fn find<'a, T>(things: &'a BTreeMap<String, T>, name: &str) -> Option<&'a T> {
    things.iter().find(|(id, _)| spells(id, name)).map(|(_, thing)| thing)
}

/// A name that means nothing, and what there is instead.
pub(super) fn unknown<'a>(name: &str, ids: impl Iterator<Item = &'a String>) -> String {
    let mut known: Vec<_> = ids.map(|id| id.replace('-', "_")).collect();
    known.sort();
    known.truncate(8);
    if known.is_empty() {
        return format!("there is no `{name}` here");
    }
    format!("there is no `{name}` here (there is {})", known.join(", "))
}

impl ConditionScope<'_> {
    fn field(&self, name: &str) -> Option<(ValueType, usize)> {
        let at = self.fields.iter().position(|(id, _)| spells(id, name))?;
        Some((self.fields[at].1, at))
    }

    fn known(
        &self,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Result<TypedExpression<usize>, ExpressionError> {
        let [SyntaxNode { kind: NodeKind::Name(name), at: place }] = arguments else {
            return Err(ExpressionError::new(at, "has takes one field: has(temperature)"));
        };
        let (_, leaf) = self
            .field(name)
            .ok_or_else(|| ExpressionError::new(place, format!("`{name}` is no field of the device")))?;
        Ok(TypedExpression::new(ValueType::Bool, Expression::Known(leaf)))
    }

    fn inside(
        &self,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Result<TypedExpression<usize>, ExpressionError> {
        let [lat, lon, SyntaxNode { kind: NodeKind::Name(name), at: place }] = arguments else {
            return Err(ExpressionError::new(
                at,
                "inside takes latitude, longitude and an area: inside(lat, lon, yard)",
            ));
        };
        let area = find(self.areas, name)
            .ok_or_else(|| ExpressionError::new(place, unknown(name, self.areas.keys())))?;
        let sides = [self.degrees(lat, "lat")?, self.degrees(lon, "lon")?];
        Ok(TypedExpression::new(ValueType::Bool, Expression::Inside(Box::new(sides), Arc::clone(area))))
    }
}

impl ConditionScope<'_> {
    /// A latitude or longitude: a number in its own unit, in degrees, or in none.
    fn degrees(&self, node: &SyntaxNode, unit: &str) -> Result<Expression<usize>, ExpressionError> {
        let typed = amount(node, self)?;
        let fits = match &typed.unit {
            NumberUnit::Bare => true,
            NumberUnit::Of(known) => [unit, "deg"].contains(&&**known),
            NumberUnit::Mixed => false,
        };
        match (typed.ty, fits) {
            (ValueType::Number, true) => Ok(typed.code),
            (ValueType::Number, false) => Err(ExpressionError::new(
                &node.at,
                format!("inside takes latitude, then longitude: {unit} stands here, and not {}", typed.unit),
            )),
            (other, _) => Err(expected("a number", other, node)),
        }
    }
}

impl NameScope for ConditionScope<'_> {
    type Leaf = usize;

    fn name(&self, name: &str) -> Result<TypedExpression<usize>, String> {
        if let Some((ty, leaf)) = self.field(name) {
            let unit = NumberUnit::of_field(find(self.units, name));
            return Ok(TypedExpression::new(ty, Expression::Leaf(leaf)).with_unit(unit));
        }
        match find(self.values, name) {
            Some(value) => Ok(TypedExpression::constant(ValueType::Number, ExpressionValue::Number(*value))),
            None => Err(unknown(name, self.fields.iter().map(|(id, _)| id).chain(self.values.keys()))),
        }
    }

    fn call(
        &self,
        name: &str,
        arguments: &[SyntaxNode],
        at: &Range<usize>,
    ) -> Option<Result<TypedExpression<usize>, ExpressionError>> {
        match name {
            "has" => Some(self.known(arguments, at)),
            "inside" => Some(self.inside(arguments, at)),
            _ => None,
        }
    }

    fn event(&self, _: &str, _: &str) -> Option<TypedExpression<usize>> {
        None
    }

    fn rounds(&self) -> bool {
        false
    }
}

/// A checked condition on the fields of one device.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    code: Expression<usize>,
}

impl Condition {
    /// Reads and checks a condition.
    ///
    /// # Errors
    /// If the text is no condition in this scope, with the place.
    pub fn parse(text: &str, scope: &ConditionScope) -> Result<Self, ExpressionError> {
        let node = parse(text)?;
        Self::of(&node, scope)
    }

    pub(super) fn of(node: &SyntaxNode, scope: &ConditionScope) -> Result<Self, ExpressionError> {
        Ok(Self { code: condition(node, scope)? })
    }

    /// Whether it holds; `None`: that is unknown. `overflow` is set where a result did not fit.
    pub fn holds(&self, fields: &impl LeafValues<usize>, overflow: &mut bool) -> Option<bool> {
        truth(&self.code, fields, overflow)
    }

    /// How far values are from breaking it; `None`: it does more than compare one field with constants.
    pub fn margin(&self) -> Option<Margin> {
        Margin::of(&self.code)
    }

    /// The checked expression.
    pub fn code(&self) -> &Expression<usize> {
        &self.code
    }
}
