//! A reading or status at a glance: the members that a contract looks at.

use crate::{
    decimal::Decimal,
    json::{Object, Value},
};

/// A reading or status as far as a contract looks at it.
#[derive(Default)]
pub(super) struct Glimpse<'a> {
    pub(super) reading: bool,
    pub(super) device: Option<&'a str>,
    pub(super) time: Option<&'a str>,
    pub(super) boot: Option<&'a str>,
    pub(super) up: Option<u64>,
    pub(super) stream: Option<&'a str>,
    pub(super) seq: Option<u64>,
    pub(super) status: Option<&'a str>,
    pub(super) values: Vec<(&'a str, Raw<'a>)>,
    pub(super) units: Vec<(&'a str, &'a str)>,
}

/// A value of a reading.
pub(super) enum Raw<'a> {
    Null,
    Bool(bool),
    Text(&'a str),
    /// None: it fits no decimal
    Number(Option<Decimal>),
    Other,
}

impl<'a> Glimpse<'a> {
    pub(super) fn of(record: &'a Object) -> Self {
        let number = |name| record.get(name).and_then(Value::as_u64);
        let members =
            |name| record.get(name).and_then(Value::as_object).map(Object::iter).into_iter().flatten();
        Self {
            reading: record.str("type") == Some("reading"),
            device: record.str("device"),
            time: record.str("time"),
            boot: record.str("boot"),
            up: number("up"),
            stream: record.str("stream"),
            seq: number("seq"),
            status: record.str("status"),
            values: members("values").map(|(name, value)| (name, Raw::of(value))).collect(),
            units: members("units").filter_map(|(name, unit)| Some((name, unit.as_str()?))).collect(),
        }
    }
}

impl<'a> Raw<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::String(text) => Self::Text(text),
            Value::Number(number) => Self::Number(Decimal::from_number(*number)),
            Value::Array(_) | Value::Object(_) => Self::Other,
        }
    }
}
