//! A record as rules, verifiers and contracts look at it, scanned where a scan is sure, else read strictly: both give
//! the same answers, but that only a scan knows [`RecordView::only_method`], and the time of readings and statuses alone.

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::{
    decimal::Decimal,
    hash::Hash,
    json::{
        self, Number, Object, Value,
        scan::{Scan, unquoted},
    },
    record::{
        claim::{ClaimContent, RecordClaim, SignerKeys},
        scan::ScannedRecord,
        signed::{self, PROOF},
    },
    time::Time,
};

/// A record, however it was read.
#[allow(clippy::large_enum_variant)] // most records are scanned, and a box for each would cost more than the room
pub enum RecordView<'a> {
    /// In place, from its canonical text
    Scanned(ScannedRecord<'a>),
    /// By the strict reader
    Read(Cow<'a, Object>),
}

/// A reading or status, as far as it is looked at. Members of another kind than they should be are as if absent.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingView<'a> {
    /// Whether it is a reading; else it is a status
    pub is_reading: bool,
    /// `device`
    pub device: Option<&'a str>,
    /// `time`, if it is one
    pub time: Option<Time>,
    /// `boot`
    pub boot: Option<&'a str>,
    /// `up`
    pub up: Option<u64>,
    /// `stream`
    pub stream: Option<&'a str>,
    /// `seq`
    pub seq: Option<u64>,
    /// `status`
    pub status: Option<&'a str>,
    /// `clock`
    pub clock: Option<&'a str>,
    /// `integrity`
    pub integrity: Option<&'a str>,
    /// `values`, by name
    pub values: NamedMembers<'a, ReadingValue<'a>>,
    /// `units`, by name
    pub units: NamedMembers<'a, &'a str>,
}

/// Members of an object, by name: most often few.
pub type NamedMembers<'a, T> = SmallVec<[(&'a str, T); 4]>;

/// A value of a reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReadingValue<'a> {
    /// `null`: it is known to be unknown
    Null,
    /// A boolean
    Bool(bool),
    /// A string
    Text(&'a str),
    /// A number; `None`: it fits no decimal
    Number(Option<Decimal>),
    /// An array or object
    Other,
}

impl<'a> RecordView<'a> {
    /// Scans a text, or reads it.
    ///
    /// # Errors
    /// If it is no JSON object.
    pub fn of(text: &'a str) -> Result<Self, json::JsonError> {
        match ScannedRecord::scan(text) {
            Some(record) => Ok(Self::Scanned(record)),
            None => json::parse_object(text.as_bytes()).map(|record| Self::Read(Cow::Owned(record))),
        }
    }

    /// Its `type`.
    pub fn kind(&self) -> Option<&str> {
        match self {
            Self::Scanned(record) => record.kind,
            Self::Read(record) => record.str("type"),
        }
    }

    /// Its `device`.
    pub fn device(&self) -> Option<&str> {
        match self {
            Self::Scanned(record) => record.device,
            Self::Read(record) => record.str("device"),
        }
    }

    /// Its `contract`.
    pub fn contract(&self) -> Option<&str> {
        match self {
            Self::Scanned(record) => record.contract,
            Self::Read(record) => record.str("contract"),
        }
    }

    /// In whose names its proofs stand; `None` if one of them names no key.
    pub fn signers(&self) -> Option<SignerKeys> {
        match self {
            Self::Scanned(record) => SignerKeys::scanned(record),
            Self::Read(record) => SignerKeys::of(record),
        }
    }

    /// The `verificationMethod` of its proof, if a scan saw that it has one.
    pub fn only_method(&self) -> Option<&str> {
        match self {
            Self::Scanned(record) => record.proofs.only_method(),
            Self::Read(_) => None,
        }
    }

    /// Whether it says which stream it belongs to.
    pub fn is_in_stream(&self) -> bool {
        match self {
            Self::Scanned(record) => record.stream.is_some(),
            Self::Read(record) => record.str("stream").is_some(),
        }
    }

    /// Its `status`.
    pub fn status(&self) -> Option<&str> {
        match self {
            Self::Scanned(record) => record.status,
            Self::Read(record) => record.str("status"),
        }
    }

    /// What it claims, and in whose names; `None` if a proof names no key.
    pub fn claim(&self) -> Option<RecordClaim> {
        self.signers().map(|signers| self.claim_of(signers))
    }

    /// What it claims, in the names of these keys.
    pub fn claim_of(&self, signers: SignerKeys) -> RecordClaim {
        RecordClaim { signers, content: self.content() }
    }

    fn content(&self) -> ClaimContent {
        match self {
            Self::Scanned(record) => ClaimContent::scanned(record),
            Self::Read(record) => ClaimContent::of(record),
        }
    }

    /// Its id.
    pub fn id(&self) -> Hash {
        match self {
            Self::Scanned(record) => record.id(),
            Self::Read(record) => signed::id(record),
        }
    }

    /// Its canonical text without proofs.
    pub fn unsigned(&self) -> String {
        match self {
            Self::Scanned(record) => record.unsigned(),
            Self::Read(record) => {
                let mut text = String::new();
                record.write_without(PROOF, &mut text);
                text
            }
        }
    }

    /// What it says as a reading or status.
    pub fn reading(&self) -> ReadingView<'_> {
        match self {
            Self::Scanned(record) => ReadingView::scanned(record),
            Self::Read(record) => ReadingView::read(record),
        }
    }
}

impl<'a> From<&'a Object> for RecordView<'a> {
    fn from(record: &'a Object) -> Self {
        Self::Read(Cow::Borrowed(record))
    }
}

impl<'a> ReadingView<'a> {
    fn scanned(record: &ScannedRecord<'a>) -> Self {
        let (mut values, mut units) = (NamedMembers::new(), NamedMembers::new());
        each_member(record.values, |name, value| values.push((name, ReadingValue::scanned(value))));
        each_member(record.units, |name, unit| units.extend(unquoted(unit).map(|unit| (name, unit))));
        Self {
            is_reading: record.kind == Some("reading"),
            device: record.device,
            time: record.time,
            boot: record.boot,
            up: record.up,
            stream: record.stream,
            seq: record.seq,
            status: record.status,
            clock: record.clock,
            integrity: record.integrity,
            values,
            units,
        }
    }

    fn read(record: &'a Object) -> Self {
        let number = |name| record.get(name).and_then(Value::as_u64);
        let members =
            |name| record.get(name).and_then(Value::as_object).map(Object::iter).into_iter().flatten();
        Self {
            is_reading: record.str("type") == Some("reading"),
            device: record.str("device"),
            time: record.str("time").and_then(|text| Time::parse(text).or_else(|| Time::parse_rfc3339(text))),
            boot: record.str("boot"),
            up: number("up"),
            stream: record.str("stream"),
            seq: number("seq"),
            status: record.str("status"),
            clock: record.str("clock"),
            integrity: record.str("integrity"),
            values: members("values").map(|(name, value)| (name, ReadingValue::read(value))).collect(),
            units: members("units").filter_map(|(name, unit)| Some((name, unit.as_str()?))).collect(),
        }
    }
}

/// Hands over the members of an object whose text was scanned before.
fn each_member<'a>(object: Option<&'a str>, mut each: impl FnMut(&'a str, &'a str)) {
    let Some(text) = object else { return };
    let _ = Scan::of(text).members(|scan, name| {
        each(name, scan.value()?);
        Some(())
    });
}

/// Every decimal of so many digits is the canonical form of its double.
const EXACT_DIGITS: usize = 15;

impl<'a> ReadingValue<'a> {
    /// A value by its canonical text.
    fn scanned(text: &'a str) -> Self {
        match text.as_bytes().first() {
            Some(b'"') => unquoted(text).map_or(Self::Other, Self::Text),
            Some(b'n') => Self::Null,
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'[' | b'{') | None => Self::Other,
            Some(_) => Self::number(text),
        }
    }

    /// A number by its canonical text.
    pub fn number(text: &str) -> Self {
        Self::Number(decimal(text))
    }

    /// A value of a record that was read.
    pub fn read(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::String(text) => Self::Text(text),
            Value::Number(number) => Self::Number(Decimal::from_number(*number)),
            Value::Array(_) | Value::Object(_) => Self::Other,
        }
    }
}

/// The decimal of a number's canonical text.
fn decimal(text: &str) -> Option<Decimal> {
    if text.len() <= EXACT_DIGITS && !text.bytes().any(|byte| byte == b'e') {
        return Decimal::parse(text);
    }
    Decimal::from_number(Number::new(text.parse().ok()?)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn members_of_another_kind_are_as_if_absent_however_they_are_read() {
        let text = r#"{"boot":1,"device":null,"seq":"1","status":{},"stream":[],"type":"status","units":{"t":1},"up":true,"values":[1]}"#;
        let record = json::parse_object(text.as_bytes()).unwrap();
        for view in [RecordView::of(text).unwrap(), RecordView::from(&record)] {
            let reading = view.reading();
            assert!(reading.boot.is_none() && reading.device.is_none() && reading.status.is_none());
            assert!(reading.seq.is_none() && reading.stream.is_none() && reading.up.is_none());
            assert!(reading.values.is_empty() && reading.units.is_empty() && !reading.is_reading);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn a_number_in_text_is_the_decimal_that_the_reader_gives(double: f64, digits in r"-?[0-9]{1,3}(\.[0-9]{0,11}[1-9])?") {
            for text in [Number::new(double).map(|number| Value::from(number).to_canonical()), Some(digits)].into_iter().flatten() {
                let Some(mut scan) = Some(Scan::of(&text)) else { continue };
                let Some(value) = scan.value().filter(|_| scan.end().is_some()) else { continue };
                let read = json::parse(text.as_bytes()).expect("a scan is sure");
                prop_assert_eq!(ReadingValue::scanned(value), ReadingValue::read(&read), "{}", text);
            }
        }
    }
}
