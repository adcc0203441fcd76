//! A cadence hears only readings that give a declared field a known value, whatever the reason for which a value is none.

use counterfoil::{
    contract::document::Contract,
    hash::Hash,
    json::{Object, Value},
    object,
    record::{reading::Integrity, signed},
};

use super::hour::*;

const LABORATORY: u8 = 7;

/// A reading each five minutes, of nine of which something is wrong: from minute 10 to 50.
fn spoilt(spoil: impl Fn(Line) -> Line) -> Vec<Line> {
    let all =
        (0..13).map(|n| reading(n, i64::try_from(n).unwrap() * 5 * MINUTE, "4").with("integrity", "crc"));
    all.map(|line| if (2..11).contains(&line.n) { spoil(line) } else { line }).collect()
}

fn beating() -> Contract {
    let beat = "[[terms]]\nid = \"beat\"\non = \"probe\"\nevery = \"5m\"\ngrace = \"0s\"\n";
    let corrections = "corrections = { by = [\"owner\", \"tenant\"], until = 2026-03-08T00:00:00Z }";
    contract_between(corrections, beat)
}

fn misses(contract: &Contract, lines: &[Line]) -> u64 {
    let mut lines = lines.to_vec();
    lines.sort_by_key(|line| line.received);
    term(&verdict(contract, &lines)).get("misses").unwrap().as_u64().unwrap()
}

type Spoil = fn(Line) -> Line;

/// What a reading can say or lack, so that it is no sign of a device that measures.
const WRONG: [(&str, Spoil); 15] = [
    ("invalid", |line| line.values(r#"{"t":99}"#)),
    ("another unit", |line| line.with("units", Value::Object(object! { "t": "K" }))),
    ("a number that does not fit", |line| line.values(r#"{"t":1e40}"#)),
    ("a text", |line| line.values(r#"{"t":"4"}"#)),
    ("null", |line| line.values(r#"{"t":null}"#)),
    ("no field of the contract", |line| line.values(r#"{"u":4}"#)),
    ("no field", |line| line.values("{}")),
    ("too weak a proof", |line| line.with("integrity", "none")),
    ("no word of proof", |mut line| {
        line.record.remove("integrity");
        line
    }),
    ("a stranger's", |line| line.signed_by(9)),
    ("a bad signature", |line| line.signed_by(0)),
    ("late", |line| line.received(24 * 60 * MINUTE + 59 * MINUTE)),
    ("from the future", |line| {
        let received = (line.received - at(0)).millis() - 3 * MINUTE;
        line.received(received)
    }),
    ("without time", |line| line.with("time", Value::Null)),
    ("by a clock that was not synchronised", |line| line.with("clock", "unsynced")),
];

#[test]
fn what_gives_no_field_a_known_value_is_a_silence() {
    let mut contract = beating();
    contract.devices[0].least_integrity = Integrity::Crc;
    contract.devices[0].fields.iter_mut().for_each(|field| field.valid = Some(bounds(("-40", "85"))));
    assert_eq!(misses(&contract, &spoilt(|line| line)), 0);
    // from minute 5 to 55: 50 / 5 − 1
    for (what, spoil) in WRONG {
        // 24 h 59 m after the period began is more than 24 h after minute 50, and before the contract is closed
        assert_eq!(misses(&contract, &spoilt(spoil)), 9, "{what}");
    }
}

fn bounds((least, greatest): (&str, &str)) -> (counterfoil::decimal::Decimal, counterfoil::decimal::Decimal) {
    let decimal = |text| counterfoil::decimal::Decimal::parse(text).unwrap();
    (decimal(least), decimal(greatest))
}

#[test]
fn what_all_parties_make_unknown_is_a_silence() {
    let (contract, lines) = (beating(), spoilt(|line| line));
    let corrected = |name: &str, value: &Value| {
        let correction = |line: &Line| {
            let mut record = object! {
                "type": "correction",
                "ledger": Hash::of(b"ledger").to_string(),
                "corrects": signed::id(&line.record).to_string(),
            };
            record.insert(name, value.clone());
            Line { record, ..reading(100 + line.n, 70 * MINUTE, "0") }.signed_by(1).cosigned_by(2)
        };
        [&lines[..], &lines[2..11].iter().map(correction).collect::<Vec<_>>()].concat()
    };
    let values = |text: &str| Value::Object(counterfoil::json::parse_object(text.as_bytes()).unwrap());
    assert_eq!(misses(&contract, &corrected("values", &values(r#"{"t":5}"#))), 0);
    assert_eq!(misses(&contract, &corrected("values", &values(r#"{"t":null}"#))), 9);
    assert_eq!(misses(&contract, &corrected("withdrawn", &Value::Bool(true))), 9);
}

/// A certificate for these minutes of the period.
fn calibration(n: u64, from: i64, until: i64) -> Line {
    let record = object! {
        "type": "calibration",
        "device": "probe",
        "certificate": object! { "name": "K 17", "sha256": Hash::of(b"certificate").to_string() },
        "valid": object! { "from": at(from * MINUTE).to_string(), "until": at(until * MINUTE).to_string() },
    };
    Line { record, ..reading(n, 70 * MINUTE, "0") }.signed_by(LABORATORY)
}

fn calibrated(mut contract: Contract) -> Contract {
    contract.devices[0].calibrated_by = vec![key(LABORATORY)];
    contract
}

#[test]
fn time_without_calibration_is_a_silence() {
    let contract = calibrated(beating());
    let of = |calibrations: &[Line]| misses(&contract, &[&spoilt(|line| line), calibrations].concat());
    assert_eq!(of(&[calibration(90, -9, 90)]), 0);
    // no reading at all: 60 / 5 − 1
    assert_eq!(of(&[]), 11);
    // to minute 7, and from 53 on: from minute 5 to 55
    assert_eq!(of(&[calibration(90, -9, 7), calibration(91, 53, 90)]), 9);
}

/// The state of a term over what readings measure, of which those of minute 20 and 25 are measured without calibration.
fn measured(condition: &str, shown: &[&str]) -> (String, String) {
    let fields = "{ t = { unit = \"Cel\", counter = { max_rate = \"50 / 1h\" } } }";
    let term_ =
        format!("[[terms]]\nid = \"x\"\non = \"probe\"\nmeasure = \"{condition}\"\neach = \"period\"\n");
    let contract = calibrated(contract_of(fields, &term_));
    let state_of = |calibrations: &[Line]| {
        let verdict: Object = verdict(&contract, &[&series(shown), calibrations].concat());
        state(&verdict)
    };
    let whole = state_of(&[calibration(90, -9, 90)]);
    (whole, state_of(&[calibration(90, -9, 18), calibration(91, 26, 90)]))
}

#[test]
fn no_measure_takes_a_value_without_calibration() {
    let warm = ["4", "4", "4", "4", "9", "4", "4", "4", "4", "4", "4", "4", "4"];
    // Nine degrees, or twelve readings, would decide each of them. From minute 18 to 26 it is unknown what there was.
    for condition in
        ["max(t) <= 8", "count(t > 8) < 1", "seconds(t > 8) < 60s", "sum(t) < 53", "count() < 12"]
    {
        let undetermined = "undetermined".to_owned();
        assert_eq!(measured(condition, &warm), ("breached".to_owned(), undetermined), "{condition}");
    }
    // 1 each five minutes, and 12 in all; at minute 20 there is a glitch that no counter shows again
    let counter = ["0", "1", "2", "3", "14", "15", "16", "17", "18", "19", "20", "21", "22"];
    assert_eq!(measured("delta(t) <= 12", &counter).0, "breached");
    let glitch = ["0", "1", "2", "3", "14", "5", "6", "7", "8", "9", "10", "11", "12"];
    let of = |condition: &str| measured(condition, &glitch);
    // with it: 14, and what is lower counts no more; without it 12
    assert_eq!((of("delta(t) > 11").1, of("delta(t) <= 12").1), ("kept".to_owned(), "kept".to_owned()));
}
