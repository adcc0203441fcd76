//! What a record claims, and in whose names: all that the rules of a ledger look at.
//!
//! ```text
//! {"type":"reading","device":"probe",…,"proof":{…}}   signers: the proof's key   content: a reading of "probe"
//! {"type":"lease",…,"proof":[{…},{…}]}                signers: two keys          content: a registry event
//! ```
//!
//! Whether the proofs hold is another question, which [`crate::record::signed::Verifier`] answers.

use std::collections::HashMap;

use crate::{
    hash::Hash,
    json::{self, Object},
    key::{Did, PublicKey},
    record::{
        registry::{BadEvent, Name, RegistryEvent, is_event},
        scan::ScannedRecord,
        signed,
    },
};

/// A record, as far as the rules look at it.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordClaim {
    /// The keys in whose names its proofs stand
    pub signers: SignerKeys,
    /// What it says
    pub content: ClaimContent,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimContent {
    /// A reading or status, of this device; `None`: of what can name no device
    Reading(Option<DeviceRef>),
    /// A registry event
    Event(Box<ClaimedEvent>),
    /// A record of another type; `None`: of no type
    Other(Option<Box<str>>),
}

/// A registry event, or what calls itself one.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedEvent {
    /// The record's id
    pub id: Hash,
    /// What happens, or why the record is no event
    pub event: Result<RegistryEvent, BadEvent>,
}

/// The keys that signed a record: mostly one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SignerKeys {
    /// One
    One(Did),
    /// Several, or none
    Many(Box<[Did]>),
}

/// A device, as a reading names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceRef {
    /// By its id
    Id(Hash),
    /// By a key that it has or had
    Key(Did),
    /// By its label
    Name(Name),
}

impl RecordClaim {
    /// What a record claims that these keys signed.
    pub fn signed_by(record: &Object, signers: SignerKeys) -> Self {
        Self { signers, content: ClaimContent::of(record) }
    }

    /// What a record claims, in the names of those who say that they signed; `None` if a proof names no key.
    pub fn of(record: &Object) -> Option<Self> {
        Some(Self::signed_by(record, SignerKeys::of(record)?))
    }

    /// The same of a record that was scanned, by the keys of methods that were seen before.
    pub fn scanned(record: &ScannedRecord<'_>, claimants: &mut Claimants) -> Option<Self> {
        let signers =
            record.proofs.iter().map(|proof| claimants.of(proof.method())).collect::<Option<_>>()?;
        Some(Self { signers, content: ClaimContent::scanned(record) })
    }
}

impl ClaimContent {
    /// What a record says.
    pub fn of(record: &Object) -> Self {
        match record.str("type") {
            Some("reading" | "status") => Self::Reading(record.str("device").and_then(DeviceRef::parse)),
            kind => match RegistryEvent::parse(record) {
                Some(event) => Self::Event(Box::new(ClaimedEvent { id: signed::id(record), event })),
                None => Self::Other(kind.map(Box::from)),
            },
        }
    }

    /// The same of a record that was scanned.
    pub fn scanned(record: &ScannedRecord<'_>) -> Self {
        match record.kind {
            Some("reading" | "status") => Self::Reading(record.device.and_then(DeviceRef::parse)),
            Some(kind) if is_event(kind) => {
                let text = record.unsigned();
                let read = || RegistryEvent::parse(&json::parse_object(text.as_bytes()).ok()?);
                let event = RegistryEvent::scan(&text).or_else(read);
                let event = event.map(|event| Box::new(ClaimedEvent { id: record.id(), event }));
                event.map_or_else(|| Self::Other(Some(kind.into())), Self::Event)
            }
            kind => Self::Other(kind.map(Box::from)),
        }
    }
}

impl SignerKeys {
    /// In whose names a record's proofs stand; `None` if one of them names no key.
    pub fn of(record: &Object) -> Option<Self> {
        Some(signed::claimants(record)?.into_iter().collect())
    }

    /// The same of a record that was scanned.
    pub fn scanned(record: &ScannedRecord<'_>) -> Option<Self> {
        record.proofs.iter().map(signed::ScannedProof::claimant).collect()
    }

    /// The keys, in order of signing.
    pub fn as_slice(&self) -> &[Did] {
        match self {
            Self::One(key) => std::slice::from_ref(key),
            Self::Many(keys) => keys,
        }
    }
}

/// How many methods are remembered.
const REMEMBERED: usize = 1024;

/// The keys that verification methods name. To decode one takes longer than to look it up, and most lines of a ledger
/// have one that was there before.
#[derive(Default)]
pub struct Claimants(HashMap<String, Did>);

impl Claimants {
    /// The key that a method names; `None` if it names none.
    pub fn of(&mut self, method: &str) -> Option<Did> {
        if let Some(known) = self.0.get(method) {
            return Some(*known);
        }
        let did = signed::claimant(method)?;
        if self.0.len() == REMEMBERED {
            self.0.clear();
        }
        self.0.insert(method.to_owned(), did);
        Some(did)
    }
}

impl FromIterator<Did> for SignerKeys {
    fn from_iter<T: IntoIterator<Item = Did>>(keys: T) -> Self {
        let mut keys = keys.into_iter();
        match (keys.next(), keys.next()) {
            (Some(only), None) => Self::One(only),
            (first, second) => Self::Many(first.into_iter().chain(second).chain(keys).collect()),
        }
    }
}

impl<'a> FromIterator<&'a PublicKey> for SignerKeys {
    fn from_iter<T: IntoIterator<Item = &'a PublicKey>>(keys: T) -> Self {
        keys.into_iter().map(Did::from).collect()
    }
}

impl DeviceRef {
    /// Takes the value of `device`; `None` if it can name nothing.
    pub fn parse(text: &str) -> Option<Self> {
        if text.starts_with("did:") {
            return Did::parse(text).ok().map(Self::Key);
        }
        Hash::parse(text).map(Self::Id).or_else(|| Name::parse(text).ok().map(Self::Name))
    }
}
