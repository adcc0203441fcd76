use super::*;
use crate::json::{self, parse_object};

fn hash(byte: u8) -> Hash {
    Hash([byte; 32])
}

fn key(byte: u8) -> Did {
    Did::from_bytes([byte; 32])
}

fn time(text: &str) -> Time {
    Time::parse_rfc3339(text).unwrap()
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// One of each, with every member that it can have.
fn deeds() -> Vec<Deed> {
    let (device, via) = (hash(1), Some(hash(9)));
    let (from, until) = (time("2026-03-01T06:00:00Z"), time("2026-04-01T06:00:00Z"));
    vec![
        Deed::EnrollParty { name: name("acme"), key: key(1), next: Some(hash(3)) },
        Deed::EnrollDevice { name: name("probe 7"), key: Some(key(2)), owner: hash(2), via },
        Deed::EnrollDevice { name: name("probe 8"), key: None, owner: hash(2), via: None },
        Deed::Assign { device, via },
        Deed::Assign { device, via: None },
        Deed::Delegate { party: hash(2), key: key(3), may: vec!["event".to_owned()], until },
        Deed::Dismiss { party: hash(2), key: key(3) },
        Deed::Rotate { subject: Subject::Party(hash(2)), key: key(4), next: Some(hash(3)) },
        Deed::Rotate { subject: Subject::Device(device), key: key(4), next: None },
        Deed::Rotate { subject: Subject::Admin(key(5)), key: key(4), next: None },
        Deed::Revoke { subject: Subject::Party(hash(2)), trusted_until: Some(from) },
        Deed::Transfer { device, to: hash(4), leases: vec![hash(5), hash(6)], via },
        Deed::Lease { device, to: hash(4), from, until, via },
        Deed::Return { device, lease: hash(5) },
        Deed::Handover {
            device,
            to: hash(4),
            note: Some("1204 h".to_owned()),
            documents: vec![hash(5), hash(6)],
        },
        Deed::Retire { device },
    ]
}

fn events() -> Vec<RegistryEvent> {
    let prev = |deed: &Deed| {
        let first = matches!(deed, Deed::EnrollParty { .. } | Deed::EnrollDevice { .. });
        (!first).then_some(hash(8))
    };
    let expires = Some(time("2026-03-08T06:00:00Z"));
    deeds()
        .into_iter()
        .map(|deed| RegistryEvent {
            ledger: hash(7),
            prev: prev(&deed),
            expires,
            names: EventNames::default(),
            deed,
        })
        .collect()
}

#[test]
fn every_event_is_read_back_as_it_was_written() {
    for event in events() {
        let record = event.to_record();
        assert_eq!(RegistryEvent::parse(&record), Some(Ok(event)), "{record}");
    }
    let kinds: Vec<_> = events().iter().map(RegistryEvent::kind).collect();
    assert!(TYPES.iter().all(|kind| kinds.contains(kind)));
}

#[test]
fn members_are_all_needed_or_optional_and_none_is_unknown() {
    for event in events() {
        let record = event.to_record();
        let mut more = record.clone();
        more.insert("with_lease", true);
        let why = RegistryEvent::parse(&more).unwrap().unwrap_err().to_string();
        assert!(why.contains("\"with_lease\" is not one"), "{why}");
        for (member, _) in record.iter().filter(|(member, _)| *member != "type") {
            let mut wrong = record.clone();
            wrong.insert(member, 7u32);
            assert!(RegistryEvent::parse(&wrong).unwrap().is_err(), "{member} of {record}");
            let mut less = record.clone();
            less.remove(member);
            match RegistryEvent::parse(&less).unwrap() {
                Ok(other) => assert!(other != event, "{member} of {record} says nothing"),
                Err(why) => assert!(why.to_string().contains("is missing"), "{why}"),
            }
        }
    }
    assert!(RegistryEvent::parse(&parse_object(br#"{"type":"reading"}"#).unwrap()).is_none());
    assert!(RegistryEvent::parse(&parse_object(br#"{"type":7}"#).unwrap()).is_none());
}

/// What a member may have in place of what it should have.
const OTHERS: [&str; 14] = [
    "null",
    "true",
    "7",
    "-0.5",
    "1e3",
    "\"\"",
    "\"x\"",
    "\"\u{e9}\"",
    r#""\n""#,
    r#""\u0061""#,
    "[]",
    r#"["a","a"]"#,
    r#"["a",1]"#,
    r#"{"a":{}}"#,
];

/// A yes, or why not, is the same in text and read; of canonical text without escapes a scan is sure.
#[test]
fn an_event_in_text_is_what_is_read_of_it() {
    for record in events().iter().map(RegistryEvent::to_record) {
        let text = record.to_canonical();
        assert_eq!(RegistryEvent::scan(&text), RegistryEvent::parse(&record), "{text}");
        for (member, value) in record.iter() {
            for other in OTHERS {
                let (from, to) = (format!("{member:?}:{value}"), format!("{member:?}:{other}"));
                let text = text.replacen(&from, &to, 1);
                let read = parse_object(text.as_bytes()).unwrap();
                let sure = read.to_canonical() == text && !text.contains('\\');
                assert_eq!(
                    RegistryEvent::scan(&text),
                    sure.then(|| RegistryEvent::parse(&read)).flatten(),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn lists_are_judged_alike_in_text_and_read() {
    let rights = |count: usize| (0..count).map(|at| format!("{at:03}")).collect::<Vec<_>>();
    for (list, good) in [
        (rights(0), false),
        (rights(1), true),
        (rights(32), true),
        (rights(33), false),
        (vec!["x".repeat(64)], true),
        (vec!["x".repeat(65)], false),
        (vec![String::new()], false),
        (vec!["a".to_owned(), "a".to_owned()], false),
    ] {
        let mut record = RegistryEvent {
            ledger: hash(7),
            prev: Some(hash(8)),
            expires: None,
            names: EventNames::default(),
            deed: deeds()[5].clone(),
        }
        .to_record();
        record.insert("may", list.clone());
        let (read, seen) =
            (RegistryEvent::parse(&record).unwrap(), RegistryEvent::scan(&record.to_canonical()).unwrap());
        assert_eq!((read.is_ok(), &read), (good, &seen), "{list:?}");
    }
}

#[test]
fn a_scan_is_of_one_whole_event() {
    let text = events()[0].to_record().to_canonical();
    for other in [
        text.replace('{', "{ "),
        format!("{text} "),
        format!("{text}{{}}"),
        text[..text.len() - 1].to_owned(),
        text.replace("enroll", "reading"),
        text.replace("\"enroll\"", "7"),
        "{}".to_owned(),
        "[]".to_owned(),
        String::new(),
    ] {
        assert_eq!(RegistryEvent::scan(&other), None, "{other}");
    }
}

#[test]
fn a_handover_says_as_much_of_the_state_as_fits() {
    let text = |length| format!("{:?}", "x".repeat(length));
    let hashes = |count: u8| format!("{:?}", (0..count).map(|n| hash(n).to_string()).collect::<Vec<_>>());
    let once_more = format!("[{:?},{:?}]", hash(1).to_string(), hash(1).to_string());
    for (member, value, good) in [
        ("note", text(1), true),
        ("note", text(MAX_NOTE), true),
        ("note", text(0), false),
        ("note", text(MAX_NOTE + 1), false),
        ("documents", hashes(64), true),
        ("documents", hashes(65), false),
        ("documents", hashes(0), false),
        ("documents", once_more, false),
        ("documents", "[\"photo.jpg\"]".to_owned(), false),
    ] {
        let deed = Deed::handover(hash(1), hash(4));
        let names = EventNames::default();
        let event = RegistryEvent { ledger: hash(7), prev: Some(hash(8)), expires: None, names, deed };
        let mut record = event.to_record();
        record.insert(member, json::parse(value.as_bytes()).unwrap());
        assert_eq!(RegistryEvent::parse(&record).unwrap().is_ok(), good, "{value}");
    }
}

#[test]
fn names_are_labels_of_members_that_are_ids() {
    for (names, good) in [
        (r#"{"device":"probe 7","to":"carrier"}"#, true),
        (r#"{"to":"carrier"}"#, true),
        (r"{}", false),
        (r#"{"via":"carrier"}"#, false),
        (r#"{"ledger":"fleet"}"#, false),
        (r#"{"to":" carrier"}"#, false),
        (r#"{"to":7}"#, false),
        (r#"["carrier"]"#, false),
    ] {
        let (deed, none) = (Deed::handover(hash(1), hash(4)), EventNames::default());
        let event = RegistryEvent { ledger: hash(7), prev: Some(hash(8)), expires: None, names: none, deed };
        let mut record = event.to_record();
        record.insert("names", json::parse(names.as_bytes()).unwrap());
        let read = RegistryEvent::parse(&record).unwrap();
        assert_eq!(read.is_ok(), good, "{names}");
        assert_eq!(RegistryEvent::scan(&record.to_canonical()), Some(read), "{names}");
    }
}

#[test]
fn power_over_keys_is_not_lent() {
    let until = time("2026-04-01T06:00:00Z");
    for (right, good) in [("event", true), ("handover", true), ("rotate", false), ("delegate", false)] {
        let deed = Deed::Delegate {
            party: hash(2),
            key: key(3),
            may: vec!["x".to_owned(), right.to_owned()],
            until,
        };
        let event = RegistryEvent {
            ledger: hash(7),
            prev: Some(hash(8)),
            expires: None,
            names: EventNames::default(),
            deed,
        };
        assert_eq!(RegistryEvent::parse(&event.to_record()).unwrap().is_ok(), good, "{right}");
    }
}

#[test]
fn a_transfer_names_as_many_leases_as_fit_a_line() {
    let sale = |leases: usize| {
        let leases = (0..leases).map(|n| Hash::of(&n.to_be_bytes())).collect();
        let deed = Deed::Transfer { device: hash(1), to: hash(4), leases, via: Some(hash(9)) };
        let expires = Some(time("2026-03-08T06:00:00Z"));
        RegistryEvent { ledger: hash(7), prev: Some(hash(8)), expires, names: EventNames::default(), deed }
            .to_record()
    };
    let most = sale(MAX_LEASES);
    assert!(RegistryEvent::parse(&most).unwrap().is_ok());
    assert!(most.to_canonical().len() < 40_000, "signatures and what the ledger adds fit, too");
    let why = RegistryEvent::parse(&sale(MAX_LEASES + 1)).unwrap().unwrap_err().to_string();
    assert_eq!(why, "no good transfer event: member \"leases\" is not a list of 1 to 512 ids");
}
