//! Whose word it is: the key that a checkpoint is measured with.

use super::{
    outside::Stubs,
    statement::{Claim, Stub},
    succession::Before,
};
use crate::{
    hash::Hash,
    key::PublicKey,
    record::genesis::Genesis,
    tlog::{checkpoint::SignedCheckpoint, view::entry_file_name, vkey::VerifierKey},
    verify::{
        finding::{Finding, Kind},
        report::{KeySource, Report},
    },
};

/// What a verifier knows from outside the ledger.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The log's key, as whoever asks names it
    pub given: Option<GivenKey>,
    /// What was seen of this ledger before
    pub remembered: Option<Remembered>,
    /// Checkpoints that somebody was handed, of this ledger or of others
    pub stubs: Vec<Stub>,
    /// Whether there were more of them than could be kept
    pub more_stubs: bool,
    /// The ledger that this one continues, as far as it is known
    pub before: Option<Before>,
    /// Who stands for the log key that entry 0 names; `None`: nobody but the ledger itself
    pub endorser: Option<Endorser>,
    /// Another ledger that was seen to continue that one, which can have one successor
    pub rival: Option<Hash>,
    /// What successors say of this ledger; whether it is so is in [`Report::claims`]
    pub claims: Vec<Claim>,
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
    fn source(self) -> KeySource {
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

/// A checkpoint that was verified before, and its key.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// The log's key
    pub key: PublicKey,
    /// How many entries there were
    pub size: u64,
    /// Their root
    pub root: Hash,
}

/// The key that the log is measured with, and how it is known.
#[derive(Clone, Debug)]
pub(in crate::verify) struct Anchor {
    /// None: nobody outside the log names one
    pub(in crate::verify) key: Option<PublicKey>,
    pub(in crate::verify) source: KeySource,
}

impl Anchor {
    /// Given, remembered, or the one that entry 0 names, where somebody outside stands behind that: the reader, a
    /// contract, the ledger that was continued, or stubs that this key has signed.
    pub(in crate::verify) fn of(
        trust: &Trust,
        log: Option<&PublicKey>,
        continued: bool,
        stubs: &Stubs,
    ) -> Self {
        let endorsed = trust.endorser.map(Endorser::source);
        let (key, source) = match (&trust.given, &trust.remembered, endorsed, log) {
            (Some(given), ..) => (Some(given.key()), KeySource::Given),
            (_, Some(remembered), ..) => (Some(&remembered.key), KeySource::Pinned),
            (.., Some(source), Some(log)) => (Some(log), source),
            (.., Some(log)) if continued => (Some(log), KeySource::Continued),
            (.., Some(log)) if stubs.count() > 0 => (Some(log), KeySource::Stub),
            _ => (None, KeySource::None),
        };
        Self { key: key.cloned(), source }
    }

    /// Whether the key signed the checkpoint as that of the log of this origin.
    pub(in crate::verify) fn signed(&self, stated: &SignedCheckpoint, origin: &str) -> bool {
        self.key.as_ref().is_some_and(|key| stated.verified_by(origin, key).is_ok())
    }
}

/// Checks the checkpoint's signature, and that entry 0 names the same log.
pub(in crate::verify) fn check(
    stated: Option<&SignedCheckpoint>,
    genesis: Option<&Genesis>,
    trust: &Trust,
    anchor: &Anchor,
    report: &mut Report,
) {
    report.key = anchor.source;
    let log = genesis.map(|genesis| &genesis.log);
    let other_log = log.zip(anchor.key.as_ref()).filter(|(log, key)| log != key);
    if let Some((log, key)) = other_log {
        let detail = format!("the log's key is {log}, not {key}");
        report
            .findings
            .push(Finding::new(Kind::WrongKey, detail).in_file(entry_file_name(0)).at_line(1).about(0));
    }
    let Some(stated) = stated else { return };
    let origin = &stated.checkpoint().origin;
    if let Some(genesis) = genesis.filter(|genesis| genesis.origin != *origin) {
        let detail = format!("entry 0 declares {:?}, the checkpoint is of {origin:?}", genesis.origin);
        report
            .findings
            .push(Finding::new(Kind::BadGenesis, detail).in_file(entry_file_name(0)).at_line(1).about(0));
    }
    if let Some(GivenKey::Named(named)) = &trust.given
        && named.name() != origin
    {
        let detail = format!("the key is that of {:?}, the checkpoint is of {origin:?}", named.name());
        report.findings.push(Finding::new(Kind::WrongKey, detail).in_file("checkpoint"));
    }
    // Where entry 0 names another key, that was said; whether it at least signed is worth knowing.
    if let Some(key) = log.or(anchor.key.as_ref()) {
        check_signature(stated, key, report);
    } else {
        let detail = "nobody names the log's key: entry 0 does not, and no key was given";
        report.findings.push(Finding::new(Kind::CheckpointSignature, detail).in_file("checkpoint"));
    }
}

fn check_signature(stated: &SignedCheckpoint, key: &PublicKey, report: &mut Report) {
    // That the origin is another than it should be is a finding of its own.
    if let Err(why) = stated.verified_by(&stated.checkpoint().origin, key) {
        let finding = Finding::new(Kind::CheckpointSignature, why.to_string());
        report.findings.push(finding.in_file("checkpoint"));
    }
}
