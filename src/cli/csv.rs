//! CSV (RFC 4180): rows of cells, and entries with one row for each value, so that the columns are always the same.

use super::term::{Term, escape};
use crate::{
    json::{Object, Value},
    record::signed,
    time::Time,
    tlog::entry::Entry,
};

/// The columns of a table with one row for each value.
pub(crate) const COLUMNS: [&str; 8] = ["n", "received", "device", "time", "signer", "name", "value", "unit"];

/// Writes rows, and counts what it had to change in them.
#[derive(Default)]
pub(crate) struct CsvWriter {
    /// Whether rows go to a terminal, where what would steer it is escaped
    for_terminal: bool,
    guarded: u64,
    without_values: u64,
    nameless: u64,
}

impl CsvWriter {
    /// For a terminal, or for programs.
    pub(crate) fn new(for_terminal: bool) -> Self {
        Self { for_terminal, ..Self::default() }
    }

    /// A row of cells.
    pub(crate) fn row<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> String {
        let cells: Vec<String> = cells.map(|text| self.cell(text)).collect();
        cells.join(",") + "\r\n"
    }

    /// The rows of an entry that arrived then, one for each value, or for each of these fields where some are named.
    pub(crate) fn rows(&mut self, entry: &Entry, arrival: Time, only: &[String]) -> String {
        let Some(values) = self.values(&entry.record) else { return String::new() };
        let units = entry.record.get("units").and_then(Value::as_object);
        let fixed = first_cells(entry, arrival);
        let mut rows = String::new();
        let wanted = |name: &str| only.is_empty() || only.iter().any(|field| field == name);
        for (name, value) in values.iter().filter(|(name, _)| wanted(name)) {
            let unit = units.and_then(|units: &Object| units.str(name)).unwrap_or_default();
            let value = plain(value);
            let cells = fixed.iter().map(String::as_str).chain([name, &value, unit]);
            rows.push_str(&self.row(cells));
        }
        rows
    }

    /// The values of a record by their names; `None`: it has none, and is counted as such.
    pub(crate) fn values<'a>(&mut self, record: &'a Object) -> Option<&'a Object> {
        match record.get("values") {
            Some(Value::Object(values)) if !values.is_empty() => return Some(values),
            None | Some(Value::Object(_) | Value::Null) => self.without_values += 1,
            Some(_) => self.nameless += 1,
        }
        None
    }

    /// Says what is missing in the rows, and warns of what is otherwise than in the records.
    pub(crate) fn end(&self, term: &mut Term) {
        let counted = |count, of: &str, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}, {of}")),
            count => Some(format!("{count} {many}, {of}")),
        };
        let without =
            counted(self.without_values, "and so no row", "entry has no values", "entries have no values");
        let nameless = "values that are no JSON object, so without names";
        let nameless = counted(
            self.nameless,
            "and so no row",
            &format!("entry has {nameless}"),
            &format!("entries have {nameless}"),
        );
        without.into_iter().chain(nameless).for_each(|missing| term.say(missing));
        let why = "lest a spreadsheet compute what it says; --json has what is in the record";
        let guarded =
            counted(self.guarded, why, "cell begins with an added '", "cells begin with an added '");
        if let Some(changed) = guarded {
            term.warn(changed);
        }
    }

    /// A text as a cell, in quotes where it needs them. One that a spreadsheet would take for a formula gets a quote mark
    /// in front, since it may come from a device.
    fn cell(&mut self, text: &str) -> String {
        let text = if self.for_terminal { escape(text) } else { text.to_owned() };
        let runs = is_formula(&text);
        self.guarded += u64::from(runs);
        let cell = if runs { format!("'{text}") } else { text };
        if cell.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    }
}

/// The cells before those of the values: n, received, device, time, signer.
pub(crate) fn first_cells(entry: &Entry, arrival: Time) -> [String; 5] {
    let said = |name| entry.record.str(name).unwrap_or_default().to_owned();
    let signers = signed::claimants(&entry.record).unwrap_or_default();
    let signers: Vec<String> = signers.iter().map(ToString::to_string).collect();
    [entry.n.to_string(), arrival.to_string(), said("device"), said("time"), signers.join(" ")]
}

/// A value as a cell has it: text without quotes, nothing for null, all else as JSON.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Whether a spreadsheet would compute a text. Behind a sign there must be something to compute: a number is one, and
/// neither a dash nor a telephone number can do harm.
fn is_formula(text: &str) -> bool {
    let can_do_harm = |c: char| !(c.is_ascii_digit() || " +-.,/:".contains(c));
    match text.chars().next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => text[1..].contains(can_do_harm) && text.parse::<f64>().is_err(),
        _ => false,
    }
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
        let mut writer = CsvWriter::new(false);
        let rows = writer.rows(&entry, Time::EPOCH, &[]);
        let lines: Vec<_> = rows.split_terminator("\r\n").collect();
        assert_eq!(lines[0], "7,1970-01-01T00:00:00.000Z,\"a,b\",,,none,,");
        assert!(lines[1].ends_with(",q,\"\"\"x\"\"\","));
        assert!(lines[2].ends_with(",say,'=1+1,"));
        assert!(lines[3].ends_with(",t,-4.2,Cel"));
        assert_eq!(writer.guarded, 1);
    }

    #[test]
    fn what_no_spreadsheet_computes_stands_as_it_is() {
        for text in ["-", "--", "+49 30", "-4.2", "-1e-7", "+49-30/12", "", "a=b", "'", "-inf", "1+1"] {
            assert!(!is_formula(text), "{text}");
        }
        for text in ["=1+1", "@SUM(A1)", "\t=1", "\r=1", "+A1", "-2+cmd|' /C calc'!A0", "-(1)", "+\"a\""] {
            assert!(is_formula(text), "{text}");
        }
    }
}
