//! Which records count, and for which time. Times are in milliseconds from the beginning of the period.

/// A record as it is in the ledger.
#[derive(Clone, Debug)]
pub(super) struct SimpleRecord {
    pub(super) n: u64,
    pub(super) received: i64,
    /// `None`: it says null
    pub(super) time: Option<i64>,
    pub(super) unsynced: bool,
    /// How long its machine was up; all are of one run. `None`: it does not say
    pub(super) up: Option<i64>,
    pub(super) seq: Option<u64>,
    /// `None`: a `clock` status
    pub(super) cells: Option<[Cell; 2]>,
}

/// What a reading says of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Absent,
    Null,
    /// Outside of `valid`
    Spoilt,
    Tenths(i64),
}

/// The rules of `[time]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct SimpleRules {
    pub(super) hold: i64,
    pub(super) late_after: i64,
    pub(super) rejects_late: bool,
    pub(super) future_skew: i64,
    pub(super) rejects_unsynced: bool,
    pub(super) to: i64,
    pub(super) as_of: i64,
}

impl SimpleRules {
    /// The first instant, before the minute that is judged, whose value could speak in it.
    pub(super) fn near(&self) -> i64 {
        self.to - 60_000 - self.hold
    }
}

/// What becomes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It does not exist
    Nothing,
    /// It counts for this time
    Counts(i64),
    /// It does not count; the time that it would have been for, if that is known
    Refused(Option<i64>),
}

pub(super) fn fates(records: &[SimpleRecord], rules: &SimpleRules) -> Vec<Fate> {
    records.iter().map(|record| fate(record, records, rules)).collect()
}

fn exists(record: &SimpleRecord, rules: &SimpleRules) -> bool {
    record.received <= rules.as_of && record.received < rules.to + rules.late_after
}

fn fate(record: &SimpleRecord, records: &[SimpleRecord], rules: &SimpleRules) -> Fate {
    if !exists(record, rules) {
        return Fate::Nothing;
    }
    if records.iter().any(|other| is_copy(record, other) && is_dated_and_counts(other, records, rules)) {
        return Fate::Nothing;
    }
    let Some((time, heard)) = dated(record, records, rules) else { return Fate::Refused(record.time) };
    if time - heard > rules.future_skew || rules.rejects_late && record.received - time > rules.late_after {
        return Fate::Refused(Some(time));
    }
    Fate::Counts(time)
}

/// Whether one is the same record as an earlier one of which nothing says beforehand when it was made.
fn is_copy(record: &SimpleRecord, of: &SimpleRecord) -> bool {
    let said = |it: &SimpleRecord| (it.time, it.unsynced, it.up, it.seq, it.cells);
    let is_undated = record.unsynced || record.time.is_none();
    is_undated && record.cells.is_some() && record.up.is_some() && of.n < record.n && said(of) == said(record)
}

fn is_dated_and_counts(record: &SimpleRecord, records: &[SimpleRecord], rules: &SimpleRules) -> bool {
    let is_clock = |other: &SimpleRecord| other.n > record.n && other.cells.is_none() && exists(other, rules);
    records.iter().any(is_clock) && matches!(fate(record, records, rules), Fate::Counts(_))
}

/// The time of a record, and when that was heard of.
fn dated(record: &SimpleRecord, records: &[SimpleRecord], rules: &SimpleRules) -> Option<(i64, i64)> {
    if let (Some(time), false) = (record.time, record.unsynced) {
        return Some((time, record.received));
    }
    let is_clock =
        |other: &&SimpleRecord| other.n > record.n && other.cells.is_none() && exists(other, rules);
    if let (Some(up), Some(clock)) = (record.up, records.iter().find(is_clock)) {
        return Some((clock.time? - (clock.up? - up), clock.received));
    }
    let claimed = record.time.filter(|_| !rules.rejects_unsynced)?;
    Some((claimed, record.received))
}
