//! Names in a registry that people may take for others.

use std::collections::HashMap;

use super::{RegistryAt, RegistryMember};
use crate::{
    record::registry::Name,
    rules::registry::{Device, lookalike},
};

impl RegistryAt {
    /// Warns of each name once, against those that were there before.
    pub fn name_warnings(&self) -> Vec<String> {
        let registry = self.registry();
        let entry_of = |name| registry.named(name).map_or(0, |known| known.n());
        let mut known: Vec<(u64, &Name)> = registry.names().map(|name| (entry_of(name), name)).collect();
        known.sort_unstable();
        let (mut shapes, mut warnings): (HashMap<String, &Name>, _) = (HashMap::new(), Vec::new());
        for (_, name) in known {
            let first = *shapes.entry(lookalike::shape(name)).or_insert(name);
            warnings.extend(lookalike::warnings(name, (first != name).then_some(first).into_iter()));
        }
        warnings
    }

    /// Warns of the name of one member, against all others.
    pub fn name_warnings_of(&self, member: &RegistryMember<'_>) -> Vec<String> {
        let name = match member {
            RegistryMember::Party(party) => &party.name,
            RegistryMember::Device(device) => &device.name,
            RegistryMember::Admin(_) => return Vec::new(),
        };
        lookalike::warnings(name, self.registry().names())
    }
}

impl<'a> RegistryMember<'a> {
    /// The device whose former owner may know its key, if it is one.
    pub fn as_exposed(&self) -> Option<&'a Device> {
        match self {
            Self::Device(device) if device.exposed && device.active_key().is_some() => Some(device),
            _ => None,
        }
    }
}
