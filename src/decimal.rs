//! Exact decimals: a coefficient of 96 bits and up to 28 fractional digits.
//!
//! ```text
//! 8.0 = 8.00 = 8        0.1 + 0.2 = 0.3        1e-28 fits        1e29 does not
//! ```
//!
//! `rust_decimal` holds the digits and compares them; its own checked arithmetic rounds what does not fit
//! and says nothing, so sums and products are computed here on wide integers: exact, or none at all. What is summed over
//! many values is a [`WideSum`].

mod wide_sum;

use std::{cmp::Ordering, fmt};

pub use wide_sum::WideSum;

use crate::json::{Number, Value};

/// A decimal without trailing zeros after the point, so that equal ones are spelt alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(rust_decimal::Decimal);

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // Most have so few digits that both fit 64 bits at the larger scale.
        let scale = self.0.scale().max(other.0.scale());
        match (self.short_at(scale), other.short_at(scale)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => self.0.cmp(&other.0),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// So many digits fit into 64 bits.
const SAFE_DIGITS: usize = 18;

/// 10^15: decimals of fewer digits are doubles of their own (`DBL_DIG`).
const SHORT: i64 = 1_000_000_000_000_000;

/// The powers of ten that doubles hold exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// The first powers of ten.
const SHORT_POWERS: [i64; 10] =
    [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/// The double nearest to `coefficient` / 10^`scale`; `None`: there are so many digits that two decimals may be one double.
pub fn short_double(coefficient: i64, scale: usize) -> Option<f64> {
    let power = POWERS.get(scale).filter(|_| coefficient.abs() < SHORT)?;
    // Both are exact, so that the quotient is the double that is nearest to the decimal.
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    Some(coefficient as f64 / power)
}

/// Which of the two integers around a number it is rounded to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// The nearest, and of two equally near ones the even one
    #[default]
    HalfEven,
    /// The nearest, and of two equally near ones the one farther from zero
    HalfUp,
    /// The one farther from zero
    Up,
    /// The one nearer to zero
    Down,
}

impl Decimal {
    /// 0
    pub const ZERO: Self = Self(rust_decimal::Decimal::ZERO);

    /// `coefficient` / 10^`scale`; `None`: it does not fit.
    pub fn new(mut coefficient: i128, mut scale: u32) -> Option<Self> {
        // Of 128 bits a division takes ten times as long, and most have far fewer.
        if let Ok(mut short) = i64::try_from(coefficient) {
            while scale > 0 && short % 10 == 0 {
                (short, scale) = (short / 10, scale - 1);
            }
            return (scale <= rust_decimal::Decimal::MAX_SCALE)
                .then(|| Self(rust_decimal::Decimal::new(short, scale)));
        }
        while scale > 0 && coefficient % 10 == 0 {
            (coefficient, scale) = (coefficient / 10, scale - 1);
        }
        rust_decimal::Decimal::try_from_i128_with_scale(coefficient, scale).ok().map(Self)
    }

    /// The nearest double, of a decimal of so few digits that no two of them are the same double; `None`: it has more.
    pub fn as_short_double(self) -> Option<f64> {
        short_double(i64::try_from(self.0.mantissa()).ok()?, usize::try_from(self.0.scale()).ok()?)
    }

    /// Reads `-12`, `2.50`, `1e+21`: what JSON calls a number, leading zeros apart. `None`: the text is no
    /// number, or does not fit.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (digits, exponent) = match split_at(rest, |byte| matches!(byte, b'e' | b'E')) {
            Some((digits, exponent)) => (digits, parse_exponent(exponent)?),
            None => (rest, 0),
        };
        let (whole, fraction) = match split_at(digits, |byte| byte == b'.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (digits, ""),
        };
        let (coefficient, dropped) = parse_digits(whole, fraction)?;
        let scale = i64::try_from(fraction.len()).ok()? - dropped - exponent;
        let magnitude = if coefficient == 0 { Some(Self::ZERO) } else { Self::shifted(coefficient, scale) }?;
        Some(if negative { magnitude.negated() } else { magnitude })
    }

    /// The decimal of a JSON number's canonical form (RFC 8785); `None`: it does not fit.
    pub fn from_number(number: Number) -> Option<Self> {
        if let Some(integer) = number.as_u64() {
            return Self::new(integer.into(), 0);
        }
        let mut text = String::with_capacity(24);
        Value::Number(number).write(&mut text);
        Self::parse(&text)
    }

    fn shifted(coefficient: i128, scale: i64) -> Option<Self> {
        match u32::try_from(scale) {
            Ok(scale) => Self::new(coefficient, scale),
            Err(_) => Self::new(coefficient.checked_mul(power_of_ten(scale.unsigned_abs())?)?, 0),
        }
    }

    /// The exact sum; `None`: it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        // Brought to the larger scale, a coefficient beyond 128 bits cannot come back below 96: the other's
        // last digit is not zero, so nothing can be cut off.
        let scale = self.0.scale().max(other.0.scale());
        if let (Some(left), Some(right)) = (self.short_at(scale), other.short_at(scale)) {
            return Self::new(i128::from(left) + i128::from(right), scale);
        }
        Self::new(self.coefficient_at(scale)?.checked_add(other.coefficient_at(scale)?)?, scale)
    }

    /// The exact difference; `None`: it does not fit.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated())
    }

    /// The exact product; `None`: it does not fit.
    pub fn times(self, other: Self) -> Option<Self> {
        let (mut a, mut b) = (self.0.mantissa(), other.0.mantissa());
        if a == 0 || b == 0 {
            return Some(Self::ZERO);
        }
        // The zeros that the product ends with come from its twos and fives; taken out beforehand, what
        // does not fit 128 bits does not fit 96 either.
        let scale = self.0.scale() + other.0.scale();
        let tens = scale
            .min(factors(a, 2, scale) + factors(b, 2, scale))
            .min(factors(a, 5, scale) + factors(b, 5, scale));
        for prime in [2, 5] {
            for _ in 0..tens {
                if a % prime == 0 { a /= prime } else { b /= prime }
            }
        }
        Self::new(a.checked_mul(b)?, scale - tens)
    }

    /// The quotient, rounded half to even to 18 fractional digits; `None`: it does not fit, or the divisor is
    /// zero.
    pub fn divided_by(self, divisor: Self) -> Option<Self> {
        const DIGITS: i64 = 18;
        let (a, b) = (self.0.mantissa(), divisor.0.mantissa());
        if b == 0 {
            return None;
        }
        // How many digits after the point the quotient has so far; below zero it is short of whole ones.
        let mut scale = i64::from(self.0.scale()) - i64::from(divisor.0.scale());
        // Most have room for all digits at once.
        let room = power_of_ten(u64::try_from(DIGITS - scale).unwrap_or(0));
        let shifted = room.and_then(|room| a.checked_mul(room));
        scale = if shifted.is_some() { scale.max(DIGITS) } else { scale };
        let a_shifted = shifted.unwrap_or(a).unsigned_abs();
        let (mut quotient, mut rest) = (a_shifted / b.unsigned_abs(), a_shifted % b.unsigned_abs());
        while scale < DIGITS && rest > 0 {
            quotient = quotient.checked_mul(10)?.checked_add(rest * 10 / b.unsigned_abs())?;
            (rest, scale) = (rest * 10 % b.unsigned_abs(), scale + 1);
        }
        let magnitude = round_off(quotient, rest, b.unsigned_abs(), scale, DIGITS)?;
        Some(if (a < 0) == (b < 0) { magnitude } else { magnitude.negated() })
    }

    /// The same distance on the other side of zero.
    pub fn negated(self) -> Self {
        // Not `-x`: zero would keep a sign.
        if self.0.is_zero() { self } else { Self(-self.0) }
    }

    /// The distance from zero.
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The next integer below, or the number itself.
    pub fn floor(self) -> Option<Self> {
        let unit = power_of_ten(self.0.scale().into())?;
        Self::new(self.0.mantissa().div_euclid(unit), 0)
    }

    /// The integer nearest to self × 10^`digits`, the even one if two are; `None`: 128 bits do not hold
    /// it.
    pub fn scaled(self, digits: u32) -> Option<i128> {
        self.rounded(digits, Rounding::HalfEven)
    }

    /// An integer next to self × 10^`digits`; `None`: 128 bits do not hold it.
    pub fn rounded(self, digits: u32, rounding: Rounding) -> Option<i128> {
        let (coefficient, scale) = (self.0.mantissa(), self.0.scale());
        if scale <= digits {
            return coefficient.checked_mul(power_of_ten((digits - scale).into())?);
        }
        let unit = power_of_ten((scale - digits).into())?;
        let (whole, rest) = (coefficient / unit, (coefficient % unit).abs());
        let half = (rest * 2).cmp(&unit);
        let away = match rounding {
            Rounding::HalfEven => half.is_gt() || half.is_eq() && whole % 2 != 0,
            Rounding::HalfUp => half.is_ge(),
            Rounding::Up => rest > 0,
            Rounding::Down => false,
        };
        Some(whole + if away { coefficient.signum() } else { 0 })
    }

    /// How many fractional digits it has.
    pub fn scale(self) -> u32 {
        self.0.scale()
    }

    /// The coefficient at a scale that is not less than its own; `None`: it has more than 64 bits.
    pub fn short_at(self, scale: u32) -> Option<i64> {
        let more = usize::try_from(scale - self.0.scale()).ok()?;
        i64::try_from(self.0.mantissa()).ok()?.checked_mul(*SHORT_POWERS.get(more)?)
    }

    fn coefficient_at(self, scale: u32) -> Option<i128> {
        self.0.mantissa().checked_mul(power_of_ten((scale - self.0.scale()).into())?)
    }
}

impl fmt::Display for Decimal {
    /// Plain digits, no exponent, no trailing zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `quotient` + `rest`/`divisor` at a scale, brought to at most so many digits, half to even.
fn round_off(quotient: u128, rest: u128, divisor: u128, scale: i64, digits: i64) -> Option<Decimal> {
    let unit = power_of_ten(u64::try_from(scale - digits).unwrap_or(0))?.unsigned_abs();
    let (mut kept, cut) = (quotient / unit, quotient % unit);
    let half = if unit > 1 { (cut * 2).cmp(&unit).then(rest.cmp(&0)) } else { (rest * 2).cmp(&divisor) };
    let up = half.is_gt() || half.is_eq() && kept % 2 == 1;
    kept = kept.checked_add(up.into())?;
    Decimal::shifted(kept.try_into().ok()?, scale.min(digits))
}

/// What stands before and behind the first such byte, which is ASCII: in a few bytes it is found faster than by a search
/// that is made for long texts. `None`: there is none.
fn split_at(text: &str, is_border: fn(u8) -> bool) -> Option<(&str, &str)> {
    let at = text.bytes().position(is_border)?;
    Some((&text[..at], &text[at + 1..]))
}

/// The digits without the zeros at their end, and how many of those there were.
fn parse_digits(whole: &str, fraction: &str) -> Option<(i128, i64)> {
    if whole.is_empty() {
        return None;
    }
    if whole.len() + fraction.len() <= SAFE_DIGITS {
        return parse_few_digits(whole, fraction);
    }
    let (mut coefficient, mut zeros) = (0i128, 0i64);
    for digit in whole.bytes().chain(fraction.bytes()) {
        match digit {
            b'0' => zeros += 1,
            b'1'..=b'9' => {
                let shift = if coefficient == 0 { 10 } else { power_of_ten(zeros.unsigned_abs() + 1)? };
                coefficient = coefficient.checked_mul(shift)?.checked_add((digit - b'0').into())?;
                zeros = 0;
            }
            _ => return None,
        }
    }
    Some((coefficient, zeros))
}

/// The same of so many digits that 64 bits hold them.
fn parse_few_digits(whole: &str, fraction: &str) -> Option<(i128, i64)> {
    let (mut coefficient, mut zeros) = (0u64, 0);
    for digit in whole.bytes().chain(fraction.bytes()) {
        coefficient = coefficient * 10 + u64::from(char::from(digit).to_digit(10)?);
    }
    while coefficient > 0 && coefficient % 10 == 0 {
        (coefficient, zeros) = (coefficient / 10, zeros + 1);
    }
    Some((coefficient.into(), zeros))
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

fn power_of_ten(exponent: u64) -> Option<i128> {
    10i128.checked_pow(exponent.try_into().ok()?)
}

/// How often a prime divides a number that is not zero, counted up to a limit.
fn factors(mut number: i128, prime: i128, limit: u32) -> u32 {
    let mut count = 0;
    while count < limit && number % prime == 0 {
        (number, count) = (number / prime, count + 1);
    }
    count
}

#[cfg(test)]
mod tests;
