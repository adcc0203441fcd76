//! Whom a text means: a name, an id or a key that the registry knows, or a contact or key file of one's own.

use std::path::Path;

use crate::{
    cli::{failure::Hint, keys, term::Term},
    hash::Hash,
    key::Did,
    record::registry::{Name, Subject},
    rules::registry::{Admin, Device, Known, Party, Registry},
};

/// Somebody or something that the registry knows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who<'a> {
    /// A party
    Party(&'a Party),
    /// A device
    Device(&'a Device),
    /// An admin that never enrolled
    Admin(&'a Admin),
}

/// The longest text that can mean somebody.
const LONGEST: usize = 4_096;

/// The registry of a ledger, where somebody is looked for.
#[derive(Clone, Copy)]
pub(crate) struct Book<'a> {
    /// Who is known
    pub(crate) registry: &'a Registry,
    /// The ledger's folder, for hints
    pub(crate) path: &'a Path,
}

impl<'a> Book<'a> {
    /// Whom a text means. What the ledger says comes before what this user calls it.
    pub(crate) fn find(&self, text: &str, term: &mut Term) -> anyhow::Result<Who<'a>> {
        // Longer than a key, a name and any path: nobody needs to read it again.
        if text.len() > LONGEST {
            return Err(self.nobody(&format!("nobody is called by a text of {} bytes", text.len())));
        }
        if let Some(known) = Name::parse(text).ok().and_then(|name| self.registry.named(&name)) {
            warn_of_contact(&known, text, term);
            return Ok(known.into());
        }
        if let Some(id) = Hash::parse(text) {
            let known = self.registry.subject(&id).map(Who::from);
            return known.ok_or_else(|| self.nobody(&format!("{id}: no party or device of this id")));
        }
        let key = if text.starts_with("did:") {
            Did::parse(text).map_err(|bad| anyhow::anyhow!("{text}: {bad}"))?
        } else {
            let key = keys::who(text);
            let absent =
                |why| self.nobody(&format!("{text:?}: nobody has this name; nor is it a key here: {why:#}"));
            Did::from(&key.map_err(absent)?)
        };
        self.of_key(&key).ok_or_else(|| self.nobody(&format!("{key}: nobody holds this key")))
    }

    /// The party that a text means.
    pub(crate) fn party(&self, text: &str, term: &mut Term) -> anyhow::Result<&'a Party> {
        match self.find(text, term)? {
            Who::Party(party) => Ok(party),
            Who::Device(device) => Err(self.nobody(&format!("{:?} is a device, not a party", device.name))),
            Who::Admin(admin) => {
                Err(self.nobody(&format!("{} is an admin that never enrolled as a party", admin.key)))
            }
        }
    }

    /// The device that a text means.
    pub(crate) fn device(&self, text: &str, term: &mut Term) -> anyhow::Result<&'a Device> {
        match self.find(text, term)? {
            Who::Device(device) => Ok(device),
            Who::Party(party) => Err(self.nobody(&format!("{:?} is a party, not a device", party.name))),
            Who::Admin(admin) => Err(self.nobody(&format!("{} is an admin, not a device", admin.key))),
        }
    }

    /// The party or device that is to speak for a device.
    pub(crate) fn via(&self, text: &str, term: &mut Term) -> anyhow::Result<Hash> {
        match self.find(text, term)? {
            Who::Party(party) => Ok(party.id),
            Who::Device(device) => Ok(device.id),
            Who::Admin(_) => self.party(text, term).map(|party| party.id),
        }
    }

    /// Who holds a key or held it. Of an admin, the first one counts too.
    fn of_key(&self, key: &Did) -> Option<Who<'a>> {
        if let Some(known) =
            self.registry.holder(key).and_then(|holder| self.registry.subject(&holder.subject))
        {
            return Some(known.into());
        }
        let admins = self.registry.admins();
        let admin = admins.iter().find(|admin| admin.key == *key || admin.first == *key)?;
        let party = admin.party.and_then(|id| self.registry.party(&id));
        Some(party.map_or(Who::Admin(admin), Who::Party))
    }

    fn nobody(&self, why: &str) -> anyhow::Error {
        anyhow::anyhow!("{}: {why}", self.path.display())
            .hint(format!("foil registry show {}", self.path.display()))
    }
}

/// A contact of the same name that is somebody else: the name is the ledger's, and this user means the other.
fn warn_of_contact(known: &Known<'_>, text: &str, term: &mut Term) {
    let contact = keys::places().contacts().and_then(|contacts| contacts.find(text).ok());
    let Some(contact) = contact.as_ref().map(Did::from) else { return };
    let key = match known {
        Known::Party(party) => Some(party.key),
        Known::Device(device) => device.key,
    };
    if key != Some(contact) {
        term.warn(format!("{:?}: your contact of this name has another key, {contact}", known.name()));
    }
}

impl<'a> From<Known<'a>> for Who<'a> {
    fn from(known: Known<'a>) -> Self {
        match known {
            Known::Party(party) => Self::Party(party),
            Known::Device(device) => Self::Device(device),
        }
    }
}

impl Who<'_> {
    /// As whose key it changes.
    pub(crate) fn subject(&self) -> Subject {
        match self {
            Self::Party(party) => Subject::Party(party.id),
            Self::Device(device) => Subject::Device(device.id),
            Self::Admin(admin) => Subject::Admin(admin.first),
        }
    }
}
