//! The next entry: whether it keeps the registry's rules, and what it changes.
//!
//! Checked in this order: the form, whose signatures are needed, whether every signer is active, the conditions.
//! What is refused changes nothing.

mod change;
mod condition;

use super::{Registry, RegistryRefusal, Revocation, event_place::EventPlace, needed_signer::SignedAt};
use crate::{
    hash::Hash,
    record::{
        claim::{ClaimContent, ClaimedEvent, RecordClaim},
        registry::RegistryEvent,
    },
    time::Time,
};

impl Registry {
    /// Takes the entry `n`, which was received then, if it keeps the rules. Answers what it makes suspect.
    ///
    /// # Errors
    /// If it breaks them: then nothing has changed.
    pub(in crate::rules) fn admit(
        &mut self,
        n: u64,
        received: Time,
        claim: &RecordClaim,
    ) -> Result<Option<Revocation>, RegistryRefusal> {
        let signed = SignedAt { keys: claim.signers.as_slice(), received };
        match &claim.content {
            ClaimContent::Event(claimed) => self.take_claimed(n, claimed, &signed),
            _ if !self.enrolled_only && self.is_empty() => Ok(None),
            ClaimContent::Reading(named) => self.check_said(named.as_ref(), &signed).map(|()| None),
            ClaimContent::Other(kind) => self.check_other(kind.as_deref(), &signed).map(|()| None),
        }
        .and_then(|taken| {
            // A record that a revoked key signed counts for nothing, even if other keys signed it, too.
            if !matches!(claim.content, ClaimContent::Event(_)) {
                self.check_still_active(&signed)?;
            }
            Ok(taken)
        })
    }

    fn take_claimed(
        &mut self,
        n: u64,
        claimed: &ClaimedEvent,
        signed: &SignedAt<'_>,
    ) -> Result<Option<Revocation>, RegistryRefusal> {
        let event = claimed.event.as_ref().map_err(|why| RegistryRefusal::new(why.to_string()))?;
        self.take(n, claimed.id, event, signed)
    }

    pub(super) fn take(
        &mut self,
        n: u64,
        id: Hash,
        event: &RegistryEvent,
        signed: &SignedAt<'_>,
    ) -> Result<Option<Revocation>, RegistryRefusal> {
        self.check(event, signed)?;
        let place = EventPlace { n, received: signed.received, id };
        Ok(self.change(event, place, signed))
    }

    /// Whether an event that is received now, under these signatures, would be taken.
    ///
    /// # Errors
    /// If not: which rule it breaks, and who is missing.
    pub fn check(&self, event: &RegistryEvent, signed: &SignedAt<'_>) -> Result<(), RegistryRefusal> {
        if event.ledger != self.ledger {
            let (theirs, ours) = (event.ledger, self.ledger);
            return Err(RegistryRefusal::new(format!(
                "{}: is of ledger {theirs}, this one is {ours}",
                event.kind()
            )));
        }
        let named = |why: String| RegistryRefusal::new(format!("{}: {why}", event.kind()));
        self.check_unused(event).map_err(named)?;
        self.check_signers(event, signed)?;
        self.check_active_in(event, signed)?;
        self.check_conditions(event, signed.received).map_err(named)
    }

    fn check_signers(&self, event: &RegistryEvent, signed: &SignedAt<'_>) -> Result<(), RegistryRefusal> {
        let missing = self.missing(event, signed)?;
        if missing.is_empty() {
            return Ok(());
        }
        // What looks like the right key and is dead is said as such.
        if let Err(dead @ RegistryRefusal::RevokedKey(_)) = self.check_active_in(event, signed) {
            return Err(dead);
        }
        Err(RegistryRefusal::new(format!("{}: not signed by {}", event.kind(), missing.join(", nor by "))))
    }

    /// Whose signatures are missing, in words.
    ///
    /// # Errors
    /// If the event names a party, device or admin that does not exist.
    pub fn missing(
        &self,
        event: &RegistryEvent,
        signed: &SignedAt<'_>,
    ) -> Result<Vec<String>, RegistryRefusal> {
        let needs = self.needs(event, signed)?;
        let missing = needs.iter().filter(|need| !self.is_met(need, event.kind(), signed));
        Ok(missing.map(|need| self.need_in_words(need)).collect())
    }
}
