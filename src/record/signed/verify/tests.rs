use super::{super::*, *};
use crate::{
    json::{Value, parse_object},
    key::BadKey,
    key::SecretKey,
};

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

fn at(text: &str) -> Time {
    Time::parse_rfc3339(text).unwrap()
}

fn signed(options: &SignOptions) -> Object {
    let mut record = crate::object! { "type": "reading", "values": crate::object! { "t": 4u32 } };
    sign(&mut record, &key(1), options).unwrap();
    record
}

/// The fault after one member of the (first) proof was set, or taken out.
fn after(record: &Object, member: &str, value: Option<&str>) -> Option<ProofFault> {
    let mut record = record.clone();
    let Some(Value::Object(proof)) = record.get_mut(PROOF) else { panic!("no single proof") };
    match value {
        Some(value) => proof.insert(member, value),
        None => proof.remove(member),
    };
    let answer = Verifier::new().signers(&record, at("2026-03-01T06:00:00Z"));
    answer.err().map(|bad| bad.why)
}

#[test]
fn every_member_of_a_proof_counts() {
    let record = signed(&SignOptions::default());
    for (member, only) in [("type", TYPE), ("cryptosuite", CRYPTOSUITE), ("proofPurpose", PURPOSE)] {
        for value in [None, Some("")] {
            assert_eq!(after(&record, member, value), Some(ProofFault::Member(member, only)));
        }
    }
    let purpose = after(&record, "proofPurpose", Some("authentication"));
    assert_eq!(purpose, Some(ProofFault::Member("proofPurpose", PURPOSE)));
    assert_eq!(after(&record, "verificationMethod", None), Some(ProofFault::Method));
    assert_eq!(after(&record, "proofValue", Some("z")), Some(ProofFault::Value));
    assert_eq!(after(&record, "created", Some("yesterday")), Some(ProofFault::Date("created")));
    assert_eq!(after(&record, "@context", Some("x")), Some(ProofFault::Context));
    for added in ["domain", "challenge", "id", "nonce"] {
        assert_eq!(after(&record, added, Some("x")), Some(ProofFault::Signature), "{added} is signed too");
    }
}

#[test]
fn a_method_is_exactly_the_key_twice() {
    let record = signed(&SignOptions::default());
    let (mine, other) = (key(1).public(), key(2).public());
    let method =
        |did: &str, fragment: &str| after(&record, "verificationMethod", Some(&format!("{did}#{fragment}")));
    assert_eq!(method(&mine.did(), &mine.multibase()), None);
    assert_eq!(method(&mine.did(), &other.multibase()), Some(ProofFault::Method));
    assert_eq!(method(&mine.did(), ""), Some(ProofFault::Method));
    assert_eq!(method(&mine.did(), &format!("{0}#{0}", mine.multibase())), Some(ProofFault::Method));
    assert_eq!(method("z6Mk", "z6Mk"), Some(ProofFault::Method));
    assert_eq!(method(&other.did(), &other.multibase()), Some(ProofFault::Signature));
    let p256 = "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv";
    assert_eq!(method(&format!("did:key:{p256}"), p256), Some(ProofFault::Key(BadKey::Algorithm)));
}

#[test]
fn a_changed_record_is_refused_and_a_reformatted_one_is_not() {
    let mut record = signed(&SignOptions::default());
    let mut verifier = Verifier::new();
    let now = at("2026-03-01T06:00:00Z");
    let pretty = record.to_canonical().replace(',', " ,\n ").replace(":4}", ": 4.0}");
    assert_eq!(verifier.signers(&parse_object(pretty.as_bytes()).unwrap(), now).unwrap(), [key(1).public()]);
    record.insert("values", crate::object! { "t": 5u32 });
    let bad = verifier.signers(&record, now).unwrap_err();
    assert_eq!((bad.index, bad.why.clone()), (0, ProofFault::Signature));
    assert_eq!(bad.signer, Some(key(1).public().did()));
    assert!(bad.to_string().starts_with("proof 1 by did:key:z6Mk"), "{bad}");
}

#[test]
fn all_proofs_must_hold_and_the_bad_one_is_named() {
    let mut record = signed(&SignOptions::default());
    sign(&mut record, &key(2), &SignOptions::default()).unwrap();
    let Some(Value::Array(proofs)) = record.get_mut(PROOF) else { panic!("not two proofs") };
    let first = proofs[0].clone();
    proofs.push(first);
    let now = at("2026-03-01T06:00:00Z");
    let bad = Verifier::new().signers(&record, now).unwrap_err();
    assert_eq!((bad.index, bad.why), (2, ProofFault::Twice));
    for (shape, index) in [("null", 0), ("[]", 0), ("\"z\"", 0), ("[[]]", 0)] {
        let record = parse_object(format!(r#"{{"proof":{shape}}}"#).as_bytes()).unwrap();
        let bad = Verifier::new().signers(&record, now).unwrap_err();
        assert_eq!((bad.index, bad.signer, bad.why), (index, None, ProofFault::Shape));
    }
}

#[test]
fn unknown_proofs_are_passed_over_and_named() {
    let proof = |record: &mut Object, member: &str, value: &str| match record.get_mut(PROOF) {
        Some(Value::Object(proof)) => drop(proof.insert(member, value)),
        Some(Value::Array(proofs)) => {
            let last = proofs.last_mut().unwrap();
            let Value::Object(last) = last else { panic!("no proof") };
            last.insert(member, value);
        }
        _ => panic!("no proof"),
    };
    let now = at("2026-03-01T06:00:00Z");
    let mut verifier = Verifier::new();
    for (member, value) in [
        ("type", "Other"),
        ("cryptosuite", "bbs-2023"),
        ("verificationMethod", "did:web:a"),
        ("previousProof", "x"),
    ] {
        let mut alone = signed(&SignOptions::default());
        proof(&mut alone, member, value);
        let checked = verifier.proofs(&alone, now).unwrap();
        assert_eq!((checked.signers.len(), checked.unknown[0].index), (0, 0), "{member}");
        let mut beside = signed(&SignOptions::default());
        sign(&mut beside, &key(2), &SignOptions::default()).unwrap();
        proof(&mut beside, member, value);
        let checked = verifier.proofs(&beside, now).unwrap();
        assert_eq!((checked.signers, checked.unknown[0].index), (vec![key(1).public()], 1), "{member}");
        beside.insert("type", "changed");
        assert_eq!(verifier.proofs(&beside, now).unwrap_err().why, ProofFault::Signature, "{member}");
    }
}

#[test]
fn expiry_is_told_only_of_real_signatures() {
    let expires = at("2026-03-01T06:00:00Z");
    let mut record = signed(&SignOptions { created: None, expires: Some(expires) });
    let mut verifier = Verifier::new();
    assert!(verifier.signers(&record, at("2026-03-01T05:59:59.999Z")).is_ok());
    let late = verifier.signers(&record, at("2026-03-01T06:00:00Z")).unwrap_err();
    assert_eq!(late.why, ProofFault::Expired(expires));
    record.insert("type", "other");
    assert_eq!(verifier.signers(&record, at("2026-03-02T06:00:00Z")).unwrap_err().why, ProofFault::Signature);
}
