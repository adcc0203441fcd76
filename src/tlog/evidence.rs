//! Evidence of a fork: one log key signed two histories. It proves that without either ledger.
//!
//! ```json
//! {"checkpoints":["plant7.example/cold-room\n8424\nnND/…=\n\n— plant7.example/cold-room M9e0…\n",
//!                 "plant7.example/cold-room\n9000\nq1Zk…=\n\n— plant7.example/cold-room M9e0…\n"],
//!  "format":"foil-evidence/1",
//!  "log":"plant7.example/cold-room+33d7b496+AeHZ…",
//!  "subtrees":["5feceb66…","…"]}
//! ```
//!
//! It is one line of canonical JSON (RFC 8785) and a line feed. Each checkpoint is a signed note with the log's
//! signature and no other, the one of fewer entries first, of equally many the one with the smaller root. With
//! equal sizes and different roots there are no subtrees. Otherwise they are the hashes, in hex, of the complete
//! subtrees of the *larger* history, side by side and each as large as its place allows: first those that cover
//! the smaller size, then those up to the larger. All together give the larger signed root, and the first ones
//! alone give *another* root than the smaller checkpoint states: entries that the log had signed are not those
//! that it signed later. What [`Evidence::parse`] takes, `Display` writes back byte for byte.

use std::fmt;

use super::{
    checkpoint::{Checkpoint, NotSignedByLog, SignedCheckpoint},
    proof,
    vkey::{Algorithm, VerifierKey},
};
use crate::{
    hash::Hash,
    json::{self, Object, Value},
};

/// What the file says that it is.
pub const FORMAT: &str = "foil-evidence/1";

/// Larger files are refused before they cost anything. Two origins may be long; 192 hashes are not.
pub const MAX_LENGTH: usize = 256 * 1024;

/// Two checkpoints of one log, and what shows that they contradict each other. That it was parsed does not say
/// that it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The log's key; its name is the origin.
    pub log: VerifierKey,
    /// The checkpoint of fewer entries, or of as many.
    pub older: SignedCheckpoint,
    /// The other one.
    pub newer: SignedCheckpoint,
    /// Subtrees of the history that `newer` states.
    pub subtrees: Vec<Hash>,
}

/// Why some bytes are no evidence file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadEvidence {
    /// More than [`MAX_LENGTH`] bytes
    TooLong,
    /// Not JSON, or not these members
    Form(String),
    /// It is that, but its line ends with CR LF
    LineEnds,
    /// These members, but not in the one form that is written
    NotCanonical,
}

impl fmt::Display for BadEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str("longer than 262,144 bytes"),
            Self::Form(why) => f.write_str(why),
            Self::LineEnds => {
                f.write_str("its line ends with CR LF; turn it into LF, as it was written (dos2unix)")
            }
            Self::NotCanonical => f.write_str("not one line of canonical JSON (RFC 8785) and a line feed"),
        }
    }
}

impl std::error::Error for BadEvidence {}

/// Why evidence proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvesNothing {
    /// The checkpoints are of other names than the log's key
    Origin,
    /// The log's signature under a checkpoint is missing or wrong, or there are others
    Signature,
    /// The checkpoints do not stand in their order
    Order,
    /// Both checkpoints state one size and one root
    Same,
    /// The subtrees do not give the root of the larger history
    Subtrees,
    /// The smaller history is the beginning of the larger
    Consistent,
}

impl fmt::Display for ProvesNothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Origin => "the checkpoints are not both of the log that its key names",
            Self::Signature => "a checkpoint does not bear exactly one signature, that of the log's key",
            Self::Order => "the checkpoints stand in the wrong order",
            Self::Same => "both checkpoints state the same",
            Self::Subtrees => "the subtrees do not give the root that the larger checkpoint states",
            Self::Consistent => "the smaller history is the beginning of the larger: that is no fork",
        })
    }
}

impl std::error::Error for ProvesNothing {}

impl Evidence {
    /// Puts two checkpoints of a log, in whichever order, and the subtrees of the larger history together.
    /// Signatures of others under the checkpoints are left out.
    ///
    /// # Errors
    /// If that proves nothing.
    pub fn new(
        log: VerifierKey,
        checkpoints: [&SignedCheckpoint; 2],
        subtrees: Vec<Hash>,
    ) -> Result<Self, ProvesNothing> {
        let mut checkpoints = checkpoints.map(|signed| signed.only_by(&log));
        checkpoints.sort_by_key(|signed| place(signed.checkpoint()));
        let [older, newer] = checkpoints;
        let evidence = Self { log, older, newer, subtrees };
        evidence.holds().map(|()| evidence)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If the bytes are not exactly what `Display` writes for some evidence.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadEvidence> {
        if bytes.len() > MAX_LENGTH {
            return Err(BadEvidence::TooLong);
        }
        let object = json::parse_object(bytes).map_err(|error| BadEvidence::Form(error.to_string()))?;
        let evidence = Self::read(&object).map_err(|why| BadEvidence::Form(why.to_owned()))?;
        let written = evidence.to_string();
        match bytes {
            _ if written.as_bytes() == bytes => Ok(evidence),
            [line @ .., b'\r', b'\n'] if written.trim_end().as_bytes() == line => Err(BadEvidence::LineEnds),
            _ => Err(BadEvidence::NotCanonical),
        }
    }

    fn read(object: &Object) -> Result<Self, &'static str> {
        if object.str("format") != Some(FORMAT) {
            return Err("its format is not \"foil-evidence/1\"");
        }
        let list = |name| object.get(name).and_then(Value::as_array);
        let log = object.str("log").and_then(|text| VerifierKey::parse(text).ok());
        let is_log = |key: &VerifierKey| {
            VerifierKey::new(key.name(), Algorithm::Ed25519, key.key().clone()).as_ref() == Ok(key)
        };
        let log = log.filter(is_log).ok_or("log is not a log's verifier key (NAME+0a1b2c3d+BASE64)")?;
        let note = |value: &Value| SignedCheckpoint::parse(value.as_str()?.as_bytes()).ok();
        let notes = list("checkpoints").and_then(|notes| notes.iter().map(note).collect::<Option<Vec<_>>>());
        let notes: Option<[_; 2]> = notes.and_then(|notes| notes.try_into().ok());
        let [older, newer] = notes.ok_or("checkpoints are not two signed checkpoints")?;
        let hash = |value: &Value| Hash::parse(value.as_str()?);
        let subtrees = list("subtrees").and_then(|hashes| hashes.iter().map(hash).collect());
        Ok(Self { log, older, newer, subtrees: subtrees.ok_or("subtrees are not hashes in hex")? })
    }

    /// Whether the log signed one of the checkpoints.
    ///
    /// # Errors
    /// If it is of another log, or the signature is missing or wrong.
    pub fn signed_by_log(&self, signed: &SignedCheckpoint) -> Result<(), ProvesNothing> {
        match signed.verified_by(self.log.name(), self.log.key()) {
            Ok(_) => Ok(()),
            Err(NotSignedByLog::Origin { .. }) => Err(ProvesNothing::Origin),
            Err(_) => Err(ProvesNothing::Signature),
        }
    }

    /// Whether it proves that the key signed two histories: anybody computes it from the file alone.
    ///
    /// # Errors
    /// Why it proves nothing.
    pub fn holds(&self) -> Result<(), ProvesNothing> {
        let (older, newer) = (self.older.checkpoint(), self.newer.checkpoint());
        for signed in [&self.older, &self.newer] {
            self.signed_by_log(signed)?;
            // Another signature could be changed without anybody noticing, and would say nothing.
            if signed.note().signatures().len() != 1 {
                return Err(ProvesNothing::Signature);
            }
        }
        match place(older).cmp(&place(newer)) {
            std::cmp::Ordering::Greater => return Err(ProvesNothing::Order),
            std::cmp::Ordering::Equal => return Err(ProvesNothing::Same),
            std::cmp::Ordering::Less => {}
        }
        if older.size == newer.size {
            // Two roots of one size contradict each other without more.
            return if self.subtrees.is_empty() { Ok(()) } else { Err(ProvesNothing::Subtrees) };
        }
        match proof::roots(older.size, newer.size, &self.subtrees) {
            Some((before, now)) if now == newer.root && before != older.root => Ok(()),
            Some((_, now)) if now == newer.root => Err(ProvesNothing::Consistent),
            _ => Err(ProvesNothing::Subtrees),
        }
    }
}

/// How checkpoints are put in order.
fn place(checkpoint: &Checkpoint) -> (u64, Hash) {
    (checkpoint.size, checkpoint.root)
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let object = crate::object! {
            "format": FORMAT,
            "log": self.log.to_string(),
            "checkpoints": vec![self.older.to_string(), self.newer.to_string()],
            "subtrees": self.subtrees.iter().map(Hash::to_string).collect::<Vec<_>>(),
        };
        writeln!(f, "{}", object.to_canonical())
    }
}

#[cfg(test)]
mod tests;
