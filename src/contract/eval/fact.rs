//! What a record says that a contract wants to know. Made from one record alone, so that it can be done on
//! several threads at once.

use std::{collections::HashMap, sync::Arc};

use super::findings::Kind;
use crate::{
    contract::{
        document::{Contract, Field},
        expr::{Type, Val},
    },
    decimal::Decimal,
    hash::Hash,
    json::{Object, Value},
    key::PublicKey,
    time::Time,
};

/// Whose signature a record carries.
#[derive(Clone, Copy, Debug)]
pub enum Signers<'a> {
    /// All proofs are good, or trusted; none: unsigned
    Good(&'a [PublicKey]),
    /// A proof is not
    Bad,
}

/// What one record says.
#[derive(Clone, Debug)]
pub struct Fact(pub(super) Body);

#[derive(Clone, Debug)]
pub(super) enum Body {
    Said(Box<Said>),
    /// A party has accepted the contract
    Accept(Vec<usize>),
    /// About a device of the contract, but not to be believed
    Refused {
        device: usize,
        kind: Kind,
        time: Option<Time>,
    },
}

/// A reading, or a status record of a source.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// The contract's device that it is a reading of
    pub(super) reading_of: Option<usize>,
    /// The devices that its signers may speak for
    pub(super) speaks_for: Arc<[usize]>,
    pub(super) time: Option<Time>,
    /// Which run of the machine, and how many milliseconds into it
    pub(super) uptime: Option<(Box<str>, u64)>,
    /// Whether it is a status that says what time it is
    pub(super) clock: bool,
    pub(super) stream: Option<(Box<str>, u64)>,
    pub(super) cells: Vec<Cell>,
}

/// A field's value in a reading.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) field: usize,
    /// None: the reading says that it is unknown, or says it in a way that cannot be used
    pub(super) value: Option<Val>,
    /// What is remarkable about it
    pub(super) remark: Option<Kind>,
}

/// Knows what a contract wants from a record.
pub struct Sieve<'a> {
    contract: &'a Contract,
    devices: HashMap<&'a str, usize>,
    speaks_for: HashMap<&'a PublicKey, Arc<[usize]>>,
    everybody: Arc<[usize]>,
    nobody: Arc<[usize]>,
    unsigned_counts: bool,
}

impl<'a> Sieve<'a> {
    /// A sieve for a contract. With `unsigned_counts`, records without any proof count as the device's own:
    /// for records that come from nowhere but a pipe.
    pub fn new(contract: &'a Contract, unsigned_counts: bool) -> Self {
        let mut speaks_for: HashMap<&PublicKey, Vec<usize>> = HashMap::new();
        for (at, device) in contract.devices.iter().enumerate() {
            for key in &device.signers {
                speaks_for.entry(key).or_default().push(at);
            }
        }
        Self {
            contract,
            devices: contract
                .devices
                .iter()
                .enumerate()
                .map(|(at, device)| (device.id.as_str(), at))
                .collect(),
            speaks_for: speaks_for.into_iter().map(|(key, devices)| (key, devices.into())).collect(),
            everybody: (0..contract.devices.len()).collect(),
            nobody: Arc::new([]),
            unsigned_counts,
        }
    }

    /// Whether the contract wants to know about a record, before its proofs are checked.
    pub fn wants(&self, record: &Object) -> bool {
        match record.str("type") {
            Some("reading") => self.device(record).is_some() || record.get("stream").is_some(),
            Some("status") => record.get("stream").is_some() || record.str("status") == Some("clock"),
            Some("accept") => true,
            _ => false,
        }
    }

    /// What a record says, if the contract wants to know it.
    pub fn fact(&self, record: &Object, signers: Signers) -> Option<Fact> {
        match record.str("type") {
            Some("reading") => self.said(record, signers, self.device(record)),
            Some("status") => self.said(record, signers, None),
            Some("accept") => self.accept(record, signers),
            _ => None,
        }
    }

    fn device(&self, record: &Object) -> Option<usize> {
        self.devices.get(record.str("device")?).copied()
    }

    fn said(&self, record: &Object, signers: Signers, reading_of: Option<usize>) -> Option<Fact> {
        let time =
            record.str("time").and_then(|text| Time::parse(text).or_else(|| Time::parse_rfc3339(text)));
        let refused = |kind| reading_of.map(|device| Fact(Body::Refused { device, kind, time }));
        let Signers::Good(signers) = signers else { return refused(Kind::BadProof) };
        let speaks_for = self.speaks_for(signers);
        if reading_of.is_some_and(|device| !speaks_for.contains(&device)) {
            return refused(Kind::Unauthorized);
        }
        let text = |name| record.str(name).map(Box::<str>::from);
        let number = |name| record.get(name).and_then(Value::as_u64);
        let said = Said {
            reading_of,
            speaks_for,
            time,
            uptime: text("boot").zip(number("up")),
            clock: record.str("type") == Some("status") && record.str("status") == Some("clock"),
            stream: text("stream").zip(number("seq")),
            cells: reading_of.map_or_else(Vec::new, |device| self.cells(device, record)),
        };
        let says_something = said.reading_of.is_some() || said.stream.is_some() || said.clock;
        (says_something && !said.speaks_for.is_empty()).then(|| Fact(Body::Said(Box::new(said))))
    }

    fn speaks_for(&self, signers: &[PublicKey]) -> Arc<[usize]> {
        match signers {
            [] if self.unsigned_counts => Arc::clone(&self.everybody),
            [key] => self.speaks_for.get(key).unwrap_or(&self.nobody).clone(),
            _ => {
                let mut devices: Vec<_> = signers
                    .iter()
                    .filter_map(|key| self.speaks_for.get(key))
                    .flat_map(|d| d.iter().copied())
                    .collect();
                devices.sort_unstable();
                devices.dedup();
                devices.into()
            }
        }
    }

    fn cells(&self, device: usize, record: &Object) -> Vec<Cell> {
        let Some(values) = record.get("values").and_then(Value::as_object) else { return Vec::new() };
        let units = record.get("units").and_then(Value::as_object);
        let fields = self.contract.devices[device].fields.iter().enumerate();
        fields
            .filter_map(|(at, field)| {
                let value = values.get(&field.source)?;
                let unit = units.and_then(|units| units.str(&field.source));
                let (value, remark) = usable(field, value, unit);
                Some(Cell { field: at, value, remark })
            })
            .collect()
    }

    fn accept(&self, record: &Object, signers: Signers) -> Option<Fact> {
        let Signers::Good(signers) = signers else { return None };
        let contract = record.str("contract").and_then(Hash::parse)?;
        (contract == self.contract.hash).then(|| Fact(Body::Accept(self.contract.parties_of(signers))))
    }
}

impl Contract {
    /// The parties among some signers, by place.
    pub fn parties_of(&self, signers: &[PublicKey]) -> Vec<usize> {
        let signed = |party: &usize| signers.contains(&self.parties[*party].key);
        (0..self.parties.len()).filter(signed).collect()
    }
}

/// A value as the field is declared, and what is remarkable about it.
fn usable(field: &Field, value: &Value, unit: Option<&str>) -> (Option<Val>, Option<Kind>) {
    match (field.ty, value) {
        (_, Value::Null) => (None, None),
        (Type::Text, Value::String(text)) => (Some(Val::Text(text.as_str().into())), None),
        (Type::Bool, Value::Bool(truth)) => (Some(Val::Bool(*truth)), None),
        (Type::Number, Value::Number(number)) => match (&field.unit, unit, Decimal::from_number(*number)) {
            (_, _, None) => (None, Some(Kind::Number)),
            (Some(declared), Some(unit), _) if declared != unit => (None, Some(Kind::Unit)),
            (Some(_), None, Some(decimal)) => (Some(Val::Number(decimal)), Some(Kind::NoUnit)),
            (_, _, Some(decimal)) => (Some(Val::Number(decimal)), None),
        },
        _ => (None, Some(Kind::Number)),
    }
}
