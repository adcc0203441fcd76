//! Entry 0, which declares a ledger: the one way to read it, in two strengths.
//!
//! ```text
//! line ─► UnprovenDeclaration     what the line says, which may be made up
//!           └─► LedgerDeclaration     its proofs hold, and the log's key is among those that signed
//! ```
//!
//! The unproven one only tells which ledger is meant before that is verified: to look up what was seen of it, to find
//! its relatives, to report what is wrong.

use std::fmt;

use super::entry::{BadEntry, Entry};
use crate::{
    hash::Hash,
    key::PublicKey,
    record::{
        genesis::{BadGenesis, Genesis},
        signed::{self, Verifier},
    },
};

/// What the line of an entry 0 says, whether or not its proofs hold.
#[derive(Clone, Debug, PartialEq)]
pub struct UnprovenDeclaration {
    /// The ledger's id
    pub id: Hash,
    /// What is declared
    pub genesis: Genesis,
    /// The entry itself
    pub entry: Entry,
}

/// An entry 0 that the log's key signed, and of which every proof holds.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerDeclaration {
    /// The ledger's id
    pub id: Hash,
    /// What is declared
    pub genesis: Genesis,
    /// The entry itself
    pub entry: Entry,
    /// The keys that signed it, the log's among them
    pub signers: Vec<PublicKey>,
}

/// Why a line declares no ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadDeclaration {
    /// It is no entry
    Entry(BadEntry),
    /// It is the entry of another number
    Number(u64),
    /// The record in it declares none
    Genesis(BadGenesis),
}

impl fmt::Display for BadDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(why) => why.fmt(f),
            Self::Number(n) => write!(f, "the first line is entry {n}"),
            Self::Genesis(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for BadDeclaration {}

impl UnprovenDeclaration {
    /// Reads the line, without its line feed.
    ///
    /// # Errors
    /// If it is no entry, or does not declare a ledger. Which entry the line says that it is does not matter: what it
    /// declares tells which ledger is meant, and that one is verified next.
    pub fn parse(line: &[u8]) -> Result<Self, BadDeclaration> {
        let entry = Entry::parse_lenient(line).map_err(BadDeclaration::Entry)?;
        let genesis = Genesis::parse(&entry.record).map_err(BadDeclaration::Genesis)?;
        Ok(Self { id: signed::id(&entry.record), genesis, entry })
    }
}

impl LedgerDeclaration {
    /// Reads the line, without its line feed, and checks the proofs of its record.
    ///
    /// # Errors
    /// As [`UnprovenDeclaration::parse`], or if the line is another entry's, a proof does not hold, or none is by the
    /// log key.
    pub fn parse(line: &[u8]) -> Result<Self, BadDeclaration> {
        let UnprovenDeclaration { id, genesis, entry } = UnprovenDeclaration::parse(line)?;
        if entry.n != 0 {
            return Err(BadDeclaration::Number(entry.n));
        }
        let signers = genesis.signers(&entry.record, &mut Verifier::new(), entry.received);
        let signers = signers.map_err(BadDeclaration::Genesis)?;
        Ok(Self { id, genesis, entry, signers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::SecretKey,
        record::{
            signed::{SignOptions, sign},
            writers::Writers,
        },
        time::Time,
    };

    fn line(n: u64, signed_by: u8) -> String {
        let log = SecretKey::from_seed(&[7; 32]).public();
        let genesis = Genesis {
            origin: "plant7.example/cold-room".to_owned(),
            log: log.clone(),
            admins: vec![log],
            writers: Writers::Signed,
            created: Time::EPOCH,
            continues: None,
        };
        let mut record = genesis.to_record();
        sign(&mut record, &SecretKey::from_seed(&[signed_by; 32]), &SignOptions::default()).unwrap();
        Entry { n, received: Time::EPOCH, wall: None, record }.to_line()
    }

    #[test]
    fn only_a_proven_declaration_is_the_word_of_its_log() {
        let good = LedgerDeclaration::parse(line(0, 7).as_bytes()).unwrap();
        assert_eq!(good.signers.iter().collect::<Vec<_>>(), [&good.genesis.log]);
        assert_eq!(good.id, signed::id(&good.entry.record));
        let by_other = line(0, 8);
        let why = LedgerDeclaration::parse(by_other.as_bytes()).unwrap_err();
        assert_eq!(why, BadDeclaration::Genesis(BadGenesis::NotByLog));
        let unproven = UnprovenDeclaration::parse(by_other.as_bytes()).unwrap();
        assert_eq!(
            (unproven.id, &unproven.genesis),
            (good.id, &good.genesis),
            "proofs are no part of the id"
        );
        let forged = line(0, 7).replace("plant7", "plant8");
        let why = LedgerDeclaration::parse(forged.as_bytes()).unwrap_err();
        assert!(matches!(why, BadDeclaration::Genesis(BadGenesis::Proof(_))), "{why}");
    }

    #[test]
    fn what_is_no_entry_0_declares_nothing() {
        let why = |line: &str| LedgerDeclaration::parse(line.as_bytes()).unwrap_err();
        assert_eq!(why(&line(3, 7)), BadDeclaration::Number(3));
        assert!(UnprovenDeclaration::parse(line(3, 7).as_bytes()).is_ok(), "it tells which ledger is meant");
        assert!(matches!(why("nonsense"), BadDeclaration::Entry(BadEntry::Malformed(_))));
        let other =
            Entry { n: 0, received: Time::EPOCH, wall: None, record: crate::object! { "type": "note" } }
                .to_line();
        assert_eq!(why(&other), BadDeclaration::Genesis(BadGenesis::Type));
    }
}
