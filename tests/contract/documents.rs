//! A contract's file: what it compiles to, what is refused, and where a problem is said to be.

use counterfoil::{
    contract::{document::Contract, file::ContractFile, problem::Problem},
    key::SecretKey,
};

fn did(seed: u8) -> String {
    SecretKey::from_seed(&[seed; 32]).public().did()
}

/// Every key of the language once.
#[expect(clippy::too_many_lines, reason = "one document")]
fn everything() -> String {
    let (shipper, carrier, probe) = (did(1), did(2), did(3));
    let id = "9f".repeat(32);
    format!(
        r#"
contract = "foil/1"
title    = "Vaccines Lyon–Oslo, reefer 7"
period   = {{ from = 2026-03-01T07:00:00+01:00, to = 2026-03-03T06:00:00Z, from_event = {{ event = "loaded", by = ["carrier"] }}, to_event = {{ event = "delivered", by = ["shipper", "carrier"] }} }}
currency = "EUR"
ledgers  = ["{id}"]
supersedes = "{id}"
[parties.shipper]
key  = "{shipper}"
name = "Pharma SA"
[parties.carrier]
key  = "{carrier}"
register_no = "NO 1"
address = "Oslo"
[devices.probe]
id = "{probe}"
responsible = "carrier"
fields = {{ temperature = "Cel", power = {{ from = "1-0:1.8.0", unit = "kW" }}, lat = "lat", lon = "lon", door = "text" }}
clock = "received"
[devices.meter]
id = "{id}"
signed_by = ["{probe}"]
responsible = "custodian(meter)"
[time]
hold        = "11m"
late_after  = "6h"
late        = "reject"
future_skew = "2m"
zone        = "+00:00"
suspect     = "reject"
unsynced    = "accept"
deadline    = 2026-04-01T02:00:00+02:00
[calendar]
work = "mon-fri 08:00-18:00"
holidays = [2026-05-01]
[values]
goods = "40000.00"
[areas]
yard = [["59.91", "10.75"], ["59.92", "10.75"], ["59.92", "10.77"]]
[[terms]]
id       = "cold"
on       = "probe"
require  = "temperature >= 2.0 && temperature <= 8.0"
tolerate = {{ longer_than = "1h30m" }}
gap      = "hold"
[[terms]]
id       = "cold-total"
on       = "probe"
require  = "temperature <= 8.0 && inside(lat, lon, yard)"
tolerate = {{ total = "2h" }}
[[terms]]
id       = "share"
on       = "probe"
require  = "door != 'open'"
tolerate = {{ percent = "5", of = "7d" }}
[[terms]]
id      = "heartbeat"
on      = "probe"
every   = "6m"
during  = "work"
tolerate = {{ count = 3 }}
[[terms]]
id     = "delivered"
event  = "delivered"
by     = ["shipper", "carrier"]
before = 2026-03-03T00:00:00Z
[[payments]]
id   = "warm-penalty"
from = "custodian(meter)"
to   = "shipper"
each = "excursion of cold"
amount = "ceil((duration - 1800) / 30m) * 250.00"
cap  = "5000.00"
minimum = "1.00"
signed = false
[[payments]]
id   = "write-off"
from = "carrier"
to   = "shipper"
when = "breached(cold_total) && event('delivered').time - event('loaded').time > 2d"
amount = "goods - max(temperature) * 2 + count(temperature > 8)"
[[caps]]
from = "carrier"
to = "shipper"
amount = "40000.00"
[[excuses]]
event = "force-majeure"
signed_by = ["shipper", "carrier"]
terms = ["cold", "cold-total"]
[[clauses]]
text = "The law of Norway applies, within 30m."
[[documents]]
name = "CMR 4711.pdf"
sha256 = "{id}"
[review]
by = "{probe}"
"#
    )
}

/// A small contract that everything else is changed from.
fn small() -> String {
    format!(
        r#"contract = "foil/1"
title = "Cold room"
period = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-02T06:00:00Z }}
[parties.owner]
key = "{}"
[devices.probe]
id = "{}"
fields = {{ temperature = "Cel" }}
[time]
hold = "11m"
[[terms]]
id = "cold"
on = "probe"
require = "temperature <= 8.0"
"#,
        did(1),
        did(3)
    )
}

fn problems(toml: &str) -> (ContractFile, Vec<Problem>) {
    let source = ContractFile::parse(toml.as_bytes()).unwrap_or_else(|(problems, _)| panic!("{problems:?}"));
    let problems = Contract::read(&source.record).err().unwrap_or_default();
    (source, problems)
}

fn said(toml: &str) -> Vec<String> {
    match ContractFile::parse(toml.as_bytes()) {
        Err((problems, _)) => problems.iter().map(ToString::to_string).collect(),
        Ok(source) => {
            Contract::read(&source.record).err().unwrap_or_default().iter().map(ToString::to_string).collect()
        }
    }
}

#[test]
fn every_key_is_read() {
    let (source, found) = problems(&everything());
    assert_eq!(found, []);
    let contract = Contract::read(&source.record).unwrap();
    assert_eq!(contract.supersedes, contract.ledgers.first().copied());
    let nowhere = everything().replace(&format!("ledgers  = [\"{}\"]\n", "9f".repeat(32)), "");
    let message =
        "supersedes: an amendment counts where the contract that it supersedes is: it names the same ledgers";
    let (_, found) = problems(&nowhere);
    assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), [message]);
}

#[test]
fn compiling_changes_times_and_durations_and_nothing_else() {
    let compiled = problems(&everything()).0.record.to_canonical();
    for part in [
        r#""contract":"foil/1""#,
        r#""type":"contract""#,
        r#""from":"2026-03-01T06:00:00.000Z""#,
        r#""hold":"PT11M""#,
        r#""deadline":"2026-04-01T00:00:00.000Z""#,
        r#""longer_than":"PT1H30M""#,
        r#""of":"P7D""#,
        r#""every":"PT6M""#,
        r#""count":3"#,
        r#""text":"The law of Norway applies, within 30m.""#,
        r#""amount":"40000.00""#,
        r#""holidays":["2026-05-01"]"#,
    ] {
        assert!(compiled.contains(part), "{part} in {compiled}");
    }
    let small = problems(&small()).0.record.to_canonical();
    for default in [
        "late_after",
        "future_skew",
        "zone",
        "gap",
        "resolution",
        "silence",
        "clock",
        "tolerate",
        "currency",
        "ledgers",
    ] {
        assert!(!small.contains(default), "{default} was written in");
    }
    // what was compiled compiles to itself
    let again = ContractFile::parse(compiled.as_bytes()).unwrap();
    assert_eq!(again.record.to_canonical(), compiled);
    assert!(Contract::read(&again.record).is_ok());
}

#[test]
fn mistakes_are_said_one_by_one() {
    let change = |from: &str, to: &str| {
        let text = small();
        assert!(text.contains(from), "{from}");
        said(&text.replacen(from, to, 1))
    };
    for (from, to, message) in [
        ("foil/1", "foil/2", r#"contract: expected "foil/1", the version of the language, found "foil/2""#),
        ("title = ", "titel = ", "`title` is missing"),
        (
            "hold = \"11m\"",
            "hold = \"11 min\"",
            r#"time.hold: expected a duration (30m, 1h30m, 7d; compiled PT30M), found "11 min""#,
        ),
        (
            "hold = \"11m\"\n",
            "",
            "terms[0].require: how long does a value speak? [time] needs hold = \"11m\" or so",
        ),
        (
            "hold = \"11m\"",
            "hold = \"11m\"\ndeadline = 2026-03-03T05:59:59Z",
            "time.deadline: late readings count until 2026-03-03T06:00:00.000Z (to + late_after): a deadline is not earlier",
        ),
        (
            "hold = \"11m\"",
            "hold = \"11m\"\nunsynced = \"flag\"",
            r#"time.unsynced: expected "reject" or "accept", found "flag""#,
        ),
        (
            "06:00:00Z }",
            "06:00:00 }",
            "2026-03-02T06:00:00 is a local time: say where, as in 2026-03-01T06:00:00Z",
        ),
        (
            "from = 2026-03-01T06:00:00Z",
            "from = 2026-03-01T06:00:00.1234Z",
            "2026-03-01T06:00:00.1234Z is finer than a millisecond",
        ),
        ("to = 2026-03-02", "to = 2026-02-02", "period.to: the period ends before it begins"),
        (
            "temperature <= 8.0",
            "temprature <= 8.0",
            "terms[0].require: there is no `temprature` here (there is temperature)",
        ),
        ("\"temperature <= 8.0\"", "8.5", "a float is not exact: write a decimal as text, \"8.0\""),
        (
            "on = \"probe\"",
            "on = \"probes\"",
            "terms[0].on: there is no device \"probes\", did you mean \"probe\"?",
        ),
        (
            "id = \"cold\"",
            "id = \"Cold\"",
            "terms[0].id: expected an id (a lowercase letter, then letters, digits and -), found \"Cold\"",
        ),
        (
            "id = \"cold\"",
            "id = \"cold\"\ntolerate = { count = 1, total = \"5m\" }",
            "terms[0].tolerate: tolerate has one of longer_than, total, count, percent with of: two limits are two terms",
        ),
        (
            "{ temperature = \"Cel\" }",
            "{ temp_1 = \"Cel\" }",
            "devices.probe.fields.temp_1: \"temp_1\" is no id: write temp-1 = { from = \"temp_1\", unit = \"…\" }",
        ),
        (
            "fields = { temperature",
            "fields = { owner = \"Cel\", temperature",
            "devices.probe.fields.owner: the name \"owner\" is taken by parties.owner, write NEW_NAME = { from = \"…\", unit = \"…\" }",
        ),
    ] {
        let said = change(from, to);
        assert!(said.iter().any(|line| line == message), "{message}\nnot in {said:#?}");
    }
    assert_eq!(change("hold = \"11m\"", "hold = \"11m\"\ndeadline = 2026-03-03T06:00:00Z"), [""; 0]);
    let two = "terms[0].every: a term has one demand: `require` and `every` are two terms";
    assert_eq!(change("id = \"cold\"", "id = \"cold\"\nevery = \"5m\"\ngap = \"hold\""), [two]);
    let unknown = change("hold = ", "holds = ");
    assert!(unknown[1].starts_with("terms[0].require: how long"), "{unknown:?}");
    assert!(
        unknown[0].starts_with(
            "time.holds: unknown key \"holds\", did you mean \"hold\"? (there is corrections, deadline, future_skew,"
        ),
        "{unknown:?}"
    );
}

#[test]
fn mistakes_about_working_time_and_events_are_said() {
    let with = |period: &str, more: &str| {
        let text = small().replace("06:00:00Z }", &format!("06:00:00Z, {period} }}"));
        said(&(text.replace("06:00:00Z,  }", "06:00:00Z }") + more))
    };
    assert_eq!(with("", "during = \"work\"\n[calendar]\nwork = \"mon 08:00-18:00\"\n"), [""; 0]);
    assert_eq!(
        with("", "during = \"work\"\n"),
        ["terms[0].during: what is working time? [calendar] needs work = \"mon-fri 08:00-18:00\" or so"]
    );
    assert_eq!(
        with("", "during = \"lunch\"\n[calendar]\nwork = \"mon 08:00-18:00\"\n"),
        [r#"terms[0].during: expected "work", the time that [calendar] has, found "lunch""#]
    );
    assert_eq!(
        with("", "[calendar]\nwork = \"mon 8-18\"\nholidays = [\"2026-02-29\"]\n"),
        [
            "calendar.work: \"8-18\" are no hours: expected 08:00-18:00",
            "calendar.holidays[0]: expected days (2026-05-01)"
        ]
    );
    assert_eq!(with("", "[calendar]\n"), ["calendar: `work` is missing"]);
    // Only holidays are days without time.
    let until = said(&small().replace("to = 2026-03-02T06:00:00Z", "to = 2026-03-02"));
    assert_eq!(until, ["2026-03-02 is a local time: say where, as in 2026-03-01T06:00:00Z"]);
    let century = small().replace("to = 2026", "to = 2127") + "[calendar]\nwork = \"mon 08:00-18:00\"\n";
    assert_eq!(said(&century), ["calendar: a period with a calendar is at most 100 years long"]);

    assert_eq!(with("from_event = { event = \"loaded\", by = [\"owner\"] }", ""), [""; 0]);
    assert_eq!(with("to_event = { event = \"loaded\" }", ""), ["period.to_event: `by` is missing"]);
    assert_eq!(
        with("to_event = { event = \"loaded\", by = [] }", ""),
        ["period.to_event.by: nobody signs it: at least one party must"]
    );
    let term = "[[terms]]\nid = \"loaded\"\nevent = \"loaded\"\nby = [\"nobody\"]\n";
    assert_eq!(with("", term), ["terms[1].by[0]: expected parties"]);
    let during = "[[terms]]\nid = \"loaded\"\nevent = \"loaded\"\nby = [\"owner\"]\nduring = \"work\"\n";
    assert_eq!(
        with("", during),
        ["terms[1].during: unknown key \"during\" (there is before, by, event, id)"]
    );
}

#[test]
fn a_problem_has_a_line_a_column_and_a_width() {
    let text = small().replace("temperature <= 8.0", "temperature <= 8.0 && temp > 1");
    let (source, problems) = problems(&text);
    let spot = source.position(&problems[0].place).unwrap();
    assert_eq!((spot.line, spot.column, spot.width), (14, 34, 4));
    assert_eq!(spot.text, "require = \"temperature <= 8.0 && temp > 1\"");

    let (source, problems) = self::problems(&small().replace("hold", "holt"));
    let spot = source.position(&problems[0].place).unwrap();
    assert_eq!((spot.line, spot.column, spot.width), (10, 1, 4));

    let (problems, text) = ContractFile::parse(b"a = 1\nb = = 2\n").unwrap_err();
    let counterfoil::contract::problem::ProblemPlace::Bytes(bytes) = &problems[0].place else { panic!() };
    let spot = counterfoil::toml_file::position_in(&text, bytes.clone());
    assert_eq!((spot.line, spot.column), (2, 5));
}

#[test]
fn what_canonical_json_cannot_hold_is_refused() {
    for toml in [
        small().replace("Cold room", "Cold \\uffff"),
        format!("{}\n[values]\n\"a\u{fdd0}\" = \"1\"\n", small()),
    ] {
        let said = said(&toml);
        assert!(said.len() == 1 && said[0].contains("is no character"), "{said:?}");
    }
}

#[test]
fn limits_hold() {
    let terms = |count: usize| {
        let term = |n: usize| format!("[[terms]]\nid = \"t{n}\"\non = \"probe\"\nevery = \"5m\"\n");
        small() + &(1..count).map(term).collect::<Vec<_>>().concat()
    };
    assert_eq!(said(&terms(100)), [""; 0]);
    assert_eq!(said(&terms(101)), ["terms: 101 terms and payments: at most 100 are allowed"]);
    let clause = |bytes: usize| format!("{}[[clauses]]\ntext = \"{}\"\n", small(), "x".repeat(bytes));
    let room = 60 * 1024 - problems(&clause(0)).0.record.to_canonical().len();
    assert_eq!(said(&clause(room)), [""; 0]);
    assert_eq!(said(&clause(room + 1)), ["a contract of 61441 bytes compiled: at most 61440 fit a ledger"]);
    let long = small().replace("temperature <= 8.0", &vec!["temperature <= 8.0"; 10_000].join(" && "));
    assert_eq!(said(&long)[0].split(':').nth(1).unwrap(), " an expression of 219996 bytes");
    assert!(said(&format!("a = {}", "[".repeat(100_000)))[0].contains("recurs"));
}

#[test]
fn mistakes_about_lengths_and_silence_are_said() {
    for (from, to, message) in [
        (
            "hold = \"11m\"",
            "hold = \"11m\"\nsilence = true",
            r#"time.silence: expected "accepted", found true"#,
        ),
        (
            "hold = \"11m\"",
            "hold = \"11m\"\nresolution = \"61s\"",
            "time.resolution: expected 1s to 1m: lengths of time are compared and paid in this unit",
        ),
        (
            "hold = \"11m\"",
            "hold = \"11m\"\nresolution = \"0s\"",
            "time.resolution: expected 1s to 1m: lengths of time are compared and paid in this unit",
        ),
        (
            "id = \"cold\"",
            "id = \"cold\"\ninclusive = true",
            "terms[0].inclusive: it says that a breach is as long as what is tolerated, and nothing is",
        ),
        (
            "id = \"cold\"",
            "id = \"cold\"\ninclusive = true\ntolerate = { longer_than = \"5m\", inclusive = false }",
            "terms[0].tolerate.inclusive: the term itself says otherwise",
        ),
        (
            "id = \"cold\"",
            "id = \"cold\"\ntolerate = { count = 1, inclusive = true }",
            "terms[0].tolerate.inclusive: only a length of time can be as long as what is tolerated",
        ),
        (
            "id = \"cold\"",
            "id = \"cold\"\ngap = \"ignore\"",
            r#"terms[0].gap: expected "hold", "pause" or "reset", found "ignore""#,
        ),
        (
            "id = \"cold\"",
            "id = \"cold\"\ngrace = \"3m\"",
            "terms[0].grace: unknown key \"grace\" (there is clear, during, gap, id, inclusive, on, require, tolerate)",
        ),
    ] {
        let text = small();
        assert!(text.contains(from), "{from}");
        let said = said(&text.replacen(from, to, 1));
        assert!(said.iter().any(|sentence| sentence == message), "{message}\nnot in {said:#?}");
    }
}
