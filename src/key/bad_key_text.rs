//! Why a text gives no key, in words.

use std::fmt;

use super::BadKey;

/// Why a text gives no key. None of a secret is repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadKeyText {
    /// Nothing that looks like a key
    NoKey,
    /// Something else, in words
    Other(String),
    /// As many hex digits or bytes as a seed has, which do not say that they are one
    Bare,
    /// The key is damaged
    Damaged,
    /// The public key in it is not the secret key's
    Mismatch,
    /// The public key is none
    Key(BadKey),
    /// Encrypted in a way that is not supported, or that would cost minutes or gigabytes
    Scheme,
    /// The passphrase does not open it
    Passphrase,
}

impl fmt::Display for BadKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKey => f.write_str("no key that is known here (PEM, OpenSSH, JWK, a DID or a vkey)"),
            Self::Other(what) => write!(f, "holds {what}; keys here are Ed25519 keys"),
            Self::Bare => f.write_str("may be the seed of a key or a public key, and does not say which"),
            Self::Damaged => f.write_str("the key in it is damaged"),
            Self::Mismatch => f.write_str("the public key in it is not the secret key's"),
            Self::Key(bad) => bad.fmt(f),
            Self::Scheme => f.write_str("encrypted in a way that is not supported, or too costly"),
            Self::Passphrase => f.write_str("the passphrase does not open it"),
        }
    }
}

impl std::error::Error for BadKeyText {}

impl BadKeyText {
    /// What to do about a file, whose name is a word for a shell; `None`: there is no advice.
    pub(super) fn hint(&self, file: &str) -> Option<String> {
        Some(match self {
            Self::Bare => format!("foil key import {file} NAME takes it as the seed of a secret key"),
            Self::Other(what) if what.starts_with("a PuTTY") => {
                format!("puttygen {file} -O private-openssh-new -o NEW, then foil key import NEW NAME")
            }
            Self::Other(what) if what.starts_with("a certificate") => {
                format!("openssl x509 -in {file} -noout -pubkey prints the public key in it")
            }
            Self::Other(what) if what.starts_with("a PKCS#12") => {
                format!("openssl pkcs12 -in {file} -nocerts -noenc -out NEW, then foil key import NEW NAME")
            }
            Self::Other(what) if what.contains(" key") => {
                "foil keygen NAME makes one, openssl genpkey -algorithm ed25519 too".to_owned()
            }
            Self::Scheme => {
                format!(
                    "ssh-keygen -p -f {file} or openssl pkcs8 -topk8 -in {file} write it in the usual way"
                )
            }
            _ => return None,
        })
    }
}
