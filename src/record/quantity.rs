//! Quantities and their units: one table, so that all decoders use the same names.
//!
//! ```text
//! energy_import_t1   kWh    a quantity's name and the unit of its values
//! °C, C, degC        Cel    what devices print, and the unit that is meant
//! ```
//!
//! Units are those of SenML (RFC 8428 §12.1, RFC 8798) as IANA keeps them:
//! <https://www.iana.org/assignments/senml/senml.xhtml>.

use std::{collections::HashMap, sync::LazyLock};

use foldhash::fast::FixedState;

use crate::json::JsonText;

/// Quantities that decoders name, with their units; `None` is a count, a code or a text. Of meters a phase may follow, then a
/// tariff: `energy_import_l1_t2`.
const QUANTITIES: &[(&str, Option<&str>)] = &[
    // air and rooms
    ("temperature", Some("Cel")),
    ("humidity", Some("%RH")),
    ("pressure", Some("hPa")),
    ("battery", Some("%EL")),
    ("door", None),
    // balances
    ("weight", Some("kg")),
    ("weight_total", Some("kg")),
    ("weight_percent", Some("/100")),
    ("tare", Some("kg")),
    ("force", Some("N")),
    ("count", Some("count")),
    ("stable", None),
    ("net", None),
    ("overload", None),
    ("underload", None),
    ("comparator", None),
    // where something is and how it moves
    ("latitude", Some("lat")),
    ("longitude", Some("lon")),
    ("altitude", Some("m")),
    ("geoid_separation", Some("m")),
    ("speed", Some("m/s")),
    ("course", Some("deg")),
    ("course_magnetic", Some("deg")),
    ("heading", Some("deg")),
    ("heading_magnetic", Some("deg")),
    ("magnetic_variation", Some("deg")),
    ("magnetic_deviation", Some("deg")),
    ("rate_of_turn", Some("deg/min")),
    ("rudder_angle", Some("deg")),
    ("rudder_angle_valid", None),
    ("rudder_angle_port", Some("deg")),
    ("rudder_angle_port_valid", None),
    ("rotation", Some("1/min")),
    ("rotation_source", None),
    ("rotation_number", None),
    ("propeller_pitch", Some("/100")),
    ("depth", Some("m")),
    ("depth_offset", Some("m")),
    ("depth_range", Some("m")),
    ("depth_below_surface", Some("m")),
    ("depth_below_keel", Some("m")),
    ("water_temperature", Some("Cel")),
    ("water_speed", Some("m/s")),
    ("water_speed_along", Some("m/s")),
    ("water_speed_across", Some("m/s")),
    ("water_speed_valid", None),
    ("water_speed_stern", Some("m/s")),
    ("water_speed_stern_valid", None),
    ("ground_speed_along", Some("m/s")),
    ("ground_speed_across", Some("m/s")),
    ("ground_speed_valid", None),
    ("ground_speed_stern", Some("m/s")),
    ("ground_speed_stern_valid", None),
    ("water_distance", Some("m")),
    ("water_distance_trip", Some("m")),
    ("ground_distance", Some("m")),
    ("ground_distance_trip", Some("m")),
    ("wind_angle", Some("deg")),
    ("wind_reference", None),
    ("wind_direction", Some("deg")),
    ("wind_direction_magnetic", Some("deg")),
    ("wind_speed", Some("m/s")),
    ("dew_point", Some("Cel")),
    ("humidity_absolute", None),
    ("pressure_mercury", Some("inHg")),
    ("utc", None),
    ("device_time", None),
    ("suspect", None),
    ("tag_time", None),
    ("tag_source", None),
    ("tag_destination", None),
    ("tag_text", None),
    ("talker", None),
    ("sentence", None),
    ("valid", None),
    ("mode", None),
    ("fix", None),
    ("quality", None),
    ("correction_age", Some("s")),
    ("station", None),
    ("navigational_status", None),
    ("system_id", None),
    ("signal_id", None),
    ("satellites", None),
    ("satellites_in_view", None),
    ("message", None),
    ("messages", None),
    ("pdop", None),
    ("hdop", None),
    ("vdop", None),
    ("range_error", Some("m")),
    ("error_major", Some("m")),
    ("error_minor", Some("m")),
    ("error_orientation", Some("deg")),
    ("latitude_error", Some("m")),
    ("longitude_error", Some("m")),
    ("altitude_error", Some("m")),
    // electricity meters
    ("equipment_id", None),
    ("meter", None),
    ("version", None),
    ("server_id", None),
    ("sec_index", Some("s")),
    ("gateway_time", None),
    ("energy_import", Some("kWh")),
    ("energy_export", Some("kWh")),
    ("energy_absolute", Some("kWh")),
    ("energy_net", Some("kWh")),
    ("energy_reactive_import", Some("kvarh")),
    ("energy_reactive_export", Some("kvarh")),
    ("energy_reactive_q1", Some("kvarh")),
    ("energy_reactive_q2", Some("kvarh")),
    ("energy_reactive_q3", Some("kvarh")),
    ("energy_reactive_q4", Some("kvarh")),
    ("energy_apparent_import", Some("kVAh")),
    ("energy_apparent_export", Some("kVAh")),
    ("power_import", Some("kW")),
    ("power_export", Some("kW")),
    ("power_absolute", Some("kW")),
    ("power_reactive_import", Some("kvar")),
    ("power_reactive_export", Some("kvar")),
    ("power_reactive_q1", Some("kvar")),
    ("power_reactive_q2", Some("kvar")),
    ("power_reactive_q3", Some("kvar")),
    ("power_reactive_q4", Some("kvar")),
    ("power_apparent_import", Some("kVA")),
    ("power_apparent_export", Some("kVA")),
    ("power", Some("W")),
    ("power_factor", None),
    ("power_limit", Some("kW")),
    ("power_average", Some("kW")),
    ("power_peak_month", Some("kW")),
    ("power_peak_month_time", None),
    ("voltage", Some("V")),
    ("current", Some("A")),
    ("current_n", Some("A")),
    ("current_limit", Some("A")),
    ("frequency", Some("Hz")),
    ("phase_angle_u2_u1", Some("deg")),
    ("phase_angle_u3_u1", Some("deg")),
    ("phase_angle_i1_u1", Some("deg")),
    ("phase_angle_i2_u2", Some("deg")),
    ("phase_angle_i3_u3", Some("deg")),
    ("tariff", None),
    ("switch", None),
    ("power_failures", None),
    ("power_failures_long", None),
    ("voltage_sags", None),
    ("voltage_swells", None),
    ("text", None),
    ("text_code", None),
];

/// Spellings that devices print, and the SenML unit that each means. Degrees Fahrenheit have no unit of SenML: `degF`.
const SPELLINGS: &[(&str, &str)] = &[
    ("C", "Cel"),
    ("*C", "Cel"),
    ("°C", "Cel"),
    ("℃", "Cel"),
    ("degC", "Cel"),
    ("celsius", "Cel"),
    ("%rh", "%RH"),
    ("%", "/100"),
    ("percent", "/100"),
    ("‰", "/1000"),
    ("°", "deg"),
    ("ohm", "Ohm"),
    ("Ω", "Ohm"),
    ("rpm", "1/min"),
    ("hpa", "hPa"),
    ("mbar", "hPa"),
    ("m³", "m3"),
    ("m²", "m2"),
    ("lux", "lx"),
    ("µg/m3", "ug/m3"),
    ("volt", "V"),
    ("amp", "A"),
    ("watt", "W"),
    ("kVArh", "kvarh"),
    ("kVAr", "kvar"),
    ("kVARh", "kvarh"),
    ("kVAR", "kvar"),
    ("VArh", "varh"),
    ("VAr", "var"),
    ("VARh", "varh"),
    ("VAR", "var"),
    ("KWH", "kWh"),
    ("KWh", "kWh"),
    ("*F", "degF"),
    ("°F", "degF"),
    ("ºF", "degF"),
    ("F", "degF"),
    ("℉", "degF"),
    ("fahrenheit", "degF"),
    ("deg F", "degF"),
    ("ºC", "Cel"),
    ("˚C", "Cel"),
    ("˚F", "degF"),
    ("˚", "deg"),
    ("deg C", "Cel"),
    ("º", "deg"),
    ("degrees", "deg"),
    ("degree", "deg"),
    ("kelvin", "K"),
    ("%rH", "%RH"),
    ("%r.H.", "%RH"),
    ("RH%", "%RH"),
    ("%Rh", "%RH"),
    ("ohms", "Ohm"),
    ("kΩ", "kOhm"),
    ("MΩ", "MOhm"),
    ("RPM", "1/min"),
    ("bpm", "beat/min"),
    ("millibar", "hPa"),
    ("hectopascal", "hPa"),
    ("Lux", "lx"),
    ("m^2", "m2"),
    ("m^3", "m3"),
    ("m³/h", "m3/h"),
    ("m³/s", "m3/s"),
    ("m/s²", "m/s2"),
    ("m/s^2", "m/s2"),
    ("ug/m³", "ug/m3"),
    ("µg/m³", "ug/m3"),
    ("μg/m³", "ug/m3"),
    ("μg/m3", "ug/m3"),
    ("mg/m³", "mg/m3"),
    ("g/m³", "g/m3"),
    ("W/m²", "W/m2"),
    ("W/m^2", "W/m2"),
    ("volts", "V"),
    ("amps", "A"),
    ("ampere", "A"),
    ("watts", "W"),
    ("µA", "uA"),
    ("μA", "uA"),
    ("µV", "uV"),
    ("μV", "uV"),
    ("µs", "us"),
    ("μs", "us"),
    ("µm", "um"),
    ("μm", "um"),
    ("µS/cm", "uS/cm"),
    ("μS/cm", "uS/cm"),
    ("µW", "uW"),
    ("μW", "uW"),
    ("µSv/h", "uSv/h"),
    ("μSv/h", "uSv/h"),
    ("µT", "uT"),
    ("μT", "uT"),
    ("wh", "Wh"),
    ("WH", "Wh"),
    ("kwh", "kWh"),
    ("kw", "kW"),
    ("KW", "kW"),
    ("kva", "kVA"),
    ("KVA", "kVA"),
    ("sec", "s"),
    ("secs", "s"),
    ("seconds", "s"),
    ("hours", "h"),
    ("hrs", "h"),
    ("minutes", "min"),
    ("mins", "min"),
    ("liter", "l"),
    ("litre", "l"),
    ("L", "l"),
    ("mL", "ml"),
    ("L/min", "l/min"),
    ("L/h", "l/h"),
    ("l/m", "l/min"),
    ("lpm", "l/min"),
    ("PPM", "ppm"),
    ("PPB", "ppb"),
    ("kph", "km/h"),
    ("kmh", "km/h"),
    ("knots", "kn"),
    ("kt", "kn"),
    ("dbm", "dBm"),
    ("hz", "Hz"),
    ("HZ", "Hz"),
    ("kg/m³", "kg/m3"),
    ("cd/m²", "cd/m2"),
    ("'C", "Cel"),
    ("^C", "Cel"),
    ("'F", "degF"),
    ("^F", "degF"),
    ("kohm", "kOhm"),
    ("kohms", "kOhm"),
    ("mg/L", "mg/l"),
    ("ug/L", "ug/l"),
    ("g/L", "g/l"),
    ("mm/hr", "mm/h"),
    ("km/hr", "km/h"),
    ("MPH", "mph"),
    ("PSI", "psi"),
    ("KG", "kg"),
    ("Kg", "kg"),
    ("lbs", "lb"),
    ("pcs", "count"),
    ("PCS", "count"),
];

/// The units of SenML, and others that devices print, in the spelling of SenML. `C` and `F` are missing: of a device they are
/// degrees.
const UNITS: &[&str] = &[
    // RFC 8428 §12.1
    "m", "kg", "g", "s", "A", "K", "cd", "mol", "Hz", "rad", "sr", "N", "Pa", "J", "W", "V", "Ohm", "S", "Wb",
    "T", "H", "Cel", "lm", "lx", "Bq", "Gy", "Sv", "kat", "m2", "m3", "l", "m/s", "m/s2", "m3/s", "l/s",
    "W/m2", "cd/m2", "bit", "bit/s", "lat", "lon", "pH", "dB", "dBW", "Bspl", "count", "/", "%RH", "%EL",
    "EL", "1/s", "1/min", "beat/min", "beats", "S/m", "B", "VA", "VAs", "var", "vars", "J/m", "kg/m3", "deg",
    "NTU", // RFC 8798 §3
    "ms", "min", "h", "MHz", "kW", "kVA", "kvar", "Ah", "Wh", "kWh", "varh", "kvarh", "kVAh", "Wh/km", "KiB",
    "GB", "Mbit/s", "B/s", "MB/s", "mV", "mA", "dBm", "ug/m3", "mm/h", "m/h", "ppm", "/100", "/1000", "hPa",
    "mm", "cm", "km", "km/h", "ppb", "ppt", "VAh", "mg/l", "ug/l", "g/l", // others
    "degF", "bar", "psi", "kPa", "MPa", "mmHg", "inHg", "uA", "nA", "uV", "kV", "mW", "uW", "MW", "mWh",
    "MWh", "mAh", "GJ", "MJ", "kJ", "kHz", "GHz", "us", "d", "um", "in", "ft", "mi", "mph", "kn", "mg", "lb",
    "oz", "ozt", "ct", "gn", "t", "ml", "l/min", "l/h", "m3/h", "gal", "mg/m3", "g/m3", "uS/cm", "mS/cm",
    "uSv/h", "mSv/h", "uT", "mT", "mOhm", "kOhm", "MOhm", "pF", "nF", "uF", "mH", "uH", "Nm", "kN", "mN",
    "klx", "dBA",
];

/// Units as people write them, where that is not SenML's own spelling.
const SYMBOLS: &[(&str, &str)] = &[
    ("Cel", "°C"),
    ("deg", "°"),
    ("lat", "° of latitude"),
    ("lon", "° of longitude"),
    ("%RH", "% relative humidity"),
    ("%EL", "% of battery"),
    ("/100", "%"),
    ("Ohm", "Ω"),
    ("m2", "m²"),
    ("m3", "m³"),
];

/// A unit as people write it; one that the table does not know stays as it is.
pub fn symbol(unit: &str) -> &str {
    SYMBOLS.iter().find(|(senml, _)| *senml == unit).map_or(unit, |(_, symbol)| symbol)
}

/// The unit of a quantity; `None`: it has none, or the table does not know it.
pub fn unit_of(quantity: &str) -> Option<&'static str> {
    entry(quantity)?.1
}

/// The row of a quantity, or that of the whole of which it is a phase or a tariff.
fn entry(quantity: &str) -> Option<&'static QuantityRow> {
    QUANTITY_ROWS.get(quantity).copied().or_else(|| {
        let (whole, part) = quantity.rsplit_once('_')?;
        let number = part.strip_prefix(['l', 't'])?;
        (number.len() == 1 && number.as_bytes()[0].is_ascii_digit()).then(|| entry(whole))?
    })
}

/// The name of a quantity, and its unit, if it has one.
type QuantityRow = (&'static str, Option<&'static str>);

/// The rows by their names: several are looked up for each line that a device prints.
static QUANTITY_ROWS: LazyLock<HashMap<&str, &QuantityRow, FixedState>> =
    LazyLock::new(|| QUANTITIES.iter().map(|row| (row.0, row)).collect());

/// The units by all their spellings.
static UNITS_BY_SPELLING: LazyLock<HashMap<&str, &str, FixedState>> =
    LazyLock::new(|| UNITS.iter().map(|unit| (*unit, *unit)).chain(SPELLINGS.iter().copied()).collect());

/// Whether the table knows a quantity.
#[cfg(test)]
pub(crate) fn is_known(quantity: &str) -> bool {
    entry(quantity).is_some()
}

/// The SenML unit that a device's spelling means for a quantity; an unknown spelling stays as it is.
pub fn senml_unit<'a>(spelling: &'a str, quantity: &str) -> &'a str {
    known_unit(spelling, quantity).unwrap_or(spelling)
}

/// The SenML unit that a device's spelling means for a quantity; `None`: it may be no unit at all.
pub fn known_unit(spelling: &str, quantity: &str) -> Option<&'static str> {
    if spelling == "%" {
        let mut quantity = JsonText::from(quantity);
        quantity.make_ascii_lowercase();
        return Some(match unit_of(&quantity) {
            Some("%RH") => "%RH",
            Some("%EL") => "%EL",
            _ => "/100",
        });
    }
    let exact = UNITS_BY_SPELLING.get(spelling).copied();
    exact.or_else(|| {
        let is_meant = |printed: &str| spelling.len() >= WORD && printed.eq_ignore_ascii_case(spelling);
        SPELLINGS.iter().find(|(printed, _)| is_meant(printed)).map(|(_, unit)| *unit)
    })
}

/// Spellings of so many letters are words, whose capitals do not matter.
const WORD: usize = 4;

/// The quantities that decoders name, with their units, in the order of the table.
pub fn quantities() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    QUANTITIES.iter().copied()
}

#[cfg(test)]
mod tests;
