//! Readings that a later revocation makes suspect: signed by a key that is no longer trusted for that time.
//!
//! A revocation is about entries before it, so the entries are read once to find them, and where there are some
//! once more under them.

use std::collections::HashMap;

use super::roles::ArrivedEntry;
use crate::{key::Did, rules::registry::Revocation, time::Time};

/// How many revocations are looked at.
const MOST: usize = 10_000;

/// What revocations say about the entries before them.
#[derive(Clone, Debug, Default)]
pub struct Doubts {
    by_key: HashMap<Did, Vec<Doubt>>,
    count: usize,
}

#[derive(Clone, Copy, Debug)]
struct Doubt {
    ledger: usize,
    trusted_until: Time,
}

impl Doubts {
    /// Whether no reading is suspect.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Takes note of a revocation, unless it trusts its keys to the end.
    pub(super) fn add(&mut self, revocation: &Revocation, at: ArrivedEntry) {
        if revocation.trusted_until >= at.arrival || self.count == MOST {
            return;
        }
        self.count += 1;
        let (ledger, trusted_until) = (at.entry.ledger, revocation.trusted_until);
        for key in &revocation.keys {
            self.by_key.entry(*key).or_default().push(Doubt { ledger, trusted_until });
        }
    }

    /// Whether one of these keys was no longer trusted when it signed that entry, where it could still speak.
    pub(super) fn are_about(&self, signers: &[Did], at: ArrivedEntry) -> bool {
        let is_about = |doubt: &Doubt| doubt.ledger == at.entry.ledger && at.arrival > doubt.trusted_until;
        let doubts = signers.iter().filter_map(|key| self.by_key.get(key));
        doubts.flatten().any(is_about)
    }
}
