//! What the registries of the ledgers say about a contract's devices, entry by entry.
//!
//! ```text
//! ledger 0: Registry ─ event ─► Registry ─ event ─► …       each is asked as of the entry that asks
//! ```

use super::Entry;
use crate::{
    contract::document::Contract,
    hash::Hash,
    key::{Did, PublicKey},
    registry::{Act, Named, Registry},
    time::Time,
};

/// An entry, and when it was received.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) entry: Entry,
    pub(super) received: Time,
}

/// What the registries say about the devices of a contract.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    /// By ledger, as of the latest entry
    registries: Vec<Registry>,
    /// The devices' registry ids, by place in the contract; none: signed under keys that the contract names
    asked: Vec<Option<Hash>>,
}

impl Roles {
    pub(super) fn new(contract: &Contract, registries: Vec<Registry>) -> Self {
        let asked =
            contract.devices.iter().map(|device| device.registered.filter(|_| device.asks_registry()));
        Self { registries, asked: asked.collect() }
    }

    /// An event. What breaks the rules changes nothing: where anybody may write, it can be there.
    pub(super) fn tell(&mut self, at: Place, act: &Act) {
        if let Some(registry) = self.registries.get_mut(at.entry.ledger) {
            let _ = registry.judge(at.entry.n, at.received, act);
        }
    }

    /// The device that a reading names by its registered key or label.
    pub(super) fn named(&self, device: &str, at: Place) -> Option<usize> {
        let registry = self.registries.get(at.entry.ledger)?;
        let id = registry.spoken_of(&Named::parse(device)?)?.id;
        self.asked.iter().position(|asked| *asked == Some(id))
    }

    /// The devices for which one of these keys may speak in an entry.
    pub(super) fn speaks_for(&self, signers: &[PublicKey], at: Place) -> Vec<usize> {
        let Some(registry) = self.registries.get(at.entry.ledger) else { return Vec::new() };
        let keys: Vec<_> = signers.iter().map(Did::from).collect();
        let speaks = |id: &Hash| {
            let device = registry.device(id);
            device.is_some_and(|it| keys.iter().any(|key| registry.speaks_for(it, key, at.received)))
        };
        let asked = self.asked.iter().enumerate().filter_map(|(at, id)| Some((at, id.as_ref()?)));
        asked.filter(|(_, id)| speaks(id)).map(|(at, _)| at).collect()
    }
}
