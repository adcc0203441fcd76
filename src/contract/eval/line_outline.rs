//! Lines that are like one before but for numbers and times: what they say is copied from that one, and only what differs
//! is read.
//!
//! ```text
//! {"n":7,"received":"…","record":{"device":"probe",…"seq":17,…"time":"…",…"values":{"temperature":4.2}}}
//!      └ number      └ arrival                            └ seq       └ time               └ value of a field
//! ```
//!
//! A gateway's readings differ in no more. Whoever sends other lines in between loses nothing but this.

use std::sync::Arc;

use super::{
    LineFact,
    fact::{DeviceRecord, Fact, FactBody, RecordSource},
    findings::ContractFindingKind,
    sieve::Sieve,
};
use crate::{
    json::{outline::Outline, scan::integer},
    record::view::{ReadingValue, ReadingView},
    time::Time,
    tlog::{arrival::EntryTimes, entry_view::EntryView, layout::MAX_LINE},
};

/// How many outlines are kept: a gateway has few devices.
const KEPT: usize = 8;

/// How many lines must have fitted for each new outline, so that lines without order cost little more than their reading.
const WORTH: u32 = 16;

/// As many outlines are made at first, and after any number of lines that fitted.
const CREDIT: u32 = 16 * WORTH;

/// The outlines of the lines that one reader has met.
pub(super) struct LineOutlines {
    outlines: Vec<LineOutline>,
    /// The outline that is tried first: sources often take turns
    next: usize,
    /// The outline that the next new one replaces
    oldest: usize,
    /// How many more outlines are worth their making, times [`WORTH`]
    credit: u32,
}

/// A line, as an outline, and what it says.
struct LineOutline {
    outline: Outline<LinePlace>,
    record: DeviceRecord,
}

/// What stands at a place of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum LinePlace {
    /// The entry's number
    Number,
    /// When it was received
    Received,
    Seq,
    Up,
    Time,
    /// A number as the value of a cell, by its place among those of the reading, and its unit; `None`: it has none
    Value(usize, Option<Box<str>>),
    /// Nothing that a contract looks at where proofs are trusted
    Ignored,
}

impl LineOutlines {
    /// Of no line yet.
    pub(super) fn new() -> Self {
        Self { outlines: Vec::new(), next: 0, oldest: 0, credit: CREDIT }
    }

    /// Gives the facts to come sources of their own. Whoever counts references to those of the facts so far, on another
    /// thread, would have to wait for each other.
    pub(super) fn part_sources(&mut self) {
        for source in self.outlines.iter_mut().map(|outline| &mut outline.record.source) {
            *source = Arc::new(RecordSource::clone(source));
        }
    }

    /// What a line says; `None`: it is like none before.
    pub(super) fn fact(&mut self, line: &[u8], sieve: &Sieve<'_>) -> Option<LineFact> {
        let count = self.outlines.len();
        if line.len() > MAX_LINE {
            return None;
        }
        for at in (self.next..count).chain(0..self.next.min(count)) {
            if let Some(fact) = self.outlines[at].fact(line, sieve) {
                self.next = (at + 1) % count;
                self.credit = self.credit.saturating_add(1).min(CREDIT);
                return Some(fact);
            }
        }
        None
    }

    /// Keeps the outline of a line that was read.
    pub(super) fn learn(&mut self, line: &[u8], said: &LineFact, sieve: &Sieve<'_>) {
        let Some(credit) = self.credit.checked_sub(WORTH) else { return };
        let Some(outline) = LineOutline::of(line, said, sieve) else { return };
        self.credit = credit;
        if self.outlines.len() < KEPT {
            self.outlines.push(outline);
        } else {
            self.outlines[self.oldest] = outline;
            self.oldest = (self.oldest + 1) % KEPT;
        }
    }
}

impl LineOutline {
    /// Of a line; `None`: what another one says cannot be told by it.
    fn of(line: &[u8], said: &LineFact, sieve: &Sieve<'_>) -> Option<Self> {
        let Some(Fact(FactBody::Device(record))) = &said.fact else { return None };
        let is_plain = said.times.wall.is_none() && is_of_no_line_alone(record) && !sieve.corrects();
        let text = is_plain.then(|| str::from_utf8(line).ok())??;
        let entry = EntryView::of(line).ok()?;
        let exemplar = Exemplar { record, reading: entry.record.reading(), sieve };
        let outline = Outline::of(text, |names, value| exemplar.place(names, value))?;
        Some(Self { outline, record: DeviceRecord::clone(record) })
    }

    fn fact(&self, line: &[u8], sieve: &Sieve<'_>) -> Option<LineFact> {
        let (mut n, mut received, mut record) = (None, None, self.record.copied());
        self.outline.fit(line, |place, text| {
            match place {
                LinePlace::Number => n = Some(integer(text)?),
                LinePlace::Received => received = Some(Time::parse_bytes(text)?),
                LinePlace::Seq => record.seq = Some(integer(text)?),
                LinePlace::Up => record.up = Some(integer(text)?),
                LinePlace::Time => record.time = Some(Time::parse_bytes(text)?),
                LinePlace::Value(cell, unit) => {
                    let device = record.source.reading_of?;
                    let cell = record.cells.get_mut(*cell)?;
                    let value = ReadingValue::number(str::from_utf8(text).ok()?);
                    *cell = sieve.cell(device, cell.field(), &value, unit.as_deref());
                    // The name of the unit goes with this finding.
                    (cell.remark != Some(ContractFindingKind::Unit)).then_some(())?;
                }
                LinePlace::Ignored => {}
            }
            Some(())
        })?;
        let (n, times) = (n?, EntryTimes::plain(received?));
        Some(LineFact { n, times, fact: Some(Fact(FactBody::Device(record))) })
    }
}

/// Whether nothing in a record is of its own line alone. The members are named one by one, so that nobody adds one that is
/// copied from line to line without thinking of it.
fn is_of_no_line_alone(record: &DeviceRecord) -> bool {
    let DeviceRecord { extras, source: _, time: _, up: _, seq: _, cells: _, suspect: _ } = record;
    extras.is_none()
}

/// The line that an outline is made of.
struct Exemplar<'a> {
    record: &'a DeviceRecord,
    reading: ReadingView<'a>,
    sieve: &'a Sieve<'a>,
}

impl Exemplar<'_> {
    /// What stands where these names lead, if lines may differ in it. What is not as it should be may not.
    fn place(&self, names: &[&str], value: &str) -> Option<LinePlace> {
        match names {
            ["n"] => Some(LinePlace::Number),
            ["received"] => Some(LinePlace::Received),
            ["record", "seq"] => self.record.stream().map(|_| LinePlace::Seq),
            ["record", "up"] => self.record.uptime().map(|_| LinePlace::Up),
            ["record", "time"] => self.record.time.map(|_| LinePlace::Time),
            ["record", "values", name] if !value.starts_with('"') => self.value(name),
            ["record", "raw"] | ["record", "proof", "proofValue" | "created"] => Some(LinePlace::Ignored),
            _ => None,
        }
    }

    fn value(&self, name: &str) -> Option<LinePlace> {
        let mut fields = self.sieve.fields_of(self.record.source.reading_of?, name);
        let Some(field) = fields.next() else { return Some(LinePlace::Ignored) };
        let cell = self.record.cells.iter().position(|cell| cell.field() == field)?;
        let unit = self.reading.units.iter().find(|(unit_of, _)| *unit_of == name);
        // What two fields read from one name is left to the sieve.
        fields.next().is_none().then(|| LinePlace::Value(cell, unit.map(|(_, unit)| (*unit).into())))
    }
}

#[cfg(test)]
mod tests;
