//! Signed notes: a text and the signatures under it.
//!
//! ```text
//! plant7.example/cold-room                     text, every line ends with LF
//! …
//!                                              a blank line
//! — plant7.example/cold-room M9e0luh4jTG+UM…   em dash, key name, base64 of key id (4 bytes) and signature
//! — witness.example uKLPIAAAAABpVGeAhm2bOvK…   a cosignature: id, time (8 bytes), signature
//! ```
//!
//! Format: <https://c2sp.org/signed-note>. Parsing is strict: what [`Note::parse`] takes, `Display` writes
//! back byte for byte.

use std::fmt::{self, Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    key::SecretKey,
    tlog::vkey::{self, Algorithm, Verdict, VerifierKey},
};

/// Larger notes, and notes with more signatures, are refused before they cost anything.
const MAX_LENGTH: usize = 1_000_000;
const MAX_SIGNATURES: usize = 100;

/// A text with signatures, which may or may not be good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Whose key: a name that [`vkey::is_name`] takes.
    pub name: String,
    /// Which key of that name, as far as 32 bits can tell.
    pub id: [u8; 4],
    /// What follows the id; its form is the algorithm's business. Not empty.
    pub bytes: Vec<u8>,
}

/// Why some bytes are no signed note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadNote {
    /// More than 1,000,000 bytes, or more than 100 signatures
    TooLong,
    /// Not UTF-8, or control characters in it
    Characters,
    /// No blank line with signature lines after it, or no LF at the end
    NoSignatures,
    /// A line of the signature block that is no signature
    SignatureLine,
}

impl fmt::Display for BadNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "longer than 1,000,000 bytes, or more than 100 signatures",
            Self::Characters => "not UTF-8 text without control characters",
            Self::NoSignatures => "no signature lines after a blank line, each ended by a line feed",
            Self::SignatureLine => "a signature line is not of the form \"— NAME BASE64\"",
        })
    }
}

impl std::error::Error for BadNote {}

impl Note {
    /// A note without signatures. `None`: the text is not lines without control characters.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        (text.ends_with('\n') && !has_control(&text)).then_some(Self { text, signatures: Vec::new() })
    }

    /// Reads a note with at least one signature line. Which signatures count is [`Note::verdict`]'s business.
    ///
    /// # Errors
    /// If the bytes are not exactly what `Display` writes for some note.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadNote> {
        if bytes.len() > MAX_LENGTH {
            return Err(BadNote::TooLong);
        }
        let whole = str::from_utf8(bytes).map_err(|_| BadNote::Characters)?;
        if has_control(whole) {
            return Err(BadNote::Characters);
        }
        let blank = whole.rfind("\n\n").ok_or(BadNote::NoSignatures)?;
        let (text, block) = (&whole[..=blank], &whole[blank + 2..]);
        let lines = block.strip_suffix('\n').ok_or(BadNote::NoSignatures)?.split('\n');
        if lines.clone().count() > MAX_SIGNATURES {
            return Err(BadNote::TooLong);
        }
        let signatures = lines.map(|line| Signature::parse(line).ok_or(BadNote::SignatureLine));
        Ok(Self { text: text.to_owned(), signatures: signatures.collect::<Result<_, _>>()? })
    }

    /// What is signed: lines, each ended by LF.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures in their order, unknown ones too.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature line by the key that is called `name`. False, and nothing added, if that is no name.
    #[must_use]
    pub fn sign(&mut self, name: &str, key: &SecretKey) -> bool {
        let Ok(verifier) = VerifierKey::new(name, Algorithm::Ed25519, key.public()) else { return false };
        let bytes = key.sign(self.text.as_bytes()).to_vec();
        self.signatures.push(Signature { name: name.to_owned(), id: verifier.id(), bytes });
        true
    }

    /// The same text under the signature lines of one key only, good or bad.
    pub fn only_by(&self, key: &VerifierKey) -> Self {
        let lines = self.signatures.iter().filter(|line| line.id == key.id() && line.name == key.name());
        Self { text: self.text.clone(), signatures: lines.cloned().collect() }
    }

    /// The same note, and behind its signature lines those that another one has under the same text, as far as a note
    /// may have so many.
    #[must_use]
    pub fn with_signatures_of(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        let others = other.signatures.iter().filter(|_| other.text == self.text);
        let new = others.filter(|line| !self.signatures.contains(line));
        joined.signatures.extend(new.take(MAX_SIGNATURES.saturating_sub(self.signatures.len())).cloned());
        joined
    }

    /// What the note's signatures say about one key. Signatures of other keys are passed over; of several by
    /// this key all must be good.
    pub fn verdict(&self, key: &VerifierKey) -> Verdict {
        let mut verdict = Verdict::Absent;
        for signature in self.signatures.iter().filter(|line| line.id == key.id() && line.name == key.name())
        {
            match key.verdict(&self.text, &signature.bytes) {
                good @ Verdict::Good { .. } if verdict == Verdict::Absent => verdict = good,
                Verdict::Good { .. } => {}
                Verdict::Absent | Verdict::Bad => return Verdict::Bad,
            }
        }
        verdict
    }
}

/// What some programs put before a text.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The bytes of a note as they were before its copy went through something that changes texts – line feeds
/// turned into CR LF, a byte-order mark before the first line, the last line feed gone or doubled – and whether it did.
/// No note has any of this.
pub fn plain(bytes: &[u8]) -> (Vec<u8>, bool) {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let pairs = text.iter().zip(text.iter().skip(1).chain([&0]));
    let kept = pairs.filter(|pair| *pair != (&b'\r', &b'\n')).map(|(byte, _)| *byte);
    let mut kept: Vec<u8> = kept.collect();
    while kept.ends_with(b"\n\n") {
        kept.pop();
    }
    if !kept.is_empty() && !kept.ends_with(b"\n") {
        kept.push(b'\n');
    }
    let changed = kept != bytes;
    (kept, changed)
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte < b' ' && byte != b'\n')
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        f.write_char('\n')?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl Signature {
    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        let decoded = STANDARD.decode(encoded).ok()?;
        let (id, bytes) = decoded.split_first_chunk()?;
        let good = vkey::is_name(name) && !bytes.is_empty();
        good.then(|| Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = STANDARD.encode([&self.id, &self.bytes[..]].concat());
        write!(f, "— {} {encoded}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> (Note, VerifierKey) {
        let key = SecretKey::from_seed(&[7; 32]);
        let mut note = Note::new("two\nlines\n").unwrap();
        assert!(note.sign("plant7.example/cold", &key));
        (note, VerifierKey::new("plant7.example/cold", Algorithm::Ed25519, key.public()).unwrap())
    }

    #[test]
    fn notes_are_read_back_byte_for_byte() {
        let (note, key) = signed();
        assert_eq!(Note::parse(note.to_string().as_bytes()), Ok(note.clone()));
        assert!(note.verdict(&key).is_good());
    }

    #[test]
    fn what_changes_texts_is_undone() {
        let (note, _) = signed();
        let text = note.to_string();
        assert_eq!(plain(text.as_bytes()), (text.clone().into_bytes(), false));
        for (from, to) in [("", "\u{feff}"), ("\n", "\r\n")] {
            let changed = if from.is_empty() { format!("{to}{text}") } else { text.replace(from, to) };
            assert_eq!(plain(changed.as_bytes()), (text.clone().into_bytes(), true));
        }
        assert_eq!(plain(text.trim_end().as_bytes()), (text.clone().into_bytes(), true));
        assert_eq!(plain(format!("{text}\n\r\n").as_bytes()), (text.clone().into_bytes(), true));
        assert_eq!(plain(b""), (Vec::new(), false));
        assert_eq!(plain(b"a\rb\r\n").0, b"a\rb\n");
        assert_eq!(plain(b"a\rb\n").0, b"a\rb\n", "a lone carriage return is somebody's change");
    }

    #[test]
    fn every_flipped_byte_is_no_good_signature() {
        let (note, key) = signed();
        let bytes = note.to_string().into_bytes();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                let good = Note::parse(&flipped).is_ok_and(|note| note.verdict(&key).is_good());
                assert!(!good, "byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn one_bad_signature_of_a_key_spoils_its_good_one() {
        let (mut note, key) = signed();
        let mut forged = note.signatures[0].clone();
        forged.bytes[9] ^= 1;
        note.signatures.push(forged);
        assert_eq!(note.verdict(&key), Verdict::Bad);
        note.signatures[1].name = "somebody.else".to_owned();
        assert!(note.verdict(&key).is_good(), "unknown signatures are passed over");
    }

    #[test]
    fn other_forms_are_refused() {
        let (note, _) = signed();
        let text = note.to_string();
        for (changed, why) in [
            (text.replace("\n\n", "\n"), BadNote::NoSignatures),
            (text.trim_end().to_owned(), BadNote::NoSignatures),
            (text.replace("two", "t\two"), BadNote::Characters),
            (text.replace('\n', "\r\n"), BadNote::Characters),
            (text.replace("— ", "- "), BadNote::SignatureLine),
            (text.replace("— ", "—  "), BadNote::SignatureLine),
            (text.replace("plant7.example", "plant7+example"), BadNote::SignatureLine),
            (format!("{text}— x AAAAAA==\n"), BadNote::SignatureLine),
            (format!("{text}{}", "— x AAAAAAA=\n".repeat(100)), BadNote::TooLong),
            (format!("{}{text}", "x\n".repeat(500_000)), BadNote::TooLong),
        ] {
            assert_eq!(Note::parse(changed.as_bytes()), Err(why), "{changed:.60}");
        }
        assert!(Note::new("no line feed").is_none() && Note::new("bell\u{7}\n").is_none());
    }
}
