//! The one door for events: what comes through it changes what is judged, and what does not is a finding.
//!
//! ```text
//! reader ─ statement ─► door ┬─► hindsight: period, excuses, counters, terms and payments
//!                            └─► finding: late future unsynced (the reader: bad-proof unauthorized untimed invalid)
//! ```
//!
//! What names another contract waits until all was heard: only then is it known which of them are in force with this one.

use super::{
    Evaluation, contract_events::EventStatement, findings::ContractFindingKind, roles::ArrivedEntry,
};
use crate::contract::document::UnsyncedRule;

impl Evaluation<'_> {
    /// Parties say that an event happened.
    pub(super) fn take_event(&mut self, at: ArrivedEntry, statement: EventStatement) {
        let is_own = statement.contract == self.contract.hash;
        match self.refuses(at, &statement) {
            Some(kind) if is_own => self.find_entry(at.entry, kind),
            Some(_) => {}
            None => self.found.state(self.contract, statement, at),
        }
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
