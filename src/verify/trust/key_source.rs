//! The log's key, and how a verifier knows that it is the log's.

use crate::{key::PublicKey, tlog::vkey::VerifierKey};

/// How the key is known that a log was measured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// The reader gave it
    Given,
    /// It was remembered from an earlier time
    Pinned,
    /// It signed a stub that a person was handed
    Stub,
    /// The ledger that was continued let it go on
    Continued,
    /// A contract names the ledger by its id, which fixes entry 0 and the key in it
    Contract,
    /// The reader trusts the key that entry 0 names
    Trusted,
    /// It is not known from outside the log
    None,
}

impl KeySource {
    /// `given`, `pinned`, `stub`, `continued`, `contract`, `trusted` or `none`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Pinned => "pinned",
            Self::Stub => "stub",
            Self::Continued => "continued",
            Self::Contract => "contract",
            Self::Trusted => "trusted",
            Self::None => "none",
        }
    }

    /// Whether the reader made the key known by an act of their own, now or earlier. A stub and a contract may have
    /// come with the ledger, so they vouch in one verdict only; a successor's key is known if its predecessor's is.
    pub fn is_readers_act(self) -> bool {
        matches!(self, Self::Given | Self::Pinned | Self::Trusted)
    }
}

/// Who stands for the log key that a ledger's entry 0 names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endorser {
    /// A contract that names the ledger by its id
    Contract,
    /// The reader, of this very ledger
    Reader,
}

impl Endorser {
    pub(super) fn source(self) -> KeySource {
        match self {
            Self::Contract => KeySource::Contract,
            Self::Reader => KeySource::Trusted,
        }
    }
}

/// The log's key, with its name or without.
#[derive(Clone, Debug)]
pub enum GivenKey {
    /// A key alone
    Key(PublicKey),
    /// A key for one origin
    Named(VerifierKey),
}

impl GivenKey {
    /// The key without its name.
    pub fn key(&self) -> &PublicKey {
        match self {
            Self::Key(key) => key,
            Self::Named(named) => named.key(),
        }
    }
}
