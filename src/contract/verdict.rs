//! The verdict on a contract: one line of canonical JSON, the same bytes for every party.
//!
//! ```json
//! {"accepted":["carrier","shipper"],"as_of":"…","contract":"…","ended":[],"engine":"foil/1","final":true,
//!  "findings":[],"findings_total":0,"ledgers":[{"id":"…","root":"…","size":8424}],"payments":[],
//!  "settlement":[],"status":"kept","terms":[{"id":"cold","state":"kept","why":"within", …}],"type":"verdict",
//!  "why_open":[]}
//! ```
//!
//! No machine, path, program version or time of day is in it. At most fifty excursions, custodians, lines of
//! payments, debts and findings each are listed over the whole, so that it fits a ledger's line; members that end
//! in `_total` say how many there were.

use super::{
    currency::Currency,
    document::{Contract, ContractTerm, LANGUAGE, Payment},
    eval::{ContractFinding, Evaluated, ExcursionTally, LISTED, Replacement, TermResult},
    excursion_writer::{ExcursionWriter, failed_bucket, integer},
    finality::{EndedLedger, Finality},
    settle::{PartyPair, PaymentLine, PaymentResult, Settlement},
    standing::{Standing, standing_of},
};
use crate::{
    decimal::Decimal,
    hash::Hash,
    json::{Object, Value},
    object,
};

/// The state of a ledger that a verdict is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerBasis {
    /// The ledger
    pub id: Hash,
    /// How many of its entries were read
    pub size: u64,
    /// The tree's root over them
    pub root: Hash,
}

/// A verdict on a contract.
#[derive(Clone, Debug)]
pub struct ContractVerdict {
    /// The line
    pub record: Object,
    /// How the contract stands
    pub standing: Standing,
    /// Whether nothing can change any more
    pub is_final: bool,
}

impl ContractVerdict {
    /// The verdict on a contract. `accepted` says of each party whether it has accepted.
    pub fn new(
        contract: &Contract,
        evaluated: &Evaluated,
        finality: &Finality,
        settled: &Settlement,
        ledgers: &[LedgerBasis],
        accepted: &[bool],
    ) -> Self {
        let Finality { is_final, why_open, ended } = finality;
        let (is_final, is_closed) = (*is_final, contract.is_closed(evaluated.as_of));
        let mut room = Room { excursions: LISTED, custodians: LISTED };
        let mut worst = Standing::Kept;
        let mut terms = Vec::with_capacity(contract.terms.len());
        for (term, result) in contract.terms.iter().zip(&evaluated.terms) {
            let (standing, why) = standing_of(term, result, is_closed);
            worst = worst.max(standing);
            let result = (result, &ExcursionWriter { contract, evaluated });
            terms.push(Value::Object(term_object(term, result, standing, why, &mut room)));
        }
        if terms.is_empty() && !is_final {
            worst = Standing::Pending;
        }
        if evaluated.period.is_contradicted {
            worst = worst.max(if is_closed { Standing::Undetermined } else { Standing::Pending });
        }
        let parties = contract.parties.iter().zip(accepted).filter(|(_, accepted)| **accepted);
        let mut findings = evaluated.findings.clone();
        findings.merge(settled.findings.clone());
        let finding = |finding: &ContractFinding| Value::Object(finding_object(contract, finding, ledgers));
        let mut record = object! {
            "type": "verdict",
            "engine": LANGUAGE,
            "contract": contract.hash.to_string(),
            "ledgers": ledgers.iter().map(basis_object).collect::<Vec<_>>(),
            "as_of": evaluated.as_of.to_string(),
            "final": is_final,
            "why_open": why_open.iter().map(Hash::to_string).collect::<Vec<_>>(),
            "ended": ended.iter().map(ended_object).collect::<Vec<_>>(),
            "corrected": evaluated.corrected,
            "accepted": parties.map(|(party, _)| party.id.as_str()).collect::<Vec<_>>(),
            "status": worst.to_string(),
            "terms": Value::Array(terms),
            "payments": Value::Array(payments(contract, settled)),
            "settlement": Value::Array(settlement(contract, settled)),
            "settlement_total": settled.net.len() as u64,
            "findings": Value::Array(findings.iter().map(finding).collect()),
            "findings_total": findings.total,
        };
        if let Some(replaced) = &evaluated.replaced {
            record.insert("superseded", Value::Object(replaced_object(replaced)));
        }
        Self { record, standing: worst, is_final }
    }
}

fn replaced_object(replaced: &Replacement) -> Object {
    object! { "by": replaced.by.to_string(), "from": replaced.from.to_string() }
}

/// How many more excursions and custodians the verdict can list.
struct Room {
    excursions: usize,
    custodians: usize,
}

fn term_object(
    term: &ContractTerm,
    (result, writer): (&TermResult, &ExcursionWriter),
    standing: Standing,
    why: &str,
    room: &mut Room,
) -> Object {
    let mut object = object! { "id": term.id.as_str(), "state": standing.to_string(), "why": why };
    let (excursions, total, misses, unknown, margin) = match result {
        TermResult::Require(tally) => {
            let listed = tally.excursions.len().min(room.excursions);
            room.excursions -= listed;
            let excursions = tally.excursions[..listed].iter();
            let excursion = |it| Value::Object(writer.excursion(term, it, &mut room.custodians));
            let excursions = excursions.map(excursion).collect();
            let margin = margin(tally, writer.uncertainty_of(term, tally));
            (excursions, tally.excursions_total, None, Some(tally.unknown), margin)
        }
        TermResult::Every(misses) => (Vec::new(), 0, Some(*misses), None, margin_of(None, None, None)),
        TermResult::Event(_) | TermResult::Unjudged => {
            (Vec::new(), 0, None, None, margin_of(None, None, None))
        }
        TermResult::Measure(tally) => {
            let listed = tally.failed.len().min(room.excursions);
            room.excursions -= listed;
            let failed = tally.failed[..listed].iter();
            let failed = failed.map(|bucket| Value::Object(failed_bucket(bucket))).collect();
            let margin = margin_of(tally.worst.map(|worst| worst.to_string()), None, None);
            (failed, tally.failed_total, None, Some(tally.unknown), margin)
        }
    };
    object.insert("excursions", Value::Array(excursions));
    object.insert("excursions_total", total);
    object.insert("misses", misses);
    object.insert("unknown_ms", unknown.map(integer));
    object.insert("margin", margin);
    object
}

/// How far the worst value and the worst duration stayed from breach; below zero beyond it. What is less than the
/// uncertainty of the value may be either.
fn margin(tally: &ExcursionTally, uncertainty: Option<Decimal>) -> Object {
    let within = tally.worst.zip(uncertainty).map(|(worst, uncertainty)| worst.abs() < uncertainty);
    margin_of(tally.worst.map(|worst| worst.to_string()), tally.spare, within)
}

fn margin_of(value: Option<String>, spare: Option<i64>, within_uncertainty: Option<bool>) -> Object {
    object! {
        "value": value,
        "milliseconds": spare.map(integer),
        "within_uncertainty": within_uncertainty,
    }
}

fn payments(contract: &Contract, settled: &Settlement) -> Vec<Value> {
    // What is paid has a currency.
    let Some(currency) = &contract.currency else { return Vec::new() };
    let mut room = LISTED;
    let payments = contract.payments.iter().zip(&settled.payments);
    payments.map(|(payment, paid)| payment_object(payment, paid, currency, &mut room)).collect()
}

fn payment_object(payment: &Payment, paid: &PaymentResult, currency: &Currency, room: &mut usize) -> Value {
    let listed = paid.lines.len().min(*room);
    *room -= listed;
    let lines = paid.lines[..listed].iter().map(|line| line_object(line, currency));
    Value::Object(object! {
        "id": payment.id.as_str(),
        "lines": lines.collect::<Vec<_>>(),
        "lines_total": paid.lines_total,
        "sum": currency.text(paid.sums.values().sum()),
        "unpriced": paid.unpriced,
    })
}

fn line_object(line: &PaymentLine, currency: &Currency) -> Value {
    Value::Object(object! {
        "from": line.pair.0.as_str(),
        "to": line.pair.1.as_str(),
        "amount": currency.text(line.amount),
        "calc": line.calc.as_deref(),
        "start": line.start.map(|start| start.to_string()),
    })
}

fn settlement(contract: &Contract, settled: &Settlement) -> Vec<Value> {
    let Some(currency) = &contract.currency else { return Vec::new() };
    let owed = |((from, to), sum): (&PartyPair, &i128)| {
        Value::Object(object! {
            "from": from.as_str(),
            "to": to.as_str(),
            "amount": currency.text(*sum),
            "currency": currency.code.as_str(),
        })
    };
    settled.net.iter().take(LISTED).map(owed).collect()
}

fn basis_object(basis: &LedgerBasis) -> Value {
    Value::Object(object! {
        "id": basis.id.to_string(),
        "size": basis.size,
        "root": basis.root.to_string(),
    })
}

fn ended_object(ended: &EndedLedger) -> Value {
    Value::Object(object! { "id": ended.id.to_string(), "size": ended.size })
}

fn finding_object(contract: &Contract, finding: &ContractFinding, ledgers: &[LedgerBasis]) -> Object {
    let device = finding.device.map(|device| &contract.devices[device]);
    let ledger = finding.entry.and_then(|entry| ledgers.get(entry.ledger));
    object! {
        "ledger": ledger.map(|basis| basis.id.to_string()),
        "n": finding.entry.map(|entry| entry.n),
        "kind": finding.kind.to_string(),
        "device": device.map(|device| device.name.as_str()),
        "field": device.zip(finding.field).map(|(device, field)| device.fields[field].name.as_str()),
    }
}
