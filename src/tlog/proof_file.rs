//! Proof files: they prove that a log has an entry, to a reader who has nothing else.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra ZXh0cmE=                                  base64; not vouched for; mostly absent
//! index 4711                                      decimal without leading zero
//! gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=    inclusion proof from the leaf upwards, 32 bytes a line
//! …
//!                                                 a blank line
//! plant7.example/cold-room                        the checkpoint as it is, with its signatures
//! 8424
//! nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=
//!
//! — plant7.example/cold-room M9e0luh4jTG+UM…
//! ```
//!
//! Format: <https://c2sp.org/tlog-proof>. Parsing is strict: what [`ProofFile::parse`] takes, `Display` writes
//! back byte for byte. The entry itself lies beside it.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    checkpoint::{BadCheckpoint, SignedCheckpoint},
    proof::inclusion_root,
};
use crate::hash::Hash;

/// The first line.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Larger files are refused before they cost anything. A checkpoint has some hundred bytes.
pub const MAX_LENGTH: usize = 256 * 1024;

/// The longest path in a tree of 64 bits.
const MAX_PATH: usize = 64;

/// An entry's place in a log, and how its hash leads to the root that a checkpoint states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofFile {
    /// What an application added; it is not authenticated.
    pub extra: Option<Vec<u8>>,
    /// The entry's number, from 0.
    pub index: u64,
    /// Hashes from the leaf's sibling upwards.
    pub path: Vec<Hash>,
    /// The signed note, as it is.
    pub checkpoint: String,
}

/// Why some bytes are no proof file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadProofFile {
    /// More than [`MAX_LENGTH`] bytes, or more than 64 hashes
    TooLong,
    /// Not UTF-8
    Characters,
    /// Lines end with CR LF, and what was signed does not
    LineEnds,
    /// The first line is another
    Header,
    /// Behind `extra ` is no base64
    Extra,
    /// No line `index N`, a decimal number without leading zero
    Index,
    /// A line of the path is not the base64 form of 32 bytes
    Path,
    /// No blank line, or nothing behind it
    NoCheckpoint,
}

impl fmt::Display for BadProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "longer than 262,144 bytes, or more than 64 hashes",
            Self::Characters => "not UTF-8 text",
            Self::LineEnds => "its lines end with CR LF; turn them into LF, as they were written (dos2unix)",
            Self::Header => "the first line is not c2sp.org/tlog-proof@v1",
            Self::Extra => "the line \"extra\" is not base64",
            Self::Index => "no line \"index N\" with a decimal number without leading zero",
            Self::Path => "a line of the path is not the base64 form of a hash",
            Self::NoCheckpoint => "no checkpoint behind a blank line",
        })
    }
}

impl std::error::Error for BadProofFile {}

impl ProofFile {
    /// Reads a file. What the checkpoint says is [`ProofFile::signed`]'s business.
    ///
    /// # Errors
    /// If the bytes are not exactly what `Display` writes for some proof.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadProofFile> {
        if bytes.len() > MAX_LENGTH {
            return Err(BadProofFile::TooLong);
        }
        let text = str::from_utf8(bytes).map_err(|_| BadProofFile::Characters)?;
        let mut rest = match text.strip_prefix(HEADER).ok_or(BadProofFile::Header)? {
            rest if rest.starts_with("\r\n") => return Err(BadProofFile::LineEnds),
            rest => rest.strip_prefix('\n').ok_or(BadProofFile::Header)?,
        };
        let mut line = || {
            let (line, after) = rest.split_once('\n')?;
            rest = after;
            Some(line)
        };
        let mut next = line().ok_or(BadProofFile::Index)?;
        let extra = match next.strip_prefix("extra ") {
            Some(encoded) => {
                next = line().ok_or(BadProofFile::Index)?;
                Some(STANDARD.decode(encoded).map_err(|_| BadProofFile::Extra)?)
            }
            None => None,
        };
        let index = decimal(next.strip_prefix("index ")).ok_or(BadProofFile::Index)?;
        let mut path = Vec::new();
        loop {
            match line().ok_or(BadProofFile::NoCheckpoint)? {
                "" => break,
                _ if path.len() == MAX_PATH => return Err(BadProofFile::TooLong),
                encoded => path.push(hash(encoded).ok_or(BadProofFile::Path)?),
            }
        }
        let checkpoint = Some(rest.to_owned()).filter(|rest| !rest.is_empty());
        Ok(Self { extra, index, path, checkpoint: checkpoint.ok_or(BadProofFile::NoCheckpoint)? })
    }

    /// The checkpoint, of whatever log. That it was parsed does not say that a signature is good.
    ///
    /// # Errors
    /// If it is none.
    pub fn signed(&self) -> Result<SignedCheckpoint, BadCheckpoint> {
        SignedCheckpoint::parse_of_any_log(self.checkpoint.as_bytes())
    }

    /// The root that an entry's hash gives in a tree of `size` entries; none if the path is not as long as it
    /// has to be.
    pub fn root(&self, size: u64, leaf: Hash) -> Option<Hash> {
        inclusion_root(size, self.index, leaf, &self.path)
    }
}

fn decimal(text: Option<&str>) -> Option<u64> {
    let number: u64 = text?.parse().ok()?;
    // `+5` and `05` are numbers too, but not the ones that are written.
    (text == Some(number.to_string().as_str())).then_some(number)
}

fn hash(encoded: &str) -> Option<Hash> {
    STANDARD.decode(encoded).ok()?.try_into().ok().map(Hash)
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", STANDARD.encode(hash.as_bytes())))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof() -> ProofFile {
        let path = vec![Hash::of(b"a"), Hash::of(b"b")];
        ProofFile { extra: Some(b"more".to_vec()), index: 4711, path, checkpoint: "x\n1\ny\n".to_owned() }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let bare = ProofFile { extra: None, path: Vec::new(), ..proof() };
        for proof in [proof(), bare, ProofFile { extra: Some(Vec::new()), ..proof() }] {
            assert_eq!(ProofFile::parse(proof.to_string().as_bytes()), Ok(proof));
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        let text = proof().to_string();
        let hash = text.lines().nth(3).unwrap().to_owned();
        for (changed, why) in [
            (text.replace("@v1", "@v2"), BadProofFile::Header),
            (text.replace("@v1\n", "@v1\r\n"), BadProofFile::LineEnds),
            (text.replace("4711", "04711"), BadProofFile::Index),
            (text.replace("4711", "+4711"), BadProofFile::Index),
            (text.replace("4711", "18446744073709551616"), BadProofFile::Index),
            (text.replace("index", "Index"), BadProofFile::Index),
            (text.replace("extra bW9yZQ==", "extra bW9yZQ"), BadProofFile::Extra),
            (text.replace("extra bW9yZQ==", "extra bW9yZR=="), BadProofFile::Extra),
            (text.replace(&hash, &hash[1..]), BadProofFile::Path),
            (text.replace(&hash, &format!("{hash} ")), BadProofFile::Path),
            (text.replace("x\n1\ny\n", ""), BadProofFile::NoCheckpoint),
            (text.replace("\n\nx\n1\ny\n", "\n"), BadProofFile::NoCheckpoint),
            (text.replace(&hash, &[&hash[..]; 64].join("\n")), BadProofFile::TooLong),
            (format!("{text}{}", "x\n".repeat(MAX_LENGTH / 2)), BadProofFile::TooLong),
        ] {
            assert_eq!(ProofFile::parse(changed.as_bytes()), Err(why), "{changed:.200}");
        }
        assert_eq!(
            ProofFile::parse(b"c2sp.org/tlog-proof@v1\nindex \xff\n\nx"),
            Err(BadProofFile::Characters)
        );
    }
}
