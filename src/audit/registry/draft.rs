//! An event that is to be: its record, and whose signatures it has and needs.

use crate::{
    json::Object,
    key::{Did, SecretKey},
    record::{
        registry::{Deed, EventNames, RegistryEvent},
        signed::{RecordSigner, SignOptions},
    },
    rules::registry::{NeededSigner, Registry, SignedAt},
    time::Time,
};

/// An event that is being signed.
#[derive(Debug)]
pub struct EventDraft {
    event: RegistryEvent,
    record: Object,
    signers: Vec<Did>,
}

/// An event that its ledger could take once all have signed.
#[derive(Debug)]
pub struct DraftedEvent {
    /// The record, with the signatures that it has
    pub record: Object,
    /// What it says
    pub event: RegistryEvent,
    /// Whose signatures are missing
    pub missing: Vec<String>,
    /// Of a return, the lessor as long as that one has not signed too: then the lease ends 48 hours later. None where
    /// nothing is gained by one more signature
    pub unsigned_lessor: Option<String>,
}

impl EventDraft {
    /// The event that does this, after the last one about the same member.
    ///
    /// # Errors
    /// If it cannot be written as a record.
    pub fn new(registry: &Registry, deed: Deed, expires: Option<Time>) -> anyhow::Result<Self> {
        let names = EventNames::of(&deed, |id| registry.subject(id).map(|known| known.name()))
            .with_giver(&deed, registry.giver(&deed));
        let prev = registry.last_of(&deed);
        let event = RegistryEvent { ledger: *registry.ledger(), prev, expires, names, deed };
        let record = checked(&event)?;
        Ok(Self { event, record, signers: Vec::new() })
    }

    /// Adds a signature.
    ///
    /// # Errors
    /// If the key has signed already.
    pub fn sign(&mut self, key: &SecretKey) -> anyhow::Result<()> {
        RecordSigner::new(key, &SignOptions::default()).sign(&mut self.record)?;
        self.signers.push(Did::from(&key.public()));
        Ok(())
    }

    /// What is missing, if the event came at this time.
    ///
    /// # Errors
    /// If the ledger could not take it with any signatures.
    pub fn finish(self, registry: &Registry, now: Time) -> anyhow::Result<DraftedEvent> {
        let Self { event, record, signers } = self;
        let signed = SignedAt { keys: &signers, received: now };
        registry.would_take(&event, &signed)?;
        let missing = registry.missing(&event, &signed)?;
        let unsigned_lessor = unsigned_lessor(registry, &event, &signed);
        Ok(DraftedEvent { record, event, missing, unsigned_lessor })
    }
}

/// The record, if it can be read as the event that it is made of.
fn checked(event: &RegistryEvent) -> anyhow::Result<Object> {
    let record = event.to_record();
    match RegistryEvent::parse(&record) {
        Some(Ok(read)) if read == *event => Ok(record),
        Some(Err(bad)) => Err(bad.into()),
        _ => anyhow::bail!("the event cannot be written as a record"),
    }
}

/// What one signature comes to where two are better.
fn unsigned_lessor(registry: &Registry, event: &RegistryEvent, signed: &SignedAt<'_>) -> Option<String> {
    let Deed::Return { device, .. } = &event.deed else { return None };
    let device = registry.device(device)?;
    let lessor = NeededSigner::Party("the lessor", device.owner.is);
    (!registry.is_met(&lessor, event.kind(), signed)).then(|| registry.need_in_words(&lessor))
}
