//! What a document says and does, in words; who signed it, and whose signature is missing.
//!
//! ```text
//! lease: device "probe 7" (77aa…) is let to "carrier" (3b1e…) from 2026-03-01T06:00:00.000Z until …
//!   signed by did:key:z6Mk…: the proof holds
//!   missing: the lessor or the lessee: one of two has signed
//! ```
//!
//! The document alone is asked, and the registry of a ledger where the caller has one: it knows names, whose signature
//! is missing, and what would be refused. Where it takes a ledger to know who is who, an answer says so. Text of others
//! is in the answers as it came, quoted: who shows them on a terminal escapes them. Names of the registry are escaped
//! here, as they are everywhere.

pub mod clause;
mod contract;
mod ledger;
mod proofs;
mod readings;
mod registry;
pub mod term;

use crate::{
    hash::Hash,
    json::{Object, Value},
    key::Did,
    object,
    record::{genesis, registry as events, signed::Verifier},
    rules::registry::Registry,
    time::{Time, TimeStyle},
    tlog::entry::Entry,
};

pub use ledger::{note, proof_file};

/// What the format of evidence begins with, in any version.
const EVIDENCE: &str = "foil-evidence/";

/// What a document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What it is: the `type` of a record, or `stub`, `receipt`, `checkpoint`, `proof`, `evidence`
    pub kind: String,
    /// What it says and does, sentence by sentence
    pub says: Vec<String>,
    /// What its reader may mistake
    pub warnings: Vec<String>,
    /// Who signed it, in order of signing
    pub signers: Vec<Signer>,
    /// Whether it has a proof that this version cannot check
    pub unchecked: bool,
    /// Whose signature is missing, as far as the document alone shows it
    pub missing: Vec<String>,
    /// Whether its type means something here; else what it says are its members
    pub is_known: bool,
    /// What is wrong with it, by whichever key it is signed
    pub fault: Option<String>,
    /// What the document, or the registry that was at hand, calls keys: a `did:key`, and words such as `the party carrier`
    pub called: Vec<(String, String)>,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Whose name it stands in: a `did:key`, or the name of a log's key with its id; none can be read from some
    pub who: Option<String>,
    /// Whether it holds; none where the document does not say which key it is
    pub good: Option<bool>,
    /// Why it does not hold, or why that is not known
    pub why: Option<String>,
}

/// What an explanation is made with.
pub struct Asked<'a> {
    /// When it is now, for proofs that expire
    pub now: Time,
    /// Who is who in the ledger that a record is for; `None` where no registry is at hand
    pub registry: Option<&'a Registry>,
    /// How times are written
    pub times: TimeStyle,
    /// Whether members are named without their ids
    brief: bool,
    /// Whether a record is one that is to be, so that it can be said what would become of it
    coming: bool,
    /// Checks the proofs
    pub verifier: Verifier,
}

impl<'a> Asked<'a> {
    /// Nothing is known but what time it is, and what a registry says.
    pub fn new(now: Time, registry: Option<&'a Registry>) -> Self {
        Self { now, registry, times: TimeStyle::Data, brief: false, coming: true, verifier: Verifier::new() }
    }

    /// The same, with times written so.
    #[must_use]
    pub fn with_times(self, times: TimeStyle) -> Self {
        Self { times, ..self }
    }

    /// The same for a table: in few words, of what is past.
    #[must_use]
    pub fn in_brief(self) -> Self {
        Self { brief: true, coming: false, ..self }
    }

    /// A time as a record has it, in the style that was asked for if it is one.
    fn time_in(&self, text: &str) -> String {
        Time::parse(text).map_or_else(|| readings::plain(text), |time| self.times.show(time))
    }

    /// An id, with its name if one is known.
    fn named(&self, id: &Hash) -> String {
        let known = self.registry.and_then(|registry| registry.subject(id));
        match known {
            Some(known) if self.brief => format!("{:?}", known.name()),
            Some(known) => format!("{:?} ({id})", known.name()),
            None => id.to_string(),
        }
    }

    /// Whether a registry is at hand that has nothing of this id.
    fn is_unknown(&self, id: &Hash) -> bool {
        self.registry.is_some_and(|registry| registry.subject(id).is_none())
    }

    /// The registry, if a record is to be judged by it.
    fn judge(&self) -> Option<&'a Registry> {
        self.registry.filter(|_| self.coming)
    }
}

impl Explanation {
    fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            says: Vec::new(),
            warnings: Vec::new(),
            signers: Vec::new(),
            unchecked: false,
            missing: Vec::new(),
            is_known: true,
            fault: None,
            called: Vec::new(),
        }
    }

    /// What the document or the registry calls a key; `None`: nothing.
    pub fn name_of(&self, did: &str) -> Option<&str> {
        self.called.iter().find(|(key, _)| key == did).map(|(_, name)| name.as_str())
    }

    fn say(&mut self, sentence: impl Into<String>) {
        self.says.push(sentence.into());
    }

    /// Whether nothing is wrong with it: no proof is bad, and it is what it says that it is.
    pub fn is_sound(&self) -> bool {
        self.fault.is_none() && self.signers.iter().all(|signer| signer.good != Some(false))
    }

    /// Whether nothing speaks against it, but a proof of it could not be checked.
    pub fn is_undecided(&self) -> bool {
        self.is_sound() && self.unchecked
    }

    /// Whether this key signed it, and its proof holds.
    pub fn is_signed_by(&self, did: &str) -> bool {
        self.good_keys().any(|key| key == did)
    }

    /// The keys whose proofs hold.
    fn good_keys(&self) -> impl Iterator<Item = &str> {
        self.signers
            .iter()
            .filter(|signer| signer.good == Some(true))
            .filter_map(|signer| signer.who.as_deref())
    }

    /// As one object.
    pub fn to_object(&self) -> Object {
        let fault = self.fault.iter().map(|fault| format!("at fault: {fault}"));
        let signer = |signer: &Signer| {
            let (good, why) = (signer.good.map_or(Value::Null, Value::from), signer.why.as_deref());
            let mut object = object! { "did": signer.who.as_deref(), "good": good, "why": why };
            if !signer.who.as_deref().unwrap_or("did:").starts_with("did:") {
                object.insert("did", Value::Null);
                object.insert("name", signer.who.as_deref());
            }
            Value::Object(object)
        };
        object! {
            "kind": self.kind.as_str(),
            "says": self.says.iter().cloned().chain(fault).collect::<Vec<_>>(),
            "warnings": self.warnings.clone(),
            "signers": Value::Array(self.signers.iter().map(signer).collect()),
            "missing": self.missing.clone(),
        }
    }
}

/// Explains a JSON object: a record, an entry of a ledger, a stub or receipt, evidence.
pub fn object(object: &Object, asked: &mut Asked<'_>) -> Explanation {
    let format = object.str("format").unwrap_or_default();
    if format.starts_with(EVIDENCE) {
        return ledger::evidence(format!("{object}\n").as_bytes());
    }
    if object.str("checkpoint").is_some() && object.get("type").is_none() {
        return ledger::stub(object);
    }
    match entry(object) {
        Some(entry) => explain_entry(&entry, asked),
        None => record(object, asked),
    }
}

fn entry(object: &Object) -> Option<Entry> {
    let length = if object.get("wall").is_some() { 4 } else { 3 };
    let looks = object.len() == length && object.get("n").is_some() && object.get("received").is_some();
    looks.then(|| Entry::parse_lenient(object.to_string().as_bytes()).ok()).flatten()
}

/// In a ledger a proof is held to when its record arrived.
fn explain_entry(entry: &Entry, asked: &mut Asked<'_>) -> Explanation {
    let now = std::mem::replace(&mut asked.now, entry.times().stated_arrival());
    let coming = std::mem::replace(&mut asked.coming, false);
    let mut told = record(&entry.record, asked);
    (asked.now, asked.coming) = (now, coming);
    let arrival = asked.times.show(entry.times().stated_arrival());
    told.say(format!("is entry {} of a ledger, received at {arrival}", entry.n));
    if entry.wall.is_some() {
        let before = asked.times.show(entry.received);
        told.say(format!("the ledger's clock had jumped to {before} before, and was right again"));
    }
    told
}

/// Explains a record.
pub fn record(record: &Object, asked: &mut Asked<'_>) -> Explanation {
    let kind = record.str("type");
    let mut told = Explanation::new(kind.unwrap_or("record"));
    told.signers = proofs::signers(record, asked);
    told.unchecked = told.signers.iter().any(|signer| signer.good.is_none());
    let signers = told.signers.iter().filter_map(|signer| signer.who.as_ref());
    told.called = signers.filter_map(|did| Some((did.clone(), registered(asked.registry?, did)?))).collect();
    match kind {
        Some("reading") => readings::reading(record, asked, &mut told),
        Some("status") => readings::status(record, asked, &mut told),
        Some(genesis::TYPE) => ledger::declaration(record, asked, &mut told),
        Some("contract") => contract::contract(record, asked, &mut told),
        Some("verdict") => contract::verdict(record, asked, &mut told),
        Some("accept" | "event" | "dispute") => contract::about(record, &mut told),
        Some(kind) if events::is_event(kind) => registry::event(record, asked, &mut told),
        kind => unknown(kind, record, &mut told),
    }
    told
}

/// What a registry calls the holder of a key; `None`: nobody there has it, or had it.
pub fn registered(registry: &Registry, did: &str) -> Option<String> {
    let holder = registry.holder(&Did::parse(did).ok()?)?;
    Some(format!("{:?} of the registry", registry.subject(&holder.subject)?.name()))
}

fn unknown(kind: Option<&str>, record: &Object, told: &mut Explanation) {
    told.is_known = false;
    told.say(match kind {
        Some(kind) => format!("a record of type {kind:?}, which means nothing here"),
        None => "a record without a type, which means nothing here".to_owned(),
    });
    readings::others(record, &["type"], told);
}

#[cfg(test)]
mod tests;
