//! The words in the line of a balance by themselves: units, what fills a display, a number with its unit.

/// Units of balances, in capitals, and their names in the table of quantities.
const UNITS: &[(&str, &str)] = &[
    ("G", "g"),
    ("KG", "kg"),
    ("MG", "mg"),
    ("T", "t"),
    ("LB", "lb"),
    ("LBS", "lb"),
    ("OZ", "oz"),
    ("OZT", "ozt"),
    ("CT", "ct"),
    ("GN", "gn"),
    ("N", "N"),
    ("PC", "count"),
    ("PCS", "count"),
    ("%", "/100"),
];

/// Letters that may be a unit (gram, newton, tonne, grain) or say what a weight is (gross, net, tare, grams net), where they
/// stand right behind it.
pub(super) const UNSURE: [&str; 4] = ["G", "N", "T", "GN"];

/// The unit of a spelling. Small and capital letters are as good but where another unit is meant, or none: a megagram.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    let is_other = matches!(word, "Mg" | "n");
    UNITS
        .iter()
        .filter(|_| !is_other)
        .find(|(printed, _)| word.eq_ignore_ascii_case(printed))
        .map(|(_, unit)| *unit)
}

/// Whether a word is what a display shows where it has no weight: dashes or waves. More of them are a line in a protocol.
pub(super) fn is_fill(word: &str) -> bool {
    let marks = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    (3..=10).contains(&marks.len())
        && (marks.bytes().all(|mark| mark == b'-') || marks.bytes().all(|mark| mark == b'~'))
}

/// Whether nines stand in place of a weight that is too light: `-999999.9`.
pub(super) fn is_below_range(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or_default();
    digits.len() >= FILL && digits.bytes().all(|byte| matches!(byte, b'9' | b'.'))
}

/// As many nines are no weight at least.
const FILL: usize = 6;

/// A number and the unit attached to it; brackets stand around digits that are not verified.
pub(super) fn split_unit(word: &str) -> Option<(&str, &str)> {
    let digits = word.find(|c: char| !c.is_ascii_digit() && !"+-.,[]".contains(c)).unwrap_or(word.len());
    word.contains(|c: char| c.is_ascii_digit()).then(|| word.split_at(digits))
}
