//! The member of a registry that a text means: a name, an id, or a key.

use std::fmt;

use crate::{
    hash::Hash,
    key::{Did, PublicKey},
    record::registry::{Name, Subject},
    rules::registry::{Admin, Device, KnownSubject, Party, Registry},
};

/// A party, device or admin that a registry knows.
#[derive(Clone, Copy, Debug)]
pub enum RegistryMember<'a> {
    /// A party
    Party(&'a Party),
    /// A device
    Device(&'a Device),
    /// An admin that never enrolled
    Admin(&'a Admin),
}

/// Why a text means no member, or not one of the kind that is asked for.
#[derive(Debug)]
pub enum MemberNotFound {
    /// It has so many bytes, more than any name or key
    TooLong(usize),
    /// It is an id, and no member has it
    Id(Hash),
    /// It is no name of a member, and no key: why
    Name(String, anyhow::Error),
    /// It is no DID: the text, and why
    Did(String, String),
    /// It is a key that no member holds
    Key(Did),
    /// It means a device of this name, and a party is asked for
    DeviceNotParty(Name),
    /// It means a party of this name, and a device is asked for
    PartyNotDevice(Name),
    /// It means an admin that never enrolled, and a party is asked for
    AdminNotParty(Did),
    /// It means an admin, and a device is asked for
    AdminNotDevice(Did),
}

impl fmt::Display for MemberNotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(length) => write!(f, "nobody is called by a text of {length} bytes"),
            Self::Id(id) => write!(f, "{id}: no party or device of this id"),
            Self::Name(text, why) => {
                write!(f, "{text:?}: nobody has this name; nor is it a key here: {why:#}")
            }
            Self::Did(text, why) => write!(f, "{text}: {why}"),
            Self::Key(key) => write!(f, "{key}: nobody holds this key"),
            Self::DeviceNotParty(name) => write!(f, "{name:?} is a device, not a party"),
            Self::PartyNotDevice(name) => write!(f, "{name:?} is a party, not a device"),
            Self::AdminNotParty(key) => write!(f, "{key} is an admin that never enrolled as a party"),
            Self::AdminNotDevice(key) => write!(f, "{key} is an admin, not a device"),
        }
    }
}

impl std::error::Error for MemberNotFound {}

/// The longest text that can mean a member.
const LONGEST: usize = 4_096;

/// The member that a text means. What the ledger says comes before what `key_of` makes of the text: the key of one of
/// the reader's own contacts or files.
///
/// # Errors
/// If it means none.
pub fn find_member<'a>(
    registry: &'a Registry,
    text: &str,
    key_of: impl FnOnce(&str) -> anyhow::Result<PublicKey>,
) -> Result<RegistryMember<'a>, MemberNotFound> {
    // Longer than a key, a name and any path: the error does not repeat it.
    if text.len() > LONGEST {
        return Err(MemberNotFound::TooLong(text.len()));
    }
    if let Some(known) = Name::parse(text).ok().and_then(|name| registry.named(&name)) {
        return Ok(known.into());
    }
    if let Some(id) = Hash::parse(text) {
        return registry.subject(&id).map(RegistryMember::from).ok_or(MemberNotFound::Id(id));
    }
    let key = if text.starts_with("did:") {
        Did::parse_method(text).map_err(|bad| MemberNotFound::Did(text.to_owned(), bad.to_string()))?
    } else {
        Did::from(&key_of(text).map_err(|why| MemberNotFound::Name(text.to_owned(), why))?)
    };
    of_key(registry, &key).ok_or(MemberNotFound::Key(key))
}

/// The member that holds a key or held it. Of an admin, the first one counts too.
fn of_key<'a>(registry: &'a Registry, key: &Did) -> Option<RegistryMember<'a>> {
    if let Some(known) = registry.holder(key).and_then(|holder| registry.subject(&holder.subject)) {
        return Some(known.into());
    }
    let admin = registry.admins().iter().find(|admin| admin.key == *key || admin.first == *key)?;
    let party = admin.party.and_then(|id| registry.party(&id));
    Some(party.map_or(RegistryMember::Admin(admin), RegistryMember::Party))
}

impl<'a> From<KnownSubject<'a>> for RegistryMember<'a> {
    fn from(known: KnownSubject<'a>) -> Self {
        match known {
            KnownSubject::Party(party) => Self::Party(party),
            KnownSubject::Device(device) => Self::Device(device),
        }
    }
}

impl<'a> RegistryMember<'a> {
    /// The party or device that it is; `None`: it is an admin that never enrolled.
    pub fn known(&self) -> Option<KnownSubject<'a>> {
        match self {
            Self::Party(party) => Some(KnownSubject::Party(party)),
            Self::Device(device) => Some(KnownSubject::Device(device)),
            Self::Admin(_) => None,
        }
    }

    /// As whose key it changes.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Party(party) => Subject::Party(party.id),
            Self::Device(device) => Subject::Device(device.id),
            Self::Admin(admin) => Subject::Admin(admin.first),
        }
    }

    /// The party that it is.
    ///
    /// # Errors
    /// If it is none.
    pub fn party(self) -> Result<&'a Party, MemberNotFound> {
        match self {
            Self::Party(party) => Ok(party),
            Self::Device(device) => Err(MemberNotFound::DeviceNotParty(device.name.clone())),
            Self::Admin(admin) => Err(MemberNotFound::AdminNotParty(admin.key)),
        }
    }

    /// The device that it is.
    ///
    /// # Errors
    /// If it is none.
    pub fn device(self) -> Result<&'a Device, MemberNotFound> {
        match self {
            Self::Device(device) => Ok(device),
            Self::Party(party) => Err(MemberNotFound::PartyNotDevice(party.name.clone())),
            Self::Admin(admin) => Err(MemberNotFound::AdminNotDevice(admin.key)),
        }
    }

    /// The id by which it may speak for a device: that of a party or a device.
    ///
    /// # Errors
    /// If it is neither.
    pub fn speaker(self) -> Result<Hash, MemberNotFound> {
        match self {
            Self::Device(device) => Ok(device.id),
            Self::Party(_) | Self::Admin(_) => self.party().map(|party| party.id),
        }
    }
}
