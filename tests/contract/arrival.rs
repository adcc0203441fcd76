//! However readings arrive, and however quickly they are read, the terms come to the same.

use counterfoil::{
    contract::eval::{EntryId, Evaluation, EvaluationScope, FactReader, RecordSigners, Sieve},
    json::{self, Object, Value},
    key::{Did, SecretKey},
    record::{
        signed::{SignOptions, sign},
        view::RecordView,
    },
    tlog::entry_view::ScannedEntry,
};
use proptest::prelude::*;

use super::hour::*;

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
    let scope = |patient| EvaluationScope { as_of: Some(at(48 * 60 * MINUTE)), patient };
    let (one, two) = (run(&contract, &lines, scope(false)), run(&contract, &lines, scope(true)));
    assert_eq!(one, two);
    assert_eq!(term(&one).get("excursions_total"), Some(&40u32.into()));
    // a late reading leaves the hole as it is, and is no reason to follow all again
    let mut late = lines.clone();
    let filler = late.remove(100).received(3_000_000);
    late.push(filler.clone());
    let early = run(&contract, &late, scope(false));
    assert_eq!(
        (findings(&early), &early),
        (vec!["100 late".to_owned()], &run(&contract, &late, scope(true)))
    );
    // a status is no reading: nothing was withheld
    let mut status = filler.with("type", "status").with("status", "bad-frames");
    status.record.remove("values");
    *late.last_mut().unwrap() = status;
    let sieve = Sieve::new(&contract, false);
    let mut evaluation = Evaluation::new(&contract, 1, scope(false));
    for line in &late {
        let mut fact = sieve.fact(&(&line.record).into(), RecordSigners::Good(&[Did::from(&key(3))]));
        evaluation.push(EntryId { ledger: 0, n: line.n }, line.received, &mut fact);
    }
    assert!(evaluation.finish().is_err(), "what was followed early must be followed again");
    assert_eq!(findings(&run(&contract, &late, scope(true))), [""; 0]);
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

/// A line that is scanned gives the fact that reading it gives.
#[test]
fn scanning_a_line_says_what_reading_it_says() {
    let contract = contract("", &cold(""));
    let sieve = Sieve::new(&contract, false);
    let mut facts = FactReader::new(&sieve, false);
    let lines = [
        (
            "reading",
            r#""device":"probe","seq":3,"stream":"s","time":"2026-03-01T06:05:00.000Z","units":{"t":"Cel"},"values":{"t":4.25}"#,
            true,
        ),
        (
            "reading",
            r#""device":"probe","time":"2026-03-01T06:05:00.000Z","values":{"t":-0.5,"x":[1,{"a":"}"}]}"#,
            true,
        ),
        (
            "reading",
            r#""boot":"b","device":"probe","time":null,"up":7,"values":{"door":"open","t":null}"#,
            true,
        ),
        (
            "reading",
            r#""device":"probe","time":"2026-03-01T06:05:00.000Z","values":{"t":0.30000000000000004}"#,
            true,
        ),
        ("reading", r#""device":"pröbe","time":"2026-03-01T06:05:00.000Z","values":{"t":4}"#, true),
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
            let mut record =
                json::parse_object(format!(r#"{{{members},"type":"{kind}"}}"#).as_bytes()).unwrap();
            sign(&mut record, &SecretKey::from_seed(&[seed; 32]), &SignOptions::default()).unwrap();
            let proof = record.get("proof").unwrap().to_canonical();
            // out of order as it stands, or in canonical form
            let text = if members.starts_with("\"time\"") {
                format!(r#"{{{members},"proof":{proof},"type":"{kind}"}}"#)
            } else {
                record.to_canonical()
            };
            let line = format!(r#"{{"n":12,"received":"2026-03-01T06:05:01.000Z","record":{text}}}"#);
            assert_eq!(ScannedEntry::scan(line.as_bytes()).is_some(), quick, "{line}");
            let found = facts.line(line.as_bytes()).unwrap();
            assert_eq!((found.n, found.times.received), (12, at(5 * MINUTE + 1_000)));
            let signer = [Did::from(&key(seed))];
            let view = RecordView::from(&record);
            let read = sieve.fact(&view, RecordSigners::Good(&signer));
            assert_eq!(format!("{:?}", found.fact), format!("{read:?}"), "{line}");
        }
    }
    for broken in [
        "",
        "{",
        "{}",
        r#"{"n":1,"received":"2026-03-01T06:05:01.000Z","record":{}} x"#,
        r#"{"n":1,"n":1}"#,
        r#"{"n":007,"received":"2026-03-01T06:05:01.000Z","record":{}}"#,
        r#"{"n":1,"received":"2026-03-01T06:05:01.000Z","record":{"seq":007,"type":"reading"}}"#,
        r#"{"n":1,"received":"2026-03-01T06:05:01.000Z","record":{"type":"reading","values":{"t":1.}}}"#,
    ] {
        assert!(facts.line(broken.as_bytes()).is_err(), "{broken}");
    }
}
