//! Records: entries, proofs, declarations, contracts.

use std::collections::BTreeMap;

use counterfoil::{
    contract::{
        document::Contract,
        expr::{self, Condition, ConditionScope, ValueType},
        file::ContractFile,
        lint,
    },
    json::{self, Object},
    object,
    record::{
        genesis::Genesis,
        signed::{SignOptions, Verifier, sign},
        writers::Writers,
    },
    time::Time,
    tlog::entry::Entry,
};

use super::{Target, texts::key};

fn signed(mut record: Object) -> Object {
    sign(&mut record, &key(), &SignOptions::default()).expect("a record without proof");
    record
}

fn reading() -> Object {
    signed(object! {
        "type": "reading",
        "device": "cold-room-3",
        "time": "2026-03-01T06:00:00.000Z",
        "stream": "b1e4",
        "seq": 17u32,
        "values": object! { "temperature": 4u32, "door": "closed" },
    })
}

pub(super) const ENTRY: Target = Target {
    name: "entry",
    run: |data| {
        if let Ok(entry) = Entry::parse_lenient(data) {
            let line = entry.to_line();
            // Written out, a number can be longer than it was read.
            let again = Entry::parse(line.as_bytes());
            assert!(line.len() > 65_535 || again.as_ref() == Ok(&entry));
        }
        if let Ok(entry) = Entry::parse(data) {
            assert_eq!(entry.to_line().as_bytes(), data);
        }
    },
    seeds: || {
        let entry = Entry { n: 4711, received: Time::EPOCH, wall: None, record: reading() };
        vec![entry.to_line().into_bytes()]
    },
    vectors: &[],
};

pub(super) const PROOF: Target = Target {
    name: "proof",
    run: |data| {
        let Ok(record) = json::parse_object(data) else { return };
        let mut verifier = Verifier::new();
        let signers = verifier.signers(&record, Time::EPOCH);
        let again = json::parse_object(record.to_canonical().as_bytes()).expect("what we write");
        assert_eq!(signers, Verifier::new().signers(&again, Time::EPOCH), "a reformatted record is the same");
        if signers.is_ok_and(|signers| signers.contains(&key().public())) {
            let (mut ours, mut theirs) = (reading(), record);
            for record in [&mut ours, &mut theirs] {
                record.remove("proof");
            }
            assert_eq!(ours, theirs, "nobody can sign for us what we did not sign");
        }
    },
    seeds: || {
        let mut twice = reading();
        let other = counterfoil::key::SecretKey::from_seed(&[8; 32]);
        sign(&mut twice, &other, &SignOptions::default()).expect("a second signer");
        vec![reading().to_canonical().into_bytes(), twice.to_canonical().into_bytes()]
    },
    vectors: &["di/w3c-vc-di-eddsa/TestVectors/eddsa-jcs-2022"],
};

pub(super) const GENESIS: Target = Target {
    name: "genesis",
    run: |data| {
        let Ok(record) = json::parse_object(data) else { return };
        if let Ok(genesis) = Genesis::parse(&record) {
            assert_eq!(Genesis::parse(&genesis.to_record()), Ok(genesis));
        }
    },
    seeds: || {
        let genesis = Genesis {
            origin: "plant7.example/cold-room".to_owned(),
            log: key().public(),
            admins: vec![key().public()],
            writers: Writers::Keys(vec![key().public()]),
            created: Time::EPOCH,
            continues: None,
        };
        let record = genesis.to_record();
        let mut continued = record.clone();
        let hash = counterfoil::hash::Hash::of(b"x").to_string();
        continued
            .insert("continues", object! { "ledger": hash.as_str(), "size": 7u32, "root": hash.as_str() });
        vec![record.to_canonical().into_bytes(), continued.to_canonical().into_bytes()]
    },
    vectors: &[],
};

pub(super) const CONTRACT: Target = Target {
    name: "contract",
    run: |data| {
        let Ok(source) = ContractFile::parse(data) else { return };
        let read = Contract::read(&source.record);
        let compiled = source.record.to_canonical();
        let again = ContractFile::parse(compiled.as_bytes()).map(|source| source.record);
        assert!(again.is_ok_and(|again| again == source.record), "what is compiled is compiled");
        for problem in read.as_ref().err().into_iter().flatten() {
            let _ = (problem.to_string(), source.position(&problem.place));
        }
        if let Ok(contract) = read {
            for problem in lint::lint(&contract) {
                let _ = (problem.to_string(), source.position(&problem.place));
            }
        }
    },
    seeds: || {
        let did = key().public().did();
        let toml = format!(
            "contract = \"foil/1\"\ntitle = \"Cold\"\n\
             period = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-03T06:00:00+01:00 }}\n\
             [parties.shipper]\nkey = \"{did}\"\n[parties.carrier]\nkey = \"{did}\"\n\
             [devices.probe]\nid = \"probe\"\nsigned_by = [\"{did}\"]\nresponsible = \"carrier\"\n\
             fields = {{ temperature = \"Cel\", power = {{ from = \"1-0:1.8.0\", unit = \"kW\" }} }}\n\
             [time]\nhold = \"11m\"\nlate_after = \"6h\"\nzone = \"+01:00\"\n\
             [values]\nlimit = \"8.00\"\n\
             [[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"temperature <= limit\"\n\
             tolerate = {{ longer_than = \"30m\" }}\ngap = \"pause\"\n\
             [[terms]]\nid = \"beat\"\non = \"probe\"\nevery = \"6m\"\ntolerate = {{ count = 3 }}\n\
             [[payments]]\nid = \"late\"\nfrom = \"carrier\"\nto = \"shipper\"\n\
             each = \"excursion of cold\"\namount = \"ceil(duration / 1800) * 250.00\"\ncap = \"5000.00\"\n"
        );
        vec![toml.into_bytes()]
    },
    vectors: &[],
};

const FIELDS: [(&str, ValueType); 4] =
    [("t", ValueType::Number), ("u", ValueType::Number), ("door", ValueType::Text), ("on", ValueType::Bool)];

pub(super) const EXPRESSION: Target = Target {
    name: "expression",
    run: |data| {
        let Ok(text) = std::str::from_utf8(data) else { return };
        if let Err(fault) = expr::parse(text) {
            assert!(fault.at.start <= text.len() && text.is_char_boundary(fault.at.start), "{fault:?}");
        }
        let fields = FIELDS.map(|(name, ty)| (name.to_owned(), ty));
        let scope = ConditionScope {
            fields: &fields,
            values: &BTreeMap::new(),
            areas: &BTreeMap::new(),
            units: &BTreeMap::new(),
        };
        let _ = Condition::parse(text, &scope).map(|condition| condition.margin().is_some());
    },
    seeds: || {
        let texts = [
            "t >= 2.0 && t <= 8.0",
            "has(u) ? abs(t - u) < 1.5 : !on",
            "door in ['open', \"ajar\"] || min(t, u, 30) * -2 != 4.20",
            "((((t))))+1>0",
        ];
        texts.map(|text| text.as_bytes().to_vec()).into()
    },
    vectors: &["contracts/cel"],
};
