//! What a contract wants to know of a ledger's line: scanned, and as the strict reader reads it.

use std::sync::LazyLock;

use counterfoil::{
    contract::{
        document::Contract,
        eval::{FactReader, Sieve},
        file::ContractFile,
    },
    json::{Object, parse_object},
    key::SecretKey,
    record::signed::{SignOptions, sign},
    time::Time,
    tlog::entry::Entry,
};

use super::{Target, edits::edit, world::Dice};

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let toml = format!(
        r#"contract = "foil/1"
title = "Cold room"
period = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-01T07:00:00Z }}
[parties.owner]
key = "{}"
[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {{ t = "Cel", door = "text", open = "bool" }}
[time]
hold = "11m"
[[terms]]
id = "cold"
on = "probe"
require = "t <= 8.0"
"#,
        key(1).public().did(),
        key(3).public().did()
    );
    let source = ContractFile::parse(toml.as_bytes()).expect("TOML");
    Contract::read(&source.record).expect("a contract")
});

const RECORDS: [&str; 9] = [
    r#"{"device":"probe","seq":3,"stream":"s","time":"2026-03-01T06:05:00.000Z","type":"reading","units":{"t":"Cel"},"values":{"t":4.25}}"#,
    r#"{"device":"probe","time":"2026-03-01T06:05:00.000Z","type":"reading","values":{"t":-0.5,"x":[1,{"a":"}"}]}}"#,
    r#"{"boot":"b","device":"probe","time":null,"type":"reading","up":7,"values":{"door":"open","open":true,"t":null}}"#,
    r#"{"device":"probe","time":"2026-03-01T06:05:00.000Z","type":"reading","units":{"t":"K"},"values":{"t":0.30000000000000004}}"#,
    r#"{"device":"pröbe","type":"reading","values":{"t":1e31}}"#,
    r#"{"boot":"b","device":"probe","raw":[1,"]",{"b":null}],"seq":9,"status":"clock","stream":"s","time":"2026-03-01T06:05:00.000Z","type":"status","up":9}"#,
    r#"{"device":"probe","time":"2026-03-01T07:05:00+01:00","type":"reading","values":{"door":"\"","t":1e-7}}"#,
    r#"{"contract":"00","type":"accept"}"#,
    r#"{"text":"x","type":"note","values":{"t":4}}"#,
];

/// With no proof, with one of the device's key or another, and with two.
static SIGNED: LazyLock<Vec<Object>> = LazyLock::new(|| {
    let keys: [&[u8]; 4] = [&[], &[3], &[7], &[7, 3]];
    let signed = |text: &&str, seeds: &[u8]| {
        let mut record = parse_object(text.as_bytes()).expect("a record");
        for seed in seeds {
            sign(&mut record, &key(*seed), &SignOptions::default()).expect("a key that has not signed yet");
        }
        record
    };
    RECORDS.iter().flat_map(|text| keys.map(|seeds| signed(text, seeds))).collect()
});

fn line(record: &str) -> String {
    format!("{{\"n\":7,\"received\":\"{}\",\"record\":{record}}}", Time::EPOCH)
}

/// A line that is scanned says what it says when it is read; and what is no entry says nothing.
fn check(line: &[u8]) {
    let sieve = Sieve::new(&CONTRACT, false);
    let mut facts = FactReader::new(&sieve, false);
    match (facts.line(line), Entry::parse_lenient(line)) {
        (Ok(found), Ok(entry)) => {
            assert_eq!((found.n, found.times), (entry.n, entry.times()));
            let read = facts.record(&entry.record, entry.received);
            assert_eq!(format!("{:?}", found.fact), format!("{read:?}"));
        }
        (found, read) => assert!(found.is_err() && read.is_err(), "{}", String::from_utf8_lossy(line)),
    }
}

/// A text that begins with a brace is a line; else the first byte says which record stands in it, and those after it
/// what becomes of it.
pub(super) const FACT: Target = Target {
    name: "fact",
    run: |data| {
        if data.first() == Some(&b'{') {
            return check(data);
        }
        let mut dice = Dice(data.get(..64).unwrap_or(data));
        let mut record = dice.pick(&SIGNED);
        while !dice.0.is_empty() {
            edit(&mut record, &mut dice, &SIGNED);
            check(line(&record.to_canonical()).as_bytes());
        }
    },
    seeds: || {
        let texts = SIGNED.iter().map(|record| line(&record.to_canonical()).into_bytes());
        let changed = (0..36u8).flat_map(|record| (0..6).map(move |how| vec![record, 9, how, how, 1, 2]));
        texts.chain(changed).collect()
    },
    vectors: &[],
};
