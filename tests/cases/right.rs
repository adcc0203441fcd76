//! What is wrong with what a case came to, if anything.

use counterfoil::json::{self, Object, Value};

use super::answers;
use crate::run::Run;

/// Names whose numbers are compared no closer than this.
const ROUNDED: &[(&str, f64)] = &[("latitude", 1e-8), ("longitude", 1e-8), ("speed", 1e-4)];

/// All that is wrong, a line each.
pub(super) fn faults(case: &Object, run: &Run) -> Vec<String> {
    let (id, expect) = (case.str("id").unwrap(), case.get("expect").and_then(Value::as_object).unwrap());
    let records = run.out.lines().map(|line| json::parse_object(line.as_bytes()).unwrap());
    let readings: Vec<Object> = records.filter(|record| record.str("type") == Some("reading")).collect();
    let right: Vec<&Object> = list(expect, "readings").iter().filter_map(Value::as_object).collect();
    let right = if case.get("pty").is_some() { again(right, readings.len()) } else { right };
    let mut wrong = Vec::new();
    if expect.get("exit").and_then(Value::as_u64) != run.code.and_then(|code| code.try_into().ok()) {
        wrong.push(format!("exit status {:?}", run.code));
    }
    if readings.len() != right.len() {
        wrong.push(format!("{} readings, and {} are right", readings.len(), right.len()));
    }
    for (at, (reading, right)) in readings.iter().zip(&right).enumerate() {
        wrong.extend(
            reading_faults(id, reading, right).into_iter().map(|fault| format!("reading {at}: {fault}")),
        );
    }
    for (what, text, said) in
        [("message", &run.err, expect.str("message")), ("status", &run.out, expect.str("status"))]
    {
        if said.is_none() {
            continue;
        }
        let words = answers::WORDS.iter().filter(|(case, place, _)| *case == id && *place == what);
        wrong.extend(
            words
                .filter(|(_, _, word)| !text.contains(word))
                .map(|(_, _, word)| format!("{what}: no {word}")),
        );
    }
    wrong
}

/// What a device says again and again, twice at least, and as often as it said it.
fn again(right: Vec<&Object>, count: usize) -> Vec<&Object> {
    let all = if right.is_empty() { 0 } else { count.max(2 * right.len()) };
    right.into_iter().cycle().take(all).collect()
}

fn reading_faults(id: &str, reading: &Object, right: &Object) -> Vec<String> {
    let mut wrong = Vec::new();
    let by_device = reading.str("clock") == Some("device");
    for word in ["integrity", "time"] {
        if let Some(said) = right.str(word).filter(|said| reading.str(word) != Some(said)) {
            wrong.push(format!("{word} is {:?}, not {said}", reading.str(word)));
        }
    }
    let right_clock = right.str("clock").is_none_or(|clock| by_device == (clock == "device"));
    if !right_clock {
        wrong.push(format!("clock is {:?}", reading.str("clock")));
    }
    let units = object(right, "units");
    for (name, value) in object(right, "values").iter() {
        let unit = units.str(name);
        if !is_said(reading, name, value, unit) && !is_said_otherwise(id, reading, name) {
            let said = (member(reading, "values", name), member(reading, "units", name));
            wrong.push(format!("{name} is {said:?}, not {value:?} {unit:?}"));
        }
    }
    for (_, text) in object(right, "undecoded").iter() {
        let kept = object(reading, "undecoded");
        if !kept.iter().any(|(_, part)| part == text) && !answers::KEPT_OTHERWISE.contains(&id) {
            wrong.push(format!("{text:?} is not in undecoded"));
        }
    }
    wrong
}

/// Whether a reading has this value, and this unit where one is right.
fn is_said(reading: &Object, name: &str, value: &Value, unit: Option<&str>) -> bool {
    let said = member(reading, "values", name);
    let fits = said.as_ref().is_some_and(|said| said == value || is_near(name, said, value));
    fits && unit.is_none_or(|unit| object(reading, "units").str(name) == Some(unit) || *value == Value::Null)
}

fn is_near(name: &str, said: &Value, right: &Value) -> bool {
    let tolerance = ROUNDED.iter().find(|(part, _)| name.contains(part)).map(|(_, tolerance)| tolerance);
    match (tolerance, said, right) {
        (Some(tolerance), Value::Number(said), Value::Number(right)) => {
            (said.as_f64() - right.as_f64()).abs() <= *tolerance
        }
        _ => false,
    }
}

/// Whether a reading says what is as good by a case's note.
fn is_said_otherwise(id: &str, reading: &Object, name: &str) -> bool {
    let also = answers::ALSO.iter().filter(|(case, is, ..)| *case == id && *is == name);
    also.into_iter().any(|(_, _, name, value, unit)| {
        let unit = Some(*unit).filter(|unit| !unit.is_empty());
        match *value {
            "" => member(reading, "values", name).is_none(),
            value => is_said(reading, name, &json::parse(value.as_bytes()).unwrap(), unit),
        }
    })
}

fn member(object: &Object, part: &str, name: &str) -> Option<Value> {
    self::object(object, part).get(name).cloned()
}

fn object(object: &Object, name: &str) -> Object {
    object.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
}

fn list<'a>(object: &'a Object, name: &str) -> &'a [Value] {
    object.get(name).and_then(Value::as_array).unwrap_or_default()
}
