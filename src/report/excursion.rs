//! An excursion of a contract's term, for people.

use std::fmt::Write;

use super::{escape::escape, party::party};
use crate::{
    contract::eval::DeviceRoles,
    json::{Object, Value},
    time::Span,
};

/// `cold: … to …: 40m, worst 9.5, breached at …; carrier since …; carrier is responsible`
pub fn excursion(record: &Object, roles: &DeviceRoles) -> String {
    let text = |name| record.str(name).map(escape);
    let millis = record.get("milliseconds").and_then(Value::as_u64).unwrap_or(0);
    let length = Span::from_millis(i64::try_from(millis).unwrap_or(i64::MAX));
    let start = text("start").unwrap_or_default();
    let end = text("end").unwrap_or_else(|| "now".into());
    let mut out = format!("{}: {start} to {end}: {length}", text("term").unwrap_or_default());
    out.extend(text("extreme").map(|extreme| format!(", worst {extreme}")));
    out += &text("breached_at").map_or(", tolerated".to_owned(), |at| format!(", breached at {at}"));
    for held in record.get("custodians").and_then(Value::as_array).unwrap_or_default() {
        let Some(held) = held.as_object() else { continue };
        let (name, from) = (held.str("party").unwrap_or_default(), held.str("from").unwrap_or_default());
        let _ = write!(out, "; {} since {}", party(name, roles), escape(from));
    }
    out.extend(record.str("responsible").map(|name| format!("; {} is responsible", party(name, roles))));
    out.push('\n');
    out
}
