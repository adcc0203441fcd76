//! Readings that are missing, or there and do not count: neither is bridged by what was before.

use super::hour::*;

fn streamed(values: &[&str]) -> Vec<Line> {
    series(values).into_iter().map(|line| line.clone().in_stream(line.n)).collect()
}

/// State, unknown minutes and findings.
fn outcome(time: &str, lines: &[Line]) -> (String, u64, Vec<String>) {
    let verdict = verdict(&contract(time, &cold("")), lines);
    (state(&verdict), unknown_minutes(&verdict), findings(&verdict))
}

fn undetermined(minutes: u64, findings: &[&str]) -> (String, u64, Vec<String>) {
    ("undetermined".to_owned(), minutes, findings.iter().map(|text| (*text).to_owned()).collect())
}

#[test]
fn a_reading_that_does_not_count_is_as_one_that_was_withheld() {
    // number 5, at 25, may have been anything: unknown from 20 to 30
    let with = |change: fn(Line) -> Line| {
        let mut lines = streamed(&["4"; 13]);
        lines[5] = change(lines[5].clone());
        lines
    };
    let late = with(|line| line.received(24 * 60 * MINUTE + 26 * MINUTE));
    assert_eq!(outcome("", &late), undetermined(10, &["5 late"]));
    let future = with(|line| line.received(22 * MINUTE));
    assert_eq!(outcome("", &future), undetermined(10, &["5 future"]));
    let unsynced = with(|line| line.with("clock", "unsynced"));
    assert_eq!(outcome("", &unsynced), undetermined(10, &["5 unsynced"]));
    let untimed = with(|line| line.with("time", counterfoil::json::Value::Null));
    assert_eq!(outcome("", &untimed), undetermined(10, &["5 untimed"]));
    let number = with(|line| line.values(r#"{"t":"warm"}"#));
    assert_eq!(outcome("", &number), undetermined(10, &["5 number t"]));
    // a record by another key is a finding, and its number is missing
    let forged = with(|line| line.signed_by(7));
    assert_eq!(outcome("", &forged), undetermined(10, &["5 unauthorized", "6 seq-gap"]));
    let mut twice = streamed(&["4"; 13]);
    twice.push(Line { n: 20, ..twice[5].clone().signed_by(7) });
    assert_eq!(outcome("", &twice), ("kept".to_owned(), 0, vec!["20 unauthorized".to_owned()]));
}

#[test]
fn several_that_do_not_count_are_one_hole() {
    // 3, 4 and 6 come too late; 5 and 9 are missing. Unknown from 10 to 35 and from 40 to 50
    let mut lines = streamed(&["4"; 13]);
    for n in [3, 4, 6] {
        lines[n] = lines[n].clone().received(24 * 60 * MINUTE + 35 * MINUTE);
    }
    lines.remove(9);
    lines.remove(5);
    assert_eq!(
        outcome("", &lines),
        undetermined(35, &["3 late", "4 late", "6 late", "6 seq-gap", "10 seq-gap"])
    );
    // the last one: what 10 said, at 50, is not known to have lasted. Unknown from 50 to 60
    let mut lines = streamed(&["4"; 12]);
    assert_eq!(outcome("", &lines), ("kept".to_owned(), 0, vec![]));
    lines[11] = lines[11].clone().received(24 * 60 * MINUTE + 56 * MINUTE);
    assert_eq!(outcome("", &lines), undetermined(10, &["11 late"]));
}

#[test]
fn without_number_it_is_unknown_from_its_own_time_on() {
    // at 27, of nine degrees, and late: unknown from 27 to 30
    let mut lines = series(&["4"; 13]);
    let late =
        |n: u64, at: i64, t: &str| reading(n, at * MINUTE, t).received(24 * 60 * MINUTE + (at + 1) * MINUTE);
    lines.push(late(20, 27, "9"));
    assert_eq!(outcome("", &lines), undetermined(3, &["20 late"]));
    // a copy of one that counts is no other reading
    lines[13] = late(20, 25, "4");
    assert_eq!(outcome("", &lines), ("kept".to_owned(), 0, vec!["20 late".to_owned()]));
    // outside the period, and the hold before it, it changes nothing
    lines[13] = reading(20, -300 * MINUTE, "9").received(25 * 60 * MINUTE - 1);
    assert_eq!(outcome("late_after = \"24h\"", &lines).1, 0);
}

#[test]
fn a_source_that_starts_anew_is_not_a_hole() {
    // a new stream from 30 on, with numbers from 0, while values hold; the old one ends with a status
    let mut lines = streamed(&["4"; 13]);
    for line in &mut lines[6..] {
        *line = line.clone().with("stream", "second").with("seq", line.n - 6);
    }
    assert_eq!(outcome("", &lines), ("kept".to_owned(), 0, vec![]));
    // its first reading comes too late: what was before it, at 25, does not bridge it. Unknown from 25 to 35
    lines[6] = lines[6].clone().received(24 * 60 * MINUTE + 31 * MINUTE);
    assert_eq!(outcome("", &lines), undetermined(10, &["6 late"]));
}

#[test]
fn a_device_whose_name_differs_in_capitals_is_another_one() {
    let mut lines = streamed(&["4"; 13]);
    lines.extend((0..13u8).map(|n| {
        let line = reading(u64::from(n) + 20, i64::from(n) * 5 * MINUTE, "30").with("device", "Probe");
        line.with("stream", "other").with("seq", u64::from(n))
    }));
    assert_eq!(outcome("", &lines), ("kept".to_owned(), 0, vec![]));
}

/// 8.0 − 7.9 = 0.1: the reading before a gap is unknown from its own time on, and was read nevertheless.
#[test]
fn the_reading_before_a_gap_can_be_the_worst() {
    let mut lines = streamed(&["4", "4", "4", "7.9", "4", "4", "4", "4", "4", "4", "4", "4"]);
    lines.remove(4);
    let of = |lines: &[Line]| {
        let verdict = verdict(&contract("", &cold("")), lines);
        let margin = term(&verdict).get("margin").unwrap().as_object().unwrap().clone();
        (margin.str("value").unwrap().to_owned(), unknown_minutes(&verdict))
    };
    assert_eq!(of(&lines), ("0.1".to_owned(), 10));
    // so can the last one, behind which something is missing
    lines.truncate(4);
    lines.push(reading(9, 60 * MINUTE, "4").in_stream(9));
    assert_eq!(of(&lines), ("0.1".to_owned(), 45));
}

/// A reading that arrived at a minute, with neither time nor number.
fn untimed(n: u64, arrives: i64, t: &str) -> Line {
    reading(n, arrives * MINUTE, t).with("time", counterfoil::json::Value::Null)
}

#[test]
fn without_time_and_number_it_is_unknown_from_the_last_value_before_it_arrived_to_the_next_one() {
    let with = |more: &[Line]| {
        let mut lines = [&series(&["4"; 13])[..], more].concat();
        lines.sort_by_key(|line| line.received);
        outcome("", &lines)
    };
    // of nine degrees, arrived at 27: unknown from 25 to 30
    assert_eq!(with(&[untimed(20, 27, "9")]), undetermined(5, &["20 untimed"]));
    // at 25, when there was a value, too: made before that, or just then; from 20 to 30
    assert_eq!(with(&[untimed(20, 25, "9")]), undetermined(10, &["20 untimed"]));
    // two of them: from 25 to 35; and from 5 to 10 in addition
    let two = [untimed(20, 27, "9"), untimed(21, 32, "9.5")];
    assert_eq!(with(&two), undetermined(10, &["20 untimed", "21 untimed"]));
    let three = [&two[..], &[untimed(22, 7, "4")]].concat();
    assert_eq!(with(&three), undetermined(15, &["20 untimed", "21 untimed", "22 untimed"]));
    // the same record once more, in another ledger say, is no further reading
    let twice = [untimed(20, 27, "9"), untimed(21, 47, "9")];
    assert_eq!(with(&twice), undetermined(5, &["20 untimed", "21 untimed"]));
    // when the period was over: made after the value at 60, which is not in it any more
    assert_eq!(with(&[untimed(20, 70, "9")]), ("kept".to_owned(), 0, vec!["20 untimed".to_owned()]));
    // before the first value of all, at 0, nothing was known anyway
    assert_eq!(with(&[untimed(20, -1, "9")]), ("kept".to_owned(), 0, vec!["20 untimed".to_owned()]));
}

/// A status dates it: at 26, of nine degrees, a breach.
#[test]
fn what_a_later_status_dates_leaves_nothing_open() {
    let boot = |line: Line, up: i64| line.with("boot", "b").with("up", up.unsigned_abs());
    let mut lines = series(&["4"; 13]);
    lines.push(boot(untimed(20, 27, "9"), 1_000));
    let status = reading(21, 28 * MINUTE, "4").with("type", "status").with("status", "clock");
    lines.push(boot(status, 1_000 + 2 * MINUTE));
    lines.sort_by_key(|line| line.received);
    assert_eq!(outcome("", &lines), ("breached".to_owned(), 0, vec![]));
}
