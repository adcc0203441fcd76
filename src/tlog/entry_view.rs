//! The one scanner of a ledger's lines: number, time and record, read in place where a scan is sure, else strictly.
//!
//! ```text
//! line ─► ScannedEntry   canonical text, most lines
//!      └► Entry          whatever else is an entry; what is none is an error that says why
//! ```

use std::borrow::Cow;

use super::{
    arrival::EntryTimes,
    entry::{BadEntry, Entry},
};
use crate::{
    json::scan::Scan,
    record::{scan::ScannedRecord, view::RecordView},
    time::Time,
    tlog::layout::MAX_LINE,
};

/// An entry whose line is surely canonical.
pub struct ScannedEntry<'a> {
    /// Its number
    pub n: u64,
    /// When it was received
    pub received: Time,
    /// When it came, where `received` holds a jump of the clock; `None`: `received` says it
    pub wall: Option<Time>,
    /// What was said
    pub record: ScannedRecord<'a>,
}

/// An entry, however its line was read.
pub struct EntryView<'a> {
    /// Its number
    pub n: u64,
    /// When it was received
    pub received: Time,
    /// When it came, where `received` holds a jump of the clock; `None`: `received` says it
    pub wall: Option<Time>,
    /// What was said
    pub record: RecordView<'a>,
}

impl<'a> ScannedEntry<'a> {
    /// Scans a line; `None` if it is not surely what [`Entry::parse`] takes. Then that says what it is.
    #[inline]
    pub fn scan(line: &'a [u8]) -> Option<Self> {
        let mut scan = Scan::new(line).filter(|_| line.len() <= MAX_LINE)?;
        let (mut n, mut received, mut wall, mut seen) = (None, None, None, false);
        let mut record = ScannedRecord::default();
        scan.members(|scan, name| {
            match name {
                "n" => n = Some(scan.integer()?),
                "received" => received = Some(Time::parse(scan.string()?)?),
                "record" => {
                    record.fill(scan)?;
                    seen = true;
                }
                "wall" => wall = Some(Time::parse(scan.string()?)?),
                _ => return None,
            }
            Some(())
        })?;
        scan.end()?;
        seen.then_some(())?;
        Some(Self { n: n?, received: received?, wall, record })
    }

    /// Its times.
    pub fn times(&self) -> EntryTimes {
        EntryTimes { received: self.received, wall: self.wall }
    }
}

impl<'a> EntryView<'a> {
    /// Scans a line, or reads it, without asking for its canonical form.
    ///
    /// # Errors
    /// If it is no entry.
    #[inline]
    pub fn of(line: &'a [u8]) -> Result<Self, BadEntry> {
        if let Some(ScannedEntry { n, received, wall, record }) = ScannedEntry::scan(line) {
            return Ok(Self { n, received, wall, record: RecordView::Scanned(record) });
        }
        let Entry { n, received, wall, record } = Entry::parse_lenient(line)?;
        Ok(Self { n, received, wall, record: RecordView::Read(Cow::Owned(record)) })
    }

    /// Its times.
    pub fn times(&self) -> EntryTimes {
        EntryTimes { received: self.received, wall: self.wall }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LINE: &str = r#"{"n":7,"received":"2026-03-01T06:00:01.204Z","record":{"a":1}}"#;

    /// The same, after a jump of the clock was undone.
    const WALLED: &str =
        r#"{"n":7,"received":"2045-03-01T06:00:01.204Z","record":{"a":1},"wall":"2026-03-01T06:00:01.204Z"}"#;

    fn scanned(line: &str) -> Option<(u64, EntryTimes, String)> {
        let entry = ScannedEntry::scan(line.as_bytes())?;
        Some((entry.n, entry.times(), entry.record.unsigned()))
    }

    #[test]
    fn a_scan_sees_what_parsing_reads_or_nothing() {
        let time = Time::parse("2026-03-01T06:00:01.204Z").unwrap();
        assert_eq!(scanned(LINE), Some((7, EntryTimes::plain(time), "{\"a\":1}".to_owned())));
        let later = Time::parse("2045-03-01T06:00:01.204Z").unwrap();
        let times = EntryTimes { received: later, wall: Some(time) };
        assert_eq!(scanned(WALLED), Some((7, times, "{\"a\":1}".to_owned())));
        assert_eq!(EntryView::of(WALLED.as_bytes()).unwrap().times(), times);
        assert_eq!(scanned(&WALLED.replace("\"2026-03-01T06:00:01.204Z\"", "null")), None);
        for other in [
            LINE.replace(":1", ": 1"),
            LINE.replace(":7", ":7.0"),
            LINE.replace(".204Z", "Z"),
            LINE.replace("}}", "}}x"),
            LINE.replace("\"n\"", "\"m\""),
            LINE.replace("\"n\":7,", ""),
            LINE.replace(",\"record\":{\"a\":1}", ""),
            LINE.replace("}}", "},\"z\":1}"),
            LINE.replace(":1}", &format!(":\"{}\"}}", "x".repeat(MAX_LINE))),
        ] {
            assert_eq!(scanned(&other), None, "{other:.80}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_wherever_it_stands() {
        for number in
            ["007", "00", "-", "-0x", "1.", ".5", "+1", "1e", "1e+", "1.e5", "0x1", "1_0", "٣", "NaN", "1,"]
        {
            for member in ["\"a\":1", ":7,"] {
                let line = match member {
                    ":7," => LINE.replace(":7,", &format!(":{number},")),
                    _ => LINE.replace(member, &format!("\"a\":{number}")),
                };
                assert!(ScannedEntry::scan(line.as_bytes()).is_none(), "{line}");
                assert!(EntryView::of(line.as_bytes()).is_err(), "{line}");
            }
        }
        for number in ["-0", "7.0", "1e2", "0.10"] {
            let line = LINE.replace("\"a\":1", &format!("\"a\":{number}"));
            assert!(ScannedEntry::scan(line.as_bytes()).is_none(), "a number in another form: {line}");
            assert!(EntryView::of(line.as_bytes()).is_ok(), "{line}");
        }
    }

    /// What a scan is sure of, the strict reader reads, and writes back as it was.
    fn is_right(line: &[u8]) -> bool {
        let Some(scanned) = ScannedEntry::scan(line) else { return true };
        let Ok(read) = Entry::parse(line) else { return false };
        let mut unsigned = read.record.clone();
        unsigned.remove("proof");
        (scanned.n, scanned.times(), scanned.record.unsigned())
            == (read.n, read.times(), unsigned.to_canonical())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn a_scan_of_changed_bytes_is_right(at in 0..62usize, walled: bool, byte: u8, way in 0..3u8) {
            let line = if walled { WALLED } else { LINE };
            let (mut line, at) = (line.as_bytes().to_vec(), at * line.len() / 62);
            match way {
                0 => line[at] = byte,
                1 => line.insert(at, byte),
                _ => drop(line.remove(at)),
            }
            prop_assert!(is_right(&line), "{}", String::from_utf8_lossy(&line));
        }

        #[test]
        fn a_scan_of_any_number_is_right(number in "[-+0-9.eE]{0,6}|-?0{0,3}[0-9]{0,20}(\\.[0-9]*)?(e[+-]?[0-9]*)?") {
            for text in [format!("\"a\":{number}"), format!("\"seq\":{number}"), format!("\"values\":{{\"t\":{number}}}")] {
                let line = LINE.replace("\"a\":1", &text);
                prop_assert!(is_right(line.as_bytes()), "{}", line);
            }
            let line = LINE.replace(":7", &format!(":{number}"));
            prop_assert!(is_right(line.as_bytes()), "{}", line);
        }
    }
}
