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

/// The unit that another spelling stands for: a usual name of it, or the only one that differs in capitals alone; `None`:
/// none, or several.
pub(super) fn meant(unit: &str) -> Option<&'static str> {
    let lower = unit.to_lowercase();
    let named = match lower.trim_start_matches(['°', ' ']) {
        "c" | "degc" | "deg c" | "celsius" | "℃" => "Cel",
        "rh" | "% rh" | "rel%" => "%RH",
        "percent" => "%",
        "ohms" | "ω" => "Ohm",
        "lux" => "lx",
        "sec" | "second" | "seconds" => "s",
        "minute" | "minutes" => "min",
        "hr" | "hrs" | "hour" | "hours" => "h",
        "volt" | "volts" => "V",
        "ampere" | "amp" | "amps" => "A",
        "watt" | "watts" => "W",
        "litre" | "litres" | "liter" | "liters" => "l",
        "m³" => "m3",
        "m²" => "m2",
        _ => return differs_in_capitals(&lower),
    };
    Some(named)
}

fn differs_in_capitals(lower: &str) -> Option<&'static str> {
    let mut same = PRIMARY.iter().chain(SECONDARY).filter(|known| known.to_lowercase() == lower);
    same.next().filter(|_| same.next().is_none()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_spellings_stand_for_one_unit_or_none() {
        for (written, known) in
            [("°C", Some("Cel")), ("cel", Some("Cel")), ("celsius", Some("Cel")), ("KWH", Some("kWh"))]
        {
            assert_eq!(meant(written), known, "{written}");
        }
        assert_eq!((meant("MS"), meant("bananas"), meant("")), (Some("ms"), None, None));
        assert_eq!(meant("°F"), None, "the farad is no temperature");
        assert_eq!(meant("wb"), Some("Wb"));
    }
}
