//! Verifier keys: who may sign a note, on one line.
//!
//! ```text
//! plant7.example/cold-room+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx
//! name                     id       base64 of the algorithm (01) and the 32 bytes of the key
//!
//! id: the first 4 bytes of SHA-256(name ‖ LF ‖ algorithm ‖ key)
//! ```
//!
//! Formats: <https://c2sp.org/signed-note>, <https://c2sp.org/tlog-cosignature>. What [`VerifierKey::parse`]
//! takes, `Display` writes back byte for byte.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    hash::Hash,
    key::{BadKey, PublicKey},
};

/// Whether a key may be named so: not empty, no white space, no control character, no plus.
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// What a key signs, by its number in C2SP's registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// The note's text
    Ed25519 = 1,
    /// The text under a time: `cosignature/v1`, what witnesses do
    CosignatureV1 = 4,
}

/// A public key with a name, as C2SP writes them (`vkey`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    algorithm: Algorithm,
    key: PublicKey,
    id: [u8; 4],
}

/// Why a text is no verifier key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadVerifierKey {
    /// Not `NAME+8 hex digits+BASE64`
    Form,
    /// The name is empty or has a space, a control character or a plus
    Name,
    /// Not Ed25519 and not `cosignature/v1`
    Algorithm,
    /// The id is not the one of this name and key
    Id,
    /// The bytes are no good key
    Key(BadKey),
}

impl fmt::Display for BadVerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("not a verifier key (NAME+0a1b2c3d+BASE64)"),
            Self::Name => {
                f.write_str("a key's name is not empty and has no space, control character or plus")
            }
            Self::Algorithm => f.write_str("a verifier key of an unknown algorithm"),
            Self::Id => f.write_str("the id in the verifier key is not the one of its name and key"),
            Self::Key(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for BadVerifierKey {}

impl VerifierKey {
    /// A key under a name.
    ///
    /// # Errors
    /// If [`is_name`] does not take the name.
    pub fn new(name: &str, algorithm: Algorithm, key: PublicKey) -> Result<Self, BadVerifierKey> {
        if !is_name(name) {
            return Err(BadVerifierKey::Name);
        }
        let digest = Hash::of_all(&[name.as_bytes(), b"\n", &[algorithm as u8], key.as_bytes()]);
        let [a, b, c, d, ..] = *digest.as_bytes();
        Ok(Self { name: name.to_owned(), algorithm, key, id: [a, b, c, d] })
    }

    /// Reads the form that `Display` writes.
    ///
    /// # Errors
    /// If the text has another form, an unknown algorithm, a wrong id or a bad key.
    pub fn parse(text: &str) -> Result<Self, BadVerifierKey> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(BadVerifierKey::Form);
        };
        let decoded = STANDARD.decode(encoded).map_err(|_| BadVerifierKey::Form)?;
        let (number, bytes) = decoded.split_first().ok_or(BadVerifierKey::Form)?;
        let algorithm = match number {
            1 => Algorithm::Ed25519,
            4 => Algorithm::CosignatureV1,
            _ => return Err(BadVerifierKey::Algorithm),
        };
        let bytes = bytes.try_into().map_err(|_| BadVerifierKey::Form)?;
        let key = PublicKey::from_bytes(bytes).map_err(BadVerifierKey::Key)?;
        let verifier = Self::new(name, algorithm, key)?;
        if hex::encode(verifier.id) == id { Ok(verifier) } else { Err(BadVerifierKey::Id) }
    }

    /// What the key is called; of a log, its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key without its name.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The first four bytes of the hash of name, algorithm and key.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Whether `bytes`, what follows the id in a signature line, is a signature of a note's text.
    pub(super) fn verdict(&self, text: &str, bytes: &[u8]) -> Verdict {
        let (signature, time, message) = match (self.algorithm, bytes.split_first_chunk()) {
            (Algorithm::CosignatureV1, Some((time, signature))) => {
                let time = u64::from_be_bytes(*time);
                (signature, Some(time), format!("cosignature/v1\ntime {time}\n{text}"))
            }
            _ => (bytes, None, text.to_owned()),
        };
        let good = signature.try_into().is_ok_and(|bytes| self.key.verifies(message.as_bytes(), bytes));
        if good { Verdict::Good { time } } else { Verdict::Bad }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[self.algorithm as u8], &self.key.as_bytes()[..]].concat();
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id), STANDARD.encode(bytes))
    }
}

/// What a note says about one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not signed by it
    Absent,
    /// Signed by it; a cosignature also says when
    Good {
        /// Seconds since 1970, from a cosignature
        time: Option<u64>,
    },
    /// A signature line claims to be of this key, and is not
    Bad,
}

impl Verdict {
    /// Whether the key signed the note.
    pub fn is_good(self) -> bool {
        matches!(self, Self::Good { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;

    #[test]
    fn names_and_ids_must_fit() {
        for name in ["", "a b", "a+b", "a\u{a0}b", "a\tb", "a\u{85}"] {
            assert!(!is_name(name), "{name:?}");
        }
        let key = SecretKey::from_seed(&[7; 32]).public();
        let verifier = VerifierKey::new("plant7.example/cold", Algorithm::Ed25519, key).unwrap();
        let text = verifier.to_string();
        assert_eq!(VerifierKey::parse(&text), Ok(verifier));
        assert_eq!(VerifierKey::parse(&text.replace("cold", "hot")), Err(BadVerifierKey::Id));
        assert_eq!(VerifierKey::parse("a+b"), Err(BadVerifierKey::Form));
        assert_eq!(VerifierKey::parse(&format!("{text}AA")), Err(BadVerifierKey::Form));
    }
}
