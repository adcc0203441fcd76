//! What an evaluation comes to: a result for each term, and what was noticed on the way.

use super::{
    AmendmentFault, ContractFindings, DeviceRoles, ExcursionTally, FindingTally, Hindsight, JudgedPeriod,
    MeasureTally, MeasuredTable, NearName, Replacement, SignedEvent,
};
use crate::time::Time;

/// The results of all terms at `as_of`.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// The time of the verdict
    pub as_of: Time,
    /// Names of the contract that look like others in the records, by device
    pub near_names: Vec<NearName>,
    /// Notable facts about entries
    pub findings: ContractFindings,
    /// The parties whose `accept` records are in the ledgers
    pub accepted: Vec<bool>,
    /// How many entries of each ledger existed then
    pub sizes: Vec<u64>,
    /// How many readings of each device there are about the period, whether they count or not
    pub readings: Vec<u64>,
    /// How many of each device arrived when the contract was closed, and count for nothing
    pub too_late: Vec<FindingTally>,
    /// How many of each device count, and have no value for any of its fields: they change nothing but the numbers of a
    /// stream
    pub empty: Vec<FindingTally>,
    /// How many readings about the period were corrected
    pub corrected: u64,
    /// The result of each term, in the contract's order
    pub terms: Vec<TermResult>,
    /// What was measured over buckets
    pub measured: MeasuredTable,
    /// The roles of the devices, as the registries have them
    pub roles: DeviceRoles,
    /// The period, as events begin and end it
    pub period: JudgedPeriod,
    /// The amendment that ends the contract before its period does; `None`: there is none
    pub replaced: Option<Replacement>,
    /// Why a contract that supersedes another one is not in force; `None`: it is, or it supersedes none
    pub not_in_force: Option<AmendmentFault>,
    /// What entries say about those before them: for [`Evaluation::with_hindsight`](super::Evaluation::with_hindsight) when
    /// the entries are read again
    pub hindsight: Hindsight,
}

/// Whether an event was signed in time.
#[derive(Clone, Debug, PartialEq)]
pub struct EventResult {
    /// The first that all signed who must; `None`: there is none so far
    pub signed: Option<SignedEvent>,
    /// The instant before which it must be received
    pub before: Time,
    /// Whether that instant has come
    pub is_over: bool,
    /// Whether it happened when a contract spoke that this one supersedes: in amounts it is that one's
    pub is_earlier: bool,
    /// Whether an amendment speaks before that instant, so that it is asked of that one
    pub is_superseded: bool,
}

impl Evaluated {
    /// The first event of a name that all these parties signed, by place; `None`: there is none.
    pub fn event(&self, name: &str, by: &[usize]) -> Option<SignedEvent> {
        self.hindsight.events.first(name, by)
    }

    /// The events of a name that all these parties signed, by place, in the order in which they were received.
    pub fn events(&self, name: &str, by: &[usize]) -> Vec<SignedEvent> {
        self.hindsight.events.signed(name, by)
    }
}

impl EventResult {
    /// Whether it was received in time.
    pub fn is_kept(&self) -> bool {
        self.signed.as_ref().is_some_and(|event| event.received < self.before)
    }
}

/// The result of one term.
#[derive(Clone, Debug)]
pub enum TermResult {
    /// A condition: its excursions
    Require(Box<ExcursionTally>),
    /// A cadence: how many readings are missing
    Every(u64),
    /// An event
    Event(Box<EventResult>),
    /// A condition over measures: the buckets that failed
    Measure(Box<MeasureTally>),
    /// A term of any time of the period, of which events leave none
    Unjudged,
}
