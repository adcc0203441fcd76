//! What a record says, in a few words for a line or a row.
//!
//! ```text
//! door shut  note "open  temperature 3.9 Cel"  temperature 4.2 Cel  lat = 52.1
//! ```
//!
//! A text that could be read as anything but one value stands in quotes, so that none forges another field.

use super::term::escape;
use crate::{
    json::{self, Object, Value},
    record::signed::PROOF,
};

/// Members whose place is elsewhere in a line, or nowhere.
const PLACED: [&str; 11] =
    ["type", "device", "time", "stream", "seq", "boot", "up", "units", "integrity", "clock", PROOF];

/// The values of a reading with their units, of these fields only where some are named; what a status tells; and the
/// other members of both. Each part is harmless for a terminal; of other records there is none.
pub(crate) fn parts(record: &Object, fields: &[String]) -> Vec<String> {
    let status = record.str("status").map(|status| {
        let detail = record.get("detail").map(|detail| format!(" {detail}")).unwrap_or_default();
        format!("[{}]{detail}", word(status))
    });
    let mut known = PLACED.to_vec();
    known.extend(status.iter().flat_map(|_| ["status", "detail"]));
    let mut parts: Vec<String> = status.into_iter().collect();
    if parts.is_empty() {
        parts = values(record, fields);
        known.extend(record.get("values").and_then(Value::as_object).map(|_| "values"));
    }
    if fields.is_empty() {
        let others = record.iter().filter(|(name, _)| !known.contains(name));
        parts.extend(others.map(|(name, value)| format!("{} = {value}", word(name))));
    }
    parts.iter().map(|part| escape(part)).collect()
}

fn values(record: &Object, fields: &[String]) -> Vec<String> {
    let table = |name| record.get(name).and_then(Value::as_object);
    let (values, units) = (table("values"), table("units"));
    let wanted = |name: &str| fields.is_empty() || fields.iter().any(|field| field == name);
    let values = values.into_iter().flat_map(Object::iter).filter(|(name, _)| wanted(name));
    let part = |(name, value): (&str, &Value)| {
        let unit = units.and_then(|units| units.str(name)).map(|unit| format!(" {}", word(unit)));
        let value = value.as_str().map_or_else(|| value.to_string(), text);
        format!("{} {value}{}", word(name), unit.unwrap_or_default())
    };
    values.map(part).collect()
}

/// A text as it is where it can be taken for nothing else, such as a number; else as JSON has it.
fn text(text: &str) -> String {
    let is_other_value = json::parse_object(format!("{{\"value\":{text}}}").as_bytes()).is_ok();
    let is_number = text.parse::<f64>().is_ok();
    if is_other_value || is_number { Value::from(text).to_string() } else { word(text) }
}

/// A text as it is where it is one word, else as JSON has it.
fn word(text: &str) -> String {
    let breaks = |c: char| c.is_whitespace() || matches!(c, '"' | '=' | '[');
    let is_word = !text.is_empty() && !text.contains(breaks);
    if is_word { text.to_owned() } else { Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(record: &str, fields: &[&str]) -> String {
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        parts(&json::parse_object(record.as_bytes()).unwrap(), &fields).join("  ")
    }

    #[test]
    fn no_text_can_be_taken_for_another_field_or_value() {
        for (value, told) in [
            ("shut", "shut"),
            ("open  temperature 3.9 Cel", "\"open  temperature 3.9 Cel\""),
            ("a\\tb", "\"a\\tb\""),
            ("4.2", "\"4.2\""),
            ("+4", "\"+4\""),
            ("NaN", "\"NaN\""),
            ("true", "\"true\""),
            ("null", "\"null\""),
            ("", "\"\""),
            ("say \\\"x\\\"", "\"say \\\"x\\\"\""),
            ("x=1", "\"x=1\""),
        ] {
            let record = format!(r#"{{"type":"reading","values":{{"door":"{value}"}}}}"#);
            assert_eq!(shown(&record, &[]), format!("door {told}"), "{value}");
        }
        let names = r#"{"values":{"a  b":1,"":2},"units":{"a  b":"m  c 3"}}"#;
        assert_eq!(shown(names, &[]), r#""" 2  "a  b" 1 "m  c 3""#);
    }

    #[test]
    fn every_member_that_is_told_nowhere_else_is_shown() {
        let record = r#"{"type":"reading","seq":1,"values":{"t":4},"lat":52.1,"why":"x y"}"#;
        assert_eq!(shown(record, &[]), r#"t 4  lat = 52.1  why = "x y""#);
        assert_eq!(shown(record, &["t"]), "t 4");
        assert_eq!(shown(r#"{"type":"reading","values":[1,"a"]}"#, &[]), r#"values = [1,"a"]"#);
        let status = r#"{"type":"status","status":"gap","detail":{"bytes":3},"lat":1}"#;
        assert_eq!(shown(status, &[]), r#"[gap] {"bytes":3}  lat = 1"#);
    }
}
