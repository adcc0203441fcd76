//! The content of a key file, in whichever envelope the key is: told apart by its content, never by its name.
//!
//! ```text
//! -----BEGIN PRIVATE KEY-----            PKCS#8, with or without a passphrase; OPENSSH PRIVATE KEY; PUBLIC KEY
//! {"kty":"OKP","crv":"Ed25519",…}        a JSON Web Key
//! 30 2e 02 01 00 …                       PKCS#8 or a public key as DER
//! ssh-ed25519 AAAAC3Nza…                 a public key of OpenSSH
//! did:key:z6Mk…, did:key:z6Mk…#z6Mk…     a name
//! NAME+33d7b496+AeHTu4Q3…                a verifier key
//! ```
//!
//! Of several PEM blocks the first that holds a private key counts, as with OpenSSL, else the first public key. Raw bytes
//! and hex say of nothing that they are a key: only [`seed`](super::seed) reads them, where the user says that they are one.

use std::collections::BTreeSet;

use super::{
    Did, PublicKey, SecretKey, algorithm,
    bad_key_text::BadKeyText,
    jwk::{self, JsonWebKey},
    openssh::{self, LockedOpenSsh, OpenSshKey},
    pem::{self, DerKind, LockedPkcs8},
    pem_block::{self, PemBlock},
    seed,
};
use crate::file_kind::{self, FileKind};

/// What a text holds.
pub enum KeyText {
    /// A secret key
    Open(SecretKey),
    /// A secret key under a passphrase
    Locked(LockedKey),
    /// Only the public half
    Public(PublicKey),
    /// A line that has the form of a verifier key, which is read by [`VerifierKey`](crate::tlog::vkey::VerifierKey)
    Verifier(String),
}

/// A secret key that needs its passphrase.
pub enum LockedKey {
    /// PKCS#8, `ENCRYPTED PRIVATE KEY`
    Pkcs8(LockedPkcs8),
    /// `OPENSSH PRIVATE KEY`
    OpenSsh(LockedOpenSsh),
}

impl LockedKey {
    /// Opens it.
    ///
    /// # Errors
    /// If the passphrase is wrong, or the scheme is not supported or would cost more than some seconds.
    pub fn open(&self, passphrase: &[u8]) -> Result<SecretKey, BadKeyText> {
        match self {
            Self::Pkcs8(locked) => locked.open(passphrase),
            Self::OpenSsh(locked) => locked.open(passphrase),
        }
    }
}

/// Reads the content of a key file.
///
/// # Errors
/// If it holds no Ed25519 key: what it is instead, as far as that can be told.
pub fn parse(bytes: &[u8]) -> Result<KeyText, BadKeyText> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let found = pem_block::find(bytes);
    if !found.whole.is_empty() {
        return of_blocks(&found.whole);
    }
    if found.torn {
        return Err(BadKeyText::Damaged);
    }
    // A DID may be as long as a seed.
    if !bytes.trim_ascii().starts_with(b"did:") && seed::read(bytes).is_some() {
        return Err(BadKeyText::Bare);
    }
    match std::str::from_utf8(bytes).map(str::trim_ascii) {
        Ok(text) if !text.is_empty() && !text.contains('\0') => of_text(text),
        _ => of_der(bytes),
    }
}

/// How many keys the PEM blocks of a key file hold, where a secret key and its public half are one; 0: it has no such
/// blocks. A key that cannot be read counts, and of one under a passphrase a public key beside it is taken for its half.
pub fn count_keys(bytes: &[u8]) -> usize {
    let found = pem_block::find(bytes);
    let holds_key = |block: &&PemBlock<'_>| {
        [&b"PRIVATE KEY"[..], b"PUBLIC KEY"].iter().any(|end| block.label.ends_with(end))
    };
    let (mut known, mut locked, mut other) = (BTreeSet::new(), 0, 0);
    for block in found.whole.iter().filter(holds_key) {
        match of_blocks(std::slice::from_ref(block)) {
            Ok(KeyText::Open(key)) => drop(known.insert(*key.public().as_bytes())),
            Ok(KeyText::Public(key)) => drop(known.insert(*key.as_bytes())),
            Ok(KeyText::Locked(_)) => locked += 1,
            Ok(KeyText::Verifier(_)) | Err(_) => other += 1,
        }
    }
    known.len().max(locked) + other
}

/// Whether a text that was given where a name is expected may be a secret key itself, which is not to be repeated: a private
/// key as PEM or JWK, or as many hex digits as a seed has, which may be a public key too.
pub fn may_be_secret(text: &str) -> bool {
    let text = text.trim_ascii();
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let is_hex = matches!(digits.len(), 64 | 128) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex || holds_private(text)
}

/// Whether a private key stands in a text, as PEM or JWK.
pub fn holds_private(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
        || (text.trim_start().starts_with('{') && text.contains("\"kty\"") && text.contains("\"d\""))
}

fn of_blocks(blocks: &[PemBlock<'_>]) -> Result<KeyText, BadKeyText> {
    let is_private = |block: &&PemBlock<'_>| block.label.ends_with(b"PRIVATE KEY");
    let is_public = |block: &&PemBlock<'_>| block.label.ends_with(b"PUBLIC KEY");
    let chosen = blocks.iter().find(is_private).or_else(|| blocks.iter().find(is_public));
    let block = chosen.unwrap_or(&blocks[0]);
    let der = block.decode();
    let content = || der.as_ref().ok_or(BadKeyText::Damaged);
    match block.label {
        b"PRIVATE KEY" => pem::secret(content()?).map(KeyText::Open),
        b"ENCRYPTED PRIVATE KEY" => LockedPkcs8::new(content()?).map(LockedKey::Pkcs8).map(KeyText::Locked),
        b"PUBLIC KEY" => pem::public(content()?).map(KeyText::Public),
        b"OPENSSH PRIVATE KEY" => Ok(match openssh::private(content()?)? {
            OpenSshKey::Open(key) => KeyText::Open(key),
            OpenSshKey::Locked(locked) => KeyText::Locked(LockedKey::OpenSsh(locked)),
        }),
        other => Err(BadKeyText::Other(algorithm::of_label(other, der.as_ref().map(|der| &***der)))),
    }
}

fn of_der(der: &[u8]) -> Result<KeyText, BadKeyText> {
    match pem::kind_of_der(der) {
        Some(DerKind::Secret) => pem::secret(der).map(KeyText::Open),
        Some(DerKind::Locked) => LockedPkcs8::new(der).map(LockedKey::Pkcs8).map(KeyText::Locked),
        Some(DerKind::Public) => pem::public(der).map(KeyText::Public),
        None => {
            let what = algorithm::of_other_der(der).map(str::to_owned);
            Err(what.map_or_else(|| other(der), BadKeyText::Other))
        }
    }
}

fn of_text(text: &str) -> Result<KeyText, BadKeyText> {
    if text.starts_with("did:") {
        return Did::parse_method(text)
            .and_then(|did| PublicKey::from_bytes(did.as_bytes()))
            .map(KeyText::Public)
            .map_err(BadKeyText::Key);
    }
    if text.starts_with('{') {
        return Ok(match jwk::parse(text.as_bytes())? {
            JsonWebKey::Secret(key) => KeyText::Open(key),
            JsonWebKey::Public(key) => KeyText::Public(key),
        });
    }
    if file_kind::is_key_name(text) {
        return Ok(KeyText::Verifier(text.to_owned()));
    }
    if let Some(what) = algorithm::of_beginning(text) {
        return Err(BadKeyText::Other(what.to_owned()));
    }
    let mut lines = text.lines().filter(|line| !line.trim_ascii().is_empty() && !line.starts_with('#'));
    match (lines.next(), lines.count()) {
        (Some(line), more) if is_ssh(line) => match more {
            0 => openssh::public_line(line),
            more => return Err(BadKeyText::Other(format!("{} public keys of OpenSSH", more + 1))),
        }
        .map(KeyText::Public),
        _ => Err(other(text.as_bytes())),
    }
}

fn is_ssh(line: &str) -> bool {
    let is_type = |word| word == openssh::TYPE || algorithm::is_ssh_type(word);
    line.split_ascii_whitespace().next().is_some_and(is_type)
}

/// What is no key at all, by its first bytes.
fn other(bytes: &[u8]) -> BadKeyText {
    FileKind::of(bytes).map_or(BadKeyText::NoKey, |kind| BadKeyText::Other(kind.to_string()))
}

#[cfg(test)]
mod tests;
