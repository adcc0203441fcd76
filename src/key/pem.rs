//! Keys as PKCS#8, with or without a passphrase; written as PEM.
//!
//! ```text
//! -----BEGIN PRIVATE KEY-----
//! MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH
//! -----END PRIVATE KEY-----
//! ```
//!
//! Standards: RFC 5958 and RFC 8410 (the key), RFC 7468 (the text), RFC 8018 with RFC 7914 (PBES2, scrypt,
//! AES-256-CBC). Version 1 is written, since OpenSSL before 3.5 refuses version 2; both are read, and version 2 as `ring`
//! wrote it before the standard was clear.

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

use super::{PublicKey, SecretKey, algorithm, bad_key_text::BadKeyText};

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const OPEN: &str = "PRIVATE KEY";
const LOCKED: &str = "ENCRYPTED PRIVATE KEY";

/// scrypt's N and r: 16 MiB, as much as OpenSSL 3 takes without being asked.
const SCRYPT: (u64, u16) = (1 << 14, 8);

/// What a passphrase may cost: 256 MiB of scrypt at most, ten million rounds of PBKDF2, some seconds.
const MOST_SCRYPT: u64 = 256 << 20;
const MOST_ROUNDS: u32 = 10_000_000;

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

/// Reads the DER of a secret key.
pub(super) fn secret(der: &[u8]) -> Result<SecretKey, BadKeyText> {
    if let Some((seed, public)) = of_ring(der) {
        return whole(seed, Some(public));
    }
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| BadKeyText::Damaged)?;
    expect_ed25519(&info.algorithm)?;
    let Some(seed) = info.private_key.as_bytes().strip_prefix(&[0x04, 0x20]) else {
        return Err(BadKeyText::Damaged);
    };
    let public = info.public_key.map(|public| public.as_bytes().unwrap_or_default());
    whole(seed.try_into().map_err(|_| BadKeyText::Damaged)?, public)
}

/// The key of a seed, if the public key beside it is its own; `None`: there is none beside it.
fn whole(seed: &[u8; 32], public: Option<&[u8]>) -> Result<SecretKey, BadKeyText> {
    let key = SecretKey::from_seed(seed);
    let fits = public.is_none_or(|public| public == key.public().as_bytes());
    if fits { Ok(key) } else { Err(BadKeyText::Mismatch) }
}

/// Version 2 with the public key under an explicit tag, which RFC 5958 does not have: the bytes around seed and public
/// key are always these.
fn of_ring(der: &[u8]) -> Option<(&[u8; 32], &[u8])> {
    let begin = b"\x30\x53\x02\x01\x01\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
    let (seed, rest) = der.strip_prefix(begin)?.split_first_chunk()?;
    let public = rest.strip_prefix(b"\xa1\x23\x03\x21\x00").filter(|public| public.len() == 32)?;
    Some((seed, public))
}

/// Reads the DER of a public key.
pub(super) fn public(der: &[u8]) -> Result<PublicKey, BadKeyText> {
    let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| BadKeyText::Damaged)?;
    expect_ed25519(&info.algorithm)?;
    let bytes = info.subject_public_key.as_bytes().and_then(|bytes| bytes.try_into().ok());
    PublicKey::from_bytes(bytes.ok_or(BadKeyText::Damaged)?).map_err(BadKeyText::Key)
}

/// What some DER is.
pub(super) enum DerKind {
    /// A `PrivateKeyInfo`
    Secret,
    /// An `EncryptedPrivateKeyInfo`
    Locked,
    /// A `SubjectPublicKeyInfo`
    Public,
}

/// What some bytes are, if they are one of these.
pub(super) fn kind_of_der(der: &[u8]) -> Option<DerKind> {
    if EncryptedPrivateKeyInfoRef::from_der(der).is_ok() {
        return Some(DerKind::Locked);
    }
    if of_ring(der).is_some() || PrivateKeyInfoRef::from_der(der).is_ok() {
        return Some(DerKind::Secret);
    }
    SubjectPublicKeyInfoRef::from_der(der).is_ok().then_some(DerKind::Public)
}

fn expect_ed25519(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), BadKeyText> {
    if algorithm.oid != ED25519 {
        let curve = algorithm.parameters.and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok());
        let oid = algorithm.oid.to_string();
        let what = algorithm::named(&oid, curve.as_ref().map(ObjectIdentifier::as_bytes));
        return Err(BadKeyText::Other(what));
    }
    if algorithm.parameters.is_none() { Ok(()) } else { Err(BadKeyText::Damaged) }
}

/// A secret key that needs its passphrase.
pub struct LockedPkcs8(SecretDocument);

impl LockedPkcs8 {
    /// Takes the DER of an `EncryptedPrivateKeyInfo`.
    pub(super) fn new(der: &[u8]) -> Result<Self, BadKeyText> {
        let document = SecretDocument::try_from(der).map_err(|_| BadKeyText::Damaged)?;
        Ok(Self(document))
    }

    /// Opens it.
    pub(super) fn open(&self, passphrase: &[u8]) -> Result<SecretKey, BadKeyText> {
        let info = EncryptedPrivateKeyInfoRef::from_der(self.0.as_bytes()).map_err(|_| BadKeyText::Scheme)?;
        if !affordable(&info.encryption_algorithm) {
            return Err(BadKeyText::Scheme);
        }
        let document = info.decrypt(passphrase).map_err(|error| match error {
            Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::DecryptFailed) | Error::Asn1(_) => {
                BadKeyText::Passphrase
            }
            _ => BadKeyText::Scheme,
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
