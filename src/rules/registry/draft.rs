//! A drafted event, before all have signed it: whether the rules would take it once they had.

use super::{NeededSigner, Registry, RegistryRefusal, SignedAt};
use crate::{
    key::Did,
    record::{registry::RegistryEvent, signed},
    time::Time,
};

impl Registry {
    /// Whether an event would be taken if all signed that it needs.
    ///
    /// # Errors
    /// If not: the rule that no signature helps.
    pub fn would_take(&self, event: &RegistryEvent, signed: &SignedAt<'_>) -> Result<(), RegistryRefusal> {
        let Some(keys) = self.all_keys(event, signed)? else { return Ok(()) };
        self.check(event, &SignedAt { keys: &keys, received: signed.received })
    }

    /// The registry as it will be once such an event was taken as the entry `n`, for what is to follow it.
    ///
    /// # Errors
    /// As [`Self::would_take`].
    pub fn supposing(&self, n: u64, event: &RegistryEvent, now: Time) -> Result<Self, RegistryRefusal> {
        let keys = self.all_keys(event, &SignedAt { keys: &[], received: now })?.unwrap_or_default();
        let signed = SignedAt { keys: &keys, received: now };
        let mut registry = self.clone();
        registry.take(n, signed::id(&event.to_record()), event, &signed)?;
        Ok(registry)
    }

    /// The keys that have signed, and those of all who are still to sign; `None`: of one of them only the hash is known.
    fn all_keys(
        &self,
        event: &RegistryEvent,
        signed: &SignedAt<'_>,
    ) -> Result<Option<Vec<Did>>, RegistryRefusal> {
        let mut keys = signed.keys.to_vec();
        for need in self.needs(event, signed)? {
            if self.is_met(&need, event.kind(), signed) {
                continue;
            }
            match self.key_of(&need) {
                Some(key) => keys.push(key),
                // Of a committed key nothing but its hash is known here.
                None if matches!(need, NeededSigner::NextOrAdmin(Some(_))) => return Ok(None),
                // Who is not there at all is named by the rules.
                None if matches!(need, NeededSigner::Party(_, id) if self.party(&id).is_none()) => {}
                None => {
                    let (kind, who) = (event.kind(), self.need_in_words(&need));
                    return Err(RegistryRefusal::new(format!(
                        "{kind}: {who} cannot sign, for the key is revoked"
                    )));
                }
            }
        }
        keys.sort_unstable();
        keys.dedup();
        Ok(Some(keys))
    }

    /// A key that meets a need, if one is known.
    fn key_of(&self, need: &NeededSigner) -> Option<Did> {
        match need {
            NeededSigner::Party(_, id) => self.party(id)?.active_key().copied(),
            NeededSigner::Key(_, key) => {
                (!self.holder(key).is_some_and(|holder| holder.revoked)).then_some(*key)
            }
            NeededSigner::Admin | NeededSigner::NextOrAdmin(_) => {
                self.admins().iter().find_map(|admin| admin.active_key().copied())
            }
        }
    }
}
