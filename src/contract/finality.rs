//! Finality: as of when a verdict is, whether it can still change, and which ledgers it waits for.
//!
//! ```text
//! from ─────── to ─── closed ─────────────── deadline ─►
//!                     └ late readings over   └ a ledger that has said nothing since closed counts as ended
//! ```
//!
//! A copy of a ledger says nothing about what came behind its last entry. So a verdict is as of the earliest of the
//! ledgers' last arrivals, and final once each ledger has gone past `closed`: a stale copy decides nothing. A party that
//! stops writing keeps nothing open for ever, since at the deadline its ledger has ended.

use super::document::Contract;
use crate::{
    hash::Hash,
    time::{Span, Time},
};

/// How long after late readings are over a silent ledger counts as ended, where the contract does not say.
const SILENCE: Span = Span::from_millis(30 * 24 * 3_600_000);

impl Contract {
    /// The instant from which on an entry that arrives changes no term: the period and its late readings are over.
    pub fn closed(&self) -> Time {
        self.to.saturating_add(self.time.late_after)
    }

    /// Whether a verdict as of this time has all that can count, as far as its ledgers go.
    pub fn is_closed(&self, as_of: Time) -> bool {
        as_of >= self.closed()
    }

    /// The instant at which a ledger has ended that has said nothing since [`Contract::closed`].
    pub fn deadline(&self) -> Time {
        self.time.deadline.unwrap_or_else(|| self.closed().saturating_add(SILENCE))
    }
}

/// How far a ledger of a contract goes: of one that was continued, its last successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerEnd {
    /// The ledger
    pub id: Hash,
    /// How many entries there are
    pub size: u64,
    /// Up to when it is known what arrived: the arrival of the last of them, or the time that is asked about if that is
    /// earlier. `None`: there is no copy of this ledger
    pub latest: Option<Time>,
}

impl LedgerEnd {
    /// Whether the ledger may still hold back what changes a term.
    fn is_behind(&self, contract: &Contract) -> bool {
        self.latest.is_none_or(|latest| latest < contract.closed())
    }
}

/// A ledger that says nothing more, as far as its entries go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedLedger {
    /// The ledger
    pub id: Hash,
    /// How many entries it has
    pub size: u64,
}

/// Whether a verdict can still change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finality {
    /// Whether only a correction, or more of a ledger that had ended, can change it
    pub is_final: bool,
    /// The ledgers that it waits for, in the contract's order
    pub why_open: Vec<Hash>,
    /// The ledgers that count as ended, in the contract's order
    pub ended: Vec<EndedLedger>,
}

impl Finality {
    /// The finality of a verdict on records that are in no ledger, as of an instant.
    pub fn of_records(contract: &Contract, as_of: Time) -> Self {
        Self::of(contract, as_of, &[])
    }

    /// The finality of a verdict as of an instant, on ledgers that go so far.
    pub fn of(contract: &Contract, as_of: Time, ends: &[LedgerEnd]) -> Self {
        let behind = ends.iter().filter(|end| end.is_behind(contract));
        // Without a copy of a ledger it cannot be seen whether it is silent.
        let (ended, open): (Vec<&LedgerEnd>, Vec<&LedgerEnd>) =
            behind.partition(|end| end.latest.is_some() && as_of >= contract.deadline());
        Self {
            is_final: contract.is_closed(as_of) && open.is_empty(),
            why_open: open.iter().map(|end| end.id).collect(),
            ended: ended.iter().map(|end| EndedLedger { id: end.id, size: end.size }).collect(),
        }
    }
}

/// As of when a verdict is, where the question does not say: the earliest of the ledgers' last arrivals. A ledger that is behind holds
/// it back only until another one reaches the deadline: then it has ended, and the verdict is as of the deadline or later.
/// Without a copy of one of the ledgers nothing of the period is known.
pub fn default_as_of(contract: &Contract, ends: &[LedgerEnd]) -> Time {
    let latest = || ends.iter().filter_map(|end| end.latest);
    let earliest = latest().min().unwrap_or(contract.from);
    if ends.iter().any(|end| end.latest.is_none()) {
        return earliest.min(contract.from);
    }
    let deadline = contract.deadline();
    if earliest >= contract.closed() || latest().all(|latest| latest < deadline) {
        return earliest;
    }
    let going_on = ends.iter().filter(|end| !end.is_behind(contract)).filter_map(|end| end.latest);
    going_on.min().map_or(earliest, |going_on| going_on.max(deadline))
}
