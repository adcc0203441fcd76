//! The verdict: one line of canonical JSON, the same bytes for everybody.
//!
//! ```json
//! {"accepted":["carrier","shipper"],"as_of":"…","contract":"…","engine":"foil/1","final":true,
//!  "findings":[],"findings_total":0,"ledgers":[{"id":"…","root":"…","size":8424}],"payments":[],
//!  "settlement":[],"status":"kept","terms":[{"id":"cold","state":"kept","why":"within", …}],"type":"verdict"}
//! ```
//!
//! No machine, path, program version or time of day is in it. At most fifty excursions and fifty findings
//! are listed over the whole; `excursions_total` and `findings_total` say how many there were.

use std::fmt;

use super::{
    document::{Contract, LANGUAGE, Limit, Rule, Term},
    eval::{Came, Evaluated, Finding, LISTED, Tally},
    hands::{Hands, integer},
};
use crate::{
    hash::Hash,
    json::{Object, Value},
    object,
};

/// How a term or a contract stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It held, whatever may have happened in unknown time
    Kept,
    /// It did not break, but nobody knows that it held
    Undetermined,
    /// Readings can still come
    Pending,
    /// It did not hold
    Breached,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept => "kept",
            Self::Undetermined => "undetermined",
            Self::Pending => "pending",
            Self::Breached => "breached",
        })
    }
}

/// What of a ledger the verdict stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Which ledger
    pub id: Hash,
    /// How many of its entries
    pub size: u64,
    /// The tree's root over them
    pub root: Hash,
}

/// A verdict.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The line
    pub record: Object,
    /// How the contract stands
    pub standing: Standing,
    /// Whether nothing can change any more
    pub is_final: bool,
}

impl Verdict {
    /// The verdict on a contract. `accepted` says of each party whether it has accepted.
    pub fn new(contract: &Contract, evaluated: &Evaluated, ledgers: &[Basis], accepted: &[bool]) -> Self {
        let is_final = evaluated.as_of >= contract.closed();
        let mut room = LISTED;
        let mut worst = Standing::Kept;
        let mut terms = Vec::with_capacity(contract.terms.len());
        for (term, came) in contract.terms.iter().zip(&evaluated.terms) {
            let (standing, why) = judge(term, came, is_final);
            worst = worst.max(standing);
            let came = (came, &Hands { contract, evaluated });
            terms.push(Value::Object(term_object(term, came, standing, why, &mut room)));
        }
        if terms.is_empty() && !is_final {
            worst = Standing::Pending;
        }
        let parties = contract.parties.iter().zip(accepted).filter(|(_, accepted)| **accepted);
        let finding = |finding: &Finding| Value::Object(finding_object(contract, finding, ledgers));
        let record = object! {
            "type": "verdict",
            "engine": LANGUAGE,
            "contract": contract.hash.to_string(),
            "ledgers": ledgers.iter().map(basis_object).collect::<Vec<_>>(),
            "as_of": evaluated.as_of.to_string(),
            "final": is_final,
            "accepted": parties.map(|(party, _)| party.id.as_str()).collect::<Vec<_>>(),
            "status": worst.to_string(),
            "terms": Value::Array(terms),
            "payments": Value::Array(Vec::new()),
            "settlement": Value::Array(Vec::new()),
            "findings": Value::Array(evaluated.findings.iter().map(finding).collect()),
            "findings_total": evaluated.findings.total,
        };
        Self { record, standing: worst, is_final }
    }
}

/// A term's standing, and why.
fn judge(term: &Term, came: &Came, is_final: bool) -> (Standing, &'static str) {
    let (breached, could) = match (&term.rule, came) {
        (Rule::Require { limit, .. }, Came::Require(tally)) => (tally.breached, could_breach(*limit, tally)),
        (Rule::Every { misses: most, .. }, Came::Every(misses)) => (misses > most, false),
        _ => (false, true),
    };
    match (breached, is_final, could) {
        (true, ..) => (Standing::Breached, "limit"),
        (false, false, _) => (Standing::Pending, "open"),
        (false, true, true) => (Standing::Undetermined, "unknown-time"),
        (false, true, false) => (Standing::Kept, "within"),
    }
}

/// Whether it would be a breach if the condition had been broken in all unknown time.
fn could_breach(limit: Limit, tally: &Tally) -> bool {
    match limit {
        Limit::None => tally.possible_longest > 0,
        Limit::LongerThan(most) => tally.possible_longest > most.millis(),
        Limit::Total(most) => tally.possible_total > most.millis(),
        Limit::Count(_) | Limit::Percent(..) => tally.unknown > 0,
    }
}

fn term_object(
    term: &Term,
    (came, hands): (&Came, &Hands),
    standing: Standing,
    why: &str,
    room: &mut usize,
) -> Object {
    let mut object = object! { "id": term.id.as_str(), "state": standing.to_string(), "why": why };
    let (excursions, total, misses, unknown, margin) = match came {
        Came::Require(tally) => {
            let listed = tally.excursions.len().min(*room);
            *room -= listed;
            let excursions = tally.excursions[..listed].iter();
            let excursions = excursions.map(|it| Value::Object(hands.excursion(term, it))).collect();
            (excursions, tally.excursions_total, None, Some(tally.unknown), margin(&term.rule, tally))
        }
        Came::Every(misses) => (Vec::new(), 0, Some(*misses), None, (None, None)),
    };
    object.insert("excursions", Value::Array(excursions));
    object.insert("excursions_total", total);
    object.insert("misses", misses);
    object.insert("unknown_ms", unknown.map(integer));
    object.insert("margin", object! { "value": margin.0, "milliseconds": margin.1.map(integer) });
    object
}

/// How far the worst value and the worst duration stayed from breach; below zero beyond it.
fn margin(rule: &Rule, tally: &Tally) -> (Option<String>, Option<i64>) {
    let duration = match rule {
        Rule::Require { limit: Limit::None, .. } => Some(-tally.longest),
        Rule::Require { limit: Limit::LongerThan(most), .. } => Some(most.millis() - tally.longest),
        Rule::Require { limit: Limit::Total(most), .. } => Some(most.millis() - tally.total),
        _ => None,
    };
    (tally.worst.map(|worst| worst.to_string()), duration)
}

fn basis_object(basis: &Basis) -> Value {
    Value::Object(object! {
        "id": basis.id.to_string(),
        "size": basis.size,
        "root": basis.root.to_string(),
    })
}

fn finding_object(contract: &Contract, finding: &Finding, ledgers: &[Basis]) -> Object {
    let device = &contract.devices[finding.device];
    object! {
        "ledger": ledgers.get(finding.ledger).map(|basis| basis.id.to_string()),
        "n": finding.n,
        "kind": finding.kind.to_string(),
        "device": device.name.as_str(),
        "field": finding.field.map(|field| device.fields[field].name.as_str()),
    }
}
