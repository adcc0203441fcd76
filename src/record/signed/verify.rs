//! Checking proofs: whether they hold, and why not.

use std::sync::Arc;

use super::{
    CRYPTOSUITE, PROOF, PURPOSE, TYPE,
    bad_proof::{BadProof, ProofFault},
    config_text,
    key_cache::{KeyCache, SharedTables},
    message,
    unknown::{UnknownFeature, UnknownProof, proofs},
};
use crate::{
    hash::Hash,
    json::Object,
    key::{PublicKey, multibase, table::Pending},
    time::Time,
};

/// Which proofs hold is decided by these rules: a number that grows with every change of them, and the version of the
/// program, so that no release relies on what another one has evaluated.
pub const CHECKER: &str = concat!(env!("CARGO_PKG_VERSION"), "/1");

/// Whether the Ed25519 equations of proofs are evaluated. All else about a proof is asked either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equations {
    /// Each one is
    Evaluated,
    /// They are known to hold: they were evaluated before, over these very bytes, by the rules of [`CHECKER`], or this process
    /// has just made them
    Known,
}

/// What the proofs of a record come to where none is bad.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckedProofs {
    /// The keys whose proofs hold, in order of signing
    pub signers: Vec<PublicKey>,
    /// The proofs that this version cannot check
    pub unknown: Vec<UnknownProof>,
}

/// Checks proofs, and remembers keys between records: decoding one costs as much as checking a signature, and a
/// key that is seen often gets a table that halves that.
#[derive(Default)]
pub struct Verifier {
    pub(super) keys: KeyCache,
    pub(super) pending: Pending,
    canonical: String,
}

impl Verifier {
    /// A verifier that has seen no key yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with tables that other threads use as well.
    pub fn sharing(tables: &Arc<SharedTables>) -> Self {
        Self { keys: KeyCache::sharing(Arc::clone(tables)), ..Self::default() }
    }

    /// The signers of a record, in order of signing; none if it has no `proof`, or only such as this version cannot
    /// check. `at` is what `expires` is compared with: when a ledger received the record, or now.
    ///
    /// # Errors
    /// If any proof is bad: the first that is.
    pub fn signers(&mut self, record: &Object, at: Time) -> Result<Vec<PublicKey>, BadProof> {
        self.proofs(record, at).map(|checked| checked.signers)
    }

    /// The same, with the proofs that this version cannot check.
    ///
    /// # Errors
    /// If any proof is bad: the first that is.
    pub fn proofs(&mut self, record: &Object, at: Time) -> Result<CheckedProofs, BadProof> {
        self.proofs_with(record, at, Equations::Evaluated)
    }

    /// The same, where the equations may be known to hold.
    ///
    /// # Errors
    /// If any proof is bad: the first that is.
    pub fn proofs_with(
        &mut self,
        record: &Object,
        at: Time,
        equations: Equations,
    ) -> Result<CheckedProofs, BadProof> {
        if record.get(PROOF).is_none() {
            return Ok(CheckedProofs::default());
        }
        let id = match equations {
            Equations::Known => None,
            Equations::Evaluated => {
                self.canonical.clear();
                record.write_without(PROOF, &mut self.canonical);
                Some(Hash::of(self.canonical.as_bytes()))
            }
        };
        self.all_proofs(record, id.as_ref(), at)
    }

    /// As [`Verifier::proofs`], where the record's [`id`] is known already.
    ///
    /// # Errors
    /// If any proof is bad: the first that is.
    pub fn proofs_of(&mut self, record: &Object, id: &Hash, at: Time) -> Result<CheckedProofs, BadProof> {
        self.all_proofs(record, Some(id), at)
    }

    /// All proofs of a record with this id; `None`: their equations are known to hold.
    fn all_proofs(
        &mut self,
        record: &Object,
        id: Option<&Hash>,
        at: Time,
    ) -> Result<CheckedProofs, BadProof> {
        let shape = BadProof { index: 0, signer: None, why: ProofFault::Shape };
        let Some(proofs) = proofs(record) else { return Ok(CheckedProofs::default()) };
        if proofs.is_empty() {
            return Err(shape);
        }
        let mut checked = CheckedProofs::default();
        for (index, proof) in proofs.iter().enumerate() {
            let proof = proof.as_object().ok_or_else(|| BadProof { index, ..shape.clone() })?;
            if let Some(feature) = UnknownFeature::of(proof) {
                checked.unknown.push(UnknownProof { index, feature });
                continue;
            }
            let claim = Claim { record, id, proof, at };
            let signer = self.check(&claim, &checked.signers);
            checked.signers.push(signer.map_err(|why| BadProof { index, signer: signer_of(proof), why })?);
        }
        Ok(checked)
    }

    fn check(&mut self, claim: &Claim<'_>, before: &[PublicKey]) -> Result<PublicKey, ProofFault> {
        let proof = claim.proof;
        for (name, only) in [("type", TYPE), ("cryptosuite", CRYPTOSUITE), ("proofPurpose", PURPOSE)] {
            if proof.str(name) != Some(only) {
                return Err(ProofFault::Member(name, only));
            }
        }
        let known = self.keys.look_up(proof.str("verificationMethod").ok_or(ProofFault::Method)?)?;
        let signature = proof.str("proofValue").and_then(multibase::decode).ok_or(ProofFault::Value)?;
        if before.contains(&known.key) {
            return Err(ProofFault::Twice);
        }
        let config = if proof.len() == 5 { known.config } else { claim.config()? };
        if claim.id.is_some_and(|id| !known.verifies(&message(&config, id), &signature)) {
            return Err(ProofFault::Signature);
        }
        claim.refuse_expired()?;
        Ok(known.key.clone())
    }
}

/// In whose name a proof stands, if that is a well-formed key: only such text may go into messages.
fn signer_of(proof: &Object) -> Option<String> {
    let (did, _) = proof.str("verificationMethod")?.split_once('#')?;
    PublicKey::parse_did(did).ok().map(|key| key.did())
}

/// One proof, with all that it speaks about.
struct Claim<'a> {
    record: &'a Object,
    /// The record's id; `None`: that the equation holds is known
    id: Option<&'a Hash>,
    proof: &'a Object,
    at: Time,
}

impl Claim<'_> {
    /// The hash of a proof that says more than who signed.
    fn config(&self) -> Result<Hash, ProofFault> {
        let context = self.proof.get("@context");
        if context.is_some() && context != self.record.get("@context") {
            return Err(ProofFault::Context);
        }
        self.date("created")?;
        self.date("expires")?;
        Ok(Hash::of(config_text(self.proof).as_bytes()))
    }

    fn date(&self, name: &'static str) -> Result<Option<Time>, ProofFault> {
        let Some(date) = self.proof.get(name) else { return Ok(None) };
        date.as_str().and_then(Time::parse_rfc3339).ok_or(ProofFault::Date(name)).map(Some)
    }

    /// Comes after the signature: only what was really signed may say that it no longer holds.
    fn refuse_expired(&self) -> Result<(), ProofFault> {
        match self.date("expires")? {
            Some(expires) if self.at >= expires => Err(ProofFault::Expired(expires)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
