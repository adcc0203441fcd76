//! From the number in the registers to the one that is measured: times a factor, plus an offset, in exact decimals.
//!
//! ```text
//! 215 × 0.1 = 21.5        and not 21.500000000000004
//! 215 × 10^-2 = 2.15      where another register states -2, as the scale factors of SunSpec do
//! ```

use std::ops::RangeInclusive;

use crate::{
    decimal::Decimal,
    json::{Number, Value},
};

/// The powers of ten that a register may state, as those of a `sunssf` are; 8000 hex, which says that there is none, is no such.
const EXPONENTS: RangeInclusive<i16> = -10..=10;

/// A factor, and what is added behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaling {
    /// What a number is multiplied with
    pub factor: Decimal,
    /// What is added then
    pub offset: Decimal,
}

impl Scaling {
    /// The factor 1, and nothing added.
    pub fn none() -> Self {
        Self { factor: Decimal::new(1, 0).unwrap_or(Decimal::ZERO), offset: Decimal::ZERO }
    }

    /// Whether it changes nothing.
    pub(super) fn is_none(self) -> bool {
        self == Self::none()
    }

    /// The same, times ten to the power that a register states; `None`: it states none.
    pub(super) fn times_power(self, stated: u16) -> Option<Self> {
        let exponent = Some(stated.cast_signed()).filter(|exponent| EXPONENTS.contains(exponent))?;
        let digits = u32::from(exponent.unsigned_abs());
        let power = if exponent < 0 { Decimal::new(1, digits) } else { Decimal::new(10_i128.pow(digits), 0) };
        Some(Self { factor: self.factor.times(power?)?, ..self })
    }

    /// The scaled number; `None`: a decimal, or a number of JSON, cannot hold it.
    pub(super) fn apply(self, number: Decimal) -> Option<Value> {
        exact(number.times(self.factor)?.plus(self.offset)?)
    }
}

/// A decimal as a number of JSON; `None`: the nearest double has other digits.
fn exact(decimal: Decimal) -> Option<Value> {
    let number = Number::new(decimal.to_string().parse().ok()?)?;
    (Decimal::from_number(number) == Some(decimal)).then_some(Value::Number(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_states_a_power_of_ten() {
        let scaled = |stated| {
            let scaling = Scaling::none().times_power(stated)?;
            scaling.apply(Decimal::new(-215, 0)?).map(|value| value.to_canonical())
        };
        assert_eq!(scaled(0xfffe).as_deref(), Some("-2.15"));
        assert_eq!(scaled(0).as_deref(), Some("-215"));
        assert_eq!(scaled(3).as_deref(), Some("-215000"));
        assert_eq!(scaled(0xfff6).as_deref(), Some("-2.15e-8"));
        for none in [0x8000, 0xfff5, 11, 0x7fff] {
            assert_eq!(scaled(none), None, "{none:04x}");
        }
    }

    #[test]
    fn no_digit_comes_from_a_double() {
        let scaled = |number: i128, factor: &str, offset: &str| {
            let [factor, offset] = [factor, offset].map(|text| Decimal::parse(text).unwrap());
            let scaling = Scaling { factor, offset };
            scaling.apply(Decimal::new(number, 0)?).map(|value| value.to_canonical())
        };
        assert_eq!(scaled(215, "0.1", "0").as_deref(), Some("21.5"));
        assert_eq!(scaled(3, "0.1", "0.2").as_deref(), Some("0.5"));
        assert_eq!(scaled(-205, "0.1", "-40").as_deref(), Some("-60.5"));
        assert_eq!(scaled(i128::from(u32::MAX), "0.001", "0").as_deref(), Some("4294967.295"));
        assert_eq!(scaled(i128::from(u64::MAX), "1", "0"), None, "a double would alter it");
        assert_eq!(scaled(1 << 53, "1", "0").as_deref(), Some("9007199254740992"));
    }
}
