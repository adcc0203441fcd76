//! Readings and status records: what a source measured, and what happened to the source.
//!
//! ```json
//! {"type":"reading","device":"cold-room-3","time":"2026-03-01T06:00:00.000Z","stream":"b1e4","seq":17,
//!  "values":{"temperature":4.2},"units":{"temperature":"Cel"},"integrity":"none","clock":"synced"}
//! {"type":"status","device":"cold-room-3","time":"…","stream":"b1e4","seq":18,
//!  "status":"gap","detail":{"bytes":512}}
//! ```
//!
//! Both count on one `seq`, so a reader of the stream sees what is missing.

mod body;
mod values;
mod written;

pub use body::{PartDate, ReadingBody};
pub use values::ReadingValues;

use written::Written;

use crate::{
    json::{Object, Value, write_integer},
    object,
    time::Time,
};

/// What a device's own frame proved about itself, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Integrity {
    /// Nothing: a flipped bit that still parses cannot be seen
    None,
    /// A checksum of few bits, such as the XOR of NMEA 0183
    Checksum,
    /// A cyclic redundancy check
    Crc,
    /// A digital signature
    Signature,
}

impl Integrity {
    /// The word in a reading.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Checksum => "checksum",
            Self::Crc => "crc",
            Self::Signature => "signature",
        }
    }

    /// What a word says that something proves; `None`: nothing that is known.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::None, Self::Checksum, Self::Crc, Self::Signature]
            .into_iter()
            .find(|integrity| integrity.as_str() == word)
    }
}

/// What is known about the clock that dated a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingClock {
    /// The machine's, and its kernel says that it is synchronised
    Synced,
    /// The machine's, and it is not synchronised
    Unsynced,
    /// The device's own
    Device,
    /// The machine's, about which nothing is known
    Unknown,
}

impl ReadingClock {
    /// The word in a reading.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Synced => "synced",
            Self::Unsynced => "unsynced",
            Self::Device => "device",
            Self::Unknown => "unknown",
        }
    }
}

/// The time of a record, by all clocks that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordTime {
    /// By the wall clock; `None`: that is known to be wrong
    pub time: Option<Time>,
    /// Milliseconds since the machine started
    pub up: u64,
    /// What is known about the clock
    pub clock: ReadingClock,
}

/// Members that only the source that reads a device may set.
pub const RESERVED: &[&str] =
    &["type", "device", "stream", "seq", "boot", "up", "integrity", "clock", "raw", "undecoded", "proof"];

/// The kinds of status: what can happen to a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceStatus {
    /// The first record of a stream
    Started,
    /// The last record of a stream that ended in order
    Stopped,
    /// The device is there again
    Connected,
    /// The device went away
    Disconnected,
    /// Bytes of the device were lost
    Gap,
    /// The clock was set, or jumped
    Clock,
    /// Frames were refused
    BadFrames,
}

impl SourceStatus {
    /// The word in a status record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Stopped => "stopped",
            Self::Connected => "connected",
            Self::Disconnected => "disconnected",
            Self::Gap => "gap",
            Self::Clock => "clock",
            Self::BadFrames => "bad-frames",
        }
    }

    /// The status of this word; `None`: none that is known.
    pub fn parse(word: &str) -> Option<Self> {
        use SourceStatus::{BadFrames, Clock, Connected, Disconnected, Gap, Started, Stopped};
        [Started, Stopped, Connected, Disconnected, Gap, Clock, BadFrames]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}

/// One run of one source: numbers its records.
#[derive(Clone, Debug)]
pub struct RecordStream {
    device: String,
    id: String,
    boot: Option<String>,
    next: u64,
    written: Written,
}

impl RecordStream {
    /// A stream that begins at 0. `id` is random per run; `boot` names this run of the machine whose clock
    /// says how long it is up, if there is one.
    pub fn new(device: &str, id: &str, boot: Option<String>) -> Self {
        let written = Written::new(device, id, boot.as_deref());
        Self { device: device.to_owned(), id: id.to_owned(), boot, next: 0, written }
    }

    /// Whether a machine's clock dates the records.
    pub fn has_machine(&self) -> bool {
        self.boot.is_some()
    }

    /// The next record: a reading. `raw` is the hash or the bytes of its frame, where asked for.
    pub fn reading(&mut self, now: RecordTime, body: ReadingBody, raw: Option<String>) -> Object {
        let clock = if body.time.is_some() { ReadingClock::Device } else { now.clock };
        let mut record = body.others;
        record.insert("type", "reading");
        self.place(&mut record, now);
        if let Some(device) = body.device {
            record.insert("device", device);
        }
        if let Some(time) = body.time {
            record.insert("time", time.to_string());
        }
        let (values, units) = body.values.into_objects();
        record.insert("values", values);
        if !units.is_empty() {
            record.insert("units", units);
        }
        if !body.undecoded.is_empty() {
            record.insert("undecoded", body.undecoded);
        }
        record.insert("integrity", body.integrity.as_str());
        record.insert("clock", clock.as_str());
        if let Some(raw) = raw {
            record.insert("raw", raw);
        }
        record
    }

    /// The next record, a reading, added to a text as one canonical line with its line feed: the same bytes as those of
    /// [`RecordStream::reading`], without building it.
    pub fn write_reading(
        &mut self,
        now: RecordTime,
        body: ReadingBody,
        raw: Option<String>,
        lines: &mut String,
    ) {
        if !body.others.is_empty() {
            self.reading(now, body, raw).write(lines);
            return lines.push('\n');
        }
        let clock = if body.time.is_some() { ReadingClock::Device } else { now.clock };
        self.written.begin(clock, &body, lines);
        if let Some(raw) = raw {
            lines.push_str(",\"raw\":");
            Value::from(raw).write(lines);
        }
        self.written.place(self.next, body.time.or(now.time), lines);
        if !body.undecoded.is_empty() {
            lines.push_str(",\"undecoded\":");
            body.undecoded.write(lines);
        }
        if body.values.units().next().is_some() {
            lines.push_str(",\"units\":");
            body.values.write_units(lines);
        }
        if self.boot.is_some() {
            lines.push_str(",\"up\":");
            write_integer(now.up, lines);
        }
        lines.push_str(",\"values\":");
        body.values.write(lines);
        lines.push_str("}\n");
        self.next += 1;
    }

    /// The next record: a status.
    pub fn status(&mut self, now: RecordTime, status: SourceStatus, detail: Object) -> Object {
        let mut record = object! { "type": "status", "status": status.as_str() };
        self.place(&mut record, now);
        if status == SourceStatus::Clock {
            record.insert("clock", now.clock.as_str());
        }
        if !detail.is_empty() {
            record.insert("detail", detail);
        }
        record
    }

    /// Who, when, and which one.
    fn place(&mut self, record: &mut Object, now: RecordTime) {
        record.insert("device", self.device.as_str());
        record.insert("time", now.time.map(|time| time.to_string()));
        if let Some(boot) = &self.boot {
            record.insert("boot", boot.as_str());
            record.insert("up", now.up);
        }
        record.insert("stream", self.id.as_str());
        record.insert("seq", self.next);
        self.next += 1;
    }
}

/// Whether a value may stand in `values`: a number, a string, a boolean or null.
pub fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: RecordTime = RecordTime { time: None, up: 5, clock: ReadingClock::Synced };

    #[test]
    fn readings_and_statuses_share_one_counter() {
        let mut stream = RecordStream::new("probe", "b1e4", Some("4f".to_owned()));
        let mut body = ReadingBody::new(Integrity::None);
        body.values.insert("temperature", 4u32, None);
        let reading = stream.reading(NOW, body, None);
        let status = stream.status(NOW, SourceStatus::Gap, object! { "bytes": 3u32 });
        assert_eq!(
            reading.to_canonical(),
            r#"{"boot":"4f","clock":"synced","device":"probe","integrity":"none","seq":0,"stream":"b1e4","time":null,"type":"reading","up":5,"values":{"temperature":4}}"#
        );
        assert_eq!(
            status.to_canonical(),
            r#"{"boot":"4f","detail":{"bytes":3},"device":"probe","seq":1,"status":"gap","stream":"b1e4","time":null,"type":"status","up":5}"#
        );
    }

    #[test]
    fn a_line_is_the_record() {
        let mut plain = ReadingBody::new(Integrity::None);
        plain.values.insert("t\"\u{1}", 4u32, None);
        let mut full = plain.clone();
        full.values.insert("t", 5u32, Some("Cel"));
        full.time = Time::parse("2026-03-01T06:00:00.000Z");
        let mut other = plain.clone();
        other.others.insert("rack", 7u32);
        let mut named = full.clone();
        named.device = Some("boiler \"7".to_owned());
        let mut partly = full.clone();
        partly.keep_undecoded("p", "98,6");
        let now = RecordTime { time: Time::from_millis(0), ..NOW };
        for boot in [None, Some("4f\\".to_owned())] {
            let mut records = RecordStream::new("pr\"obe", "b1e4", boot);
            let mut lines = records.clone();
            for (now, body, raw) in [
                (NOW, &plain, None),
                (now, &plain, Some("aa".to_owned())),
                (now, &full, None),
                (now, &partly, None),
                (now, &named, None),
                (NOW, &other, Some("bb".to_owned())),
                (NOW, &plain, None),
            ] {
                let record = records.reading(now, body.clone(), raw.clone());
                let mut line = "before\n".to_owned();
                lines.write_reading(now, body.clone(), raw, &mut line);
                assert_eq!(line, format!("before\n{}\n", record.to_canonical()));
            }
        }
    }

    #[test]
    fn a_device_that_dates_its_readings_is_its_own_clock() {
        let mut body = ReadingBody::new(Integrity::Crc);
        body.time = Time::from_millis(0);
        body.others.insert("seq", 99u32);
        let record = RecordStream::new("m", "s", None).reading(NOW, body, Some("aa".to_owned()));
        assert_eq!(record.str("time"), Some("1970-01-01T00:00:00.000Z"));
        assert_eq!(record.str("clock"), Some("device"));
        assert_eq!(record.get("seq"), Some(&0u32.into()), "the source counts, not the device");
    }
}
