//! Events in what may be a jump of the clock: what they did, until it is known when they arrived.
//!
//! ```text
//! device before the jump ─ change ─ change ─► as the jumping clock has it     asked of what comes in
//!           └ the jump is undone: ─ change ─ change ─► as it was when they arrived     what holds from then on
//! ```
//!
//! What was let in stays let in: nobody knew better then. But when a lease began, ended or was given back, and until
//! when a key is trusted, goes by the arrival that is known in the end. Of all that events do only this depends on
//! when they arrived. It takes no more room than the events themselves.

use std::collections::HashMap;

use super::{Device, Registry, device::DeviceChange, event_place::EventPlace};
use crate::{hash::Hash, record::registry::Subject, time::Time};

/// What events did since the clock may have jumped.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct JumpJournal {
    devices: HashMap<Hash, DeviceInJump>,
    /// Parties and admins whose keys are trusted until they were revoked, and the entries that did
    revoked: Vec<(Subject, u64)>,
}

/// A device that events in the jump are about.
#[derive(Clone, Debug, PartialEq)]
struct DeviceInJump {
    /// Before the first of them, or as it was enrolled
    before: Device,
    /// Whether it was enrolled in the jump
    enrolled: bool,
    changes: Vec<(EventPlace, DeviceChange)>,
}

impl Registry {
    /// Takes note that the clock may have jumped: what happens from here on may yet turn out to have arrived earlier.
    /// An earlier jump cannot be undone any more.
    pub(in crate::rules) fn begin_jump(&mut self) {
        self.jump = Some(JumpJournal::default());
    }

    /// Takes note that the time is what the clock says: no jump can be undone any more.
    pub(in crate::rules) fn settle_time(&mut self) {
        self.jump = None;
    }

    /// Takes note that what happened in the jump arrived at this time.
    pub(in crate::rules) fn undo_jump(&mut self, arrival: Time) {
        let Some(JumpJournal { devices, revoked }) = self.jump.take() else { return };
        for (id, device) in devices {
            self.devices.insert(id, device.arrived(arrival));
        }
        for (subject, n) in revoked {
            self.trust_revoked(&subject, n, arrival);
        }
    }

    fn trust_revoked(&mut self, subject: &Subject, n: u64, until: Time) {
        let admins = self.admins.iter_mut().filter(|admin| match subject {
            Subject::Party(id) => admin.party == Some(*id),
            Subject::Admin(first) => admin.first == *first,
            Subject::Device(_) => false,
        });
        let party = if let Subject::Party(id) = subject { self.parties.get_mut(id) } else { None };
        let all = admins.map(|admin| &mut admin.revoked).chain(party.map(|party| &mut party.revoked));
        for revoked in all.flatten().filter(|revoked| revoked.n == n) {
            revoked.trusted_until = until;
        }
    }

    pub(super) fn note_enrolled(&mut self, device: &Device) {
        if let Some(jump) = &mut self.jump {
            let noted = DeviceInJump { before: device.clone(), enrolled: true, changes: Vec::new() };
            jump.devices.insert(device.id, noted);
        }
    }

    /// A key is trusted until it was revoked, by this entry.
    pub(super) fn note_revoked(&mut self, subject: &Subject, n: u64) {
        if let Some(jump) = &mut self.jump {
            jump.revoked.push((*subject, n));
        }
    }

    pub(super) fn change_device(&mut self, id: &Hash, place: EventPlace, change: DeviceChange) {
        let Some(device) = self.devices.get_mut(id) else { return };
        if let Some(jump) = &mut self.jump {
            let new = || DeviceInJump { before: device.clone(), enrolled: false, changes: Vec::new() };
            jump.devices.entry(*id).or_insert_with(new).changes.push((place, change));
        }
        device.change(&change, place);
    }
}

impl DeviceInJump {
    /// The device, if all that was noted arrived at this time.
    fn arrived(self, arrival: Time) -> Device {
        let mut device = self.before;
        if self.enrolled {
            device.via.1 = arrival;
        }
        for (place, change) in self.changes {
            device.change(&change, EventPlace { received: arrival, ..place });
        }
        device
    }
}
