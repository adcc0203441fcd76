//! The report of a verifier: what it was asked about, whose word that is, and what is wrong with it.

use std::{iter, ops::RangeInclusive};

use super::{
    finding::{Finding, FindingKind, Findings},
    trust::{key_source::KeySource, stubs::StubTally, voucher::Voucher},
};
use crate::{
    hash::Hash,
    json::{Object, Value},
    key::PublicKey,
    record::genesis::Genesis,
    rules::registry::Registry,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        consistency::Consistency,
        proven::ProvenPrefix,
    },
};

/// The answer to "is it sound?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Soundness {
    /// Yes, and a key from outside vouches for it, where that takes one
    Sound,
    /// No
    NotSound,
    /// Not all was checked, no key from outside vouches for it, or it answers none of the stubs
    NotDecided,
    /// Some of the records are none
    NotReadable,
}

impl Soundness {
    /// The member `sound` of `verify --json`, which says no more than the exit status does.
    fn to_value(self) -> Value {
        match self {
            Self::Sound => true.into(),
            Self::NotSound | Self::NotReadable => false.into(),
            // What was looked at does not contradict itself: that is all.
            Self::NotDecided => "consistent".into(),
        }
    }
}

/// Proofs whose equations were evaluated here before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownProofs {
    /// How many of the first entries they are of
    pub entries: u64,
    /// How many proofs these entries have
    pub proofs: u64,
}

/// The verdict on one target.
#[derive(Clone, Debug)]
pub struct VerifyReport {
    /// `ledger`, `records`, `proof` or `evidence`
    pub kind: &'static str,
    /// How the log's key is known
    pub key: KeySource,
    /// The log's name, as its checkpoint says; `None`: there is no checkpoint, or it cannot be read
    pub origin: Option<String>,
    /// The checkpoint's size; `None` where there is no `origin`
    pub size: Option<u64>,
    /// The checkpoint's root; `None` where there is no `origin`
    pub root: Option<Hash>,
    /// The words that stand for entries, and for which
    pub vouched: Vec<Voucher>,
    /// Runs of entries that were dropped, and so not looked at
    pub unseen: Vec<RangeInclusive<u64>>,
    /// How many entries, or loose records, were looked at
    pub entries_checked: u64,
    /// How many proofs hold
    pub proofs_checked: u64,
    /// Of the proofs that hold, those whose equations were known to hold and not evaluated again; `None`: all were
    /// evaluated now
    pub known_proofs: Option<KnownProofs>,
    /// The first entries of which all proofs are known to hold now, to be remembered; `None`: of none, or the entries
    /// do not lead to a root that the log signed
    pub proven: Option<ProvenPrefix>,
    /// Whether proofs do not hold that were known to: what is remembered of them is wrong
    pub contradicts_known: bool,
    /// Whether the proofs of records were looked at: without, nothing is known of who said what
    pub signatures_checked: bool,
    /// What is odd
    pub findings: Findings,
    /// The ledger's id; `None`: entry 0 does not declare a ledger as it should
    pub id: Option<Hash>,
    /// What entry 0 declares, and its signers; `None` where there is no `id`
    pub declared: Option<(Genesis, Vec<PublicKey>)>,
    /// Who is who by the registry at the end; `None`: no `declared`, or it is no ledger
    pub registry: Option<Registry>,
    /// How many stubs the ledger extends; `None`: there were none
    pub stubs: Option<StubTally>,
    /// How what successors claim stands to the ledger, in the order of [`super::Trust::claims`]
    pub claims: Vec<Consistency>,
    /// The checkpoint and the key that it was measured with, to be remembered; `None`: one of them is missing
    pub checkpoint: Option<(SignedCheckpoint, PublicKey)>,
}

impl VerifyReport {
    pub(super) fn new(kind: &'static str) -> Self {
        Self {
            kind,
            key: KeySource::None,
            origin: None,
            size: None,
            root: None,
            vouched: Vec::new(),
            unseen: Vec::new(),
            entries_checked: 0,
            proofs_checked: 0,
            known_proofs: None,
            proven: None,
            contradicts_known: false,
            signatures_checked: true,
            findings: Findings::default(),
            id: None,
            declared: None,
            registry: None,
            stubs: None,
            claims: Vec::new(),
            checkpoint: None,
        }
    }

    /// Takes what the checkpoint states.
    pub(super) fn state(&mut self, stated: Option<&Checkpoint>) {
        self.origin = stated.map(|stated| stated.origin.clone());
        (self.size, self.root) = stated.map(|stated| (stated.size, stated.root)).unzip();
    }

    /// Whether there is no error.
    pub fn sound(&self) -> bool {
        !self.findings.has_error()
    }

    /// Whether every proof was checked on which the answer rests. In a ledger those that are known must suffice for a
    /// record to be let in; a loose record has nothing but its proofs.
    pub fn all_checked(&self) -> bool {
        self.signatures_checked && !(self.kind == "records" && self.has(FindingKind::UnknownProof))
    }

    /// What the report comes to.
    pub fn soundness(&self) -> Soundness {
        match self.kind {
            "records" if self.has(FindingKind::Malformed) => Soundness::NotReadable,
            _ if !self.sound() => Soundness::NotSound,
            _ if !self.all_checked() => Soundness::NotDecided,
            "ledger" | "published" if self.vouched.is_empty() || !self.answers_stubs() => {
                Soundness::NotDecided
            }
            _ => Soundness::Sound,
        }
    }

    /// Whether every stub of this ledger could be held against it, and at least one. A stub that
    /// the log did not sign, that is of another ledger, or was not read leaves the question open.
    pub fn answers_stubs(&self) -> bool {
        self.stubs.is_none_or(|stubs| stubs.extended > 0 && stubs.unsigned == 0 && stubs.all_read)
    }

    /// Whether the checkpoint is the word of the key that it was measured with.
    pub(super) fn origin_vouched(&self) -> bool {
        self.key != KeySource::None && !self.is_denied()
    }

    /// Whether something denies that the checkpoint is the word of the log.
    pub(super) fn is_denied(&self) -> bool {
        self.findings().iter().any(|finding| finding.kind.denies_trust())
    }

    /// Takes entries that were not seen out of all vouchers.
    pub(super) fn leave_out_unseen(&mut self) {
        let unseen = std::mem::take(&mut self.unseen);
        let split = |voucher: &Voucher| {
            let ranges = seen(voucher.first..=voucher.last, &unseen).into_iter();
            ranges
                .map(|run| Voucher { first: *run.start(), last: *run.end(), ..voucher.clone() })
                .collect::<Vec<_>>()
        };
        self.vouched = self.vouched.iter().flat_map(split).collect();
        self.unseen = unseen;
    }

    /// What was found, in the order of the places.
    pub fn findings(&self) -> Vec<&Finding> {
        self.findings.sorted()
    }

    /// Whether something of this kind is among the findings that were kept.
    pub fn has(&self, kind: FindingKind) -> bool {
        self.findings().iter().any(|finding| finding.kind == kind)
    }

    /// The line of `verify --json`, without `target`.
    pub fn to_object(&self) -> Object {
        let vouched = self.vouched.iter().map(|voucher| voucher.to_object().into());
        let findings = self.findings().into_iter().map(|finding| finding.to_object().into());
        let mut object = crate::object! {
            "kind": self.kind,
            "sound": self.soundness().to_value(),
            "key": self.key.name(),
            "vouched": Value::Array(vouched.collect()),
            "origin": self.origin.clone(),
            "size": self.size,
            "root": self.root.map(|root| root.to_string()),
            "entries_checked": self.entries_checked,
            "proofs_checked": self.proofs_checked,
            "findings": Value::Array(findings.collect()),
            "findings_total": self.findings.total(),
        };
        if !self.unseen.is_empty() {
            let runs = self
                .unseen
                .iter()
                .map(|run| crate::object! { "first": *run.start(), "last": *run.end() }.into());
            object.insert("not_seen", Value::Array(runs.collect()));
        }
        if let Some(KnownProofs { entries, proofs }) = self.known_proofs {
            object.insert("checked_before", crate::object! { "entries": entries, "proofs": proofs });
        }
        if let Some(stubs) = self.stubs {
            object.insert("stubs", stubs.to_object());
        }
        if !self.signatures_checked {
            object.insert("signatures_checked", false);
        }
        object
    }
}

/// What is left of a range without some ascending runs.
fn seen(range: RangeInclusive<u64>, unseen: &[RangeInclusive<u64>]) -> Vec<RangeInclusive<u64>> {
    let begins = iter::once(*range.start()).chain(unseen.iter().map(|run| run.end() + 1));
    let ends = unseen.iter().map(|run| run.start().checked_sub(1)).chain([Some(*range.end())]);
    let between = begins.zip(ends).filter_map(|(from, to)| Some((from, to?)));
    let clipped = between.map(|(from, to)| from.max(*range.start())..=to.min(*range.end()));
    clipped.filter(|run| !run.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_the_rest() {
        let seen = |unseen: &[RangeInclusive<u64>]| seen(0..=99, unseen);
        assert_eq!(seen(&[]), [0..=99]);
        assert_eq!(seen(&[1..=9]), [0..=0, 10..=99]);
        assert_eq!(seen(&[0..=9, 20..=29]), [10..=19, 30..=99]);
        assert_eq!(seen(&[90..=200]), [0..=89]);
        assert_eq!(seen(&[0..=99]), []);
    }
}
