//! Entries: what a line of a ledger says.
//!
//! ```text
//! {"n":4711,"received":"2026-03-01T06:00:01.204Z","record":{"type":"reading",…}}
//! {"n":4713,"received":"2045-…","record":{…},"wall":"2026-03-01T06:10:01.087Z"}
//! ```
//!
//! `wall` stands only where a jump of the clock was undone ([`super::arrival`]). A line is the canonical form (RFC 8785)
//! of its object, at most [`MAX_LINE`] bytes without the line feed.

use std::fmt::{self, Write};

use crate::{
    json::{self, Canonical, Object, Value},
    time::Time,
    tlog::{arrival::EntryTimes, layout::MAX_LINE, note::BYTE_ORDER_MARK},
};

/// A record at its place in a ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number, from 0
    pub n: u64,
    /// The gateway's clock when the record came, never earlier than the entry before
    pub received: Time,
    /// When the record came, where `received` holds a jump of the clock; `None`: `received` says it
    pub wall: Option<Time>,
    /// What was said
    pub record: Object,
}

/// Why a line is no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadEntry {
    /// Not JSON, or not an object with just `n`, `received`, `record` and perhaps `wall`
    Malformed(String),
    /// An entry, but not in canonical form
    NotCanonical,
    /// Longer than [`MAX_LINE`]
    TooLong(usize),
}

impl fmt::Display for BadEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => f.write_str(why),
            Self::NotCanonical => f.write_str("not in canonical form (RFC 8785)"),
            Self::TooLong(length) => write!(f, "{length} bytes, more than {MAX_LINE}"),
        }
    }
}

impl std::error::Error for BadEntry {}

impl Entry {
    /// Reads a line, which must be in canonical form. No line feed at its end.
    ///
    /// # Errors
    /// Which of the ways of not being an entry the line has.
    pub fn parse(line: &[u8]) -> Result<Self, BadEntry> {
        let entry = Self::parse_lenient(line)?;
        if entry.to_line().as_bytes() == line { Ok(entry) } else { Err(BadEntry::NotCanonical) }
    }

    /// Reads a line without asking for its canonical form: enough where the line's hash is known to be right.
    ///
    /// # Errors
    /// If it is malformed or too long.
    pub fn parse_lenient(line: &[u8]) -> Result<Self, BadEntry> {
        if line.len() > MAX_LINE {
            return Err(BadEntry::TooLong(line.len()));
        }
        let object = json::parse_object(line).map_err(|error| BadEntry::Malformed(error.to_string()))?;
        let malformed = |why: &str| BadEntry::Malformed(why.to_owned());
        let (mut n, mut received, mut wall, mut record) = (None, None, None, None);
        for (name, value) in object {
            match (name.as_str(), value) {
                ("n", value) => n = value.as_u64(),
                ("received", Value::String(time)) => received = Time::parse(&time),
                ("wall", Value::String(time)) => {
                    wall = Some(Time::parse(&time).ok_or_else(|| malformed("wall is no time"))?);
                }
                ("record", Value::Object(object)) => record = Some(object),
                _ => {
                    return Err(malformed(
                        "an entry has n, received, record, perhaps wall, and nothing else",
                    ));
                }
            }
        }
        Ok(Self {
            n: n.ok_or_else(|| malformed("no number n"))?,
            received: received.ok_or_else(|| malformed("no time received"))?,
            wall,
            record: record.ok_or_else(|| malformed("no record"))?,
        })
    }

    /// The canonical line, without its line feed.
    pub fn to_line(&self) -> String {
        let mut line = String::new();
        write_line(self.n, self.times(), &Canonical::from(&self.record), &mut line);
        line
    }

    /// Its times.
    pub fn times(&self) -> EntryTimes {
        EntryTimes { received: self.received, wall: self.wall }
    }

    /// The entry as an object, for output.
    pub fn into_object(self) -> Object {
        let mut object =
            crate::object! { "n": self.n, "received": self.received.to_string(), "record": self.record };
        if let Some(wall) = self.wall {
            object.insert("wall", wall.to_string());
        }
        object
    }
}

/// The longest line that is read without its line feed, with what a copy may have gained on its way ([`plain_line`]).
pub const MAX_RAW_LINE: usize = MAX_LINE + BYTE_ORDER_MARK.len() + 1;

/// A line as it would be if its copy had not gone through something that changes texts: without a carriage return at its
/// end, and the first one of a file without a byte-order mark. No entry has either.
pub fn plain_line(line: &[u8], first: bool) -> &[u8] {
    let line = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| first).unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Appends the canonical line of an entry to a buffer, without a line feed.
pub fn write_line(n: u64, times: EntryTimes, record: &Canonical, out: &mut String) {
    let EntryTimes { received, wall } = times;
    // Writing to a string does not fail.
    let _ = write!(out, "{{\"n\":{n},\"received\":\"{received}\",\"record\":{}", record.as_str());
    if let Some(wall) = wall {
        let _ = write!(out, ",\"wall\":\"{wall}\"");
    }
    out.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"n":7,"received":"2026-03-01T06:00:01.204Z","record":{"a":1}}"#;

    /// The same, after a jump of the clock was undone.
    const WALLED: &str =
        r#"{"n":7,"received":"2045-03-01T06:00:01.204Z","record":{"a":1},"wall":"2026-03-01T06:00:01.204Z"}"#;

    #[test]
    fn one_form_both_ways() {
        for line in [LINE, WALLED] {
            let entry = Entry::parse(line.as_bytes()).unwrap();
            assert_eq!((entry.n, entry.to_line().as_str()), (7, line));
            assert_eq!(entry.into_object().to_canonical(), line);
        }
    }

    #[test]
    fn a_wall_is_a_time_behind_the_record() {
        for bad in [
            WALLED.replace("\"2026-03-01T06:00:01.204Z\"", "null"),
            WALLED.replace("\"2026-03-01T06:00:01.204Z\"", "1"),
            WALLED.replace("2026-03-01T06:00:01.204Z", "2026-03-01T06:00:01Z"),
            WALLED.replace("2026-03-01T06:00:01.204Z", ""),
        ] {
            assert!(matches!(Entry::parse(bad.as_bytes()), Err(BadEntry::Malformed(_))), "{bad}");
        }
        let before = r#"{"n":7,"received":"2045-03-01T06:00:01.204Z","wall":"2026-03-01T06:00:01.204Z","record":{"a":1}}"#;
        assert_eq!(Entry::parse(before.as_bytes()), Err(BadEntry::NotCanonical));
    }

    #[test]
    fn other_forms_are_told_apart() {
        assert_eq!(Entry::parse(LINE.replace(":1", ": 1").as_bytes()), Err(BadEntry::NotCanonical));
        assert_eq!(Entry::parse(LINE.replace(":7", ":7.0").as_bytes()), Err(BadEntry::NotCanonical));
        for bad in [
            LINE.replace(".204Z", "Z"),
            LINE.replace(":7", ":-7"),
            LINE.replace("{\"a\":1}", "1"),
            LINE.replace("\"n\"", "\"m\""),
            LINE.replace("{\"n\"", "{\"m\":1,\"n\""),
            "{}".to_owned(),
        ] {
            assert!(matches!(Entry::parse(bad.as_bytes()), Err(BadEntry::Malformed(_))), "{bad}");
        }
        let long = LINE.replace(":1}", &format!(":\"{}\"}}", "x".repeat(MAX_LINE)));
        assert!(matches!(Entry::parse(long.as_bytes()), Err(BadEntry::TooLong(_))));
    }
}
