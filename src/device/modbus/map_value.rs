//! One value of a register map, and how it is read out of registers.
//!
//! ```text
//! temperature = { input = 1, type = "i16", scale = "0.1", unit = "Cel" }     00 D7 → 21.5
//! ```

use super::{register_type::RegisterType, request::ModbusTable, scaling::Scaling, word_order::WordOrder};
use crate::{
    decimal::Decimal,
    json::{Number, Value},
};

/// A value that stands in registers or bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapValue {
    /// What it is called in readings
    pub name: String,
    /// Where it stands
    pub table: ModbusTable,
    /// The first register or bit, from 0
    pub address: u16,
    /// What the registers mean
    pub kind: RegisterType,
    /// The order of its bytes
    pub order: WordOrder,
    /// What is done with a number
    pub scaling: Scaling,
    /// The register of the same table that states the power of ten with which a number is multiplied, too; `None`: there is none
    pub exponent: Option<u16>,
    /// The SenML unit; `None`: a count, a code or a text
    pub unit: Option<String>,
    /// The patterns of bits by which the device says that there is no value
    pub none: Vec<u64>,
    /// The patterns of bits of which it holds one if the device is the one of the map; empty: it tells nothing of that
    pub only: Vec<u64>,
}

impl MapValue {
    /// The first address behind it.
    pub(super) fn end(&self) -> u32 {
        u32::from(self.address) + u32::from(self.kind.length())
    }

    /// The registers that one answer must hold, for a power of ten is of the value beside it and of no later one: the first, and
    /// the first behind them.
    pub(super) fn span(&self) -> (u16, u32) {
        let exponent = self.exponent.unwrap_or(self.address);
        (self.address.min(exponent), self.end().max(u32::from(exponent) + 1))
    }

    /// The value in an answer whose registers begin at this address. What the device marks as none is null.
    ///
    /// # Errors
    /// What the registers hold, as hexadecimal text, if that is no such value, or one that a number of JSON cannot hold.
    pub(super) fn of_answer(&self, registers: &[u16], first: u16) -> Result<Value, String> {
        let own = self.own(registers, first).ok_or_else(String::new)?;
        let Some(exponent) = self.exponent else { return self.of_registers(own, Some(self.scaling)) };
        let stated = self.order.number_bytes(part(registers, first, exponent, 1).unwrap_or_default());
        let stated = u16::from_be_bytes(stated.try_into().map_err(|_| String::new())?);
        let value = self.of_registers(own, self.scaling.times_power(stated));
        value.map_err(|own| format!("{own}, exponent {stated:04X}"))
    }

    /// The bits of its registers in such an answer; `None`: they are not in it.
    pub(super) fn bits_in(&self, registers: &[u16], first: u16) -> Option<u64> {
        Some(pattern(&self.order.number_bytes(self.own(registers, first)?)))
    }

    /// Its registers in such an answer; `None`: they are not in it.
    fn own<'r>(&self, registers: &'r [u16], first: u16) -> Option<&'r [u16]> {
        part(registers, first, self.address, self.kind.length())
    }

    /// The value in its own registers; `scaling` is `None` where the device states no power of ten.
    fn of_registers(&self, registers: &[u16], scaling: Option<Scaling>) -> Result<Value, String> {
        let bytes = self.order.number_bytes(registers);
        let pattern = pattern(&bytes);
        if self.kind.is_number() && self.none.contains(&pattern) {
            return Ok(Value::Null);
        }
        let scaled = |number| scaling?.apply(Decimal::new(number, 0)?);
        let value = match self.kind {
            RegisterType::Unsigned(_) => scaled(i128::from(pattern)),
            RegisterType::Signed(length) => scaled(signed(pattern, length)),
            RegisterType::Bcd(_) => decimal_digits(&bytes).and_then(scaled),
            RegisterType::Mod10(_) => mod10_digits(&bytes).and_then(scaled),
            RegisterType::Float(_) => of_float(&bytes, scaling),
            RegisterType::Text(_) => text(&self.order.text_bytes(registers)),
            RegisterType::Bits => Some(format!("{pattern:016b}").into()),
            RegisterType::Bit(bit) => Some((pattern >> bit & 1 == 1).into()),
            RegisterType::Switch => None,
        };
        value.ok_or_else(|| {
            hex::encode_upper(
                registers.iter().flat_map(|register| register.to_be_bytes()).collect::<Vec<_>>(),
            )
        })
    }
}

/// A float by the digits that tell it from its neighbours: the nearest to 230.4 is 230.4. One that is not a number
/// is no value.
fn of_float(bytes: &[u8], scaling: Option<Scaling>) -> Option<Value> {
    let (digits, is_nan) = if let [a, b, c, d] = *bytes {
        let float = f32::from_be_bytes([a, b, c, d]);
        (float.to_string(), float.is_nan())
    } else {
        let float = f64::from_be_bytes(bytes.try_into().ok()?);
        (float.to_string(), float.is_nan())
    };
    if is_nan {
        return Some(Value::Null);
    }
    let scaling = scaling?;
    if scaling.is_none() {
        return Number::new(digits.parse().ok()?).map(Value::Number);
    }
    scaling.apply(Decimal::parse(&digits)?)
}

/// So many registers from an address on, in an answer that begins at `first`; `None`: they are not all in it.
fn part(registers: &[u16], first: u16, address: u16, count: u16) -> Option<&[u16]> {
    let start = usize::from(address.checked_sub(first)?);
    registers.get(start..start + usize::from(count))
}

/// The last 64 bits of some bytes.
fn pattern(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte))
}

/// A pattern of so many registers in two's complement.
fn signed(pattern: u64, registers: u16) -> i128 {
    let range = 1_i128 << (16 * registers);
    let number = i128::from(pattern);
    if number >= range / 2 { number - range } else { number }
}

/// The number that two decimal digits a byte make; `None`: one is none.
fn decimal_digits(bytes: &[u8]) -> Option<i128> {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .try_fold(0, |number, digit| (digit < 10).then(|| number * 10 + i128::from(digit)))
}

/// The number of which each register has four decimal digits, in binary; `None`: one has more.
fn mod10_digits(bytes: &[u8]) -> Option<i128> {
    bytes
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .try_fold(0, |number, digits| (digits < 10_000).then(|| number * 10_000 + i128::from(digits)))
}

/// Characters up to the first NUL, without blanks at the end, as UTF-8 or else Latin-1; `None`: control characters.
fn text(bytes: &[u8]) -> Option<Value> {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default().trim_ascii_end();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    (!text.chars().any(char::is_control)).then(|| text.into())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A value of a type in holding registers from 0 on.
    pub(in crate::device::modbus) fn of_type(kind: &str) -> MapValue {
        MapValue {
            name: "value".to_owned(),
            table: ModbusTable::HoldingRegisters,
            address: 0,
            kind: kind.parse().unwrap(),
            order: WordOrder::default(),
            scaling: Scaling::none(),
            exponent: None,
            unit: None,
            none: Vec::new(),
            only: Vec::new(),
        }
    }

    fn read(value: &MapValue, registers: &[u16]) -> Result<String, String> {
        value.of_answer(registers, value.span().0).map(|value| value.to_canonical())
    }

    #[test]
    fn every_type_reads_its_registers() {
        let good = |kind: &str, registers: &[u16], expected: &str| {
            assert_eq!(read(&of_type(kind), registers).as_deref(), Ok(expected), "{kind} {registers:04x?}");
        };
        good("u16", &[0xff33], "65331");
        good("i16", &[0xff33], "-205");
        good("u32", &[0xee6b, 0x2800], "4000000000");
        good("i32", &[0xffed, 0x2979], "-1234567");
        good("i64", &[0xffff, 0xffff, 0xffff, 0xffff], "-1");
        good("f32", &[0x4366, 0x6666], "230.4");
        good("f32", &[0x7fc0, 0], "null");
        good("f64", &[0x4009, 0x21fb, 0x5444, 0x2d18], "3.141592653589793");
        good("bcd:2", &[0x0012, 0x3456], "123456");
        good("u48", &[0x0001, 0x0000, 0x0002], "4294967298");
        good("i48", &[0xffff, 0xffff, 0xfffe], "-2");
        good("mod10:4", &[0, 12, 3456, 7890], "1234567890");
        good("string:4", &[0x4142, 0x4320, 0x0000, 0x5858], "\"ABC\"");
        good("string:2", &[0xb043, 0x2020], "\"°C\"");
        good("bits", &[5], "\"0000000000000101\"");
        good("bit:2", &[5], "true");
        good("bit:1", &[5], "false");
    }

    #[test]
    fn what_is_no_value_is_kept_as_it_came() {
        let bad = |kind: &str, registers: &[u16], kept: &str| {
            assert_eq!(read(&of_type(kind), registers), Err(kept.to_owned()), "{kind}");
        };
        bad("bcd:1", &[0x12a4], "12A4");
        bad("mod10:2", &[0, 10_000], "00002710");
        bad("f32", &[0x7f80, 0], "7F800000");
        bad("string:1", &[0x4107], "4107");
        bad("u64", &[0x8000, 0, 0, 1], "8000000000000001");
    }

    #[test]
    fn another_register_states_a_power_of_ten() {
        let value = MapValue { address: 9, exponent: Some(7), ..of_type("i16") };
        assert_eq!(value.span(), (7, 10));
        assert_eq!(read(&value, &[0xfffe, 0xabcd, 215]).as_deref(), Ok("2.15"));
        assert_eq!(read(&value, &[1, 0, 0xff29]).as_deref(), Ok("-2150"));
        assert_eq!(read(&value, &[0x8000, 0, 215]), Err("00D7, exponent 8000".to_owned()));
        let none = MapValue { none: vec![0x8000], ..value };
        assert_eq!(read(&none, &[0x8000, 0, 0x8000]).as_deref(), Ok("null"));
        let float = MapValue { exponent: Some(2), ..of_type("f32") };
        assert_eq!(read(&float, &[0x4366, 0x6666, 3]).as_deref(), Ok("230400"));
        assert_eq!(read(&float, &[0x7fc0, 0, 0x8000]).as_deref(), Ok("null"));
    }

    #[test]
    fn a_pattern_that_marks_none_is_null_before_it_is_scaled() {
        let mut value = of_type("i16");
        value.none = vec![0x8000, 0xffff];
        value.scaling.factor = Decimal::parse("0.1").unwrap();
        assert_eq!(read(&value, &[0x8000]).as_deref(), Ok("null"));
        assert_eq!(read(&value, &[0xffff]).as_deref(), Ok("null"));
        assert_eq!(read(&value, &[0x7fff]).as_deref(), Ok("3276.7"));
        let mut swapped = of_type("u32");
        (swapped.none, swapped.order) = (vec![0x8000_0000], "CDAB".parse().unwrap());
        assert_eq!(read(&swapped, &[0, 0x8000]).as_deref(), Ok("null"));
    }
}
