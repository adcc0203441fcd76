//! Whose word it is: the key that a checkpoint is measured with, and what was seen before.

use super::{
    finding::{Finding, Kind},
    report::{KeySource, Report},
};
use crate::{
    hash::Hash,
    key::PublicKey,
    record::genesis::Genesis,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        view::entry_file_name,
        vkey::Verdict,
        vkey::{Algorithm, VerifierKey},
    },
};

/// What a verifier knows from outside the ledger.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The log's key, as whoever asks names it
    pub given: Option<GivenKey>,
    /// What was seen of this ledger before
    pub remembered: Option<Remembered>,
}

/// The log's key, with its name or without.
#[derive(Clone, Debug)]
pub enum GivenKey {
    /// A key alone
    Key(PublicKey),
    /// A key for one origin
    Named(VerifierKey),
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

impl Trust {
    /// The key that the log is measured with.
    pub fn key(&self) -> Option<&PublicKey> {
        match (&self.given, &self.remembered) {
            (Some(GivenKey::Key(key)), _) => Some(key),
            (Some(GivenKey::Named(named)), _) => Some(named.key()),
            (None, Some(remembered)) => Some(&remembered.key),
            (None, None) => None,
        }
    }

    pub(super) fn source(&self) -> KeySource {
        match (&self.given, &self.remembered) {
            (Some(_), _) => KeySource::Given,
            (None, Some(_)) => KeySource::Pinned,
            (None, None) => KeySource::None,
        }
    }
}

/// Checks the checkpoint's signature, and that entry 0 names the same log.
pub(super) fn check(
    stated: Option<&SignedCheckpoint>,
    genesis: Option<&Genesis>,
    trust: &Trust,
    report: &mut Report,
) {
    report.key = trust.source();
    let log = genesis.map(|genesis| &genesis.log);
    let other_log = log.zip(trust.key()).filter(|(log, key)| log != key);
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
    if let Some(key) = log.or(trust.key()) {
        check_signature(stated, key, report);
    } else {
        let detail = "nobody names the log's key: entry 0 does not, and no key was given";
        report.findings.push(Finding::new(Kind::CheckpointSignature, detail).in_file("checkpoint"));
    }
}

fn check_signature(stated: &SignedCheckpoint, key: &PublicKey, report: &mut Report) {
    let origin = &stated.checkpoint().origin;
    let verdict =
        VerifierKey::new(origin, Algorithm::Ed25519, key.clone()).map(|verifier| stated.verdict(&verifier));
    let detail = match verdict {
        Ok(Verdict::Good { .. }) => return,
        Ok(Verdict::Bad) => format!("the signature of {key} does not hold"),
        Ok(Verdict::Absent) => format!("no signature of {key}"),
        Err(why) => format!("the origin {origin:?} can be no key's name: {why}"),
    };
    report.findings.push(Finding::new(Kind::CheckpointSignature, detail).in_file("checkpoint"));
}

/// Whether the key that the log is measured with signed the checkpoint.
fn is_signed(stated: &SignedCheckpoint, trust: &Trust) -> bool {
    let origin = &stated.checkpoint().origin;
    let verifier = trust.key().and_then(|key| VerifierKey::new(origin, Algorithm::Ed25519, key.clone()).ok());
    verifier.is_some_and(|verifier| matches!(stated.verdict(&verifier), Verdict::Good { .. }))
}

/// What the entries say about the checkpoint that was seen before.
#[derive(Clone, Copy)]
pub(super) struct Watched {
    /// Whether they give its root at its size, if that is known
    pub(super) same: Option<bool>,
    /// Whether they are those under the present checkpoint's root
    pub(super) rooted: bool,
}

/// Compares the checkpoint with the one that was seen before; answers whether they part.
///
/// Two histories are claimed only where the log signed both: anybody can change a copy's entries, and then
/// it is the copy that is at fault.
pub(super) fn compare_with_memory(
    stated: &SignedCheckpoint,
    trust: &Trust,
    watched: Watched,
    report: &mut Report,
) -> bool {
    let Some(remembered) = &trust.remembered else { return false };
    let Checkpoint { size, root, .. } = stated.checkpoint();
    let seen = remembered.size;
    let other_root = *size == seen && *root != remembered.root;
    let (kind, detail) = if *size < seen {
        (Kind::RolledBack, format!("the checkpoint states {size} entries; {seen} were seen before"))
    } else if !is_signed(stated, trust) {
        // That was said; what it states is nobody's history.
        return true;
    } else if other_root {
        (Kind::Forked, format!("another root at {size} entries than the one seen before: two histories"))
    } else if watched.rooted && watched.same == Some(false) {
        (Kind::Forked, format!("the first {seen} entries are not those that were seen before: two histories"))
    } else {
        return watched.same == Some(false);
    };
    report.findings.push(Finding::new(kind, detail).in_file("checkpoint"));
    true
}
