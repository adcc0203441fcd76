//! A record as people read it.

use std::fmt::Write;

use crate::{
    cli::term::escape,
    json::{Object, Value},
};

/// When, who, what, in one line.
pub(super) fn line(record: &Object) -> String {
    let time = record.str("time").unwrap_or("(no time)               ");
    let mut line = format!("{time}  {}", escape(record.str("device").unwrap_or_default()));
    match (record.str("status"), record.get("values")) {
        (Some(status), _) => {
            let detail = record.get("detail").map(|detail| format!(" {}", escape(&detail.to_string())));
            let _ = write!(line, "  [{status}]{}", detail.unwrap_or_default());
        }
        (None, Some(Value::Object(values))) => {
            let units = record.get("units").and_then(Value::as_object);
            for (name, value) in values.iter() {
                let unit = units.and_then(|units| units.str(name)).map(|unit| format!(" {unit}"));
                let value = value.as_str().map_or(value.to_string(), str::to_owned);
                line.push_str(&escape(&format!("  {name} {value}{}", unit.unwrap_or_default())));
            }
        }
        _ => {}
    }
    line.push('\n');
    line
}
