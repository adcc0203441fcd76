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
        csv::{CsvWriter, first_cells, plain},
        term::Term,
    },
    json::{Object, Value},
    time::Time,
    tlog::entry::Entry,
};

/// The columns before those of the fields.
const FIXED: [&str; 5] = ["n", "received", "device", "time", "signer"];

/// What tells the name of a field from that of another column.
const PREFIX: &str = "values.";

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
    writer: CsvWriter,
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
        let mut columns: Vec<FieldColumn> = Vec::new();
        for field in self.names() {
            let seen = self.0.remove(&field).unwrap_or_default();
            if seen.has_numbers && seen.has_others {
                term.warn(format!("{field:?}: its column has numbers and other values"));
            }
            if seen.units.len() > 1 {
                let units: Vec<String> = seen.units.iter().map(|unit| format!("{unit:?}")).collect();
                term.warn(format!("{field:?}: in units {}: each has a column", units.join(", ")));
            }
            let more = FieldColumn::of(&field, &seen.units, &columns);
            columns.extend(more);
        }
        warn_of_case(&columns, term);
        let writer = CsvWriter::new(term.human());
        WideTable { columns, are_chosen: !self.1.is_empty(), left_out: BTreeSet::new(), writer }
    }

    /// The fields that have columns, each once.
    fn names(&self) -> Vec<String> {
        if self.1.is_empty() {
            return self.0.keys().cloned().collect();
        }
        let mut named = BTreeSet::new();
        self.1.iter().filter(|name| named.insert(*name)).cloned().collect()
    }
}

impl FieldColumn {
    /// The columns of a field: one for each unit, and one without where no value was seen. Its name is told from those of
    /// other columns, and from names that were made so.
    fn of(field: &str, units: &BTreeSet<String>, others: &[Self]) -> Vec<Self> {
        let is_fixed = FIXED.iter().any(|fixed| fixed.eq_ignore_ascii_case(field));
        let is_taken = field.is_empty() || field.starts_with(PREFIX) || is_fixed;
        let mut name = if is_taken { format!("{PREFIX}{field}") } else { field.to_owned() };
        loop {
            let columns = Self::called(&name, field, units);
            if !columns.iter().any(|column| others.iter().any(|other| other.header == column.header)) {
                return columns;
            }
            name.insert_str(0, PREFIX);
        }
    }

    fn called(name: &str, field: &str, units: &BTreeSet<String>) -> Vec<Self> {
        let column = |unit: Option<&String>| {
            let shown = unit.filter(|unit| units.len() > 1 && !unit.is_empty());
            let header = shown.map_or_else(|| name.to_owned(), |unit| format!("{name} [{unit}]"));
            Self { field: field.to_owned(), unit: unit.cloned(), header }
        };
        if units.is_empty() { vec![column(None)] } else { units.iter().map(Some).map(column).collect() }
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
    pub(super) fn header(&mut self) -> String {
        let fields = self.columns.iter().map(|column| column.header.as_str());
        self.writer.row(FIXED.into_iter().chain(fields))
    }

    /// The row of an entry that arrived then; none if it has no values.
    pub(super) fn row(&mut self, entry: &Entry, arrival: Time, term: &mut Term) -> String {
        if self.writer.values(&entry.record).is_none() {
            return String::new();
        }
        let mut cells = vec![String::new(); self.columns.len()];
        for (field, value, unit) in values(&entry.record) {
            match self.column(field, unit) {
                Some(at) => cells[at] = plain(value),
                None => self.leave_out(entry.n, field, unit, term),
            }
        }
        let fixed = first_cells(entry, arrival);
        self.writer.row(fixed.iter().chain(&cells).map(String::as_str))
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

    /// Tells what is missing in the table, or otherwise than in the records.
    pub(super) fn end(&self, term: &mut Term) {
        self.writer.end(term);
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
