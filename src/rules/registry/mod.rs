//! Who is who, who owns what, in whose hands it is: the state that a ledger's entries fold to.
//!
//! ```text
//! entry 0 ─► Registry ─ judge(entry 1) ─► Registry ─ judge(entry 2) ─► …
//!                          └ who signed, what it does; refused: why, and nothing changes
//! ```
//!
//! `append` asks of what comes in exactly what `verify` asks of what is in. The state is nothing but the fold: it
//! has no clock, and what it answers depends on the entries alone.

mod device;
mod draft;
mod event_place;
mod fold;
mod jump;
pub mod lookalike;
mod needed_signer;
mod party;
mod refusal;
mod speaker;
mod stored;

use std::collections::HashMap;

use crate::{
    hash::Hash,
    key::Did,
    record::{
        genesis::Genesis,
        registry::{Deed, Name},
    },
    time::Time,
};

pub use device::{Custody, Device, EndedLease, Lease, SinceEntry};
pub use needed_signer::{NeededSigner, SignedAt};
pub use party::{Admin, Delegate, Party, Revoked};
pub use refusal::RegistryRefusal;
pub use stored::BadState;

/// What the entries of a ledger, up to some, say about parties and devices.
#[derive(Clone, Debug, PartialEq)]
pub struct Registry {
    ledger: Hash,
    log: Did,
    enrolled_only: bool,
    admins: Vec<Admin>,
    parties: HashMap<Hash, Party>,
    devices: HashMap<Hash, Device>,
    names: HashMap<Name, Hash>,
    /// Every key that a party, device or delegate ever held, and who
    keys: HashMap<Did, KeyHolder>,
    /// What happened since the clock may have jumped; `None`: it is known when all that happened arrived
    jump: Option<jump::JumpJournal>,
}

/// Who holds a key, or held it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyHolder {
    /// The party or device; of a clerk's key, the party
    pub subject: Hash,
    /// Whether the key was revoked
    pub revoked: bool,
}

/// A key that is dead from some entry on, and what it signed before that is suspect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The keys: a party's clerks lose theirs with it
    pub keys: Vec<Did>,
    /// What was received later than this is suspect
    pub trusted_until: Time,
    /// Until this entry, where the keys were revoked
    pub n: u64,
}

/// A party or device.
#[derive(Clone, Copy, Debug)]
pub enum KnownSubject<'a> {
    /// A party
    Party(&'a Party),
    /// A device
    Device(&'a Device),
}

impl Registry {
    /// The registry that entry 0 declares: its admins alone. `ledger` is its id.
    pub fn new(genesis: &Genesis, ledger: Hash) -> Self {
        let mut admins: Vec<Admin> = Vec::new();
        for key in genesis.admins.iter().map(Did::from) {
            // An admin that is listed twice is one.
            if admins.iter().all(|admin| admin.first != key) {
                admins.push(Admin::new(key, ledger));
            }
        }
        Self {
            ledger,
            log: Did::from(&genesis.log),
            enrolled_only: genesis.writers.are_enrolled(),
            admins,
            parties: HashMap::new(),
            devices: HashMap::new(),
            names: HashMap::new(),
            keys: HashMap::new(),
            jump: None,
        }
    }

    /// The ledger's id.
    pub fn ledger(&self) -> &Hash {
        &self.ledger
    }

    /// Whether no party or device has ever enrolled.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// How much there is in it: subjects and keys.
    pub fn weight(&self) -> usize {
        self.names.len() + self.keys.len()
    }

    /// The admins, in the order of entry 0.
    pub fn admins(&self) -> &[Admin] {
        &self.admins
    }

    /// A party, by its id.
    pub fn party(&self, id: &Hash) -> Option<&Party> {
        self.parties.get(id)
    }

    /// A device, by its id.
    pub fn device(&self, id: &Hash) -> Option<&Device> {
        self.devices.get(id)
    }

    /// What the party is called that gives a device away by such a deed; `None`: none does, or the device is not known.
    pub fn giver(&self, deed: &Deed) -> Option<&Name> {
        let giver = match deed {
            Deed::Lease { device, .. } | Deed::Transfer { device, .. } => self.device(device)?.owner,
            Deed::Handover { device, .. } => self.device(device)?.custodian(),
            _ => return None,
        };
        self.subject(&giver.is).map(|known| known.name())
    }

    /// All parties, in the order in which they enrolled.
    pub fn parties(&self) -> Vec<&Party> {
        let mut parties: Vec<&Party> = self.parties.values().collect();
        parties.sort_by_key(|party| party.n);
        parties
    }

    /// All devices, in the order in which they were enrolled.
    pub fn devices(&self) -> Vec<&Device> {
        let mut devices: Vec<&Device> = self.devices.values().collect();
        devices.sort_by_key(|device| device.n);
        devices
    }

    /// A party or device, by its id.
    pub fn subject(&self, id: &Hash) -> Option<KnownSubject<'_>> {
        self.party(id).map(KnownSubject::Party).or_else(|| self.device(id).map(KnownSubject::Device))
    }

    /// The party or device of this name.
    pub fn named(&self, name: &Name) -> Option<KnownSubject<'_>> {
        self.names.get(name).and_then(|id| self.subject(id))
    }

    /// Who holds a key, or held it.
    pub fn holder(&self, key: &Did) -> Option<&KeyHolder> {
        self.keys.get(key)
    }

    /// Whether a key was revoked, and is not an admin's or the log's all the same.
    pub fn is_dead(&self, key: &Did) -> bool {
        *key != self.log && !self.is_admin(key) && self.holder(key).is_some_and(|holder| holder.revoked)
    }

    /// Every key that a party, a device or a delegate ever held, in no order, and what its holder is called: of a
    /// delegate's key, the party.
    pub fn held_keys(&self) -> impl Iterator<Item = (&Did, &Name)> {
        self.keys.iter().filter_map(|(key, holder)| Some((key, self.subject(&holder.subject)?.name())))
    }

    /// Names that are taken, in no order.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.names.keys()
    }
}

impl<'a> KnownSubject<'a> {
    /// The id of the record that enrolled it.
    pub fn id(&self) -> &'a Hash {
        match self {
            Self::Party(party) => &party.id,
            Self::Device(device) => &device.id,
        }
    }

    /// Its label.
    pub fn name(&self) -> &'a Name {
        match self {
            Self::Party(party) => &party.name,
            Self::Device(device) => &device.name,
        }
    }

    /// The entry that enrolled it.
    pub fn n(&self) -> u64 {
        match self {
            Self::Party(party) => party.n,
            Self::Device(device) => device.n,
        }
    }
}

#[cfg(test)]
mod tests;
