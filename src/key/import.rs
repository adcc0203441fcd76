//! Keys of other programs, to be kept as ours: whatever [`text`](super::text) reads, and seeds that say nothing of
//! themselves, since here the user says what they are.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use super::{
    SecretKey,
    bad_key_text::BadKeyText,
    file::{self, BadKeyFile},
    seed,
    text::{self, KeyText, LockedKey},
};

/// A secret key of another program.
pub struct ForeignKey {
    /// The key
    pub key: FoundSecret,
    /// Whether these are bare bytes, which may be a public key as well
    pub is_bare: bool,
    /// The file's permissions, if others can read it; `None`: they cannot, or it is no file
    pub exposed: Option<u32>,
}

/// The secret in a file.
pub enum FoundSecret {
    /// Free to use
    Open(SecretKey),
    /// Under a passphrase
    Locked(LockedKey),
}

/// Reads a file that holds a secret key.
///
/// # Errors
/// If it cannot be read, or holds none.
pub fn read(path: &Path) -> Result<ForeignKey, BadKeyFile> {
    let (opened, bytes) = file::open(path)?;
    let found = of(&bytes, path)?;
    Ok(ForeignKey { exposed: file::exposure(path, &opened)?, ..found })
}

/// Reads a secret key from a stream. `shown` is what it is called.
///
/// # Errors
/// If it cannot be read, is longer than any key, or holds none.
pub fn read_stream(stream: impl Read, shown: &str) -> Result<ForeignKey, BadKeyFile> {
    let path = PathBuf::from(shown);
    let bytes = file::bounded(&path, stream)?;
    of(&bytes, &path)
}

fn of(bytes: &[u8], path: &Path) -> Result<ForeignKey, BadKeyFile> {
    let bad = |bad| BadKeyFile::Text(path.to_owned(), bad);
    let (key, is_bare) = match text::parse(bytes) {
        Ok(KeyText::Open(key)) => (FoundSecret::Open(key), false),
        Ok(KeyText::Locked(locked)) => (FoundSecret::Locked(locked), false),
        Ok(KeyText::Public(_) | KeyText::Verifier(_)) => {
            return Err(BadKeyFile::OnlyPublic(path.to_owned()));
        }
        Err(BadKeyText::Bare) => (FoundSecret::Open(seed::key(bytes).map_err(bad)?), true),
        Err(other) => return Err(bad(other)),
    };
    Ok(ForeignKey { key, is_bare, exposed: None })
}
