//! Keys: Ed25519 (RFC 8032), and their names as `did:key`.
//!
//! ```text
//! did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK
//!         z = base58btc of ed 01 and the 32 bytes of the public key
//! ```
//!
//! Standard: <https://w3c-ccg.github.io/did-key-spec/>. The only verdict on a signature is
//! `verify_strict`: cofactorless, no small-order keys or R; [`table`] computes the same. Batch equations may
//! accept what it refuses.

mod algorithm;
pub mod bad_key_text;
pub mod contact;
mod did;
pub mod export;
pub mod file;
pub mod import;
mod jwk;
mod many;
pub mod multibase;
pub mod new_keys;
mod openssh;
pub mod pem;
mod pem_block;
pub mod place;
pub mod seed;
pub mod table;
pub mod text;

use std::{fmt, hash};

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

pub use did::Did;

/// Multicodec prefix of an Ed25519 public key.
const ED25519_PUB: [u8; 2] = [0xed, 0x01];

const PREFIX: &str = "did:key:";

/// A public key that can be trusted to mean one person: canonical encoding, not of small order.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Why some text or bytes are no public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadKey {
    /// Not `did:key:z…` with base58btc
    Form,
    /// A `did:key` of another algorithm than Ed25519
    Algorithm,
    /// The bytes are no point of the curve, or not its canonical encoding
    Encoding,
    /// A point of small order: signatures under it prove nothing
    Weak,
    /// One key before `#`, and another one behind it
    Two,
}

impl fmt::Display for BadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "not a did:key (did:key:z6Mk…)",
            Self::Algorithm => "not an Ed25519 key (did:key:z6Mk…)",
            Self::Encoding => "not a canonical Ed25519 public key",
            Self::Weak => "a weak key: anybody could sign for it",
            Self::Two => "names one key before # and another one behind it",
        })
    }
}

impl std::error::Error for BadKey {}

impl PublicKey {
    /// Takes the 32 bytes of RFC 8032.
    ///
    /// # Errors
    /// If they are no point, not its canonical encoding, or a weak key.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, BadKey> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| BadKey::Encoding)?;
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(BadKey::Encoding);
        }
        if key.is_weak() { Err(BadKey::Weak) } else { Ok(Self(key)) }
    }

    /// Reads a `did:key`, in exactly the form that `Display` writes.
    ///
    /// # Errors
    /// If the text is another form, another algorithm, or no good key.
    pub fn parse_did(did: &str) -> Result<Self, BadKey> {
        Self::from_bytes(Did::parse(did)?.as_bytes())
    }

    /// The 32 bytes of RFC 8032.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The key's name, `did:key:z6Mk…`.
    pub fn did(&self) -> String {
        Did::from(self).to_string()
    }

    /// The key as multibase, `z6Mk…`: the fragment of its verification method.
    pub fn multibase(&self) -> String {
        let mut bytes = ED25519_PUB.to_vec();
        bytes.extend(self.as_bytes());
        multibase::encode(&bytes)
    }

    /// Whether the signature is this key's over the message, strictly.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.did())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl hash::Hash for PublicKey {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

/// A key that can sign. It is wiped from memory when dropped, and never printed.
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// The key of a 32-byte seed, which must come from the kernel's random numbers.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The other half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// The deterministic signature of RFC 8032 over a message.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// The seed, for writing the key to its file.
    pub(crate) fn seed(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {})", self.public())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_keys_are_one_to_one() {
        let key = SecretKey::from_seed(&[7; 32]).public();
        assert!(key.did().starts_with("did:key:z6Mk"));
        assert_eq!(PublicKey::parse_did(&key.did()), Ok(key.clone()));
        assert_eq!(PublicKey::parse_did(&key.multibase()), Err(BadKey::Form));
        assert_eq!(PublicKey::parse_did(&format!("{} ", key.did())), Err(BadKey::Form));
        assert_eq!(PublicKey::parse_did(&format!("did:key:z{}", "1".repeat(70_000))), Err(BadKey::Algorithm));
    }

    #[test]
    fn weak_and_uncanonical_keys_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(PublicKey::from_bytes(&identity), Err(BadKey::Weak));
        // y = p + 1 is another spelling of y = 1.
        let mut spelt = [0xff; 32];
        (spelt[0], spelt[31]) = (0xee, 0x7f);
        assert_eq!(PublicKey::from_bytes(&spelt), Err(BadKey::Encoding));
    }

    #[test]
    fn a_changed_message_or_signature_is_refused() {
        let secret = SecretKey::from_seed(&[7; 32]);
        let mut signature = secret.sign(b"4.2");
        assert!(secret.public().verifies(b"4.2", &signature));
        assert!(!secret.public().verifies(b"4.3", &signature));
        signature[5] ^= 1;
        assert!(!secret.public().verifies(b"4.2", &signature));
    }
}
