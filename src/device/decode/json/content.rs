//! What the members of an object mean: a reading's body, or values by their names.

use std::collections::HashSet;

use crate::{
    json::{Object, Value},
    record::{
        quantity,
        reading::{Integrity, RESERVED, ReadingBody, ReadingValues, is_scalar},
    },
    time::Time,
};

use super::{
    super::{BadFrame, FrameFault},
    absent::{without_impossible, without_placeholders},
    lenient::Part,
    units_beside,
};

/// More values than this are no reading: a record of a ledger holds 64 KiB.
pub(super) const MAX_VALUES: usize = 1_000;

/// What a device calls the time, where that is no instant.
const DEVICE_TIME: &str = "device_time";

/// Fewer milliseconds since 1970 are seconds, or milliseconds since a device began: it is 13 digits.
const LEAST_MILLIS: u64 = 1_000_000_000_000;

/// The reading of an object.
pub(super) fn reading(members: Vec<(String, Part)>) -> Result<ReadingBody, BadFrame> {
    let (mut body, mut units) = (ReadingBody::new(Integrity::None), Object::new());
    let is_stated = members.iter().any(|(name, part)| name == "values" && matches!(part, Part::Object(_)));
    if is_stated {
        let (times, members): (Vec<_>, Vec<_>) = members.into_iter().partition(|(name, _)| name == "time");
        members.into_iter().try_for_each(|(name, part)| state(&mut body, &mut units, name, part))?;
        if times.is_empty() {
            date_by_milliseconds(&mut body);
        }
        date(&mut body, times.into_iter().map(|(_, part)| part).collect());
        put_units(&mut body, units);
    } else {
        add_all(&mut body, members)?;
    }
    understood(body)
}

/// The reading of an object that states one and nothing besides: scalars as its values, texts as their units, an instant.
/// `None`: it is another, or has something that is not understood.
pub(super) fn stated(object: &mut Object) -> Option<Result<ReadingBody, BadFrame>> {
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
    let values = object.get("values")?.as_object()?;
    let units = object.get("units").map(|units| units.as_object());
    let time = object.get("time").map(|time| time.as_str().and_then(Time::parse_rfc3339));
    let is_sure = values.len() <= MAX_VALUES
        && values.iter().all(|(_, value)| is_scalar(value))
        && object.len() == 1 + usize::from(units.is_some()) + usize::from(time.is_some())
        && units.is_none_or(|units| {
            units.is_some_and(|units| units.iter().all(|(of, unit)| text(unit) && values.get(of).is_some()))
        });
    let time = if is_sure { time.map_or(Some(None), |time| time.map(Some))? } else { return None };
    let mut take = |name| match object.get_mut(name) {
        Some(Value::Object(members)) => std::mem::take(members),
        _ => Object::new(),
    };
    let (values, mut units) = (take("values"), take("units"));
    for (of, unit) in units.iter_mut() {
        let meant = unit.as_str().and_then(|unit| quantity::known_unit(unit, of));
        if let Some(meant) = meant.filter(|meant| unit.as_str() != Some(meant)) {
            *unit = meant.into();
        }
    }
    let mut values = ReadingValues::from(values);
    values.put_units(&units);
    Some(understood(ReadingBody { values, time, ..ReadingBody::new(Integrity::None) }))
}

/// A body, if anything in it was understood.
fn understood(body: ReadingBody) -> Result<ReadingBody, BadFrame> {
    let body = units_beside::put(without_placeholders(body));
    let is_understood = |(name, value): (&str, &Value)| {
        *value != Value::Null || (body.undecoded.get(name).is_none() && name != DEVICE_TIME)
    };
    if body.values.iter().any(is_understood) {
        return Ok(without_impossible(body));
    }
    Err(syntax(match body.values.len() {
        0 => "no values".to_owned(),
        _ => format!("no value that is understood: {}", excerpt(&body.undecoded)),
    }))
}

pub(super) fn syntax(why: impl Into<String>) -> BadFrame {
    BadFrame::new(FrameFault::Syntax, why)
}

fn excerpt(undecoded: &Object) -> String {
    undecoded.to_canonical().chars().take(60).collect()
}

/// One member of a reading's body. Units may come before the values that they are of.
fn state(body: &mut ReadingBody, units: &mut Object, name: String, part: Part) -> Result<(), BadFrame> {
    match (name.as_str(), part) {
        ("values", Part::Object(values)) => add_all(body, values)?,
        ("units", Part::Object(parts)) => {
            for (of, unit) in parts {
                add_unit(body, units, &of, unit);
            }
        }
        ("values" | "units", part) => body.keep_undecoded(&name, &sent(part)),
        (reserved, part) if RESERVED.contains(&reserved) => body.keep_undecoded(&name, &sent(part)),
        (_, Part::Rounded(number, sent)) if body.others.get(&name).is_none() => {
            body.keep_undecoded(&name, &sent);
            body.others.insert(name, number);
        }
        (_, part) => match whole(part) {
            Ok(value) if body.others.get(&name).is_none() => drop(body.others.insert(name, value)),
            Ok(value) => body.keep_undecoded(&name, &text(&value)),
            Err(unread) => body.keep_undecoded(&name, &unread),
        },
    }
    Ok(())
}

/// Dates a reading by its `time`. Where there are several that differ, none is sure; what is no instant is kept as sent.
fn date(body: &mut ReadingBody, mut times: Vec<Part>) {
    times.retain(|part| *part != Part::Scalar(Value::Null));
    times.dedup();
    match times.as_slice() {
        [] => {}
        [Part::Scalar(value @ Value::Number(_))] => drop(body.add(DEVICE_TIME, value.clone())),
        [Part::Rounded(number, sent)] => {
            body.add(DEVICE_TIME, *number);
            body.keep_undecoded("time", sent);
        }
        [Part::Scalar(Value::String(text))] if Time::parse_rfc3339(text).is_some() => {
            body.time = Time::parse_rfc3339(text);
        }
        _ => {
            body.add(DEVICE_TIME, Value::Null);
            for part in times {
                body.keep_undecoded("time", &sent(part));
            }
        }
    }
}

/// Dates a reading by `ts`, milliseconds since 1970, as gateways of `ThingsBoard` put it beside `values`.
fn date_by_milliseconds(body: &mut ReadingBody) {
    let millis = body.others.get("ts").and_then(Value::as_u64).filter(|millis| *millis >= LEAST_MILLIS);
    let time = millis.and_then(|millis| Time::from_millis(i64::try_from(millis).ok()?));
    if time.is_some() {
        body.time = time;
        body.others.remove("ts");
    }
}

fn add_unit(body: &mut ReadingBody, units: &mut Object, of: &str, unit: Part) {
    match unit {
        Part::Scalar(Value::String(unit)) if unit.trim().is_empty() => {}
        Part::Scalar(Value::String(unit)) if units.get(of).is_none() => {
            units.insert(of, unit);
        }
        Part::Scalar(Value::Null) => {}
        other => body.keep_undecoded(&format!("units.{of}"), &sent(other)),
    }
}

/// Gives values the units that were sent; one that is of no value is kept.
fn put_units(body: &mut ReadingBody, mut units: Object) {
    for (of, unit) in units.iter_mut() {
        let sent = unit.as_str().unwrap_or_default();
        match body.values.get(of) {
            Some(_) => *unit = quantity::senml_unit(sent, of).into(),
            None => body.keep_undecoded(&format!("units.{of}"), sent),
        }
    }
    body.values.put_units(&units);
}

/// Adds every scalar under its name, nested names joined by a dot. Of two with one name both are kept, the later one under
/// a name that no other has.
fn add_all(body: &mut ReadingBody, members: Vec<(String, Part)>) -> Result<(), BadFrame> {
    let mut scalars = Vec::new();
    flatten(members, &mut scalars)?;
    let mut names = HashSet::new();
    let (first, again): (Vec<_>, Vec<_>) =
        scalars.into_iter().partition(|(name, _)| names.insert(name.clone()));
    for (name, part) in first.into_iter().chain(again) {
        let (value, unread) = part;
        let name = body.add(&name, value);
        if let Some(unread) = unread {
            body.keep_undecoded(&name, &unread);
        }
    }
    Ok(())
}

/// A scalar, and what was sent in its place if it is not that.
type Leaf = (Value, Option<String>);

fn flatten(members: Vec<(String, Part)>, named: &mut Vec<(String, Leaf)>) -> Result<(), BadFrame> {
    for (name, part) in members {
        match part {
            Part::Scalar(value) => named.push((name, (value, None))),
            Part::Rounded(number, sent) => named.push((name, (number.into(), Some(sent)))),
            Part::Unread(unread) => named.push((name, (Value::Null, Some(unread)))),
            Part::Object(members) => {
                let joined = members.into_iter().map(|(below, part)| (format!("{name}.{below}"), part));
                flatten(joined.collect(), named)?;
            }
            Part::Array(elements) => {
                let numbered =
                    elements.into_iter().enumerate().map(|(at, part)| (format!("{name}.{at}"), part));
                flatten(numbered.collect(), named)?;
            }
        }
        if named.len() > MAX_VALUES {
            return Err(too_many());
        }
    }
    Ok(())
}

pub(super) fn too_many() -> BadFrame {
    syntax(format!("more than {MAX_VALUES} values"))
}

/// A part as a value; where something in it was not understood, all of it as text.
fn whole(part: Part) -> Result<Value, String> {
    if !is_understood(&part) {
        return Err(sent(part));
    }
    Ok(value(part))
}

fn is_understood(part: &Part) -> bool {
    match part {
        Part::Scalar(_) => true,
        Part::Unread(_) | Part::Rounded(..) => false,
        Part::Array(elements) => elements.iter().all(is_understood),
        Part::Object(members) => {
            let mut names = HashSet::new();
            members.iter().all(|(name, part)| names.insert(name) && is_understood(part))
        }
    }
}

/// A part as a value, with texts in the places of what was not understood.
fn value(part: Part) -> Value {
    match part {
        Part::Scalar(value) => value,
        Part::Unread(sent) | Part::Rounded(_, sent) => sent.into(),
        Part::Array(elements) => Value::Array(elements.into_iter().map(value).collect()),
        Part::Object(members) => {
            Value::Object(members.into_iter().map(|(name, part)| (name, value(part))).collect())
        }
    }
}

/// A part as text.
fn sent(part: Part) -> String {
    text(&value(part))
}

/// A text itself, and other values as JSON.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_canonical(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::DECODER;

    #[test]
    fn units_are_those_of_values() {
        for (frame, units) in [
            (r#"{"values":{"t":64.4},"units":{"t":"°F"}}"#, r#"{"t":"degF"}"#),
            (r#"{"units":{"t":"C"},"values":{"t":1}}"#, r#"{"t":"Cel"}"#),
            (r#"{"values":{"t":1},"units":{"t":""}}"#, "{}"),
            (r#"{"values":{"t":1},"units":{"t":"C","z":"V"}}"#, r#"{"t":"Cel"}"#),
        ] {
            let body = DECODER.readings(frame.as_bytes()).unwrap().remove(0);
            assert_eq!(body.values.units_to_canonical(), units, "{frame}");
        }
    }

    #[test]
    fn what_a_maker_puts_for_none_is_null() {
        for (frame, values) in [
            (r#"{"DS18B20":{"t":-127.00},"t":-127}"#, r#"{"DS18B20.t":null,"t":-127}"#),
            (r#"{"dallas1":-196.6,"dallas2":-19.6}"#, r#"{"dallas1":null,"dallas2":-19.6}"#),
            (r#"{"values":{"ds18b20":-127}}"#, r#"{"ds18b20":null}"#),
            (r#"{"v":9.91E37,"i":-9.9e+37,"u":9.8e37}"#, r#"{"i":null,"u":9.8e+37,"v":null}"#),
        ] {
            let body = DECODER.readings(frame.as_bytes()).unwrap().remove(0);
            assert_eq!(body.values.to_canonical(), values, "{frame}");
        }
    }

    #[test]
    fn a_unit_of_no_value_is_kept_as_sent() {
        for (frame, kept) in [
            (r#"{"values":{"t":1},"units":{"t":"C","z":"°C"}}"#, r#"{"units.z":"°C"}"#),
            (r#"{"values":{"t":{"x":1}},"units":{"t":"V"}}"#, r#"{"units.t":"V"}"#),
            (r#"{"units":{"z":"V"},"values":{"t":[1,2]}}"#, r#"{"units.z":"V"}"#),
            (r#"{"values":{"t":{"x":1}},"units":{"t.x":"V"}}"#, "{}"),
            (r#"{"values":{"t":1},"units":{"z":" ","y":null}}"#, "{}"),
        ] {
            let body = DECODER.readings(frame.as_bytes()).unwrap().remove(0);
            assert_eq!(body.undecoded.to_canonical(), kept, "{frame}");
        }
    }
}
