//! What is told by an outline is what is read.

use proptest::prelude::*;

use super::*;
use crate::{
    contract::{document::Contract, eval::FactReader, file::ContractFile},
    json::parse_object,
    key::SecretKey,
    record::signed::{SignOptions, sign},
};

fn contract() -> Contract {
    let key = |seed: u8| SecretKey::from_seed(&[seed; 32]).public().did();
    let toml = format!(
        r#"contract = "foil/1"
title = "Cold room"
period = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-01T06:05:00Z }}
currency = "EUR"
[parties.owner]
key = "{owner}"
[devices.probe]
id = "probe"
signed_by = ["{key}"]
fields = {{ t = {{ unit = "Cel", valid = ["-40", "84.9"] }}, u = {{ from = "two", unit = "Cel" }}, v = {{ from = "two", unit = "K" }} }}
[devices.other]
id = "other"
signed_by = ["{key}"]
fields = {{ on = "bool", w = {{ from = "t", unit = "Cel" }} }}
[time]
hold = "20s"
[[terms]]
id = "cold"
on = "probe"
require = "t <= 8.0"
gap = "hold"
"#,
        owner = key(1),
        key = key(3),
    );
    let source = ContractFile::parse(toml.as_bytes()).expect("TOML");
    Contract::read(&source.record).expect("a contract")
}

/// An entry's line of a record that is signed by the devices' key.
fn line(n: u64, members: &str) -> String {
    let mut record = parse_object(members.as_bytes()).unwrap();
    sign(&mut record, &SecretKey::from_seed(&[3; 32]), &SignOptions::default()).unwrap();
    format!(r#"{{"n":{n},"received":"2026-03-01T06:00:01.204Z","record":{}}}"#, record.to_canonical())
}

/// What lines say to one reader of them all, and each to a reader of its own.
fn both<L: AsRef<[u8]>>(lines: &[L]) -> [Vec<String>; 2] {
    let contract = contract();
    let sieve = Sieve::new(&contract, false);
    let mut reader = FactReader::new(&sieve, false);
    let shown = |fact: Result<LineFact, _>| format!("{:?}", fact.map_err(|_| "no entry"));
    [
        lines.iter().map(|line| shown(reader.line(line.as_ref()))).collect(),
        lines.iter().map(|line| shown(FactReader::new(&sieve, false).line(line.as_ref()))).collect(),
    ]
}

const READINGS: [&str; 14] = [
    r#"{"device":"probe","type":"reading","time":"2026-03-01T06:00:00.000Z","stream":"s","seq":1,"boot":"b","up":7,"values":{"t":4.2},"units":{"t":"Cel"},"raw":"4.2 C"}"#,
    r#"{"device":"probe","type":"reading","time":"2026-03-01T06:00:01.000Z","stream":"s","seq":2,"boot":"b","up":8,"values":{"t":90},"units":{"t":"Cel"},"raw":""}"#,
    r#"{"device":"probe","type":"reading","time":"2026-03-01T06:00:02.000Z","stream":"s","seq":3,"boot":"b","up":9,"values":{"t":0.1},"units":{"t":"K"},"raw":"x"}"#,
    r#"{"device":"probe","type":"reading","time":null,"stream":"s","seq":4,"values":{"t":4,"two":-2.5},"units":{"two":"Cel"}}"#,
    r#"{"device":"probe","type":"reading","time":"2026-03-01T06:00:03.000Z","values":{"odd":4,"t":1}}"#,
    r#"{"device":"probe","type":"reading","time":"2026-03-01T06:00:03.000Z","values":{"t":1e+99},"units":{"t":"K"}}"#,
    r#"{"device":"probe","type":"reading","time":"2026-03-01T06:00:03.000Z","values":{"t":20},"units":{"t":"K"}}"#,
    r#"{"device":"other","type":"reading","time":"2026-03-01T06:00:04.000Z","stream":"s","seq":5,"values":{"on":true,"t":1e21}}"#,
    r#"{"device":"other","type":"reading","time":"2026-03-01T06:00:05.000Z","stream":"s","seq":"6","values":{"on":7,"t":"x","z":0}}"#,
    r#"{"device":"other","type":"status","status":"clock","time":"2026-03-01T06:00:06.000Z","boot":"b","up":11}"#,
    r#"{"device":"nobody","type":"reading","time":"2026-03-01T06:00:07.000Z","values":{"t":1}}"#,
    r#"{"boot":"b","clock":"unsynced","device":"probe","type":"reading","time":"2026-03-01T06:00:03.000Z","seq":8,"stream":"s","up":7,"values":{"t":20}}"#,
    r#"{"boot":"b","device":"probe","type":"reading","time":null,"seq":9,"stream":"s","up":8,"values":{"t":20}}"#,
    r#"{"contract":"77","type":"accept"}"#,
];

#[test]
fn readings_in_any_order_say_what_each_says() {
    let mut lines: Vec<_> = READINGS.iter().enumerate().map(|(n, members)| line(n as u64, members)).collect();
    let walled = lines[0].strip_suffix('}').unwrap();
    lines.push(format!("{walled},\"wall\":\"2026-03-01T05:00:01.204Z\"}}"));
    let again = |members: &&str| members.replace(",\"up\":", ",\"up\":9");
    lines.extend(READINGS.iter().map(again).map(|members| line(99, &members)));
    let twice: Vec<_> = lines.iter().flat_map(|line| [line, line]).chain(lines.iter().rev()).collect();
    let [together, alone] = both(&twice);
    assert_eq!(together, alone);
}

#[test]
fn most_lines_are_told_by_an_outline() {
    let contract = contract();
    let sieve = Sieve::new(&contract, false);
    let mut outlines = LineOutlines::new();
    let [first, second] = [0, 1].map(|at| line(at as u64, READINGS[at]).into_bytes());
    assert!(outlines.fact(&first, &sieve).is_none());
    let said = FactReader::new(&sieve, false).line(&first).unwrap();
    outlines.learn(&first, &said, &sieve);
    assert!(outlines.fact(&first, &sieve).is_some() && outlines.fact(&second, &sieve).is_some());
    let renamed = String::from_utf8(second).unwrap().replace("\"probe\"", "\"other\"");
    assert!(outlines.fact(renamed.as_bytes(), &sieve).is_none());
}

/// Lines without order soon cost no more outlines.
#[test]
fn outlines_are_bounded() {
    let contract = contract();
    let sieve = Sieve::new(&contract, false);
    let mut outlines = LineOutlines::new();
    for n in 0..1000 {
        let line = line(n, &READINGS[0].replace("\"s\"", &format!("\"s{n}\""))).into_bytes();
        let said = FactReader::new(&sieve, false).line(&line).unwrap();
        outlines.learn(&line, &said, &sieve);
    }
    assert_eq!((outlines.outlines.len(), outlines.credit), (KEPT, 0));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_changed_line_says_what_it_says_alone(kind in 0..READINGS.len(), at in 0..600usize, byte: u8, way in 0..3u8) {
        let first = line(7, READINGS[kind]).into_bytes();
        let mut changed = first.clone();
        let at = at % changed.len();
        match way {
            0 => changed[at] = byte,
            1 => changed.insert(at, byte),
            _ => drop(changed.remove(at)),
        }
        let [together, alone] = both(&[&first, &changed, &first]);
        prop_assert_eq!(together, alone);
    }

    #[test]
    fn any_values_say_what_they_say_alone(
        kind in 0..READINGS.len(),
        number in "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{0,9})?(e[+-]?[0-9]{1,2})?|\"x\"|null|true",
        from in prop::sample::select(vec!["\"t\":", "\"seq\":", "\"up\":", "\"n\":", "\"two\":", "\"z\":"]),
    ) {
        let first = line(7, READINGS[kind]);
        let Some(at) = first.find(from).map(|at| at + from.len()) else { return Ok(()) };
        let end = at + first[at..].find([',', '}']).unwrap();
        let changed = [&first[..at], &number, &first[end..]].concat();
        let [together, alone] = both(&[&first, &changed, &first]);
        prop_assert_eq!(together, alone, "{}", changed);
    }
}
