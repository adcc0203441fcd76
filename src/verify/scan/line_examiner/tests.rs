use proptest::prelude::*;

use super::*;
use crate::{
    hash::Hash,
    json::Value,
    key::{Did, SecretKey},
    record::{
        registry::{Deed, EventNames, Name, RegistryEvent},
        signed::{SignOptions, sign},
    },
    time::Time,
    tlog::layout::Layout,
};

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

fn entry(n: u64, record: Object) -> String {
    Entry { n, received: Time::EPOCH, wall: None, record }.to_line()
}

fn signed(mut record: Object, seeds: &[u8], options: &SignOptions) -> Object {
    for seed in seeds {
        sign(&mut record, &key(*seed), options).unwrap();
    }
    record
}

fn reading() -> Object {
    crate::object! {
        "type": "reading", "device": "cold-room-3", "time": "2026-03-01T06:00:00.000Z", "stream": "b1e4a2c8",
        "seq": 17u32, "values": crate::object! { "t": crate::json::Number::new(-4.25), "door": false },
        "units": crate::object! { "t": "°C" },
    }
}

/// Lines of many kinds, as good as they can be.
fn lines() -> Vec<String> {
    let plain = SignOptions::default();
    let dated = SignOptions { created: Some(Time::EPOCH), expires: Time::from_millis(1) };
    let mut status = reading();
    status.insert("type", "status");
    status.insert("time", crate::json::Value::Null);
    // U+1F600 is before U+FB33 by UTF-16 code units, and behind it in UTF-8.
    let names = crate::object! { "\u{fb33}": 1u32, "\u{1f600}": 2u32, "a": "\u{1f600}", "b": "\n\"" };
    vec![
        entry(1, signed(reading(), &[1], &plain)),
        entry(2, signed(reading(), &[2], &plain)),
        entry(3, signed(reading(), &[1, 2], &plain)),
        entry(4, signed(reading(), &[1], &dated)),
        entry(5, signed(status, &[1], &plain)),
        entry(6, signed(names, &[1], &plain)),
        entry(0, signed(reading(), &[1], &plain)),
        entry(7, reading()),
        entry(8, crate::object! {}),
        entry(9, signed(crate::object! { "@context": "x" }, &[1], &plain)),
        entry(10, signed(enroll(), &[1, 2], &plain)),
        entry(11, signed(lease(), &[2, 1, 3], &plain)),
        // no good event, and no good member: "via" is null
        entry(
            12,
            signed(crate::object! { "type": "lease", "via": crate::json::Value::Null }, &[1, 2], &plain),
        ),
        entry(13, twice(signed(reading(), &[1], &plain))),
    ]
}

fn enroll() -> Object {
    let name = Name::parse("acme").unwrap();
    let deed = Deed::EnrollParty { name, key: Did::from(&key(1).public()), next: None };
    RegistryEvent {
        ledger: Hash::of(b"ledger"),
        prev: None,
        expires: Time::from_millis(1),
        names: EventNames::default(),
        deed,
    }
    .to_record()
}

fn lease() -> Object {
    let [device, to, prev] = ["device", "to", "prev"].map(|text| Hash::of(text.as_bytes()));
    let deed = Deed::Lease { device, to, from: Time::EPOCH, until: Time::EPOCH, via: None };
    RegistryEvent {
        ledger: Hash::of(b"ledger"),
        prev: Some(prev),
        expires: None,
        names: EventNames::default(),
        deed,
    }
    .to_record()
}

/// The same proof twice.
fn twice(mut record: Object) -> Object {
    let proof = record.get(PROOF).unwrap().clone();
    record.insert(PROOF, vec![proof.clone(), proof]);
    record
}

fn all_rules() -> Vec<LineRules> {
    let listed = Writers::Keys(vec![key(1).public()]);
    let writers = [None, Some(Writers::Anyone), Some(Writers::Signed), Some(listed), Some(Writers::Enrolled)];
    writers.map(|writers| LineRules::new(writers, true, true)).into()
}

fn chunk(bytes: Vec<u8>) -> LineChunk {
    LineChunk { number: 0, file: 0, first_entry: Some(0), first_line: 1, bytes, end: None }
}

/// A chunk examined, with scans and without.
fn both_ways(rules: &LineRules, bytes: &[u8]) -> [ExaminedChunk; 2] {
    let mut read = LineExaminer::new(rules).chunk(&chunk(Vec::new()), &mut ()).0;
    let mut examiner = LineExaminer::new(rules);
    for (number, line) in (1..).zip(lines::split(bytes)) {
        let text = Text::new(line, number == 1);
        if text.bytes.len() != text.raw.len() && read.respelled.is_none() {
            read.respelled = Some((number, ends(text.raw)));
        }
        let found = read.findings.len();
        let (line, _) = examiner.read(&text, Equations::Evaluated, &mut read);
        for finding in &mut read.findings[found..] {
            (finding.line, finding.n) = (Some(number), line.n);
        }
        read.lines.push(line);
    }
    [LineExaminer::new(rules).chunk(&chunk(bytes.to_vec()), &mut ()).0, read]
}

/// Asserts it also for the same rules where no proofs are checked: then nothing is said of any.
fn assert_alike(rules: &LineRules, bytes: &[u8]) {
    if rules.proofs {
        let writers = rules.writers.clone();
        let unchecked = LineRules::new(writers, false, true);
        assert_alike(&unchecked, bytes);
        let [seen, _] = both_ways(&unchecked, bytes);
        let of_proofs = [FindingKind::BadProof, FindingKind::Unsigned, FindingKind::Unauthorized];
        assert!(seen.findings.iter().all(|finding| !of_proofs.contains(&finding.kind)));
        assert!(seen.lines.iter().all(|line| line.proofs == 0));
    }
    let [seen, read] = both_ways(rules, bytes);
    assert_eq!(seen.lines, read.lines, "{:?}", rules.writers);
    assert_eq!(seen.findings, read.findings, "{:?}", rules.writers);
    assert_eq!(seen.sources, read.sources, "{:?}", rules.writers);
    assert_eq!(seen.respelled, read.respelled);
}

/// Compares a scan with the strict reader; answers how many rules were content with a scan.
fn compare(text: &[u8]) -> usize {
    let content = |rules: &LineRules| {
        assert_alike(rules, &[text, b"\n"].concat());
        let text = Text::new((text, true), true);
        let mut examiner = LineExaminer::new(rules);
        let scanned = examiner.scanned(0, &text, Equations::Evaluated, &mut HashMap::new());
        scanned.is_some() && examiner.verifier.failed().is_empty()
    };
    all_rules().iter().filter(|rules| content(rules)).count()
}

#[test]
fn lines_whose_equations_are_known_are_judged_as_those_that_were_evaluated() {
    let chunk = chunk((lines().join("\n") + "\n").into_bytes());
    for mut rules in all_rules() {
        let first = LineExaminer::new(&rules).chunk(&chunk, &mut ()).0;
        rules.known = KnownLines::first(100, Layout::STANDARD);
        let second = LineExaminer::new(&rules).chunk(&chunk, &mut ()).0;
        assert_eq!((second.lines, second.findings), (first.lines, first.findings), "{:?}", rules.writers);
    }
}

#[test]
fn only_the_equation_is_left_out_and_only_at_known_places() {
    let mut record = signed(reading(), &[1], &SignOptions::default());
    record.insert("seq", 18u32);
    let late = SignOptions { created: None, expires: Some(Time::EPOCH) };
    let expired = entry(1, signed(reading(), &[1], &late));
    let mut shapeless = signed(reading(), &[1], &SignOptions::default());
    shapeless.insert(PROOF, Value::Array(Vec::new()));
    let twice = entry(1, twice(signed(reading(), &[1], &SignOptions::default())));
    let unsigned = entry(1, reading());
    let mut rules = LineRules::new(Some(Writers::Signed), true, false);
    rules.known = KnownLines::first(3, Layout::SMALL);
    let judged = |line: &str, first_line: u64, first_entry: Option<u64>| {
        let bytes = format!("{line}\n").into_bytes();
        let chunk = LineChunk { first_entry, first_line, ..chunk(bytes) };
        LineExaminer::new(&rules).chunk(&chunk, &mut ()).0.findings.len()
    };
    for bad in [&expired, &entry(1, shapeless), &twice, &unsigned] {
        assert_eq!(judged(bad, 2, Some(0)), 1, "{bad}");
    }
    let bad = entry(1, record);
    for (line, first, found) in [
        (1, Some(0), 1),
        (2, Some(0), 0),
        (3, Some(0), 0),
        (4, Some(0), 1),
        (17, Some(0), 1),
        (1, Some(16), 1),
        (2, None, 1),
        (1, Some(u64::MAX), 1),
    ] {
        assert_eq!(judged(&bad, line, first), found, "line {line} of the file of {first:?}");
    }
}

#[test]
fn many_lines_are_judged_as_each_is_also_by_table() {
    let line = |n: u32| {
        let mut record = reading();
        record.insert("seq", n);
        let mut record = signed(record, &[1], &SignOptions::default());
        if [3, 70, 71, 150].contains(&n) {
            record.insert("seq", 1_000u32);
        }
        entry(n.into(), record) + "\n"
    };
    let mut text: String = (1..200).map(line).collect();
    text.push_str("{}\nno entry");
    for rules in all_rules() {
        assert_alike(&rules, text.as_bytes());
        let [seen, _] = both_ways(&rules, text.as_bytes());
        let bad = seen.findings.iter().filter(|finding| finding.kind == FindingKind::BadProof);
        assert_eq!(bad.map(|finding| finding.line.unwrap()).collect::<Vec<_>>(), [3, 70, 71, 150]);
        assert_eq!(rules.tables.count(), 1);
    }
}

#[test]
fn a_scan_is_enough_for_what_devices_and_parties_send() {
    let content: Vec<usize> = lines().iter().map(|line| compare(line.as_bytes())).collect();
    assert_eq!(content, [5, 4, 5, 0, 5, 0, 0, 2, 2, 0, 5, 5, 5, 0]);
}

#[test]
fn a_scan_says_nothing_about_bad_lines() {
    let good = &lines()[0];
    for (what, with) in [
        ("\"seq\":17", "\"seq\":18"),
        ("\"seq\":17", "\"seq\":17.0"),
        ("\"seq\":17", "\"seq\":17,\"seq\":17"),
        ("\"seq\":17", "\"seq\": 17"),
        ("cold-room-3", "cold\\u002droom-3"),
        ("-4.25", "-4.250"),
        ("06:00:00.000Z", "06:00:00Z"),
        ("assertionMethod", "authentication"),
        ("\"proofValue\":\"z", "\"proofValue\":\"z1"),
        ("\"record\"", "\"x\":1,\"record\""),
    ] {
        assert!(good.contains(what), "{what}");
        assert_eq!(compare(good.replace(what, with).as_bytes()), 0, "{with}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn changed_lines_are_judged_alike(
        which in 0..14usize, at: prop::sample::Index, byte in 0..=255u8, way in 0..4u8,
    ) {
        let mut line = lines()[which].clone().into_bytes();
        let at = at.index(line.len());
        match way {
            0 => line[at] = byte,
            1 => line.insert(at, byte),
            2 => drop(line.remove(at)),
            _ => line.insert(at, b' '),
        }
        compare(&line);
    }

    #[test]
    fn rewritten_lines_are_judged_alike(
        which in 0..14usize, at: prop::sample::Index, with in "[0-9a-z]|[0-9.eE+-]{1,20}|\\\\u00[0-9a-f]{2}|é|\u{1f600}|\",\"[a-z]\":\"",
    ) {
        let mut line = lines()[which].clone();
        let places: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
        line.insert_str(*at.get(&places), &with);
        compare(line.as_bytes());
    }

    #[test]
    fn members_in_another_order_or_twice_are_judged_alike(which in 0..14usize, a: prop::sample::Index, b: prop::sample::Index) {
        let line = lines()[which].clone();
        let parts: Vec<&str> = line.split(',').collect();
        let (a, b) = (a.index(parts.len()), b.index(parts.len()));
        let mut swapped = parts.clone();
        swapped.swap(a, b);
        compare(swapped.join(",").as_bytes());
        let mut doubled = parts;
        doubled.insert(a, doubled[b]);
        compare(doubled.join(",").as_bytes());
    }
}
