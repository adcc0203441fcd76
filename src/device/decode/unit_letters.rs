//! Letters that are the unit of one quantity, and something else of another.
//!
//! ```text
//! accel=0.98 g  uptime: 5 m  charge: 5 C    no unit: gravity, minutes, coulombs
//! field: 5 T  coil: 5 H  cond: 5 S          a unit where the name says so, and not otherwise
//! mass: 5 g  x: 5 m  t: 21.5 C              a unit, as nothing says otherwise
//! temp: 21°  tilt: 21°                      no unit: of which scale is not known; and an angle
//! ```

use crate::record::quantity;

/// What the name of a value must say for a letter to be the unit that it usually is.
enum Wants {
    /// One of these words: the letter is more often something else
    One(&'static [&'static str]),
    /// None of the second words, unless one of the first stands beside it
    No(&'static [&'static str], &'static [&'static str]),
}

const TEMPERATURES: &[&str] = &["t", "temp", "temps", "temperature", "tmp", "temperatur", "dewpoint", "dew"];
/// Names of angles, and words that stand with them.
const ANGLES: &[&str] =
    &["angle", "tilt", "pitch", "roll", "yaw", "phase", "dir", "direction", "heading", "course", "azimuth"];
/// Degrees, of which scale ever.
const DEGREES: &[&str] = &["deg", "°", "º", "˚", "degree", "degrees"];
const LENGTHS: &[&str] =
    &["dist", "distance", "depth", "height", "length", "level", "range", "altitude", "alt", "width", "rain"];
const TIMES: &[&str] = &[
    "time",
    "uptime",
    "timeout",
    "duration",
    "elapsed",
    "runtime",
    "age",
    "interval",
    "period",
    "delay",
    "timer",
    "countdown",
];
const ACCELERATIONS: &[&str] = &[
    "acc",
    "accel",
    "acceleration",
    "accelerometer",
    "vib",
    "vibration",
    "shock",
    "gforce",
    "imu",
    "ax",
    "ay",
    "az",
    "x",
    "y",
    "z",
];
const CAPACITANCES: &[&str] = &["cap", "capacitance", "capacitor", "capacitors"];
const CHARGES: &[&str] = &["charge", "coulomb", "coulombs"];
const THOUSANDS: &[&str] = &[
    "mem",
    "memory",
    "heap",
    "ram",
    "psram",
    "flash",
    "free",
    "size",
    "disk",
    "storage",
    "r",
    "res",
    "resistance",
    "resistor",
    "gas",
    "voc",
    "baud",
];
/// Names of what points somewhere, or comes from there.
const DIRECTIONS: &[&str] =
    &["wind", "dir", "direction", "heading", "hdg", "course", "cog", "bearing", "azimuth"];
const CONDUCTANCES: &[&str] = &["cond", "conductance", "conductivity", "admittance", "siemens"];
const MAGNETISM: &[&str] =
    &["mag", "magnet", "magnetic", "magnetometer", "field", "flux", "tesla", "b", "bx", "by", "bz"];
const INDUCTANCES: &[&str] = &["ind", "inductance", "inductor", "coil", "choke", "henry", "l"];

/// The letters, and what they want of a name.
const LETTERS: &[(&str, Wants)] = &[
    ("C", Wants::No(TEMPERATURES, CHARGES)),
    ("F", Wants::No(TEMPERATURES, CAPACITANCES)),
    ("K", Wants::No(TEMPERATURES, THOUSANDS)),
    ("g", Wants::No(&["mass", "weight", "load"], ACCELERATIONS)),
    ("m", Wants::No(LENGTHS, TIMES)),
    ("N", Wants::No(&["force"], DIRECTIONS)),
    ("W", Wants::No(&["power"], DIRECTIONS)),
    ("S", Wants::One(CONDUCTANCES)),
    ("T", Wants::One(MAGNETISM)),
    ("H", Wants::One(INDUCTANCES)),
    ("deg", Wants::No(ANGLES, TEMPERATURES)),
];

/// Words that are units, and begin the names of other values as often: smallest, and inside.
const WORDS: &[(&str, &[&str])] = &[("min", TIMES), ("in", LENGTHS)];

/// The unit of a spelling behind or within the value of this name; `None`: it is not known, or not sure to be one.
pub(super) fn unit_of(spelling: &str, name: &str) -> Option<&'static str> {
    quantity::known_unit(spelling, name).filter(|_| !is_doubtful(spelling, name))
}

/// Whether a letter is not sure to be the unit that it may be. Without a name nothing is said.
pub(super) fn is_doubtful(letter: &str, name: &str) -> bool {
    let letter = if DEGREES.contains(&letter) { DEGREES[0] } else { letter };
    let Some((_, wants)) = LETTERS.iter().find(|(of, _)| *of == letter) else { return false };
    if name.is_empty() {
        return false;
    }
    match wants {
        Wants::One(own) => !says(name, own),
        Wants::No(own, others) => says(name, others) && !says(name, own),
    }
}

/// Whether a unit in front of a name may be a word of that, as nothing says what the value before it measures.
pub(super) fn may_be_word(unit: &str, name: &str) -> bool {
    WORDS.iter().any(|(word, own)| *word == unit && !says(name, own))
}

/// Whether one of these words is in a name: `accel_z`, `AccX`, `acc2`.
pub(super) fn says(name: &str, words: &[&str]) -> bool {
    let is_said = |part: &str| {
        let part = part.trim_end_matches(|c: char| c.is_ascii_digit());
        words.iter().any(|word| word.eq_ignore_ascii_case(part))
    };
    name.split(|c: char| !c.is_alphanumeric()).any(|part| is_said(part) || humps(part).any(is_said))
}

/// The words that capitals part: `freeHeap`.
fn humps(part: &str) -> impl Iterator<Item = &str> {
    let mut rest = part;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?.len_utf8();
        let end = rest[first..].find(|c: char| c.is_uppercase()).map_or(rest.len(), |at| first + at);
        let (hump, behind) = rest.split_at(end);
        rest = behind;
        Some(hump)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_the_unit_that_fits_the_name() {
        for (letter, name, unit) in [
            ("g", "AccX", None),
            ("g", "accel_z", None),
            ("g", "vibration", None),
            ("g", "weight_accel", Some("g")),
            ("g", "x", None),
            ("g", "mass_x", Some("g")),
            ("g", "dose", Some("g")),
            ("m", "uptime", None),
            ("m", "time_left", None),
            ("m", "accuracy", Some("m")),
            ("m", "timed_distance", Some("m")),
            ("F", "Cap1", None),
            ("F", "T", Some("degF")),
            ("C", "charge", None),
            ("C", "charge_temp", Some("Cel")),
            ("K", "freeHeap", None),
            ("K", "sky", Some("K")),
            ("T", "weight", None),
            ("T", "MagX", Some("T")),
            ("H", "uptime", None),
            ("H", "coil", Some("H")),
            ("N", "wind", None),
            ("N", "load", Some("N")),
            ("S", "x", None),
            ("S", "Conductivity", Some("S")),
            ("S", "", Some("S")),
            ("V", "temp", Some("V")),
            ("°", "Temperature", None),
            ("degrees", "T1", None),
            ("deg", "tilt_t", Some("deg")),
            ("°", "wind", Some("deg")),
        ] {
            assert_eq!(unit_of(letter, name), unit, "{letter} of {name}");
        }
    }
}
