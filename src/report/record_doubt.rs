//! What findings mean that are about no device: records of parties about events, readings and devices.

use super::page::VerdictPage;
use crate::contract::{document::UnsyncedRule, eval::ContractFindingKind};

/// What such a finding says, after its count; `None`: it means the same as of a device.
pub(super) fn meaning(page: &VerdictPage<'_>, kind: ContractFindingKind, once: bool) -> Option<String> {
    let records = if once { "record" } else { "records" };
    let (contract, rules) = (page.contract, &page.contract.time);
    Some(match kind {
        ContractFindingKind::BadProof => {
            format!("{records} about events with a signature that does not hold")
        }
        ContractFindingKind::Conflict => {
            let contradict = if once { "contradicts" } else { "contradict" };
            format!("{records} about events that {contradict} what else is signed")
        }
        ContractFindingKind::Future => format!(
            "{records} about events of the future: dated more than {} after they were received",
            rules.future_skew
        ),
        ContractFindingKind::Late => format!(
            "{records} about events received at or after {}, when the contract was closed",
            page.show(contract.closed())
        ),
        ContractFindingKind::Unsynced => {
            let count =
                if rules.unsynced == UnsyncedRule::Reject { "" } else { ", which the contract lets count" };
            format!("{records} about events dated by a clock that nobody had synchronised{count}")
        }
        ContractFindingKind::Untimed => format!("{records} about events without a time"),
        ContractFindingKind::Unauthorized => {
            let change = if once { "changes" } else { "change" };
            format!(
                "{records} about events or about what was before that {change} nothing: not signed by all who must, too late, or about no reading that counts"
            )
        }
        ContractFindingKind::Invalid => {
            format!(
                "{records} about events or about what was before of which something that counts cannot be read"
            )
        }
        _ => return None,
    })
}
