//! What one reading costs: hash, canonical form, signature, verification – each beside the foreign call that
//! is its floor. `cargo bench --bench primitives`

use counterfoil::{
    hash::Hash,
    json::{self, Object},
    key::{
        SecretKey, multibase,
        table::{Pending, Table},
    },
    object,
    record::{
        scan::ScannedRecord,
        signed::{self, ProofExplanation, RecordSigner, SignOptions, Verifier},
    },
    time::Time,
    tlog::merkle::{Frontier, leaf_hash},
};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

fn now() -> Time {
    Time::EPOCH
}

/// A reading as a cold room sends it, 240 bytes.
fn reading() -> Object {
    object! {
        "type": "reading", "device": "cold-room-3", "time": "2026-03-01T06:00:00.000Z",
        "stream": "b1e4a2c8", "seq": 17u32, "integrity": "crc", "clock": "synced",
        "values": object! { "temperature": json::Number::new(4.2), "humidity": json::Number::new(61.5), "door": false },
        "units": object! { "temperature": "Cel", "humidity": "%RH" },
    }
}

fn signed_reading() -> Object {
    let mut record = reading();
    signed::sign(&mut record, &key(), &SignOptions::default()).expect("nobody signed it");
    record
}

#[divan::bench]
fn hash_of_a_reading(bencher: Bencher) {
    let text = reading().to_canonical();
    bencher.bench_local(|| Hash::of(black_box(text.as_bytes())));
}

mod canon {
    #[allow(clippy::wildcard_imports)]
    use super::*;

    #[divan::bench]
    fn parse(bencher: Bencher) {
        let text = signed_reading().to_canonical();
        bencher.bench_local(|| json::parse_object(black_box(text.as_bytes())));
    }

    #[divan::bench]
    fn scan(bencher: Bencher) {
        let text = signed_reading().to_canonical();
        bencher.bench_local(|| ScannedRecord::scan(black_box(&text)).is_some());
    }

    #[divan::bench]
    fn parse_by_serde_json(bencher: Bencher) {
        let text = signed_reading().to_canonical();
        bencher.bench_local(|| serde_json::from_slice::<serde_json::Value>(black_box(text.as_bytes())));
    }

    #[divan::bench]
    fn write(bencher: Bencher) {
        let record = signed_reading();
        let mut out = String::with_capacity(1024);
        bencher.bench_local(|| {
            out.clear();
            black_box(&record).write(&mut out);
            out.len()
        });
    }

    #[divan::bench]
    fn write_by_serde_json_canonicalizer(bencher: Bencher) {
        let text = signed_reading().to_canonical();
        let value: serde_json::Value = serde_json::from_str(&text).expect("it was written as JSON");
        bencher.bench_local(|| serde_json_canonicalizer::to_string(black_box(&value)));
    }
}

mod sign {
    #[allow(clippy::wildcard_imports)]
    use super::*;

    #[divan::bench]
    fn floor_dalek(bencher: Bencher) {
        let key = key();
        bencher.bench_local(|| key.sign(black_box(&[7; 64])));
    }

    #[divan::bench]
    fn record(bencher: Bencher) {
        let key = key();
        let signer = RecordSigner::new(&key, &SignOptions::default());
        bencher.with_inputs(reading).bench_local_values(|mut record| {
            signer.sign(&mut record).expect("nobody signed it");
            record
        });
    }

    #[divan::bench]
    fn line_to_line(bencher: Bencher) {
        let key = key();
        let signer = RecordSigner::new(&key, &SignOptions::default());
        let line = reading().to_canonical();
        bencher.bench_local(|| {
            let mut record = json::parse_object(black_box(line.as_bytes())).expect("it was written as JSON");
            signer.sign(&mut record).expect("nobody signed it");
            record.to_canonical()
        });
    }
}

mod verify {
    #[allow(clippy::wildcard_imports)]
    use super::*;

    #[divan::bench]
    fn floor_dalek_strict(bencher: Bencher) {
        let record = signed_reading();
        let message = ProofExplanation::of(&record, 0).expect("it has a proof").message();
        let (public, signature) = (key().public(), key().sign(&message));
        bencher.bench_local(|| public.verifies(black_box(&message), &signature));
    }

    #[divan::bench]
    fn by_table(bencher: Bencher) {
        let (public, signature) = (key().public(), key().sign(&[7; 64]));
        let table = Table::new(&public);
        bencher.bench_local(|| table.verifies(black_box(&[7; 64]), &signature));
    }

    #[divan::bench]
    fn by_table_of_which_256_end_together(bencher: Bencher) {
        let (public, signature) = (key().public(), key().sign(&[7; 64]));
        let (table, mut pending) = (Table::new(&public), Pending::default());
        bencher.counter(divan::counter::ItemsCount::new(256u32)).bench_local(|| {
            (0..256).for_each(|at| pending.push(at, &table, black_box(&[7; 64]), &signature));
            pending.failed()
        });
    }

    #[divan::bench]
    fn build_a_table(bencher: Bencher) {
        let public = key().public();
        bencher.bench_local(|| Table::new(black_box(&public)));
    }

    #[divan::bench]
    fn record(bencher: Bencher) {
        let record = signed_reading();
        let mut verifier = Verifier::new();
        bencher.bench_local(|| verifier.signers(black_box(&record), now()));
    }

    #[divan::bench]
    fn record_of_a_key_never_seen(bencher: Bencher) {
        let record = signed_reading();
        bencher.bench_local(|| Verifier::new().signers(black_box(&record), now()));
    }

    #[divan::bench]
    fn line(bencher: Bencher) {
        let line = signed_reading().to_canonical();
        let mut verifier = Verifier::new();
        bencher.bench_local(|| {
            let record = json::parse_object(black_box(line.as_bytes())).expect("it was written as JSON");
            verifier.signers(&record, now())
        });
    }
}

mod merkle {
    #[allow(clippy::wildcard_imports)]
    use super::*;

    #[divan::bench]
    fn leaf_of_a_reading(bencher: Bencher) {
        let text = signed_reading().to_canonical();
        bencher.bench_local(|| leaf_hash(black_box(text.as_bytes())));
    }

    #[divan::bench]
    fn tree_of_65536(bencher: Bencher) {
        let leaf = leaf_hash(b"");
        bencher.bench_local(|| {
            let mut tree = Frontier::default();
            (0..65_536).for_each(|_| tree.push(black_box(leaf)));
            tree.root()
        });
    }
}

mod base58 {
    #[allow(clippy::wildcard_imports)]
    use super::*;

    #[divan::bench]
    fn encode_signature(bencher: Bencher) {
        let signature = key().sign(b"4.2");
        bencher.bench_local(|| multibase::encode(black_box(&signature)));
    }

    #[divan::bench]
    fn decode_signature(bencher: Bencher) {
        let text = multibase::encode(&key().sign(b"4.2"));
        bencher.bench_local(|| multibase::decode::<64>(black_box(&text)));
    }
}
