//! Register maps as people write them: TOML, read strictly.
//!
//! ```toml
//! baud = 9600
//!
//! [[device]]
//! unit = 1
//! name = "cold-room-3"
//! map = "xy-md02"
//!
//! [[device]]
//! unit = 7
//! name = "boiler"
//! order = "CDAB"
//! [device.values]
//! flow = { holding = 0, type = "f32", unit = "m3/h" }
//! fault = { holding = 9, type = "bit:3" }
//! ```
//!
//! A file without `[[device]]` describes one kind of device: its `[values]`. What is not known is refused where it stands,
//! with what may have been meant.

mod value;

use std::collections::BTreeSet;

pub use crate::device::map_table::MapProblem;

use super::{
    bundled,
    register_map::{MOST, MapDevice, RegisterMap, RegisterSet, UNITS, clash},
    word_order::WordOrder,
};
use crate::device::{
    map_table::{self, MapTable},
    port::mode::PortMode,
};

/// How long a file can be, in bytes.
pub const MAX_MAP_FILE: usize = 1 << 20;

/// How many values a kind of device can have.
const MAX_VALUES: usize = 2_000;

/// Reads a map.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(text: &str) -> Result<RegisterMap, Vec<MapProblem>> {
    map_table::parse(text, read)
}

/// A map that is built in; `None`: there is none of this name.
pub fn built_in(name: &str) -> Option<RegisterMap> {
    parse(bundled::text(name)?).ok()
}

fn read(root: &MapTable) -> RegisterMap {
    // For people.
    root.text("about");
    root.text("source");
    let baud = root.number("baud", 50..=12_000_000).and_then(|baud| u32::try_from(baud).ok());
    let mode = root.parsed::<PortMode, _>("mode", "a mode such as 8N1");
    let defaults = Defaults::read(root, Defaults::STANDARD);
    let registers = root.has("values").then(|| register_set(root, defaults));
    let mut map = RegisterMap { baud, mode, registers, devices: Vec::new() };
    let kinds: Vec<_> =
        root.tables("device").iter().filter_map(|table| device(table, defaults, &mut map)).collect();
    settle_line(&mut map, &kinds);
    if map.registers.is_none() && map.devices.is_empty() && root.problems.is_empty() {
        root.problem("", "no [values] and no [[device]]: nothing is to be read");
    }
    map
}

/// What a table says for the values in it.
#[derive(Clone, Copy)]
struct Defaults {
    order: WordOrder,
    /// 1 where the addresses are those of a manual that counts from 1
    base: u16,
    gap: u16,
    most: u16,
}

impl Defaults {
    const STANDARD: fn() -> Self = || Self { order: WordOrder::default(), base: 0, gap: 0, most: MOST };

    fn read(table: &MapTable, otherwise: impl FnOnce() -> Self) -> Self {
        let otherwise = otherwise();
        let small = |name, range, otherwise: u16| {
            table.number(name, range).and_then(|number| u16::try_from(number).ok()).unwrap_or(otherwise)
        };
        Self {
            order: table.parsed("order", &WordOrder::NAMES.join(", ")).unwrap_or(otherwise.order),
            base: small("base", 0..=1, otherwise.base),
            gap: small("gap", 0..=124, otherwise.gap),
            most: small("most", 1..=125, otherwise.most),
        }
    }
}

fn register_set(table: &MapTable, defaults: Defaults) -> RegisterSet {
    let mut values = Vec::new();
    for (name, inner) in table.named_tables("values") {
        if let Some(value) = value::read(&inner, name, defaults) {
            values.push(value);
            inner.finish();
        }
    }
    let place = table.at("values");
    match values.len() {
        0 if table.problems.is_empty() => table.problem("values", "no values"),
        0..=MAX_VALUES => {}
        many => table.problem("values", &format!("{many} values: at most {MAX_VALUES} are read")),
    }
    if let Some((at, why)) = clash(&values) {
        table.problems.at(&format!("{place}.{}", values[at].name), why);
    }
    RegisterSet { values, gap: defaults.gap, most: defaults.most }
}

/// One device, and the built-in map that it names, if it does.
fn device(table: &MapTable, defaults: Defaults, map: &mut RegisterMap) -> Option<RegisterMap> {
    let unit = table.required("unit", table.number("unit", (*UNITS.start()).into()..=(*UNITS.end()).into()));
    let name = table.required("name", table.text("name"));
    let defaults = Defaults::read(table, || defaults);
    let kind = table.text("map").and_then(|name| {
        built_in(name).or_else(|| {
            table.problem("map", &super::map_line::not_one_of(name, &bundled::names()));
            None
        })
    });
    let own = table.has("values").then(|| register_set(table, defaults));
    if own.is_some() && table.has("map") {
        table.problem("values", "a device has a map or values, not both");
    }
    let registers = own
        .or_else(|| kind.as_ref().and_then(|kind| kind.registers.clone()))
        .or_else(|| map.registers.clone());
    if registers.is_none() && !table.has("map") {
        table.problem("", "no values: a device has a map, values, or those of the file");
    }
    table.finish();
    let (unit, name) = (u8::try_from(unit?).ok()?, name?.to_owned());
    if let Err(why) = super::map_line::check_name(&name) {
        table.problem("name", &why);
    }
    for other in &map.devices {
        if other.name == name {
            table.problem("name", &format!("{name:?} is the name of unit {} already", other.unit));
        }
        if other.unit == unit {
            table.problem("unit", &format!("unit {unit} is {:?} already", other.name));
        }
    }
    let none = RegisterSet { values: Vec::new(), gap: 0, most: 0 };
    map.devices.push(MapDevice { name, unit, registers: registers.unwrap_or(none) });
    kind
}

/// The settings of the line, where the built-in maps agree on them and the file does not say.
fn settle_line(map: &mut RegisterMap, kinds: &[RegisterMap]) {
    let bauds: BTreeSet<_> = kinds.iter().filter_map(|kind| kind.baud).collect();
    if let (None, 1) = (map.baud, bauds.len()) {
        map.baud = bauds.first().copied();
    }
    let first = kinds.first().and_then(|kind| kind.mode);
    if map.mode.is_none() && kinds.iter().all(|kind| kind.mode == first) {
        map.mode = first;
    }
}

#[cfg(test)]
mod tests;
