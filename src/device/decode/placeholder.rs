//! Numbers that a maker's library or a standard gives where there is no value.
//!
//! ```text
//! Dallas temp: -127.00 C   {"ds18b20":-196.6}     a sensor that does not answer, in both scales
//! Tank: -127.00 C   -196.6 °F   temp: -127.00     the same, whose name does not say so: null, and as sent
//! T: -999.00 C   -1000 °F                         below absolute zero: null, and as sent
//! +9.91000000E+37   9.9E37   -9.9E37              SCPI: no number, and beyond the range on either side
//! ```

use crate::json::Value;

use super::unit_letters;

/// Words in names, and the numbers that stand for none there.
const NUMBERS: &[(&[&str], &[f64])] =
    &[(&["ds18b20", "ds18s20", "ds1820", "ds1822", "ds18x20", "dallas"], &[-127.0, -196.6])];

/// The numbers that stand for none under any name, as instruments measure nothing so large (SCPI-99, volume 1, 7.2.1).
const SCPI: &[f64] = &[9.91e37, 9.9e37, -9.9e37];

/// Whether a value of this name stands for none. Of makers' numbers none is taken for that whose name does not say the maker.
pub(super) fn is_none(name: &str, value: &Value) -> bool {
    let Value::Number(number) = value else { return false };
    let bits = number.as_f64().to_bits();
    let is_number = |none: &f64| none.to_bits() == bits;
    SCPI.iter().any(is_number)
        || NUMBERS.iter().any(|(words, numbers)| numbers.iter().any(is_number) && says(name, words))
}

/// The temperatures in a unit that are none: what libraries give for a sensor of Dallas that does not answer, which hardly
/// anything else is, and what is below absolute zero.
const LIMITS: [(&str, f64, f64); 2] = [("Cel", -127.0, -273.15), ("degF", -196.6, -459.67)];

/// Whether a value of this unit is no temperature that a sensor measures.
pub(super) fn is_no_temperature(unit: &str, value: &Value) -> bool {
    let Value::Number(number) = value else { return false };
    let number = number.as_f64();
    let is_none = |(of, none, least): &(&str, f64, f64)| {
        *of == unit && (number < *least || number.to_bits() == none.to_bits())
    };
    // Most are no such thing.
    number < -100.0 && LIMITS.iter().any(is_none)
}

/// Whether a token is the first of those as libraries print it, and the name says that it is a temperature. With other digits
/// it may be a tenth of a degree that the device counts.
pub(super) fn is_printed_for_none(name: &str, token: &str) -> bool {
    let names = ["temp", "temperature", "temperatur"];
    matches!(token, "-127.00" | "-127.0" | "-196.60") && unit_letters::says(name, &names)
}

fn says(name: &str, words: &[&str]) -> bool {
    let mut name = name.to_owned();
    name.make_ascii_lowercase();
    words.iter().any(|word| name.contains(word))
}
