use super::*;
use crate::{
    json::parse_object,
    key::{Did, SecretKey},
    record::{
        registry::{Deed, Event, Name, Subject},
        signed::{PROOF, SignOptions, sign},
    },
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        evidence::Evidence,
        vkey::{Algorithm, VerifierKey},
    },
};

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

fn did(seed: u8) -> Did {
    Did::from(&key(seed).public())
}

fn told(record: &Object) -> Explanation {
    object(record, &mut Asked::new(Time::EPOCH, &|_| None))
}

fn signed(mut record: Object, seeds: &[u8]) -> Object {
    for seed in seeds {
        sign(&mut record, &key(*seed), &SignOptions::default()).unwrap();
    }
    record
}

fn event(deed: Deed, seeds: &[u8]) -> Object {
    let event = Event { ledger: Hash::of(b"ledger"), prev: None, expires: None, deed };
    let mut record = event.to_record();
    if event.kind() != "enroll" {
        record.insert("prev", Hash::of(b"prev").to_string());
    }
    signed(record, seeds)
}

#[test]
fn one_bad_proof_says_nothing_about_the_others() {
    let mut record = signed(object! { "type": "note", "text": "a" }, &[1, 2, 3]);
    let Some(Value::Array(proofs)) = record.get_mut(PROOF) else { panic!("no proofs") };
    let first = proofs[0].clone();
    let Value::Object(second) = &mut proofs[1] else { panic!("no proof") };
    second.insert("created", "2026-03-01T06:00:00Z");
    proofs.extend([first, Value::Array(vec![]), Value::Null]);
    let told = told(&record);
    let good: Vec<_> = told.signers.iter().map(|signer| signer.good.unwrap()).collect();
    assert_eq!(good, [true, false, true, false, false, false]);
    assert_eq!(told.signers[1].who, Some(key(2).public().did()));
    assert_eq!(told.signers[3].why.as_deref(), Some("a second proof of the same key"));
    assert!(!told.is_sound());
    record.insert(PROOF, Value::Array(Vec::new()));
    assert!(!self::told(&record).is_sound());
}

#[test]
fn who_is_missing_is_told_as_far_as_the_event_shows_it() {
    let party = |seeds: &[u8]| {
        let deed = Deed::EnrollParty { name: Name::parse("acme").unwrap(), key: did(1), next: None };
        told(&event(deed, seeds)).missing.len()
    };
    assert_eq!([party(&[]), party(&[1]), party(&[9]), party(&[1, 9])], [2, 1, 1, 0]);
    let (device, to) = (Hash::of(b"device"), Hash::of(b"to"));
    let handover = |seeds: &[u8]| told(&event(Deed::Handover { device, to }, seeds)).missing;
    assert_eq!([handover(&[]).len(), handover(&[1, 2]).len()], [2, 0]);
    assert_eq!(handover(&[1]), [format!("who has it or who takes it, {to}: 1 of 2 has signed")]);
    let rotate = |subject, seeds: &[u8]| {
        told(&event(Deed::Rotate { subject, key: did(5), next: None }, seeds)).missing.join("; ")
    };
    let new = format!("the new key, {}", did(5));
    assert_eq!(rotate(Subject::Device(device), &[5]), "the device's owner");
    assert_eq!(rotate(Subject::Party(to), &[4]), new);
    assert_eq!(rotate(Subject::Party(to), &[5]), "the old key, unless it is committed to the new one");
}

#[test]
fn a_bad_proof_is_nobodys_signature() {
    let mut record = event(Deed::Handover { device: Hash::of(b"a"), to: Hash::of(b"b") }, &[1, 2]);
    record.insert("to", Hash::of(b"c").to_string());
    let told = told(&record);
    assert_eq!((told.missing.len(), told.is_sound()), (2, false));
}

#[test]
fn ids_get_the_names_that_somebody_knows() {
    let to = Hash::of(b"to");
    let record = event(Deed::Handover { device: Hash::of(b"device"), to }, &[]);
    let names = |id: &Hash| (*id == to).then(|| "a \"carrier\"\n".to_owned());
    let told = object(&record, &mut Asked::new(Time::EPOCH, &names));
    let end = format!("into the hands of \"a \\\"carrier\\\"\\n\" ({to})");
    assert!(told.says[0].ends_with(&end), "{:?}", told.says);
}

#[test]
fn letters_that_look_like_others_are_escaped_and_warned_of() {
    let name = |text| Name::parse(text).unwrap();
    let party = Deed::EnrollParty { name: name("\u{43e}wn"), key: did(1), next: None };
    let owner = Hash::of(b"owner");
    let device = Deed::EnrollDevice { name: name("probe\u{2024}7"), key: None, owner, via: None };
    for (deed, shown) in [(party, r#""\u{43e}wn""#), (device, r#""probe\u{2024}7""#)] {
        let told = told(&event(deed, &[]));
        assert!(told.says[0].starts_with(shown), "{told:?}");
        assert!(told.warnings[0].starts_with(&format!("{shown}: has other letters")), "{told:?}");
        assert!(format!("{}", told.to_object()).is_ascii(), "{told:?}");
    }
    let plain = Deed::EnrollParty { name: name("own"), key: did(1), next: None };
    assert_eq!(told(&event(plain, &[])).warnings, [""; 0]);
}

#[test]
fn every_deed_is_one_sentence() {
    let (device, other) = (Hash::of(b"device"), Hash::of(b"other"));
    let (party, name) = (Subject::Party(other), Name::parse("x").unwrap());
    let (from, until) = (Time::EPOCH, Time::parse("2026-03-01T06:00:00.000Z").unwrap());
    let deeds = [
        Deed::EnrollDevice { name, key: None, owner: other, via: Some(device) },
        Deed::Assign { device, via: None },
        Deed::Assign { device, via: Some(other) },
        Deed::Delegate { party: other, key: did(1), may: vec!["event".to_owned()], until },
        Deed::Dismiss { party: other, key: did(1) },
        Deed::Revoke { subject: party, trusted_until: Some(from) },
        Deed::Transfer { device, to: other, leases: vec![other], via: None },
        Deed::Lease { device, to: other, from, until, via: None },
        Deed::Return { device, lease: other },
    ];
    for deed in deeds {
        let told = told(&event(deed.clone(), &[]));
        assert_eq!(told.fault, None, "{deed:?}");
        assert!(told.says[0].len() > 60 && !told.missing.is_empty(), "{told:?}");
    }
}

#[test]
fn what_is_not_what_it_says_is_a_fault() {
    for text in [
        r#"{"type":"rotate"}"#,
        r#"{"type":"ledger","origin":"x"}"#,
        r#"{"type":"contract","title":"x"}"#,
        r#"{"checkpoint":"x"}"#,
        r#"{"format":"foil-evidence/1"}"#,
    ] {
        let told = told(&parse_object(text.as_bytes()).unwrap());
        assert!(told.fault.is_some() && !told.is_sound(), "{text}: {told:?}");
    }
    assert!(told(&parse_object(br#"{"type":"x","n":1}"#).unwrap()).is_sound());
}

#[test]
fn evidence_of_a_fork_is_told_from_what_proves_nothing() {
    let (origin, log) = ("plant7.example/cold", key(7));
    let state = |root: &[u8]| {
        let checkpoint = Checkpoint { origin: origin.to_owned(), size: 9, root: Hash::of(root) };
        SignedCheckpoint::sign(checkpoint, &log).unwrap()
    };
    let vkey = VerifierKey::new(origin, Algorithm::Ed25519, log.public()).unwrap();
    let evidence = Evidence::new(vkey, [&state(b"a"), &state(b"b")], Vec::new()).unwrap();
    let file = parse_object(evidence.to_string().as_bytes()).unwrap();
    let fork = told(&file);
    assert!(fork.is_sound() && fork.is_signed_by(&log.public().did()), "{fork:?}");
    assert!(fork.says.last().unwrap().ends_with("the fork is proven"));
    let same = Evidence { newer: evidence.older.clone(), ..evidence };
    let nothing = told(&parse_object(same.to_string().as_bytes()).unwrap());
    assert_eq!((nothing.is_sound(), nothing.signers[0].good), (false, Some(true)));
    assert!(nothing.fault.unwrap().starts_with("proves nothing"));
}

#[test]
fn whoever_signs_sees_all_members() {
    for kind in ["accept", "event", "dispute", "verdict", "note"] {
        let told = told(&object! { "type": kind, "contract": 7u32, "payments": vec!["hidden"] });
        assert!(told.says.iter().any(|said| said.contains("hidden")), "{told:?}");
    }
    let origin = r#"{"type":"contract","contract":"foil/1","title":"t","period":{"from":"2026-03-01T06:00:00.000Z","to":"2026-03-02T06:00:00.000Z"},"#;
    let parties = format!(r#""parties":{{"a":{{"key":"{}","address":"hidden"}}}},"#, did(1));
    let rest = r#""time":{"late":"reject"},"clauses":[{"text":"in small print"}]}"#;
    let told = told(&parse_object(format!("{origin}{parties}{rest}").as_bytes()).unwrap());
    let said = told.says.join("\n");
    for part in ["\"hidden\"", "late = \"reject\"", "in small print"] {
        assert!(said.contains(part), "{part}: {told:?}");
    }
    assert_eq!(told.missing, [format!("the party a, {}", did(1))]);
}

#[test]
fn in_an_entry_a_proof_is_held_to_when_it_was_received() {
    let expires = Time::parse("2026-03-01T06:00:00.000Z");
    let mut record = object! { "type": "note" };
    sign(&mut record, &key(1), &SignOptions { created: None, expires }).unwrap();
    let at = |received: &str| told(&object! { "n": 7u32, "received": received, "record": record.clone() });
    assert!(at("2026-03-01T05:59:59.999Z").is_sound());
    assert!(!at("2026-03-01T06:00:00.000Z").is_sound());
    assert_eq!(at("2026-03-01T05:00:00.000Z").kind, "note");
}
