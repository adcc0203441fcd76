//! Registry events as records, what they fold to, and that as `state.json`.

use counterfoil::{
    hash::Hash,
    json::{self, Object},
    ledger::snapshot::state,
    record::{
        claim::{Claimants, RecordClaim},
        registry::{RegistryEvent, is_event},
        scan::ScannedRecord,
        signed::{SignOptions, sign},
        writers::Writers,
    },
    rules::{judge::Judge, registry::Registry},
    time::Time,
    tlog::{arrival::EntryTimes, checkpoint::Checkpoint},
};

use super::{
    Target,
    edits::{edit, edit_within, pieces},
    texts::key,
    world::{Dice, LEDGER, World, genesis},
};

/// What is taken says all that the record says, and a scan of a record sees nothing else than the reader.
fn check_record(record: &Object) {
    let kind = record.str("type").is_some_and(is_event);
    let event = RegistryEvent::parse(record);
    assert_eq!(event.is_some(), kind);
    match event {
        Some(Ok(event)) => {
            let mut said = record.clone();
            said.remove("proof");
            assert_eq!(
                event.to_record().to_canonical(),
                said.to_canonical(),
                "what is taken is written back"
            );
        }
        Some(Err(why)) => assert!(!why.to_string().contains(char::is_control), "{why:?}"),
        None => check_scan(record),
    }
}

fn check_scan(record: &Object) {
    let text = record.to_canonical();
    if let Some(scanned) = ScannedRecord::scan(&text) {
        assert_eq!(
            RecordClaim::scanned(&scanned, &mut Claimants::default()),
            RecordClaim::of(record),
            "a scan is sure or nothing"
        );
    }
}

/// Every event with every member that it can have: written here, so that what a writer leaves out is missed.
const EVENTS: [&str; 15] = [
    r#"{"type":"enroll","party":"acme","key":"KEY","next":"ID"}"#,
    r#"{"type":"enroll","device":"probe 7","key":"KEY","owner":"ID","via":"ID"}"#,
    r#"{"type":"enroll","device":"probe 8","owner":"ID"}"#,
    r#"{"type":"assign","prev":"ID","device":"ID","via":"ID"}"#,
    r#"{"type":"assign","prev":"ID","device":"ID","via":null}"#,
    r#"{"type":"delegate","prev":"ID","party":"ID","key":"KEY","may":["event","handover"],"until":"TIME"}"#,
    r#"{"type":"delegate","prev":"ID","party":"ID","key":"KEY","until":null}"#,
    r#"{"type":"rotate","prev":"ID","party":"ID","key":"KEY","next":"ID"}"#,
    r#"{"type":"rotate","prev":"ID","admin":"KEY","key":"KEY"}"#,
    r#"{"type":"revoke","prev":"ID","device":"ID","trusted_until":"TIME"}"#,
    r#"{"type":"transfer","prev":"ID","device":"ID","to":"ID","leases":["ID"],"via":"ID"}"#,
    r#"{"type":"lease","prev":"ID","device":"ID","to":"ID","from":"TIME","until":"TIME","via":"ID"}"#,
    r#"{"type":"return","prev":"ID","device":"ID","lease":"ID"}"#,
    r#"{"type":"handover","prev":"ID","device":"ID","to":"ID","note":"1204 h","documents":["ID"],"names":{"device":"probe","to":"acme"}}"#,
    r#"{"type":"retire","prev":"ID","device":"ID"}"#,
];

pub(super) fn events() -> Vec<Object> {
    let (id, did) = (Hash::of(b"y").to_string(), key().public().did());
    let event = |text: &str| {
        let text = text.replace("ID", &id).replace("KEY", &did).replace("TIME", "2026-03-01T06:00:00.000Z");
        let mut record = json::parse_object(text.as_bytes()).expect("an event");
        record.insert("ledger", LEDGER.to_string());
        record.insert("expires", "2026-03-08T06:00:00.000Z");
        record
    };
    EVENTS.map(event).into()
}

/// What the fold takes, too: two parties, a device of the first that is let to the second, a clerk; notice is given,
/// hands change, and the device's key is revoked.
#[rustfmt::skip]
const PEOPLE: &[u8] = &[
    0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0,
    0, 2, 0, 0, 0, 1, 3, 1, 4, 0, 0, 0,
    0, 2, 1, 0, 1, 1, 5, 1, 0, 2, 0, 0, 0,
    0, 2, 8, 0, 1, 4, 0, 1, 1, 0, 0,
    0, 2, 3, 0, 3, 1, 0, 1, 0, 0, 6, 0, 0, 0,
    1, 2, 9, 2, 0, 1, 0, 0,
    0, 2, 10, 3, 4, 0, 0,
    0, 2, 6, 0, 0, 1, 1, 1, 4, 0, 0,
];

fn peopled() -> World {
    let (mut world, mut dice) = (World::new(Writers::Enrolled), Dice(PEOPLE));
    while !dice.0.is_empty() {
        world.step(&mut dice);
    }
    let device = world.registry().devices()[0];
    let all = device.via.0.is.is_some() && !device.leases.is_empty() && device.custody.leg > 0;
    assert!(all && device.revoked.is_some() && world.registry().weight() == 7, "{device:?}");
    world
}

pub(super) const EVENT: Target = Target {
    name: "event",
    run: |data| {
        if let Ok(record) = json::parse_object(data) {
            check_record(&record);
        }
    },
    seeds: || {
        let mut records = events();
        sign(&mut records[0], &key(), &SignOptions::default()).expect("a record without proof");
        let mut said = counterfoil::object! { "type": "reading", "device": "probe 7", "seq": 17u32 };
        sign(&mut said, &key(), &SignOptions::default()).expect("a record without proof");
        records.push(said);
        records.iter().map(|record| record.to_canonical().into_bytes()).collect()
    },
    vectors: &[],
};

/// The first byte says which event it begins with, and each three what becomes of one of its members.
pub(super) const MEMBERS: Target = Target {
    name: "members",
    run: |data| {
        let mut dice = Dice(data);
        let events = events();
        let mut record = dice.pick(&events);
        while !dice.0.is_empty() {
            edit(&mut record, &mut dice, &events);
            check_record(&record);
        }
    },
    seeds: || {
        let one = |event| (0..6).map(move |how| vec![event, 0, how, 3, 4]);
        (0..15).flat_map(one).collect()
    },
    vectors: &[],
};

/// Whatever is told to a registry: it never fails, and changes just when it says that it does.
pub(super) const FOLD: Target = Target {
    name: "fold",
    run: |data| {
        let mut dice = Dice(data.get(..2_000).unwrap_or(data));
        let mut world = World::new(dice.pick(&[Writers::Enrolled, Writers::Anyone]));
        while !dice.0.is_empty() {
            world.step(&mut dice);
        }
        world.fold_again();
    },
    seeds: || vec![[&[0], PEOPLE].concat(), [&[1], PEOPLE, PEOPLE].concat()],
    vectors: &[],
};

/// A state as it should be, but for some edits.
fn edited_state(data: &[u8]) -> Object {
    let mut dice = Dice(data);
    let mut state = json::parse_object(&kept(peopled().registry().clone())).expect("what we write");
    let pieces = pieces(&state);
    for _ in 0..=dice.roll(3) {
        edit_within(&mut state, &mut dice, &pieces);
    }
    state
}

fn kept(registry: Registry) -> Vec<u8> {
    let stated = Checkpoint { origin: String::new(), size: 9, root: Hash::of(b"root") };
    let judge = Judge::resuming(&genesis(Writers::Enrolled), registry, Some(EntryTimes::plain(Time::EPOCH)));
    state::write(&judge, &stated, &key()).unwrap_or_default().into_bytes()
}

/// The log signs what is no proper registry: what is taken of it is written back the same, and folds on. What is no
/// JSON says how a good one is edited.
pub(super) const STATE: Target = Target {
    name: "state",
    run: |data| {
        let genesis = genesis(Writers::Enrolled);
        let mut object = json::parse_object(data).unwrap_or_else(|_| edited_state(data));
        let read = |text: &str| state::read(text.as_bytes(), &genesis, LEDGER);
        let stranger = state::read(data, &genesis, LEDGER);
        object.remove("proof");
        assert!(read(&object.to_canonical()).is_err(), "nobody signed it");
        sign(&mut object, &key(), &SignOptions::default()).expect("a record without proof");
        let text = object.to_canonical() + "\n";
        let Ok((judge, stated)) = read(&text) else { return assert!(stranger.is_err()) };
        let written = state::write(&judge, &stated, &key());
        assert!(written.is_ok_and(|written| written == text), "what is taken is not written back");
        let (mut world, mut dice) = (World::of(judge.registry().clone()), Dice(&data[data.len() / 2..]));
        for _ in 0..10 {
            world.step(&mut dice);
        }
    },
    seeds: || {
        let world = peopled();
        // The second edit is of the last key's last byte, which says whether that was revoked.
        let edits = [vec![0, 3, 1, 0, 2], vec![0, 2, 2, 0, 4, 0, 2, 3, 0]];
        let states = [World::new(Writers::Enrolled).registry().clone(), world.registry().clone()].map(kept);
        states.into_iter().chain(edits).collect()
    },
    vectors: &[],
};
