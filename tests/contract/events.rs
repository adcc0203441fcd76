//! Events that parties sign: terms that ask for one, the time that they excuse, the period that they begin and end. The
//! period is an hour, and times are minutes after its beginning.

use counterfoil::{
    contract::{document::Contract, eval::EvaluationScope, file::ContractFile},
    json::{Object, parse},
};

use super::hour::*;

pub(super) const OWNER: u8 = 1;
pub(super) const TENANT: u8 = 2;
/// No party of the contract.
const STRANGER: u8 = 9;

fn contract(period: &str, terms: &str) -> Contract {
    let probe = key(3).did();
    let device = format!(
        "[devices.probe]\nid = \"probe\"\nsigned_by = [\"{probe}\"]\nfields = {{ t = \"Cel\" }}\n[time]\nhold = \"11m\"\n"
    );
    let device = if terms.contains("on = ") { device } else { String::new() };
    let toml = format!(
        r#"contract = "foil/1"
title = "Cold room"
period = {{ from = {FROM}, to = 2026-03-01T07:00:00Z{period} }}
[parties.owner]
key = "{}"
[parties.tenant]
key = "{}"
{device}{terms}"#,
        key(OWNER).did(),
        key(TENANT).did(),
    );
    let source = ContractFile::parse(toml.as_bytes()).unwrap();
    Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"))
}

/// A contract in which `t` is a counter, with a demand on what it counts.
fn metered(demand: &str) -> Contract {
    let toml = format!(
        r#"contract = "foil/1"
title = "A meter"
period = {{ from = {FROM}, to = 2026-03-01T07:00:00Z }}
[parties.owner]
key = "{}"
[parties.tenant]
key = "{}"
[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {{ t = {{ unit = "Cel", counter = {{ max_rate = "50 / 1h", reset_by = ["owner", "tenant"] }} }} }}
[time]
hold = "11m"
[[terms]]
id = "x"
on = "probe"
measure = "{demand}"
each = "period"
"#,
        key(OWNER).did(),
        key(TENANT).did(),
        key(3).did(),
    );
    let source = ContractFile::parse(toml.as_bytes()).unwrap();
    Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"))
}

/// An event of a minute that one party signs, received at another minute.
pub(super) fn event(
    contract: &Contract,
    n: u64,
    name: &str,
    (time, received): (i64, i64),
    signer: u8,
) -> Line {
    let line = Line { n, received: at(received * MINUTE), record: Object::new(), signer, cosigner: None };
    let line = line.with("type", "event").with("event", name).with("contract", contract.hash.to_string());
    line.with("time", at(time * MINUTE).to_string())
}

pub(super) fn fields(line: Line, fields: &str) -> Line {
    line.with("fields", parse(fields.as_bytes()).unwrap())
}

/// Readings every five minutes: too warm from minute 10 to minute 40.
fn warm() -> Vec<Line> {
    let values: Vec<_> = (0..12).map(|n| if (2..8).contains(&n) { "9" } else { "4" }).collect();
    series(&values)
}

const DELIVERED: &str = "[[terms]]\nid = \"delivered\"\nevent = \"delivered\"\nby = [\"owner\", \"tenant\"]\nbefore = 2026-03-01T06:30:00Z\n";

#[test]
fn an_event_is_received_from_all_before_an_instant_or_the_term_is_breached() {
    let contract = contract("", DELIVERED);
    let both = |second: i64| {
        [
            event(&contract, 0, "delivered", (10, 20), OWNER),
            event(&contract, 1, "delivered", (10, second), TENANT),
        ]
    };
    let of = |lines: &[Line], minute: i64| {
        let verdict =
            run(&contract, lines, EvaluationScope { as_of: Some(at(minute * MINUTE)), patient: true });
        (state(&verdict), term(&verdict).str("why").unwrap().to_owned(), findings(&verdict).join(", "))
    };
    let is = |lines: &[Line], minute, state: &str, why: &str, findings: &str| {
        assert_eq!(of(lines, minute), (state.to_owned(), why.to_owned(), findings.to_owned()), "{minute}");
    };
    is(&both(29), 48 * 60, "kept", "within", "");
    is(&both(29), 29, "kept", "within", "");
    is(&both(29), 28, "pending", "open", "0 unauthorized");
    // before minute 30 is not at minute 30
    is(&both(30), 48 * 60, "breached", "limit", "");
    is(&both(29)[..1], 29, "pending", "open", "0 unauthorized");
    is(&both(29)[..1], 30, "breached", "limit", "0 unauthorized");
    is(&[], 48 * 60, "breached", "limit", "");
    // they name different times
    let apart = [both(29)[0].clone(), event(&contract, 1, "delivered", (11, 25), TENANT)];
    is(&apart, 48 * 60, "breached", "limit", "0 unauthorized, 1 unauthorized");
    // the verdict has nothing else of it
    let verdict = verdict(&contract, &both(29));
    let term = term(&verdict);
    assert_eq!(term.get("excursions").unwrap().to_canonical(), "[]");
    assert!(["misses", "unknown_ms"].iter().all(|name| term.get(name).unwrap().to_canonical() == "null"));
}

#[test]
fn what_others_say_is_told_and_changes_nothing() {
    let contract = contract("", DELIVERED);
    let (owner, tenant) = (
        event(&contract, 0, "delivered", (10, 20), OWNER),
        event(&contract, 1, "delivered", (10, 20), TENANT),
    );
    let of = |second: Line| {
        let verdict = verdict(&contract, &[owner.clone(), second]);
        (state(&verdict), findings(&verdict).join(", "))
    };
    let breached = |findings: &str| ("breached".to_owned(), findings.to_owned());
    assert_eq!(of(tenant.clone().signed_by(STRANGER)), breached("0 unauthorized, 1 unauthorized"));
    assert_eq!(of(tenant.clone().signed_by(0)), breached("0 unauthorized, 1 bad-proof"));
    let untimed = breached("0 unauthorized, 1 untimed");
    assert_eq!(of(tenant.clone().with("time", counterfoil::json::Value::Null)), untimed);
    // a leap second that there was not, no text, and an event without a name cannot be read
    let unreadable = breached("0 unauthorized, 1 invalid");
    assert_eq!(of(tenant.clone().with("time", "2026-03-01T06:10:60.000Z")), unreadable);
    assert_eq!(of(tenant.clone().with("time", 12u32)), unreadable);
    assert_eq!(of(tenant.clone().with("event", counterfoil::json::Value::Null)), unreadable);
    // other events, and those of other contracts, are none of its
    assert_eq!(of(tenant.clone().with("event", "loaded")), breached("0 unauthorized"));
    assert_eq!(of(tenant.clone().with("contract", "0".repeat(64))), breached("0 unauthorized"));
    // the first that all signed speaks, whoever says more later
    assert_eq!(of(tenant), ("kept".to_owned(), String::new()));
}

const COLD: &str = "[[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"t <= 8.0\"\n";

#[test]
fn what_all_excuse_is_taken_out_of_the_terms_that_it_covers() {
    let excuse = "[[excuses]]\nevent = \"storm\"\nsigned_by = [\"owner\", \"tenant\"]\nterms = [\"cold\"]\n";
    let contract = contract("", &format!("{COLD}{excuse}"));
    let of = |stretch: &str, signers: &[u8]| {
        let line = |(n, signer): (u64, &u8)| fields(event(&contract, n, "storm", (15, 70), *signer), stretch);
        let lines: Vec<_> = warm().into_iter().chain((20..).zip(signers).map(line)).collect();
        let verdict = verdict(&contract, &lines);
        (excursions(&verdict).join(", "), findings(&verdict).join(", "))
    };
    let is = |stretch: &str, signers: &[u8], excursions: &str, findings: &str| {
        assert_eq!(of(stretch, signers), (excursions.to_owned(), findings.to_owned()), "{stretch}");
    };
    let storm = r#"{"from":"2026-03-01T06:15:00.000Z","until":"2026-03-01T06:25:00.000Z"}"#;
    // 10 to 15 and 25 to 40: the excursion goes on in the storm, and counts nothing
    is(storm, &[OWNER, TENANT], "10+20!10:01", "");
    is(storm, &[OWNER], "10+30!10:01", "20 unauthorized");
    // Offsets are understood, and what is wrong with the stretch is told.
    is(
        r#"{"from":"2026-03-01T07:15:00+01:00","until":"2026-03-01T06:25:00Z"}"#,
        &[OWNER, TENANT],
        "10+20!10:01",
        "",
    );
    is(
        r#"{"from":"2026-03-01T06:15:00Z","until":"2026-03-01T06:24:60Z"}"#,
        &[OWNER, TENANT],
        "10+30!10:01",
        "21 invalid",
    );
    is(
        r#"{"from":"2026-03-01T06:15:00Z","until":"2026-03-01T06:15:00Z"}"#,
        &[OWNER, TENANT],
        "10+30!10:01",
        "21 invalid",
    );
    is(r#"{"from":"2026-03-01T06:15:00Z"}"#, &[OWNER, TENANT], "10+30!10:01", "21 invalid");
    // An excursion that begins in it begins behind it.
    let early = r#"{"from":"2026-03-01T05:00:00Z","until":"2026-03-01T06:12:00Z"}"#;
    is(early, &[OWNER, TENANT], "12+28!12:01", "");
    is(r#"{"from":"2026-03-01T05:00:00Z","until":"2026-03-01T08:00:00Z"}"#, &[OWNER, TENANT], "", "");
}

#[test]
fn events_begin_and_end_the_period_within_it() {
    let period = ", from_event = { event = \"loaded\", by = [\"owner\"] }, to_event = { event = \"delivered\", by = [\"tenant\"] }";
    let contract = contract(period, COLD);
    let of = |events: &[(&str, i64, u8)]| {
        let line = |(n, (name, time, signer)): (u64, &(&str, i64, u8))| {
            event(&contract, n, name, (*time, 70), *signer)
        };
        let lines: Vec<_> = warm().into_iter().chain((20..).zip(events).map(line)).collect();
        excursions(&verdict(&contract, &lines)).join(", ")
    };
    assert_eq!(of(&[]), "10+30!10:01");
    assert_eq!(of(&[("loaded", 20, OWNER)]), "20+20!20:01");
    assert_eq!(of(&[("loaded", 20, OWNER), ("delivered", 25, TENANT)]), "20+5!20:01");
    // signed by another, outside the period, and a second one
    assert_eq!(of(&[("loaded", 20, TENANT)]), "10+30!10:01");
    assert_eq!(of(&[("loaded", -1, OWNER), ("delivered", 60, TENANT)]), "10+30!10:01");
    assert_eq!(of(&[("loaded", 20, OWNER), ("loaded", 30, OWNER)]), "20+20!20:01");
}

#[test]
fn before_the_period_nothing_is_decided() {
    let contract = contract("", &format!("{COLD}{DELIVERED}"));
    let verdict = run(&contract, &[], EvaluationScope { as_of: Some(at(-MINUTE)), patient: true });
    let terms = verdict.get("terms").unwrap().as_array().unwrap().iter();
    let states: Vec<_> =
        terms.map(|term| term.as_object().unwrap().str("state").unwrap().to_owned()).collect();
    assert_eq!(states, ["pending", "pending"]);
}

/// A meter is exchanged in minute 12: 100, 101, 102, then 0, 1 … 8, each five minutes: 2 + 8 = 10 in all, and what it rose by
/// between 102 and its exchange.
#[test]
fn a_counter_begins_anew_after_a_reset_that_all_signed() {
    let values = ["100", "101", "102", "0", "1", "2", "3", "4", "5", "6", "7", "8"];
    let of = |demand: &str, events: &dyn Fn(&Contract) -> Vec<Line>| {
        let contract = metered(demand);
        let mut lines = events(&contract);
        let readings = (10..).zip(series(&values)).map(|(n, line)| Line { n, ..line });
        lines.extend(readings);
        lines.sort_by_key(|line| line.received);
        (0..).zip(&mut lines).for_each(|(n, line)| line.n = n);
        let scope = EvaluationScope { as_of: Some(at(3 * 24 * 60 * MINUTE)), patient: true };
        let verdict = run(&contract, &lines, scope);
        (state(&verdict), findings(&verdict).join(", "))
    };
    let reset = |contract: &Contract, signer: u8| event(contract, 0, "counter-reset", (12, 50), signer);
    let both = |contract: &Contract| vec![reset(contract, OWNER), reset(contract, TENANT)];
    assert_eq!(of("delta(t) <= 10", &both).0, "undetermined");
    let (state, found) = of("delta(t) <= 9.9", &both);
    assert_eq!(state, "breached");
    assert!(found.contains("counter-reset") && !found.contains("counter-decrease"), "{found}");
    // what one of them signs resets nothing, and the decrease is lasting
    let one = |contract: &Contract| vec![reset(contract, OWNER)];
    let (state, found) = of("delta(t) <= 9.9", &one);
    assert_eq!(state, "undetermined");
    assert!(found.contains("counter-decrease") && !found.contains("counter-reset"), "{found}");
    // of the devices only the one that is named
    let other = |contract: &Contract| {
        let named = |line: Line| fields(line, r#"{"device":"another"}"#);
        both(contract).into_iter().map(named).collect::<Vec<_>>()
    };
    assert_eq!(of("delta(t) <= 9.9", &other).0, "undetermined");
    let this = |contract: &Contract| {
        let named = |line: Line| fields(line, r#"{"device":"probe"}"#);
        both(contract).into_iter().map(named).collect::<Vec<_>>()
    };
    assert_eq!(of("delta(t) <= 9.9", &this).0, "breached");
}

/// The verdict of a term over readings each five minutes without an excuse for the minutes 20 to 25, and with one.
fn relieved(term: &str, values: &[&str]) -> [Object; 2] {
    let excuse = "[[excuses]]\nevent = \"storm\"\nsigned_by = [\"owner\", \"tenant\"]\nterms = [\"x\"]\n";
    let contract = contract("", &format!("[[terms]]\nid = \"x\"\non = \"probe\"\n{term}\n{excuse}"));
    let storm = r#"{"from":"2026-03-01T06:20:00.000Z","until":"2026-03-01T06:25:00.000Z"}"#;
    let storm = fields(event(&contract, 90, "storm", (20, 70), OWNER), storm).cosigned_by(TENANT);
    [verdict(&contract, &series(values)), verdict(&contract, &[&series(values)[..], &[storm]].concat())]
}

#[test]
fn an_excuse_lowers_nothing_that_is_tolerated() {
    let is = |state: &str, excursions: &str| (state.to_owned(), excursions.to_owned());
    let relieved = |term: &str, values: &[&str]| {
        relieved(term, values).map(|verdict| (state(&verdict), excursions(&verdict).join(", ")))
    };
    // warm from minute 40 to 45: 9 % of the hour are 5:24, and would be 4:57 of the 55 minutes that are not excused
    let warm_once = ["4", "4", "4", "4", "4", "4", "4", "4", "9", "4", "4", "4"];
    let percent = "require = \"t <= 8.0\"\ntolerate = { percent = \"9\", of = \"1h\" }";
    assert_eq!(relieved(percent, &warm_once), [is("kept", "40+5"), is("kept", "40+5")]);
    // warm from 10 to 20 and from 25 to 35: the silence between them ends the first
    let silent = ["4", "4", "9", "9", "null", "9", "9", "4", "4", "4", "4", "4"];
    let reset = "require = \"t <= 8.0\"\ngap = \"reset\"\ntolerate = { longer_than = \"25m\" }";
    let twice = "10+10, 25+10";
    assert_eq!(relieved(reset, &silent), [is("kept", twice), is("kept", twice)]);
    // where it is not unknown that resets, the excursion goes on over it
    let warm = ["4", "4", "9", "9", "9", "9", "9", "4", "4", "4", "4", "4"];
    assert_eq!(relieved(reset, &warm), [is("kept", "10+25"), is("kept", "10+20")]);
}

/// What an excuse takes out is the time, and not what was measured in it.
#[test]
fn an_excursion_that_begins_in_excused_time_lasts_until_it_clears() {
    let term = "require = \"t <= 8.0\"\nclear = \"t <= 7.5\"\ntolerate = { longer_than = \"12m\" }";
    // nine degrees from 20 to 25, which is excused, and 7.8 until 40
    let values = ["4", "4", "4", "4", "9", "7.8", "7.8", "7.8", "4", "4", "4", "4"];
    let said = relieved(term, &values).map(|verdict| (state(&verdict), excursions(&verdict).join(", ")));
    let breached = |excursions: &str| ("breached".to_owned(), excursions.to_owned());
    assert_eq!(said, [breached("20+20!32:01"), breached("25+15!37:01")]);
    // it has cleared before the storm is over
    let values = ["4", "4", "9", "9", "7.5", "7.8", "7.8", "7.8", "4", "4", "4", "4"];
    assert_eq!(relieved(term, &values).map(|verdict| excursions(&verdict).join(", ")), ["10+10", "10+10"]);
    // silence in it may have been nine degrees: what follows is not known to be well
    let values = ["4", "4", "4", "4", "null", "7.8", "7.8", "7.8", "4", "4", "4", "4"];
    assert_eq!(relieved(term, &values).map(|verdict| state(&verdict)), ["undetermined", "undetermined"]);
}

#[test]
fn an_excuse_makes_no_measure_fail_that_holds_over_all_of_a_bucket() {
    let each = "each = \"period\"\nmeasure = ";
    // nine degrees for thirty minutes and five for thirty: 7; without five of the cool minutes 395 / 55, which is more
    let mild = ["5", "5", "5", "5", "5", "5", "9", "9", "9", "9", "9", "9"];
    for condition in ["avg(t) <= 7.0", "count() >= 12", "seconds(t < 6) >= 30m", "min(t) <= 5"] {
        let states = relieved(&format!("{each}\"{condition}\""), &mild).map(|verdict| state(&verdict));
        assert_eq!(states, ["kept", "kept"], "{condition}");
    }
    // and one that fails over all of it holds without: 12 degrees in the storm, five else
    let hot = ["5", "5", "5", "5", "12", "5", "5", "5", "5", "5", "5", "5"];
    for condition in ["avg(t) <= 5.0", "max(t) < 9", "seconds(t > 8) < 1m"] {
        let states = relieved(&format!("{each}\"{condition}\""), &hot).map(|verdict| state(&verdict));
        assert_eq!(states, ["breached", "kept"], "{condition}");
    }
}

#[test]
fn an_event_without_before_is_due_when_the_period_ends_also_by_an_event() {
    let ends = ", to_event = { event = \"delivered\", by = [\"tenant\"] }";
    let term = |name: &str| format!("[[terms]]\nid = \"x\"\nevent = \"{name}\"\nby = [\"owner\"]\n");
    let of = |period: &str, name: &str, received: i64, delivered: Option<i64>| {
        let contract = contract(period, &term(name));
        let mut lines = vec![event(&contract, 0, name, (10, received), OWNER)];
        lines.extend(delivered.map(|minute| event(&contract, 1, "delivered", (minute, 50), TENANT)));
        lines.sort_by_key(|line| line.received);
        state(&verdict(&contract, &lines))
    };
    assert_eq!(of(ends, "weighed", 29, Some(30)), "kept");
    assert_eq!(of(ends, "weighed", 30, Some(30)), "breached");
    assert_eq!(of(ends, "weighed", 40, Some(30)), "breached");
    // by the contract's own end: where no such event came, or one that leaves no time
    assert_eq!(of(ends, "weighed", 40, None), "kept");
    assert_eq!(of(ends, "weighed", 40, Some(-10)), "kept");
    assert_eq!(of("", "weighed", 40, Some(30)), "kept");
    // the event that ends the period is received when that is over: it is due by the end that the contract states
    assert_eq!([59, 60].map(|received| of(ends, "delivered", received, Some(10))), ["kept", "breached"]);
}
