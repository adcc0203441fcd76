//! Entry 0: the record that declares a ledger. Its id is the ledger's id.
//!
//! ```json
//! {"admins":["did:key:z6Mk…"],"created":"2026-03-01T06:00:00.000Z","log":"did:key:z6Mk…",
//!  "origin":"plant7.example/cold-room","proof":{…},"type":"ledger","writers":"signed"}
//! ```

use std::fmt;

use crate::{
    hash::Hash,
    json::{Object, Value},
    key::PublicKey,
    record::{
        signed::{BadProof, Verifier},
        writers::Writers,
    },
    time::Time,
};

/// The value of `type`.
pub const TYPE: &str = "ledger";

/// What entry 0 declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// The log's name, as in its checkpoints
    pub origin: String,
    /// The key that signs the checkpoints, for ever
    pub log: PublicKey,
    /// Who administers the registry; at least one
    pub admins: Vec<PublicKey>,
    /// Who may write
    pub writers: Writers,
    /// When it was made
    pub created: Time,
    /// The ledger that this one goes on from
    pub continues: Option<Continued>,
}

/// The end of another ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continued {
    /// The other ledger's id
    pub ledger: Hash,
    /// How many entries it had
    pub size: u64,
    /// Its root at that size
    pub root: Hash,
}

/// Why a record declares no ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadGenesis {
    /// `type` is another
    Type,
    /// A member is missing or has a wrong form: which, and what it should be
    Member(&'static str, &'static str),
    /// What is wrong with `writers`
    Writers(String),
    /// A proof does not hold
    Proof(BadProof),
    /// The key that it names as `log` has not signed it
    NotByLog,
}

impl fmt::Display for BadGenesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type => f.write_str("its type is not \"ledger\""),
            Self::Member(name, form) => write!(f, "{name} is not {form}"),
            Self::Writers(why) => f.write_str(why),
            Self::Proof(why) => why.fmt(f),
            Self::NotByLog => f.write_str("the log key that it names has not signed it"),
        }
    }
}

impl std::error::Error for BadGenesis {}

impl Genesis {
    /// Reads a record without checking its proofs. Unknown members are allowed.
    ///
    /// # Errors
    /// If it is no `ledger` record, or a member has a wrong form.
    pub fn parse(record: &Object) -> Result<Self, BadGenesis> {
        if record.str("type") != Some(TYPE) {
            return Err(BadGenesis::Type);
        }
        let origin = record.str("origin").filter(|origin| !origin.is_empty());
        let created = record.str("created").and_then(Time::parse);
        Ok(Self {
            origin: origin.ok_or(BadGenesis::Member("origin", "a name"))?.to_owned(),
            log: key(record.get("log")).ok_or(BadGenesis::Member("log", "a did:key"))?,
            admins: keys(record.get("admins")).ok_or(BadGenesis::Member("admins", "a list of did:key"))?,
            writers: Writers::parse(record.get("writers").unwrap_or(&Value::Null))
                .map_err(BadGenesis::Writers)?,
            created: created.ok_or(BadGenesis::Member("created", "a time (2026-03-01T06:00:00.000Z)"))?,
            continues: record.get("continues").map(Continued::parse).transpose()?,
        })
    }

    /// The keys that signed the record that this was read from, the log's among them. `at` is when it was received.
    ///
    /// # Errors
    /// If a proof does not hold, or none is by the log key.
    pub fn signers(
        &self,
        record: &Object,
        verifier: &mut Verifier,
        at: Time,
    ) -> Result<Vec<PublicKey>, BadGenesis> {
        let signers = verifier.signers(record, at).map_err(BadGenesis::Proof)?;
        if signers.contains(&self.log) { Ok(signers) } else { Err(BadGenesis::NotByLog) }
    }

    /// The record, which its log key is to sign.
    pub fn to_record(&self) -> Object {
        let mut record = crate::object! {
            "type": TYPE,
            "origin": self.origin.as_str(),
            "log": self.log.did(),
            "admins": Value::Array(self.admins.iter().map(|admin| admin.did().into()).collect()),
            "writers": self.writers.to_value(),
            "created": self.created.to_string(),
        };
        if let Some(continues) = &self.continues {
            record.insert("continues", continues.to_object());
        }
        record
    }
}

fn key(value: Option<&Value>) -> Option<PublicKey> {
    PublicKey::parse_did(value?.as_str()?).ok()
}

fn keys(value: Option<&Value>) -> Option<Vec<PublicKey>> {
    let dids = value?.as_array().filter(|dids| !dids.is_empty())?;
    dids.iter().map(|did| key(Some(did))).collect()
}

impl Continued {
    fn parse(value: &Value) -> Result<Self, BadGenesis> {
        let bad = BadGenesis::Member("continues", "{ledger, size, root}");
        let hash = |name| value.as_object()?.str(name).and_then(Hash::parse);
        let size = || value.as_object()?.get("size")?.as_u64();
        match (hash("ledger"), size(), hash("root")) {
            (Some(ledger), Some(size), Some(root)) => Ok(Self { ledger, size, root }),
            _ => Err(bad),
        }
    }

    fn to_object(&self) -> Object {
        crate::object! {
            "ledger": self.ledger.to_string(),
            "size": self.size,
            "root": self.root.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::SecretKey,
        record::signed::{SignOptions, sign},
    };

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn genesis() -> Genesis {
        Genesis {
            origin: "plant7.example/cold".to_owned(),
            log: key(1).public(),
            admins: vec![key(1).public(), key(2).public()],
            writers: Writers::Signed,
            created: Time::parse("2026-03-01T06:00:00.000Z").unwrap(),
            continues: Some(Continued { ledger: Hash::of(b"a"), size: 7, root: Hash::of(b"b") }),
        }
    }

    #[test]
    fn what_is_declared_is_read_back_if_the_log_key_signed_it() {
        let mut record = genesis().to_record();
        let read = |record: &Object| {
            let read = Genesis::parse(record)?;
            read.signers(record, &mut Verifier::new(), read.created).map(|_| read)
        };
        assert_eq!(Genesis::parse(&record), Ok(genesis()));
        assert_eq!(read(&record), Err(BadGenesis::NotByLog));
        sign(&mut record, &key(2), &SignOptions::default()).unwrap();
        assert_eq!(read(&record), Err(BadGenesis::NotByLog));
        sign(&mut record, &key(1), &SignOptions::default()).unwrap();
        assert_eq!(read(&record), Ok(genesis()));
        record.insert("origin", "elsewhere");
        assert!(matches!(read(&record), Err(BadGenesis::Proof(_))));
    }

    #[test]
    fn every_member_is_needed() {
        for name in ["type", "origin", "log", "admins", "writers", "created"] {
            let mut record = genesis().to_record();
            record.remove(name);
            assert!(Genesis::parse(&record).is_err(), "without {name}");
            record.insert(name, Value::Array(Vec::new()));
            assert!(Genesis::parse(&record).is_err(), "with an empty {name}");
        }
    }
}
