//! An excursion of a contract's term, for people.

use std::fmt::Write;

use super::page::{VerdictPage, span};
use crate::{
    escape::escape,
    json::{Object, Value},
};

/// `cold: 2026-03-01 07:20:00 to 08:00:00 +01:00: 40m, worst 9.5 °C, 1.5 °C beyond the limit, breached at …; carrier since
/// …; carrier is responsible`
pub fn excursion(page: &VerdictPage<'_>, record: &Object) -> String {
    let id = record.str("term").unwrap_or_default();
    let mut line = format!("{id}: {}", course(page, page.term(id), record));
    for held in record.get("custodians").and_then(Value::as_array).unwrap_or_default() {
        let Some(held) = held.as_object() else { continue };
        let (name, from) = (held.str("party").unwrap_or_default(), held.str("from").unwrap_or_default());
        let _ = write!(line, "; {} since {}", page.parties().full(name), page.when(from));
    }
    let responsible = record.str("responsible").map(|name| page.parties().full(name));
    line.extend(responsible.map(|name| format!("; {name} is responsible")));
    escape(&line) + "\n"
}

/// When an excursion was, how long it counts, how far it went, and when it breached.
pub(super) fn course(page: &VerdictPage<'_>, term: Option<usize>, excursion: &Object) -> String {
    let mut course = page.stretch(excursion.str("start").unwrap_or_default(), excursion.str("end"));
    // A bucket has no length but its own.
    if let Some(counted) = excursion.get("milliseconds").and_then(Value::as_u64) {
        let _ = write!(course, ": {}", span(counted));
    }
    if let (Some(term), Some(extreme)) = (term, excursion.str("extreme")) {
        let _ = write!(course, ", worst {}", page.worst(term, extreme));
    }
    match excursion.str("breached_at") {
        Some(at) => course + &format!(", breached at {}", page.when(at)),
        None if excursion.str("end").is_none() => course + ", not a breach yet",
        None => course + ", tolerated",
    }
}
