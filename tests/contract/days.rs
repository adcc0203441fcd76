//! Days of readings of a probe (`t`) and a meter (`kwh`, `kw`, and `total`, a counter) under a contract, and its verdict in short words.

use counterfoil::{
    contract::{
        document::Contract,
        eval::{EntryId, Evaluation, EvaluationScope, RecordSigners, Sieve},
        file::ContractFile,
        finality::Finality,
        settle::Bill,
        verdict::ContractVerdict,
    },
    json::{self, Object, Value},
    key::Did,
    time::{Span, Time},
};

use super::hour::key;

/// A contract between a carrier and a shipper.
pub(super) struct Days<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) zone: &'a str,
    pub(super) hold: &'a str,
    pub(super) rest: String,
}

pub(super) fn time(text: &str) -> Time {
    Time::parse_rfc3339(text).unwrap_or_else(|| panic!("{text}"))
}

impl Days<'_> {
    pub(super) fn read(&self) -> Result<Contract, Vec<String>> {
        let Self { from, to, zone, hold, rest } = self;
        let (carrier, shipper, signer) = (key(1).did(), key(2).did(), key(3).did());
        let toml = format!(
            r#"contract = "foil/1"
title = "Days"
period = {{ from = {from}, to = {to} }}
currency = "EUR"
[parties.carrier]
key = "{carrier}"
[parties.shipper]
key = "{shipper}"
[devices.probe]
id = "probe"
signed_by = ["{signer}"]
fields = {{ t = "Cel", door = "text" }}
[devices.meter]
id = "meter"
signed_by = ["{signer}"]
fields = {{ kwh = "kWh", kw = "kW", total = {{ unit = "kWh", counter = {{ max_rate = "50 / 1h", snap = "30s" }} }} }}
[time]
hold = "{hold}"
zone = "{zone}"
{rest}"#
        );
        let source = ContractFile::parse(toml.as_bytes())
            .unwrap_or_else(|(problems, _)| panic!("{problems:?}\n{toml}"));
        let told = |problems: Vec<counterfoil::contract::problem::Problem>| {
            problems.iter().map(ToString::to_string).collect()
        };
        Contract::read(&source.record).map_err(told)
    }

    /// The verdict when nothing can change any more.
    pub(super) fn verdict(&self, readings: &[Reading]) -> Object {
        self.verdict_at(readings, time(self.to).saturating_add(Span::from_millis(2 * 86_400_000)))
    }

    /// The verdict as of an instant. Readings arrive when they are measured.
    pub(super) fn verdict_at(&self, readings: &[Reading], as_of: Time) -> Object {
        let contract = self.read().unwrap_or_else(|problems| panic!("{problems:?}"));
        let sieve = Sieve::new(&contract, false);
        let scope = EvaluationScope { as_of: Some(as_of), patient: true };
        let (mut evaluation, mut bill) = (Evaluation::new(&contract, 1, scope), Bill::new(&contract));
        for (n, reading) in (0..).zip(readings) {
            let signers = [Did::from(&key(3))];
            let mut fact = sieve.fact(&(&reading.record).into(), RecordSigners::Good(&signers));
            evaluation.push(EntryId { ledger: 0, n }, reading.time, &mut fact);
            bill.follow(&mut evaluation);
        }
        let evaluated = evaluation.finish().unwrap();
        let settled = bill.settle(&evaluated);
        let finality = Finality::of_records(&contract, evaluated.as_of);
        ContractVerdict::new(&contract, &evaluated, &finality, &settled, &[], &[true, true]).record
    }
}

/// A measure term: `each` and more beside it.
pub(super) fn measure(condition: &str, more: &str) -> String {
    format!("[[terms]]\nid = \"x\"\nmeasure = \"{condition}\"\n{more}\n")
}

/// A payment of the carrier to the shipper.
pub(super) fn pay(id: &str, more: &str) -> String {
    format!("[[payments]]\nid = \"{id}\"\nfrom = \"carrier\"\nto = \"shipper\"\n{more}\n")
}

/// A reading that arrives when it is measured.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) time: Time,
    pub(super) record: Object,
}

impl Reading {
    pub(super) fn new(device: &str, time: Time, field: &str, value: &str) -> Self {
        let unit = [("t", "Cel"), ("kwh", "kWh"), ("kw", "kW"), ("total", "kWh"), ("door", "")]
            .into_iter()
            .find(|it| it.0 == field);
        let unit = unit.unwrap().1;
        let text = format!(
            r#"{{"type":"reading","device":"{device}","time":"{time}","values":{{"{field}":{value}}},"units":{{"{field}":"{unit}"}}}}"#
        );
        Self { time, record: json::parse_object(text.as_bytes()).unwrap() }
    }

    pub(super) fn in_stream(mut self, seq: u64) -> Self {
        self.record.insert("stream", "s");
        self.record.insert("seq", seq);
        self
    }
}

/// Readings of a field, so many minutes apart: what it is so many minutes after `from`; nothing where there is none.
pub(super) fn series(
    (device, field): (&str, &str),
    from: &str,
    every: i64,
    count: i64,
    value: impl Fn(i64) -> Option<String>,
) -> Vec<Reading> {
    let at = |minutes: i64| time(from).saturating_add(Span::from_millis(minutes * 60_000));
    let minutes = (0..count).map(|n| n * every);
    minutes.filter_map(|it| Some(Reading::new(device, at(it), field, &value(it)?))).collect()
}

/// Readings of several devices as they arrive.
pub(super) fn together(of: &[Vec<Reading>; 2]) -> Vec<Reading> {
    let mut all = of.concat();
    all.sort_by_key(|reading| reading.time);
    all
}

fn rows<'a>(object: &'a Object, name: &str) -> Vec<&'a Object> {
    object.get(name).unwrap().as_array().unwrap().iter().map(|row| row.as_object().unwrap()).collect()
}

/// The first term: its state, then each bucket that failed as `start..end extreme`, `!` where it breached with its end.
pub(super) fn term(verdict: &Object) -> String {
    let term = rows(verdict, "terms")[0];
    let show = |bucket: &&Object| {
        let [start, end] = ["start", "end"].map(|name| short(bucket.str(name).unwrap()));
        let breached = bucket.str("breached_at").map(short);
        assert!(breached.is_none() || breached.as_ref() == Some(&end));
        let extreme = bucket.str("extreme").map(|extreme| format!(" {extreme}")).unwrap_or_default();
        format!(" {start}..{end}{extreme}{}", if breached.is_some() { "!" } else { "" })
    };
    let failed: String = rows(term, "excursions").iter().map(show).collect();
    format!("{}{failed}", term.str("state").unwrap())
}

/// `03-01T06:00`
fn short(time: &str) -> String {
    time[5..16].to_owned()
}

/// A payment as `sum: amount = calc, …`; those without a price are counted.
pub(super) fn paid(verdict: &Object, id: &str) -> String {
    let payment =
        rows(verdict, "payments").into_iter().find(|payment| payment.str("id") == Some(id)).unwrap();
    let line =
        |line: &&Object| format!("{} = {}", line.str("amount").unwrap(), line.str("calc").unwrap_or("…"));
    let lines: Vec<_> = rows(payment, "lines").iter().map(line).collect();
    let unpriced = match payment.get("unpriced").and_then(Value::as_u64).unwrap() {
        0 => String::new(),
        count => format!(" ({count} unpriced)"),
    };
    format!("{}{unpriced}: {}", payment.str("sum").unwrap(), lines.join(", "))
}

/// When each line of a payment begins.
pub(super) fn starts(verdict: &Object, id: &str) -> Vec<String> {
    let payment =
        rows(verdict, "payments").into_iter().find(|payment| payment.str("id") == Some(id)).unwrap();
    rows(payment, "lines").iter().map(|line| short(line.str("start").unwrap())).collect()
}

/// The sum of a payment, and of how many lines.
pub(super) fn sum(verdict: &Object, id: &str) -> (String, u64) {
    let payment =
        rows(verdict, "payments").into_iter().find(|payment| payment.str("id") == Some(id)).unwrap();
    (payment.str("sum").unwrap().to_owned(), payment.get("lines_total").and_then(Value::as_u64).unwrap())
}

/// The kinds of all findings, each with how often it is listed.
pub(super) fn kinds(verdict: &Object) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for finding in rows(verdict, "findings") {
        kinds.push(finding.str("kind").unwrap().to_owned());
    }
    kinds.chunk_by(|a, b| a == b).map(|same| format!("{} {}", same.len(), same[0])).collect()
}
