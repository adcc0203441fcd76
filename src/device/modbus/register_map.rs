//! Register maps: which values stand where, in which units of a bus.
//!
//! They are read from TOML ([`super::map_file`]), from arguments ([`super::map_line`]), or are built in
//! ([`super::bundled`]).

use std::collections::BTreeMap;

use super::{map_value::MapValue, register_type::RegisterType};
use crate::device::port::mode::PortMode;

/// Lowest and highest unit that can be asked.
pub const UNITS: std::ops::RangeInclusive<u8> = 1..=247;

/// How many registers the standard lets a device answer at once.
pub(super) const MOST: u16 = 125;

/// Values of one kind of device, and how it takes questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterSet {
    /// The values
    pub values: Vec<MapValue>,
    /// How many registers that no value has may be read between two
    pub gap: u16,
    /// How many registers it answers at once, at most
    pub most: u16,
}

impl RegisterSet {
    /// Values that were given one by one.
    ///
    /// # Errors
    /// If they cannot stand side by side, in words.
    pub fn of_lines(values: &[MapValue]) -> anyhow::Result<Self> {
        if let Some((_, why)) = clash(values) {
            anyhow::bail!(why);
        }
        Ok(Self { values: values.to_vec(), gap: 0, most: MOST })
    }
}

/// A device on the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapDevice {
    /// What it is called in its records
    pub name: String,
    /// Its unit id
    pub unit: u8,
    /// What is read of it
    pub registers: RegisterSet,
}

/// A map of a bus, or of one kind of device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisterMap {
    /// The speed in bits per second; `None`: it does not say
    pub baud: Option<u32>,
    /// Data bits, parity, stop bits; `None`: it does not say
    pub mode: Option<PortMode>,
    /// The values of a kind of device; `None`: each device has its own
    pub registers: Option<RegisterSet>,
    /// The devices; empty in the map of a kind
    pub devices: Vec<MapDevice>,
}

/// The first value of some that cannot stand beside those before it, and why; `None`: there is none.
pub(super) fn clash(values: &[MapValue]) -> Option<(usize, String)> {
    let mut names = BTreeMap::new();
    values
        .iter()
        .enumerate()
        .find_map(|(at, value)| {
            if let Some(other) = names.insert(value.name.as_str(), at) {
                return Some((at, format!("{:?} is the name of value {} already", value.name, other + 1)));
            }
            let other = values[..at].iter().find(|other| overlap(other, value))?;
            Some((at, format!("{} of {:?} is in {:?}, too", registers(value), value.name, other.name)))
        })
        .or_else(|| clash_of_exponents(values))
}

/// The first value whose power of ten would be read out of a part of another value.
fn clash_of_exponents(values: &[MapValue]) -> Option<(usize, String)> {
    values.iter().enumerate().find_map(|(at, value)| {
        let exponent = MapValue { address: value.exponent?, kind: RegisterType::Signed(1), ..value.clone() };
        let other = values.iter().find(|other| overlap(other, &exponent))?;
        Some((
            at,
            format!("{}, the exponent of {:?}, is in {:?}", registers(&exponent), value.name, other.name),
        ))
    })
}

/// Whether two values share registers and do not have the same ones, as a number and its bits may.
fn overlap(one: &MapValue, other: &MapValue) -> bool {
    let [a, b] = [one, other].map(|value| (u32::from(value.address), value.end()));
    one.table == other.table && a != b && a.0 < b.1 && b.0 < a.1
}

fn registers(value: &MapValue) -> String {
    let (table, last) = (value.table.as_str(), value.end() - 1);
    match u32::from(value.address) {
        first if first == last => format!("{table} {first}"),
        first => format!("{table} {first} to {last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::map_value::tests::of_type, *};

    fn value(name: &str, address: u16, kind: &str) -> MapValue {
        MapValue { name: name.to_owned(), address, ..of_type(kind) }
    }

    #[test]
    fn names_stand_once_and_values_do_not_reach_into_each_other() {
        let good =
            [value("a", 0, "f32"), value("b", 2, "bit:0"), value("c", 2, "bit:1"), value("d", 2, "u16")];
        assert_eq!(clash(&good), None);
        let doubled = [value("a", 0, "u16"), value("a", 1, "u16")];
        assert_eq!(clash(&doubled).unwrap(), (1, "\"a\" is the name of value 1 already".to_owned()));
        let overlapping = [value("a", 0, "f32"), value("b", 1, "f32")];
        let said = "holding 1 to 2 of \"b\" is in \"a\", too".to_owned();
        assert_eq!(clash(&overlapping), Some((1, said)));
        let scaled = MapValue { exponent: Some(9), ..value("a", 0, "u16") };
        assert_eq!(clash(&[scaled.clone(), value("sf", 9, "i16")]), None);
        let said = "holding 9, the exponent of \"a\", is in \"b\"".to_owned();
        assert_eq!(clash(&[scaled, value("b", 8, "u32")]), Some((0, said)));
    }
}
