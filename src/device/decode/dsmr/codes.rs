//! What each OBIS code means, in the names of the table of quantities.

use crate::{
    device::decode::obis::{ObisCode, quantity},
    json::Value,
    record::{quantity::senml_unit, reading::ReadingBody},
};

use super::obis::{ObisLine, instant, local, measured};

/// What kind of value a code has.
#[derive(Clone, Copy)]
enum Kind {
    /// A number, perhaps with a unit
    Number,
    /// Characters as they are: codes, hexadecimal ids
    Text,
    /// When it happened and how much it was, as two values
    Dated,
}

/// Codes of the meter itself.
const METER: &[(&str, &str, Kind)] = &[
    ("1-3:0.2.8", "version", Kind::Text),
    ("0-0:96.1.4", "version", Kind::Text),
    ("0-0:96.1.1", "equipment_id", Kind::Text),
    ("0-0:42.0.0", "equipment_id", Kind::Text),
    ("0-0:96.14.0", "tariff", Kind::Text),
    ("0-0:17.0.0", "power_limit", Kind::Number),
    ("1-0:1.4.0", "power_average", Kind::Number),
    ("1-0:1.6.0", "power_peak_month", Kind::Dated),
    ("1-0:31.4.0", "current_limit", Kind::Number),
    ("0-0:96.3.10", "switch", Kind::Number),
    ("0-0:96.7.21", "power_failures", Kind::Number),
    ("0-0:96.7.9", "power_failures_long", Kind::Number),
    ("1-0:32.32.0", "voltage_sags_l1", Kind::Number),
    ("1-0:52.32.0", "voltage_sags_l2", Kind::Number),
    ("1-0:72.32.0", "voltage_sags_l3", Kind::Number),
    ("1-0:32.36.0", "voltage_swells_l1", Kind::Number),
    ("1-0:52.36.0", "voltage_swells_l2", Kind::Number),
    ("1-0:72.36.0", "voltage_swells_l3", Kind::Number),
    ("0-0:96.13.0", "text", Kind::Text),
    ("0-0:96.13.1", "text_code", Kind::Text),
];

/// Codes of what is connected through the M-Bus; the name follows `mbus` and the channel.
const MBUS: &[(&str, &str, Kind)] = &[
    ("24.1.0", "type", Kind::Number),
    ("96.1.0", "id", Kind::Text),
    ("96.1.1", "id", Kind::Text),
    ("24.4.0", "valve", Kind::Number),
    ("24.2.1", "volume", Kind::Dated),
    ("24.2.3", "volume", Kind::Dated),
    ("24.3.0", "volume", Kind::Dated),
];

/// Reads a line into a body; `None` if it has not the values that its code demands.
pub(super) fn read(line: &ObisLine, body: &mut ReadingBody) -> Option<()> {
    match (line.code, line.channel, line.what) {
        ("0-0:1.0.0", ..) => {
            // A meter without summer and winter leaves the date to the reader of the meter.
            body.time = instant(line.last());
            return (body.time.is_some() || local(line.last()).is_some()).then_some(());
        }
        ("1-0:99.97.0", ..) => return failures(line, body),
        ("0-0:98.1.0", ..) => return peaks(line, body),
        _ => {}
    }
    if let Some((_, name, kind)) = METER.iter().find(|(code, ..)| *code == line.code) {
        return set(line, name, *kind, body);
    }
    if let Some((name, _)) = ObisCode::parse(line.code).and_then(quantity) {
        return set(line, &name, Kind::Number, body);
    }
    if let Some((_, name, kind)) =
        MBUS.iter().find(|(what, ..)| line.code.starts_with("0-") && *what == line.what)
    {
        return set(line, &format!("mbus{}_{name}", line.channel), *kind, body);
    }
    unknown(line, body);
    Some(())
}

fn set(line: &ObisLine, name: &str, kind: Kind, body: &mut ReadingBody) -> Option<()> {
    match kind {
        Kind::Text => {
            body.values.insert(name, Some(line.last()).filter(|text| !text.is_empty()));
        }
        Kind::Number => set_number(line.last(), name, body)?,
        Kind::Dated => {
            // DSMR 2.2 puts the unit in a group of its own, before the value.
            let unit = line.groups.iter().rev().nth(1).filter(|_| line.what == "24.3.0");
            set_number(line.last(), name, body)?;
            if let Some(unit) = unit {
                body.units.insert(name, senml_unit(unit, name));
            }
            let time = line.groups.first().filter(|_| line.groups.len() > 1).and_then(|group| date(group));
            let date_name = name.strip_suffix("_volume").unwrap_or(name);
            if let Some(time) = time {
                body.values.insert(format!("{date_name}_time"), time);
            }
        }
    }
    Some(())
}

/// A number, or nothing in the parentheses.
fn set_number(group: &str, name: &str, body: &mut ReadingBody) -> Option<()> {
    if group.is_empty() {
        body.values.insert(name, Value::Null);
        return Some(());
    }
    let (number, unit) = measured(group)?;
    body.values.insert(name, number);
    if let Some(unit) = unit {
        body.units.insert(name, senml_unit(unit, name));
    }
    Some(())
}

/// UTC where the telegram says enough, local time where not.
fn date(group: &str) -> Option<String> {
    instant(group).map(|time| time.to_string()).or_else(|| local(group))
}

/// `(2)(0-0:96.7.19)(end)(seconds*s)(end)(seconds*s)`: long power failures.
fn failures(line: &ObisLine, body: &mut ReadingBody) -> Option<()> {
    for (at, failure) in line.groups.get(2..).unwrap_or_default().chunks(2).enumerate() {
        let [end, duration] = failure else { return None };
        body.values.insert(format!("power_failure_{}_end", at + 1), date(end)?);
        set_number(duration, &format!("power_failure_{}_duration", at + 1), body)?;
    }
    Some(())
}

/// `(2)(code)(code)(month)(when)(kW)(month)(when)(kW)`: the peak of each of the last months.
fn peaks(line: &ObisLine, body: &mut ReadingBody) -> Option<()> {
    for (at, peak) in line.groups.get(3..).unwrap_or_default().chunks(3).enumerate() {
        let [month, time, power] = peak else { return None };
        let name = format!("power_peak_{}", at + 1);
        body.values.insert(format!("{name}_month"), date(month)?);
        body.values.insert(format!("{name}_time"), date(time)?);
        set_number(power, &name, body)?;
    }
    Some(())
}

/// A code that the table does not have: numbers as numbers, all else as text.
fn unknown(line: &ObisLine, body: &mut ReadingBody) {
    for (at, group) in line.groups.iter().enumerate() {
        let name = if line.groups.len() == 1 { line.code.to_owned() } else { format!("{}/{at}", line.code) };
        if set_number(group, &name, body).is_none() {
            body.values.insert(name, *group);
        }
    }
}
