//! Words that tell which of several values of one name is meant, and are no unit.
//!
//! ```text
//! t: 5 max t: 8   rpm: 900 Oil press: 3    max_t, Oil_press: no value has a part of its name
//! t(min)=5        temp (max): 8            t_min, temp_max
//! t: 5 Good b: 6  t: 5 furlong b: 6        b: what is said of the value before, and what may be its unit
//! ```

/// What a value is of several, where it was measured, and of what.
const WORDS: &[&str] = &[
    // which of several
    "min", "max", "minimum", "maximum", "avg", "average", "mean", "peak", "total", "sum", "low", "high",
    "last", "prev", "previous", "set", "target", "actual", "measured", "day", "daily", "today", "month",
    "monthly", "year", // where
    "inside", "outside", "indoor", "outdoor", "in", "out", "inner", "outer", "left", "right", "front",
    "rear", "top", "bottom", "upper", "lower", "input", "output", "inlet", "outlet", "supply", "return",
    "room", "ambient", "surface", "ground", // of what
    "air", "soil", "water", "oil", "fuel", "coolant", "exhaust", "wind", "rain", "sea", "dew", "heat",
    "light", "battery", "batt", "bat", "solar", "grid", "load", "charge", "bus", "fan", "motor", "pump",
    "engine", "tank", "boiler", "relative", "absolute", "cpu",
];

/// What lines say of the value before, and units that no table has, with a capital or without.
const OF_VALUE_BEFORE: &[&str] = &[
    "good", "bad", "normal", "valid", "invalid", "stable", "unstable", "fail", "failed", "error", "alarm",
    "warning", "none", "unknown", "grad", "prozent", "counts", "count", "pulses", "steps", "ticks", "units",
    "digits", "raw",
];

/// As many small letters behind a capital make a word; units have fewer.
const LEAST_SMALL: usize = 2;

/// Whether a word between a number and a name is a part of that name: it is known to be, or it is written as a word.
pub(super) fn is_of_next_name(word: &str) -> bool {
    is(word) || is_capitalised(word) && !is_among(word, OF_VALUE_BEFORE)
}

/// Whether a word tells which of several values is meant.
pub(super) fn is(word: &str) -> bool {
    is_among(word, WORDS)
}

/// Whether a word is a capital and small letters.
fn is_capitalised(word: &str) -> bool {
    let mut bytes = word.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_uppercase())
        && word.len() > LEAST_SMALL
        && bytes.all(|byte| byte.is_ascii_lowercase())
}

fn is_among(word: &str, words: &[&str]) -> bool {
    words.iter().any(|other| other.eq_ignore_ascii_case(word))
}
