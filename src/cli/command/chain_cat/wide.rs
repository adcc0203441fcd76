//! Entries as CSV (RFC 4180), a row for each reading and a column for each field, as programs for tables want it.
//!
//! ```text
//! n,received,device,time,signer,humidity,temperature
//! 7,2026-03-01T06:00:01.204Z,cold-room,2026-03-01T06:00:00.000Z,did:key:z6Mk…,61,4.2
//! ```
//!
//! The entries are read twice: first for the columns, which are in the order of their names, then for the rows. A field
//! in several units has a column for each, so that degrees of two kinds are never one column of numbers.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    cli::{
        csv::{self, plain},
        term::Term,
    },
    json::{Object, Value},
    record::signed,
    time::Time,
    tlog::entry::Entry,
};

/// The columns before those of the fields.
const FIXED: [&str; 5] = ["n", "received", "device", "time", "signer"];

/// The fields that entries have, and what was seen of each.
#[derive(Default)]
pub(super) struct FieldsSeen<'a>(BTreeMap<String, FieldUse>, &'a [String]);

#[derive(Default)]
struct FieldUse {
    units: BTreeSet<String>,
    has_numbers: bool,
    has_others: bool,
}

/// A table whose columns are known.
pub(super) struct WideTable {
    columns: Vec<FieldColumn>,
    /// Whether the fields were asked for by name
    are_chosen: bool,
    /// What had no column, as it was told of once
    left_out: BTreeSet<String>,
    /// How many entries had no values
    without_values: u64,
}

struct FieldColumn {
    field: String,
    /// The unit of all its values, empty where they have none; `None`: that of the first one
    unit: Option<String>,
    header: String,
}

impl<'a> FieldsSeen<'a> {
    /// Of these fields, or of all where none is named.
    pub(super) fn of(wanted: &'a [String]) -> Self {
        Self(BTreeMap::new(), wanted)
    }

    pub(super) fn note(&mut self, record: &Object) {
        for (field, value, unit) in values(record) {
            if self.1.is_empty() || self.1.iter().any(|wanted| wanted == field) {
                let seen = self.0.entry(field.to_owned()).or_default();
                seen.units.insert(unit.to_owned());
                seen.has_numbers |= matches!(value, Value::Number(_));
                seen.has_others |= !matches!(value, Value::Number(_) | Value::Null);
            }
        }
    }

    /// The table, and warnings about what misleads in it. Of the wanted fields each has a column, in the order asked for.
    pub(super) fn table(mut self, term: &mut Term) -> WideTable {
        let names: Vec<String> =
            if self.1.is_empty() { self.0.keys().cloned().collect() } else { self.1.to_vec() };
        let mut columns: Vec<FieldColumn> = Vec::new();
        for field in names {
            let seen = self.0.remove(&field).unwrap_or_default();
            if seen.has_numbers && seen.has_others {
                term.warn(format!("{field:?}: its column has numbers and other values"));
            }
            if seen.units.len() > 1 {
                let units: Vec<String> = seen.units.iter().map(|unit| format!("{unit:?}")).collect();
                term.warn(format!("{field:?}: in units {}: each has a column", units.join(", ")));
            }
            columns.extend(FieldColumn::of(field, seen.units));
        }
        warn_of_case(&columns, term);
        WideTable { columns, are_chosen: !self.1.is_empty(), left_out: BTreeSet::new(), without_values: 0 }
    }
}

impl FieldColumn {
    /// The columns of a field: one for each unit, and one without where no value was seen.
    fn of(field: String, units: BTreeSet<String>) -> Vec<Self> {
        let is_taken = field.is_empty() || FIXED.iter().any(|fixed| fixed.eq_ignore_ascii_case(&field));
        let name = if is_taken { format!("values.{field}") } else { field.clone() };
        if units.is_empty() {
            return vec![Self { field, unit: None, header: name }];
        }
        let several = units.len() > 1;
        let column = |unit: String| {
            let header = if several && !unit.is_empty() { format!("{name} [{unit}]") } else { name.clone() };
            Self { field: field.clone(), unit: Some(unit), header }
        };
        units.into_iter().map(column).collect()
    }
}

fn warn_of_case(columns: &[FieldColumn], term: &mut Term) {
    let mut alike: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for column in columns {
        alike.entry(column.header.to_lowercase()).or_default().push(&column.header);
    }
    for names in alike.into_values().filter(|names| names.len() > 1) {
        let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
        term.warn(format!(
            "{}: differ in capitals only, which databases such as DuckDB take for one column",
            names.join(", ")
        ));
    }
}

impl WideTable {
    /// The first row.
    pub(super) fn header(&self, for_terminal: bool) -> String {
        let fields = self.columns.iter().map(|column| column.header.as_str());
        csv::row(FIXED.into_iter().chain(fields), for_terminal)
    }

    /// The row of an entry that arrived then; none if it has no values.
    pub(super) fn row(&mut self, entry: &Entry, arrival: Time, term: &mut Term) -> String {
        let record = &entry.record;
        let mut cells = vec![String::new(); self.columns.len()];
        let mut has_values = false;
        for (field, value, unit) in values(record) {
            has_values = true;
            match self.column(field, unit) {
                Some(at) => cells[at] = plain(value),
                None => self.leave_out(entry.n, field, unit, term),
            }
        }
        if !has_values {
            self.without_values += 1;
            return String::new();
        }
        let said = |name| record.str(name).unwrap_or_default().to_owned();
        let signers = signed::claimants(record).unwrap_or_default();
        let signers: Vec<String> = signers.iter().map(ToString::to_string).collect();
        let fixed =
            [entry.n.to_string(), arrival.to_string(), said("device"), said("time"), signers.join(" ")];
        csv::row(fixed.iter().chain(&cells).map(String::as_str), term.human())
    }

    /// Which column a value goes into; none if it came with a field or unit that the header does not know.
    fn column(&mut self, field: &str, unit: &str) -> Option<usize> {
        let is_it = |column: &FieldColumn| {
            column.field == field && column.unit.as_deref().is_none_or(|known| known == unit)
        };
        let at = self.columns.iter().position(is_it)?;
        self.columns[at].unit.get_or_insert_with(|| unit.to_owned());
        Some(at)
    }

    /// Tells once what the header, which stands already, has no column for. Of fields that were not asked for nothing is
    /// missing.
    fn leave_out(&mut self, n: u64, field: &str, unit: &str, term: &mut Term) {
        let is_asked = !self.are_chosen || self.columns.iter().any(|column| column.field == field);
        let what = if unit.is_empty() { format!("{field:?}") } else { format!("{field:?} in {unit:?}") };
        if is_asked && !self.left_out.contains(&what) {
            term.warn(format!(
                "entry {n}: {what} came behind the header, so it has no column and is left out from here on"
            ));
            self.left_out.insert(what);
        }
    }

    /// How many entries had no values, and so no row.
    pub(super) fn without_values(&self) -> u64 {
        self.without_values
    }
}

/// The values of a record with their units, which are empty where they have none.
fn values(record: &Object) -> impl Iterator<Item = (&str, &Value, &str)> {
    let table = |name| record.get(name).and_then(Value::as_object);
    let units = table("units");
    let values = table("values").into_iter().flat_map(Object::iter);
    values
        .map(move |(name, value)| (name, value, units.and_then(|units| units.str(name)).unwrap_or_default()))
}
