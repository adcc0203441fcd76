//! `did:key` names as 32 bytes: which key is meant, without a check that it is a good one.
//!
//! ```text
//! did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK    ◄─► 32 bytes
//! ```
//!
//! To tell keys apart takes none of the arithmetic that a [`PublicKey`] has gone through. Where a signature of the
//! key is demanded, that is what proves it to be a good one.

use std::fmt;

use super::{BadKey, ED25519_PUB, PREFIX, PublicKey, multibase};
use crate::hash::Hash;

/// The 32 bytes of an Ed25519 public key, not decoded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did([u8; 32]);

impl Did {
    /// A key by its 32 bytes (RFC 8032).
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a `did:key` of Ed25519, in exactly the form that `Display` writes.
    ///
    /// # Errors
    /// If the text is another form or another algorithm.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let text = text.strip_prefix(PREFIX).filter(|text| multibase::is_base58(text)).ok_or(BadKey::Form)?;
        let bytes: [u8; 34] = multibase::decode(text).ok_or(BadKey::Algorithm)?;
        match bytes.split_at(ED25519_PUB.len()) {
            (prefix, key) if prefix == ED25519_PUB => {
                Ok(Self(key.try_into().map_err(|_| BadKey::Algorithm)?))
            }
            _ => Err(BadKey::Algorithm),
        }
    }

    /// Reads a `did:key`, also with itself behind `#`: so a proof names the key that verifies it.
    ///
    /// # Errors
    /// If the text is another form or another algorithm, or names two keys.
    pub fn parse_method(text: &str) -> Result<Self, BadKey> {
        let Some((did, fragment)) = text.split_once('#') else { return Self::parse(text) };
        let key = Self::parse(did)?;
        if did.strip_prefix(PREFIX) == Some(fragment) { Ok(key) } else { Err(BadKey::Two) }
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key's short form: what two people compare when one reads it out to the other. The first 80 bits of the SHA-256
    /// of the 32 bytes, in five groups of lowercase hex: no letter case to spell, and too many to make a second key for.
    ///
    /// ```text
    /// 6668-7aad-f862-bd77-6c8f
    /// ```
    pub fn short(&self) -> String {
        let digits = self.commitment().to_string();
        let groups: Vec<&str> = (0..5).map(|group| &digits[4 * group..4 * group + 4]).collect();
        groups.join("-")
    }

    /// What a party commits to before it uses this key: the SHA-256 of the 32 bytes.
    pub fn commitment(&self) -> Hash {
        Hash::of(&self.0)
    }
}

impl From<&PublicKey> for Did {
    fn from(key: &PublicKey) -> Self {
        Self(*key.as_bytes())
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = ED25519_PUB.to_vec();
        bytes.extend(self.0);
        write!(f, "{PREFIX}{}", multibase::encode(&bytes))
    }
}

impl fmt::Debug for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Did({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;

    #[test]
    fn a_name_is_that_of_its_key() {
        let key = SecretKey::from_seed(&[7; 32]).public();
        let did = Did::from(&key);
        assert_eq!((did.to_string(), Did::parse(&key.did())), (key.did(), Ok(did)));
        assert_eq!(did.commitment(), Hash::of(key.as_bytes()));
        assert_eq!(Did::parse(&key.multibase()), Err(BadKey::Form));
        assert_eq!(Did::parse(&format!("{} ", key.did())), Err(BadKey::Form));
        let p256 = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv";
        assert_eq!(Did::parse(p256), Err(BadKey::Algorithm));
        // By `python3 -c 'import hashlib; print(hashlib.sha256(bytes([7] * 32)).hexdigest()[:20])'`.
        assert_eq!(Did::from_bytes([7; 32]).short(), "4bb0-6f8e-4e3a-7715-d201");
        let method = |did: &Did, key: &PublicKey| Did::parse_method(&format!("{did}#{}", key.multibase()));
        assert_eq!((method(&did, &key), Did::parse_method(&key.did())), (Ok(did), Ok(did)));
        assert_eq!(method(&did, &SecretKey::from_seed(&[8; 32]).public()), Err(BadKey::Two));
        assert_eq!(Did::parse_method(&format!("{did}#")), Err(BadKey::Two));
        let nowhere = Did::from_bytes([2; 32]);
        assert_eq!(Did::parse(&nowhere.to_string()), Ok(nowhere), "a name need not be a point");
    }
}
