//! Sums of many decimals, each times a whole number: exact, however many there are.
//!
//! ```text
//! near × 10^-scale            what fits 128 bits at the scale that came up so far: nearly always all of it
//! + far × 10^-28              256 bits: a decimal at the scale 28 needs 190 of them, a weight 47
//! ```

use std::cmp::Ordering;

use super::{Decimal, power_of_ten};

/// The scale of the part that is far.
const FAR_SCALE: u32 = 28;
/// The fractional digits of a mean, as of every quotient.
const MEAN_SCALE: u32 = 18;

/// An exact sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WideSum {
    near: i128,
    scale: u32,
    far: Signed256,
}

impl WideSum {
    /// Adds a decimal so many times.
    pub fn add(&mut self, value: Decimal, times: u64) {
        let (coefficient, scale) = (value.0.mantissa(), value.0.scale());
        if scale > self.scale && !self.rescale(scale) {
            self.spill();
            self.scale = scale;
        }
        let added = power_of_ten((self.scale - scale).into())
            .and_then(|unit| coefficient.checked_mul(unit))
            .and_then(|coefficient| coefficient.checked_mul(times.into()));
        if let Some(sum) = added.and_then(|added| self.near.checked_add(added)) {
            self.near = sum;
            return;
        }
        self.spill();
        self.far.add(&Signed256::product(coefficient, FAR_SCALE - scale, times));
    }

    /// The sum; `None`: it does not fit a decimal.
    pub fn sum(&self) -> Option<Decimal> {
        if self.far.magnitude.is_zero() {
            return Decimal::new(self.near, self.scale);
        }
        let whole = self.whole();
        whole.signed(whole.magnitude.clone(), FAR_SCALE)
    }

    /// The sum divided by a weight above zero, rounded half to even to 18 fractional digits; `None`: it does not fit.
    pub fn mean(&self, weight: u64) -> Option<Decimal> {
        const CUT: u64 = 10u64.pow(FAR_SCALE - MEAN_SCALE);
        if weight == 0 {
            return None;
        }
        let whole = self.whole();
        let (quotient, rest) = whole.magnitude.divided_by(weight);
        let (mut kept, cut) = quotient.divided_by(CUT);
        let rest = u128::from(cut) * u128::from(weight) + u128::from(rest);
        let up = match (rest * 2).cmp(&(u128::from(CUT) * u128::from(weight))) {
            Ordering::Less => false,
            Ordering::Equal => kept.is_odd(),
            Ordering::Greater => true,
        };
        kept.add(&Unsigned256::from(u128::from(up)));
        whole.signed(kept, MEAN_SCALE)
    }

    /// Brings what is near to a larger scale. Answers whether that fits.
    fn rescale(&mut self, scale: u32) -> bool {
        let unit = power_of_ten((scale - self.scale).into());
        let near = unit.and_then(|unit| self.near.checked_mul(unit));
        if let Some(near) = near {
            (self.near, self.scale) = (near, scale);
        }
        near.is_some()
    }

    /// Adds what is near to what is far.
    fn spill(&mut self) {
        self.far = self.whole();
        self.near = 0;
    }

    fn whole(&self) -> Signed256 {
        let mut far = self.far.clone();
        far.add(&Signed256::product(self.near, FAR_SCALE - self.scale, 1));
        far
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Signed256 {
    is_negative: bool,
    magnitude: Unsigned256,
}

impl Signed256 {
    /// `coefficient` × 10^`tens` × `times`
    fn product(coefficient: i128, tens: u32, times: u64) -> Self {
        let mut magnitude = Unsigned256::from(coefficient.unsigned_abs());
        for factor in [10u64.pow(tens.min(14)), 10u64.pow(tens.saturating_sub(14)), times] {
            magnitude.multiply(factor);
        }
        Self { is_negative: coefficient < 0, magnitude }
    }

    fn add(&mut self, other: &Self) {
        if self.is_negative == other.is_negative {
            self.magnitude.add(&other.magnitude);
        } else if self.magnitude >= other.magnitude {
            self.magnitude.subtract(&other.magnitude);
        } else {
            let mut magnitude = other.magnitude.clone();
            magnitude.subtract(&self.magnitude);
            *self = Self { is_negative: other.is_negative, magnitude };
        }
    }

    /// A magnitude with the sign of this one, as a decimal; `None`: it does not fit.
    fn signed(&self, mut magnitude: Unsigned256, mut scale: u32) -> Option<Decimal> {
        let fits = |magnitude: &Unsigned256| i128::try_from(magnitude.low()?).ok();
        while scale > 0 && fits(&magnitude).is_none() {
            let (tenth, rest) = magnitude.divided_by(10);
            if rest > 0 {
                return None;
            }
            (magnitude, scale) = (tenth, scale - 1);
        }
        let coefficient = fits(&magnitude)?;
        Decimal::new(if self.is_negative { -coefficient } else { coefficient }, scale)
    }
}

/// 256 bits, the highest 64 first, so that they compare as they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Unsigned256([u64; 4]);

impl From<u128> for Unsigned256 {
    fn from(value: u128) -> Self {
        Self([0, 0, high_half(value), low_half(value)])
    }
}

impl Unsigned256 {
    fn is_zero(&self) -> bool {
        self.0 == [0; 4]
    }

    fn is_odd(&self) -> bool {
        self.0[3] % 2 == 1
    }

    /// The value; `None`: it has more than 128 bits.
    fn low(&self) -> Option<u128> {
        let [0, 0, high, low] = self.0 else { return None };
        Some(u128::from(high) << 64 | u128::from(low))
    }

    fn add(&mut self, other: &Self) {
        let mut carry = 0;
        for (own, other) in self.0.iter_mut().zip(other.0).rev() {
            let sum = u128::from(*own) + u128::from(other) + carry;
            (*own, carry) = (low_half(sum), sum >> 64);
        }
    }

    /// Takes away what is not more.
    fn subtract(&mut self, less: &Self) {
        let mut borrowed = false;
        for (own, less) in self.0.iter_mut().zip(less.0).rev() {
            let (first, under) = own.overflowing_sub(less);
            let (rest, again) = first.overflowing_sub(borrowed.into());
            (*own, borrowed) = (rest, under || again);
        }
    }

    fn multiply(&mut self, factor: u64) {
        let mut carry = 0;
        for limb in self.0.iter_mut().rev() {
            let product = u128::from(*limb) * u128::from(factor) + carry;
            (*limb, carry) = (low_half(product), product >> 64);
        }
    }

    fn divided_by(&self, divisor: u64) -> (Self, u64) {
        let (mut quotient, mut rest) = (self.clone(), 0u64);
        for limb in &mut quotient.0 {
            let dividend = u128::from(rest) << 64 | u128::from(*limb);
            // The rest is below the divisor, so the quotient has 64 bits.
            *limb = low_half(dividend / u128::from(divisor));
            rest = low_half(dividend % u128::from(divisor));
        }
        (quotient, rest)
    }
}

fn high_half(value: u128) -> u64 {
    low_half(value >> 64)
}

#[allow(clippy::cast_possible_truncation)]
fn low_half(value: u128) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    fn of(values: &[(&str, u64)]) -> WideSum {
        let mut sum = WideSum::default();
        for (value, times) in values {
            sum.add(decimal(value), *times);
        }
        sum
    }

    #[test]
    fn sums_are_exact() {
        assert_eq!(of(&[("0.1", 1), ("0.2", 1)]).sum(), Some(decimal("0.3")));
        assert_eq!(of(&[("20", 43_200_000), ("30", 43_200_000)]).sum(), Some(decimal("2160000000")));
        let most = "79228162514264337593543950335";
        assert_eq!(of(&[(most, 1), ("1", 1)]).sum(), None, "it does not fit");
        // what did not fit on the way fits in the end
        assert_eq!(of(&[(most, 9_000_000_000), ("-1", 1), (&format!("-{most}"), 8_999_999_999)]).sum(), {
            Some(decimal("79228162514264337593543950334"))
        });
        assert_eq!(
            of(&[(most, 1), ("1e-28", 5), (&format!("-{most}"), 1), ("0.5", 3)]).sum(),
            Some(decimal("1.5000000000000000000000000005"))
        );
        assert_eq!(of(&[("1e-28", 1), (most, 1)]).sum(), None, "all its digits do not fit");
    }

    #[test]
    fn means_are_rounded_half_to_even_at_the_18th_digit() {
        let mean = |values: &[(&str, u64)], weight| of(values).mean(weight).map(|mean| mean.to_string());
        assert_eq!(mean(&[("20", 43_200_000), ("30", 43_200_000)], 86_400_000).unwrap(), "25");
        assert_eq!(mean(&[("1", 1)], 3).unwrap(), "0.333333333333333333");
        assert_eq!(mean(&[("-2", 1)], 3).unwrap(), "-0.666666666666666667");
        assert_eq!(mean(&[("0.000000000000000001", 1)], 2).unwrap(), "0");
        assert_eq!(mean(&[("0.000000000000000003", 1)], 2).unwrap(), "0.000000000000000002");
        assert_eq!(mean(&[("-0.000000000000000003", 1)], 2).unwrap(), "-0.000000000000000002");
        assert_eq!(mean(&[("79228162514264337593543950335", 31_622_400_000)], 31_622_400_000), {
            Some("79228162514264337593543950335".to_owned())
        });
        assert_eq!(mean(&[("79228162514264337593543950335", 1), ("0", 2)], 3).unwrap(), {
            "26409387504754779197847983445"
        });
        assert_eq!((mean(&[("7e28", 1)], 3), mean(&[("1", 1)], 0)), (None, None));
    }

    proptest! {
        #[test]
        fn what_is_spilt_is_not_lost(
            values in prop::collection::vec((any::<i64>(), 0u32..28, 0u64..100_000), 0..20),
        ) {
            let (mut sum, mut spilling) = (WideSum::default(), WideSum::default());
            for (coefficient, scale, times) in &values {
                let value = Decimal::new((*coefficient).into(), *scale).unwrap();
                sum.add(value, *times);
                spilling.add(value, *times);
                spilling.spill();
            }
            prop_assert_eq!(sum.whole(), spilling.far.clone());
            prop_assert_eq!(sum.sum(), spilling.sum());
            prop_assert_eq!(sum.mean(7), spilling.mean(7));
        }
    }
}
