//! The keys that a record's proofs name, without a check of the signatures: for a ledger whose proofs were all
//! verified before, or one that is trusted.

use std::collections::HashMap;

use crate::{
    json::{Object, Value},
    key::PublicKey,
    record::signed::PROOF,
};

/// How many keys are remembered: decoding one costs as much as checking a signature.
const REMEMBERED: usize = 1024;

/// Reads the keys that proofs name, and remembers them between records.
#[derive(Default)]
pub struct NamedSigners {
    known: HashMap<String, Option<PublicKey>>,
}

impl NamedSigners {
    /// The keys that a record's proofs name; `None`: one of them names no key.
    pub fn signers(&mut self, record: &Object) -> Option<Vec<PublicKey>> {
        let proofs = match record.get(PROOF) {
            None => return Some(Vec::new()),
            Some(Value::Array(proofs)) => proofs.as_slice(),
            Some(proof) => std::slice::from_ref(proof),
        };
        proofs.iter().map(|proof| self.key(proof.as_object()?.str("verificationMethod")?)).collect()
    }

    fn key(&mut self, method: &str) -> Option<PublicKey> {
        if let Some(known) = self.known.get(method) {
            return known.clone();
        }
        let key = key_of(method);
        if self.known.len() == REMEMBERED {
            self.known.clear();
        }
        self.known.insert(method.to_owned(), key.clone());
        key
    }
}

/// The key that a `verificationMethod` names; `None`: it names none.
pub(super) fn key_of(method: &str) -> Option<PublicKey> {
    method.split_once('#').and_then(|(did, _)| PublicKey::parse_did(did).ok())
}
