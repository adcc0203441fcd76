//! Entries as CSV (RFC 4180): one row for each value of a reading, so that the columns are always the same.

use super::term::escape;
use crate::{
    json::{Object, Value},
    time::Time,
    tlog::entry::Entry,
};

/// The first row.
pub(crate) const HEADER: &str = "n,received,device,time,name,value,unit\r\n";

/// The rows of an entry that arrived then; none if it has no values. For a terminal, what would steer it is escaped.
pub(crate) fn rows(entry: &Entry, arrival: Time, for_terminal: bool) -> String {
    let Some(values) = entry.record.get("values").and_then(Value::as_object) else { return String::new() };
    let units = entry.record.get("units").and_then(Value::as_object);
    let said = |name: &str| entry.record.str(name).unwrap_or_default();
    let mut rows = String::new();
    for (name, value) in values.iter() {
        let unit = units.and_then(|units: &Object| units.str(name)).unwrap_or_default();
        let (n, received) = (entry.n.to_string(), arrival.to_string());
        let fields = [&n, &received, said("device"), said("time"), name, &plain(value), unit];
        let field = |text: &str| if for_terminal { quoted(&escape(text)) } else { quoted(text) };
        rows.push_str(&fields.map(field).join(","));
        rows.push_str("\r\n");
    }
    rows
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Quotes a field that needs it. A text that a spreadsheet would take for a formula gets a quote mark in front,
/// since it may come from a device; numbers stay numbers.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<f64>().is_err();
    let field = if formula { format!("'{field}") } else { field.to_owned() };
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse_object;

    #[test]
    fn one_row_a_value_and_nothing_runs() {
        let record = parse_object(
            br#"{"device":"a,b","values":{"t":-4.2,"say":"=1+1","q":"\"x\"","none":null},"units":{"t":"Cel"}}"#,
        );
        let entry = Entry { n: 7, received: Time::EPOCH, wall: None, record: record.unwrap() };
        let rows = rows(&entry, Time::EPOCH, false);
        let lines: Vec<_> = rows.split_terminator("\r\n").collect();
        assert_eq!(lines[0], "7,1970-01-01T00:00:00.000Z,\"a,b\",,none,,");
        assert!(lines[1].ends_with(",q,\"\"\"x\"\"\","));
        assert!(lines[2].ends_with(",say,'=1+1,"));
        assert!(lines[3].ends_with(",t,-4.2,Cel"));
    }
}
