//! The one scanner of records: what a canonical text says, read in place. Nothing is copied, no tree is built.
//!
//! ```text
//! {"device":"cold-room-3",…,"proof":{…},"seq":17,…}
//!  before ────────────────┘         └── after       the record's id is the hash of both
//! ```
//!
//! A scan is sure or nothing: where it answers `None`, the strict reader ([`crate::json::parse_object`]) is to be
//! asked, which says what the record is, or why it is none. [`super::view::RecordView`] does both.

use crate::{
    hash::Hash,
    json::scan::{Scan, integer, unquoted},
    record::{
        signed::{PROOF, ScannedProofs},
        when,
    },
    time::Time,
};

/// The members of a record that rules, verifiers and contracts look at. Each is `None` also where it is a value of
/// another kind than the one that it should be.
#[derive(Default)]
pub struct ScannedRecord<'a> {
    /// `type`
    pub kind: Option<&'a str>,
    /// `device`
    pub device: Option<&'a str>,
    /// `stream`
    pub stream: Option<&'a str>,
    /// `seq`
    pub seq: Option<u64>,
    /// `time` of a reading or status
    pub time: Option<Time>,
    /// `boot`
    pub boot: Option<&'a str>,
    /// `up`
    pub up: Option<u64>,
    /// `status`
    pub status: Option<&'a str>,
    /// `clock`
    pub clock: Option<&'a str>,
    /// `integrity`
    pub integrity: Option<&'a str>,
    /// `contract`
    pub contract: Option<&'a str>,
    /// Its proofs
    pub proofs: ScannedProofs<'a>,
    /// The text of `values`
    pub(super) values: Option<&'a str>,
    /// The text of `units`
    pub(super) units: Option<&'a str>,
    /// Its text but for the proof
    pieces: [&'a str; 2],
}

impl<'a> ScannedRecord<'a> {
    /// Scans a text that holds one record and nothing else.
    pub fn scan(text: &'a str) -> Option<Self> {
        let (mut scan, mut record) = (Scan::of(text), Self::default());
        record.fill(&mut scan)?;
        scan.end().map(|()| record)
    }

    /// Scans the record that comes next in a text into one that is empty, since a copy of it would cost more than some
    /// of its members.
    pub fn fill(&mut self, scan: &mut Scan<'a>) -> Option<()> {
        let mut time = None;
        let begin = scan.at();
        // Where the last member ends, or the brace before the first
        let (mut last, mut proof) = (begin + 1, None);
        scan.members(|scan, name| {
            match name {
                PROOF => {
                    self.proofs = ScannedProofs::of(scan)?;
                    proof = Some(last..scan.at());
                }
                "time" => time = Some(scan.value()?),
                _ => self.member(name, scan.value()?)?,
            }
            last = scan.at();
            Some(())
        })?;
        let mut proof = proof.unwrap_or(last..last);
        // One of the two commas beside the proof goes with it.
        let first = proof.start == begin + 1;
        if first && !proof.is_empty() && proof.end < last {
            proof.end += 1;
        }
        self.pieces = [scan.between(begin, proof.start)?, scan.between(proof.end, scan.at())?];
        self.time = when::scanned(self.kind, time)?;
        Some(())
    }

    fn member(&mut self, name: &str, value: &'a str) -> Option<()> {
        match name {
            "type" => self.kind = unquoted(value),
            "device" => self.device = unquoted(value),
            "stream" => self.stream = unquoted(value),
            "seq" => self.seq = count(value)?,
            "boot" => self.boot = unquoted(value),
            "up" => self.up = count(value)?,
            "status" => self.status = unquoted(value),
            "clock" => self.clock = unquoted(value),
            "integrity" => self.integrity = unquoted(value),
            "contract" => self.contract = unquoted(value),
            "values" => self.values = members(value),
            "units" => self.units = members(value),
            _ => {}
        }
        Some(())
    }

    /// The record's text, but for its proofs.
    pub fn unsigned(&self) -> String {
        self.pieces.concat()
    }

    /// The record's id, as [`crate::record::signed::id`] gives it.
    pub fn id(&self) -> Hash {
        let [before, after] = self.pieces.map(str::as_bytes);
        Hash::of_all(&[before, after])
    }
}

/// An object's text.
fn members(value: &str) -> Option<&str> {
    value.starts_with('{').then_some(value)
}

/// A sequence number or a duration; of numbers other than plain integers a scan is not sure.
#[allow(clippy::option_option)] // none is "not sure", none within is "no integer"
fn count(value: &str) -> Option<Option<u64>> {
    match value.as_bytes().first()? {
        b'-' | b'0'..=b'9' => integer(value.as_bytes()).map(Some),
        _ => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        json::{Object, parse_object},
        key::SecretKey,
        record::signed::{self, SignOptions},
    };

    fn signed_with(members: &str) -> Object {
        let mut record = parse_object(members.as_bytes()).unwrap();
        signed::sign(&mut record, &SecretKey::from_seed(&[1; 32]), &SignOptions::default()).unwrap();
        record
    }

    #[test]
    fn the_id_is_the_records_wherever_the_proof_stands() {
        for members in ["{}", r#"{"a":1}"#, r#"{"z":1}"#, r#"{"a":1,"b":[2],"r":{},"z":{"proof":1}}"#] {
            let unsigned = parse_object(members.as_bytes()).unwrap();
            assert_eq!(ScannedRecord::scan(members).unwrap().id(), signed::id(&unsigned), "{members}");
            let record = signed_with(members);
            assert_eq!(
                ScannedRecord::scan(&record.to_canonical()).unwrap().id(),
                signed::id(&unsigned),
                "{members}"
            );
        }
    }

    #[test]
    fn members_are_what_the_reader_finds() {
        let text =
            r#"{"device":"é","seq":7,"stream":"s","time":"2026-03-01T06:00:00.000Z","type":"reading"}"#;
        let found = ScannedRecord::scan(text).unwrap();
        assert_eq!((found.device, found.stream, found.kind), (Some("é"), Some("s"), Some("reading")));
        assert_eq!((found.seq, found.time), (Some(7), Time::parse("2026-03-01T06:00:00.000Z")));
        let other =
            ScannedRecord::scan(r#"{"device":1,"seq":"7","stream":null,"time":7,"type":"x"}"#).unwrap();
        assert_eq!((other.device, other.stream, other.seq, other.time), (None, None, None, None));
        assert!(ScannedRecord::scan(r#"{"time":null,"type":"status"}"#).is_some());
        assert!(ScannedRecord::scan(r#"{"time":7,"type":"status"}"#).is_none());
        assert!(ScannedRecord::scan(r#"{"time":"noon","type":"reading"}"#).is_none());
        assert!(
            ScannedRecord::scan(r#"{"seq":1.5}"#).is_none() && ScannedRecord::scan(r#"{"seq":-1}"#).is_none()
        );
    }
}
