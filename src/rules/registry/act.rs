//! What the registry looks at in an entry: who signed it, and what it does.

use super::said::Named;
use crate::{
    hash::Hash,
    json::Object,
    key::{Did, PublicKey},
    record::{
        glance::Glance,
        registry::{BadEvent, Event, is_event},
        signed,
    },
};

/// A record, as far as the rules look at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// Whose proofs it carries; that they hold is known
    pub signers: Signers,
    /// What it does
    pub what: What,
}

/// What a record does.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A device speaks, or somebody for it: a reading or status
    Said(Option<Named>),
    /// Something happens to parties or devices
    Event(Box<Happening>),
    /// A record of another type, or of none
    Other(Option<Box<str>>),
}

/// An event, or what claims to be one.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// The record's id
    pub id: Hash,
    /// What it says
    pub event: Result<Event, BadEvent>,
}

/// The keys that signed a record: mostly one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signers {
    /// One
    One(Did),
    /// Several, or none
    Many(Box<[Did]>),
}

impl Signers {
    /// The keys.
    pub fn as_slice(&self) -> &[Did] {
        match self {
            Self::One(key) => std::slice::from_ref(key),
            Self::Many(keys) => keys,
        }
    }
}

impl FromIterator<Did> for Signers {
    fn from_iter<T: IntoIterator<Item = Did>>(keys: T) -> Self {
        let mut keys = keys.into_iter();
        match (keys.next(), keys.next()) {
            (Some(only), None) => Self::One(only),
            (first, second) => Self::Many(first.into_iter().chain(second).chain(keys).collect()),
        }
    }
}

impl<'a> FromIterator<&'a PublicKey> for Signers {
    fn from_iter<T: IntoIterator<Item = &'a PublicKey>>(keys: T) -> Self {
        keys.into_iter().map(Did::from).collect()
    }
}

impl Act {
    /// What a record does that these keys signed.
    pub fn of(record: &Object, signers: Signers) -> Self {
        let what = match record.str("type") {
            Some("reading" | "status") => What::Said(record.str("device").and_then(Named::parse)),
            kind => match Event::parse(record) {
                Some(event) => What::Event(Box::new(Happening { id: signed::id(record), event })),
                None => What::Other(kind.map(Box::from)),
            },
        };
        Self { signers, what }
    }

    /// The same at a glance, of who claims to have signed; none for what is to be read as a whole.
    pub fn glance(record: &Glance<'_>) -> Option<Self> {
        let what = match record.kind {
            Some("reading" | "status") => What::Said(record.device.and_then(Named::parse)),
            Some(kind) if is_event(kind) => {
                let event = Event::scan(&record.unsigned())?;
                What::Event(Box::new(Happening { id: record.id(), event }))
            }
            kind => What::Other(kind.map(Box::from)),
        };
        let signers = record.proofs.iter().map(signed::Glimpse::claimant).collect::<Option<_>>()?;
        Some(Self { signers, what })
    }
}
