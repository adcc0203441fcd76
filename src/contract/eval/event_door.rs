//! The one door for events: what comes through it changes what is judged, and what does not is a finding.
//!
//! ```text
//! reader ─ statement ─► door ┬─► hindsight: period, excuses, counters, terms and payments
//!                            └─► finding: late future unsynced (the reader: bad-proof unauthorized untimed invalid)
//! ```

use super::{
    Evaluation, contract_events::EventStatement, findings::ContractFindingKind, roles::ArrivedEntry,
};
use crate::contract::document::UnsyncedRule;

impl Evaluation<'_> {
    /// Parties say that an event happened.
    pub(super) fn take_event(&mut self, at: ArrivedEntry, statement: EventStatement) {
        let is_own = statement.contract == self.contract.hash;
        // What names another contract counts if that amends this one, or is amended by it.
        if !is_own && !self.found.is_related(self.contract, &statement.contract) {
            return;
        }
        if let Some(kind) = self.refuses(at, &statement) {
            if is_own {
                self.find_entry(at.entry, kind);
            }
            return;
        }
        if statement.unsynced {
            self.find_entry(at.entry, ContractFindingKind::Unsynced);
        }
        self.found.state(statement, at);
    }

    /// Why what is said of an event does not count; `None`: it counts, as far as those who said it go.
    fn refuses(&self, at: ArrivedEntry, statement: &EventStatement) -> Option<ContractFindingKind> {
        let rules = &self.contract.time;
        if at.arrival >= self.contract.closed() {
            return Some(ContractFindingKind::Late);
        }
        if statement.time - at.arrival > rules.future_skew {
            return Some(ContractFindingKind::Future);
        }
        // No status dates what a party says.
        let is_unsynced = statement.unsynced && rules.unsynced == UnsyncedRule::Reject;
        is_unsynced.then_some(ContractFindingKind::Unsynced)
    }
}
