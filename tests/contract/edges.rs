//! What is said at the edges of a period and is paid for is told of: a counter's value at the end, or snapped onto it, and the
//! base that still speaks when the period begins.

use counterfoil::{
    contract::{document::Contract, eval::EvaluationScope},
    hash::Hash,
    json::{Number, Value},
    object,
    record::{reading::Integrity, signed},
};

use super::hour::*;

const FIELDS: &str = "{ t = { unit = \"Cel\", valid = [\"-40\", \"500\"], counter = { max_rate = \"50 / 1h\", snap = \"30s\" } }, door = \"text\" }";
const CORRECTIONS: &str = "corrections = { by = [\"owner\"], until = 2026-03-08T00:00:00Z }";

/// A term that shows what the counter rose in the hour: it always fails.
fn metered() -> Contract {
    let term = "[[terms]]\nid = \"x\"\non = \"probe\"\nmeasure = \"delta(t) < 0\"\neach = \"period\"\n";
    contract_with("", "", FIELDS, CORRECTIONS, term)
}

/// What the counter rose by, how many readings were corrected, and the findings.
fn outcome_of(contract: &Contract, lines: &[Line]) -> (String, u64, String) {
    let mut lines = lines.to_vec();
    lines.sort_by_key(|line| line.received);
    let verdict = run(contract, &lines, EvaluationScope { as_of: Some(at(72 * 60 * MINUTE)), patient: true });
    let term = term(&verdict);
    let failed = term.get("excursions").unwrap().as_array().unwrap().first();
    let rose = failed.and_then(|failed| failed.as_object()?.str("extreme")).unwrap_or("?").to_owned();
    (rose, verdict.get("corrected").unwrap().as_u64().unwrap(), findings(&verdict).join(", "))
}

fn outcome(lines: &[Line]) -> (String, u64, String) {
    outcome_of(&metered(), lines)
}

fn is(rose: &str, corrected: u64, findings: &str) -> (String, u64, String) {
    (rose.to_owned(), corrected, findings.to_owned())
}

/// 100 at the beginning, and one more each five minutes: 111 at minute 55. The one at the end is so many milliseconds late.
fn lines(late: i64) -> Vec<Line> {
    let at = |n: i64| n * 5 * MINUTE + if n == 12 { late } else { 0 };
    (0..13).map(|n: i64| reading(n.unsigned_abs(), at(n), &(100 + n).to_string())).collect()
}

fn correction(of: &Line, name: &str, value: Value) -> Line {
    let mut record = object! {
        "type": "correction",
        "ledger": Hash::of(b"ledger").to_string(),
        "corrects": signed::id(&of.record).to_string(),
    };
    record.insert(name, value);
    Line { record, ..reading(90, 28 * 60 * MINUTE, "0") }.signed_by(1)
}

fn corrected(of: &Line, t: f64) -> Line {
    correction(of, "values", Value::Object(object! { "t": Number::new(t).unwrap() }))
}

fn withdrawn(of: &Line) -> Line {
    correction(of, "withdrawn", Value::Bool(true))
}

/// The lines, of which the one with this number is changed.
fn changed(lines: &[Line], n: u64, change: impl Fn(Line) -> Line) -> Vec<Line> {
    lines.iter().cloned().map(|line| if line.n == n { change(line) } else { line }).collect()
}

/// The value of the end is the twelfth: 112 − 100, or 111 − 100 without it.
#[test]
fn whatever_is_said_of_a_counter_at_the_end_is_told() {
    for late in [0, 7_000, 30_000] {
        let all = lines(late);
        let of = |change: fn(Line) -> Line| outcome(&changed(&all, 12, change));
        assert_eq!(of(|line| line), is("12", 0, ""));
        assert_eq!(of(|line| line.signed_by(9)), is("11", 0, "12 unauthorized"));
        assert_eq!(of(|line| line.signed_by(0)), is("11", 0, "12 bad-proof"));
        assert_eq!(of(|line| line.values(r#"{"t":900}"#)), is("11", 0, "12 invalid t"));
        assert_eq!(of(|line| line.values(r#"{"t":"x"}"#)), is("11", 0, "12 number t"));
        assert_eq!(of(|line| line.values(r#"{"t":99}"#)), is("?", 0, "12 counter-decrease t"));
        assert_eq!(of(|line| line.values(r#"{"t":400}"#)), is("11", 0, "12 counter-jump t"));
        let in_kelvin = |line: Line| line.with("units", Value::Object(object! { "t": "K" }));
        assert_eq!(of(in_kelvin), is("11", 0, "12 unit t"));
        let bare = |line: Line| line.with("units", Value::Object(object! {}));
        assert_eq!(of(bare), is("12", 0, "12 no-unit t"));
        let early = |line: Line| Line { received: at(57 * MINUTE), ..line };
        assert_eq!(of(early), is("11", 0, "12 future"));
        let mut fussy = metered();
        fussy.devices[0].least_integrity = Integrity::Crc;
        let proven = |line: Line| if line.n == 12 { line } else { line.with("integrity", "crc") };
        let proven: Vec<_> = all.iter().cloned().map(proven).collect();
        assert_eq!(outcome_of(&fussy, &proven), is("11", 0, "12 invalid"));
        let last = all[12].clone();
        let with = |more: Line| outcome(&[&all[..], &[more]].concat());
        assert_eq!(with(corrected(&last, 113.0)), is("13", 1, "12 corrected"));
        assert_eq!(with(withdrawn(&last)), is("11", 1, "12 corrected"));
        let other = Line { n: 13, ..last.clone().values(r#"{"t":115}"#) };
        assert_eq!(with(other), is("12", 0, "13 conflict t"));
    }
}

/// Minute 60 and 31 seconds is behind the end, whatever is said then: 111 − 100.
#[test]
fn what_is_behind_the_end_is_not() {
    let all = lines(31_000);
    assert_eq!(outcome(&all), is("11", 0, ""));
    assert_eq!(outcome(&changed(&all, 12, |line| line.signed_by(9))), is("11", 0, ""));
    assert_eq!(outcome(&changed(&all, 12, |line| line.values(r#"{"t":"x"}"#))), is("11", 0, ""));
    // Nor is it anything to a device whose counters nobody measures.
    let cold = "[[terms]]\nid = \"x\"\non = \"probe\"\nmeasure = \"max(t) < 0\"\neach = \"period\"\n";
    let contract = contract_with("", "", FIELDS, "", cold);
    let stranger = changed(&lines(0), 12, |line| line.signed_by(9));
    assert_eq!(outcome_of(&contract, &stranger), is("111", 0, ""));
}

/// The base is what was read five minutes before the period, and speaks for eleven: 98. The next value is that of minute 5,
/// 101. So 112 − 98 = 14, and without the base 112 − 101 = 11.
#[test]
fn whatever_is_said_of_the_base_is_told() {
    let mut all = lines(0);
    all[0] = reading(0, -5 * MINUTE, "98");
    let of = |change: fn(Line) -> Line| outcome(&changed(&all, 0, change));
    assert_eq!(of(|line| line), is("14", 0, ""));
    assert_eq!(of(|line| line.signed_by(9)), is("11", 0, "0 unauthorized"));
    assert_eq!(of(|line| line.values(r#"{"t":900}"#)), is("11", 0, "0 invalid t"));
    assert_eq!(of(|line| line.with("units", Value::Object(object! { "t": "K" }))), is("11", 0, "0 unit t"));
    // 101 after 200 is less: the first value is no base
    assert_eq!(of(|line| line.values(r#"{"t":200}"#)), is("11", 0, "0 counter-decrease t"));
    let with = |more: Line| outcome(&[&all[..], &[more]].concat());
    assert_eq!(with(corrected(&all[0], 99.0)), is("13", 1, "0 corrected"));
    assert_eq!(with(withdrawn(&all[0])), is("11", 1, "0 corrected"));
    let other = Line { n: 13, ..all[0].clone().values(r#"{"t":90}"#) };
    assert_eq!(with(other), is("14", 0, "13 conflict t"));
}

/// A value of minute 61 is no part of the period, and neither is its correction.
#[test]
fn a_correction_of_what_nobody_uses_changes_nothing() {
    let all = lines(0);
    let behind = reading(13, 61 * MINUTE, "113");
    let corrected = corrected(&behind, 120.0);
    assert_eq!(outcome(&[&all[..], &[behind, corrected]].concat()), is("12", 0, ""));
}
