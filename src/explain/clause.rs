//! Registry events in a clause each.

use crate::{
    hash::Hash,
    record::registry::{Deed, Subject},
    rules::registry::Registry,
    time::{Time, TimeStyle},
};

/// When an event does what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeedTime {
    /// It arrived then
    Arrived(Time),
    /// It is being drafted, at this time, and has yet to arrive
    Drafted(Time),
}

/// What an event does, in a clause: `lets "probe" to "carrier" from … until …`. The state is that before it.
pub fn deed(registry: &Registry, deed: &Deed, time: DeedTime, times: &TimeStyle) -> String {
    let (DeedTime::Arrived(now) | DeedTime::Drafted(now)) = time;
    let who = |id: &Hash| name(registry, id);
    match deed {
        Deed::EnrollParty { name, key, next } => {
            let next = if next.is_some() { ", which commits to its next key" } else { "" };
            format!("enrolls the party {name:?} with the key {key}{next}")
        }
        Deed::EnrollDevice { name, key, owner, via } => {
            let key = key.map_or_else(|| "which cannot sign".to_owned(), |key| format!("with the key {key}"));
            let owner = who(owner);
            format!("enrolls the device {name:?}, {key}, owned by {owner}{}", through(registry, via.as_ref()))
        }
        Deed::Assign { device, via: Some(via) } => format!("lets {} speak for {}", who(via), who(device)),
        Deed::Assign { device, via: None } => {
            format!("leaves {} without a via", who(device))
        }
        Deed::Delegate { party, key, may, until } => {
            let may: Vec<String> = may.iter().map(|right| right.escape_default().to_string()).collect();
            format!("lets {key} sign {} for {} until {}", may.join(", "), who(party), times.show(*until))
        }
        Deed::Dismiss { party, key } => format!("lets {key} sign for {} no longer", who(party)),
        Deed::Rotate { subject: whose, key, next } => {
            let next = if next.is_some() { ", which commits to its next key" } else { "" };
            format!("changes the key of {} to {key}{next}", subject(registry, whose))
        }
        Deed::Revoke { subject: whose, trusted_until } => {
            let whose = subject(registry, whose);
            let since = trusted_until
                .filter(|until| *until < now)
                .map(|time| format!("; what was received after {} is suspect", times.show(time)));
            format!("revokes the key of {whose}{}", since.unwrap_or_default())
        }
        Deed::Transfer { device, to, leases, via } => {
            let leases = match leases.len() {
                0 => String::new(),
                1 => " with its lease".to_owned(),
                many => format!(" with its {many} leases"),
            };
            let owner = registry.device(device).map(|device| who(&device.owner.is)).unwrap_or_default();
            let via = through(registry, via.as_ref());
            format!("transfers {} from {owner} to {}{leases}{via}", who(device), who(to))
        }
        Deed::Lease { device, to, from, until, via } => {
            let via = through(registry, via.as_ref());
            let from = match time {
                DeedTime::Arrived(arrival) => times.show(arrival.max(*from)),
                DeedTime::Drafted(_) => begin(*from, times),
            };
            let until = times.show(*until);
            format!("lets {} to {} from {from} until {until}{via}", who(device), who(to))
        }
        Deed::Return { device, lease } => {
            let open = registry.device(device).and_then(|device| {
                let open = device.open_leases(now).find(|open| open.id == *lease)?;
                Some((device.owner.is, open.to))
            });
            let hands = open.map(|(owner, to)| format!(" from {} to {}", who(&to), who(&owner)));
            format!("returns {}{} before the lease ends", who(device), hands.unwrap_or_default())
        }
        Deed::Handover { device, to, note, documents } => {
            let from = registry.device(device).map(|device| who(&device.custodian().is)).unwrap_or_default();
            let note = note.as_ref().map(|note| format!(", noting \"{}\"", note.escape_debug()));
            let documents = match documents.len() {
                0 => String::new(),
                1 => ", with a document".to_owned(),
                many => format!(", with {many} documents"),
            };
            format!(
                "hands {} over from {from} to {}{}{documents}",
                who(device),
                who(to),
                note.unwrap_or_default()
            )
        }
        Deed::Retire { device } => format!("retires {}", who(device)),
    }
}

/// From when on a device will be let: no lease that is dated back begins before it arrives.
pub(super) fn begin(from: Time, times: &TimeStyle) -> String {
    format!("{}, or its arrival if that is later,", times.show(from))
}

/// The name of a party or device, escaped and quoted; its id where it has none.
pub fn name(registry: &Registry, id: &Hash) -> String {
    registry.subject(id).map_or_else(|| id.to_string(), |known| format!("{:?}", known.name()))
}

fn subject(registry: &Registry, subject: &Subject) -> String {
    match subject {
        Subject::Party(id) | Subject::Device(id) => name(registry, id),
        Subject::Admin(first) => format!("the admin {first}"),
    }
}

fn through(registry: &Registry, via: Option<&Hash>) -> String {
    via.map(|via| format!(", via {}", name(registry, via))).unwrap_or_default()
}
