//! The units of SenML: RFC 8428 §12.1 and RFC 8798, as IANA keeps them,
//! <https://www.iana.org/assignments/senml/senml.xhtml>.

const PRIMARY: &[&str] = &[
    "m", "kg", "g", "s", "A", "K", "cd", "mol", "Hz", "rad", "sr", "N", "Pa", "J", "W", "C", "V", "F", "Ohm",
    "S", "Wb", "T", "H", "Cel", "lm", "lx", "Bq", "Gy", "Sv", "kat", "m2", "m3", "l", "m/s", "m/s2", "m3/s",
    "l/s", "W/m2", "cd/m2", "bit", "bit/s", "lat", "lon", "pH", "dB", "dBW", "Bspl", "count", "/", "%",
    "%RH", "%EL", "EL", "1/s", "1/min", "beat/min", "beats", "S/m", "B", "VA", "VAs", "var", "vars", "J/m",
    "kg/m3", "deg", "NTU",
];

const SECONDARY: &[&str] = &[
    "ms", "min", "h", "MHz", "kW", "kVA", "kvar", "Ah", "Wh", "kWh", "varh", "kvarh", "kVAh", "Wh/km", "KiB",
    "GB", "Mbit/s", "B/s", "MB/s", "mV", "mA", "dBm", "ug/m3", "mm/h", "m/h", "ppm", "/100", "/1000", "hPa",
    "mm", "cm", "km", "km/h",
];

/// What a unit is that is often written for another one; `None`: it is seldom mistaken.
pub(super) fn mistaken(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "C" => "the coulomb, of electric charge: degrees Celsius are \"Cel\"",
        "F" => "the farad, of capacitance: SenML has no degrees Fahrenheit",
        "S" => "the siemens, of conductance: seconds are \"s\"",
        "T" => "the tesla, of magnetic flux density: tonnes are 1000 \"kg\"",
        "H" => "the henry, of inductance: hours are \"h\", and relative humidity is \"%RH\"",
        _ => return None,
    })
}

pub(super) fn is_known(unit: &str) -> bool {
    PRIMARY.contains(&unit) || SECONDARY.contains(&unit)
}
