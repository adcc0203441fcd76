//! Where an evaluation begins and ends, and which entry is meant.

use std::fmt;

use crate::{
    contract::document::Contract,
    time::{Span, Time},
};

/// An entry of one of the ledgers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryId {
    /// The ledger, by its place in the contract's order
    pub ledger: usize,
    /// The number of the entry
    pub n: u64,
}

/// The instants that count, in milliseconds since 1970; `end` is the first that counts no more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// The first
    pub(super) from: i64,
    /// The first that counts no more
    pub(super) end: i64,
    /// The first at which a value can speak at `from`
    pub(super) near: i64,
    /// Whether the period goes on behind the end, which is the time of the verdict: what was said then exists
    pub(super) goes_on: bool,
    /// The first instant at which what is said changes nothing, so that nothing is told of it
    pub(super) silent: i64,
}

impl Window {
    pub(super) fn new(contract: &Contract, (from, end): (Time, Time)) -> Self {
        let hold = contract.time.hold.map_or(0, Span::millis);
        let (from, end) = (from.millis(), end.millis());
        Self { from, end, near: from.saturating_sub(hold), goes_on: false, silent: end }
    }

    /// The window up to the time of a verdict.
    pub(super) fn until(self, as_of: i64) -> Self {
        let goes_on = (self.from..self.end).contains(&as_of);
        let end = self.end.min(as_of).max(self.from);
        let cut = Self { end, goes_on, ..self };
        Self { silent: cut.unheard(), ..cut }
    }

    /// The window of a device of which counters are measured: a value at the end, or so little behind it that it is snapped
    /// onto it, is paid for.
    pub(super) fn with_counters(self, snap: Option<Span>) -> Self {
        let behind = |snap: Span| self.end.saturating_add(snap.millis()).saturating_add(1);
        Self { silent: snap.map_or(self.silent, behind), ..self }
    }

    /// The first instant of which nothing is heard.
    pub(super) fn unheard(&self) -> i64 {
        self.end.saturating_add(self.goes_on.into())
    }

    /// Whether what was said at an instant is heard.
    pub(super) fn hears(&self, at: i64) -> bool {
        (self.from..self.unheard()).contains(&at)
    }

    /// Whether what is said at an instant can change something.
    pub(super) fn is_near(&self, at: i64) -> bool {
        (self.near..self.silent).contains(&at)
    }
}

/// Where the evaluation begins and ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct EvaluationScope {
    /// Entries that arrived later are left out; `None`: none is, and the latest one is the time of the verdict
    pub as_of: Option<Time>,
    /// Whether every reading is kept until the end, for entries that cannot be read twice
    pub patient: bool,
}

/// A late record changes what was already followed: the entries must be read once more, with `patient`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateChange;

impl fmt::Display for LateChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a late record changes what was before it")
    }
}

impl std::error::Error for LateChange {}
