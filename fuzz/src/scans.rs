//! A record and a line as they are scanned, and as the strict reader reads them.

use std::sync::LazyLock;

use counterfoil::{
    json::{self, Object, Value},
    key::{Did, SecretKey},
    object,
    record::{
        scan::ScannedRecord,
        signed::{self, PROOF, ScannedProof, SignOptions, Verifier, sign},
        view::RecordView,
    },
    time::Time,
    tlog::{entry::Entry, entry_view::ScannedEntry},
};

use super::{Target, edits::edit, registry::events, world::Dice};

/// Whatever a scan is sure of, the strict reader says too.
fn check(text: &str) {
    let Some(scanned) = ScannedRecord::scan(text) else { return };
    let record = json::parse_object(text.as_bytes()).expect("a scan is sure");
    assert_eq!(record.to_canonical(), text, "what is sure is canonical");
    let mut unsigned = record.clone();
    unsigned.remove(PROOF);
    assert_eq!(scanned.unsigned(), unsigned.to_canonical());
    assert_eq!(scanned.id(), signed::id(&record));
    check_proofs(&scanned, &record);
    let view = RecordView::Scanned(scanned);
    check_view(&view, &record);
    check_in_line(text, &record);
}

/// Both views of a record give the same answers.
fn check_view(view: &RecordView<'_>, record: &Object) {
    let read = RecordView::from(record);
    assert_eq!((view.kind(), view.device(), view.contract()), (read.kind(), read.device(), read.contract()));
    assert_eq!((view.signers(), view.claim()), (read.signers(), read.claim()));
    assert_eq!(view.unsigned(), read.unsigned());
    if let Some("reading" | "status") = view.kind() {
        assert_eq!(view.reading(), read.reading());
        let time = record.get("time").filter(|time| **time != Value::Null);
        assert!(
            time.is_none_or(|time| time.as_str().and_then(Time::parse).is_some()),
            "a time in the one form"
        );
    }
}

fn proofs(record: &Object) -> &[Value] {
    match record.get(PROOF) {
        None => &[],
        Some(Value::Array(proofs)) => proofs,
        Some(proof) => std::slice::from_ref(proof),
    }
}

/// The same keys in the same order, none twice, and the same answer to whether they signed.
fn check_proofs(scanned: &ScannedRecord<'_>, record: &Object) {
    let proofs = proofs(record);
    assert_eq!(scanned.proofs.is_empty(), record.get(PROOF).is_none());
    assert_eq!(scanned.proofs.iter().count(), proofs.len());
    let claimants: Option<Vec<Did>> = scanned.proofs.iter().map(ScannedProof::claimant).collect();
    assert_eq!(claimants, signed::claimants(record));
    let methods = proofs.iter().filter_map(|proof| proof.as_object()?.str("verificationMethod"));
    let methods: Vec<&str> = methods.collect();
    assert!(methods.iter().enumerate().all(|(at, method)| !methods[..at].contains(method)), "{methods:?}");
    let (mut verifier, id) = (Verifier::new(), scanned.id());
    let mut holds = |proof| verifier.check_scanned(proof, &id, 0).cloned();
    let signers: Option<Vec<_>> = scanned.proofs.iter().map(&mut holds).collect();
    assert!(verifier.failed().is_empty(), "keys seen once have no table");
    assert_eq!(signers, Verifier::new().signers(record, Time::EPOCH).ok());
}

/// The same within an entry's line.
fn check_in_line(text: &str, record: &Object) {
    let line = format!("{{\"n\":7,\"received\":\"{}\",\"record\":{text}}}", Time::EPOCH);
    let Some(scanned) = ScannedEntry::scan(line.as_bytes()) else { return };
    let entry = Entry::parse(line.as_bytes()).expect("a scan is sure");
    assert_eq!((scanned.n, scanned.times()), (entry.n, entry.times()));
    assert_eq!(scanned.record.id(), signed::id(&entry.record));
    check_view(&RecordView::Scanned(scanned.record), record);
}

fn signed_by(record: &Object, seeds: &[u8]) -> Object {
    let mut record = record.clone();
    for seed in seeds {
        let key = SecretKey::from_seed(&[*seed; 32]);
        sign(&mut record, &key, &SignOptions::default()).expect("a key that has not signed yet");
    }
    record
}

/// Readings, events and others, with no proof to three.
static RECORDS: LazyLock<Vec<Object>> = LazyLock::new(|| {
    let time = "2026-03-01T06:00:00.000Z";
    let reading = object! {
        "type": "reading", "device": "é", "time": time, "stream": "b1e4", "seq": 17u32, "values": object! { "t": 4u32 },
    };
    // More than a scan reads as an integer
    let long = object! { "seq": (1u64 << 53) - 1 };
    let status = object! { "type": "status", "time": Value::Null, "a": 1u32, "z": vec!["proof"] };
    let bare = [
        object! {},
        object! { "a": 1u32 },
        object! { "z": object! { "proof": 1u32 } },
        reading,
        status,
        long,
    ];
    let bare: Vec<Object> = events().into_iter().chain(bare).collect();
    let keys: [&[u8]; 4] = [&[], &[1], &[1, 2], &[3, 2, 1]];
    keys.iter().flat_map(|keys| bare.iter().map(|record| signed_by(record, keys))).collect()
});

/// Proofs of records that were signed by one, by two and by three.
static PROOFS: LazyLock<Vec<Object>> = LazyLock::new(|| {
    let proofs = RECORDS.iter().flat_map(proofs);
    proofs.filter_map(Value::as_object).cloned().collect()
});

/// Something becomes of the proofs, or of a member beside them.
fn change(record: &mut Object, dice: &mut Dice<'_>) {
    let proof = dice.pick(&PROOFS);
    let first = dice.roll(3);
    match (record.get_mut(PROOF), dice.roll(6)) {
        (Some(Value::Array(proofs)), 0) => proofs.push(proof.into()),
        (Some(Value::Array(proofs)), 1) if !proofs.is_empty() => drop(proofs.remove(first % proofs.len())),
        (Some(Value::Array(proofs)), 2) => proofs.reverse(),
        (Some(Value::Array(proofs)), 3) if !proofs.is_empty() => proofs.push(proofs[0].clone()),
        (Some(Value::Array(proofs)), 4) => {
            let at = first % proofs.len().max(1);
            if let Some(Value::Object(ours)) = proofs.get_mut(at) {
                edit(ours, dice, &PROOFS);
            }
        }
        (Some(Value::Object(ours)), 0) => edit(ours, dice, &PROOFS),
        (_, 0 | 1) => drop(record.insert(PROOF, proof)),
        (_, 2) => drop(record.insert(PROOF, Value::Array(vec![proof.into(); first]))),
        _ => edit(record, dice, &RECORDS),
    }
}

/// A text that begins with a brace is a record; else the first byte says which record it is, and those after it
/// what becomes of it.
pub(super) const SCAN: Target = Target {
    name: "scan",
    run: |data| {
        if data.first() == Some(&b'{') {
            return std::str::from_utf8(data).iter().for_each(|text| check(text));
        }
        let mut dice = Dice(data.get(..64).unwrap_or(data));
        let mut record = dice.pick(&RECORDS);
        while !dice.0.is_empty() {
            change(&mut record, &mut dice);
            check(&record.to_canonical());
        }
    },
    seeds: || {
        let texts = RECORDS.iter().map(|record| record.to_canonical().into_bytes());
        let changed = (0..80u8).flat_map(|record| (0..6).map(move |how| vec![record, 9, how, how, 1, 2]));
        texts.chain(changed).collect()
    },
    vectors: &[],
};
