//! What readings come to under a contract: every rule of time with numbers worked out by hand, and what went
//! wrong in systems before.

use counterfoil::{
    contract::{
        document::Contract,
        eval::{Entry, Evaluation, Scope, Sieve, Signers, Skimmer},
        syntax::Source,
        verdict::Verdict,
    },
    json::{self, Object, Value},
    key::{PublicKey, SecretKey},
    time::{Span, Time},
};
use proptest::prelude::*;

const FROM: &str = "2026-03-01T06:00:00.000Z";

fn key(seed: u8) -> PublicKey {
    SecretKey::from_seed(&[seed; 32]).public()
}

/// An instant so many milliseconds after the period begins.
fn at(millis: i64) -> Time {
    Time::parse(FROM).unwrap().saturating_add(Span::from_millis(millis))
}

const MINUTE: i64 = 60_000;

/// A contract over one hour, with the given terms and lines of `[time]`.
fn contract(time: &str, terms: &str) -> Contract {
    let hold = if time.contains("hold") { "" } else { "hold = \"11m\"" };
    let toml = format!(
        r#"contract = "foil/1"
title = "Cold room"
period = {{ from = {FROM}, to = 2026-03-01T07:00:00Z }}
[parties.owner]
key = "{}"
[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {{ t = "Cel", door = "text" }}
[time]
{hold}
{time}
{terms}"#,
        key(1).did(),
        key(3).did()
    );
    let source = Source::parse(toml.as_bytes()).unwrap();
    Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"))
}

fn cold(tolerate: &str) -> String {
    format!("[[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"t <= 8.0\"\n{tolerate}\n")
}

/// An entry of a ledger under test.
#[derive(Clone, Debug)]
struct Line {
    n: u64,
    received: Time,
    record: Object,
    signer: u8,
}

/// A reading of `t` at so many milliseconds, received in the same instant.
fn reading(n: u64, millis: i64, t: &str) -> Line {
    let time = at(millis);
    let text = format!(
        r#"{{"type":"reading","device":"probe","time":"{time}","values":{{"t":{t}}},"units":{{"t":"Cel"}}}}"#
    );
    Line { n, received: time, record: json::parse_object(text.as_bytes()).unwrap(), signer: 3 }
}

/// Readings every five minutes.
fn series(values: &[&str]) -> Vec<Line> {
    (0..).zip(values).map(|(n, t)| reading(n, i64::try_from(n).unwrap() * 5 * MINUTE, t)).collect()
}

impl Line {
    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.record.insert(name, value);
        self
    }

    fn values(self, values: &str) -> Self {
        self.with("values", json::parse(values.as_bytes()).unwrap())
    }

    fn in_stream(self, seq: u64) -> Self {
        self.with("stream", "s").with("seq", seq)
    }

    fn received(mut self, millis: i64) -> Self {
        self.received = at(millis);
        self
    }

    fn signed_by(mut self, seed: u8) -> Self {
        self.signer = seed;
        self
    }
}

fn run(contract: &Contract, lines: &[Line], scope: Scope) -> Object {
    let sieve = Sieve::new(contract, false);
    let mut evaluation = Evaluation::new(contract, 1, scope);
    for line in lines {
        let signers = [key(line.signer)];
        let signers = if line.signer == 0 { Signers::Bad } else { Signers::Good(&signers) };
        let fact = sieve.fact(&line.record, signers);
        evaluation.push(Entry { ledger: 0, n: line.n }, line.received, fact);
    }
    let evaluated = evaluation.finish().unwrap();
    Verdict::new(contract, &evaluated, &[], &[true]).record
}

/// The verdict when nothing can change any more.
fn verdict(contract: &Contract, lines: &[Line]) -> Object {
    run(contract, lines, Scope { as_of: Some(at(48 * 60 * MINUTE)), patient: true })
}

/// The only term of a verdict.
fn term(verdict: &Object) -> Object {
    verdict.get("terms").unwrap().as_array().unwrap()[0].as_object().unwrap().clone()
}

fn state(verdict: &Object) -> String {
    term(verdict).str("state").unwrap().to_owned()
}

/// Excursions as `start+milliseconds`, in minutes after the beginning; `!at` where they breach.
fn excursions(verdict: &Object) -> Vec<String> {
    let minutes = |time: &str| {
        let millis = (Time::parse(time).unwrap() - at(0)).millis();
        if millis % MINUTE == 0 { (millis / MINUTE).to_string() } else { format!("{millis}ms") }
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

fn findings(verdict: &Object) -> Vec<String> {
    let list = verdict.get("findings").unwrap().as_array().unwrap();
    let show = |finding: &Value| {
        let finding = finding.as_object().unwrap();
        let n = finding.get("n").unwrap().as_u64().unwrap();
        let field = finding.str("field").map(|field| format!(" {field}")).unwrap_or_default();
        format!("{n} {}{field}", finding.str("kind").unwrap())
    };
    list.iter().map(show).collect()
}

fn unknown_minutes(verdict: &Object) -> u64 {
    term(verdict).get("unknown_ms").unwrap().as_u64().unwrap() / 60_000
}

#[test]
fn thirty_minutes_are_kept_and_one_millisecond_more_is_not() {
    let contract = contract("hold = \"1h\"", &cold("tolerate = { longer_than = \"30m\" }"));
    let lines = |end| [reading(0, 0, "4"), reading(1, 10 * MINUTE, "9"), reading(2, 40 * MINUTE + end, "4")];
    let kept = verdict(&contract, &lines(0));
    assert_eq!((state(&kept).as_str(), excursions(&kept)), ("kept", vec!["10+30".to_owned()]));
    assert_eq!(
        term(&kept).get("margin").unwrap().as_object().unwrap().get("milliseconds"),
        Some(&0u32.into())
    );
    let breached = verdict(&contract, &lines(1));
    assert_eq!((state(&breached).as_str(), excursions(&breached)), ("breached", vec!["10+30!40".to_owned()]));
}

#[test]
fn every_excursion_is_charged_not_only_the_worst() {
    let values = ["9", "4", "12", "4", "9", "9", "4", "4", "4", "4", "4", "4"];
    let of = |tolerate: &str| {
        let verdict = verdict(&contract("", &cold(tolerate)), &series(&values));
        (state(&verdict), excursions(&verdict))
    };
    let list = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(of(""), ("breached".to_owned(), list(&["0+5!0", "10+5!10", "20+10!20"])));
    assert_eq!(of("tolerate = { count = 2 }"), ("breached".to_owned(), list(&["0+5", "10+5", "20+10!20"])));
    assert_eq!(of("tolerate = { count = 3 }").0, "kept");
    assert_eq!(of("tolerate = { total = \"20m\" }").0, "kept");
    assert_eq!(
        of("tolerate = { total = \"12m\" }"),
        ("breached".to_owned(), list(&["0+5", "10+5", "20+10!22"]))
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
    // bad from 10, silent from 15 on: the value holds until 26, then nobody knows
    let lines = &series(&["4", "4", "9", "9"])[..];
    let of = |gap: &str| {
        let verdict = verdict(
            &contract("", &cold(&format!("tolerate = {{ longer_than = \"30m\" }}\ngap = \"{gap}\""))),
            lines,
        );
        (state(&verdict), excursions(&verdict), unknown_minutes(&verdict))
    };
    assert_eq!(of("hold"), ("breached".to_owned(), vec!["10+50!40".to_owned()], 34));
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
    let as_of = |millis| run(&contract, &good, Scope { as_of: Some(at(millis)), patient: true });
    assert_eq!(state(&as_of(7 * 60 * MINUTE - 1)), "pending");
    assert_eq!(state(&as_of(7 * 60 * MINUTE)), "kept");
    assert_eq!(as_of(7 * 60 * MINUTE).get("final"), Some(&true.into()));
    // a breach need not wait, and the default is the latest entry
    let bad = run(&contract, &series(&["4", "9", "9"]), Scope::default());
    assert_eq!((state(&bad).as_str(), bad.str("as_of")), ("breached", Some("2026-03-01T06:10:00.000Z")));
    let open = term(&bad);
    let open = open.get("excursions").unwrap().as_array().unwrap()[0].as_object().unwrap();
    assert_eq!((open.get("end"), open.get("open")), (Some(&Value::Null), Some(&true.into())));
    // entries received later do not exist
    let early =
        run(&contract, &series(&["4", "9", "9"]), Scope { as_of: Some(at(5 * MINUTE - 1)), patient: true });
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
    assert_eq!(of("reject", &lines), ("kept".to_owned(), vec!["13 late".to_owned()]));
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
    assert_eq!(of("reject", &lines), ("kept".to_owned(), vec!["1 future".to_owned()]));
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
    assert_eq!(excursions(&verdict(&contract, &lines)), ["22+3!22"], "the first later status tells");
    // without status it stays untimed, and is listed
    lines.retain(|line| line.n != 21 && line.n != 22);
    let verdict = verdict(&contract, &lines);
    assert_eq!((state(&verdict).as_str(), findings(&verdict)), ("kept", vec!["20 untimed".to_owned()]));
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
    // a late record of that number fills the hole, even if it is rejected
    let mut filled = lines.clone();
    filled.push(Line { n: 13, ..withheld.clone().received(24 * 60 * MINUTE + 26 * MINUTE) });
    let after = verdict(&contract, &filled);
    assert_eq!((unknown_minutes(&after), findings(&after)), (0, vec!["13 late".to_owned()]));
    // somebody else's record of that number does not
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
    let contract = contract("", &cold("tolerate = { longer_than = \"5m\" }"));
    let mut lines = vec![reading(100, -6 * MINUTE, "9")];
    lines.extend(series(&["4"; 13]).into_iter().skip(2));
    // it holds until 05; from then until 10 nobody knows
    let verdict = verdict(&contract, &lines);
    assert_eq!((excursions(&verdict), unknown_minutes(&verdict)), (vec!["0+10!5".to_owned()], 5));
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
    assert_eq!(misses(&[]), 9);
    // 0–5, then silence until 60: 55 minutes are ⌈55/6⌉ − 1
    assert_eq!(misses(&series(&["4"; 2])), 9);
    // 5–35 is ⌈30/6⌉ − 1 = 4, 35–60 is ⌈25/6⌉ − 1 = 4
    let two = [reading(0, 0, "4"), reading(1, 5 * MINUTE, "4"), reading(2, 35 * MINUTE, "4")];
    assert_eq!(misses(&two), 8);
    assert_eq!(state(&verdict(&heartbeat("tolerate = { count = 8 }"), &two)), "kept");
    assert_eq!(state(&verdict(&heartbeat("tolerate = { count = 7 }"), &two)), "breached");
    // pending counts only what has passed
    let early = run(&heartbeat(""), &two[..2], Scope { as_of: Some(at(11 * MINUTE)), patient: true });
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
    assert_eq!(excursions(&verdict(&contract, &lines)), ["15+10!15"]);
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

#[test]
fn many_readings_are_followed_as_they_come() {
    // more than are kept waiting, and a hole that is filled too late to be followed in one pass
    let contract =
        contract("hold = \"2s\"\nlate_after = \"1m\"", &cold("tolerate = { longer_than = \"1s\" }"));
    let count = 40_000u64;
    let line = |n: u64| {
        let millis = i64::try_from(n).unwrap() * 25;
        reading(n, millis, if n % 1_000 < 42 { "9" } else { "4" }).in_stream(n)
    };
    let lines: Vec<_> = (0..count).map(line).collect();
    let scope = |patient| Scope { as_of: Some(at(48 * 60 * MINUTE)), patient };
    let (one, two) = (run(&contract, &lines, scope(false)), run(&contract, &lines, scope(true)));
    assert_eq!(one, two);
    assert_eq!(term(&one).get("excursions_total"), Some(&40u32.into()));
    let mut late = lines.clone();
    let filler = late.remove(100);
    late.push(filler.received(3_000_000));
    let sieve = Sieve::new(&contract, false);
    let mut evaluation = Evaluation::new(&contract, 1, scope(false));
    for line in &late {
        let fact = sieve.fact(&line.record, Signers::Good(&[key(3)]));
        evaluation.push(Entry { ledger: 0, n: line.n }, line.received, fact);
    }
    assert!(evaluation.finish().is_err(), "what was followed early must be followed again");
    assert_eq!(findings(&run(&contract, &late, scope(true))), ["100 late"]);
}

/// Terms without entry numbers.
fn without_entries(verdict: &Object) -> String {
    let terms = Value::from(verdict.get("terms").unwrap().as_array().unwrap().to_vec()).to_canonical();
    let number = |text: &str, name: &str| {
        text.split(name)
            .enumerate()
            .map(|(at, part)| {
                if at == 0 {
                    part.to_owned()
                } else {
                    part.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned()
                }
            })
            .collect::<String>()
    };
    number(&number(&terms, "\"first_entry\":"), "\"last_entry\":")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Readings that arrive in another order give the same terms, apart from entry numbers.
    #[test]
    fn the_order_of_arrival_decides_nothing(
        samples in prop::collection::vec((0i64..3_600, 0u32..12, prop::option::of(0u64..40)), 1..40),
        shuffle in any::<prop::sample::Index>(),
        tolerate in prop::sample::select(vec!["", "tolerate = { longer_than = \"5m\" }", "tolerate = { total = \"9m\" }", "tolerate = { count = 2 }"]),
        gap in prop::sample::select(vec!["hold", "pause", "reset"]),
    ) {
        let terms = cold(&format!("{tolerate}\ngap = \"{gap}\"")) + "[[terms]]\nid = \"beat\"\non = \"probe\"\nevery = \"6m\"\n";
        let contract = contract("", &terms);
        // one value per instant: of two the lower entry would win, and that is the order of arrival
        let mut samples = samples;
        samples.sort_unstable_by_key(|sample| sample.0);
        samples.dedup_by_key(|sample| sample.0);
        let mut lines: Vec<_> = samples.iter().map(|(second, t, seq)| {
            let line = reading(0, second * 1_000, &t.to_string()).received(61 * MINUTE);
            seq.map_or(line.clone(), |seq| line.in_stream(seq))
        }).collect();
        let renumber = |lines: &mut Vec<Line>| (0..).zip(lines).for_each(|(n, line)| line.n = n);
        renumber(&mut lines);
        let straight = without_entries(&verdict(&contract, &lines));
        let middle = shuffle.index(lines.len());
        lines.rotate_left(middle);
        let half = lines.len() / 2;
        lines[half..].reverse();
        renumber(&mut lines);
        prop_assert_eq!(straight, without_entries(&verdict(&contract, &lines)));
    }
}

/// The quick way over a line gives the fact that the slow way gives, or leaves the line to it.
#[test]
fn skimming_a_line_says_what_reading_it_says() {
    let contract = contract("", &cold(""));
    let sieve = Sieve::new(&contract, false);
    let mut skimmer = Skimmer::new(&sieve);
    let lines = [
        (
            "reading",
            r#""device":"probe","seq":3,"stream":"s","time":"2026-03-01T06:05:00.000Z","units":{"t":"Cel"},"values":{"t":4.25}"#,
            true,
        ),
        (
            "reading",
            r#""device":"probe","time":"2026-03-01T06:05:00.000Z","values":{"t":-0.5,"x":[1,{"a":"}"}]}"#,
            false,
        ),
        (
            "reading",
            r#""boot":"b","device":"probe","time":null,"up":7,"values":{"door":"open","t":null}"#,
            true,
        ),
        (
            "reading",
            r#""device":"probe","time":"2026-03-01T06:05:00.000Z","values":{"t":0.30000000000000004}"#,
            false,
        ),
        ("reading", r#""device":"pröbe","time":"2026-03-01T06:05:00.000Z","values":{"t":4}"#, false),
        ("reading", r#""device":"pro\"be","values":{"t":4}"#, false),
        ("reading", r#""device":"other","values":{"t":4}"#, true),
        (
            "status",
            r#""boot":"b","device":"probe","raw":{"a":[1,"]",{"b":null}]},"seq":9,"status":"clock","stream":"s","time":"2026-03-01T06:05:00.000Z","up":9"#,
            true,
        ),
        ("reading", r#""time":"2026-03-01T06:05:00.000Z","device":"probe","values":{"t":4}"#, false),
        ("note", r#""text":"x""#, true),
    ];
    for seed in [3, 7] {
        for (kind, members, quick) in lines {
            let did = key(seed).did();
            let proof = format!(
                r#""proof":{{"proofValue":"z1","verificationMethod":"{did}#{}"}}"#,
                key(seed).multibase()
            );
            let text = format!(r#"{{{members},{proof},"type":"{kind}"}}"#);
            let mut record = json::parse_object(text.as_bytes()).unwrap();
            // out of order as it stands, or in canonical form
            let record_text = if members.starts_with("\"time\"") { text } else { record.to_canonical() };
            let line = format!(r#"{{"n":12,"received":"2026-03-01T06:05:01.000Z","record":{record_text}}}"#);
            let quickly = skimmer.skim(line.as_bytes());
            assert_eq!(quickly.is_some(), quick, "{line}");
            record.remove("proof");
            let slow = sieve.fact(&record, Signers::Good(&[key(seed)]));
            if let Some(skimmed) = quickly {
                assert_eq!((skimmed.n, skimmed.received), (12, at(5 * MINUTE + 1_000)));
                assert_eq!(format!("{:?}", skimmed.fact), format!("{slow:?}"), "{line}");
            }
        }
    }
    for broken in
        ["", "{", "{}", r#"{"n":1,"received":"2026-03-01T06:05:01.000Z","record":{}} "#, r#"{"n":1,"n":1}"#]
    {
        assert!(skimmer.skim(broken.as_bytes()).is_none(), "{broken}");
    }
}
