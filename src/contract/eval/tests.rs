//! An evaluation that follows readings as they come says what one says that has all of them at hand, or that it cannot.

use proptest::prelude::*;

use super::{device::DeviceEvaluation, *};
use crate::{
    contract::{file::ContractFile, finality::Finality, settle::Bill, verdict::ContractVerdict},
    json::parse_object,
    key::{Did, SecretKey},
    record::view::RecordView,
    time::Span,
};

fn contract() -> Contract {
    contract_on("probe", "")
}

/// One on a room, which is made of three probes.
fn contract_on_room() -> Contract {
    let probe = |name| {
        let key = SecretKey::from_seed(&[3; 32]).public().did();
        let fields = r#"{ t = { unit = "Cel", valid = ["-40", "84.9"] } }"#;
        format!("[devices.{name}]\nid = \"{name}\"\nsigned_by = [\"{key}\"]\nfields = {fields}\n")
    };
    let room =
        "[devices.room]\nof = [\"probe\", \"probe-b\", \"probe-c\"]\nagree = 2\nwithin = { t = \"4.5\" }\n";
    contract_on("room", &[probe("probe-b"), probe("probe-c"), room.to_owned()].concat())
}

fn contract_on(device: &str, devices: &str) -> Contract {
    let key = |seed: u8| SecretKey::from_seed(&[seed; 32]).public().did();
    let toml = format!(
        r#"contract = "foil/1"
title = "Cold room"
period = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-01T06:05:00Z }}
currency = "EUR"
[parties.owner]
key = "{}"
[parties.tenant]
key = "{}"
[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {{ t = {{ unit = "Cel", valid = ["-40", "84.9"] }}, u = "Cel" }}
{devices}
[time]
hold = "20s"
late_after = "1m"
[[terms]]
id = "cold"
on = "{device}"
require = "t <= 8.0"
tolerate = {{ longer_than = "7s" }}
[[terms]]
id = "beat"
on = "probe"
every = "6s"
[[terms]]
id = "level"
on = "probe"
measure = "avg(t) <= 8 && count() > 2 && rise(t, 30s) < 5 && sum(u) < 99"
each = "1m"
tolerate = {{ count = 1 }}
[[payments]]
id = "use"
from = "tenant"
to = "owner"
each = "30s"
amount = "max(t) * 0.10 + count(u > 8) + seconds(t > 4) / 1s"
[[payments]]
id = "pen"
from = "owner"
to = "tenant"
each = "excursion of cold"
amount = "duration * 0.10"
"#,
        key(1),
        key(2),
        key(3)
    );
    let source = ContractFile::parse(toml.as_bytes()).expect("TOML");
    Contract::read(&source.record).expect("a contract")
}

/// A record as it arrives: seconds after the one before, how late, in which stream, how many numbers were left out, and
/// what it says.
type Arrival = (i64, i64, usize, u64, usize);

fn arrivals() -> impl Strategy<Value = Vec<Arrival>> {
    let late = prop_oneof![6 => 0..3i64, 2 => 3..50i64, 1 => 61..90i64, 1 => -200..-100i64];
    let skipped = prop_oneof![8 => Just(0u64), 1 => 1..3u64];
    prop::collection::vec((0..9i64, late, 0..4usize, skipped, 0..9usize), 1..60)
}

/// The verdict over the records; `None`: it must be made again with all of them at hand.
fn verdict(contract: &Contract, arrivals: &[Arrival], patience: usize) -> Option<String> {
    let scope = EvaluationScope { as_of: Some(contract.closed()), patient: true };
    let mut evaluation = Evaluation::new(contract, 1, scope);
    let (from, end) = (contract.from.millis(), contract.to.millis());
    let window = Window { from, end, near: from - 20_000, goes_on: false, silent: end };
    let times = counted_time::of_terms(contract, &[]);
    let devices = 0..contract.devices.len();
    evaluation.devices =
        devices.map(|at| DeviceEvaluation::new(contract, at, window, &times, patience)).collect();
    let sieve = Sieve::new(contract, false);
    let signer = [Did::from(&SecretKey::from_seed(&[3; 32]).public())];
    let mut bill = Bill::new(contract);
    let (mut now, mut seqs) = (contract.from, [0u64; 3]);
    for (n, (after, late, stream, skipped, says)) in (0u64..).zip(arrivals) {
        now = now.saturating_add(Span::from_millis(after * 1_000));
        let time = now.saturating_add(Span::from_millis(-late * 1_000));
        let says = [
            r#""t":4"#,
            r#""t":9"#,
            r#""t":85"#,
            r#""t":null"#,
            r#""u":4"#,
            r#""u":"x""#,
            r#""t":4,"u":12"#,
            r#""t":8,"u":8"#,
            "",
        ][*says];
        let kind = if says.is_empty() { "status" } else { "reading" };
        let place = seqs.get_mut(*stream).map_or(String::new(), |seq| {
            let place = format!(r#""stream":"{stream}","seq":{},"#, *seq + skipped);
            *seq += skipped + 1;
            place
        });
        let device = if contract.devices.len() > 1 { *stream } else { 0 };
        let device = ["probe", "probe-b", "probe-c", "probe"][device];
        let text = format!(
            r#"{{"type":"{kind}","device":"{device}",{place}"time":"{time}","values":{{{says}}},"units":{{"t":"Cel","u":"Cel"}}}}"#
        );
        let record = parse_object(text.as_bytes()).expect("a record");
        let mut fact = sieve.fact(&RecordView::from(&record), RecordSigners::Good(&signer));
        evaluation.push(EntryId { ledger: 0, n }, now, &mut fact);
        bill.follow(&mut evaluation);
    }
    let evaluated = evaluation.finish().ok()?;
    let settled = bill.settle(&evaluated);
    let finality = Finality::of_records(contract, evaluated.as_of);
    Some(ContractVerdict::new(contract, &evaluated, &finality, &settled, &[], &[]).record.to_canonical())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_followed_early_comes_to_the_same(arrivals in arrivals(), patience in 1..9usize) {
        let contract = contract();
        let patient = verdict(&contract, &arrivals, usize::MAX);
        prop_assert!(patient.is_some());
        if let Some(early) = verdict(&contract, &arrivals, patience) {
            prop_assert_eq!(early, patient.unwrap());
        }
    }

    #[test]
    fn what_a_group_is_told_early_comes_to_the_same(arrivals in arrivals(), patience in 1..9usize) {
        let contract = contract_on_room();
        let patient = verdict(&contract, &arrivals, usize::MAX);
        prop_assert!(patient.is_some());
        if let Some(early) = verdict(&contract, &arrivals, patience) {
            prop_assert_eq!(early, patient.unwrap());
        }
    }
}

#[test]
fn members_in_their_order_are_followed_as_they_come() {
    let contract = contract_on_room();
    // three streams in turn, of which one comes later than the others and has invalid values
    let steady: Vec<Arrival> = (0..90)
        .map(|n: usize| {
            (2, if n % 3 == 2 { 20 } else { 1 }, n % 3, 0, if n % 3 == 2 { n % 4 } else { n / 20 % 2 })
        })
        .collect();
    let early = verdict(&contract, &steady, 4);
    assert!(early.is_some(), "nothing comes too late");
    assert_eq!(early, verdict(&contract, &steady, usize::MAX));
}

#[test]
fn readings_in_their_order_are_followed_as_they_come() {
    let contract = contract();
    // with numbers, and late, invalid and missing ones among them
    let steady: Vec<Arrival> =
        (0..40).map(|n| (5, if n % 7 == 6 { 70 } else { 1 }, 0, u64::from(n % 11 == 10), n % 4)).collect();
    let early = verdict(&contract, &steady, 4);
    assert!(early.is_some(), "nothing comes too late");
    assert_eq!(early, verdict(&contract, &steady, usize::MAX));
}
