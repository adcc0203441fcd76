//! Events that the contract asks for: which, and who must sign them.

use super::{ContractParty, table::DocumentTable};

/// An event that must be signed to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDemand {
    /// What it is called
    pub event: String,
    /// The parties that sign it, all of them; at least one
    pub by: Vec<usize>,
}

/// The parties under a name, which must be some, each once.
pub(super) fn read_signers(
    table: &DocumentTable,
    name: &'static str,
    parties: &[ContractParty],
) -> Option<Vec<usize>> {
    let place = |id: &str| parties.iter().position(|party| party.id == id);
    let mut by = table.required(name, Some(table.list(name, "parties", place)))?;
    by.sort_unstable();
    by.dedup();
    if by.is_empty()
        && table.object.get(name).is_some_and(|list| list.as_array().is_some_and(<[_]>::is_empty))
    {
        table.error(name, "nobody signs it: at least one party must");
    }
    (!by.is_empty()).then_some(by)
}

/// The events that begin and end the period.
pub(super) fn read_ends(period: &DocumentTable, parties: &[ContractParty]) -> [Option<EventDemand>; 2] {
    let ends = ["from_event", "to_event"].map(|name| read(period, name, parties));
    if ends[0].is_some() && ends[0] == ends[1] {
        period.error("to_event", "the same event begins and ends the period, which leaves no time");
    }
    ends
}

/// `{ event = "loaded", by = ["carrier"] }`; `None`: it is not there, or wrong.
fn read(table: &DocumentTable, name: &'static str, parties: &[ContractParty]) -> Option<EventDemand> {
    let demand = table.table(name)?;
    let event = demand.required("event", demand.text("event"));
    let by = read_signers(&demand, "by", parties);
    demand.finish();
    Some(EventDemand { event: event?.to_owned(), by: by? })
}
