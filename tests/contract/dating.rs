//! Readings whose time nobody had synchronised: what dates them, and what becomes of those that nothing dates.

use counterfoil::{contract::eval::EvaluationScope, json::Value};

use super::hour::*;

const BOOT: &str = "b";

/// A reading that says another time than the one at which it arrived, and since when its machine was up, in minutes.
fn unsynced(n: u64, says: i64, arrives: i64, up: u64, t: &str) -> Line {
    let line = reading(n, says * MINUTE, t).received(arrives * MINUTE).with("clock", "unsynced");
    line.with("boot", BOOT).with("up", up * MINUTE.unsigned_abs())
}

/// A status that says what time it is.
fn clock(n: u64, minute: i64, up: u64) -> Line {
    let mut line = reading(n, minute * MINUTE, "0").with("type", "status").with("status", "clock");
    line.record.remove("values");
    line.with("boot", BOOT).with("up", up * MINUTE.unsigned_abs())
}

/// Good readings every five minutes, and some lines between them, by their arrival.
fn among(lines: &[Line]) -> Vec<Line> {
    let mut all = series(&["4"; 13]);
    all.extend_from_slice(lines);
    all.sort_by_key(|line| (line.received, line.n));
    all
}

fn outcome(time: &str, lines: &[Line]) -> (Vec<String>, Vec<String>) {
    let verdict = verdict(&contract(time, &cold("")), &among(lines));
    (excursions(&verdict), findings(&verdict))
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_later_clock_status_dates_a_reading_of_an_unsynchronised_clock() {
    // it says 7, and was read 20 minutes after the start of a machine that started at 02
    let wrong = unsynced(20, 7, 30, 20, "9");
    let (found, listed) = outcome("", &[wrong.clone(), clock(21, 40, 38)]);
    assert_eq!((found, listed), (texts(&["22+3!22:01"]), vec![]));
    // the first later status of its boot decides, whatever comes after it
    let (found, _) = outcome("", &[wrong.clone(), clock(21, 40, 38), clock(22, 50, 30)]);
    assert_eq!(found, ["22+3!22:01"]);
    // one from before does not, nor that of another boot
    let before = outcome("", &[clock(21, 25, 23), wrong.clone()]);
    assert_eq!(before, (vec![], texts(&["20 unsynced"])));
    let other = outcome("", &[wrong, clock(21, 40, 38).with("boot", "other")]);
    assert_eq!(other, (vec![], texts(&["20 unsynced"])));
}

#[test]
fn a_reading_is_counted_where_it_is_dated() {
    let contract = contract("", &cold(""));
    let readings = |lines: &[Line]| {
        let scope = EvaluationScope { as_of: Some(at(48 * 60 * MINUTE)), patient: true };
        evaluate(&contract, lines, scope).0.readings
    };
    // it arrives an hour after the period without a time, and a status says then that it was read in it
    let blind = unsynced(0, 0, 120, 20, "4").with("time", Value::Null);
    assert_eq!(readings(&[blind.clone(), clock(1, 121, 101)]), [1]);
    // or behind it
    assert_eq!(readings(&[blind.clone(), clock(1, 121, 22)]), [0]);
    // nothing dates it, and it may be one of the period that came late; or it says that it is
    assert_eq!(readings(&[blind]), [1]);
    assert_eq!(readings(&[unsynced(0, -900, 120, 20, "4")]), [1]);
    assert_eq!(readings(&[unsynced(0, 30, 120, 20, "4")]), [1]);
    // it says that it was read in it, and was not
    assert_eq!(readings(&[unsynced(0, 30, 120, 20, "4"), clock(1, 121, 22)]), [0]);
    // a status that says what no calendar has dates nothing
    let ages = unsynced(0, 30, 31, u64::MAX / 120_000, "4");
    assert_eq!(readings(&[ages, clock(1, 32, 20)]), [1]);
}

#[test]
fn what_nothing_dates_counts_only_if_the_contract_says_so() {
    let undated = unsynced(20, 7, 30, 20, "9");
    let alone = std::slice::from_ref(&undated);
    assert_eq!(outcome("", alone), (vec![], texts(&["20 unsynced"])));
    let accept = "unsynced = \"accept\"";
    assert_eq!(outcome(accept, alone), (texts(&["7+3!7:01"]), texts(&["20 unsynced"])));
    // no run of a machine is named, so nothing could date it
    let mut loose = undated.clone();
    loose.record.remove("boot");
    assert_eq!(outcome("", &[loose.clone(), clock(21, 40, 38)]), (vec![], texts(&["20 unsynced"])));
    assert_eq!(outcome(accept, &[loose]).0, ["7+3!7:01"]);
    // dated all the same, where a status does
    assert_eq!(outcome(accept, &[undated, clock(21, 40, 38)]), (texts(&["22+3!22:01"]), vec![]));
}

/// It says 7, and a status says that it was read at 22. The same record once more has no status behind it, or another one: it
/// was read once.
#[test]
fn a_copy_of_a_dated_reading_says_nothing_new() {
    let wrong = unsynced(20, 7, 30, 20, "9");
    let copy = |minute: i64| Line { n: 22, ..wrong.clone().received(minute * MINUTE) };
    for time in ["", "unsynced = \"accept\""] {
        let is =
            |lines: &[Line]| assert_eq!(outcome(time, lines), (texts(&["22+3!22:01"]), vec![]), "{lines:?}");
        is(&[wrong.clone(), clock(21, 40, 38), copy(45)]);
        is(&[wrong.clone(), copy(35), clock(23, 40, 38)]);
        // a second status would date the copy 25, and a third one does not date it again
        is(&[wrong.clone(), clock(21, 40, 38), copy(45), clock(23, 50, 45), clock(24, 55, 40)]);
        let numbered = |line: Line| line.clone().in_stream(u64::from(line.n == 21));
        is(&[wrong.clone(), clock(21, 40, 38), copy(45)].map(numbered));
    }
    // without a time: the copy alone is found nowhere
    let blind = |line: Line| line.with("time", Value::Null);
    let once = [blind(wrong.clone()), clock(21, 40, 38), blind(copy(45))];
    assert_eq!(outcome("", &once), (texts(&["22+3!22:01"]), vec![]));
    // a status from the future dates nothing that counts, so the copy may
    let ahead = [wrong.clone(), clock(21, 50, 18).received(40 * MINUTE), copy(45), clock(23, 47, 45)];
    assert_eq!(outcome("", &ahead), (texts(&["22+3!22:01"]), texts(&["20 future"])));
}

#[test]
fn a_status_of_an_unsynchronised_clock_dates_only_what_has_no_time() {
    let blind = |line: Line| line.with("time", Value::Null);
    let lines = [
        unsynced(20, 7, 30, 20, "9"),
        blind(unsynced(21, 0, 31, 25, "9")),
        clock(22, 40, 38).with("clock", "unsynced"),
    ];
    assert_eq!(outcome("", &lines), (texts(&["27+3!27:01"]), texts(&["20 unsynced"])));
    // a synchronised one comes later
    let (found, listed) = outcome("", &[&lines[..], &[clock(23, 50, 48)]].concat());
    assert_eq!((found, listed), (texts(&["22+3!22:01", "27+3!27:01"]), vec![]));
}

#[test]
fn a_dated_reading_is_from_the_future_by_the_status_not_by_its_own_arrival() {
    // read at 32, arrived at 30: two minutes ahead of the gateway's clock, which was wrong then; the status came at 40
    let (found, listed) = outcome("", &[unsynced(20, 7, 28, 30, "9"), clock(21, 40, 38)]);
    assert_eq!((found, listed), (texts(&["32+3!32:01"]), vec![]));
    // a status that says more than its own arrival allows dates nothing that counts
    let ahead = clock(21, 50, 38).received(40 * MINUTE);
    assert_eq!(outcome("", &[unsynced(20, 7, 28, 37, "9"), ahead]), (vec![], texts(&["20 future"])));
}

#[test]
fn by_arrival_no_clock_is_asked() {
    let toml = "unsynced = \"reject\"";
    let mut contract = contract(toml, &cold(""));
    contract.devices[0].by_received = true;
    let verdict = verdict(&contract, &among(&[unsynced(20, 7, 32, 20, "9")]));
    assert_eq!((excursions(&verdict), findings(&verdict)), (texts(&["32+3!32:01"]), vec![]));
}

#[test]
fn by_arrival_what_comes_at_once_follows_by_entry() {
    let mut contract = contract("", &cold(""));
    contract.devices[0].by_received = true;
    let of = |lines: &[Line]| {
        let verdict = verdict(&contract, lines);
        (excursions(&verdict), findings(&verdict))
    };
    // the clock of the ledger stands still at 20 for three readings: the last one stands from then on
    let still = |t: [&str; 3]| {
        let mut lines = series(&["4"; 12]);
        for (line, t) in lines[5..8].iter_mut().zip(t) {
            *line = reading(line.n, 20 * MINUTE, t);
        }
        lines
    };
    assert_eq!(of(&still(["4", "9", "9"])), (texts(&["20+11!20:01"]), vec![]));
    assert_eq!(of(&still(["9", "9", "4"])), (vec![], vec![]));
    // by the device's own time what came first stands
    contract.devices[0].by_received = false;
    let verdict = verdict(&contract, &still(["4", "9", "9"]));
    assert_eq!(
        (excursions(&verdict), findings(&verdict)),
        (vec![], texts(&["6 conflict t", "7 conflict t"]))
    );
}

#[test]
fn a_time_that_is_not_believed_does_not_bound_a_gap() {
    let contract = contract("", &cold("tolerate = { longer_than = \"30m\" }"));
    let streamed = |n: u64| reading(n, i64::try_from(n).unwrap() * 5 * MINUTE, "4").in_stream(n);
    let mut lines: Vec<_> = (0..13).map(streamed).collect();
    // number 5 is withheld, and number 4 was a status that says 24, by a clock that nobody synchronised
    lines.remove(5);
    let mut status = lines.remove(4).with("type", "status").with("status", "gap").with("clock", "unsynced");
    status.record.remove("values");
    status.record.insert("time", at(24 * MINUTE).to_string());
    lines.insert(4, status);
    // unknown from number 3 at 15 on, not from 24
    assert_eq!(unknown_minutes(&verdict(&contract, &lines)), 15);
}
