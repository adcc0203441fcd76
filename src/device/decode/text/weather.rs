//! Messages of Vaisala weather transmitters (WXT500, WMT, PTU), whose letters mean other units than elsewhere.
//!
//! ```text
//! 0R1,Dm=283D,Sm=1.0M,Sx=2.2N        address, message; direction, speed in m/s and in knots
//! 0R2,Ta=23.6C,Ua=14.2P,Pa=1026.6H   temperature, humidity in percent, pressure in hPa
//! 0R5,Vh=12.0N,Vs=15.2V              N: the heater is off, and is no unit
//! Dm=283#                            null: not measured
//! ```

use super::super::named_values::NamedValues;

/// First letters of the parameters, the letters behind their numbers, and the units that these are.
const UNITS: &[(&str, &[(&str, &str)])] = &[
    ("D", &[("D", "deg")]),
    ("S", &[("M", "m/s"), ("K", "km/h"), ("S", "mph"), ("N", "kn")]),
    ("P", &[("H", "hPa"), ("P", "Pa"), ("B", "bar"), ("M", "mmHg"), ("I", "inHg")]),
    ("T", &[("C", "Cel"), ("F", "degF")]),
    ("U", &[("P", "%RH")]),
    ("Rc", &[("M", "mm"), ("I", "in")]),
    ("Rd", &[("s", "s"), ("S", "s")]),
    ("Ri", &[("M", "mm/h")]),
    ("Rp", &[("M", "mm/h")]),
    ("Hd", &[("s", "s"), ("S", "s")]),
    ("V", &[("V", "V")]),
];

/// What stands behind a number that was not measured.
const INVALID: &str = "#";

/// The address and number of a message, and its parameters; `None`: it is none.
pub(super) fn message(text: &str) -> Option<(&str, &str)> {
    let [address, b'R', message, b',', ..] = text.as_bytes() else { return None };
    (address.is_ascii_alphanumeric() && message.is_ascii_digit()).then(|| (&text[..3], &text[4..]))
}

/// Takes a message. Its address tells transmitters of one bus apart, and is kept.
pub(super) fn take<'m>((address, parameters): (&str, &str), mut values: NamedValues<'m>) -> NamedValues<'m> {
    values.scrap(None, address);
    for parameter in parameters.split(',') {
        match parameter.split_once('=') {
            Some((name, sent)) if is_name(name) => put(name, sent, &mut values),
            _ => values.scrap(None, parameter),
        }
    }
    values
}

/// Two letters, of which the second is small: `Dm`.
fn is_name(name: &str) -> bool {
    matches!(name.as_bytes(), [first, second] if first.is_ascii_uppercase() && second.is_ascii_lowercase())
}

fn put(name: &str, sent: &str, values: &mut NamedValues) {
    let letters = sent.trim_start_matches(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let number = &sent[..sent.len() - letters.len()];
    // Directions have three digits, and are no identifiers.
    let significant = number.trim_start_matches('0');
    let number = match number.bytes().all(|byte| byte.is_ascii_digit()) {
        true if significant.is_empty() && !number.is_empty() => "0",
        true => significant,
        false => number,
    };
    let units = UNITS.iter().find(|(of, _)| name.starts_with(of)).map_or(&[][..], |(_, units)| *units);
    match units.iter().find(|(letter, _)| *letter == letters) {
        _ if letters == INVALID => values.none(name),
        Some((_, unit)) if !number.is_empty() => drop(values.put(name, number, Some(unit))),
        // A voltage of the heater, and how it works.
        None if name == "Vh" && letters.len() == 1 => {
            let put = values.put(name, number, Some("V"));
            values.scrap(Some(&put), letters);
        }
        _ => drop(values.unread(name, sent)),
    }
}
