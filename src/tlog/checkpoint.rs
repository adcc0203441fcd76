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
//! writes back byte for byte. Extension lines are not written, and read only where it may be another log's.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    hash::Hash,
    key::{Did, PublicKey, SecretKey},
    tlog::{
        note::{self, BadNote, Note},
        vkey::{self, Algorithm, BadVerifierKey, Verdict, VerifierKey},
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

/// A checkpoint in its note. That it was parsed does not say that a signature is good: that says
/// [`VerifiedCheckpoint`].
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

    /// The same, also where the file went through something that changes texts ([`note::plain`]): nothing that a key
    /// signed is another for that.
    ///
    /// # Errors
    /// As [`SignedCheckpoint::parse`].
    pub fn parse_copied(bytes: &[u8]) -> Result<Self, BadCheckpoint> {
        Self::parse(&note::plain(bytes).0)
    }

    /// The same of any log, as C2SP lets them be: behind the root lines may stand that mean nothing here.
    ///
    /// # Errors
    /// As [`SignedCheckpoint::parse`].
    pub fn parse_of_any_log(bytes: &[u8]) -> Result<Self, BadCheckpoint> {
        let note = Note::parse(bytes).map_err(BadCheckpoint::Note)?;
        let (root_end, _) = note.text().match_indices('\n').nth(2).ok_or(BadCheckpoint::Lines)?;
        let (stated, extensions) = note.text().split_at(root_end + 1);
        if extensions.lines().any(str::is_empty) {
            return Err(BadCheckpoint::Lines);
        }
        Ok(Self { checkpoint: Checkpoint::parse(stated)?, note })
    }

    /// Whether a key signed it under some name, where the origin can be no key's name. Our own logs sign under their
    /// origin: for these, [`SignedCheckpoint::verified_by`] is asked.
    pub fn verdict_under_other_name(&self, key: &PublicKey) -> Verdict {
        let names = self.note.signatures().iter().map(|line| line.name.as_str());
        let keys = names.filter_map(|name| VerifierKey::new(name, Algorithm::Ed25519, key.clone()).ok());
        let verdicts =
            keys.map(|verifier| self.note.verdict(&verifier)).filter(|verdict| *verdict != Verdict::Absent);
        let is_free = !vkey::is_name(&self.checkpoint.origin);
        // A signature that does not hold spoils one that does.
        let all = verdicts.filter(|_| is_free).reduce(|one, other| if one.is_good() { other } else { one });
        all.unwrap_or(Verdict::Absent)
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

    /// The same checkpoint, and behind its signatures those that another note has under the same text.
    #[must_use]
    pub fn with_signatures_of(&self, other: &Note) -> Self {
        Self { checkpoint: self.checkpoint.clone(), note: self.note.with_signatures_of(other) }
    }

    /// The checkpoint as one that the log of this origin and key signed. This is the only way to a
    /// [`VerifiedCheckpoint`], so for each of them both were compared.
    ///
    /// # Errors
    /// If it is of another origin, or the key's signature is missing or wrong.
    pub fn verified_by(&self, origin: &str, key: &PublicKey) -> Result<VerifiedCheckpoint, NotSignedByLog> {
        let stated = &self.checkpoint.origin;
        if stated != origin {
            return Err(NotSignedByLog::Origin { stated: stated.clone(), log: origin.to_owned() });
        }
        let verifier = VerifierKey::new(origin, Algorithm::Ed25519, key.clone());
        let verifier = verifier.map_err(|why| NotSignedByLog::Name { origin: origin.to_owned(), why })?;
        match self.note.verdict(&verifier) {
            Verdict::Good { .. } => Ok(VerifiedCheckpoint(self.clone())),
            Verdict::Absent => Err(NotSignedByLog::Absent(Did::from(key))),
            Verdict::Bad => Err(NotSignedByLog::Bad(Did::from(key))),
        }
    }
}

/// A checkpoint that its log signed: origin and signature were checked by [`SignedCheckpoint::verified_by`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedCheckpoint(SignedCheckpoint);

impl VerifiedCheckpoint {
    /// What is stated.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.0.checkpoint
    }

    /// The note, with all its signatures.
    pub fn note(&self) -> &Note {
        self.0.note()
    }

    /// The checkpoint in its note, with all its signatures.
    pub fn into_signed(self) -> SignedCheckpoint {
        self.0
    }
}

/// Why a checkpoint is not one that a log signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSignedByLog {
    /// It is of another log
    Origin {
        /// The origin that it states
        stated: String,
        /// The origin of the log that was meant
        log: String,
    },
    /// No key can sign for this origin
    Name {
        /// The origin, which is no key's name
        origin: String,
        /// What is wrong with it
        why: BadVerifierKey,
    },
    /// This key has not signed it
    Absent(Did),
    /// A signature line claims to be of this key, and is not
    Bad(Did),
}

impl fmt::Display for NotSignedByLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin { stated, log } => write!(f, "it is of the log {stated:?}, not of {log:?}"),
            Self::Name { origin, why } => write!(f, "the origin {origin:?} can be no key's name: {why}"),
            Self::Absent(key) => write!(f, "no signature of {key}"),
            Self::Bad(key) => write!(f, "the signature of {key} does not hold"),
        }
    }
}

impl std::error::Error for NotSignedByLog {}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "plant7.example/cold".to_owned(), size: 8424, root: Hash::of(b"x") }
    }

    #[test]
    fn other_logs_add_lines_and_sign_under_names_that_are_not_the_origin() {
        let key = SecretKey::from_seed(&[7; 32]);
        let root = STANDARD.encode([9; 32]);
        let signed = |text: &str, names: &[&str]| {
            let mut note = Note::new(text).unwrap();
            assert!(names.iter().all(|name| note.sign(name, &key)));
            SignedCheckpoint::parse_of_any_log(note.to_string().as_bytes())
        };
        let text = format!("another log - 7\n12\n{root}\nTimestamp: 1689\nmore\n");
        let foreign = signed(&text, &["log.example"]).unwrap();
        assert_eq!((foreign.checkpoint().size, &*foreign.checkpoint().origin), (12, "another log - 7"));
        assert!(foreign.verdict_under_other_name(&key.public()).is_good());
        let stranger = SecretKey::from_seed(&[8; 32]).public();
        assert_eq!(foreign.verdict_under_other_name(&stranger), Verdict::Absent);
        assert_eq!(SignedCheckpoint::parse(foreign.to_string().as_bytes()), Err(BadCheckpoint::Lines));
        let named = signed(&format!("log.example/a\n12\n{root}\n"), &["log.example/b"]).unwrap();
        assert_eq!(named.verdict_under_other_name(&key.public()), Verdict::Absent, "this origin is a name");
        let changed = foreign.to_string().replace("1689", "1690");
        let changed = SignedCheckpoint::parse_of_any_log(changed.as_bytes()).unwrap();
        assert_eq!(changed.verdict_under_other_name(&key.public()), Verdict::Bad, "the lines are signed too");
        assert_eq!(signed(&format!("a\n12\n{root}\n\nx\n"), &["a"]), Err(BadCheckpoint::Lines));
        assert_eq!(signed("a\n12\n", &["a"]), Err(BadCheckpoint::Lines));
    }

    #[test]
    fn what_is_signed_is_read_back() {
        let key = SecretKey::from_seed(&[7; 32]);
        let signed = SignedCheckpoint::sign(checkpoint(), &key).unwrap();
        let read = SignedCheckpoint::parse(signed.to_string().as_bytes()).unwrap();
        assert_eq!(read, signed);
        let verified = read.verified_by("plant7.example/cold", &key.public()).unwrap();
        assert_eq!((verified.checkpoint(), verified.clone().into_signed()), (&checkpoint(), signed));
        let spaced = Checkpoint { origin: "cold room".to_owned(), ..checkpoint() };
        assert_eq!(SignedCheckpoint::sign(spaced, &key), None);
    }

    #[test]
    fn a_checkpoint_is_verified_by_its_origin_and_its_key_alone() {
        let (key, other) = (SecretKey::from_seed(&[7; 32]), SecretKey::from_seed(&[8; 32]).public());
        let signed = SignedCheckpoint::sign(checkpoint(), &key).unwrap();
        let why = |signed: &SignedCheckpoint, origin: &str, key: &PublicKey| {
            signed.verified_by(origin, key).unwrap_err()
        };
        let elsewhere = NotSignedByLog::Origin { stated: checkpoint().origin, log: "b".to_owned() };
        assert_eq!(why(&signed, "b", &key.public()), elsewhere, "the key signs for several logs");
        assert_eq!(why(&signed, "plant7.example/cold", &other), NotSignedByLog::Absent(Did::from(&other)));
        let mut bad = signed.clone();
        bad.checkpoint.size += 1;
        bad.note = Note::parse(signed.to_string().replace("8424", "8425").as_bytes()).unwrap();
        let forged = NotSignedByLog::Bad(Did::from(&key.public()));
        assert_eq!(why(&bad, "plant7.example/cold", &key.public()), forged);
        let spaced = signed.to_string().replace("plant7.example/cold\n", "cold room\n");
        let spaced = SignedCheckpoint::parse(spaced.as_bytes()).unwrap();
        assert!(matches!(why(&spaced, "cold room", &key.public()), NotSignedByLog::Name { .. }));
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
