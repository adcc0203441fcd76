//! One value in a map's file.
//!
//! ```toml
//! temperature = { input = 1, type = "i16", scale = "0.1", unit = "Cel", none = 0x8000 }
//! door = { coil = 3 }
//! current = { holding = 71, type = "u16", exponent = 75, unit = "A" }
//! model = { holding = 69, type = "u16", only = [101, 102, 103] }
//! ```

use super::Defaults;
use crate::{
    decimal::Decimal,
    device::map_table::MapTable,
    device::modbus::{
        map_line::{self, check_end, check_exponent, check_name, check_order, fits, not_one_of},
        map_value::MapValue,
        register_type::RegisterType,
        request::ModbusTable,
        scaling::Scaling,
        word_order::WordOrder,
    },
    json::Value,
    record::quantity,
};

/// Reads one value.
pub(super) fn read(table: &MapTable, name: &str, defaults: Defaults) -> Option<MapValue> {
    if let Err(why) = check_name(name) {
        table.problem_with_name(&why);
    }
    let (place, address) = place(table, defaults.base)?;
    let kind = kind(table, place)?;
    let order = table.parsed("order", &WordOrder::NAMES.join(", "));
    let is_text = matches!(kind, RegisterType::Text(_));
    // The order of a file is about its numbers.
    let order_or_default = order.unwrap_or(if is_text { WordOrder::default() } else { defaults.order });
    let unit = table.text("unit").map(|unit| quantity::senml_unit(unit, name).to_owned());
    let value = MapValue {
        name: name.to_owned(),
        table: place,
        address,
        kind,
        order: order_or_default,
        scaling: scaling(table, kind),
        exponent: exponent(table, kind, defaults.base),
        unit,
        none: patterns(table, "none", kind),
        only: patterns(table, "only", kind),
    };
    if order.is_some()
        && let Err(why) = check_order(&value)
    {
        table.problem("order", &why);
    }
    if let Err(why) = check_exponent(&value, defaults.most) {
        table.problem("exponent", &why);
    }
    if let Err(why) = check_end(&value) {
        table.problem(place.as_str(), &why);
    }
    Some(value)
}

/// The table and the address: one of `coil = N`, `discrete = N`, `holding = N`, `input = N`.
fn place(table: &MapTable, base: u16) -> Option<(ModbusTable, u16)> {
    let mut places = ModbusTable::ALL.into_iter().filter(|place| table.has(place.as_str()));
    let Some(place) = places.next() else {
        table.problem_with_name("where does it stand? One of coil, discrete, holding, input is missing");
        return None;
    };
    if let Some(other) = places.next() {
        table.problem(other.as_str(), &format!("it stands in {} already", place.as_str()));
    }
    Some((place, address(table, place.as_str(), base)?))
}

/// An address, counted from `base`.
fn address(table: &MapTable, name: &'static str, base: u16) -> Option<u16> {
    let base = u64::from(base);
    let address = table.number(name, base..=u64::from(u16::MAX) + base)? - base;
    u16::try_from(address).ok()
}

fn exponent(table: &MapTable, kind: RegisterType, base: u16) -> Option<u16> {
    if !kind.is_number() && table.has("exponent") {
        table.problem("exponent", &format!("{kind} is no number"));
    }
    address(table, "exponent", base)
}

fn kind(table: &MapTable, place: ModbusTable) -> Option<RegisterType> {
    if place.is_bits() {
        if table.has("type") {
            table.problem("type", &format!("a {} is true or false and has no type", place.as_str()));
        }
        return Some(RegisterType::Switch);
    }
    let word = table.required("type", table.text("type"))?;
    if let Ok(kind) = word.parse() {
        Some(kind)
    } else {
        table.problem("type", &not_one_of(word, &RegisterType::NAMES));
        None
    }
}

fn scaling(table: &MapTable, kind: RegisterType) -> Scaling {
    for name in ["scale", "offset"] {
        if !kind.is_number() && table.has(name) {
            table.problem(name, &format!("{kind} is no number"));
        }
    }
    let factor = table.decimal("scale").unwrap_or(Scaling::none().factor);
    if factor == Decimal::ZERO {
        table.problem("scale", "every value would be 0");
    }
    Scaling { factor, offset: table.decimal("offset").unwrap_or(Decimal::ZERO) }
}

/// One pattern or several: numbers, or hexadecimal text where they are beyond 2^53.
fn patterns(table: &MapTable, name: &'static str, kind: RegisterType) -> Vec<u64> {
    let wanted = format!("a pattern of the size of {kind}, or a list of them");
    let pattern = |value: &Value| {
        let pattern = value.as_u64().or_else(|| map_line::number(value.as_str()?));
        pattern.filter(|pattern| kind.is_number() && fits(*pattern, kind))
    };
    let patterns = table.read(name, &wanted, |value| match value {
        Value::Array(patterns) => patterns.iter().map(pattern).collect(),
        single => Some(vec![pattern(single)?]),
    });
    patterns.unwrap_or_default()
}
