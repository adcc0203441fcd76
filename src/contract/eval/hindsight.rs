//! Hindsight: what entries say about what was before them. The entries are read once to find it, and where there is some
//! once more under it.
//!
//! ```text
//! first reading    entries ─► found          nothing is found: its results stand
//! second reading   known ─► entries          the same ones, under what the first reading found
//! ```
//!
//! What is found goes by the entry that says it, never by what is known: both readings find the same.

mod revocations;

use self::revocations::SuspectKeys;
use super::roles::ArrivedEntry;
use crate::{contract::document::Contract, key::Did, rules::registry::Revocation};

/// How many things of one kind are taken note of.
const MOST: usize = 10_000;

/// What entries say about those before them.
#[derive(Clone, Debug, Default)]
pub struct Hindsight {
    suspect_keys: SuspectKeys,
    beyond: Option<&'static str>,
}

impl Hindsight {
    /// Whether the results of the first reading stand.
    pub fn is_empty(&self) -> bool {
        self.suspect_keys.is_empty()
    }

    /// Of what there is more than is looked at, so that there can be no result; `None`: nothing was left out.
    pub fn beyond(&self) -> Option<&'static str> {
        self.beyond
    }

    /// Takes note of a revocation, unless it trusts its keys to the end.
    pub(super) fn revoke(&mut self, revocation: &Revocation, at: ArrivedEntry) {
        if revocation.trusted_until >= at.arrival {
            return;
        }
        if self.suspect_keys.len() == MOST {
            self.beyond = Some("revocations");
        } else {
            self.suspect_keys.add(revocation, at);
        }
    }

    /// Whether one of these keys was no longer trusted when it signed that entry, where it could still speak.
    pub(super) fn are_suspect(&self, signers: &[Did], at: ArrivedEntry) -> bool {
        self.suspect_keys.are_among(signers, at)
    }
}

impl Contract {
    /// Whether an entry can say something that counts about those before it.
    pub fn looks_back(&self) -> bool {
        self.follows_registry()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{contract::eval::EntryId, time::Time};

    #[test]
    fn what_is_too_much_is_never_left_out_silently() {
        let arrival = Time::parse("2026-03-01T06:00:00.000Z").expect("a time");
        let at = ArrivedEntry { entry: EntryId { ledger: 0, n: 1 }, arrival };
        let trusting = Revocation { keys: Vec::new(), trusted_until: arrival, n: 1 };
        let doubting = Revocation { trusted_until: Time::EPOCH, ..trusting.clone() };
        let mut found = Hindsight::default();
        (0..MOST).for_each(|_| found.revoke(&doubting, at));
        found.revoke(&trusting, at);
        assert_eq!(found.beyond(), None);
        found.revoke(&doubting, at);
        assert_eq!(found.beyond(), Some("revocations"));
    }
}
