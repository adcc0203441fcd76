//! From a record to an event: every member has its form, and none is unknown.

use std::fmt;

use super::{Deed, EventNames, MAX_DOCUMENTS, MAX_LEASES, MAX_NOTE, Name, RegistryEvent, Subject};
use crate::{hash::Hash, json::Flat, key::Did, record::signed::PROOF, time::Time};

/// Why a record is no event, though its `type` says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadEvent {
    /// The `type`
    kind: String,
    /// Which member
    member: String,
    /// What it should be
    should: String,
}

impl fmt::Display for BadEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no good {} event: member {:?} {}", self.kind, self.member, self.should)
    }
}

impl std::error::Error for BadEvent {}

/// The most types that one key may sign for a party.
const MAX_RIGHTS: usize = 32;

/// What a party does itself or not at all: power over keys is not lent.
pub const OWN: [&str; 3] = ["delegate", "rotate", "revoke"];

/// Reads the members of a record of an event's type.
pub(super) fn event(kind: &str, all: Vec<(&str, Flat<'_>)>) -> Result<RegistryEvent, BadEvent> {
    let mut members = Members { kind, all, taken: vec!["type", PROOF] };
    let ledger = members.required("ledger", ID, id)?;
    let expires = members.optional("expires", TIME, time)?;
    let prev = if kind == "enroll" { None } else { Some(members.required("prev", ID, id)?) };
    let deed = deed(&mut members)?;
    let names = members.optional("names", NAMES, |value| EventNames::read(&deed, value.as_named()?))?;
    members.finish()?;
    Ok(RegistryEvent { ledger, prev, expires, names: names.unwrap_or_default(), deed })
}

fn deed(members: &mut Members<'_>) -> Result<Deed, BadEvent> {
    match members.kind {
        "enroll" => enroll(members),
        "assign" => {
            let device = members.device()?;
            let via = match members.get("via") {
                Some(Flat::Null) => members.take("via", |_| None),
                _ => Some(members.required("via", ID, id)?),
            };
            Ok(Deed::Assign { device, via })
        }
        "delegate" => delegate(members),
        "rotate" => {
            let (subject, key) = (members.subject()?, members.key()?);
            Ok(Deed::Rotate { subject, key, next: members.optional("next", COMMITMENT, id)? })
        }
        "revoke" => {
            let subject = members.subject()?;
            Ok(Deed::Revoke { subject, trusted_until: members.optional("trusted_until", TIME, time)? })
        }
        "transfer" => {
            let (device, to) = (members.device()?, members.required("to", ID, id)?);
            let leases = members.optional("leases", LEASES, ids)?.unwrap_or_default();
            Ok(Deed::Transfer { device, to, leases, via: members.optional("via", ID, id)? })
        }
        "lease" => {
            let (device, to) = (members.device()?, members.required("to", ID, id)?);
            let from = members.required("from", TIME, time)?;
            let until = members.required("until", TIME, time)?;
            Ok(Deed::Lease { device, to, from, until, via: members.optional("via", ID, id)? })
        }
        "return" => {
            let device = members.device()?;
            Ok(Deed::Return { device, lease: members.required("lease", ID, id)? })
        }
        "retire" => Ok(Deed::Retire { device: members.device()? }),
        _ => {
            let (device, to) = (members.device()?, members.required("to", ID, id)?);
            let note = members.optional("note", NOTE, note)?;
            let documents = members.optional("documents", DOCUMENTS, documents)?.unwrap_or_default();
            Ok(Deed::Handover { device, to, note, documents })
        }
    }
}

fn enroll(members: &mut Members<'_>) -> Result<Deed, BadEvent> {
    if members.get("device").is_none() {
        let name = members.name("party")?;
        let key = members.key()?;
        return Ok(Deed::EnrollParty { name, key, next: members.optional("next", COMMITMENT, id)? });
    }
    let name = members.name("device")?;
    let key = members.optional("key", KEY, key)?;
    let owner = members.required("owner", ID, id)?;
    Ok(Deed::EnrollDevice { name, key, owner, via: members.optional("via", ID, id)? })
}

fn delegate(members: &mut Members<'_>) -> Result<Deed, BadEvent> {
    let party = members.required("party", ID, id)?;
    let key = members.key()?;
    if members.get("until") == Some(&Flat::Null) {
        members.take("until", |_| Some(()));
        return Ok(Deed::Dismiss { party, key });
    }
    let may = members.required("may", "is not a list of record types", rights)?;
    if let Some(own) = may.iter().find(|right| OWN.contains(&right.as_str())) {
        return Err(members.bad("may", format!("has {own:?}, which a party does itself")));
    }
    Ok(Deed::Delegate { party, key, may, until: members.required("until", TIME, time)? })
}

const LEASES: &str = "is not a list of 1 to 512 ids";
const NAMES: &str = "does not give labels to members that are ids here";
const NOTE: &str = "is not a text of 1 to 2000 bytes";
const DOCUMENTS: &str = "is not a list of 1 to 64 SHA-256 (64 lowercase hex digits each)";
const ID: &str = "is not an id (64 lowercase hex digits)";
const COMMITMENT: &str = "is not the SHA-256 of a key (64 lowercase hex digits)";
const KEY: &str = "is not a did:key of Ed25519";
const TIME: &str = "is not a time such as 2026-03-01T06:00:00.000Z";

fn id(value: &Flat<'_>) -> Option<Hash> {
    value.as_text().and_then(Hash::parse)
}

fn ids(value: &Flat<'_>) -> Option<Vec<Hash>> {
    let ids: Vec<Hash> = value.as_texts()?.iter().map(|id| Hash::parse(id)).collect::<Option<_>>()?;
    (!ids.is_empty() && ids.len() <= MAX_LEASES).then_some(ids)
}

fn note(value: &Flat<'_>) -> Option<String> {
    value.as_text().filter(|text| (1..=MAX_NOTE).contains(&text.len())).map(str::to_owned)
}

/// The same one twice is an error.
fn documents(value: &Flat<'_>) -> Option<Vec<Hash>> {
    let list = value.as_texts().filter(|list| (1..=MAX_DOCUMENTS).contains(&list.len()))?;
    let mut documents: Vec<Hash> = Vec::with_capacity(list.len());
    for document in list {
        let document = Hash::parse(document).filter(|document| !documents.contains(document))?;
        documents.push(document);
    }
    Some(documents)
}

fn key(value: &Flat<'_>) -> Option<Did> {
    value.as_text().and_then(|did| Did::parse(did).ok())
}

fn time(value: &Flat<'_>) -> Option<Time> {
    value.as_text().and_then(Time::parse)
}

/// Unknown types are no error; the same one twice is.
fn rights(value: &Flat<'_>) -> Option<Vec<String>> {
    let list = value.as_texts().filter(|list| (1..=MAX_RIGHTS).contains(&list.len()))?;
    let mut rights: Vec<String> = Vec::with_capacity(list.len());
    for right in list {
        if right.is_empty() || right.len() > 64 || rights.iter().any(|other| other == right) {
            return None;
        }
        rights.push((*right).to_owned());
    }
    Some(rights)
}

/// The members of a record, and those that were looked at.
struct Members<'a> {
    kind: &'a str,
    /// In canonical order
    all: Vec<(&'a str, Flat<'a>)>,
    taken: Vec<&'static str>,
}

impl<'a> Members<'a> {
    fn get(&self, name: &str) -> Option<&Flat<'a>> {
        self.all.iter().find(|(member, _)| *member == name).map(|(_, value)| value)
    }

    fn take<T>(&mut self, name: &'static str, read: impl Fn(&Flat<'a>) -> Option<T>) -> Option<T> {
        self.taken.push(name);
        self.get(name).and_then(read)
    }

    fn required<T>(
        &mut self,
        name: &'static str,
        should: &str,
        read: impl Fn(&Flat<'a>) -> Option<T>,
    ) -> Result<T, BadEvent> {
        let missing = self.get(name).is_none();
        let value = self.take(name, read);
        value.ok_or_else(|| self.bad(name, if missing { "is missing" } else { should }))
    }

    fn optional<T>(
        &mut self,
        name: &'static str,
        should: &str,
        read: impl Fn(&Flat<'a>) -> Option<T>,
    ) -> Result<Option<T>, BadEvent> {
        if self.get(name).is_none() {
            return Ok(None);
        }
        self.required(name, should, read).map(Some)
    }

    fn device(&mut self) -> Result<Hash, BadEvent> {
        self.required("device", ID, id)
    }

    fn key(&mut self) -> Result<Did, BadEvent> {
        self.required("key", KEY, key)
    }

    fn name(&mut self, member: &'static str) -> Result<Name, BadEvent> {
        let text = self.required(member, "is not a name", Flat::as_text)?;
        Name::parse(text).map_err(|why| self.bad(member, format!("is no name: {why}")))
    }

    /// Just one of the members that say whose key it is.
    fn subject(&mut self) -> Result<Subject, BadEvent> {
        if self.get("device").is_some() {
            return self.device().map(Subject::Device);
        }
        if self.get("admin").is_some() {
            return self.required("admin", KEY, key).map(Subject::Admin);
        }
        self.required("party", ID, id).map(Subject::Party)
    }

    fn bad(&self, member: &str, should: impl Into<String>) -> BadEvent {
        BadEvent { kind: self.kind.to_owned(), member: member.to_owned(), should: should.into() }
    }

    fn finish(&self) -> Result<(), BadEvent> {
        let unknown = self.all.iter().map(|(name, _)| *name).find(|name| !self.taken.contains(name));
        unknown.map_or(Ok(()), |name| {
            let name: String = name.chars().take(40).collect();
            Err(self.bad(&name, "is not one that such an event has"))
        })
    }
}
