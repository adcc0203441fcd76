//! Checkpoints: the signed statement of a tree's size and root.
//!
//! ```text
//! plant7.example/cold-room                     origin
//! 8424                                         size, decimal without leading zero
//! nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI= root, base64
//!
//! — plant7.example/cold-room M9e0luh4jTG+UM…   the log's signature, then those of witnesses
//! ```
//!
//! Format: <https://c2sp.org/tlog-checkpoint>. Parsing is strict: what [`Checkpoint::parse`] takes, `Display`
//! writes back byte for byte. Extension lines are neither written nor read.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    hash::Hash,
    key::SecretKey,
    tlog::{
        note::{BadNote, Note},
        vkey::{self, Verdict, VerifierKey},
    },
};

/// A tree's size and root, by the name of its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, unique in the world. One line, not empty.
    pub origin: String,
    /// How many entries the tree has.
    pub size: u64,
    /// The tree's root hash.
    pub root: Hash,
}

/// Why some bytes are no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadCheckpoint {
    /// The signed note around it
    Note(BadNote),
    /// Not exactly the lines origin, size and root
    Lines,
    /// The second line is no decimal number of 64 bits without leading zero
    Size,
    /// The third line is not the base64 form of 32 bytes
    Root,
}

impl fmt::Display for BadCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note(why) => why.fmt(f),
            Self::Lines => f.write_str("not the three lines origin, size and root"),
            Self::Size => f.write_str("line 2 is no size: a decimal number without leading zero"),
            Self::Root => f.write_str("line 3 is no root: 32 bytes in base64"),
        }
    }
}

impl std::error::Error for BadCheckpoint {}

impl Checkpoint {
    /// Reads a note's text.
    ///
    /// # Errors
    /// If it is not exactly what `Display` writes for some checkpoint.
    pub fn parse(text: &str) -> Result<Self, BadCheckpoint> {
        let lines: Vec<&str> = text.splitn(4, '\n').collect();
        let [origin, size, root, ""] = lines[..] else { return Err(BadCheckpoint::Lines) };
        if origin.is_empty() {
            return Err(BadCheckpoint::Lines);
        }
        let number = size.parse().map_err(|_| BadCheckpoint::Size)?;
        let hash = STANDARD.decode(root).ok().and_then(|bytes| bytes.try_into().ok());
        let hash = Hash(hash.ok_or(BadCheckpoint::Root)?);
        let checkpoint = Self { origin: origin.to_owned(), size: number, root: hash };
        // `+5` and `05` are numbers too, but not the ones that are written.
        if checkpoint.to_string() == text { Ok(checkpoint) } else { Err(BadCheckpoint::Size) }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, STANDARD.encode(self.root.as_bytes()))
    }
}

/// A checkpoint in its note. That it was parsed does not say that a signature is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// Reads the bytes of a `checkpoint` file.
    ///
    /// # Errors
    /// If they are no signed note, or its text is no checkpoint.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadCheckpoint> {
        let note = Note::parse(bytes).map_err(BadCheckpoint::Note)?;
        Ok(Self { checkpoint: Checkpoint::parse(note.text())?, note })
    }

    /// States size and root under the log's key, whose name is the origin. None if the origin can be no
    /// key's name.
    pub fn sign(checkpoint: Checkpoint, key: &SecretKey) -> Option<Self> {
        let mut note = Note::new(checkpoint.to_string()).filter(|_| vkey::is_name(&checkpoint.origin))?;
        note.sign(&checkpoint.origin, key).then_some(Self { checkpoint, note })
    }

    /// What is stated.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note, with all its signatures; its `Display` is the file's content.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The same checkpoint under the signature of one key only.
    pub fn only_by(&self, key: &VerifierKey) -> Self {
        Self { checkpoint: self.checkpoint.clone(), note: self.note.only_by(key) }
    }

    /// What the signatures say about a key.
    pub fn verdict(&self, key: &VerifierKey) -> Verdict {
        self.note.verdict(key)
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::vkey::Algorithm;

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "plant7.example/cold".to_owned(), size: 8424, root: Hash::of(b"x") }
    }

    #[test]
    fn what_is_signed_is_read_back() {
        let key = SecretKey::from_seed(&[7; 32]);
        let signed = SignedCheckpoint::sign(checkpoint(), &key).unwrap();
        let read = SignedCheckpoint::parse(signed.to_string().as_bytes()).unwrap();
        assert_eq!(read, signed);
        let verifier = VerifierKey::new("plant7.example/cold", Algorithm::Ed25519, key.public()).unwrap();
        assert!(read.verdict(&verifier).is_good());
        let spaced = Checkpoint { origin: "cold room".to_owned(), ..checkpoint() };
        assert_eq!(SignedCheckpoint::sign(spaced, &key), None);
    }

    #[test]
    fn other_spellings_are_refused() {
        let text = checkpoint().to_string();
        assert_eq!(Checkpoint::parse(&text), Ok(checkpoint()));
        for (changed, why) in [
            (text.replace("8424", "08424"), BadCheckpoint::Size),
            (text.replace("8424", "+8424"), BadCheckpoint::Size),
            (text.replace("8424", "-1"), BadCheckpoint::Size),
            (text.replace("8424", "18446744073709551616"), BadCheckpoint::Size),
            (text.replace("=\n", "\n"), BadCheckpoint::Root),
            (text.replace("8424\n", "8424\nAA"), BadCheckpoint::Root),
            (format!("{text}extension\n"), BadCheckpoint::Lines),
            (text.replace("plant7.example/cold", ""), BadCheckpoint::Lines),
            (text.trim_end().to_owned(), BadCheckpoint::Lines),
        ] {
            assert_eq!(Checkpoint::parse(&changed), Err(why), "{changed}");
        }
    }
}
