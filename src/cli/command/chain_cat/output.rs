//! The forms in which entries are printed.

use std::collections::BTreeSet;

use super::{
    Args,
    names::Names,
    table::EntryTable,
    wide::{FieldsSeen, WideTable},
};
use crate::{
    cli::{
        csv::{self, CsvWriter},
        term::Term,
    },
    time::Time,
    tlog::entry::Entry,
};

/// Where entries go, in the form that was asked for.
pub(super) struct EntryOutput<'a> {
    form: EntryForm<'a>,
    /// Whether records stand alone, without number and arrival
    records: bool,
    fields: &'a [String],
    /// What was warned of, each once
    warned: BTreeSet<String>,
}

enum EntryForm<'a> {
    Json,
    Table(EntryTable<'a>),
    /// The fields that were seen, until the header is written
    Fields(FieldsSeen<'a>),
    Wide(WideTable),
    Long(CsvWriter),
}

impl<'a> EntryOutput<'a> {
    pub(super) fn new(args: &'a Args, size: u64, term: &Term) -> Self {
        let fields = &args.filter.fields[..];
        let form = match args.form.as_deref() {
            Some("csv") => EntryForm::Fields(FieldsSeen::of(fields)),
            Some(_) => EntryForm::Long(CsvWriter::new(term.human())),
            None if term.human() => EntryForm::Table(EntryTable::new(fields, !args.records, size, term)),
            None => EntryForm::Json,
        };
        Self { form, records: args.records, fields, warned: BTreeSet::new() }
    }

    /// Whether all entries are read before the first one is printed.
    pub(super) fn needs_fields(&self) -> bool {
        matches!(self.form, EntryForm::Fields(_))
    }

    pub(super) fn note_fields(&mut self, entry: &Entry) {
        if let EntryForm::Fields(seen) = &mut self.form {
            seen.note(&entry.record);
        }
    }

    /// Whether a reader is shown nothing by which the proofs of records could be checked.
    pub(super) fn is_without_proofs(&self) -> bool {
        !matches!(self.form, EntryForm::Json)
    }

    pub(super) fn shows_arrival(&self) -> bool {
        self.is_without_proofs()
    }

    /// Prints what stands before all entries.
    pub(super) fn begin(&mut self, term: &mut Term) -> anyhow::Result<()> {
        match std::mem::replace(&mut self.form, EntryForm::Json) {
            EntryForm::Fields(seen) => {
                let mut table = seen.table(term);
                term.text(&table.header())?;
                self.form = EntryForm::Wide(table);
            }
            EntryForm::Long(mut writer) => {
                term.text(&writer.row(csv::COLUMNS.into_iter()))?;
                self.form = EntryForm::Long(writer);
            }
            other => self.form = other,
        }
        Ok(())
    }

    /// Prints an entry that arrived then.
    pub(super) fn show(
        &mut self,
        entry: Entry,
        arrival: Time,
        names: &Names<'_, '_>,
        term: &mut Term,
    ) -> anyhow::Result<()> {
        match &mut self.form {
            EntryForm::Table(table) => {
                let row = table.row(&entry, arrival, names, term);
                term.text(&row)
            }
            EntryForm::Wide(table) => {
                let row = table.row(&entry, arrival, term);
                term.text(&row)
            }
            EntryForm::Long(writer) => term.text(&writer.rows(&entry, arrival, self.fields)),
            EntryForm::Json | EntryForm::Fields(_) => {
                term.data(&if self.records { entry.record } else { entry.into_object() })
            }
        }
    }

    /// Warns of what was not warned of before.
    pub(super) fn warn(&mut self, warnings: Vec<String>, term: &mut Term) {
        for warning in warnings {
            if !self.warned.contains(&warning) {
                term.warn(&warning);
                self.warned.insert(warning);
            }
        }
    }

    /// Says what is missing in what was printed.
    pub(super) fn end(&self, term: &mut Term) {
        match &self.form {
            EntryForm::Table(table) => table.end(term),
            EntryForm::Wide(table) => table.end(term),
            EntryForm::Long(writer) => writer.end(term),
            _ => {}
        }
    }
}
