//! Entries as a table for people: number, local time of arrival, who, what.

use super::{broken::BrokenRules, names::Names};
use crate::{
    cli::{
        record_text,
        term::{Term, escape, width},
    },
    explain::{self, Asked},
    json::Object,
    record::registry,
    time::{Time, TimeStyle, Zone},
    tlog::entry::Entry,
};

/// Who may be this wide before the columns behind are pushed aside.
const WHO: usize = 24;

/// A table that is written row by row.
pub(super) struct EntryTable<'a> {
    zone: Zone,
    /// Of whose readings only these are shown; all where none is named
    fields: &'a [String],
    /// Whether rows begin with the number of the entry and when it arrived, and not with the time of the record
    numbered: bool,
    /// How wide a line may be; `None`: nothing is cut
    columns: Option<usize>,
    number: usize,
    who: usize,
    has_head: bool,
    /// Which entries break the registry's rules
    rules: BrokenRules,
    /// Whether something was cut
    has_cut: bool,
}

impl<'a> EntryTable<'a> {
    pub(super) fn new(fields: &'a [String], numbered: bool, size: u64, term: &Term) -> Self {
        let number = size.saturating_sub(1).to_string().len().max(2);
        let (zone, columns) = (term.zone(), term.columns());
        let rules = BrokenRules::default();
        Self { zone, fields, numbered, columns, number, who: 6, has_head: false, rules, has_cut: false }
    }

    /// The row of an entry that arrived then, and before the first one the head.
    pub(super) fn row(&mut self, entry: &Entry, arrival: Time, names: &Names<'_, '_>, term: &Term) -> String {
        let who = names.who(&entry.record);
        self.who = self.who.max(width::width(&who).min(WHO));
        let head = if self.has_head { String::new() } else { self.line("n", "time", "who", "what") };
        self.has_head = true;
        let time = if self.numbered {
            self.zone.show(arrival)
        } else {
            let time = entry.record.str("time").and_then(Time::parse);
            time.map_or_else(|| "(no time)".to_owned(), |time| self.zone.show(time))
        };
        let mut before = self.line(&entry.n.to_string(), &time, &who, "");
        before.truncate(before.trim_end_matches('\n').len());
        let place = self.columns.map(|columns| columns.saturating_sub(width::width(&before)).max(20));
        let void = self.rules.broken_by(entry, names.checked()).map(|why| escape(&why));
        let parts: Vec<String> = void.into_iter().chain(self.what(&entry.record, arrival, names)).collect();
        let parts: Vec<String> = parts.iter().map(|part| term.told(part)).collect();
        let (what, is_cut) = width::fitted(&parts, place);
        self.has_cut |= is_cut;
        format!("{head}{before}{what}\n")
    }

    /// Says what is missing in what was printed.
    pub(super) fn end(&self, term: &mut Term) {
        if self.has_cut {
            term.say("lines are cut to the width of the terminal; --json shows all");
        }
        if matches!(self.rules, BrokenRules::TooFar) {
            term.say("whether entries so far from the first break the registry's rules is told by foil verify alone");
        }
    }

    fn line(&self, n: &str, time: &str, who: &str, what: &str) -> String {
        let time = width::padded(time, 26);
        let who = width::padded(who, self.who);
        let number =
            if self.numbered { format!("{n:>number$}  ", number = self.number) } else { String::new() };
        format!("{number}{time}  {who}  {what}\n")
    }

    /// What an entry says, part by part.
    fn what(&self, record: &Object, arrival: Time, names: &Names<'_, '_>) -> Vec<String> {
        if matches!(record.str("type"), Some("reading" | "status")) {
            return record_text::parts(record, self.fields);
        }
        let times = TimeStyle::Local(self.zone.clone());
        let mut asked = Asked::new(arrival, names.registry()).with_times(times).in_brief();
        let told = explain::record(record, &mut asked);
        let mut says = told.fault.into_iter().chain(told.says);
        let first = format!("{}: {}", told.kind, says.next().unwrap_or_default());
        let is_event = registry::is_event(&told.kind);
        let parts = match told.is_known {
            true if is_event => [first].into_iter().chain(says).collect(),
            true => vec![first],
            // Of a type that means nothing here its members say more.
            false => [told.kind].into_iter().chain(says).collect(),
        };
        parts.iter().map(|part| escape(part)).collect()
    }
}
