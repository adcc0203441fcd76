//! A proof at a glance: one, by one key, that says no more than who signed, which is what devices send.

use super::{CRYPTOSUITE, PURPOSE, TYPE, Verifier, claimant, message};
use crate::{
    hash::Hash,
    json::scan::Scan,
    key::{Did, PublicKey, multibase},
};

/// The two members of a proof that differ from record to record. The other three are as they must be.
pub struct Glimpse<'a> {
    method: &'a str,
    value: &'a str,
}

impl<'a> Glimpse<'a> {
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
        (constants == 3).then_some(Self { method: method?, value: value? })
    }
}

impl Glimpse<'_> {
    /// In whose name the proof stands.
    pub fn claimant(&self) -> Option<Did> {
        claimant(self.method)
    }
}

impl Verifier {
    /// Who signed the record of this id, if the proof holds. If not, [`Verifier::signers`] says why. The proof
    /// of a key seen often is only noted under `number`: it holds unless [`Verifier::failed`] names it.
    pub fn glimpse(&mut self, proof: &Glimpse<'_>, id: &Hash, number: usize) -> Option<&PublicKey> {
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

    /// Of the glimpses since it was asked last, the numbers of those whose proof does not hold.
    pub fn failed(&mut self) -> Vec<usize> {
        self.pending.failed()
    }
}
