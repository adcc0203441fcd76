//! Statements: records that say something about records or times before them, and who says it.
//!
//! ```json
//! {"type":"correction","ledger":"9f2c…","corrects":"<record id>","values":{"temperature":4.2},"reason":"offset"}
//! {"type":"correction","ledger":"9f2c…","corrects":"<record id>","withdrawn":true,"reason":"test run"}
//! {"type":"calibration","device":"probe","valid":{"from":"…","until":"…"},"uncertainty":{"temperature":"0.2"}}
//! ```

use crate::{
    contract::document::Contract,
    decimal::Decimal,
    hash::Hash,
    json::{self, Object, Value},
    key::Did,
    record::view::RecordView,
    time::Time,
};

/// A statement, and whose it is.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// Its signers; `None`: a proof is bad
    pub(super) signers: Option<Vec<Did>>,
    pub(super) content: StatementContent,
}

/// What is stated; `None`: it cannot be read.
#[derive(Clone, Debug)]
pub(super) enum StatementContent {
    /// A reading is corrected
    Correction(Option<Correction>),
    /// The device that is named was calibrated
    Calibration(Option<String>, Option<Calibration>),
}

/// What a reading should have said.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Correction {
    /// The ledger that the reading is in
    pub(super) ledger: Hash,
    /// The reading's record id
    pub(super) corrects: Hash,
    pub(super) change: ReadingChange,
}

/// What becomes of a reading.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ReadingChange {
    /// These values replace its own
    Values(Object),
    /// It counts no more
    Withdrawn,
}

/// A certificate of a device.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Calibration {
    /// The device, as its readings name it
    pub(super) device: String,
    /// The first instant for which it is valid
    pub(super) from: Time,
    /// The first one for which it is valid no more
    pub(super) until: Time,
    /// How far a value may be from the true one, by the readings' names of fields
    pub(super) uncertainty: Vec<(String, Decimal)>,
}

impl Statement {
    /// Whether a contract listens to records of this type.
    pub(super) fn is_heard(contract: &Contract, kind: &str) -> bool {
        match kind {
            "correction" => contract.time.corrections.is_some(),
            "calibration" => contract.devices.iter().any(|device| !device.calibrated_by.is_empty()),
            _ => false,
        }
    }

    /// What a record states that these signed, `None` if a proof is bad; no answer: it is no statement.
    pub(super) fn read(record: &RecordView<'_>, signers: Option<Vec<Did>>) -> Option<Self> {
        let read = match record.kind()? {
            "correction" => |record: &Object| StatementContent::Correction(Correction::read(record)),
            "calibration" => |record: &Object| {
                let device = record.str("device").map(str::to_owned);
                StatementContent::Calibration(device, Calibration::read(record))
            },
            _ => return None,
        };
        let record = json::parse_object(record.unsigned().as_bytes()).ok()?;
        Some(Self { signers, content: read(&record) })
    }
}

impl Correction {
    fn read(record: &Object) -> Option<Self> {
        let change = match (record.get("values"), record.get("withdrawn")) {
            (Some(Value::Object(values)), None) if !values.is_empty() => {
                ReadingChange::Values(values.clone())
            }
            (None, Some(Value::Bool(true))) => ReadingChange::Withdrawn,
            _ => return None,
        };
        let ledger = Hash::parse(record.str("ledger")?)?;
        let corrects = Hash::parse(record.str("corrects")?)?;
        Some(Self { ledger, corrects, change })
    }
}

impl Calibration {
    fn read(record: &Object) -> Option<Self> {
        let valid = record.get("valid")?.as_object()?;
        let time = |name| valid.str(name).and_then(Time::parse_rfc3339);
        let (from, until) = (time("from")?, time("until")?);
        let uncertainty = match record.get("uncertainty") {
            None => Vec::new(),
            Some(stated) => uncertainties(stated.as_object()?)?,
        };
        let device = record.str("device")?.to_owned();
        (from < until).then_some(Self { device, from, until, uncertainty })
    }
}

fn uncertainties(stated: &Object) -> Option<Vec<(String, Decimal)>> {
    let uncertainty = |value: &Value| {
        let decimal = match value {
            Value::Number(number) => Decimal::from_number(*number),
            other => Decimal::parse(other.as_str()?),
        };
        decimal.filter(|decimal| *decimal == decimal.abs())
    };
    stated.iter().map(|(name, value)| Some((name.to_owned(), uncertainty(value)?))).collect()
}
