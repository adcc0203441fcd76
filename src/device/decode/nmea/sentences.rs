//! What each sentence says, field by field.

use crate::{
    device::decode::BadFrame,
    json::{Number, Object},
    time::Time,
};

use super::fields::{Fields, wrong};

type Read = fn(&mut Fields) -> Result<Object, BadFrame>;

/// Sentences that say something for a reading.
pub(super) const SENTENCES: &[(&str, Read)] = &[
    ("RMC", rmc),
    ("GGA", gga),
    ("GLL", gll),
    ("GSA", gsa),
    ("GSV", gsv),
    ("VTG", vtg),
    ("ZDA", zda),
    ("MWV", mwv),
    ("DPT", dpt),
    ("DBT", dbt),
    ("MTW", mtw),
    ("HDT", hdt),
    ("HDM", hdm),
    ("HDG", hdg),
];

const KNOT: f64 = 1852.0 / 3600.0;
const KILOMETRE_PER_HOUR: f64 = 1.0 / 3.6;

/// Sets a value, if there is one.
fn set(values: &mut Object, name: &str, value: Option<Number>) {
    if let Some(value) = value {
        values.insert(name, value);
    }
}

fn set_text(values: &mut Object, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        values.insert(name, value);
    }
}

/// Reads latitude and longitude.
fn position(fields: &mut Fields) -> Result<[Option<Number>; 2], BadFrame> {
    Ok([fields.angle(2, ["N", "S"])?, fields.angle(3, ["E", "W"])?])
}

/// Says whether the receiver stands by its fix, and sets these values if it does.
fn set_if_valid(values: &mut Object, valid: bool, fix: &[(&str, Option<Number>)]) {
    values.insert("valid", valid);
    for (name, value) in fix.iter().filter(|_| valid) {
        set(values, name, *value);
    }
}

/// Recommended minimum: time, status, position, speed in knots, course, date, variation, mode.
fn rmc(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    let time = fields.time_of_day()?;
    let valid = fields.text() == Some("A");
    let [latitude, longitude] = position(fields)?;
    let (speed, course) = (fields.speed(KNOT)?, fields.number()?);
    let fix = [("latitude", latitude), ("longitude", longitude), ("speed", speed), ("course", course)];
    set_if_valid(&mut values, valid, &fix);
    if let (Some(time), Some(date)) = (time, fields.text()) {
        values.insert("utc", instant(&date_of_six(date)?, &time)?);
    }
    set(&mut values, "magnetic_variation", fields.signed("W")?);
    set_text(&mut values, "mode", fields.text());
    Ok(values)
}

/// Fix: time, position, quality, satellites, dilution, altitude, height of the geoid.
fn gga(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    set_text(&mut values, "utc", fields.time_of_day()?.as_deref());
    let [latitude, longitude] = position(fields)?;
    let quality = fields.number()?;
    let valid = quality.is_some_and(|quality| quality.as_f64() > 0.0);
    set(&mut values, "quality", quality);
    set(&mut values, "satellites", fields.number()?);
    set(&mut values, "hdop", fields.number()?);
    let (altitude, _, separation) = (fields.number()?, fields.text(), fields.number()?);
    let place = [("latitude", latitude), ("longitude", longitude)];
    let height = [("altitude", altitude), ("geoid_separation", separation)];
    set_if_valid(&mut values, valid, &place);
    set_if_valid(&mut values, valid, &height);
    Ok(values)
}

/// Position, time, status, mode.
fn gll(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    let [latitude, longitude] = position(fields)?;
    set_text(&mut values, "utc", fields.time_of_day()?.as_deref());
    let valid = fields.text() == Some("A");
    set_if_valid(&mut values, valid, &[("latitude", latitude), ("longitude", longitude)]);
    set_text(&mut values, "mode", fields.text());
    Ok(values)
}

/// Satellites in use: selection, kind of fix, twelve ids, dilutions.
fn gsa(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    set_text(&mut values, "mode", fields.text());
    set(&mut values, "fix", fields.number()?);
    let satellites = (0..12).filter(|_| fields.text().is_some()).count();
    values.insert("satellites", satellites);
    for name in ["pdop", "hdop", "vdop"] {
        set(&mut values, name, fields.number()?);
    }
    Ok(values)
}

/// Satellites in view, four a sentence: id, elevation, azimuth, signal.
fn gsv(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    for name in ["messages", "message", "satellites_in_view"] {
        set(&mut values, name, fields.number()?);
    }
    for satellite in 1..=4 {
        for name in ["id", "elevation", "azimuth", "snr"] {
            if !fields.more() {
                break;
            }
            // What follows the last satellite is a signal id, in hex.
            set(&mut values, &format!("satellite_{satellite}_{name}"), fields.number()?);
        }
    }
    Ok(values)
}

/// Course true and magnetic, speed in knots and km/h, mode.
fn vtg(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    set(&mut values, "course", fields.number()?);
    fields.text();
    set(&mut values, "course_magnetic", fields.number()?);
    fields.text();
    let knots = fields.speed(KNOT)?;
    fields.text();
    let kilometres = fields.speed(KILOMETRE_PER_HOUR)?;
    fields.text();
    set(&mut values, "speed", knots.or(kilometres));
    set_text(&mut values, "mode", fields.text());
    Ok(values)
}

/// Time, day, month, year, and the local zone, which is left alone.
fn zda(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    let time = fields.time_of_day()?;
    if let (Some(time), Some(day), Some(month), Some(year)) =
        (time, fields.text(), fields.text(), fields.text())
    {
        values.insert("utc", instant(&format!("{year}-{month}-{day}"), &time)?);
    }
    Ok(values)
}

/// Wind: angle, relative or true, speed, its unit, status.
fn mwv(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    let angle = fields.number()?;
    let reference = match fields.text() {
        Some("R") => "relative",
        Some("T") => "true",
        other => return Err(wrong("reference of wind", other.unwrap_or_default())),
    };
    let amount = fields.number()?;
    let factor = match fields.text() {
        Some("N") => KNOT,
        Some("K") => KILOMETRE_PER_HOUR,
        Some("M") | None => 1.0,
        Some(other) => return Err(wrong("unit of speed", other)),
    };
    let speed = amount.and_then(|amount| Number::new((amount.as_f64() * factor * 1e4).round() / 1e4));
    values.insert("wind_reference", reference);
    let valid = fields.text() == Some("A");
    set_if_valid(&mut values, valid, &[("wind_angle", angle), ("wind_speed", speed)]);
    Ok(values)
}

/// Depth below the transducer in metres, and where that is.
fn dpt(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    set(&mut values, "depth", fields.number()?);
    set(&mut values, "depth_offset", fields.number()?);
    Ok(values)
}

/// Depth below the transducer in feet, metres, fathoms.
fn dbt(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    fields.number()?;
    fields.text();
    set(&mut values, "depth", fields.number()?);
    Ok(values)
}

/// Temperature of the water.
fn mtw(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    set(&mut values, "water_temperature", fields.number()?);
    Ok(values)
}

/// Heading, true.
fn hdt(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    set(&mut values, "heading", fields.number()?);
    Ok(values)
}

/// Heading, magnetic.
fn hdm(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    set(&mut values, "heading_magnetic", fields.number()?);
    Ok(values)
}

/// Heading, magnetic, with deviation and variation.
fn hdg(fields: &mut Fields) -> Result<Object, BadFrame> {
    let mut values = Object::new();
    set(&mut values, "heading_magnetic", fields.number()?);
    set(&mut values, "magnetic_deviation", fields.signed("W")?);
    set(&mut values, "magnetic_variation", fields.signed("W")?);
    Ok(values)
}

/// `210211` is 2011-02-21; GPS time begins in 1980.
fn date_of_six(text: &str) -> Result<String, BadFrame> {
    if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong("date", text));
    }
    let century = if &text[4..] < "80" { "20" } else { "19" };
    Ok(format!("{century}{}-{}-{}", &text[4..], &text[2..4], &text[..2]))
}

fn instant(date: &str, time: &str) -> Result<String, BadFrame> {
    let instant = format!("{date}T{time}Z");
    Time::parse(&instant).map(|time| time.to_string()).ok_or_else(|| wrong("instant", &instant))
}
