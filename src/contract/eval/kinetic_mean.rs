//! The mean kinetic temperature: the constant one under which goods would age as they did (USP <1079.2>).
//!
//! ```text
//! T = (ΔH/R) / −ln( Σ wᵢ·e^(−ΔH/(R·Tᵢ)) / Σ wᵢ )      ΔH/R = 10,000 K; Tᵢ in K; weights in milliseconds
//! half of the time 2 °C, half 8 °C: 5.54 °C
//! ```
//!
//! The sum is one of integers, kept apart by powers of ten, so its order does not matter.

mod fixed_point;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use self::fixed_point::{ONE, Scaled, exp_of_minus, minus_ln, quotient, tens_of_ln_10};
use crate::decimal::Decimal;

/// What the 28 digits of a power have more than the 24 that are added up.
const SUMMED: u128 = ONE / 10u128.pow(24);
/// So many powers of ten below the greatest are added up: what is below moves no digit.
const DECADES: u32 = 28;
/// How many values' powers are remembered.
const REMEMBERED: usize = 4096;

/// The scale of a temperature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemperatureScale {
    /// Degrees Celsius
    Celsius,
    /// Kelvin
    Kelvin,
}

impl TemperatureScale {
    /// The scale that a unit names (UCUM); `None`: it names no scale that is known here.
    pub fn of_unit(unit: &str) -> Option<Self> {
        match unit {
            "Cel" => Some(Self::Celsius),
            "K" => Some(Self::Kelvin),
            _ => None,
        }
    }

    /// A temperature in 10^-24 K; `None`: the formula is not for it.
    fn kelvin(self, temperature: Decimal) -> Option<u128> {
        let kelvin: u128 = temperature.minus(self.zero())?.scaled(24)?.try_into().ok()?;
        (10u128.pow(24)..=10u128.pow(29)).contains(&kelvin).then_some(kelvin)
    }

    /// What 0 K is called.
    fn zero(self) -> Decimal {
        match self {
            Self::Celsius => Decimal::new(-27315, 2).unwrap_or(Decimal::ZERO),
            Self::Kelvin => Decimal::ZERO,
        }
    }
}

/// Adds up temperatures, each with how long it lasted.
#[derive(Clone, Debug)]
pub struct KineticMean {
    scale: TemperatureScale,
    /// Weighted sums of mantissas of 24 digits, by power of ten
    decades: BTreeMap<u32, u128>,
    /// All milliseconds
    weight: u64,
    /// Powers of values seen before; their order is never asked for
    powers: HashMap<Decimal, Option<Scaled>>,
}

impl KineticMean {
    /// No temperature yet.
    pub fn new(scale: TemperatureScale) -> Self {
        Self { scale, decades: BTreeMap::new(), weight: 0, powers: HashMap::new() }
    }

    /// Adds a temperature that lasted so many milliseconds; `None`: it is not from 1 K to 100,000 K, or the sum does not
    /// fit. Then the mean is unknown.
    pub fn add(&mut self, temperature: Decimal, millis: u64) -> Option<()> {
        let power = self.power(temperature)?;
        let weighted = (power.mantissa / SUMMED).checked_mul(millis.into())?;
        self.weight = self.weight.checked_add(millis)?;
        let greatest = self.greatest().unwrap_or(power.tens);
        if millis > 0 && power.tens <= greatest + DECADES {
            let sum = self.decades.entry(power.tens).or_default();
            *sum = sum.checked_add(weighted)?;
        }
        if millis > 0 && power.tens < greatest {
            self.decades.retain(|tens, _| *tens <= power.tens + DECADES);
        }
        Some(())
    }

    /// The mean, in the scale of what was added, rounded half to even to two digits; `None`: nothing lasted.
    pub fn mean(&self) -> Option<Decimal> {
        let greatest = self.greatest()?;
        let shares = self.decades.iter().map(|(tens, sum)| self.share(*sum) / 10u128.pow(tens - greatest));
        let kelvin = quotient(10_000 * ONE, minus_ln(shares.sum()) + tens_of_ln_10(greatest));
        // To 12 digits first: what never changed is its own mean, to the digit.
        let kelvin = Decimal::new(
            ((kelvin + ONE / 2_000_000_000_000) / (ONE / 1_000_000_000_000)).try_into().ok()?,
            12,
        )?;
        Decimal::new(kelvin.plus(self.scale.zero())?.scaled(2)?, 2)
    }

    /// The mean so far; and the next begins without any temperature.
    pub fn take(&mut self) -> Option<Decimal> {
        let mean = self.mean();
        self.decades.clear();
        self.weight = 0;
        mean
    }

    /// The least number of tens: those of the greatest power.
    fn greatest(&self) -> Option<u32> {
        self.decades.keys().next().copied()
    }

    /// What a sum is of the whole weight, with 28 digits.
    fn share(&self, sum: u128) -> u128 {
        let weight = u128::from(self.weight);
        sum / weight * SUMMED + sum % weight * SUMMED / weight
    }

    fn power(&mut self, temperature: Decimal) -> Option<Scaled> {
        if let Some(power) = self.powers.get(&temperature) {
            return *power;
        }
        if self.powers.len() == REMEMBERED {
            self.powers.clear();
        }
        let power = self.scale.kelvin(temperature).map(|kelvin| exp_of_minus(quotient(ONE, kelvin)));
        self.powers.insert(temperature, power);
        power
    }
}
