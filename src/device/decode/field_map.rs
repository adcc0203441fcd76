//! What the user says of the values in a device's lines: the file that `--map` names for `text`, `csv` and `scale`.
//!
//! ```toml
//! decimal = ","              # numbers are written so
//! thousands = "."
//! time = "ts"                # this value dates the reading, and this one says which device speaks
//! device = "id"
//!
//! [values.t]                 # what the device calls t
//! name = "temperature"
//! scale = "0.1"              # exact, so as text; offset is added then
//! offset = "-40"
//! unit = "Cel"
//! ```
//!
//! Read strictly: what is not known is refused where it stands.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    decimal::Decimal,
    device::map_table::{self, MapProblem, MapTable},
    json::{Number, Value},
    record::{quantity, reading::ReadingBody},
    time::{ClockTime, Time, Zone},
};

use super::value_token::{self, NumberForm};

/// What the user says of the values in a device's lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap {
    form: NumberForm,
    time: Option<String>,
    device: Option<String>,
    values: BTreeMap<String, FieldRule>,
}

/// What the user says of one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct FieldRule {
    name: Option<String>,
    scale: Option<Decimal>,
    offset: Option<Decimal>,
    unit: Option<String>,
}

/// A value that is none of the reading's: its date, or its device.
#[derive(Debug)]
pub(super) enum SpecialField {
    /// When the device measured
    Time(Time),
    /// The device that speaks
    Device(String),
}

impl SpecialField {
    pub(super) fn into_body(self, body: &mut ReadingBody) {
        match self {
            Self::Time(time) => body.time = Some(time),
            Self::Device(device) => body.device = Some(device),
        }
    }
}

impl FieldMap {
    /// Reads a file.
    ///
    /// # Errors
    /// Everything that is wrong with it, with places.
    pub fn parse(text: &str) -> Result<Self, Vec<MapProblem>> {
        map_table::parse(text, Self::read)
    }

    fn read(root: &MapTable) -> Self {
        let mark = |name, among: &'static [&'static str], wanted: &str| {
            root.read(name, wanted, |value| {
                value.as_str().filter(|mark| among.contains(mark))?.chars().next()
            })
        };
        let decimal = mark("decimal", &[",", "."], "\",\" or \".\"").unwrap_or('.');
        let thousands = mark("thousands", &[".", ",", "'", "_"], "\".\", \",\", \"'\" or \"_\"");
        if thousands == Some(decimal) {
            root.problem("thousands", "stands before fractions already");
        }
        let mut values = BTreeMap::new();
        for (name, table) in root.named_tables("values") {
            let rule = FieldRule {
                name: table.text("name").map(str::to_owned),
                scale: table.decimal("scale"),
                offset: table.decimal("offset"),
                unit: table.text("unit").map(|unit| quantity::senml_unit(unit, name).to_owned()),
            };
            if rule.name.as_deref() == Some("") {
                table.problem("name", "is empty");
            }
            table.finish();
            values.insert(name.to_owned(), rule);
        }
        Self {
            form: NumberForm { decimal, thousands },
            time: root.text("time").map(str::to_owned),
            device: root.text("device").map(str::to_owned),
            values,
        }
    }

    /// How numbers are written.
    pub(in crate::device) fn form(&self) -> NumberForm {
        self.form
    }

    /// What the reading calls a value.
    pub(super) fn name_of<'a>(&'a self, name: &'a str) -> &'a str {
        self.values.get(name).and_then(|rule| rule.name.as_deref()).unwrap_or(name)
    }

    /// Whether a value is known to be a number, so that zeros before it are none of an identifier.
    pub(super) fn is_number(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|rule| rule.scale.is_some() || rule.unit.is_some())
    }

    /// A number and its unit, as the reading has them; null where no number of JSON holds it. A unit in the line beats that
    /// of the map, unless the map says how to come from one to the other.
    pub(super) fn scaled<'a>(
        &'a self,
        name: &str,
        number: Number,
        unit: Option<&'static str>,
    ) -> (Value, Option<Cow<'a, str>>) {
        let unit = unit.map(Cow::Borrowed);
        let Some(rule) = self.values.get(name) else { return (number.into(), unit) };
        let is_scaled = rule.scale.is_some() || rule.offset.is_some();
        let stated = rule.unit.as_deref().map(Cow::Borrowed);
        let unit = if is_scaled { stated.or(unit) } else { unit.or(stated) };
        if !is_scaled {
            return (number.into(), unit);
        }
        let scaled = Decimal::from_number(number)
            .and_then(|number| rule.scale.map_or(Some(number), |scale| number.times(scale)))
            .and_then(|number| rule.offset.map_or(Some(number), |offset| number.plus(offset)))
            .and_then(super::number);
        (scaled.map_or(Value::Null, Value::from), unit)
    }

    /// What a token says of the reading itself; `None`: it is a value, or no date that is understood.
    pub(super) fn special(&self, name: &str, token: &str, zone: Option<&Zone>) -> Option<SpecialField> {
        if self.device.as_deref() == Some(name) {
            let is_name = !token.is_empty() && !token.contains(char::is_control);
            return is_name.then(|| SpecialField::Device(token.to_owned()));
        }
        (self.time.as_deref() == Some(name)).then(|| time(token, zone).map(SpecialField::Time))?
    }

    /// Whether a value dates the reading.
    pub(super) fn is_time(&self, name: &str) -> bool {
        self.time.as_deref() == Some(name)
    }
}

/// A date as devices write it: RFC 3339, a local time where the zone is known, or seconds or milliseconds since 1970.
pub(super) fn time(token: &str, zone: Option<&Zone>) -> Option<Time> {
    if let Some(time) = Time::parse_rfc3339(token) {
        return Some(time);
    }
    if token.bytes().all(|byte| byte.is_ascii_digit()) {
        return match token.len() {
            10 => Time::from_millis(token.parse::<i64>().ok()? * 1_000),
            13 => Time::from_millis(token.parse().ok()?),
            _ => None,
        };
    }
    let (day, clock) = token.split_once([' ', 'T'])?;
    zone?.instant(ClockTime::parse(day, clock)?).ok()
}

/// A number with zeros before it, which the map says is one.
pub(super) fn padded(token: &str, form: NumberForm) -> Option<Number> {
    let digits = token.trim_start_matches('0');
    value_token::number(if digits.is_empty() { "0" } else { digits }, form)
}
