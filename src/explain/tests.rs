use super::*;
use crate::{
    json::parse_object,
    key::{Did, SecretKey},
    record::{
        claim::RecordClaim,
        genesis::Genesis,
        registry::{Deed, EventNames, Name, RegistryEvent, Subject},
        signed::{PROOF, SignOptions, id, sign},
        writers::Writers,
    },
    rules::judge::Judge,
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
    object(record, &mut Asked::new(Time::EPOCH, None))
}

fn signed(mut record: Object, seeds: &[u8]) -> Object {
    for seed in seeds {
        sign(&mut record, &key(*seed), &SignOptions::default()).unwrap();
    }
    record
}

fn event(deed: Deed, seeds: &[u8]) -> Object {
    let event = RegistryEvent {
        ledger: Hash::of(b"ledger"),
        prev: None,
        expires: None,
        names: EventNames::default(),
        deed,
    };
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
    let handover = |seeds: &[u8]| told(&event(Deed::handover(device, to), seeds)).missing;
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
    let mut record = event(Deed::handover(Hash::of(b"a"), Hash::of(b"b")), &[1, 2]);
    record.insert("to", Hash::of(b"c").to_string());
    let told = told(&record);
    assert_eq!((told.missing.len(), told.is_sound()), (2, false));
}

/// A ledger with an owner, a carrier and a probe.
fn peopled() -> (Judge, [Hash; 3]) {
    let log = SecretKey::from_seed(&[9; 32]).public();
    let (admins, writers, origin) = (vec![log.clone()], Writers::Enrolled, "x".to_owned());
    let genesis = Genesis { origin, log, admins, writers, created: Time::EPOCH, continues: None };
    let mut judge = Judge::new(&genesis, Hash::of(b"ledger"));
    let mut happens = |n: u64, deed: Deed, seeds: &[u8]| {
        let record = event(deed, seeds);
        let claim = RecordClaim::of(&record).unwrap();
        judge.admit(n, Time::EPOCH, &claim).unwrap();
        id(&record)
    };
    let party =
        |label, seed| Deed::EnrollParty { name: Name::parse(label).unwrap(), key: did(seed), next: None };
    let owner = happens(1, party("owner", 1), &[1, 9]);
    let carrier = happens(2, party("carrier", 2), &[2, 9]);
    let name = Name::parse("probe").unwrap();
    let probe = happens(3, Deed::EnrollDevice { name, key: None, owner, via: None }, &[1]);
    (judge, [owner, carrier, probe])
}

#[test]
fn a_ledger_knows_names_and_who_is_still_to_sign() {
    let (judge, [owner, carrier, probe]) = peopled();
    let told = |deed: Deed, seeds: &[u8]| {
        let record = RegistryEvent {
            ledger: Hash::of(b"ledger"),
            prev: Some(probe),
            expires: None,
            names: EventNames::default(),
            deed,
        }
        .to_record();
        object(&signed(record, seeds), &mut Asked::new(Time::EPOCH, Some(judge.registry())))
    };
    let half = told(Deed::handover(probe, carrier), &[2]);
    let said = format!(
        "the device \"probe\" ({probe}) passes from the hands of \"owner\" into those of \"carrier\" ({carrier})"
    );
    assert_eq!(half.says[0], said);
    assert_eq!(half.missing, [format!("who has it, \"owner\" ({})", did(1))]);
    assert_eq!(told(Deed::handover(probe, carrier), &[1, 2]).missing, [""; 0]);
    let twice = told(Deed::handover(probe, owner), &[]);
    assert_eq!(
        (twice.warnings, twice.missing),
        (
            vec![
                "as its ledger stands, nobody could let it in: handover: they have it already, since entry 3"
                    .to_owned()
            ],
            vec![]
        )
    );
    // what is in the ledger was let in then, and who had it before is not asked
    let said = format!("the device \"probe\" ({probe}) passes into the hands of \"carrier\" ({carrier})");
    let record = event(Deed::handover(probe, carrier), &[1, 2]);
    let line = Entry { n: 4, received: Time::EPOCH, wall: None, record }.to_line();
    let entry =
        object(&parse_object(line.as_bytes()).unwrap(), &mut Asked::new(Time::EPOCH, Some(judge.registry())));
    assert_eq!((entry.says[0].as_str(), entry.warnings), (said.as_str(), vec![]));
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
