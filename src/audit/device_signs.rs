//! What a ledger has heard of a device: its last reading, and what its source said of itself since then.

use crate::{
    json::{Object, Value},
    record::reading::SourceStatus,
    time::Time,
};

/// What a ledger has of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSigns {
    /// When the first entry that names it arrived
    pub first: Time,
    /// When the last one did
    pub last: Time,
    /// When its last reading arrived that has a value; `None`: there is none
    pub reading: Option<Time>,
    /// Since when its readings have no value; `None`: the last one has
    pub blank: Option<Time>,
    /// What its source said of itself since then, last; `None`: nothing
    pub status: Option<LastStatus>,
    /// What the run of its reader before said last of the line, where one has begun since; `None`: none has
    run_before: Option<LastStatus>,
}

/// What a source said of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastStatus {
    /// What
    pub status: SourceStatus,
    /// When that arrived first, of several in a row
    pub since: Time,
    /// When it arrived last
    pub last: Time,
}

impl DeviceSigns {
    /// A device that an entry names for the first time.
    pub(super) fn named(arrival: Time) -> Self {
        Self { first: arrival, last: arrival, reading: None, blank: None, status: None, run_before: None }
    }

    /// Another entry names it.
    pub(super) fn take(&mut self, record: &Object, arrival: Time) {
        self.last = arrival;
        match record.str("type") {
            Some("reading") if has_value(record) => self.read(arrival),
            Some("reading") => self.read_nothing(arrival),
            Some("status") => {
                let status = record.str("status").and_then(SourceStatus::parse);
                if let Some(status) = status.filter(|status| !ended_by_itself(*status, record)) {
                    self.says(status, arrival);
                }
            }
            _ => {}
        }
    }

    /// Another reading.
    fn read(&mut self, arrival: Time) {
        (self.reading, self.blank, self.status, self.run_before) = (Some(arrival), None, None, None);
        self.last = arrival;
    }

    /// Another reading in which nothing was measured.
    fn read_nothing(&mut self, arrival: Time) {
        (self.blank, self.status, self.last) = (self.blank.or(Some(arrival)), None, arrival);
    }

    /// Its source says something of itself.
    fn says(&mut self, status: SourceStatus, arrival: Time) {
        if status == SourceStatus::Started {
            self.run_before = self.status.or(self.run_before);
        }
        let before = [self.status, self.run_before].into_iter().flatten();
        let since = { before }.find(|before| before.status == status).map_or(arrival, |before| before.since);
        // A clock that is set says nothing of the line.
        if status != SourceStatus::Clock || self.status.is_none() {
            self.status = Some(LastStatus { status, since, last: arrival });
        }
    }

    /// The same device under another of its names.
    pub(super) fn joined(self, other: &Self) -> Self {
        let reading = self.reading.max(other.reading);
        let later = [self.status, other.status].into_iter().flatten().max_by_key(|status| status.last);
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            reading,
            blank: self.blank.into_iter().chain(other.blank).filter(|since| Some(*since) >= reading).min(),
            status: later.filter(|status| Some(status.last) >= reading),
            run_before: None,
        }
    }

    /// Whether it is a source of readings: other records may name a device that has never spoken.
    pub(super) fn is_source(&self) -> bool {
        self.reading.is_some() || self.blank.is_some() || self.status.is_some()
    }
}

/// Whether a run of the reader ended as it was asked to, after some time or readings: the next one begins by itself, and
/// what was said of the line before still holds.
fn ended_by_itself(status: SourceStatus, record: &Object) -> bool {
    let why = record.get("detail").and_then(Value::as_object).and_then(|detail| detail.str("why"));
    status == SourceStatus::Stopped && why.is_some_and(|why| ["time", "idle", "count"].contains(&why))
}

/// Whether something was measured: a sensor that is gone is often told as null.
fn has_value(reading: &Object) -> bool {
    let values = reading.get("values").and_then(Value::as_object);
    values.is_some_and(|values| values.iter().any(|(_, value)| *value != Value::Null))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Time {
        Time::from_millis(minute * 60_000).unwrap()
    }

    #[test]
    fn a_status_counts_until_the_next_reading_and_from_when_it_was_said_first() {
        let mut heard = DeviceSigns::named(at(0));
        for minute in [1, 2] {
            heard.says(SourceStatus::BadFrames, at(minute));
        }
        heard.says(SourceStatus::Clock, at(3));
        let noise = LastStatus { status: SourceStatus::BadFrames, since: at(1), last: at(2) };
        assert_eq!(heard.status, Some(noise), "a clock that is set says nothing of the line");
        heard.read(at(4));
        assert_eq!((heard.reading, heard.status), (Some(at(4)), None));
    }

    #[test]
    fn what_is_wrong_with_the_line_goes_on_from_one_run_of_the_reader_to_the_next() {
        let mut heard = DeviceSigns::named(at(0));
        let mut run = |minute, says: &[&str], why: &str| {
            for word in [&["started"], says, &["stopped"]].concat() {
                let text = format!(r#"{{"type":"status","status":"{word}","detail":{{"why":"{why}"}}}}"#);
                heard.take(&crate::json::parse_object(text.as_bytes()).unwrap(), at(minute));
            }
            heard.status.map(|last| (last.status, last.since))
        };
        assert_eq!(run(1, &["disconnected"], "time"), Some((SourceStatus::Disconnected, at(1))));
        assert_eq!(run(2, &["disconnected"], "idle"), Some((SourceStatus::Disconnected, at(1))));
        assert_eq!(run(3, &["bad-frames"], "time"), Some((SourceStatus::BadFrames, at(3))));
        assert_eq!(run(4, &[], "count"), Some((SourceStatus::Started, at(4))), "nothing comes");
        assert_eq!(run(5, &["disconnected"], "terminated"), Some((SourceStatus::Stopped, at(5))));
    }

    #[test]
    fn a_reading_without_a_value_is_no_sign_of_life() {
        let record = |values: &str| {
            crate::json::parse_object(format!(r#"{{"type":"reading","values":{values}}}"#).as_bytes())
                .unwrap()
        };
        let mut heard = DeviceSigns::named(at(0));
        heard.take(&record(r#"{"t":4.2,"u":null}"#), at(1));
        for (minute, values) in [(2, "{}"), (3, r#"{"t":null,"u":null}"#)] {
            heard.take(&record(values), at(minute));
        }
        assert_eq!((heard.last, heard.reading, heard.blank), (at(3), Some(at(1)), Some(at(2))));
        heard.take(&record(r#"{"t":false}"#), at(4));
        assert_eq!((heard.reading, heard.blank), (Some(at(4)), None));
    }

    #[test]
    fn what_was_heard_under_two_names_is_joined() {
        let (mut one, mut other) = (DeviceSigns::named(at(0)), DeviceSigns::named(at(5)));
        one.says(SourceStatus::Stopped, at(2));
        other.read(at(7));
        let joined = DeviceSigns { last: at(7), reading: Some(at(7)), ..DeviceSigns::named(at(0)) };
        assert_eq!(one.clone().joined(&other), joined);
        other.says(SourceStatus::Disconnected, at(9));
        assert_eq!(one.joined(&other).status, other.status);
    }
}
