//! The offsets of a named zone, written down when a contract is compiled: rules of summer time change by decree, and what
//! is signed must not.
//!
//! ```text
//! zone = "Europe/Oslo"     "zone":{"name":"Europe/Oslo","offsets":[["2026-02-28T06:00:00.000Z","+01:00"],…]}
//! ```
//!
//! From a day before the period to a day after it. What is no name of a zone stays, and the reader of the record says so.

use crate::{
    contract::{
        problem::{Problem, ProblemPlace},
        zone::DAY,
    },
    json::{Object, Value},
    object,
    time::{NamedZone, Span, Time, ZoneOffset},
};

/// Writes the offsets of the record's zone in the place of its name.
pub(super) fn expand(record: &mut Object) -> Result<(), Problem> {
    let Some((from, until)) = around_period(record) else { return Ok(()) };
    let Some(Value::Object(time)) = record.get_mut("time") else { return Ok(()) };
    let Some(zone) = time.str("zone").and_then(NamedZone::find) else { return Ok(()) };
    let offsets = zone.offsets(from, until).into_iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    time.insert("zone", object! { "name": zone.name(), "offsets": offsets });
    Ok(())
}

/// A day before the period, and a day after it.
fn around_period(record: &Object) -> Option<(Time, Time)> {
    let period = record.get("period")?.as_object()?;
    let [from, to] = ["from", "to"].map(|name| period.str(name).and_then(Time::parse));
    let day = Span::from_millis(DAY);
    Some((from?.saturating_sub(day), to?.saturating_add(day)))
}

fn pair((at, seconds): (Time, i32)) -> Result<Value, Problem> {
    let offset = ZoneOffset::from_seconds(seconds).ok_or_else(|| {
        let place = ProblemPlace::Value("time.zone".to_owned(), None);
        Problem::error(place, format!("at {at} clocks were {seconds} seconds ahead of UTC there, and an offset is whole minutes, at most 14 hours"))
    })?;
    Ok(Value::Array(vec![at.to_string().into(), offset.to_string().into()]))
}
