//! Signatures and proofs against other people's: W3C, RFC 8032, Wycheproof, speccheck, did:key.

use std::{fs, path::Path};

use counterfoil::{
    json::{self, Object, Value},
    key::{PublicKey, SecretKey, multibase, table::Table},
    record::signed::{self, ProofExplanation, ProofFault, SignOptions, Verifier},
    time::Time,
};

use crate::{
    support::{needs::Tested, trial::trials},
    vectors,
};

trials![
    w3c_eddsa_jcs_2022,
    w3c_document_signed_here,
    rfc_8032_signatures_are_reproduced,
    wycheproof,
    speccheck,
    did_key,
];

fn read(path: &Path) -> Value {
    json::parse(&fs::read(path).unwrap()).unwrap_or_else(|bad| panic!("{}: {bad}", path.display()))
}

fn objects(value: &Value) -> impl Iterator<Item = &Object> {
    value.as_array().unwrap().iter().map(|element| element.as_object().unwrap())
}

fn bytes(object: &Object, name: &str) -> Vec<u8> {
    hex::decode(object.str(name).unwrap()).unwrap()
}

fn key(object: &Object, name: &str) -> Option<PublicKey> {
    PublicKey::from_bytes(bytes(object, name).as_slice().try_into().ok()?).ok()
}

/// Whether a signature holds; a key or signature of the wrong form is a no.
fn holds(key: Option<PublicKey>, message: &[u8], signature: &[u8]) -> bool {
    key.zip(signature.try_into().ok()).is_some_and(|(key, signature)| {
        let verdict = key.verifies(message, signature);
        assert_eq!(Table::new(&key).verifies(message, signature), verdict, "the table of {key}");
        verdict
    })
}

fn now() -> Time {
    Time::parse("2026-03-01T06:00:00.000Z").unwrap()
}

fn w3c_eddsa_jcs_2022() -> Tested {
    let dir = vectors::dir("di/w3c-vc-di-eddsa/TestVectors")?;
    let mut document = read(&dir.join("eddsa-jcs-2022/signedJCS.json")).as_object().unwrap().clone();
    let pair = read(&dir.join("keyPair.json"));
    let pair = pair.as_object().unwrap();
    let signers = Verifier::new().signers(&document, now()).unwrap();
    assert_eq!(signers[0].multibase(), pair.str("publicKeyMultibase").unwrap());

    let explained = ProofExplanation::of(&document, 0).unwrap();
    let file = |name: &str| fs::read_to_string(dir.join("eddsa-jcs-2022").join(name)).unwrap();
    assert_eq!(explained.config, file("proofCanonJCS.txt").trim());
    assert_eq!(explained.record, file("canonDocJCS.txt").trim());
    assert_eq!(hex::encode(explained.message()), file("combinedHashJCS.txt").trim());

    let seed: [u8; 34] = multibase::decode(pair.str("privateKeyMultibase").unwrap()).unwrap();
    assert_eq!(seed[..2], [0x80, 0x26], "an Ed25519 secret key");
    let secret = SecretKey::from_seed(seed[2..].try_into().unwrap());
    assert_eq!(hex::encode(secret.sign(&explained.message())), file("sigHexJCS.txt").trim());
    assert_eq!(multibase::encode(&secret.sign(&explained.message())), file("sigBTC58JCS.txt").trim());

    document.insert("name", "Alumni Credentials");
    assert_eq!(Verifier::new().signers(&document, now()).unwrap_err().why, ProofFault::Signature);
    document.insert("@context", "https://www.w3.org/ns/credentials/v2");
    assert_eq!(Verifier::new().signers(&document, now()).unwrap_err().why, ProofFault::Context);
    Ok(())
}

fn w3c_document_signed_here() -> Tested {
    let dir = vectors::dir("di/w3c-vc-di-eddsa/TestVectors")?;
    let mut document = read(&dir.join("unsigned.json")).as_object().unwrap().clone();
    let theirs = read(&dir.join("eddsa-jcs-2022/signedJCS.json")).as_object().unwrap().clone();
    let secret = SecretKey::from_seed(&[7; 32]);
    let created = Time::parse_rfc3339("2023-02-24T23:36:38Z");
    signed::sign(&mut document, &secret, &SignOptions { created, expires: None }).unwrap();
    let members = |document: &Object| -> Vec<String> {
        let proof = document.get("proof").unwrap().as_object().unwrap();
        proof.iter().map(|(name, _)| name.to_owned()).collect()
    };
    assert_eq!(members(&document), members(&theirs), "the proof has the members of the standard's example");
    assert_eq!(Verifier::new().signers(&document, now()).unwrap(), [secret.public()]);
    Ok(())
}

fn rfc_8032_signatures_are_reproduced() -> Tested {
    let dir = vectors::dir("di/rfc8032")?;
    let cases = read(&dir.join("ed25519.json"));
    assert!(objects(&cases).count() >= 4);
    for case in objects(&cases) {
        let secret = SecretKey::from_seed(bytes(case, "secret").as_slice().try_into().unwrap());
        let message = bytes(case, "message");
        assert_eq!(hex::encode(secret.public().as_bytes()), case.str("public").unwrap());
        assert_eq!(hex::encode(secret.sign(&message)), case.str("signature").unwrap());
        assert!(holds(key(case, "public"), &message, &bytes(case, "signature")));
    }
    Ok(())
}

fn wycheproof() -> Tested {
    let dir = vectors::dir("di/wycheproof/testvectors_v1")?;
    let suite = read(&dir.join("ed25519_test.json"));
    let mut count = 0;
    for group in objects(suite.as_object().unwrap().get("testGroups").unwrap()) {
        let public = key(group.get("publicKey").unwrap().as_object().unwrap(), "pk");
        for case in objects(group.get("tests").unwrap()) {
            let answer = holds(public.clone(), &bytes(case, "msg"), &bytes(case, "sig"));
            let id = case.get("tcId").unwrap();
            assert_eq!(answer, case.str("result") == Some("valid"), "{id}: {:?}", case.str("comment"));
            count += 1;
        }
    }
    assert_eq!(count, 151);
    Ok(())
}

fn speccheck() -> Tested {
    let dir = vectors::dir("di/ed25519-speccheck")?;
    let cases = read(&dir.join("cases.json"));
    let answers: String = objects(&cases)
        .map(|case| holds(key(case, "pub_key"), &bytes(case, "message"), &bytes(case, "signature")))
        .map(|valid| if valid { 'V' } else { 'X' })
        .collect();
    assert_eq!(answers, "XXXVXXXXXXXX");
    Ok(())
}

fn did_key() -> Tested {
    let dir = vectors::dir("di/did-key")?;
    let cases = read(&dir.join("ed25519-x25519.json"));
    assert!(objects(&cases).count() > 3);
    for case in objects(&cases) {
        let public = SecretKey::from_seed(bytes(case, "seed").as_slice().try_into().unwrap()).public();
        assert_eq!(public.did(), case.str("did").unwrap());
        assert_eq!(format!("{public}#{}", public.multibase()), case.str("verificationMethod").unwrap());
        assert_eq!(PublicKey::parse_did(&public.did()), Ok(public));
        let x25519 = case.str("keyAgreement").unwrap().split_once('#').unwrap().1;
        assert!(PublicKey::parse_did(&format!("did:key:{x25519}")).is_err(), "an X25519 key cannot sign");
    }
    Ok(())
}
