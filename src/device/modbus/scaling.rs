//! From the number in the registers to the one that is measured: times a factor, plus an offset, in exact decimals.
//!
//! ```text
//! 215 × 0.1 = 21.5        and not 21.500000000000004
//! ```

use crate::{
    decimal::Decimal,
    json::{Number, Value},
};

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
