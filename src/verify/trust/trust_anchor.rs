//! The trust anchor: the key that a checkpoint is measured with, and how that key is known.

use super::{
    Trust,
    key_source::{Endorser, GivenKey, KeySource},
    stubs::SortedStubs,
};
use crate::{
    key::PublicKey,
    record::genesis::Genesis,
    tlog::{checkpoint::SignedCheckpoint, layout::FIRST_ENTRY_FILE},
    verify::finding::{Finding, FindingKind, Findings},
};

/// The key that the log is measured with, and how it is known.
#[derive(Clone, Debug)]
pub(in crate::verify) struct TrustAnchor {
    /// `None`: it is not known from outside the log
    pub(in crate::verify) key: Option<PublicKey>,
    pub(in crate::verify) source: KeySource,
}

impl TrustAnchor {
    /// Given, remembered, or the one that entry 0 names, where something outside confirms that: the reader, a
    /// contract, the ledger that was continued, or stubs that this key has signed.
    pub(in crate::verify) fn of(
        trust: &Trust,
        log: Option<&PublicKey>,
        continued: bool,
        stubs: &SortedStubs,
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
    anchor: &TrustAnchor,
    findings: &mut Findings,
) {
    let log = genesis.map(|genesis| &genesis.log);
    let other_log = log.zip(anchor.key.as_ref()).filter(|(log, key)| log != key);
    if let Some((log, key)) = other_log {
        let detail = format!("the log's key is {log}, not {key}");
        findings
            .push(Finding::new(FindingKind::WrongKey, detail).in_file(FIRST_ENTRY_FILE).at_line(1).about(0));
    }
    let Some(stated) = stated else { return };
    let origin = &stated.checkpoint().origin;
    if let Some(genesis) = genesis.filter(|genesis| genesis.origin != *origin) {
        let detail = format!("entry 0 declares {:?}, the checkpoint is of {origin:?}", genesis.origin);
        findings.push(
            Finding::new(FindingKind::BadGenesis, detail).in_file(FIRST_ENTRY_FILE).at_line(1).about(0),
        );
    }
    if let Some(GivenKey::Named(named)) = &trust.given
        && named.name() != origin
    {
        let detail = format!("the key is that of {:?}, the checkpoint is of {origin:?}", named.name());
        findings.push(Finding::new(FindingKind::WrongKey, detail).in_file("checkpoint"));
    }
    // Where entry 0 names another key, that was said; whether it at least signed is worth knowing.
    if let Some(key) = log.or(anchor.key.as_ref()) {
        check_signature(stated, key, findings);
    } else if findings.has(FindingKind::BadGenesis) {
        // Where entry 0 is not there at all, that is said; it may just not have come yet.
        let detail = "nobody names the log's key: entry 0 does not, and no key was given";
        findings.push(Finding::new(FindingKind::CheckpointSignature, detail).in_file("checkpoint"));
    }
}

fn check_signature(stated: &SignedCheckpoint, key: &PublicKey, findings: &mut Findings) {
    // That the origin is another than it should be is a finding of its own.
    if let Err(why) = stated.verified_by(&stated.checkpoint().origin, key) {
        let finding = Finding::new(FindingKind::CheckpointSignature, why.to_string());
        findings.push(finding.in_file("checkpoint"));
    }
}
