//! Conditions: what a `require` can say about the fields of one device.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use super::{
    Area, Code, Fault, Leaves, Margin, Node, Scope, Type, Typed, Val,
    check::{condition, number},
    eval::truth,
    parse::{Kind, parse},
};
use crate::decimal::Decimal;

/// What a condition's names mean.
#[derive(Clone, Copy)]
pub struct ConditionScope<'a> {
    /// Names and types of the device's fields; a leaf is a place in this list
    pub fields: &'a [(String, Type)],
    /// Named decimals
    pub values: &'a BTreeMap<String, Decimal>,
    /// Named areas
    pub areas: &'a BTreeMap<String, Arc<Area>>,
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
    fn field(&self, name: &str) -> Option<(Type, usize)> {
        let at = self.fields.iter().position(|(id, _)| spells(id, name))?;
        Some((self.fields[at].1, at))
    }

    fn known(&self, arguments: &[Node], at: &Range<usize>) -> Result<Typed<usize>, Fault> {
        let [Node { kind: Kind::Name(name), at: place }] = arguments else {
            return Err(Fault::new(at, "has takes one field: has(temperature)"));
        };
        let (_, leaf) = self
            .field(name)
            .ok_or_else(|| Fault::new(place, format!("`{name}` is no field of the device")))?;
        Ok(Typed::new(Type::Bool, Code::Known(leaf)))
    }

    fn inside(&self, arguments: &[Node], at: &Range<usize>) -> Result<Typed<usize>, Fault> {
        let [lat, lon, Node { kind: Kind::Name(name), at: place }] = arguments else {
            return Err(Fault::new(
                at,
                "inside takes latitude, longitude and an area: inside(lat, lon, yard)",
            ));
        };
        let area =
            find(self.areas, name).ok_or_else(|| Fault::new(place, unknown(name, self.areas.keys())))?;
        let sides = [number(lat, self)?, number(lon, self)?];
        Ok(Typed::new(Type::Bool, Code::Inside(Box::new(sides), Arc::clone(area))))
    }
}

impl Scope for ConditionScope<'_> {
    type Leaf = usize;

    fn name(&self, name: &str) -> Result<Typed<usize>, String> {
        if let Some((ty, leaf)) = self.field(name) {
            return Ok(Typed::new(ty, Code::Leaf(leaf)));
        }
        match find(self.values, name) {
            Some(value) => Ok(Typed::constant(Type::Number, Val::Number(*value))),
            None => Err(unknown(name, self.fields.iter().map(|(id, _)| id).chain(self.values.keys()))),
        }
    }

    fn call(&self, name: &str, arguments: &[Node], at: &Range<usize>) -> Option<Result<Typed<usize>, Fault>> {
        match name {
            "has" => Some(self.known(arguments, at)),
            "inside" => Some(self.inside(arguments, at)),
            _ => None,
        }
    }

    fn event(&self, _: &str, _: &str) -> Option<Typed<usize>> {
        None
    }

    fn rounds(&self) -> bool {
        false
    }
}

/// A checked condition on the fields of one device.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    code: Code<usize>,
}

impl Condition {
    /// Reads and checks a condition.
    ///
    /// # Errors
    /// If the text is no condition in this scope, with the place.
    pub fn parse(text: &str, scope: &ConditionScope) -> Result<Self, Fault> {
        let node = parse(text)?;
        Self::of(&node, scope)
    }

    pub(super) fn of(node: &Node, scope: &ConditionScope) -> Result<Self, Fault> {
        Ok(Self { code: condition(node, scope)? })
    }

    /// Whether it holds; none if that is unknown. `overflow` is set where a result did not fit.
    pub fn holds(&self, fields: &impl Leaves<usize>, overflow: &mut bool) -> Option<bool> {
        truth(&self.code, fields, overflow)
    }

    /// How far values are from breaking it, if it compares one field with constants.
    pub fn margin(&self) -> Option<Margin> {
        Margin::of(&self.code)
    }

    /// The checked expression.
    pub fn code(&self) -> &Code<usize> {
        &self.code
    }
}
