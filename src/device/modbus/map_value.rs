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
    /// The SenML unit; `None`: a count, a code or a text
    pub unit: Option<String>,
    /// The patterns of bits by which the device says that there is no value
    pub none: Vec<u64>,
}

impl MapValue {
    /// The first address behind it.
    pub(super) fn end(&self) -> u32 {
        u32::from(self.address) + u32::from(self.kind.length())
    }

    /// The value in its registers. What the device marks as none is null.
    ///
    /// # Errors
    /// The registers as hexadecimal text, if they hold no such value, or one that a number of JSON cannot hold.
    pub(super) fn of_registers(&self, registers: &[u16]) -> Result<Value, String> {
        let bytes = self.order.number_bytes(registers);
        let pattern = bytes.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        if self.kind.is_number() && self.none.contains(&pattern) {
            return Ok(Value::Null);
        }
        let value = match self.kind {
            RegisterType::Unsigned(_) => self.scaled(i128::from(pattern)),
            RegisterType::Signed(length) => self.scaled(signed(pattern, length)),
            RegisterType::Bcd(_) => decimal_digits(&bytes).and_then(|number| self.scaled(number)),
            RegisterType::Float(_) => self.of_float(&bytes),
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

    fn scaled(&self, number: i128) -> Option<Value> {
        self.scaling.apply(Decimal::new(number, 0)?)
    }

    /// A float by the digits that tell it from its neighbours: the nearest to 230.4 is 230.4. One that is not a number
    /// is no value.
    fn of_float(&self, bytes: &[u8]) -> Option<Value> {
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
        if self.scaling.is_none() {
            return Number::new(digits.parse().ok()?).map(Value::Number);
        }
        self.scaling.apply(Decimal::parse(&digits)?)
    }
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
            unit: None,
            none: Vec::new(),
        }
    }

    fn read(value: &MapValue, registers: &[u16]) -> Result<String, String> {
        value.of_registers(registers).map(|value| value.to_canonical())
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
        bad("f32", &[0x7f80, 0], "7F800000");
        bad("string:1", &[0x4107], "4107");
        bad("u64", &[0x8000, 0, 0, 1], "8000000000000001");
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
