//! What readings come to under a contract: every rule of time with numbers worked out by hand, and what went
//! wrong in systems before.

use counterfoil::{
    contract::eval::EvaluationScope,
    json::{self, Value},
};

use super::hour::*;

#[test]
fn thirty_minutes_are_kept_and_a_second_more_is_not() {
    let contract = contract("hold = \"1h\"", &cold("tolerate = { longer_than = \"30m\" }"));
    let lines = |end| [reading(0, 0, "4"), reading(1, 10 * MINUTE, "9"), reading(2, 40 * MINUTE + end, "4")];
    let kept = verdict(&contract, &lines(0));
    assert_eq!((state(&kept).as_str(), excursions(&kept)), ("kept", vec!["10+30".to_owned()]));
    assert_eq!(
        term(&kept).get("margin").unwrap().as_object().unwrap().get("milliseconds"),
        Some(&0u32.into())
    );
    // 30:00.999 are thirty minutes in whole seconds
    assert_eq!(state(&verdict(&contract, &lines(999))), "kept");
    let breached = verdict(&contract, &lines(1_000));
    assert_eq!(
        (state(&breached).as_str(), excursions(&breached)),
        ("breached", vec!["10+30!40:01".to_owned()])
    );
}

#[test]
fn every_excursion_is_charged_not_only_the_worst() {
    let values = ["9", "4", "12", "4", "9", "9", "4", "4", "4", "4", "4", "4"];
    let of = |tolerate: &str| {
        let verdict = verdict(&contract("", &cold(tolerate)), &series(&values));
        (state(&verdict), excursions(&verdict))
    };
    let list = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(of(""), ("breached".to_owned(), list(&["0+5!0:01", "10+5!10:01", "20+10!20:01"])));
    assert_eq!(
        of("tolerate = { count = 2 }"),
        ("breached".to_owned(), list(&["0+5", "10+5", "20+10!20:01"]))
    );
    assert_eq!(of("tolerate = { count = 3 }").0, "kept");
    assert_eq!(of("tolerate = { total = \"20m\" }").0, "kept");
    assert_eq!(
        of("tolerate = { total = \"12m\" }"),
        ("breached".to_owned(), list(&["0+5", "10+5", "20+10!22:01"]))
    );
    let verdict = verdict(&contract("", &cold("")), &series(&values));
    let extremes = term(&verdict);
    let extremes = extremes.get("excursions").unwrap().as_array().unwrap().iter();
    let extremes: Vec<_> =
        extremes.map(|e| e.as_object().unwrap().str("extreme").unwrap().to_owned()).collect();
    assert_eq!(extremes, ["9", "12", "9"]);
    assert_eq!(term(&verdict).get("margin").unwrap().as_object().unwrap().str("value"), Some("-4"));
}

#[test]
fn a_sensor_switched_off_hides_nothing() {
    // bad from 10, silent from 15 on: the value holds until 26, then it is unknown
    let lines = &series(&["4", "4", "9", "9"])[..];
    let of = |gap: &str| {
        let verdict = verdict(
            &contract("", &cold(&format!("tolerate = {{ longer_than = \"30m\" }}\ngap = \"{gap}\""))),
            lines,
        );
        (state(&verdict), excursions(&verdict), unknown_minutes(&verdict))
    };
    assert_eq!(of("hold"), ("breached".to_owned(), vec!["10+50!40:01".to_owned()], 34));
    assert_eq!(of("pause"), ("undetermined".to_owned(), vec!["10+16".to_owned()], 34));
    assert_eq!(of("reset"), ("undetermined".to_owned(), vec!["10+16".to_owned()], 34));
    // a silent sensor is never kept, and no reading at all is not kept either
    assert_eq!(state(&verdict(&contract("", &cold("")), &series(&["4", "4"]))), "undetermined");
    assert_eq!(state(&verdict(&contract("", &cold("")), &[])), "undetermined");
    // but where all that is unknown would be tolerated, it is
    let tolerant = contract("", &cold("tolerate = { longer_than = \"35m\" }"));
    assert_eq!(state(&verdict(&tolerant, &series(&["4", "4", "4", "4"]))), "kept");
    assert_eq!(
        state(&verdict(&contract("", &cold("tolerate = { count = 9 }")), &series(&["4", "4", "4", "4"]))),
        "undetermined"
    );
}

#[test]
fn a_verdict_is_pending_until_late_readings_are_over() {
    let contract = contract("late_after = \"6h\"", &cold(""));
    let good = series(&["4"; 13]);
    let as_of = |millis| run(&contract, &good, EvaluationScope { as_of: Some(at(millis)), patient: true });
    assert_eq!(state(&as_of(7 * 60 * MINUTE - 1)), "pending");
    assert_eq!(state(&as_of(7 * 60 * MINUTE)), "kept");
    assert_eq!(as_of(7 * 60 * MINUTE).get("final"), Some(&true.into()));
    // a breach need not wait, and the default is the latest entry
    let bad = run(&contract, &series(&["4", "9", "9"]), EvaluationScope::default());
    assert_eq!((state(&bad).as_str(), bad.str("as_of")), ("breached", Some("2026-03-01T06:10:00.000Z")));
    let open = term(&bad);
    let open = open.get("excursions").unwrap().as_array().unwrap()[0].as_object().unwrap();
    assert_eq!((open.get("end"), open.get("open")), (Some(&Value::Null), Some(&true.into())));
    // entries received later do not exist
    let early = run(
        &contract,
        &series(&["4", "9", "9"]),
        EvaluationScope { as_of: Some(at(5 * MINUTE - 1)), patient: true },
    );
    assert_eq!(state(&early), "pending");
}

#[test]
fn late_and_future_readings_count_as_the_contract_says() {
    let mut lines = series(&["4"; 13]);
    // a bad one in between, six hours and a millisecond late
    lines.push(reading(13, 7 * MINUTE, "9").received(367 * MINUTE + 1));
    let of = |late: &str, lines: &[Line]| {
        let verdict =
            verdict(&contract(&format!("late_after = \"6h\"\nlate = \"{late}\""), &cold("")), lines);
        (state(&verdict), findings(&verdict))
    };
    // what it said is unknown from its time to the next reading, at 10
    assert_eq!(of("reject", &lines), ("undetermined".to_owned(), vec!["13 late".to_owned()]));
    assert_eq!(of("flag", &lines), ("breached".to_owned(), vec!["13 late".to_owned()]));
    assert_eq!(of("accept", &lines), ("breached".to_owned(), vec![]));
    // exactly six hours is not late
    lines[13] = reading(13, 7 * MINUTE, "9").received(367 * MINUTE);
    assert_eq!(of("reject", &lines), ("breached".to_owned(), vec![]));
    // from to + late_after on nothing counts, whatever `late` says
    lines[13] = reading(13, 7 * MINUTE, "9").received(420 * MINUTE);
    assert_eq!(of("accept", &lines), ("kept".to_owned(), vec![]));

    let mut lines = series(&["4"; 13]);
    lines.insert(1, reading(1, 4 * MINUTE, "9").received(2 * MINUTE));
    assert_eq!(of("reject", &lines).0, "breached", "two minutes ahead is a clock's business");
    lines[1] = reading(1, 4 * MINUTE, "9").received(2 * MINUTE - 1);
    assert_eq!(of("reject", &lines), ("undetermined".to_owned(), vec!["1 future".to_owned()]));
}

#[test]
fn a_later_clock_dates_readings_that_knew_no_time() {
    let contract = contract("", &cold(""));
    let untimed = |n: u64, received: i64, up: u64, t: &str| {
        reading(n, 0, t).with("time", Value::Null).with("boot", "b").with("up", up).received(received)
    };
    let clock = |n: u64, millis: i64, up: u64| {
        let mut line = reading(n, millis, "0").with("type", "status").with("status", "clock");
        line.record.remove("values");
        line.with("boot", "b").with("up", up)
    };
    let up = |minutes: i64| (minutes * MINUTE).unsigned_abs();
    let mut lines = series(&["4"; 13]);
    // read 20 minutes after the start of the machine, which started at 02: that was 22
    lines.insert(6, untimed(20, 30 * MINUTE, up(20), "9"));
    lines.insert(8, clock(21, 40 * MINUTE, up(38)));
    lines.insert(10, clock(22, 50 * MINUTE, up(30)));
    assert_eq!(excursions(&verdict(&contract, &lines)), ["22+3!22:01"], "the first later status tells");
    // without status it stays untimed, and is listed: nobody knows when it was that warm
    lines.retain(|line| line.n != 21 && line.n != 22);
    let verdict = verdict(&contract, &lines);
    assert_eq!(
        (state(&verdict).as_str(), findings(&verdict)),
        ("undetermined", vec!["20 untimed".to_owned()])
    );
}

#[test]
fn values_conflict_repeat_and_end() {
    let contract = contract("", &cold(""));
    let mut lines = series(&["4"; 13]);
    // the same again is nothing new; another value loses to the lower entry, whichever comes first
    lines.push(reading(20, 10 * MINUTE, "4.00").received(61 * MINUTE));
    lines.push(reading(21, 15 * MINUTE, "9").received(62 * MINUTE));
    let after = verdict(&contract, &lines);
    assert_eq!((state(&after).as_str(), findings(&after)), ("kept", vec!["21 conflict t".to_owned()]));
    // null is unknown at once; a reading without the field does not touch it
    let mut lines = series(&["4"; 13]);
    lines[2] = reading(2, 10 * MINUTE, "4").values(r#"{"t":null}"#);
    lines[5] = reading(5, 25 * MINUTE, "4").values(r#"{"door":"open"}"#);
    let after = verdict(&contract, &lines);
    assert_eq!((state(&after).as_str(), unknown_minutes(&after)), ("undetermined", 5));
}

#[test]
fn numbers_and_units_are_what_was_declared_or_unknown() {
    let contract = contract("", &cold(""));
    let unit = |unit: &str| json::parse(unit.as_bytes()).unwrap();
    let mut lines = series(&["4"; 13]);
    lines[1] = lines[1].clone().with("units", unit(r#"{"t":"F"}"#));
    lines[3] = lines[3].clone().values(r#"{"t":1e300}"#);
    lines[5] = lines[5].clone().values(r#"{"t":"4"}"#);
    lines[7].record.remove("units");
    lines[8].record.remove("units");
    let verdict = verdict(&contract, &lines);
    assert_eq!(findings(&verdict), ["1 unit t", "3 number t", "5 number t", "7 no-unit t"]);
    assert_eq!((state(&verdict).as_str(), unknown_minutes(&verdict)), ("undetermined", 15));
}

#[test]
fn float_money_and_float_readings_are_exact() {
    let contract = contract(
        "",
        "[[terms]]\nid = \"sum\"\non = \"probe\"\nrequire = \"t + 0.2 == 0.3 && t * 3 == 0.3\"\n",
    );
    assert_eq!(state(&verdict(&contract, &series(&["0.1"; 13]))), "kept");
    let overflow =
        self::contract("", "[[terms]]\nid = \"big\"\non = \"probe\"\nrequire = \"t * t * t > 0\"\n");
    let mut lines = series(&["2"; 13]);
    lines[4] = reading(4, 20 * MINUTE, "1e15");
    let verdict = verdict(&overflow, &lines);
    assert_eq!(
        (state(&verdict).as_str(), findings(&verdict)),
        ("undetermined", vec!["4 overflow".to_owned()])
    );
}

#[test]
fn only_the_device_speaks_for_itself() {
    let contract = contract("", &cold(""));
    let mut lines = series(&["4"; 13]);
    lines[4] = reading(4, 20 * MINUTE, "9").signed_by(7);
    lines[6] = reading(6, 30 * MINUTE, "9").signed_by(0);
    let verdict = verdict(&contract, &lines);
    assert_eq!(state(&verdict), "kept", "hold bridges what was excluded");
    assert_eq!(findings(&verdict), ["4 unauthorized", "6 bad-proof"]);
}

#[test]
fn a_withheld_reading_is_not_bridged() {
    let contract = contract("", &cold("tolerate = { longer_than = \"30m\" }"));
    let mut lines: Vec<_> =
        series(&["4"; 13]).into_iter().map(|line| line.clone().in_stream(line.n)).collect();
    assert_eq!(unknown_minutes(&verdict(&contract, &lines)), 0);
    // number 5, at 25, is withheld: unknown from 20 to 30, though 4 would hold until 31
    let withheld = lines.remove(5);
    let without = verdict(&contract, &lines);
    assert_eq!((unknown_minutes(&without), findings(&without)), (10, vec!["6 seq-gap".to_owned()]));
    // a late record of that number is there, and says as little as if it were not
    let mut filled = lines.clone();
    filled.push(Line { n: 13, ..withheld.clone().received(24 * 60 * MINUTE + 26 * MINUTE) });
    let after = verdict(&contract, &filled);
    assert_eq!((unknown_minutes(&after), findings(&after)), (10, vec!["13 late".to_owned()]));
    // in time it fills the hole, and a late copy of it changes nothing
    let in_time = Line { n: 12, ..withheld.clone().received(61 * MINUTE) };
    let mut whole = filled.clone();
    whole[11] = Line { n: 11, ..whole[11].clone() };
    whole.insert(12, in_time);
    let after = verdict(&contract, &whole);
    assert_eq!((unknown_minutes(&after), findings(&after)), (0, vec!["13 late".to_owned()]));
    // another source's record of that number does not
    let mut forged = lines.clone();
    forged.push(withheld.signed_by(7).received(61 * MINUTE));
    assert_eq!(unknown_minutes(&verdict(&contract, &forged)), 10);
}

#[test]
fn a_stream_without_its_beginning_is_not_bridged_either() {
    let contract = contract("", &cold(""));
    let mut lines = series(&["4"; 13]);
    // from 30 on another run of the source, of which 0 and 1 are missing
    for (seq, line) in (2u64..).zip(&mut lines[6..]) {
        *line = line.clone().with("stream", "second").with("seq", seq);
    }
    let after = verdict(&contract, &lines);
    assert_eq!((unknown_minutes(&after), findings(&after)), (5, vec!["6 seq-gap".to_owned()]));
}

#[test]
fn a_hole_silences_no_other_stream() {
    let contract = contract("", &cold(""));
    // from 30 on another stream goes on, and says that it is too warm at 45
    let said = |n: u64| {
        let line = reading(n, i64::try_from(n).unwrap() * 5 * MINUTE, if n == 9 { "9" } else { "4" });
        if n < 6 { line.in_stream(n) } else { line.with("stream", "next").with("seq", n - 6) }
    };
    let mut lines: Vec<_> = (0..13).map(said).collect();
    let whole = verdict(&contract, &lines);
    assert_eq!((state(&whole).as_str(), excursions(&whole)), ("breached", vec!["45+5!45:01".to_owned()]));
    // then a late status in the first stream, far above: what is known of 45 stays known
    let mut status = reading(13, 62 * MINUTE, "0").with("type", "status").in_stream(1_000);
    status.record.remove("values");
    lines.push(status);
    let after = verdict(&contract, &lines);
    assert_eq!((state(&after), excursions(&after)), (state(&whole), excursions(&whole)));
    assert_eq!((unknown_minutes(&after), findings(&after)), (5, vec!["13 seq-gap".to_owned()]));
    // a reading without stream speaks as well, one from below the hole does not
    lines.insert(6, reading(20, 27 * MINUTE, "4"));
    assert_eq!(unknown_minutes(&verdict(&contract, &lines)), 2);
    let mut below = said(0).in_stream(2).received(27 * MINUTE);
    below.record.insert("time", at(27 * MINUTE).to_string());
    lines[6] = below;
    lines[2].record.insert("seq", 0u32);
    assert_eq!(unknown_minutes(&verdict(&contract, &lines)), 5);
}

#[test]
fn status_records_share_the_counter() {
    let contract = contract("", &cold(""));
    let mut lines: Vec<_> =
        series(&["4"; 13]).into_iter().map(|line| line.clone().in_stream(line.n)).collect();
    let mut status = lines[5].clone().with("type", "status").with("status", "bad-frames");
    status.record.remove("values");
    lines[5] = status;
    let verdict = verdict(&contract, &lines);
    assert_eq!((unknown_minutes(&verdict), findings(&verdict)), (0, vec![]));
}

#[test]
fn the_last_value_before_the_period_speaks_while_it_holds() {
    let contract = contract("", &cold("tolerate = { longer_than = \"5m\" }\ngap = \"hold\""));
    let mut lines = vec![reading(100, -6 * MINUTE, "9")];
    lines.extend(series(&["4"; 13]).into_iter().skip(2));
    // it holds until 05; from then until 10 it is unknown
    let verdict = verdict(&contract, &lines);
    assert_eq!((excursions(&verdict), unknown_minutes(&verdict)), (vec!["0+10!5:01".to_owned()], 5));
    let first = term(&verdict);
    let first = first.get("excursions").unwrap().as_array().unwrap()[0].as_object().unwrap();
    assert_eq!(first.get("first_entry"), Some(&100u32.into()));
}

#[test]
fn excursions_are_clipped_to_the_period() {
    let contract = contract("hold = \"3h\"", &cold("tolerate = { longer_than = \"20m\" }"));
    let lines = [reading(0, 0, "4"), reading(1, 40 * MINUTE, "9"), reading(2, 100 * MINUTE, "4")];
    let verdict = verdict(&contract, &lines);
    assert_eq!((state(&verdict).as_str(), excursions(&verdict)), ("kept", vec!["40+20".to_owned()]));
}

#[test]
fn ten_hours_of_silence_are_not_one_miss() {
    let heartbeat = |tolerate: &str| {
        contract("", &format!("[[terms]]\nid = \"beat\"\non = \"probe\"\nevery = \"6m\"\n{tolerate}\n"))
    };
    let misses =
        |lines: &[Line]| term(&verdict(&heartbeat(""), lines)).get("misses").unwrap().as_u64().unwrap();
    assert_eq!(misses(&series(&["4"; 13])), 0);
    // three minutes late is no miss: ⌈(60 − 3)/6⌉ − 1
    assert_eq!(misses(&[]), 9);
    // 0–5, then silence until 60: 55 minutes are ⌈(55 − 3)/6⌉ − 1
    assert_eq!(misses(&series(&["4"; 2])), 8);
    // 5–35 is ⌈(30 − 3)/6⌉ − 1 = 4, 35–60 is ⌈(25 − 3)/6⌉ − 1 = 3
    let two = [reading(0, 0, "4"), reading(1, 5 * MINUTE, "4"), reading(2, 35 * MINUTE, "4")];
    assert_eq!(misses(&two), 7);
    assert_eq!(state(&verdict(&heartbeat("tolerate = { count = 7 }"), &two)), "kept");
    assert_eq!(state(&verdict(&heartbeat("tolerate = { count = 6 }"), &two)), "breached");
    // without grace 5–35 is ⌈30/6⌉ − 1 = 4, 35–60 is ⌈25/6⌉ − 1 = 4
    let strict = term(&verdict(&heartbeat("grace = \"0s\""), &two));
    assert_eq!(strict.get("misses"), Some(&8u32.into()));
    // a reading that gives no field a known value is no sign of life: 0–60 is 9 again
    let mut dumb = series(&["4"; 13]);
    for line in &mut dumb[1..] {
        *line = line.clone().values(r#"{"t":null,"battery":12.6}"#);
    }
    assert_eq!(misses(&dumb), 9);
    // one that gives another declared field a value is: 0–30 is ⌈27/6⌉ − 1 = 4, and so is 30–60
    dumb[6] = dumb[6].clone().values(r#"{"t":null,"door":"shut"}"#);
    assert_eq!(misses(&dumb), 8);
    // pending counts only what has passed
    let early =
        run(&heartbeat(""), &two[..2], EvaluationScope { as_of: Some(at(11 * MINUTE)), patient: true });
    assert_eq!((state(&early).as_str(), term(&early).get("misses")), ("pending", Some(&0u32.into())));
}

#[test]
fn text_and_missing_fields_are_conditions_too() {
    let contract = contract(
        "",
        "[[terms]]\nid = \"shut\"\non = \"probe\"\nrequire = \"!has(door) || door in ['shut', 'locked']\"\n",
    );
    let mut lines = series(&["4"; 13]);
    assert_eq!(state(&verdict(&contract, &lines)), "kept");
    lines[3] = lines[3].clone().values(r#"{"door":"open"}"#);
    lines[5] = lines[5].clone().values(r#"{"door":"shut"}"#);
    assert_eq!(excursions(&verdict(&contract, &lines)), ["15+10!15:01"]);
}

#[test]
fn a_verdict_lists_fifty_and_counts_the_rest() {
    let contract = contract("hold = \"11s\"", &cold(""));
    let t = |n: i64| if n % 2 == 0 { "9" } else { "4" };
    let lines: Vec<_> = (0..360)
        .map(|n: i64| reading(n.unsigned_abs(), n * 10_000, t(n)).signed_by(if n < 300 { 3 } else { 7 }))
        .collect();
    let verdict = verdict(&contract, &lines);
    let term = term(&verdict);
    assert_eq!(term.get("excursions").unwrap().as_array().unwrap().len(), 50);
    assert_eq!(term.get("excursions_total"), Some(&150u32.into()));
    assert_eq!(verdict.get("findings").unwrap().as_array().unwrap().len(), 50);
    assert_eq!(verdict.get("findings_total"), Some(&60u32.into()));
    assert!(verdict.to_canonical().len() < 65_000);
}
