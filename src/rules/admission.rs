//! What a record must bring along to be let in, whatever was written before it: a time in the one form, proofs that
//! hold when it is received, and a signer who may write.
//!
//! `append` asks it of each record that comes, `verify` of each that is there. What the entries before decide is
//! asked by [`crate::rules::judge::Judge`].

use std::fmt;

use crate::{
    json::Object,
    key::PublicKey,
    record::{
        scan::ScannedRecord,
        signed::{BadProof, CheckedProofs, Equations, FreshlySigned, UnknownProof, Verifier},
        when,
        writers::Writers,
    },
    time::Time,
};

/// How far the proofs of a record are asked for. Its time is, by every rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdmissionRule {
    /// Not at all
    Unsigned,
    /// Those that are there hold
    IfSigned,
    /// There is one at least, and all hold
    Signed,
    /// In addition one is by one of these keys
    SignedBy(Vec<PublicKey>),
}

/// What the rule says of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdmissionReview {
    /// How many proofs hold
    pub proofs: usize,
    /// The proofs that this version cannot check: they speak neither for the record nor against it
    pub unknown: Vec<UnknownProof>,
    /// What is wrong with the record; nothing: it may enter
    pub refusals: Vec<AdmissionRefusal>,
}

/// Why a record may not enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdmissionRefusal {
    /// The time of a reading or status is in another form than the one that ledgers take
    Time,
    /// A proof does not hold
    BadProof(BadProof),
    /// It has no proof at all
    Unsigned,
    /// It has only proofs that this version cannot check, of which this is the first
    Unchecked(UnknownProof),
    /// It is well signed, and by none of the keys that may write
    UnlistedSigner,
}

impl fmt::Display for AdmissionRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time => f.write_str("time is not in the form 2026-03-01T06:00:00.000Z"),
            Self::BadProof(why) => why.fmt(f),
            Self::Unsigned => {
                f.write_str("the record has no proof, and this ledger takes signed records only")
            }
            Self::Unchecked(first) => write!(
                f,
                "no proof that this version can check, and this ledger takes records with such a proof only ({first})"
            ),
            Self::UnlistedSigner => {
                f.write_str("no signer of the record is among the writers of this ledger")
            }
        }
    }
}

impl std::error::Error for AdmissionRefusal {}

impl AdmissionRule {
    /// What a ledger demands of a record on its way in.
    pub fn of(writers: &Writers) -> Self {
        match writers {
            Writers::Anyone => Self::Unsigned,
            Writers::Signed | Writers::Enrolled => Self::Signed,
            Writers::Keys(keys) => Self::SignedBy(keys.clone()),
        }
    }

    /// What is asked of a record that is in: the same, and that proofs which the ledger did not ask for hold, too.
    /// `writers` is `None` where entry 0 does not say who may write.
    pub fn of_copy(writers: Option<&Writers>) -> Self {
        match writers {
            None | Some(Writers::Anyone) => Self::IfSigned,
            Some(writers) => Self::of(writers),
        }
    }

    /// Everything that is wrong with a record by itself. `received` is what `expires` of its proofs is compared with.
    pub fn review(&self, verifier: &mut Verifier, record: &Object, received: Time) -> AdmissionReview {
        self.review_with(verifier, record, received, Equations::Evaluated)
    }

    /// The same, where the equations of its proofs may be known to hold.
    pub fn review_with(
        &self,
        verifier: &mut Verifier,
        record: &Object,
        received: Time,
        equations: Equations,
    ) -> AdmissionReview {
        let time = (!when::is_normalized(record)).then_some(AdmissionRefusal::Time);
        if *self == Self::Unsigned {
            return AdmissionReview { refusals: time.into_iter().collect(), ..AdmissionReview::default() };
        }
        let (checked, unproved) = match verifier.proofs_with(record, received, equations) {
            Err(bad) => (CheckedProofs::default(), Some(AdmissionRefusal::BadProof(bad))),
            Ok(checked) => {
                let refusal = self.refusal(&checked);
                (checked, refusal)
            }
        };
        let proofs = if unproved.is_some() { 0 } else { checked.signers.len() };
        let refusals = time.into_iter().chain(unproved).collect();
        AdmissionReview { proofs, unknown: checked.unknown, refusals }
    }

    /// What the proofs that are known to hold leave to be desired.
    fn refusal(&self, checked: &CheckedProofs) -> Option<AdmissionRefusal> {
        let CheckedProofs { signers, unknown } = checked;
        match self {
            Self::Signed | Self::SignedBy(_) if signers.is_empty() => {
                Some(unknown.first().cloned().map_or(AdmissionRefusal::Unsigned, AdmissionRefusal::Unchecked))
            }
            Self::SignedBy(keys) if !signers.iter().any(|signer| keys.contains(signer)) => {
                Some(AdmissionRefusal::UnlistedSigner)
            }
            _ => None,
        }
    }

    /// How many proofs of a record hold, if it may enter and a scan can say so; if not, [`Self::review`] says why.
    /// The answer holds unless [`Verifier::failed`] names the number.
    pub fn review_scanned(
        &self,
        verifier: &mut Verifier,
        record: &ScannedRecord<'_>,
        number: usize,
        equations: Equations,
    ) -> Option<u16> {
        let asked = match self {
            Self::Unsigned => false,
            Self::IfSigned => !record.proofs.is_empty(),
            Self::Signed | Self::SignedBy(_) => true,
        };
        if !asked {
            return Some(0);
        }
        let id = (equations == Equations::Evaluated).then(|| record.id());
        let (mut count, mut listed) = (0, !matches!(self, Self::SignedBy(_)));
        for proof in record.proofs.iter() {
            count += 1;
            let signer = match &id {
                Some(id) => verifier.check_scanned(proof, id, number)?,
                // Who signed does not matter where everybody may.
                None if listed => continue,
                None => verifier.signer_scanned(proof)?,
            };
            listed |= matches!(self, Self::SignedBy(keys) if keys.contains(signer));
        }
        (listed && count > 0).then_some(count)
    }

    /// Whether a record that this process has just signed may enter, as far as that shows without a look at it: its proof
    /// holds.
    pub fn admits_fresh(&self, signed: &FreshlySigned) -> bool {
        signed.sole_signer().is_some_and(|signer| match self {
            Self::SignedBy(keys) => keys.contains(signer),
            Self::Unsigned | Self::IfSigned | Self::Signed => true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        json::Value,
        key::SecretKey,
        record::signed::{PROOF, SignOptions, sign},
    };

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn signed_by(seeds: &[u8]) -> Object {
        let mut record = crate::object! { "type": "reading", "seq": 1u32 };
        for seed in seeds {
            sign(&mut record, &key(*seed), &SignOptions::default()).unwrap();
        }
        record
    }

    fn review(writers: &Writers, record: &Object) -> Result<usize, Vec<AdmissionRefusal>> {
        let review = AdmissionRule::of(writers).review(&mut Verifier::new(), record, Time::EPOCH);
        if review.refusals.is_empty() { Ok(review.proofs) } else { Err(review.refusals) }
    }

    #[test]
    fn each_rule_lets_in_what_it_says() {
        let listed = Writers::Keys(vec![key(1).public(), key(2).public()]);
        assert_eq!(review(&Writers::Anyone, &signed_by(&[])), Ok(0));
        assert_eq!(review(&Writers::Signed, &signed_by(&[])), Err(vec![AdmissionRefusal::Unsigned]));
        assert_eq!(review(&listed, &signed_by(&[])), Err(vec![AdmissionRefusal::Unsigned]));
        assert_eq!(review(&Writers::Signed, &signed_by(&[3])), Ok(1));
        assert_eq!(review(&listed, &signed_by(&[3])), Err(vec![AdmissionRefusal::UnlistedSigner]));
        assert_eq!(review(&listed, &signed_by(&[3, 2])), Ok(2), "one listed signer is enough");
    }

    #[test]
    fn all_proofs_must_hold_where_they_are_asked_for() {
        let mut record = signed_by(&[1, 2]);
        record.insert("seq", 2u32);
        let refusals = review(&Writers::Signed, &record).unwrap_err();
        assert!(matches!(refusals[..], [AdmissionRefusal::BadProof(_)]));
        assert_eq!(review(&Writers::Anyone, &record), Ok(0));
        let in_copy = AdmissionRule::of_copy(Some(&Writers::Anyone));
        let review = |record| in_copy.review(&mut Verifier::new(), record, Time::EPOCH);
        assert!(matches!(review(&record).refusals[..], [AdmissionRefusal::BadProof(_)]));
        assert_eq!(review(&signed_by(&[])).refusals, []);
    }

    #[test]
    fn unknown_proofs_neither_help_nor_hurt() {
        let stranger =
            || -> Value { crate::object! { "type": "DataIntegrityProof", "cryptosuite": "bbs-2023" }.into() };
        let beside = |seeds: &[u8]| {
            let mut record = signed_by(seeds);
            let ours = record.remove(PROOF);
            record.insert(PROOF, Value::Array(ours.into_iter().chain([stranger()]).collect()));
            record
        };
        let listed = Writers::Keys(vec![key(1).public()]);
        assert_eq!(review(&Writers::Signed, &beside(&[1])), Ok(1));
        assert_eq!(review(&listed, &beside(&[1])), Ok(1));
        assert_eq!(review(&listed, &beside(&[2])), Err(vec![AdmissionRefusal::UnlistedSigner]));
        for writers in [&Writers::Signed, &listed] {
            let refusals = review(writers, &beside(&[])).unwrap_err();
            assert!(matches!(refusals[..], [AdmissionRefusal::Unchecked(UnknownProof { index: 0, .. })]));
        }
        let in_copy = AdmissionRule::of_copy(Some(&Writers::Anyone));
        let review = in_copy.review(&mut Verifier::new(), &beside(&[]), Time::EPOCH);
        assert_eq!((review.unknown.len(), review.refusals), (1, vec![]));
    }

    #[test]
    fn a_time_in_another_form_is_refused_whoever_may_write() {
        let mut record = signed_by(&[]);
        record.insert("time", "2026-03-01T07:00:00+01:00");
        assert_eq!(review(&Writers::Anyone, &record), Err(vec![AdmissionRefusal::Time]));
        let both = vec![AdmissionRefusal::Time, AdmissionRefusal::Unsigned];
        assert_eq!(review(&Writers::Signed, &record), Err(both));
    }
}
