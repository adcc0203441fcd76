//! Events that do not count: wherever the contract asks for them they change nothing, and each is a finding. The period is an
//! hour, and times are minutes after its beginning.

use counterfoil::{
    contract::{document::Contract, file::ContractFile},
    json::{Object, Value},
};

use super::{
    events::{OWNER, TENANT, event, fields},
    hour::*,
};

/// A contract in which the owner's word is all that events need: one of each effect.
fn contract(rules: &str) -> Contract {
    let toml = format!(
        r#"contract = "foil/1"
title = "Cold room"
currency = "EUR"
period = {{ from = {FROM}, to = 2026-03-01T07:00:00Z, from_event = {{ event = "loaded", by = ["owner"] }} }}
[parties.owner]
key = "{}"
[parties.tenant]
key = "{}"
[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {{ t = "Cel", energy = {{ unit = "kWh", counter = {{ max_rate = "50 / 1h", reset_by = ["owner"] }} }} }}
[time]
hold = "11m"
{rules}
[[terms]]
id = "cold"
on = "probe"
require = "t <= 8.0"
[[terms]]
id = "stopped"
event = "stop"
by = ["owner"]
before = 2026-03-01T09:00:00Z
[[excuses]]
event = "storm"
signed_by = ["owner"]
terms = ["cold"]
[[payments]]
id = "stops"
from = "owner"
to = "tenant"
each = "event stop"
amount = "5.00"
[[payments]]
id = "energy"
from = "tenant"
to = "owner"
amount = "delta(energy) * 0.25"
"#,
        key(OWNER).did(),
        key(TENANT).did(),
        key(3).did(),
    );
    let source = ContractFile::parse(toml.as_bytes()).unwrap();
    Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"))
}

/// Readings every five minutes, all too warm. A meter counts to 110 until minute 25, and from 0 to 5 after that: the exchange is
/// lasting unless it is signed.
fn readings() -> Vec<Line> {
    let meter = |n: u64| if n < 6 { 100 + 2 * n } else { n - 6 };
    let reading = |n: u64| {
        let line = reading(n, i64::try_from(n).unwrap() * 5 * MINUTE, "9");
        let line = line.values(&format!("{{\"t\":9,\"energy\":{}}}", meter(n)));
        line.with("units", counterfoil::json::parse(br#"{"t":"Cel","energy":"kWh"}"#).unwrap())
    };
    (0..12).map(reading).collect()
}

/// What happened, when it did and when that was received: the loading, a stop, a storm and the exchange of the meter, as entries
/// 20 to 23.
fn happened(contract: &Contract, received: i64, change: &dyn Fn(Line) -> Line) -> Vec<Line> {
    let at = |n, name, minute| event(contract, n, name, (minute, received), OWNER);
    let storm = r#"{"from":"2026-03-01T06:20:00.000Z","until":"2026-03-01T06:30:00.000Z"}"#;
    let lines = [
        at(20, "loaded", 10),
        at(21, "stop", 15),
        fields(at(22, "storm", 20), storm),
        at(23, "counter-reset", 27),
    ];
    lines.into_iter().map(change).collect()
}

/// The excursions, the state of the event's term, the payments, and the findings about the events.
fn judged(contract: &Contract, events: &[Line]) -> [String; 4] {
    let mut lines: Vec<_> = readings().into_iter().chain(events.iter().cloned()).collect();
    lines.sort_by_key(|line| line.received);
    let verdict = verdict(contract, &lines);
    let rows = |name| verdict.get(name).unwrap().as_array().unwrap().iter().filter_map(Value::as_object);
    let text = |row: &Object, name| row.str(name).unwrap().to_owned();
    let sums: Vec<_> = rows("payments").map(|row| text(row, "sum")).collect();
    let stopped = rows("terms").nth(1).unwrap();
    let found = findings(&verdict).into_iter().filter(|it| it.starts_with('2')).collect::<Vec<_>>();
    [excursions(&verdict).join(", "), text(stopped, "state"), sums.join(" "), found.join(", ")]
}

fn is(excursions: &str, state: &str, sums: &str, findings: &str) -> [String; 4] {
    [excursions, state, sums, findings].map(str::to_owned)
}

fn each(kind: &str) -> String {
    (20..24).map(|n| format!("{n} {kind}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn what_counts_has_every_effect() {
    let contract = contract("");
    // 10 to 60 less the storm; a stop; from the 104 of minute 10 to 110, and from 0 to 5: 11 kWh at 0.25
    let effect = is("10+40!10:01", "kept", "5.00 2.75", "");
    assert_eq!(judged(&contract, &happened(&contract, 70, &|line| line)), effect);
    // the same again is nothing new
    let mut twice = happened(&contract, 70, &|line| line);
    twice.extend(happened(&contract, 71, &|line| Line { n: line.n + 4, ..line }));
    assert_eq!(judged(&contract, &twice), effect);
    // what says otherwise is told; the first counts
    let other =
        |line: Line| fields(Line { n: line.n + 4, ..line }, r#"{"until":"2026-03-01T06:59:00.000Z"}"#);
    let mut lines = happened(&contract, 70, &|line| line);
    lines.extend(happened(&contract, 71, &other));
    assert_eq!(judged(&contract, &lines), is("10+40!10:01", "kept", "5.00 2.75", "26 conflict"));
}

#[test]
fn what_does_not_count_has_none_and_is_told() {
    let contract = contract("");
    let none = |kind: &str| is("0+60!0:01", "breached", "0.00 0.00", &each(kind));
    let of =
        |received, change: &dyn Fn(Line) -> Line| judged(&contract, &happened(&contract, received, change));
    // At minute 8 minute 10 is two minutes ahead, which is believed, and minute 15 is not; a millisecond more is not.
    let ahead = |line: Line| Line { received: at(8 * MINUTE), ..line };
    let loaded = is("10+50!10:01", "breached", "0.00 0.00", "21 future, 22 future, 23 future");
    assert_eq!(of(70, &ahead), loaded);
    assert_eq!(of(70, &|line| Line { received: at(8 * MINUTE - 1), ..line }), none("future"));
    // closed a day after the period
    assert_eq!(of(25 * 60, &|line| line), none("late"));
    assert_eq!(of(25 * 60 - 1, &|line| line)[3], "");
    assert_eq!(of(70, &|line| line.with("time", Value::Null)), none("untimed"));
    assert_eq!(of(70, &|line| line.with("time", "yesterday")), none("invalid"));
    assert_eq!(of(70, &|line| line.with("clock", "unsynced")), none("unsynced"));
    assert_eq!(of(70, &|line| line.signed_by(TENANT)), none("unauthorized"));
    assert_eq!(of(70, &|line| line.signed_by(9)), none("unauthorized"));
    assert_eq!(of(70, &|line| line.signed_by(0)), none("bad-proof"));
    // what is received later than the verdict does not exist
    assert_eq!(of(49 * 60, &|line| line), is("0+60!0:01", "breached", "0.00 0.00", ""));
}

#[test]
fn what_names_no_contract_that_can_be_read_has_no_effect_and_is_told() {
    let contract = contract("");
    let of = |change: &dyn Fn(Line) -> Line| judged(&contract, &happened(&contract, 70, change));
    let none = |findings: &str| is("0+60!0:01", "breached", "0.00 0.00", findings);
    let without = |mut line: Line| {
        line.record.remove("contract");
        line
    };
    let hash = contract.hash.to_string();
    assert_eq!(of(&without), none(&each("invalid")));
    for odd in [&*hash.to_uppercase(), &hash[1..], &format!("{hash}0"), ""] {
        assert_eq!(of(&|line| line.with("contract", odd)), none(&each("invalid")), "{odd}");
    }
    assert_eq!(of(&|line| line.with("contract", Value::Null)), none(&each("invalid")));
    // another contract's are that one's
    assert_eq!(of(&|line| line.with("contract", "0".repeat(64))), none(""));
    // what a party that is asked for it did not sign may be about anything, and so may what is not asked for
    assert_eq!(of(&|line| without(line).signed_by(TENANT)), none(""));
    assert_eq!(of(&|line| without(line).signed_by(0)), none(""));
    assert_eq!(of(&|line| without(line).with("event", "inspected")), none(""));
}

#[test]
fn what_has_fields_that_cannot_be_read_has_no_effect_and_is_told() {
    let contract = contract("");
    for odd in ["[]", "\"s\"", "3", "null"] {
        let of = judged(&contract, &happened(&contract, 70, &|line| fields(line, odd)));
        assert_eq!(of, is("0+60!0:01", "breached", "0.00 0.00", &each("invalid")), "{odd}");
    }
    // without any, there is nothing to read: but a storm must say when it was
    let bare = |mut line: Line| {
        line.record.remove("fields");
        line
    };
    let of = judged(&contract, &happened(&contract, 70, &bare));
    assert_eq!(of, is("10+50!10:01", "kept", "5.00 2.75", "22 invalid"));
}

#[test]
fn a_contract_that_believes_any_clock_believes_a_partys() {
    let contract = contract("unsynced = \"accept\"");
    let lines = happened(&contract, 70, &|line| line.with("clock", "unsynced"));
    assert_eq!(judged(&contract, &lines), is("10+40!10:01", "kept", "5.00 2.75", &each("unsynced")));
}
