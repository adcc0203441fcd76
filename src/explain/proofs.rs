//! Every proof of a record for itself: one that is bad says nothing about the others.

use std::collections::BTreeSet;

use super::{Asked, Explanation, Signer};
use crate::{
    json::{Object, Value},
    key::{Did, PublicKey},
    record::signed::{self, BadProof, PROOF, ProofFault, UnknownFeature},
};

/// Who signed a record, in order of signing.
pub(super) fn signers(record: &Object, asked: &mut Asked<'_>) -> Vec<Signer> {
    let proofs = match record.get(PROOF) {
        None => return Vec::new(),
        Some(Value::Array(proofs)) if proofs.is_empty() => return vec![bad(None, &ProofFault::Shape)],
        Some(Value::Array(proofs)) => proofs.as_slice(),
        Some(proof) => std::slice::from_ref(proof),
    };
    let id = signed::id(record);
    let mut alone: Object = record.clone();
    let mut before = BTreeSet::new();
    let signer = |proof: &Value| {
        // An array within the array would count as several.
        let Some(members) = proof.as_object() else { return bad(None, &ProofFault::Shape) };
        if let Some(feature) = UnknownFeature::of(members) {
            return unknown(members, &feature);
        }
        alone.insert(PROOF, proof.clone());
        match asked.verifier.proofs_of(&alone, &id, asked.now) {
            Ok(checked) => good(checked.signers.first().map(PublicKey::did), &mut before),
            Err(BadProof { signer, why, .. }) => bad(signer, &why),
        }
    };
    proofs.iter().map(signer).collect()
}

fn good(who: Option<String>, before: &mut BTreeSet<Option<String>>) -> Signer {
    if !before.insert(who.clone()) {
        return bad(who, &ProofFault::Twice);
    }
    Signer { who, good: Some(true), why: None }
}

/// A proof that this version cannot check, in whose name it stands as far as that can be read.
fn unknown(proof: &Object, feature: &UnknownFeature) -> Signer {
    let method = proof.str("verificationMethod").filter(|method| method.starts_with("did:"));
    let who = method.and_then(|method| Some(method.split('#').next()?.chars().take(80).collect()));
    Signer { who, good: None, why: Some(format!("{feature}: it was not checked")) }
}

fn bad(who: Option<String>, why: &ProofFault) -> Signer {
    Signer { who, good: Some(false), why: Some(why.to_string()) }
}

/// Says whose signatures are missing: of keys that are known, and of as many others as have these roles. Who holds
/// which role only a ledger knows, so any signature of another key may be one of theirs.
pub(super) fn demand(keys: &[(&str, Did)], roles: &[String], told: &mut Explanation) {
    let needed: Vec<String> = keys.iter().map(|(_, key)| key.to_string()).collect();
    let others = told.good_keys().filter(|key| !needed.iter().any(|needed| needed == key)).count();
    let mut missing: Vec<String> = (keys.iter().zip(&needed))
        .filter(|(_, did)| !told.is_signed_by(did))
        .map(|((role, _), did)| format!("{role}, {did}"))
        .collect();
    if others == 0 {
        missing.extend_from_slice(roles);
    } else if others < roles.len() {
        missing.push(format!("{}: {others} of {} has signed", roles.join(" or "), roles.len()));
    }
    told.missing.extend(missing);
}
