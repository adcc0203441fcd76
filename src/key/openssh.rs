//! OpenSSH's keys: the private ones as `ssh-keygen` writes them, the public ones as one line.
//!
//! ```text
//! -----BEGIN OPENSSH PRIVATE KEY-----          base64 of:
//! "openssh-key-v1" 0                           then, each with its length in 4 bytes:
//! cipher, kdf, salt and rounds                 "none", "none", "" without a passphrase
//! 1, the public key                            of one key
//! check, check, "ssh-ed25519", 32 bytes,       encrypted if there is a passphrase: both checks are
//!   64 bytes (seed, public key), comment,      equal if it was the right one, the padding is 1, 2, 3 …
//!   padding
//!
//! ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… gateway
//! ```
//!
//! Formats: OpenSSH's `PROTOCOL.key`; RFC 4253 §6.6 with RFC 8709. Under a passphrase that is `bcrypt_pbkdf` and
//! AES-256 in counter mode, which `ssh-keygen` has written since OpenSSH 7.

use aes::Aes256;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ctr::{
    Ctr128BE,
    cipher::{KeyIvInit, StreamCipher},
};
use zeroize::Zeroizing;

use super::{PublicKey, SecretKey, algorithm, bad_key_text::BadKeyText};

/// The type of an Ed25519 key.
pub(super) const TYPE: &str = "ssh-ed25519";

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// The cipher under a passphrase.
const CIPHER: &[u8] = b"aes256-ctr";

/// What a passphrase may cost: OpenSSH takes 16 or 24 rounds unless told otherwise, and each is some milliseconds.
const MOST_ROUNDS: u32 = 2_000;

/// What a private key's bytes hold.
pub(super) enum OpenSshKey {
    /// A key without a passphrase
    Open(SecretKey),
    /// A key under one
    Locked(LockedOpenSsh),
}

/// A key that needs its passphrase.
pub struct LockedOpenSsh {
    salt: Vec<u8>,
    rounds: u32,
    encrypted: Vec<u8>,
    public: [u8; 32],
}

/// The members of a message, each behind its length.
struct Members<'a>(&'a [u8]);

impl<'a> Members<'a> {
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*number))
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}

/// Reads the bytes of a private key.
pub(super) fn private(bytes: &[u8]) -> Result<OpenSshKey, BadKeyText> {
    let mut members = Members(bytes.strip_prefix(MAGIC).ok_or(BadKeyText::Damaged)?);
    let mut next = || members.bytes().ok_or(BadKeyText::Damaged);
    let (cipher, kdf, options) = (next()?, next()?, next()?);
    if members.number() != Some(1) {
        return Err(BadKeyText::Damaged);
    }
    let mut next = || members.bytes().ok_or(BadKeyText::Damaged);
    let (public, content) = (public_of(next()?)?, next()?);
    match (cipher, kdf) {
        (b"none", b"none") => content_of(content, &public).map(OpenSshKey::Open),
        (CIPHER, b"bcrypt") => locked(options, content, public).map(OpenSshKey::Locked),
        _ => Err(BadKeyText::Scheme),
    }
}

fn locked(options: &[u8], content: &[u8], public: [u8; 32]) -> Result<LockedOpenSsh, BadKeyText> {
    let mut options = Members(options);
    let (salt, rounds) = (options.bytes(), options.number());
    let (salt, rounds) = salt.zip(rounds).ok_or(BadKeyText::Damaged)?;
    if rounds == 0 || rounds > MOST_ROUNDS || salt.is_empty() {
        return Err(BadKeyText::Scheme);
    }
    Ok(LockedOpenSsh { salt: salt.to_owned(), rounds, encrypted: content.to_owned(), public })
}

impl LockedOpenSsh {
    /// Opens it.
    ///
    /// # Errors
    /// If the passphrase is wrong, or what it opens is damaged.
    pub(super) fn open(&self, passphrase: &[u8]) -> Result<SecretKey, BadKeyText> {
        if passphrase.is_empty() {
            return Err(BadKeyText::Passphrase);
        }
        let mut made = Zeroizing::new([0; 48]);
        bcrypt_pbkdf::bcrypt_pbkdf(passphrase, &self.salt, self.rounds, &mut *made)
            .map_err(|_| BadKeyText::Scheme)?;
        let (key, iv) = made.split_at(32);
        let mut content = Zeroizing::new(self.encrypted.clone());
        let mut cipher = Ctr128BE::<Aes256>::new_from_slices(key, iv).map_err(|_| BadKeyText::Scheme)?;
        cipher.apply_keystream(&mut content);
        let mut checks = Members(&content);
        if checks.number() != checks.number() {
            return Err(BadKeyText::Passphrase);
        }
        content_of(&content, &self.public)
    }
}

/// The key in the part that a passphrase hides.
fn content_of(content: &[u8], public: &[u8; 32]) -> Result<SecretKey, BadKeyText> {
    let mut members = Members(content);
    if members.number() != members.number() {
        return Err(BadKeyText::Damaged);
    }
    let mut next = || members.bytes().ok_or(BadKeyText::Damaged);
    let (kind, again, secret, _comment) = (next()?, next()?, next()?, next()?);
    let is_padding = members.0.iter().zip(1u8..).all(|(byte, count)| *byte == count);
    if kind != TYPE.as_bytes() || !is_padding {
        return Err(BadKeyText::Damaged);
    }
    let (seed, third) = secret.split_first_chunk::<32>().ok_or(BadKeyText::Damaged)?;
    let key = SecretKey::from_seed(seed);
    let is_its_own = [public.as_slice(), again, third].iter().all(|said| *said == key.public().as_bytes());
    if is_its_own { Ok(key) } else { Err(BadKeyText::Mismatch) }
}

/// The 32 bytes in the wire form of a public key.
fn public_of(blob: &[u8]) -> Result<[u8; 32], BadKeyText> {
    let mut members = Members(blob);
    let kind = members.bytes().ok_or(BadKeyText::Damaged)?;
    if kind != TYPE.as_bytes() {
        return Err(BadKeyText::Other(algorithm::of_ssh_type(kind)));
    }
    let key = members.bytes().filter(|_| members.0.is_empty()).ok_or(BadKeyText::Damaged)?;
    key.try_into().map_err(|_| BadKeyText::Damaged)
}

/// Reads the line of a public key, as `ssh-keygen` and `foil key export --as ssh` write it.
pub(super) fn public_line(line: &str) -> Result<PublicKey, BadKeyText> {
    let mut words = line.split_ascii_whitespace();
    let (kind, encoded) = words.next().zip(words.next()).ok_or(BadKeyText::Damaged)?;
    if kind != TYPE {
        return Err(BadKeyText::Other(algorithm::of_ssh_type(kind.as_bytes())));
    }
    let blob = STANDARD.decode(encoded).map_err(|_| BadKeyText::Damaged)?;
    PublicKey::from_bytes(&public_of(&blob)?).map_err(BadKeyText::Key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::export;

    fn member(bytes: &[u8]) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
        [&length, bytes].concat()
    }

    /// The bytes of a key file whose parts say that they are of these seeds: the outer public key, the inner one, the
    /// secret one, and the public one behind that.
    fn file(seeds: [u8; 4]) -> Vec<u8> {
        let [outer, inner, secret, third] = seeds.map(|seed| SecretKey::from_seed(&[seed; 32]));
        let public = |key: &SecretKey| *key.public().as_bytes();
        let blob = [member(b"ssh-ed25519"), member(&public(&outer))].concat();
        let pair = [secret.seed().as_slice(), &public(&third)].concat();
        let content = [
            &[0, 1, 2, 3, 0, 1, 2, 3][..],
            &member(b"ssh-ed25519"),
            &member(&public(&inner)),
            &member(&pair),
            &member(b"me"),
            &[1, 2, 3],
        ]
        .concat();
        let none = member(b"none");
        [MAGIC, &none, &none, &member(b""), &[0, 0, 0, 1], &member(&blob), &member(&content)].concat()
    }

    fn refusal(bytes: &[u8]) -> BadKeyText {
        match private(bytes) {
            Ok(_) => panic!("taken"),
            Err(bad) => bad,
        }
    }

    #[test]
    fn all_parts_must_be_of_one_key() {
        let Ok(OpenSshKey::Open(key)) = private(&file([7; 4])) else { panic!("not read") };
        assert_eq!(key.public(), SecretKey::from_seed(&[7; 32]).public());
        for at in 0..4 {
            let mut seeds = [7; 4];
            seeds[at] = 8;
            assert_eq!(refusal(&file(seeds)), BadKeyText::Mismatch, "{at}");
        }
    }

    #[test]
    fn every_cut_is_refused() {
        let whole = file([7; 4]);
        for length in 0..whole.len() {
            assert_eq!(refusal(&whole[..length]), BadKeyText::Damaged, "{length}");
        }
        let mut padded = whole.clone();
        *padded.last_mut().unwrap() = 9;
        assert_eq!(refusal(&padded), BadKeyText::Damaged);
    }

    #[test]
    fn a_passphrase_never_costs_minutes() {
        let options = |rounds: u32| [member(&[1; 16]), rounds.to_be_bytes().to_vec()].concat();
        let with = |rounds| locked(&options(rounds), &[0; 64], [0; 32]);
        assert!(with(16).is_ok());
        for rounds in [0, MOST_ROUNDS + 1, u32::MAX] {
            assert!(matches!(with(rounds), Err(BadKeyText::Scheme)), "{rounds}");
        }
        assert!(matches!(with(1).unwrap().open(b""), Err(BadKeyText::Passphrase)));
        assert!(matches!(with(1).unwrap().open(b"wrong"), Err(BadKeyText::Passphrase)));
    }

    #[test]
    fn a_public_line_is_read_as_it_is_exported() {
        let key = SecretKey::from_seed(&[7; 32]).public();
        for comment in ["", "me@host", "two words"] {
            assert_eq!(public_line(&export::ssh(&key, comment)), Ok(key.clone()));
        }
        let Err(BadKeyText::Other(what)) = public_line("ssh-rsa AAAA me") else { panic!("taken") };
        assert_eq!(what, "an RSA key");
        assert_eq!(public_line("ssh-ed25519"), Err(BadKeyText::Damaged));
        assert_eq!(public_line("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"), Err(BadKeyText::Damaged));
    }
}
