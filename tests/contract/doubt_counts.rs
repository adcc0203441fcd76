//! How many readings there were, where one of them does not count: nobody is accused, and nothing is paid, for a number
//! that nobody knows.

use super::hour::*;
use counterfoil::{
    json::{Object, Value},
    object,
};

/// Six readings in each half of the hour are owed, 1.00 is paid for a half with fewer, and 0.10 for each reading.
const TERMS: &str = r#"
[[terms]]
id = "six"
on = "probe"
measure = "count() >= 6"
each = "30m"
[[payments]]
id = "few"
from = "owner"
to = "tenant"
each = "30m"
when = "count() < 6"
amount = "1.00"
[[payments]]
id = "use"
from = "tenant"
to = "owner"
each = "30m"
amount = "count() * 0.10"
"#;

/// The term's state and what is paid, for a reading every five minutes and the one at 15, changed.
fn outcome(has_numbers: bool, change: fn(Line) -> Option<Line>) -> (String, Vec<String>) {
    let mut lines = series(&["4"; 12]);
    if has_numbers {
        lines = lines.into_iter().map(|line| line.clone().in_stream(line.n)).collect();
    }
    let changed = change(lines.remove(3));
    lines.extend(changed);
    lines.sort_by_key(|line| line.received);
    let verdict = verdict(&contract_between("", TERMS), &lines);
    (state(&verdict), paid(&verdict))
}

/// In the first half there were five readings, or six: no 1.00, and of 0.10 each only those of the second half, 6 × 0.10.
fn unknown() -> (String, Vec<String>) {
    ("undetermined".to_owned(), vec!["0.00 (1)".to_owned(), "0.60 (1)".to_owned()])
}

type Change = fn(Line) -> Option<Line>;

/// What is there and does not count.
const UNUSED: [(&str, Change); 7] = [
    ("late", |line| Some(line.received(24 * 60 * MINUTE + 16 * MINUTE))),
    ("future", |line| Some(line.received(11 * MINUTE))),
    ("unsynced", |line| Some(line.with("clock", "unsynced"))),
    ("text", |line| Some(line.values(r#"{"t":"4"}"#))),
    ("another unit", |line| Some(line.with("units", Value::Object(object! { "t": "K" })))),
    ("a number that is none", |line| Some(line.values(r#"{"t":1e99}"#))),
    ("late, and of another unit", |line| {
        let late = line.received(24 * 60 * MINUTE + 16 * MINUTE);
        Some(late.with("units", Value::Object(object! { "t": "K" })))
    }),
];

#[test]
fn what_does_not_count_may_have_been_a_reading_with_and_without_number() {
    for has_numbers in [true, false] {
        for (what, change) in UNUSED {
            assert_eq!(outcome(has_numbers, change), unknown(), "{what}, numbers: {has_numbers}");
        }
    }
}

#[test]
fn what_was_never_said_is_no_reading() {
    // six: nothing is paid for few of them; 12 × 0.10
    let all = ("kept".to_owned(), vec!["0.00 (0)".to_owned(), "1.20 (0)".to_owned()]);
    assert_eq!(outcome(false, Some), all);
    // five: 1.00, and 11 × 0.10
    let five = ("breached".to_owned(), vec!["1.00 (0)".to_owned(), "1.10 (0)".to_owned()]);
    assert_eq!(outcome(false, |_| None), five);
    assert_eq!(outcome(false, |line| Some(line.values(r#"{"t":null}"#))), five, "null is no value");
    assert_eq!(outcome(false, |line| Some(line.signed_by(7))), five, "it is not the device that speaks");
    // a copy of one that counts is no other reading
    let mut lines = series(&["4"; 12]);
    lines.push(Line { n: 20, ..lines[3].clone().received(25 * 60 * MINUTE - 1) });
    let verdict = verdict(&contract_between("", TERMS), &lines);
    assert_eq!((state(&verdict), paid(&verdict)), all);
}

/// A late one at 29 leaves the first half open, and one at 31 the second: the half that is known has 6 × 0.10.
#[test]
fn only_the_bucket_that_it_touches_is_open() {
    for minute in [26, 29, 31] {
        let mut lines = series(&["4"; 12]);
        let late = reading(20, minute * MINUTE, "4").received(24 * 60 * MINUTE + (minute + 1) * MINUTE);
        lines.push(late);
        let verdict = verdict(&contract_between("", TERMS), &lines);
        // there were six at least
        assert_eq!((state(&verdict), &*paid(&verdict)[0]), ("kept".to_owned(), "0.00 (0)"), "at {minute}");
        assert_eq!(paid(&verdict)[1], "0.60 (1)", "at {minute}");
    }
}

/// Without time and number a reading that arrived at 15 may have been made at any time before: between those at 10 and 20 at
/// the least. As with a number, the first half had five readings or six.
#[test]
fn of_a_reading_without_time_and_number_nobody_knows_when_it_was_made() {
    let untimed: [(&str, Change); 4] = [
        ("null", |line| Some(line.with("time", Value::Null))),
        ("a time that is none", |line| Some(line.with("time", "2026-03-01 06:15"))),
        ("a run of the machine that nothing dates", |line| {
            Some(line.with("time", Value::Null).with("boot", "b").with("up", 5u64))
        }),
        ("no time", |mut line| {
            line.record = line.record.iter().filter(|(name, _)| *name != "time").fold(
                Object::default(),
                |mut record, (name, value)| {
                    record.insert(name, value.clone());
                    record
                },
            );
            Some(line)
        }),
    ];
    for has_numbers in [true, false] {
        for (what, change) in untimed {
            assert_eq!(outcome(has_numbers, change), unknown(), "{what}, numbers: {has_numbers}");
        }
    }
}

/// At 10 a reading has one value of two that cannot be used; it is a reading, and so is the next one if it is such. One that says
/// nothing else may have been a seventh, also as the first of its stream.
#[test]
fn a_numbered_reading_is_one_if_one_of_its_values_can_be_used() {
    let tenant = format!("[parties.tenant]\nkey = \"{}\"\n", key(2).did());
    let contract = contract_with("currency = \"EUR\"", &tenant, r#"{ t = "Cel", u = "Cel" }"#, "", TERMS);
    let of = |at: usize, values: &str| {
        let mut lines: Vec<_> =
            series(&["4"; 12]).into_iter().map(|line| line.clone().in_stream(line.n)).collect();
        lines[2] = lines[2].clone().values(r#"{"t":"4","u":4}"#);
        lines[at] = lines[at].clone().values(values);
        let verdict = verdict(&contract, &lines);
        (state(&verdict), paid(&verdict))
    };
    let all = ("kept".to_owned(), vec!["0.00 (0)".to_owned(), "1.20 (0)".to_owned()]);
    assert_eq!(of(3, r#"{"t":"4","u":4}"#), all);
    for at in [0, 3] {
        assert_eq!(of(at, r#"{"t":"4"}"#), unknown(), "at {at}");
    }
}
