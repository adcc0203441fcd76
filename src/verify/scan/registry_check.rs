//! The registry's rules, entry by entry: whether each was allowed when it was written.

use super::scanned_line::ScannedLine;
use crate::{
    hash::Hash,
    record::genesis::Genesis,
    rules::{
        judge::Judge,
        registry::{Registry, RegistryRefusal, Revocation},
    },
    verify::finding::{Finding, FindingKind, Severity},
};

/// How many revocations that make something suspect are kept.
const KEPT: usize = 10_000;

/// The registry up to the entry that was read last.
pub(in crate::verify) struct RegistryCheck {
    judge: Judge,
    /// What makes entries suspect that were read before
    revocations: Vec<Revocation>,
}

impl RegistryCheck {
    pub(in crate::verify) fn new(genesis: &Genesis, ledger: Hash) -> Self {
        Self { judge: Judge::new(genesis, ledger), revocations: Vec::new() }
    }

    /// The registry at the end, and what makes entries suspect.
    pub(in crate::verify) fn finish(self) -> (Registry, Vec<Revocation>) {
        (self.judge.registry().clone(), self.revocations)
    }

    /// What breaks the rules should not have been let in; where others may write, too, it counts for nothing.
    pub(in crate::verify) fn severity(&self) -> Severity {
        if self.judge.is_enrolled_only() { Severity::Error } else { Severity::Warning }
    }

    /// Takes the next entry; answers what is wrong with it.
    pub(in crate::verify) fn judge(&mut self, n: u64, line: &ScannedLine) -> Option<Finding> {
        let times = line.times?;
        self.judge.pass(n, times);
        let (claim, arrival) = (line.claim.as_ref()?, times.stated_arrival());
        match self.judge.admit(n, arrival, claim) {
            Ok(revocation) => {
                // One that trusts its key to the end makes nothing suspect.
                let telling = revocation.filter(|revocation| revocation.trusted_until < arrival);
                self.revocations.extend(telling.filter(|_| self.revocations.len() < KEPT));
                None
            }
            Err(refusal) => Some(Finding::new((&refusal).into(), format!("entry {n}: {refusal}"))),
        }
    }
}

impl From<&RegistryRefusal> for FindingKind {
    fn from(refusal: &RegistryRefusal) -> Self {
        match refusal {
            RegistryRefusal::Unauthorized(_) => Self::Unauthorized,
            RegistryRefusal::RevokedKey(_) => Self::RevokedKey,
        }
    }
}
