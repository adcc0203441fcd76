//! A record at a glance: what a canonical text says, read in place.
//!
//! ```text
//! {"device":"cold-room-3",…,"proof":{…},"seq":17,…}
//!  before ────────────────┘         └── after       the record's id is the hash of both
//! ```
//!
//! A glance is sure or nothing: where it answers none, the record is to be read as a whole, which says why.

use crate::{
    hash::Hash,
    json::scan::{Scan, integer, unquoted},
    record::signed::{Glimpses, PROOF},
    time::Time,
};

/// The members of a record that a ledger's rules look at.
#[derive(Default)]
pub struct Glance<'a> {
    /// `device`, if it is a string
    pub device: Option<&'a str>,
    /// `stream`, if it is a string
    pub stream: Option<&'a str>,
    /// `seq`, if it is an integer
    pub seq: Option<u64>,
    /// `type`, if it is a string
    pub kind: Option<&'a str>,
    /// `time`, if it is in the one form
    pub time: Option<Time>,
    /// Its proofs
    pub proofs: Glimpses<'a>,
    /// Its text but for the proof
    pieces: [&'a str; 2],
}

impl<'a> Glance<'a> {
    /// Looks at the object that comes next in a text.
    pub fn of(scan: &mut Scan<'a>) -> Option<Self> {
        let (mut glance, mut time) = (Self::default(), None);
        let begin = scan.at();
        // Where the last member ends, or the brace before the first
        let (mut last, mut proof) = (begin + 1, None);
        scan.members(|scan, name| {
            match name {
                "device" => glance.device = unquoted(scan.value()?),
                "stream" => glance.stream = unquoted(scan.value()?),
                "type" => glance.kind = unquoted(scan.value()?),
                "time" => time = Some(scan.value()?),
                "seq" => glance.seq = seq(scan.value()?)?,
                PROOF => {
                    glance.proofs = Glimpses::of(scan)?;
                    proof = Some(last..scan.at());
                }
                _ => drop(scan.value()?),
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
        glance.pieces = [scan.between(begin, proof.start)?, scan.between(proof.end, scan.at())?];
        glance.time = settled(glance.kind, time)?;
        Some(glance)
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

/// A sequence number; of numbers other than plain integers a glance is not sure.
#[allow(clippy::option_option)] // none is "not sure", none within is "no integer"
fn seq(value: &str) -> Option<Option<u64>> {
    match value.as_bytes().first()? {
        b'-' | b'0'..=b'9' => integer(value).map(Some),
        _ => Some(None),
    }
}

/// The time of a reading or status, which must be in the one form, null or absent.
#[allow(clippy::option_option)] // none is "not in the one form", none within is "no time"
fn settled(kind: Option<&str>, time: Option<&str>) -> Option<Option<Time>> {
    match (kind, time) {
        (Some("reading" | "status"), Some(time)) if time != "null" => Time::parse(unquoted(time)?).map(Some),
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

    fn glance(text: &str) -> Option<Glance<'_>> {
        let mut scan = Scan::new(text.as_bytes())?;
        Glance::of(&mut scan).filter(|_| scan.end().is_some())
    }

    fn signed_with(members: &str) -> Object {
        let mut record = parse_object(members.as_bytes()).unwrap();
        signed::sign(&mut record, &SecretKey::from_seed(&[1; 32]), &SignOptions::default()).unwrap();
        record
    }

    #[test]
    fn the_id_is_the_records_wherever_the_proof_stands() {
        for members in ["{}", r#"{"a":1}"#, r#"{"z":1}"#, r#"{"a":1,"b":[2],"r":{},"z":{"proof":1}}"#] {
            let unsigned = parse_object(members.as_bytes()).unwrap();
            assert_eq!(glance(members).unwrap().id(), signed::id(&unsigned), "{members}");
            let record = signed_with(members);
            assert_eq!(glance(&record.to_canonical()).unwrap().id(), signed::id(&unsigned), "{members}");
        }
    }

    #[test]
    fn members_are_what_the_reader_finds() {
        let text =
            r#"{"device":"é","seq":7,"stream":"s","time":"2026-03-01T06:00:00.000Z","type":"reading"}"#;
        let found = glance(text).unwrap();
        assert_eq!((found.device, found.stream, found.kind), (Some("é"), Some("s"), Some("reading")));
        assert_eq!((found.seq, found.time), (Some(7), Time::parse("2026-03-01T06:00:00.000Z")));
        let other = glance(r#"{"device":1,"seq":"7","stream":null,"time":7,"type":"x"}"#).unwrap();
        assert_eq!((other.device, other.stream, other.seq, other.time), (None, None, None, None));
        assert!(glance(r#"{"time":null,"type":"status"}"#).is_some());
        assert!(glance(r#"{"time":7,"type":"status"}"#).is_none());
        assert!(glance(r#"{"time":"noon","type":"reading"}"#).is_none());
        assert!(glance(r#"{"seq":1.5}"#).is_none() && glance(r#"{"seq":-1}"#).is_none());
    }
}
