//! Proofs scanned in place: of one key each, that say no more than who signed.
//!
//! One is what devices send; two or more stand in an array.

use super::{CRYPTOSUITE, PURPOSE, TYPE, Verifier, claimant, message, unknown::is_elsewhere};
use crate::{
    hash::Hash,
    json::scan::Scan,
    key::{Did, PublicKey, multibase},
};

/// The two members of a proof that differ from record to record. The other three are as they must be.
pub struct ScannedProof<'a> {
    method: &'a str,
    value: &'a str,
}

impl<'a> ScannedProof<'a> {
    /// Looks at the value of `proof` that comes next in a text.
    pub fn of(scan: &mut Scan<'a>) -> Option<Self> {
        let (mut method, mut value, mut constants) = (None, None, 0);
        scan.members(|scan, name| {
            let text = scan.string()?;
            match name {
                "verificationMethod" => method = Some(text),
                "proofValue" => value = Some(text),
                "type" if text == TYPE => constants += 1,
                "cryptosuite" if text == CRYPTOSUITE => constants += 1,
                "proofPurpose" if text == PURPOSE => constants += 1,
                _ => return None,
            }
            Some(())
        })?;
        let is_known = constants == 3 && method.is_some_and(|method| !is_elsewhere(method));
        is_known.then_some(Self { method: method?, value: value? })
    }
}

impl ScannedProof<'_> {
    /// Its `verificationMethod`.
    pub fn method(&self) -> &str {
        self.method
    }

    /// In whose name the proof stands.
    pub fn claimant(&self) -> Option<Did> {
        claimant(self.method)
    }
}

/// The proofs of a record, in order of signing.
#[derive(Default)]
pub struct ScannedProofs<'a> {
    /// Most records have one: it takes no memory of its own
    first: Option<ScannedProof<'a>>,
    others: Vec<ScannedProof<'a>>,
}

impl<'a> ScannedProofs<'a> {
    /// Looks at the value of `proof` that comes next in a text: a proof, or two or more of different keys.
    pub fn of(scan: &mut Scan<'a>) -> Option<Self> {
        if !scan.is_array() {
            return Some(Self { first: Some(ScannedProof::of(scan)?), others: Vec::new() });
        }
        let mut proofs = Self::default();
        scan.elements(|scan| proofs.add(ScannedProof::of(scan)?))?;
        (!proofs.others.is_empty()).then_some(proofs)
    }

    fn add(&mut self, proof: ScannedProof<'a>) -> Option<()> {
        if self.first.is_none() {
            self.first = Some(proof);
            return Some(());
        }
        let is_new = self.iter().all(|other| other.method != proof.method);
        is_new.then(|| self.others.push(proof))
    }

    /// The proofs.
    pub fn iter(&self) -> impl Iterator<Item = &ScannedProof<'a>> {
        self.first.iter().chain(&self.others)
    }

    /// The `verificationMethod` of a record that has one proof.
    pub fn only_method(&self) -> Option<&'a str> {
        self.first.as_ref().filter(|_| self.others.is_empty()).map(|proof| proof.method)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }
}

impl Verifier {
    /// Who signed the record of this id, if the proof holds. If not, [`Verifier::signers`] says why. The proof
    /// of a key seen often is only noted under `number`: it holds unless [`Verifier::failed`] names it.
    pub fn check_scanned(
        &mut self,
        proof: &ScannedProof<'_>,
        id: &Hash,
        number: usize,
    ) -> Option<&PublicKey> {
        let known = self.keys.look_up(proof.method).ok()?;
        let signature = multibase::decode(proof.value)?;
        let message = message(&known.config, id);
        match known.table() {
            Some(table) => self.pending.push(number, table, &message, &signature),
            None if known.key.verifies(&message, &signature) => {}
            None => return None,
        }
        Some(&known.key)
    }

    /// Who signed by a proof that is known to hold; `None` if its method names no key.
    pub fn signer_scanned(&mut self, proof: &ScannedProof<'_>) -> Option<&PublicKey> {
        self.keys.find(proof.method)
    }

    /// Of the proofs that were noted since it was asked last, the numbers of those that do not hold.
    pub fn failed(&mut self) -> Vec<usize> {
        self.pending.failed()
    }
}
