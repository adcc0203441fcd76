//! Numbers that would not be signed as they are written: their value is not that of the number that RFC 8785 writes for
//! them.
//!
//! ```text
//! 4.20  1e2  -0  0.1                          the same value as 4.2, 100, 0, 0.1: fine
//! 12345678901234567.25  1e-400                would become 12345678901234568 and 0
//! 0.1000000000000000055511151231257827        would become 0.1, though it is what the double of 0.1 begins with
//! ```
//!
//! Values are compared as exact decimals: no digit of a literal is lost on the way.

use std::borrow::Cow;

use super::{
    JsonError,
    integer::{ecmascript, number_literals},
};

/// A number of so few characters without an exponent is its double's shortest form but for zeros (`DBL_DIG`).
const SAFE_LENGTH: usize = 15;

/// As much of a literal as goes into a message.
const SHOWN: usize = 60;

/// Refuses the first number literal of a JSON text whose value RFC 8785 would alter, with its place and what it would
/// become. The text must be one that [`parse`](super::parse) takes.
///
/// # Errors
/// If there is one.
pub fn refuse_rounding(text: &[u8]) -> Result<(), JsonError> {
    for (at, literal) in number_literals(text) {
        let literal = String::from_utf8_lossy(literal);
        if let Some(becomes) = altered(&literal) {
            let shown: Cow<'_, str> = match literal.char_indices().nth(SHOWN) {
                Some((end, _)) => format!("{}…", &literal[..end]).into(),
                None => literal,
            };
            return Err(JsonError::at(text, at, format!("number {shown} would become {becomes}")));
        }
    }
    Ok(())
}

/// What RFC 8785 writes for a literal, if that has another value.
fn altered(literal: &str) -> Option<String> {
    let has_exponent = || literal.contains(['e', 'E']);
    if literal.len() <= SAFE_LENGTH && !has_exponent() {
        return None;
    }
    let double: f64 = literal.parse().ok()?;
    let written = ecmascript(double);
    (ExactDecimal::of(literal) != ExactDecimal::of(&written)).then_some(written)
}

/// The exact value of a literal: digits without zeros at either end, and the power of ten of the last one.
#[derive(PartialEq, Eq)]
struct ExactDecimal<'a> {
    is_negative: bool,
    digits: Cow<'a, str>,
    exponent: i128,
}

impl<'a> ExactDecimal<'a> {
    /// Of a literal in JSON's grammar.
    fn of(literal: &'a str) -> Self {
        let (is_negative, unsigned) = match literal.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, literal),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = if fraction.is_empty() { whole.into() } else { Cow::Owned([whole, fraction].concat()) };
        let last = digits.trim_end_matches('0').len();
        let (zeros, fraction) = (width(digits.len() - last), width(fraction.len()));
        let significant = digits[..last].trim_start_matches('0').to_owned();
        if significant.is_empty() {
            return Self { is_negative: false, digits: "".into(), exponent: 0 };
        }
        let exponent = power(exponent).saturating_add(zeros - fraction);
        Self { is_negative, digits: significant.into(), exponent }
    }
}

/// The number after `e`. One that no integer holds is far beyond any double, and so is its neighbour.
fn power(text: &str) -> i128 {
    let end = if text.starts_with('-') { i128::MIN / 2 } else { i128::MAX / 2 };
    text.parse().unwrap_or(end).clamp(i128::MIN / 2, i128::MAX / 2)
}

fn width(length: usize) -> i128 {
    i128::try_from(length).unwrap_or(i128::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Option<String> {
        crate::json::parse(text.as_bytes()).expect(text);
        refuse_rounding(text.as_bytes()).err().map(|bad| bad.to_string())
    }

    #[test]
    fn what_keeps_its_value_is_taken_however_it_is_written() {
        for text in [
            "4.20",
            "1e2",
            "1E+2",
            "-0",
            "-0.0",
            "0e999",
            "0.1",
            "100000e-5",
            "1.50000000000000000000",
            "0.000000000000000000000000000000000000015e39",
            "1e21",
            "1e+21",
            "5e-324",
            "1.7976931348623157e308",
            "9007199254740991",
            "9007199254740992",
            "18446744073709552000",
            "1.8446744073709552e19",
            "179769313486231570000000000000000000000e270",
            "[\"12345678901234567.25\", {\"1e-400\":\"\\\"1e-400\"}]",
        ] {
            assert_eq!(refusal(text), None, "{text}");
        }
    }

    #[test]
    fn what_would_become_another_number_is_refused_with_its_place() {
        let refused = |text: &str, said: &str| assert_eq!(refusal(text).as_deref(), Some(said), "{text}");
        refused(
            "12345678901234567.25",
            "number 12345678901234567.25 would become 12345678901234568 at column 1",
        );
        refused("{\"a\":[1,\n 1e-400]}", "number 1e-400 would become 0 at line 2 column 2");
        refused(
            "0.1000000000000000055511151231257827",
            "number 0.1000000000000000055511151231257827 would become 0.1 at column 1",
        );
        refused("-2.00000000000000011", "number -2.00000000000000011 would become -2 at column 1");
        refused("4e-324", "number 4e-324 would become 5e-324 at column 1");
        refused(
            "3e-99999999999999999999999999999999999999999",
            "number 3e-99999999999999999999999999999999999999999 would become 0 at column 1",
        );
        let long = format!("0.{}1", "3".repeat(100));
        let said = format!("number 0.{}… would become 0.3333333333333333 at column 1", "3".repeat(58));
        refused(&long, &said);
    }
}
