//! Currencies: a code and how many digits an amount has after the point (ISO 4217).
//!
//! The digits are part of the language version: a verdict must not change with a list that changes.

use crate::decimal::{Decimal, Rounding};

/// A currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency {
    /// Three letters: `EUR`
    pub code: String,
    digits: u32,
}

impl Currency {
    /// Reads a code of three capital letters. One that is not listed below has two digits.
    pub fn parse(code: &str) -> Option<Self> {
        let digits = match code {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI"
            | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" | "UYW" => 4,
            _ => 2,
        };
        let is_code = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
        is_code.then(|| Self { code: code.to_owned(), digits })
    }

    /// `XXX`, which the standard has for no currency.
    pub fn none() -> Self {
        Self { code: "XXX".to_owned(), digits: 2 }
    }

    /// An amount in the currency's smallest unit; `None`: 128 bits do not hold it.
    pub fn round(&self, amount: Decimal, rounding: Rounding) -> Option<i128> {
        amount.rounded(self.digits, rounding)
    }

    /// An amount in the smallest unit; `None`: it would need rounding.
    pub fn exact(&self, amount: Decimal) -> Option<i128> {
        let units = amount.scaled(self.digits)?;
        (Decimal::new(units, self.digits) == Some(amount)).then_some(units)
    }

    /// So many of the smallest unit as text, with all digits: `250.00`.
    pub fn text(&self, units: i128) -> String {
        let sign = if units < 0 { "-" } else { "" };
        let width = self.digits as usize + 1;
        let digits = format!("{:0width$}", units.unsigned_abs());
        let (whole, fraction) = digits.split_at(digits.len() - self.digits as usize);
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect(code)
    }

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        for (code, units, text) in [
            ("EUR", 25_000, "250.00"),
            ("EUR", -5, "-0.05"),
            ("EUR", 0, "0.00"),
            ("JPY", 250, "250"),
            ("JPY", 0, "0"),
            ("KWD", 1, "0.001"),
            ("CLF", -123_456, "-12.3456"),
        ] {
            assert_eq!(currency(code).text(units), text);
        }
        for code in ["", "EU", "eur", "EURO", "E1R", "ÉUR"] {
            assert_eq!(Currency::parse(code), None, "{code}");
        }
    }

    #[test]
    fn halves_are_rounded_to_even() {
        let of = |text| currency("EUR").round(Decimal::parse(text).unwrap(), Rounding::HalfEven);
        assert_eq!(["0.005", "0.015", "-0.005", "-0.015", "0.0051"].map(of), [0, 2, 0, -2, 1].map(Some));
        assert_eq!(of("79228162514264337593543950335"), Some(7_922_816_251_426_433_759_354_395_033_500));
        let exact = |text| currency("EUR").exact(Decimal::parse(text).unwrap());
        assert_eq!((exact("2.5"), exact("2.505"), exact("2.500")), (Some(250), None, Some(250)));
    }
}
