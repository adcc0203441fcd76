//! PEM texts of keys: PKCS#8, with or without a passphrase.
//!
//! ```text
//! -----BEGIN PRIVATE KEY-----
//! MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH
//! -----END PRIVATE KEY-----
//! ```
//!
//! Standards: RFC 5958 and RFC 8410 (the key), RFC 7468 (the text), RFC 8018 with RFC 7914 (PBES2, scrypt,
//! AES-256-CBC). Version 1 is written, since OpenSSL before 3.5 refuses version 2; both are read.

use std::fmt;

use pkcs8::{
    AlgorithmIdentifierRef, EncryptedPrivateKeyInfoRef, Error, LineEnding, ObjectIdentifier,
    PrivateKeyInfoRef, SecretDocument, SubjectPublicKeyInfoRef,
    der::{Decode, asn1::OctetStringRef},
    pkcs5::{
        EncryptionScheme,
        pbes2::{self, Kdf, Salt, ScryptParams},
    },
};
use zeroize::Zeroizing;

use super::{PublicKey, SecretKey};

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const OPEN: &str = "PRIVATE KEY";
const LOCKED: &str = "ENCRYPTED PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";

/// scrypt's N and r: 16 MiB, as much as OpenSSL 3 takes without being asked.
const SCRYPT: (u64, u16) = (1 << 14, 8);

/// What a passphrase may cost: 256 MiB of scrypt at most, ten million rounds of PBKDF2, some seconds.
const MOST_SCRYPT: u64 = 256 << 20;
const MOST_ROUNDS: u32 = 10_000_000;

/// What a PEM text holds.
pub enum PemKey {
    /// A secret key
    Open(SecretKey),
    /// A secret key under a passphrase
    Locked(LockedKey),
    /// Only the public half
    Public(PublicKey),
}

/// Why a PEM text gives no key. None of the text is repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadPem {
    /// No PEM block
    NoPem,
    /// A PEM block of another kind
    Kind(String),
    /// A key of another algorithm, by object identifier
    Algorithm(String),
    /// The block is damaged
    Damaged,
    /// The public key in the file is not the secret key's
    Mismatch,
    /// The public key is none
    Key(super::BadKey),
    /// Encrypted in a way that is not supported, or that would cost minutes or gigabytes
    Scheme,
    /// The passphrase does not open it
    Passphrase,
}

impl fmt::Display for BadPem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPem => f.write_str("no PEM key (-----BEGIN PRIVATE KEY-----)"),
            Self::Kind(label) => write!(f, "holds {label:?}, not a PKCS#8 PRIVATE KEY"),
            Self::Algorithm(oid) => write!(f, "not an Ed25519 key, but algorithm {oid}"),
            Self::Damaged => f.write_str("the key in it is damaged"),
            Self::Mismatch => f.write_str("the public key in it is not the secret key's"),
            Self::Key(bad) => bad.fmt(f),
            Self::Scheme => f.write_str("encrypted in a way that is not supported, or too costly"),
            Self::Passphrase => f.write_str("the passphrase does not open it"),
        }
    }
}

impl std::error::Error for BadPem {}

/// Writes a secret key without protection.
///
/// # Errors
/// Never for a real key: every length is a constant.
pub fn write(key: &SecretKey) -> pkcs8::Result<Zeroizing<String>> {
    Ok(document(key)?.to_pem(OPEN, LineEnding::LF)?)
}

/// Writes a secret key under a passphrase. `salt` and `iv` must be random, and used once.
///
/// # Errors
/// Never for a real key: every length and parameter is a constant.
pub fn write_locked(
    key: &SecretKey,
    passphrase: &[u8],
    salt: &[u8; 16],
    iv: [u8; 16],
) -> pkcs8::Result<Zeroizing<String>> {
    let (cost_parameter, block_size) = SCRYPT;
    let salt = Salt::new(salt)?;
    let kdf = ScryptParams { salt, cost_parameter, block_size, parallelization: 1, key_length: None };
    let encryption = pbes2::EncryptionScheme::Aes256Cbc { iv };
    let scheme = pbes2::Parameters { kdf: Kdf::Scrypt(kdf), encryption };
    let document = document(key)?;
    let info = PrivateKeyInfoRef::from_der(document.as_bytes())?;
    Ok(info.encrypt_with_params(scheme, passphrase)?.to_pem(LOCKED, LineEnding::LF)?)
}

/// The DER of version 1: the seed in an OCTET STRING in an OCTET STRING.
fn document(key: &SecretKey) -> pkcs8::Result<SecretDocument> {
    let mut nested = Zeroizing::new([0x04, 0x20].repeat(17));
    nested[2..].copy_from_slice(key.seed());
    let algorithm = AlgorithmIdentifierRef { oid: ED25519, parameters: None };
    let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(&nested)?);
    Ok(SecretDocument::encode_msg(&info)?)
}

/// Reads the first PEM block of a text.
///
/// # Errors
/// If there is none, or it holds no Ed25519 key.
pub fn parse(text: &str) -> Result<PemKey, BadPem> {
    let (label, document) = SecretDocument::from_pem(text)
        .map_err(|_| if text.contains("-----BEGIN ") { BadPem::Damaged } else { BadPem::NoPem })?;
    match label {
        OPEN => secret(document.as_bytes()).map(PemKey::Open),
        LOCKED => Ok(PemKey::Locked(LockedKey(document))),
        PUBLIC => public(document.as_bytes()).map(PemKey::Public),
        other => Err(BadPem::Kind(other.to_owned())),
    }
}

fn secret(der: &[u8]) -> Result<SecretKey, BadPem> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| BadPem::Damaged)?;
    expect_ed25519(&info.algorithm)?;
    let Some(seed) = info.private_key.as_bytes().strip_prefix(&[0x04, 0x20]) else {
        return Err(BadPem::Damaged);
    };
    let key = SecretKey::from_seed(seed.try_into().map_err(|_| BadPem::Damaged)?);
    match info.public_key {
        Some(public) if public.as_bytes() != Some(key.public().as_bytes()) => Err(BadPem::Mismatch),
        _ => Ok(key),
    }
}

fn public(der: &[u8]) -> Result<PublicKey, BadPem> {
    let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| BadPem::Damaged)?;
    expect_ed25519(&info.algorithm)?;
    let bytes = info.subject_public_key.as_bytes().and_then(|bytes| bytes.try_into().ok());
    PublicKey::from_bytes(bytes.ok_or(BadPem::Damaged)?).map_err(BadPem::Key)
}

fn expect_ed25519(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), BadPem> {
    if algorithm.oid != ED25519 {
        return Err(BadPem::Algorithm(algorithm.oid.to_string()));
    }
    if algorithm.parameters.is_none() { Ok(()) } else { Err(BadPem::Damaged) }
}

/// A secret key that needs its passphrase.
pub struct LockedKey(SecretDocument);

impl LockedKey {
    /// Opens it.
    ///
    /// # Errors
    /// If the passphrase is wrong, or the scheme is not supported or would cost more than some seconds.
    pub fn open(&self, passphrase: &[u8]) -> Result<SecretKey, BadPem> {
        let info = EncryptedPrivateKeyInfoRef::from_der(self.0.as_bytes()).map_err(|_| BadPem::Scheme)?;
        if !affordable(&info.encryption_algorithm) {
            return Err(BadPem::Scheme);
        }
        let document = info.decrypt(passphrase).map_err(|error| match error {
            Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::DecryptFailed) | Error::Asn1(_) => {
                BadPem::Passphrase
            }
            _ => BadPem::Scheme,
        })?;
        secret(document.as_bytes())
    }
}

fn affordable(scheme: &EncryptionScheme) -> bool {
    match scheme.pbes2().map(|parameters| &parameters.kdf) {
        Some(Kdf::Pbkdf2(kdf)) => kdf.iteration_count <= MOST_ROUNDS,
        Some(Kdf::Scrypt(kdf)) => {
            let block = 128 * u64::from(kdf.block_size) * u64::from(kdf.parallelization);
            kdf.cost_parameter.is_power_of_two()
                && kdf.cost_parameter.checked_mul(block).is_some_and(|bytes| bytes <= MOST_SCRYPT)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SecretKey {
        SecretKey::from_seed(&[7; 32])
    }

    fn refusal(text: &str) -> BadPem {
        match parse(text) {
            Ok(_) => panic!("taken: {text}"),
            Err(bad) => bad,
        }
    }

    /// A PEM block of these bytes, whatever they are.
    fn block(label: &str, hex: &str) -> String {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(hex::decode(hex).unwrap());
        let lines: String =
            text.as_bytes().chunks(64).flat_map(|line| [line, b"\n"].concat()).map(char::from).collect();
        format!("-----BEGIN {label}-----\n{lines}-----END {label}-----\n")
    }

    #[test]
    fn version_1_to_the_byte_and_back() {
        let text = write(&key()).unwrap();
        let version_1 = format!("302e020100300506032b657004220420{}", "07".repeat(32));
        assert_eq!(*text, block(OPEN, &version_1));
        let Ok(PemKey::Open(read)) = parse(&text) else { panic!("not read back") };
        assert_eq!(read.public(), key().public());
        assert!(parse(&text.replace('\n', "\r\n")).is_ok());
    }

    #[test]
    fn version_2_is_read_if_its_halves_fit() {
        let version_2 = |public: &[u8; 32]| {
            let seed = "07".repeat(32);
            block(OPEN, &format!("3051020101300506032b657004220420{seed}812100{}", hex::encode(public)))
        };
        assert!(matches!(parse(&version_2(key().public().as_bytes())), Ok(PemKey::Open(_))));
        let other = SecretKey::from_seed(&[8; 32]).public();
        assert_eq!(refusal(&version_2(other.as_bytes())), BadPem::Mismatch);
    }

    #[test]
    fn every_bit_around_the_seed_counts() {
        let version_1 = format!("302e020100300506032b657004220420{}", "07".repeat(32));
        for bit in 0..16 * 8 {
            let mut der = hex::decode(&version_1).unwrap();
            der[bit / 8] ^= 1 << (bit % 8);
            refusal(&block(OPEN, &hex::encode(der)));
        }
    }

    #[test]
    fn only_the_right_passphrase_opens() {
        let text = write_locked(&key(), b"correct horse", &[1; 16], [2; 16]).unwrap();
        let Ok(PemKey::Locked(locked)) = parse(&text) else { panic!("not locked") };
        assert_eq!(locked.open(b"correct horse").unwrap().public(), key().public());
        assert_eq!(locked.open(b"").unwrap_err(), BadPem::Passphrase);
        assert_eq!(locked.open(b"correct horsf").unwrap_err(), BadPem::Passphrase);
    }

    #[test]
    fn a_passphrase_never_costs_minutes() {
        let text = write_locked(&key(), b"x", &[1; 16], [2; 16]).unwrap();
        let Ok(PemKey::Locked(LockedKey(document))) = parse(&text) else { panic!("not locked") };
        let hex = hex::encode(document.as_bytes());
        let cheap = "02024000020108020101";
        assert!(hex.contains(cheap), "N = 2^14, r = 8, p = 1");
        for (cost, why) in [
            ("02027fff020108020101", "N is no power of two"),
            ("02010002020080020101", "N is zero"),
            ("0202400002017f02017f", "31 GiB"),
        ] {
            let text = block(LOCKED, &hex.replace(cheap, cost));
            let Ok(PemKey::Locked(locked)) = parse(&text) else { panic!("not locked") };
            assert_eq!(locked.open(b"x").unwrap_err(), BadPem::Scheme, "{why}");
        }
    }

    #[test]
    fn other_files_are_told_apart() {
        assert_eq!(refusal(""), BadPem::NoPem);
        assert_eq!(refusal(&write(&key()).unwrap()[..60]), BadPem::Damaged);
        assert_eq!(refusal(&write(&key()).unwrap().replace("MC4C", "MC4D")), BadPem::Damaged);
        assert_eq!(
            refusal(&block("OPENSSH PRIVATE KEY", "3000")),
            BadPem::Kind("OPENSSH PRIVATE KEY".to_owned())
        );
        let x25519 = format!("302e020100300506032b656e04220420{}", "07".repeat(32));
        assert_eq!(refusal(&block(OPEN, &x25519)), BadPem::Algorithm("1.3.101.110".to_owned()));
    }

    #[test]
    fn public_keys_are_read_too() {
        let spki = format!("302a300506032b6570032100{}", hex::encode(key().public().as_bytes()));
        let Ok(PemKey::Public(read)) = parse(&block(PUBLIC, &spki)) else { panic!("not read") };
        assert_eq!(read, key().public());
        let mut weak = "302a300506032b6570032100".to_owned() + &"00".repeat(32);
        weak.replace_range(24..26, "01");
        assert_eq!(refusal(&block(PUBLIC, &weak)), BadPem::Key(super::super::BadKey::Weak));
    }
}
