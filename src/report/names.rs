//! Names of a contract that no record has, or that look like others in the records, for people.
//!
//! ```text
//! not heard: no record names probe ("Kuhlraum 3"); there are records of "Kühlraum 3", spelt nearly alike
//! ```

use super::page::VerdictPage;
use crate::{
    contract::eval::{ContractFindingKind, NamedThing, NearName, RepeatedFinding},
    escape::escape_beyond_ascii,
    likeness::Likeness,
};

/// The names of a device and its fields that were never heard, and those that were heard and look like another one.
pub(super) fn lines(page: &VerdictPage<'_>, device: usize) -> Vec<String> {
    let named = &page.contract.devices[device];
    let mut lines = Vec::new();
    let device_near = near(page, device, None, NamedThing::Device);
    if !is_named(page, device) && page.evaluated.too_late[device].count == 0 {
        let found =
            device_near.map_or_else(String::new, |near| format!("; there are records of {}", found(near)));
        let (until, name, id) = (until(page), &named.name, &named.id);
        lines.push(if is_before_all(page) {
            format!("not heard: nothing had arrived{until}, so nothing of {name} ({id:?})")
        } else {
            format!("not heard: no record{until} names {name} ({id:?}){found}")
        });
    } else if let Some(near) = device_near {
        lines.push(format!(
            "in doubt: {}: there are also records of {}, which do not count",
            named.name,
            found(near)
        ));
    }
    for (at, field) in named.fields.iter().enumerate() {
        let field_near = near(page, device, Some(at), NamedThing::Field);
        if never_heard(page, device, Some(at)) {
            let found = field_near.map_or_else(String::new, |near| format!("; they have {}", found(near)));
            let until = until(page);
            lines.push(format!(
                "not heard: no reading of {}{until} has {:?}{found}",
                named.name, field.source
            ));
        } else if let Some(near) = field_near {
            lines.push(format!(
                "in doubt: {}: readings also have {}, which does not count",
                named.name,
                found(near)
            ));
        }
    }
    lines
}

/// Whether the verdict is as of a time before the first entry of every ledger.
fn is_before_all(page: &VerdictPage<'_>) -> bool {
    let sizes = &page.evaluated.sizes;
    !sizes.is_empty() && sizes.iter().all(|size| *size == 0)
}

/// Until when records were looked at, where the period was not over then: later ones may name what these do not.
fn until(page: &VerdictPage<'_>) -> String {
    let is_early = page.evaluated.as_of < page.contract.to;
    if is_early { format!(" until {}", page.show(page.evaluated.as_of)) } else { String::new() }
}

/// Whether a record names the device.
pub(super) fn is_named(page: &VerdictPage<'_>, device: usize) -> bool {
    !never_heard(page, device, None)
}

/// Whether records name the device and all of its fields that are asked for.
pub(super) fn are_heard(page: &VerdictPage<'_>, device: usize) -> bool {
    let mut findings = page.evaluated.findings.tallies().map(|(finding, _)| finding);
    let never = |finding: &RepeatedFinding| finding.kind == ContractFindingKind::NeverHeard;
    findings.all(|finding| finding.device != Some(device) || !never(finding))
}

/// The unit that values have instead of the declared one.
pub(super) fn unit_found(page: &VerdictPage<'_>, finding: RepeatedFinding) -> String {
    let near = finding.device.and_then(|device| near(page, device, finding.field, NamedThing::Unit));
    near.map_or_else(String::new, |near| format!(", such as {}", found(near)))
}

/// Who signed readings of a device and may not speak for it; nothing if nobody signed them.
pub(super) fn signer_found(page: &VerdictPage<'_>, device: usize, once: bool) -> String {
    let signer = near(page, device, None, NamedThing::Signer);
    signer.map_or_else(String::new, |NearName { likeness, found, .. }| {
        let alike = likeness.map_or_else(String::new, |likeness| format!(", {likeness}"));
        format!("; {} by {found}{alike}", if once { "it is" } else { "the first one is" })
    })
}

fn never_heard(page: &VerdictPage<'_>, device: usize, field: Option<usize>) -> bool {
    let wanted = RepeatedFinding { kind: ContractFindingKind::NeverHeard, device: Some(device), field };
    page.evaluated.findings.tallies().any(|(finding, _)| *finding == wanted)
}

fn near<'a>(
    page: &VerdictPage<'a>,
    device: usize,
    field: Option<usize>,
    of: NamedThing,
) -> Option<&'a NearName> {
    page.evaluated
        .near_names
        .iter()
        .find(|near| near.device == device && near.field == field && near.of == of)
}

/// A name as the records have it, and how it looks like the contract's. Names that look the same are shown letter by
/// letter, too.
fn found(near: &NearName) -> String {
    let NearName { likeness, declared, found, .. } = near;
    match likeness {
        Some(likeness @ Likeness::UnicodeForm) => format!(
            "{found:?}, {likeness}: {} there, {} in the contract",
            escape_beyond_ascii(found),
            escape_beyond_ascii(declared)
        ),
        Some(likeness) => format!("{found:?}, {likeness}"),
        None => format!("{found:?}"),
    }
}
