//! `[time]`: how long a value holds, and which readings are too late.

use super::{ContractParty, table::DocumentTable, zone};
use crate::{
    contract::zone::ContractZone,
    time::{Span, Time, ZoneOffset},
};

/// What happens to a late reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateRule {
    /// It does not count, and is listed
    Reject,
    /// It counts, and is listed
    Flag,
    /// It counts
    Accept,
}

/// What happens to a reading whose key was revoked later, and is not trusted for the time of the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuspectRule {
    /// It counts, and is listed
    Flag,
    /// It does not count, and is listed
    Reject,
}

/// What happens to a reading whose clock was not synchronised, and which no later status dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsyncedRule {
    /// It does not count, and is listed
    Reject,
    /// It counts at the time that it says, and is listed
    Accept,
}

/// How time is judged, with the defaults of the language version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeRules {
    /// How long a value holds; `None`: the contract requires no condition, so needs none
    pub hold: Option<Span>,
    /// How much later than measured a reading may be received
    pub late_after: Span,
    /// What happens to those that come later
    pub late: LateRule,
    /// How much earlier than measured a reading may be received
    pub future_skew: Span,
    /// What happens to readings before a revocation that does not trust their key
    pub suspect: SuspectRule,
    /// What happens to readings of a clock that was not synchronised
    pub unsynced: UnsyncedRule,
    /// The unit in which lengths of time are compared and paid: so much is rounded down
    pub resolution: Span,
    /// Whether the parties accept that a device which says nothing costs no party anything
    pub silence_accepted: bool,
    /// When a ledger counts as ended that has said nothing since late readings were over; `None`: the contract does not
    /// say, so [`crate::contract::document::Contract::deadline`] does
    pub deadline: Option<Time>,
    /// Before when a correction arrives that all parties sign; `None`: readings are not corrected
    pub corrections: Option<Time>,
    /// The zone of days, hours and the calendar; `None`: the contract does not say, which means UTC
    pub zone: Option<ContractZone>,
}

impl Default for TimeRules {
    fn default() -> Self {
        Self {
            hold: None,
            late_after: Span::from_millis(86_400_000),
            late: LateRule::Reject,
            future_skew: Span::from_millis(120_000),
            suspect: SuspectRule::Flag,
            unsynced: UnsyncedRule::Reject,
            resolution: Span::from_millis(1_000),
            silence_accepted: false,
            deadline: None,
            corrections: None,
            zone: None,
        }
    }
}

impl TimeRules {
    /// The zone whose hours and days count: UTC where the contract does not say.
    pub fn clocks(&self) -> &ContractZone {
        static UTC: ContractZone = ContractZone::fixed(ZoneOffset::UTC);
        self.zone.as_ref().unwrap_or(&UTC)
    }
}

/// `from`: when the period begins; `None`: that could not be read.
pub(super) fn read(root: &DocumentTable, parties: &[ContractParty], from: Option<Time>) -> TimeRules {
    let default = TimeRules::default();
    let Some(table) = root.table("time") else { return default };
    let rules = TimeRules {
        hold: table.duration("hold"),
        late_after: table.duration("late_after").unwrap_or(default.late_after),
        late: read_late(&table).unwrap_or(default.late),
        future_skew: table.duration("future_skew").unwrap_or(default.future_skew),
        suspect: read_suspect(&table).unwrap_or(default.suspect),
        unsynced: read_unsynced(&table).unwrap_or(default.unsynced),
        resolution: read_resolution(&table).unwrap_or(default.resolution),
        silence_accepted: read_silence(&table).unwrap_or(default.silence_accepted),
        deadline: table.time("deadline"),
        corrections: read_corrections(&table, parties),
        zone: zone::read(&table, from),
    };
    if rules.hold == Some(Span::ZERO) {
        table.error("hold", "a value that speaks for no time says nothing");
    }
    table.finish();
    rules
}

/// A coarser unit would hide what it is to even out.
fn read_resolution(table: &DocumentTable) -> Option<Span> {
    let resolution = table.duration("resolution")?;
    let is_usable = (Span::from_millis(1_000)..=Span::from_millis(60_000)).contains(&resolution);
    if !is_usable {
        table.error("resolution", "expected 1s to 1m: lengths of time are compared and paid in this unit");
    }
    is_usable.then_some(resolution)
}

/// `corrections = { by = ["shipper", "carrier"], until = … }`. What somebody did not sign must not change what they owe,
/// so all parties are named.
fn read_corrections(table: &DocumentTable, parties: &[ContractParty]) -> Option<Time> {
    let corrections = table.table("corrections")?;
    let known = |id: &str| parties.iter().position(|party| party.id == id);
    let by = corrections.required("by", Some(corrections.list("by", "parties", known)))?;
    let until = corrections.required("until", corrections.time("until"));
    let missing = (0..parties.len()).find(|party| !by.contains(party));
    if let Some(missing) = missing {
        let message = format!(
            "every party signs a correction, and {:?} is not named: nobody's readings change behind their back",
            parties[missing].id
        );
        corrections.error("by", message);
    }
    corrections.finish();
    until
}

fn read_silence(table: &DocumentTable) -> Option<bool> {
    table.read("silence", "\"accepted\"", |value| (value.as_str()? == "accepted").then_some(true))
}

fn read_late(table: &DocumentTable) -> Option<LateRule> {
    table.read("late", "\"reject\", \"flag\" or \"accept\"", |value| match value.as_str()? {
        "reject" => Some(LateRule::Reject),
        "flag" => Some(LateRule::Flag),
        "accept" => Some(LateRule::Accept),
        _ => None,
    })
}

fn read_suspect(table: &DocumentTable) -> Option<SuspectRule> {
    table.read("suspect", "\"flag\" or \"reject\"", |value| match value.as_str()? {
        "flag" => Some(SuspectRule::Flag),
        "reject" => Some(SuspectRule::Reject),
        _ => None,
    })
}

fn read_unsynced(table: &DocumentTable) -> Option<UnsyncedRule> {
    table.read("unsynced", "\"reject\" or \"accept\"", |value| match value.as_str()? {
        "reject" => Some(UnsyncedRule::Reject),
        "accept" => Some(UnsyncedRule::Accept),
        _ => None,
    })
}
