//! `exp` and `ln` in decimal fixed-point integers: the same digits on every machine.
//!
//! ```text
//! 1 is 10^28;  e^(-x) is a mantissa in (0.1, 1] and a power of ten, the mantissa right to 24 digits and more
//! ```
//!
//! A product of two numbers of 28 digits does not fit 128 bits, so both are cut into halves of 14 digits.

/// 1
pub(super) const ONE: u128 = 10u128.pow(28);
const HALF_DIGITS: u128 = 10u128.pow(14);
/// ln 10, rounded down; of the digit that comes next there are so many thousandths.
const LN_10: u128 = 23_025_850_929_940_456_840_179_914_546;
const LN_10_THOUSANDTHS: u128 = 844;

/// `mantissa` / 10^28 / 10^`tens`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scaled {
    pub(super) mantissa: u128,
    pub(super) tens: u32,
}

/// e^(−x), for an x below 20,000.
pub(super) fn exp_of_minus(x: u128) -> Scaled {
    let (mut tens, mut rest) = (x / LN_10, x % LN_10);
    let cut = tens * LN_10_THOUSANDTHS / 1000;
    if rest < cut {
        (tens, rest) = (tens - 1, rest + LN_10);
    }
    Scaled { mantissa: exp_of_small(rest - cut), tens: u32::try_from(tens).unwrap_or(u32::MAX) }
}

/// e^(−x), for an x of at most ln 10: the series of x/64, squared six times.
fn exp_of_small(x: u128) -> u128 {
    const SQUARINGS: u32 = 6;
    let x = x >> SQUARINGS;
    // The terms alternate, so those of each sign are added up apart.
    let (mut sums, mut term, mut n) = ([ONE, 0], ONE, 0);
    while term > 0 {
        n += 1;
        term = product(term, x) / n;
        sums[usize::from(n % 2 == 1)] += term;
    }
    (0..SQUARINGS).fold(sums[0] - sums[1], |power, _| product(power, power))
}

/// −ln x, for an x in (0, 1], by Halley's steps, each of which triples the right digits.
pub(super) fn minus_ln(x: u128) -> u128 {
    let (mut x, mut tens) = (x, 0);
    while x < ONE / 10 {
        (x, tens) = (x * 10, tens + 1);
    }
    let mut ln = 0;
    // From x = 0.1, the farthest, five steps leave no digit to correct.
    for _ in 0..6 {
        let power = exp_of_small(ln);
        let step = 2 * quotient(power.abs_diff(x), power + x);
        ln = if power > x { (ln + step).min(LN_10) } else { ln.saturating_sub(step) };
    }
    ln + tens_of_ln_10(tens)
}

/// So many times ln 10.
pub(super) fn tens_of_ln_10(tens: u32) -> u128 {
    let tens = u128::from(tens);
    tens * LN_10 + tens * LN_10_THOUSANDTHS / 1000
}

/// The product, rounded down, of numbers whose product is below 10.
fn product(a: u128, b: u128) -> u128 {
    let (a, a_low) = (a / HALF_DIGITS, a % HALF_DIGITS);
    let (b, b_low) = (b / HALF_DIGITS, b % HALF_DIGITS);
    a * b + (a * b_low + a_low * b + a_low * b_low / HALF_DIGITS) / HALF_DIGITS
}

/// `a` / `b` to 28 digits, rounded down, for a `b` of at most 10^33 that is not 0, and a quotient that fits.
pub(super) fn quotient(a: u128, b: u128) -> u128 {
    let (mut digits, mut rest) = (a / b, a % b);
    for _ in 0..7 {
        rest *= 10u128.pow(4);
        (digits, rest) = (digits * 10u128.pow(4) + rest / b, rest % b);
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digits after the point that are compared.
    const COMPARED: u128 = 10u128.pow(28 - 25);

    #[track_caller]
    fn assert_near(found: u128, right: u128) {
        assert!(found.abs_diff(right) <= COMPARED, "{found} is not {right}");
    }

    /// The right digits are those of mpmath 1.3.0 with 60 digits.
    #[test]
    fn powers_of_e_have_24_digits_and_more() {
        for (x, mantissa, tens) in [
            (0, 10_000_000_000_000_000_000_000_000_000, 0),
            (ONE / 10, 9_048_374_180_359_595_731_642_490_594, 0),
            (ONE / 2, 6_065_306_597_126_334_236_037_995_349, 0),
            (ONE, 3_678_794_411_714_423_215_955_237_702, 0),
            (23_025 * ONE / 10_000, 1_000_085_096_614_557_194_507_322_671, 0),
        ] {
            let power = exp_of_minus(x);
            assert_near(power.mantissa, mantissa);
            assert_eq!(power.tens, tens, "{x}");
        }
    }

    #[test]
    fn the_logarithm_undoes_the_power() {
        for x in [0, 1, ONE / 1000, ONE, 3 * ONE, 30 * ONE] {
            let Scaled { mantissa, tens } = exp_of_minus(x);
            assert_near(minus_ln(mantissa) + tens_of_ln_10(tens), x);
        }
        assert_near(minus_ln(ONE / 10), LN_10);
        assert_near(minus_ln(ONE / 1000), 3 * LN_10);
        // −ln 0.5
        assert_near(minus_ln(ONE / 2), 6_931_471_805_599_453_094_172_321_215);
    }

    /// So many tens has a temperature of 1 K; without the thousandths of the next digit they would cost four digits.
    #[test]
    fn many_tens_lose_no_digit() {
        let power = exp_of_minus(10_000 * ONE);
        assert_eq!(power.tens, 4342);
        assert_near(power.mantissa, 1_135_483_865_314_736_098_540_938_875);
    }
}
