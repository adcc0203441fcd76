//! What is known of a field at an instant, from the whole list of records.

use std::cmp::Reverse;

use super::{
    course::FieldValues,
    facts::{Cell, Fate, SimpleRecord, SimpleRules, fates},
};

/// The readings that count, and what is known from them.
pub(super) struct Known<'a> {
    /// With their times
    pub(super) counting: Vec<(&'a SimpleRecord, i64)>,
    fields: [KnownField; 2],
    /// What leaves open how many readings there are
    uncounted: Vec<SimpleHole>,
    hold: i64,
}

/// A record that is absent, or does not count.
#[derive(Clone, Copy, Debug)]
struct SimpleHole {
    start: i64,
    /// Its number: what has a higher one ends it; `None`: what is said later does, behind `deaf_until`
    seq: Option<u64>,
    deaf_until: i64,
}

/// A number in a stream, if there is one, and a value; `None`: nothing is known.
type Said = Option<(Option<u64>, i64)>;

/// What is said of a field.
struct KnownField {
    /// Instants at which something is said, and what stands from then on: its number and value; `None`: nothing is known
    said: Vec<(i64, Said)>,
    holes: Vec<SimpleHole>,
}

impl<'a> Known<'a> {
    pub(super) fn new(records: &'a [SimpleRecord], rules: &SimpleRules) -> Self {
        let all: Vec<_> = records.iter().zip(fates(records, rules)).collect();
        let counting = all.iter().filter_map(|(record, fate)| match fate {
            Fate::Counts(time) if record.cells.is_some() => Some((*record, *time)),
            _ => None,
        });
        let fields = [0, 1].map(|field| {
            let unnumbered = all.iter().filter(|fated| is_refused(fated, &all, field));
            let numbered = holes(&all, |record| cell(record, field) == Cell::Spoilt).into_iter();
            let holes = numbered.chain(unnumbered.filter_map(unnumbered_hole));
            KnownField { said: said(&all, field), holes: holes.chain(untimed(&all)).collect() }
        });
        let numbered = holes(&all, is_spoilt).into_iter().chain(all.iter().filter_map(spoilt_hole));
        // What would not have been about the period if it had counted is none of its readings.
        let is_elsewhere =
            |(_, fate): &FatedRecord| matches!(fate, Fate::Refused(Some(at)) if *at < rules.near());
        let unnumbered = all.iter().filter(|fated| is_uncounted(fated, &all) && !is_elsewhere(fated));
        let uncounted = numbered.chain(unnumbered.filter_map(unnumbered_hole));
        let uncounted = uncounted.chain(untimed(&all)).collect();
        Self { counting: counting.collect(), fields, uncounted, hold: rules.hold }
    }

    /// The values of both fields, in twentieths; `None`: it is unknown.
    pub(super) fn values(&self, now: i64) -> FieldValues {
        self.values_but_for(now, |_| false)
    }

    /// The same, but that what is numbered and begins to be absent at that instant does not hide it yet.
    pub(super) fn said(&self, now: i64) -> FieldValues {
        self.values_but_for(now, |hole| hole.start == now && hole.seq.is_some())
    }

    fn values_but_for(&self, now: i64, is_left_out: impl Fn(&SimpleHole) -> bool) -> FieldValues {
        [0, 1].map(|field| {
            let KnownField { said, holes } = &self.fields[field];
            let (time, standing) =
                said.iter().filter(|(time, _)| *time <= now).max_by_key(|(time, _)| *time)?;
            let is_hidden = holes.iter().any(|hole| !is_left_out(hole) && hole.hides(now, said));
            let (_, value) = standing.filter(|_| now < time + self.hold && !is_hidden)?;
            Some(value * 2)
        })
    }

    /// Whether that is so of the field some time between two instants, in half seconds.
    pub(super) fn is_doubtful(&self, field: usize, from: i64, to: i64) -> bool {
        (from..to).step_by(500).any(|now| self.is_hidden(field, now))
    }

    /// Whether a record is missing, or does not count, and the field has not been heard since.
    fn is_hidden(&self, field: usize, now: i64) -> bool {
        let KnownField { said, holes } = &self.fields[field];
        holes.iter().any(|hole| hole.hides(now, said))
    }

    /// Whether a record is missing, or does not count, and nothing has been heard since.
    pub(super) fn is_uncounted(&self, now: i64) -> bool {
        let said = [&self.fields[0].said[..], &self.fields[1].said].concat();
        self.uncounted.iter().any(|hole| hole.hides(now, &said))
    }

    /// Each instant at which a field has a value, and that value in tenths, one after the other.
    pub(super) fn course(&self, field: usize) -> Vec<(i64, i64)> {
        let said = self.fields[field].said.iter();
        let mut values: Vec<_> = said.filter_map(|(time, standing)| Some((*time, (*standing)?.1))).collect();
        values.sort_unstable();
        values.dedup();
        values
    }
}

impl SimpleHole {
    fn hides(&self, now: i64, said: &[(i64, Said)]) -> bool {
        let ends = |(time, standing): &(i64, Said)| {
            let is_behind =
                |seq: Option<u64>| self.seq.map_or(*time > self.deaf_until, |own| seq >= Some(own));
            (self.start..=now).contains(time) && standing.is_some_and(|(seq, _)| is_behind(seq))
        };
        self.start <= now && !said.iter().any(ends)
    }
}

type FatedRecord<'a> = (&'a SimpleRecord, Fate);

/// Each instant at which something is said of a field, and what stands: of numbered values the last, else the lowest entry.
fn said(all: &[FatedRecord], field: usize) -> Vec<(i64, Said)> {
    let time = |(record, fate): &FatedRecord| match fate {
        Fate::Counts(time) => Some(*time).filter(|_| cell(record, field) != Cell::Absent),
        // From a reading without number that does not count on nothing is known.
        Fate::Refused(time) => time.filter(|_| record.seq.is_none() && record.cells.is_some()),
        Fate::Nothing => None,
    };
    let standing = |at: i64| {
        let counts = all
            .iter()
            .filter(|(record, fate)| *fate == Fate::Counts(at) && cell(record, field) != Cell::Absent);
        let (last, _) = counts.min_by_key(|(record, _)| (record.seq.map(Reverse), record.n))?;
        match cell(last, field) {
            Cell::Tenths(value) => Some((last.seq, value)),
            Cell::Absent | Cell::Null | Cell::Spoilt => None,
        }
    };
    all.iter().filter_map(time).map(|at| (at, standing(at))).collect()
}

/// The holes of the stream, and when each begins: at the last record below it that counts, and where what is asked for cannot be
/// used, at the last one below of which that is not so. A record that is there twice and was dated in two ways counts for
/// the earlier time: that leaves more unknown.
fn holes(all: &[FatedRecord], is_spoilt: impl Fn(&SimpleRecord) -> bool) -> Vec<SimpleHole> {
    let there = all.iter().filter(|(_, fate)| *fate != Fate::Nothing);
    let highest = there.filter_map(|(record, _)| record.seq).max().unwrap_or(0);
    let counts = |seq: u64, wants_value: bool| {
        let times = all.iter().filter_map(|(record, fate)| match fate {
            Fate::Counts(time) if record.seq == Some(seq) => {
                Some(*time).filter(|_| !wants_value || !is_spoilt(record))
            }
            _ => None,
        });
        times.min()
    };
    let holes = (0..=highest).filter(|seq| counts(*seq, true).is_none());
    let start = |hole: u64| {
        let is_spoilt = counts(hole, false).is_some();
        (0..hole).rev().find_map(|seq| counts(seq, is_spoilt))
    };
    let numbered = |hole| {
        let start = start(hole)?;
        Some(SimpleHole { start, seq: Some(hole), deaf_until: start })
    };
    holes.filter_map(numbered).collect()
}

/// A numbered reading that says nothing but what cannot be used leaves open how many there were also where no number below it is
/// known.
fn spoilt_hole((record, fate): &FatedRecord) -> Option<SimpleHole> {
    let Fate::Counts(start) = *fate else { return None };
    let seq = record.seq.filter(|_| is_spoilt(record))?;
    Some(SimpleHole { start, seq: Some(seq), deaf_until: start })
}

fn unnumbered_hole((record, fate): &FatedRecord) -> Option<SimpleHole> {
    let (Fate::Counts(start) | Fate::Refused(Some(start))) = *fate else { return None };
    record.cells.filter(|_| record.seq.is_none()).map(|_| SimpleHole { start, seq: None, deaf_until: start })
}

/// Readings of which nobody knows when they were measured, each once: unknown from the last value before they arrived on.
fn untimed(all: &[FatedRecord]) -> Vec<SimpleHole> {
    let is_untimed = |(record, fate): &FatedRecord| {
        *fate == Fate::Refused(None) && record.seq.is_none() && record.cells.is_some()
    };
    let hole = |(record, _): &FatedRecord| {
        let said = all.iter().filter_map(|(it, fate)| match fate {
            Fate::Counts(time) if says_something(it) => Some(*time).filter(|time| *time < record.received),
            _ => None,
        });
        SimpleHole { start: said.max().unwrap_or(i64::MIN), seq: None, deaf_until: record.received }
    };
    let is_first = |fated: &&FatedRecord| {
        let is_copy =
            |(it, _): &FatedRecord| it.n < fated.0.n && (it.up, it.cells) == (fated.0.up, fated.0.cells);
        !all.iter().any(|other| is_untimed(other) && is_copy(other))
    };
    all.iter().filter(|fated| is_untimed(fated)).filter(is_first).map(hole).collect()
}

fn says_something(record: &SimpleRecord) -> bool {
    [0, 1].iter().any(|field| matches!(cell(record, *field), Cell::Tenths(_)))
}

/// Whether a record says nothing but what cannot be used.
fn is_spoilt(record: &SimpleRecord) -> bool {
    [0, 1].iter().any(|field| cell(record, *field) == Cell::Spoilt) && !says_something(record)
}

/// Whether a reading says nothing of a field that counts, and no other one does for the same instant.
fn is_refused((_, fate): &FatedRecord, all: &[FatedRecord], field: usize) -> bool {
    let (Fate::Counts(at) | Fate::Refused(Some(at))) = *fate else { return false };
    let said = all.iter().filter(|(it, fate)| *fate == Fate::Counts(at) && cell(it, field) != Cell::Absent);
    let standing = said.min_by_key(|(it, _)| it.n).map(|(it, _)| cell(it, field));
    standing == Some(Cell::Spoilt) || standing.is_none() && matches!(fate, Fate::Refused(_))
}

/// Whether a reading may have been a further one: it counts and says nothing but what cannot be used, or it does not count and
/// stands beside none that says something.
fn is_uncounted((record, fate): &FatedRecord, all: &[FatedRecord]) -> bool {
    match fate {
        Fate::Counts(_) => is_spoilt(record),
        Fate::Refused(Some(at)) => {
            !all.iter().any(|(it, fate)| *fate == Fate::Counts(*at) && says_something(it))
        }
        Fate::Refused(None) | Fate::Nothing => false,
    }
}

pub(super) fn cell(record: &SimpleRecord, field: usize) -> Cell {
    record.cells.map_or(Cell::Absent, |cells| cells[field])
}
