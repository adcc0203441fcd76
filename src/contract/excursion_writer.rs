//! Excursions as objects of the verdict: when, how far, how long, and who had the device in hand.
//!
//! ```json
//! {"breached_at":"…","custodians":[{"from":"…","party":"carrier"}],"end":"…","extreme":"9.5", …,
//!  "responsible":"carrier","start":"…"}
//! ```

use super::{
    document::{Contract, ContractTerm, TermRule},
    eval::{Evaluated, Excursion, ExcursionTally, FailedBucket, TermResult},
};
use crate::{
    decimal::Decimal,
    json::{Object, Value},
    object,
    time::Time,
};

/// Writes excursions of a contract, with the parties that had the device in hand.
pub(super) struct ExcursionWriter<'a> {
    pub(super) contract: &'a Contract,
    pub(super) evaluated: &'a Evaluated,
}

/// Every excursion that is kept, by term, with the term, the device, and who answers for it.
pub fn excursions(contract: &Contract, evaluated: &Evaluated) -> Vec<Object> {
    let writer = ExcursionWriter { contract, evaluated };
    let (mut lines, mut all) = (Vec::new(), usize::MAX);
    for (term, result) in contract.terms.iter().zip(&evaluated.terms) {
        if let (TermResult::Require(tally), Some(device)) = (result, device_of(term)) {
            lines.extend(tally.excursions.iter().map(|excursion| {
                let mut object = writer.excursion(term, excursion, &mut all);
                object.insert("term", term.id.as_str());
                object.insert("device", contract.devices[device].name.as_str());
                object.insert("responsible", writer.responsible(device, excursion));
                object
            }));
        }
    }
    lines
}

/// A bucket over which a condition did not hold, with the members of an excursion.
pub(super) fn failed_bucket(bucket: &FailedBucket) -> Object {
    object! {
        "start": text(bucket.start),
        "end": text(bucket.end),
        "breached_at": text(bucket.end).filter(|_| bucket.breaches),
        "milliseconds": Value::Null,
        "proven_ms": Value::Null,
        "extreme": bucket.extreme.map(|extreme| extreme.to_string()),
        "first_entry": Value::Null,
        "last_entry": Value::Null,
        "custodians": Vec::<Value>::new(),
        "custodians_total": 0u64,
        "open": false,
    }
}

impl ExcursionWriter<'_> {
    /// An excursion of a term, with so many custodians as there is room for. Who answers is a registry's business:
    /// contracts that ask none are silent about it.
    pub(super) fn excursion(&self, term: &ContractTerm, excursion: &Excursion, room: &mut usize) -> Object {
        let device = device_of(term);
        let mut custodians = device.map_or_else(Vec::new, |device| self.custodians(device, excursion));
        let custodians_total = custodians.len() as u64;
        custodians.truncate(*room);
        *room -= custodians.len();
        let mut object = object! {
            "start": text(excursion.start),
            "end": excursion.end.and_then(text),
            "breached_at": excursion.breached_at.and_then(text),
            "milliseconds": integer(excursion.milliseconds),
            "proven_ms": integer(excursion.proven),
            "extreme": excursion.extreme.map(|extreme| extreme.to_string()),
            "first_entry": excursion.first_entry.n,
            "last_entry": excursion.last_entry.n,
            "custodians": custodians,
            "custodians_total": custodians_total,
            "open": excursion.end.is_none(),
        };
        let declared = device.filter(|device| self.contract.devices[*device].responsible.is_some());
        if let Some(device) = declared.filter(|_| self.contract.follows_registry()) {
            object.insert("responsible", self.responsible(device, excursion));
        }
        object
    }

    /// How far the worst value may be from the true one, as the device's calibration says; `None`: none says.
    pub(super) fn uncertainty_of(&self, term: &ContractTerm, tally: &ExcursionTally) -> Option<Decimal> {
        let TermRule::Require { device, condition, .. } = &term.rule else { return None };
        let (field, (_, at)) = (condition.margin()?.field, tally.worst_value?);
        self.evaluated.hindsight.uncertainty((*device, &self.contract.devices[*device]), field, at)
    }

    fn custodians(&self, device: usize, excursion: &Excursion) -> Vec<Value> {
        let now = self.contract.to.min(self.evaluated.as_of);
        let end = excursion.end.and_then(Time::from_millis).unwrap_or(now);
        let Some(start) = Time::from_millis(excursion.start) else { return Vec::new() };
        let held = self.evaluated.roles.custodians(self.contract, device, start, end);
        let object = |party: String, from: Time| object! { "party": party, "from": from.to_string() };
        held.into_iter().map(|held| Value::Object(object(held.party, held.from))).collect()
    }

    fn responsible(&self, device: usize, excursion: &Excursion) -> Option<String> {
        let at = Time::from_millis(excursion.breached_at.unwrap_or(excursion.start))?;
        self.evaluated.roles.responsible(self.contract, device, at)
    }
}

fn device_of(term: &ContractTerm) -> Option<usize> {
    match term.rule {
        TermRule::Require { device, .. } => Some(device),
        TermRule::Every { .. } | TermRule::Measure { .. } | TermRule::Event { .. } => None,
    }
}

fn text(millis: i64) -> Option<String> {
    Time::from_millis(millis).map(|time| time.to_string())
}

/// Milliseconds of ten thousand years are below 2^53.
pub(super) fn integer(millis: i64) -> Value {
    Value::from(millis)
}
