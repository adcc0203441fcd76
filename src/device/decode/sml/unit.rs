//! Units of DLMS, by their numbers, in SenML.
//!
//! Standard: DLMS UA Blue Book, part 2, table of units.

/// Number, SenML unit, and how many places a value moves to the right for it.
const UNITS: &[(u64, &str, u32)] = &[
    (5, "h", 0),
    (6, "min", 0),
    (7, "s", 0),
    (8, "deg", 0),
    (9, "Cel", 0),
    (11, "m", 0),
    (12, "m/s", 0),
    (13, "m3", 0),
    (14, "m3", 0),
    (19, "l", 0),
    (20, "kg", 0),
    (21, "N", 0),
    (23, "Pa", 0),
    (25, "J", 0),
    (27, "W", 0),
    (28, "VA", 0),
    (29, "var", 0),
    (30, "Wh", 0),
    (31, "kVAh", 3),
    (32, "varh", 0),
    (33, "A", 0),
    (34, "C", 0),
    (35, "V", 0),
    (37, "F", 0),
    (38, "Ohm", 0),
    (40, "Wb", 0),
    (41, "T", 0),
    (43, "H", 0),
    (44, "Hz", 0),
    (51, "S", 0),
    (52, "K", 0),
    (56, "/100", 0),
    (57, "Ah", 0),
    (70, "dBm", 0),
    (72, "dB", 0),
];

/// A number without a unit.
const COUNT: u64 = 255;

/// What a number of the table means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DlmsUnit {
    /// A SenML unit, for values × 10^-n
    Unit(&'static str, u32),
    /// No unit
    Count,
}

/// The unit of this number; `None`: SenML has none.
pub(super) fn unit(number: u64) -> Option<DlmsUnit> {
    if number == COUNT {
        return Some(DlmsUnit::Count);
    }
    UNITS.iter().find(|(of, ..)| *of == number).map(|(_, unit, places)| DlmsUnit::Unit(unit, *places))
}
