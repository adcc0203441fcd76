//! Sentences of satellite receivers.

use crate::json::Value;

use super::{
    fields,
    sentence::SentenceReader,
    units::{HEIGHTS, KILOMETRES_PER_HOUR, KNOTS},
};

/// What a void fix says nothing about.
const FIX: &[&str] =
    &["latitude", "longitude", "altitude", "geoid_separation", "speed", "course", "course_magnetic"];

/// Modes of a position: autonomous, differential, estimated, float, manual, none, precise, real time, simulated.
const MODES: &[u8] = b"ADEFMNPRS";

/// Modes that are no fix: none, and what a person or a simulator put in.
const NO_FIX: &[&str] = &["N", "M", "S"];

/// Safe, caution, unsafe, void.
const NAVIGATIONAL_STATUSES: &[u8] = b"SCUV";

/// Who selects between a fix in the plane and one in space: the receiver (automatic), or its user (manual).
const SELECTIONS: &[u8] = b"AM";

/// How many satellites in use GSA has fields for.
const SATELLITES: usize = 12;

/// Dilutions of precision: of the position, level and upright.
const DILUTIONS: [&str; 3] = ["pdop", "hdop", "vdop"];

/// The fields of a satellite in view.
const SATELLITE: [(&str, Option<&str>); 4] =
    [("id", None), ("elevation", Some("deg")), ("azimuth", Some("deg")), ("snr", Some("dB"))];

/// Recommended minimum: time, status, position, speed in knots, course, date, variation, mode, navigational status.
pub(super) fn rmc(sentence: &mut SentenceReader) {
    let time = sentence.field();
    sentence.status("valid", &[]);
    sentence.position();
    sentence.plain("speed", KNOTS);
    sentence.number("course");
    let date = sentence.field();
    sentence.signed("magnetic_variation", ["E", "W"]);
    mode(sentence);
    navigational_status(sentence);
    take_back_void_fix(sentence);
    let is_void = sentence.value("valid") == Some(&false.into());
    date_and_time(sentence, date.and_then(fields::date_of_six), time, is_void, date.unwrap_or_default());
}

/// Fix: time, position, quality, satellites, dilution, altitude, height of the geoid, age and station of the correction.
pub(super) fn gga(sentence: &mut SentenceReader) {
    sentence.time_of_day();
    sentence.position();
    quality(sentence);
    sentence.number("satellites");
    dilution(sentence, "hdop");
    sentence.measure("altitude", HEIGHTS, true);
    sentence.measure("geoid_separation", HEIGHTS, true);
    sentence.number("correction_age");
    station(sentence);
    take_back_void_fix(sentence);
}

/// Fix of several systems: time, position, a mode for each system, satellites, dilution, altitude and height of the geoid in
/// metres without letters, age and station of the correction, navigational status.
pub(super) fn gns(sentence: &mut SentenceReader) {
    sentence.time_of_day();
    sentence.position();
    modes(sentence);
    sentence.number("satellites");
    dilution(sentence, "hdop");
    for name in ["altitude", "geoid_separation", "correction_age"] {
        sentence.number(name);
    }
    station(sentence);
    navigational_status(sentence);
    take_back_void_fix(sentence);
}

/// Position, time, status, mode.
pub(super) fn gll(sentence: &mut SentenceReader) {
    sentence.position();
    sentence.time_of_day();
    sentence.status("valid", &[]);
    mode(sentence);
    take_back_void_fix(sentence);
}

/// Satellites in use: selection, kind of fix, twelve ids, dilutions, and since 4.11 their system. Of some receivers a field is
/// missing: the dilutions would be each other's.
pub(super) fn gsa(sentence: &mut SentenceReader) {
    letter(sentence, "mode", SELECTIONS);
    sentence.code("fix", |fix| matches!(fix, "1" | "2" | "3"));
    let is_shifted = is_shifted(sentence);
    let mut satellites = 0u32;
    for _ in 0..SATELLITES {
        match sentence.field().unwrap_or_default() {
            "" => {}
            id if fields::is_digits(id) => satellites += 1,
            other => sentence.keep("satellite", other),
        }
    }
    sentence.set("satellites", satellites);
    for name in DILUTIONS {
        match sentence.ahead(0) {
            Some(sent) if is_shifted && !sent.is_empty() => {
                sentence.skip(1);
                sentence.set_unknown(name, sent);
            }
            None if is_shifted => sentence.set(name, Value::Null),
            _ => dilution(sentence, name),
        }
    }
    hex_digit(sentence, "system_id");
}

/// Whether the fields of GSA behind the kind of fix cannot all be in their places: their number is another one; or one
/// satellite too few has brought the first dilution to the place of the last satellite, and the system to that of the last
/// dilution; or one too many the last dilution to the place of the system.
fn is_shifted(sentence: &SentenceReader) -> bool {
    let without_system = SATELLITES + DILUTIONS.len();
    let is_dilution = |at: usize| sentence.ahead(at).is_some_and(has_point);
    match sentence.left().checked_sub(without_system) {
        Some(0) => is_dilution(SATELLITES - 1) && !is_dilution(without_system - 1),
        Some(1) => is_dilution(without_system) && !is_dilution(SATELLITES),
        _ => true,
    }
}

/// Whether a field is digits with a point within them.
fn has_point(field: &str) -> bool {
    let is_number = |digits: &str| !digits.is_empty() && fields::is_digits(digits);
    field.split_once('.').is_some_and(|(whole, fraction)| is_number(whole) && is_number(fraction))
}

/// A dilution of precision. Receivers that have none send 99.99, 99.9 or 99.00.
fn dilution(sentence: &mut SentenceReader, name: &str) {
    let whole = sentence.ahead(0).and_then(|sent| sent.split('.').next()).unwrap_or_default();
    if whole.len() > 1 && whole.bytes().all(|digit| digit == b'9') {
        sentence.skip(1);
        return sentence.set(name, Value::Null);
    }
    sentence.number(name);
}

/// Satellites in view, four a sentence: id, elevation, azimuth, signal; and since 4.11 which signal, one field alone.
pub(super) fn gsv(sentence: &mut SentenceReader) {
    for name in ["messages", "message", "satellites_in_view"] {
        sentence.number(name);
    }
    for satellite in 1..=4 {
        if sentence.left() < SATELLITE.len() {
            break;
        }
        if (0..SATELLITE.len()).all(|at| sentence.ahead(at) == Some("")) {
            sentence.skip(SATELLITE.len());
            continue;
        }
        for (name, unit) in SATELLITE {
            sentence.number_in(&format!("satellite_{satellite}_{name}"), unit);
        }
    }
    if sentence.left() == 1 {
        hex_digit(sentence, "signal_id");
    }
}

/// Course true and magnetic, speed in knots and km/h, mode. Before letters were put between them there were four fields.
pub(super) fn vtg(sentence: &mut SentenceReader) {
    if sentence.left() == 4 {
        sentence.number("course");
        sentence.number("course_magnetic");
        sentence.plain("speed", KNOTS);
        return sentence.skip(1);
    }
    sentence.tagged("course", "T");
    sentence.tagged("course_magnetic", "M");
    sentence.measure_of("speed", &[KNOTS, KILOMETRES_PER_HOUR]);
    mode(sentence);
    if is_no_fix(sentence) {
        sentence.take_back(FIX);
    }
}

/// Time, day, month, year, and the local zone, whose sign talkers do not agree on.
pub(super) fn zda(sentence: &mut SentenceReader) {
    let time = sentence.field();
    let [day, month, year] = [2, 2, 4].map(|digits| {
        let field = sentence.field();
        (field.unwrap_or_default(), field.filter(|field| field.len() == digits && fields::is_digits(field)))
    });
    let date = match (year.1, month.1, day.1) {
        (Some(year), Some(month), Some(day)) => fields::date(year.split_at(2).into(), month, day),
        _ => None,
    };
    let sent = [day.0, month.0, year.0].join(",");
    let sent = if sent == ",," { "" } else { &sent };
    date_and_time(sentence, date, time, false, sent);
    let zone = [sentence.field(), sentence.field()].map(Option::unwrap_or_default).join(",");
    if zone.contains(|c: char| !matches!(c, '0' | ',' | '+' | '-')) {
        sentence.keep("zone", &zone);
    }
}

/// Heading, true, and how it came about: autonomous, estimated, put in by a person, simulated, void.
pub(super) fn ths(sentence: &mut SentenceReader) {
    sentence.number("heading");
    let valid = match sentence.ahead(0) {
        None => return,
        Some("A" | "E") => Value::from(true),
        Some("M" | "S" | "V") => Value::from(false),
        Some(_) => Value::Null,
    };
    if valid == Value::from(false) {
        sentence.take_back(&["heading"]);
    }
    letter(sentence, "mode", b"AEMSV");
    sentence.set("valid", valid);
}

/// How far a fix may be wrong: time, deviation of the ranges, ellipse with its orientation, deviations north, east and upright.
pub(super) fn gst(sentence: &mut SentenceReader) {
    sentence.time_of_day();
    for name in [
        "range_error",
        "error_major",
        "error_minor",
        "error_orientation",
        "latitude_error",
        "longitude_error",
        "altitude_error",
    ] {
        sentence.number(name);
    }
}

fn is_no_fix(sentence: &SentenceReader) -> bool {
    NO_FIX.iter().any(|mode| sentence.says("mode", mode))
}

/// Takes the fix back where the receiver calls it void, by its status or by its mode.
fn take_back_void_fix(sentence: &mut SentenceReader) {
    if is_no_fix(sentence) {
        sentence.replace("valid", false);
    }
    if sentence.value("valid") == Some(&false.into()) {
        sentence.take_back(FIX);
    }
}

/// The station of the correction: an identifier.
fn station(sentence: &mut SentenceReader) {
    sentence.text("station", |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
}

/// The quality of a fix, a digit, and whether there is a fix: what a digit means that the standard has not is not known.
fn quality(sentence: &mut SentenceReader) {
    let valid = match sentence.ahead(0) {
        None => return,
        // Of no fix, put in by a person, simulated. An estimated position is one that the receiver stands by.
        Some("0" | "7" | "8") => Value::from(false),
        Some("1" | "2" | "3" | "4" | "5" | "6") => Value::from(true),
        Some(_) => Value::Null,
    };
    sentence.code("quality", |quality| quality.len() == 1 && fields::is_digits(quality));
    sentence.set("valid", valid);
}

/// A mode for each system, and whether one of them has a fix: a letter that the standard has not says neither.
fn modes(sentence: &mut SentenceReader) {
    let Some(sent) = sentence.ahead(0) else { return };
    let is_void = |system| NO_FIX.iter().any(|mode| mode.as_bytes() == [system]);
    let is_fix = |system| !is_void(system) && MODES.contains(&system);
    let valid = match sent.bytes().any(is_fix) {
        true => Value::from(true),
        false if !sent.is_empty() && sent.bytes().all(is_void) => Value::from(false),
        false => Value::Null,
    };
    sentence.text("mode", |modes| modes.bytes().all(|system| MODES.contains(&system)));
    sentence.set("valid", valid);
}

/// How a position came about.
fn mode(sentence: &mut SentenceReader) {
    letter(sentence, "mode", MODES);
}

fn navigational_status(sentence: &mut SentenceReader) {
    letter(sentence, "navigational_status", NAVIGATIONAL_STATUSES);
}

/// One of these letters. Another one may say what turns the meaning of all others: it is not understood.
fn letter(sentence: &mut SentenceReader, name: &str, known: &[u8]) {
    sentence.text(name, |text| matches!(text.as_bytes(), [letter] if known.contains(letter)));
}

/// One hexadecimal digit, which is an identifier and no number.
fn hex_digit(sentence: &mut SentenceReader, name: &str) {
    sentence.text(name, |text| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_hexdigit()));
}

/// The receiver's clock. Without a fix it may run free: then it is only what the device says.
fn date_and_time(
    sentence: &mut SentenceReader,
    date: Option<[u8; 10]>,
    time: Option<&str>,
    is_void: bool,
    sent_date: &str,
) {
    let Some(sent_time) = time else { return };
    let instant =
        date.zip(fields::time_of_day(sent_time)).and_then(|(date, time)| fields::instant(&date, &time));
    match instant {
        Some(instant) if is_void => {
            sentence.set("utc", Value::Null);
            sentence.set("device_time", instant);
        }
        Some(instant) => sentence.set("utc", instant),
        None if sent_time.is_empty() && sent_date.is_empty() => sentence.set("utc", Value::Null),
        None => sentence.set_unknown("utc", &format!("{sent_time},{sent_date}")),
    }
}
