//! Letters of units, and what makes SenML's unit of each.

use crate::{
    decimal::{Decimal, short_double},
    device::decode,
    json::Number,
};

/// What a letter makes of a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct LetterUnit {
    letter: &'static str,
    unit: &'static str,
    /// Added first, in units of the letter
    offset: &'static str,
    /// By which it is multiplied, and by which divided
    factor: [i128; 2],
    /// To how many decimals the result is rounded; `None`: it is exact
    decimals: Option<u32>,
}

impl LetterUnit {
    const fn plain(letter: &'static str, unit: &'static str) -> Self {
        Self { letter, unit, offset: "0", factor: [1, 1], decimals: None }
    }

    const fn times(letter: &'static str, factor: [i128; 2], unit: &'static str) -> Self {
        Self { factor, ..Self::plain(letter, unit) }
    }

    /// To a tenth of a millimetre per second.
    const fn speed(letter: &'static str, factor: [i128; 2]) -> Self {
        Self { decimals: Some(4), ..Self::times(letter, factor, "m/s") }
    }

    /// The letter that sentences have.
    pub(super) fn letter(&self) -> &'static str {
        self.letter
    }

    /// The number in the unit of SenML, and that unit; `None`: no double holds it.
    pub(super) fn convert(&self, number: Number) -> Option<(Number, &'static str)> {
        if self.offset == "0" && self.factor == [1, 1] {
            return Some((number, self.unit));
        }
        match self.rounded(number) {
            Some(number) => Some((number, self.unit)),
            None => self.convert_exactly(number),
        }
    }

    /// The same of so many thousandths that 64 bits hold what is rounded; `None`: they do not, or nothing is.
    fn rounded(&self, number: Number) -> Option<Number> {
        let decimals = self.decimals.filter(|_| self.offset == "0")?;
        let [times, by] = self.factor.map(|factor| i64::try_from(factor).unwrap_or(i64::MAX));
        let unit = by.checked_mul(1_000)?;
        let parts =
            number.as_thousandths()?.checked_mul(times)?.checked_mul(10_i64.checked_pow(decimals)?)?;
        let (whole, rest) = (parts / unit, (parts % unit).abs());
        let half = (rest * 2).cmp(&unit);
        let away = half.is_gt() || half.is_eq() && whole % 2 != 0;
        let nearest = whole + if away { parts.signum() } else { 0 };
        Number::new(short_double(nearest, usize::try_from(decimals).ok()?)?)
    }

    fn convert_exactly(&self, number: Number) -> Option<(Number, &'static str)> {
        let sum = Decimal::from_number(number)?.plus(Decimal::parse(self.offset)?)?;
        let product = sum.times(Decimal::new(self.factor[0], 0)?)?;
        let mut result = product.divided_by(Decimal::new(self.factor[1], 0)?)?;
        if let Some(decimals) = self.decimals {
            result = Decimal::new(result.scaled(decimals)?, decimals)?;
        }
        Some((decode::number(result)?, self.unit))
    }
}

pub(super) const KNOTS: LetterUnit = LetterUnit::speed("N", [1_852, 3_600]);
pub(super) const KILOMETRES_PER_HOUR: LetterUnit = LetterUnit::speed("K", [10, 36]);
pub(super) const METRES_PER_SECOND: LetterUnit = LetterUnit::plain("M", "m/s");
pub(super) const MILES_PER_HOUR: LetterUnit = LetterUnit::speed("S", [1_609_344, 3_600_000]);

/// Speeds of wind.
pub(super) const SPEEDS: &[LetterUnit] = &[METRES_PER_SECOND, KNOTS, KILOMETRES_PER_HOUR, MILES_PER_HOUR];

pub(super) const METRES: LetterUnit = LetterUnit::plain("M", "m");
pub(super) const FEET: LetterUnit = LetterUnit::times("f", [3_048, 10_000], "m");
pub(super) const FATHOMS: LetterUnit = LetterUnit::times("F", [18_288, 10_000], "m");
pub(super) const NAUTICAL_MILES: LetterUnit = LetterUnit::times("N", [1_852, 1], "m");

/// Heights: receivers that are set to feet write them with a large letter.
pub(super) const HEIGHTS: &[LetterUnit] = &[METRES, FEET, LetterUnit::times("F", [3_048, 10_000], "m")];

/// Degrees Fahrenheit stay what they are: few of them are a decimal of degrees Celsius.
pub(super) const TEMPERATURES: &[LetterUnit] = &[
    LetterUnit::plain("C", "Cel"),
    LetterUnit::plain("F", "degF"),
    LetterUnit { offset: "-273.15", ..LetterUnit::plain("K", "Cel") },
];

pub(super) const INCHES_OF_MERCURY: LetterUnit = LetterUnit::plain("I", "inHg");
pub(super) const BARS: LetterUnit = LetterUnit::times("B", [1_000, 1], "hPa");

/// Types of transducers: the letter, the name where the sentence gives none, and the letters of units that go with it.
pub(super) const TRANSDUCERS: &[(&str, &str, &[LetterUnit])] = &[
    ("A", "angle", &[LetterUnit::plain("D", "deg"), LetterUnit::plain("R", "rad"), PERCENT]),
    ("B", "humidity_absolute", &[LetterUnit::plain("K", "kg/m3")]),
    ("C", "temperature", TEMPERATURES),
    ("D", "displacement", &[METRES, FEET, PERCENT]),
    ("E", "level", &[PERCENT]),
    ("F", "frequency", &[LetterUnit::plain("H", "Hz")]),
    ("G", "generic", &[]),
    ("H", "humidity", &[LetterUnit::plain("P", "%RH")]),
    ("I", "current", &[LetterUnit::plain("A", "A")]),
    ("L", "salinity", &[LetterUnit::plain("S", "/1000")]),
    ("N", "force", &[LetterUnit::plain("N", "N")]),
    ("P", "pressure", &[BARS, LetterUnit::plain("P", "Pa")]),
    ("R", "flow", &[LetterUnit::plain("l", "l/s")]),
    ("S", "switch", &[]),
    ("T", "rotation", &[LetterUnit::plain("R", "1/min")]),
    ("U", "voltage", &[LetterUnit::plain("V", "V")]),
    ("V", "volume", &[LetterUnit::plain("M", "m3"), LetterUnit::plain("L", "l"), PERCENT]),
];

const PERCENT: LetterUnit = LetterUnit::plain("P", "/100");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_the_same_in_few_digits_and_in_all() {
        let texts = (-200_000..200_000).step_by(7).map(|n: i32| f64::from(n) / 1_000.0);
        for number in texts.chain([1e8, 999_999_999.999, -0.0]).filter_map(Number::new) {
            for unit in [KNOTS, KILOMETRES_PER_HOUR, MILES_PER_HOUR] {
                let exactly = unit.convert_exactly(number);
                assert_eq!(unit.convert(number), exactly, "{}", number.as_f64());
            }
        }
        assert!(KNOTS.rounded(decode::decimal("39.9").unwrap()).is_some());
        assert!(KNOTS.rounded(decode::decimal("39.91234").unwrap()).is_none());
    }

    #[test]
    fn letters_are_converted_exactly_but_for_speeds() {
        let convert = |unit: LetterUnit, text| {
            unit.convert(decode::decimal(text).unwrap()).map(|(number, unit)| (number.as_f64(), unit))
        };
        assert_eq!(convert(KNOTS, "39.9"), Some((20.5263, "m/s")));
        assert_eq!(convert(KILOMETRES_PER_HOUR, "0.1"), Some((0.0278, "m/s")));
        assert_eq!(convert(FEET, "65.6"), Some((19.99488, "m")));
        assert_eq!(convert(TEMPERATURES[2], "291.15"), Some((18.0, "Cel")));
        assert_eq!(convert(TEMPERATURES[1], "64.4"), Some((64.4, "degF")));
        assert_eq!(convert(BARS, "1.013"), Some((1013.0, "hPa")));
        assert_eq!(convert(NAUTICAL_MILES, "10.1"), Some((18_705.2, "m")));
    }
}
