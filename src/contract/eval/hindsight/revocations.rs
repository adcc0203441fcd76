//! Keys that a later revocation makes suspect: they are no longer trusted for that time.

use std::collections::HashMap;

use super::super::roles::ArrivedEntry;
use crate::{key::Did, rules::registry::Revocation, time::Time};

/// What revocations say about the entries before them.
#[derive(Clone, Debug, Default)]
pub(super) struct SuspectKeys {
    by_key: HashMap<Did, Vec<Doubt>>,
    count: usize,
}

#[derive(Clone, Copy, Debug)]
struct Doubt {
    ledger: usize,
    trusted_until: Time,
}

impl SuspectKeys {
    /// Whether no reading is suspect.
    pub(super) fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// How many revocations say so.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn add(&mut self, revocation: &Revocation, at: ArrivedEntry) {
        self.count += 1;
        let (ledger, trusted_until) = (at.entry.ledger, revocation.trusted_until);
        for key in &revocation.keys {
            self.by_key.entry(*key).or_default().push(Doubt { ledger, trusted_until });
        }
    }

    /// Whether one of these keys was no longer trusted when it signed that entry, where it could still speak.
    pub(super) fn are_among(&self, signers: &[Did], at: ArrivedEntry) -> bool {
        let is_about = |doubt: &Doubt| doubt.ledger == at.entry.ledger && at.arrival > doubt.trusted_until;
        let doubts = signers.iter().filter_map(|key| self.by_key.get(key));
        doubts.flatten().any(is_about)
    }
}
