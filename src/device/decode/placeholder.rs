//! Numbers that a maker's library or a standard gives where there is no value.
//!
//! ```text
//! Dallas temp: -127.00 C   {"ds18b20":-196.6}     a sensor that does not answer, in both scales
//! +9.91000000E+37   9.9E37   -9.9E37              SCPI: no number, and beyond the range on either side
//! ```

use crate::json::Value;

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

fn says(name: &str, words: &[&str]) -> bool {
    let mut name = name.to_owned();
    name.make_ascii_lowercase();
    words.iter().any(|word| name.contains(word))
}
