//! The period of a contract as events narrow it, for people.

use super::page::VerdictPage;
use crate::contract::{document::EventDemand, eval::SignedEvent};

/// An event of the period: what the contract calls it, and when it happened; `None`: none counts.
fn happened(
    page: &VerdictPage<'_>,
    demand: Option<&EventDemand>,
    event: Option<&SignedEvent>,
) -> Option<(String, String)> {
    demand.zip(event).map(|(demand, event)| (format!("{:?}", demand.event), page.show(event.time)))
}

/// The events that begin and end the period, or that contradict.
fn bounds(page: &VerdictPage<'_>) -> [Option<(String, String)>; 2] {
    let (contract, period) = (page.contract, &page.evaluated.period);
    [
        happened(page, contract.from_event.as_ref(), period.begun.as_ref()),
        happened(page, contract.to_event.as_ref(), period.ended.as_ref()),
    ]
}

/// The period that is judged; `None`: it is the contract's own, or there is none.
pub(super) fn narrowed(page: &VerdictPage<'_>) -> Option<String> {
    let bounds = bounds(page).into_iter().zip(["from", "to"]);
    let bounds = bounds.filter_map(|(event, word)| event.map(|(name, time)| (name, time, word)));
    let bounds: Vec<_> =
        bounds.map(|(name, time, word)| format!("{word} {time}, when {name} happened")).collect();
    let is_narrowed = !bounds.is_empty() && !page.evaluated.period.is_contradicted;
    is_narrowed.then(|| format!("judged {}", bounds.join(", ")))
}

/// Why nothing can be judged; `None`: it can.
pub(super) fn contradiction(page: &VerdictPage<'_>) -> Option<String> {
    let [begun, ended] =
        bounds(page).map(|event| event.map(|(name, time)| format!("{name} happened {time}")));
    let begun = begun.unwrap_or_else(|| format!("the contract begins {}", page.show(page.contract.from)));
    let ended = ended.unwrap_or_else(|| format!("the contract ends {}", page.show(page.contract.to)));
    let why = format!("nothing can be judged, since events leave no time to judge: {begun}, and {ended}");
    page.evaluated.period.is_contradicted.then_some(why)
}
