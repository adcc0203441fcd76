//! An hour of readings under a contract, and its verdict in short words.

use std::sync::OnceLock;

use counterfoil::{
    contract::{
        document::Contract,
        eval::{EntryId, Evaluated, Evaluation, EvaluationScope, Hindsight, RecordSigners, Sieve},
        file::ContractFile,
        finality::Finality,
        settle::{Bill, Settlement},
        verdict::ContractVerdict,
    },
    json::{self, Object, Value},
    key::{Did, PublicKey, SecretKey},
    time::{Span, Time},
};

pub(super) const FROM: &str = "2026-03-01T06:00:00.000Z";

pub(super) fn key(seed: u8) -> PublicKey {
    // They are asked for hundreds of thousands of times.
    static KEYS: [OnceLock<PublicKey>; 256] = [const { OnceLock::new() }; 256];
    KEYS[usize::from(seed)].get_or_init(|| SecretKey::from_seed(&[seed; 32]).public()).clone()
}

/// An instant so many milliseconds after the period begins.
pub(super) fn at(millis: i64) -> Time {
    Time::parse(FROM).unwrap().saturating_add(Span::from_millis(millis))
}

pub(super) const MINUTE: i64 = 60_000;

/// A contract over one hour, with the given terms and lines of `[time]`.
pub(super) fn contract(time: &str, terms: &str) -> Contract {
    contract_with("", "", FIELDS, time, terms)
}

const FIELDS: &str = "{ t = \"Cel\", door = \"text\" }";

/// The same of a probe with these fields.
pub(super) fn contract_of(fields: &str, terms: &str) -> Contract {
    contract_with("", "", fields, "", terms)
}

/// The same between an owner and a tenant, in EUR.
pub(super) fn contract_between(time: &str, terms: &str) -> Contract {
    let tenant = format!("[parties.tenant]\nkey = \"{}\"\n", key(2).did());
    contract_with("currency = \"EUR\"", &tenant, FIELDS, time, terms)
}

pub(super) fn contract_with(top: &str, parties: &str, fields: &str, time: &str, terms: &str) -> Contract {
    let hold = if time.contains("hold") { "" } else { "hold = \"11m\"" };
    let toml = format!(
        r#"contract = "foil/1"
title = "Cold room"
{top}
period = {{ from = {FROM}, to = 2026-03-01T07:00:00Z }}
[parties.owner]
key = "{}"
{parties}
[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {fields}
[time]
{hold}
{time}
{terms}"#,
        key(1).did(),
        key(3).did()
    );
    let source = ContractFile::parse(toml.as_bytes()).unwrap();
    Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"))
}

pub(super) fn cold(tolerate: &str) -> String {
    format!("[[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"t <= 8.0\"\n{tolerate}\n")
}

/// An entry of a ledger under test.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) n: u64,
    pub(super) received: Time,
    pub(super) record: Object,
    pub(super) signer: u8,
    /// Who signs it, too
    pub(super) cosigner: Option<u8>,
}

/// A reading of `t` at so many milliseconds, received in the same instant.
pub(super) fn reading(n: u64, millis: i64, t: &str) -> Line {
    let time = at(millis);
    let text = format!(
        r#"{{"type":"reading","device":"probe","time":"{time}","values":{{"t":{t}}},"units":{{"t":"Cel"}}}}"#
    );
    Line {
        n,
        received: time,
        record: json::parse_object(text.as_bytes()).unwrap(),
        signer: 3,
        cosigner: None,
    }
}

/// Readings every five minutes.
pub(super) fn series(values: &[&str]) -> Vec<Line> {
    (0..).zip(values).map(|(n, t)| reading(n, i64::try_from(n).unwrap() * 5 * MINUTE, t)).collect()
}

impl Line {
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.record.insert(name, value);
        self
    }

    pub(super) fn values(self, values: &str) -> Self {
        self.with("values", json::parse(values.as_bytes()).unwrap())
    }

    pub(super) fn in_stream(self, seq: u64) -> Self {
        self.with("stream", "s").with("seq", seq)
    }

    pub(super) fn received(mut self, millis: i64) -> Self {
        self.received = at(millis);
        self
    }

    pub(super) fn signed_by(mut self, seed: u8) -> Self {
        self.signer = seed;
        self
    }

    pub(super) fn cosigned_by(mut self, seed: u8) -> Self {
        self.cosigner = Some(seed);
        self
    }
}

pub(super) fn run(contract: &Contract, lines: &[Line], scope: EvaluationScope) -> Object {
    let (evaluated, settled) = evaluate(contract, lines, scope);
    let finality = Finality::of_records(contract, evaluated.as_of);
    ContractVerdict::new(contract, &evaluated, &finality, &settled, &[], &[true]).record
}

pub(super) fn evaluate(
    contract: &Contract,
    lines: &[Line],
    scope: EvaluationScope,
) -> (Evaluated, Settlement) {
    let (evaluated, settled) = evaluate_under(contract, lines, scope, &Hindsight::default());
    if evaluated.hindsight.is_empty() {
        return (evaluated, settled);
    }
    evaluate_under(contract, lines, scope, &evaluated.hindsight)
}

fn evaluate_under(
    contract: &Contract,
    lines: &[Line],
    scope: EvaluationScope,
    known: &Hindsight,
) -> (Evaluated, Settlement) {
    let sieve = Sieve::new(contract, false).with_hindsight(known);
    let evaluation = Evaluation::new(contract, 1, scope).with_hindsight(known.clone());
    let (mut evaluation, mut bill) = (evaluation, Bill::new(contract));
    for line in lines {
        let signers: Vec<Did> =
            [line.signer].into_iter().chain(line.cosigner).map(|seed| Did::from(&key(seed))).collect();
        let signers = if line.signer == 0 { RecordSigners::Bad } else { RecordSigners::Good(&signers) };
        let mut fact = sieve.fact(&(&line.record).into(), signers);
        evaluation.push(EntryId { ledger: 0, n: line.n }, line.received, &mut fact);
        bill.follow(&mut evaluation);
    }
    let evaluated = evaluation.finish().unwrap();
    let settled = bill.settle(&evaluated);
    (evaluated, settled)
}

/// The verdict when nothing can change any more.
pub(super) fn verdict(contract: &Contract, lines: &[Line]) -> Object {
    run(contract, lines, EvaluationScope { as_of: Some(at(48 * 60 * MINUTE)), patient: true })
}

/// The only term of a verdict.
pub(super) fn term(verdict: &Object) -> Object {
    verdict.get("terms").unwrap().as_array().unwrap()[0].as_object().unwrap().clone()
}

pub(super) fn state(verdict: &Object) -> String {
    term(verdict).str("state").unwrap().to_owned()
}

/// Excursions as `start+milliseconds`, in minutes after the beginning; `!at` where they breach, `10:01` being a second
/// after minute 10.
pub(super) fn excursions(verdict: &Object) -> Vec<String> {
    let minutes = |time: &str| {
        let millis = (Time::parse(time).unwrap() - at(0)).millis();
        let (minute, rest) = (millis / MINUTE, millis % MINUTE);
        match (rest, rest % 1_000) {
            (0, _) => minute.to_string(),
            (_, 0) => format!("{minute}:{:02}", rest / 1_000),
            _ => format!("{millis}ms"),
        }
    };
    let list = term(verdict);
    let list = list.get("excursions").unwrap().as_array().unwrap();
    let show = |excursion: &Value| {
        let excursion = excursion.as_object().unwrap();
        let length = excursion.get("milliseconds").unwrap().as_u64().unwrap() / 60_000;
        let breach = excursion.str("breached_at").map(|at| format!("!{}", minutes(at))).unwrap_or_default();
        format!("{}+{length}{breach}", minutes(excursion.str("start").unwrap()))
    };
    list.iter().map(show).collect()
}

pub(super) fn findings(verdict: &Object) -> Vec<String> {
    let list = verdict.get("findings").unwrap().as_array().unwrap();
    let show = |finding: &Value| {
        let finding = finding.as_object().unwrap();
        let n = finding.get("n").unwrap().as_u64().map_or("-".to_owned(), |n| n.to_string());
        let field = finding.str("field").map(|field| format!(" {field}")).unwrap_or_default();
        format!("{n} {}{field}", finding.str("kind").unwrap())
    };
    list.iter().map(show).collect()
}

pub(super) fn unknown_minutes(verdict: &Object) -> u64 {
    term(verdict).get("unknown_ms").unwrap().as_u64().unwrap() / 60_000
}

/// Of each payment the sum, and how many lines have no price.
pub(super) fn paid(verdict: &Object) -> Vec<String> {
    let payments = verdict.get("payments").unwrap().as_array().unwrap();
    let show = |payment: &Value| {
        let payment = payment.as_object().unwrap();
        let unpriced = payment.get("unpriced").unwrap().as_u64().unwrap();
        format!("{} ({unpriced})", payment.str("sum").unwrap())
    };
    payments.iter().map(show).collect()
}
