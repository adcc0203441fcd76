//! `[time] zone`: an offset, or a name with the offsets that were in force when the contract was compiled.

use super::table::{DocumentTable, did_you_mean};
use crate::{
    contract::zone::{ContractZone, DAY},
    json::Value,
    time::{NamedZone, Span, Time, ZoneOffset},
};

/// `from`: when the period begins; `None`: that could not be read, so a name has no offsets.
pub(super) fn read(table: &DocumentTable, from: Option<Time>) -> Option<ContractZone> {
    match table.get("zone")? {
        Value::Object(_) => expanded(table.table("zone")?, from),
        Value::String(text) => {
            let offset = ZoneOffset::parse(text);
            if offset.is_none() {
                refuse(table, text, from);
            }
            offset.map(ContractZone::fixed)
        }
        other => {
            table.error(
                "zone",
                format!("expected a zone (Europe/Oslo) or an offset (+01:00), found {}", other.kind()),
            );
            None
        }
    }
}

fn refuse(table: &DocumentTable, text: &str, from: Option<Time>) {
    match NamedZone::find(text) {
        // Without a period it has no offsets yet, and that is said of the period.
        Some(_) if from.is_none() => {}
        Some(zone) => {
            let name = zone.name();
            let message = format!(
                "a compiled contract has the offsets of {name}, which are what is signed: {{\"name\":…,\"offsets\":[[TIME,OFFSET],…]}}"
            );
            table.error("zone", message);
        }
        None => {
            let names = NamedZone::names();
            let near = did_you_mean(text, names.iter().map(String::as_str));
            table.error("zone", format!("there is no zone {text:?}{near}; an offset is written +01:00"));
        }
    }
}

fn expanded(zone: DocumentTable, from: Option<Time>) -> Option<ContractZone> {
    let name = zone.required("name", zone.text("name"));
    let offsets = zone.required("offsets", zone.read("offsets", "pairs: [[TIME,OFFSET],…]", pairs));
    if let (Some(offsets), Some(from)) = (&offsets, from) {
        check(&zone, offsets, from);
    }
    zone.finish();
    ContractZone::changing(name?, &offsets?)
}

fn pairs(value: &Value) -> Option<Vec<(Time, ZoneOffset)>> {
    let pair = |pair: &Value| match pair.as_array()? {
        [at, offset] => Some((Time::parse(at.as_str()?)?, ZoneOffset::parse(offset.as_str()?)?)),
        _ => None,
    };
    value.as_array().filter(|pairs| !pairs.is_empty())?.iter().map(pair).collect()
}

/// What the offsets of a zone are like: known a day before the period, in order, and no clock is changed twice a day.
fn check(zone: &DocumentTable, offsets: &[(Time, ZoneOffset)], from: Time) {
    let day = Span::from_millis(DAY);
    if offsets[0].0 > from.saturating_sub(day) {
        zone.error("offsets", "the first one begins a day before the period, or earlier");
    }
    for (at, pair) in offsets.windows(2).enumerate() {
        let place = format!("{}[{}]", zone.at("offsets"), at + 1);
        if pair[1].0 <= pair[0].0 {
            zone.problems.error(place, "offsets are in the order of time");
        } else if at > 0 && pair[1].0 - pair[0].0 < day {
            zone.problems.error(place, "clocks are not changed twice within a day");
        }
    }
}
