//! Decimals as devices print them, and the numbers of JSON that they are.

use crate::{
    decimal::{Decimal, short_double},
    json::{self, Number, Value},
};

/// A literal of so few characters is the shortest form of its double but for zeros (`DBL_DIG`).
const SAFE_LENGTH: usize = 15;

/// A decimal as devices print it: sign, digits, one point. `None`: it is none, or a double would alter it.
pub(super) fn decimal(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes();
    if digits.len() > SAFE_LENGTH {
        return long_decimal(text);
    }
    let (mut coefficient, mut count, mut decimals) = (0, 0, None);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                coefficient = coefficient * 10 + i64::from(byte - b'0');
                (count, decimals) = (count + 1, decimals.map(|decimals| decimals + 1));
            }
            b'.' if decimals.is_none() => decimals = Some(0),
            _ => return None,
        }
    }
    let double = short_double(coefficient, decimals.unwrap_or(0)).filter(|_| count > 0)?;
    Number::new(if text.starts_with('-') { -double } else { double })
}

/// The same of more characters, of which a double may not hold all.
fn long_decimal(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    let number = all_digits.then(|| Number::new(text.parse().ok()?)).flatten()?;
    is_exact(text, number).then_some(number)
}

/// Whether a double is written with the digits that the device printed.
fn is_exact(text: &str, number: Number) -> bool {
    let text = text.strip_prefix('+').unwrap_or(text);
    let text = text.strip_suffix('.').unwrap_or(text);
    Decimal::parse(text).is_some_and(|decimal| Decimal::from_number(number) == Some(decimal))
}

/// The JSON number of an exact decimal; `None`: a double would alter it.
pub(super) fn number(decimal: Decimal) -> Option<Number> {
    match decimal.as_short_double() {
        Some(double) => Number::new(double),
        None => self::decimal(&decimal.to_string()),
    }
}

/// 2^53: from here on doubles are no finer than integers.
const LEAST_COARSE: f64 = 9_007_199_254_740_992.0;

/// The double nearest to a fraction: less than one part in 10^15 away, which no measurement tells. `None` where a digit
/// may matter: in integers, in what is larger than all of them that doubles hold, and in what doubles round to nothing.
pub(super) fn rounded(token: &str) -> Option<Number> {
    let Ok(Value::Number(number)) = json::parse(token.as_bytes()) else { return None };
    let double = number.as_f64();
    let is_fraction = token.contains(['.', 'e', 'E']) && double.abs() < LEAST_COARSE;
    (is_fraction && double.is_normal()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_digits_and_nothing_else() {
        let double = |text| decimal(text).map(Number::as_f64);
        assert_eq!(double("-021.50"), Some(-21.5));
        assert_eq!(double("01."), Some(1.0));
        assert_eq!(double("+.5"), Some(0.5));
        assert_eq!(double("0000000000000004.50"), Some(4.5));
        assert_eq!(double("353431343439393939393939393939393939"), None, "an id, and no double");
        assert_eq!(double("0.1000000000000000055"), None);
        for bad in ["", ".", "-", "1e5", "0x1", "inf", "nan", "1.2.3", "+-1", " 1"] {
            assert_eq!(double(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_short_decimal_is_the_double_that_the_standard_library_reads() {
        let of = |text: &str| decimal(text).map(|number| number.as_f64().to_bits());
        for n in (0..100_000_000_000_000i64).step_by(765_432_109_876) {
            let digits = n.to_string();
            for at in 0..=digits.len() {
                let text = format!("-{}.{}", &digits[..at], &digits[at..]);
                assert_eq!(of(&text), Some(text.parse::<f64>().unwrap().to_bits()), "{text}");
            }
        }
    }
}
