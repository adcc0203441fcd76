//! Seeds as they are: bytes or hex that say nothing of themselves.
//!
//! ```text
//! 0707…07             32 bytes, or 64 hex digits: the seed of RFC 8032
//! 0707…07ea4a6c63…    64 bytes, or 128 hex digits: the seed and its public key, as libsodium and Go keep them
//! ```
//!
//! Hex may have `0x` in front, and white space and colons within. A public key looks just the same as a seed, so these
//! are only taken where the user says that they are a secret key.

use zeroize::Zeroizing;

use super::{SecretKey, bad_key_text::BadKeyText};

/// The bytes of a seed, alone or with its public key.
pub(super) struct BareKey {
    seed: Zeroizing<[u8; 32]>,
    public: Option<[u8; 32]>,
}

/// The bytes that a text may mean: `None` if there are not as many as a seed has, or the seed and its public key.
pub(super) fn read(text: &[u8]) -> Option<BareKey> {
    let trimmed = text.trim_ascii();
    let is_hex = |byte: &u8| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace() || *byte == b':';
    let digits = trimmed.strip_prefix(b"0x").unwrap_or(trimmed);
    if matches!(text.len(), 32 | 64) && !digits.iter().all(is_hex) {
        return of_bytes(text);
    }
    // No more than a key has, so that no copy of a secret is left behind by growing.
    let mut bytes = Zeroizing::new(Vec::with_capacity(64));
    let mut digits = digits.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b':');
    while let Some(high) = digits.next() {
        let value = |digit: &u8| char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        if bytes.len() == 64 {
            return None;
        }
        bytes.push(value(high)? << 4 | value(digits.next()?)?);
    }
    of_bytes(&bytes)
}

fn of_bytes(bytes: &[u8]) -> Option<BareKey> {
    let (seed, public) = bytes.split_first_chunk::<32>()?;
    let public = match public.len() {
        0 => None,
        _ => Some(public.try_into().ok()?),
    };
    Some(BareKey { seed: Zeroizing::new(*seed), public })
}

/// The key of a text that the user says to be one.
///
/// # Errors
/// [`BadKeyText::NoKey`] if it has another length, [`BadKeyText::Mismatch`] if it has a public key that is not the seed's.
pub fn key(text: &[u8]) -> Result<SecretKey, BadKeyText> {
    let bare = read(text).ok_or(BadKeyText::NoKey)?;
    let key = SecretKey::from_seed(&bare.seed);
    match bare.public {
        Some(public) if public != *key.public().as_bytes() => Err(BadKeyText::Mismatch),
        _ => Ok(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_hex_of_both_lengths_are_read() {
        let expected = SecretKey::from_seed(&[7; 32]).public();
        let hex = "07".repeat(32);
        let both = format!("{hex}{}", hex::encode(expected.as_bytes()));
        let colons = vec!["07"; 32].join(":\n ");
        for text in [hex.clone(), format!("0x{hex}\n"), hex.to_uppercase(), both.clone(), colons] {
            assert_eq!(key(text.as_bytes()).map(|key| key.public()), Ok(expected.clone()), "{text}");
        }
        for bytes in [vec![7; 32], hex::decode(&both).unwrap()] {
            assert_eq!(key(&bytes).map(|key| key.public()), Ok(expected.clone()));
        }
        let other = both.replace("ea4a", "ea4b");
        assert_eq!(key(other.as_bytes()).map(|key| key.public()), Err(BadKeyText::Mismatch));
        for odd in ["", "07", &hex[1..], &format!("{hex}0"), &format!("{both}00"), &format!("{hex}zz")] {
            assert_eq!(key(odd.as_bytes()).map(|key| key.public()), Err(BadKeyText::NoKey), "{odd}");
        }
    }
}
