//! CSV (RFC 4180): rows of cells, and entries with one row for each value, so that the columns are always the same.

use super::term::escape;
use crate::{
    json::{Object, Value},
    time::Time,
    tlog::entry::Entry,
};

/// The first row.
pub(crate) const HEADER: &str = "n,received,device,time,name,value,unit\r\n";

/// A row of cells. For a terminal, what would steer it is escaped.
pub(crate) fn row<'a>(cells: impl Iterator<Item = &'a str>, for_terminal: bool) -> String {
    let cell = |text: &str| if for_terminal { quoted(&escape(text)) } else { quoted(text) };
    cells.map(cell).collect::<Vec<_>>().join(",") + "\r\n"
}

/// The rows of an entry that arrived then, one for each value, or for each of these fields where some are named.
pub(crate) fn rows(entry: &Entry, arrival: Time, only: &[String], for_terminal: bool) -> String {
    let Some(values) = entry.record.get("values").and_then(Value::as_object) else { return String::new() };
    let units = entry.record.get("units").and_then(Value::as_object);
    let said = |name: &str| entry.record.str(name).unwrap_or_default();
    let mut rows = String::new();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|field| field == name);
    for (name, value) in values.iter().filter(|(name, _)| wanted(name)) {
        let unit = units.and_then(|units: &Object| units.str(name)).unwrap_or_default();
        let (n, received) = (entry.n.to_string(), arrival.to_string());
        let cells = [&n, &received, said("device"), said("time"), name, &plain(value), unit];
        rows.push_str(&row(cells.into_iter(), for_terminal));
    }
    rows
}

/// A value as a cell has it: text without quotes, nothing for null, all else as JSON.
pub(crate) fn plain(value: &Value) -> String {
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
        let rows = rows(&entry, Time::EPOCH, &[], false);
        let lines: Vec<_> = rows.split_terminator("\r\n").collect();
        assert_eq!(lines[0], "7,1970-01-01T00:00:00.000Z,\"a,b\",,none,,");
        assert!(lines[1].ends_with(",q,\"\"\"x\"\"\","));
        assert!(lines[2].ends_with(",say,'=1+1,"));
        assert!(lines[3].ends_with(",t,-4.2,Cel"));
    }
}
