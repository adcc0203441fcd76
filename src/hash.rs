//! SHA-256 (FIPS 180-4) and its lowercase hex form, which every id in a ledger has; SHA-512 for signatures.

use std::{
    fmt,
    io::{self, Read},
};

use sha2::{Digest, Sha256, Sha512};

/// The value of each byte as a lowercase hex digit; 16 for bytes that are none.
const DIGIT_VALUES: [u8; 256] = {
    let mut worth = [16; 256];
    let mut digit = 0;
    while digit < 16 {
        worth[b"0123456789abcdef"[digit as usize] as usize] = digit;
        digit += 1;
    }
    worth
};

/// A SHA-256 digest. `Display` is 64 lowercase hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of several pieces, one after the other.
    pub fn of_all(pieces: &[&[u8]]) -> Self {
        let mut digest = Sha256::new();
        for piece in pieces {
            digest.update(piece);
        }
        Self(digest.finalize().into())
    }

    /// The digest of all that there is to read, however much.
    ///
    /// # Errors
    /// If reading fails.
    pub fn of_reader(mut from: impl Read) -> io::Result<Self> {
        let (mut digest, mut piece) = (Sha256::new(), vec![0; 1 << 16]);
        loop {
            match from.read(&mut piece) {
                Ok(0) => return Ok(Self(digest.finalize().into())),
                Ok(read) => digest.update(&piece[..read]),
                Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
                Err(why) => return Err(why),
            }
        }
    }

    /// Reads 64 lowercase hex digits; `None`: the text is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: &[u8; 64] = text.as_bytes().try_into().ok()?;
        let (mut bytes, mut seen) = ([0; 32], 0);
        // A branch at each digit would cost more than all else of reading a registry event.
        for (byte, pair) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
            let [high, low] = pair.map(|digit| DIGIT_VALUES[usize::from(digit)]);
            *byte = high << 4 | low;
            seen |= high | low;
        }
        (seen < 16).then_some(Self(bytes))
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The SHA-512 digest of several pieces, one after the other: what Ed25519 hashes with (RFC 8032 §5.1).
pub fn sha512(pieces: &[&[u8]]) -> [u8; 64] {
    let mut digest = Sha512::new();
    for piece in pieces {
        digest.update(piece);
    }
    digest.finalize().into()
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_lowercase_both_ways() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Hash::of(b"abc").to_string(), abc);
        assert_eq!(Hash::of_all(&[b"a", b"", b"bc"]), Hash::of(b"abc"));
        assert_eq!(Hash::parse(abc), Some(Hash::of(b"abc")));
        assert_eq!(Hash::parse(&abc.to_uppercase()), None);
        assert_eq!(Hash::parse(&abc[1..]), None);
        assert_eq!(Hash::parse(&format!("{abc}0")), None);
        assert_eq!(Hash::parse(&abc.replacen("ba", "\u{e9}", 1)), None);
    }

    #[test]
    fn every_other_digit_is_refused_at_every_place() {
        let hash = Hash::of(b"abc");
        for (at, digit) in (0..64).flat_map(|at| (0..128u8).map(move |digit| (at, digit))) {
            let mut text = hash.to_string().into_bytes();
            text[at] = digit;
            let text = String::from_utf8(text).unwrap();
            let good = matches!(digit, b'0'..=b'9' | b'a'..=b'f');
            assert_eq!(Hash::parse(&text).map(|hash| hash.to_string()), good.then_some(text));
        }
    }
}
