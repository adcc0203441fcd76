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
    /// They are known to hold: they were evaluated before, over these very bytes, by the rules of [`CHECKER`]
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
mod tests {
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
            assert_eq!(
                after(&record, added, Some("x")),
                Some(ProofFault::Signature),
                "{added} is signed too"
            );
        }
    }

    #[test]
    fn a_method_is_exactly_the_key_twice() {
        let record = signed(&SignOptions::default());
        let (mine, other) = (key(1).public(), key(2).public());
        let method = |did: &str, fragment: &str| {
            after(&record, "verificationMethod", Some(&format!("{did}#{fragment}")))
        };
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
        assert_eq!(
            verifier.signers(&parse_object(pretty.as_bytes()).unwrap(), now).unwrap(),
            [key(1).public()]
        );
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
        assert_eq!(
            verifier.signers(&record, at("2026-03-02T06:00:00Z")).unwrap_err().why,
            ProofFault::Signature
        );
    }
}
