//! Number literals: whether one is written as RFC 8785 writes it.
//!
//! ```text
//! 4.2  -17  1e+21      yes: what ECMAScript writes for the double
//! 4.20  -0  01  1e21   no
//! ```

/// Digits that a double holds whatever they are (`DBL_DIG`), so that no shorter number is the same double.
const SAFE_DIGITS: usize = 15;

/// How many bytes at the beginning of a text can belong to a number.
pub(super) fn length(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e')).count()
}

/// Whether a number is what ECMAScript writes for its double.
pub(super) fn is_canonical(literal: &[u8]) -> bool {
    is_short(literal) || is_shortest(literal)
}

/// The integer of a value's text; `None`: it is no integer from 0 to 10^15 − 1.
pub fn integer(value: &[u8]) -> Option<u64> {
    let digits = !value.is_empty() && value.len() <= SAFE_DIGITS && value.iter().all(u8::is_ascii_digit);
    digits.then(|| value.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

/// Whether a number has so few digits that it is its double's shortest form, and the form that ECMAScript writes
/// without an exponent.
fn is_short(literal: &[u8]) -> bool {
    let unsigned = literal.strip_prefix(b"-").unwrap_or(literal);
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (whole, rest) = unsigned.split_at(digits(unsigned));
    let whole_fits = whole == b"0" || whole.first().is_some_and(|first| *first != b'0');
    let fraction_fits = match rest.split_first() {
        None => literal != b"-0",
        Some((b'.', fraction)) => {
            // Below 10^-6 an exponent is written.
            let is_great = || whole != b"0" || fraction.iter().take(6).any(|byte| *byte != b'0');
            let ends = fraction.last().is_some_and(|last| *last != b'0');
            digits(fraction) == fraction.len() && ends && is_great()
        }
        Some(_) => false,
    };
    whole_fits && fraction_fits && whole.len() + rest.len().saturating_sub(1) <= SAFE_DIGITS
}

/// Whether a number is what ECMAScript writes for its double.
fn is_shortest(literal: &[u8]) -> bool {
    let Ok(literal) = str::from_utf8(literal) else { return false };
    let double = literal.parse::<f64>().ok().filter(|double| double.is_finite());
    double.is_some_and(|double| ryu_js::Buffer::new().format_finite(double) == literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_plain_digits() {
        assert_eq!(integer(b"0"), Some(0));
        assert_eq!(integer(b"999999999999999"), Some(999_999_999_999_999));
        for other in ["", "-1", "1.5", "1234567890123456", "\"1\"", "null", "1e3"].map(str::as_bytes) {
            assert_eq!(integer(other), None);
        }
    }
}
