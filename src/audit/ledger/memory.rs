//! What was seen of ledgers: recalled before one is verified, remembered after.

use super::LedgerNotice;
use crate::{
    audit::succession::LedgerFamily,
    hash::Hash,
    ledger::pins::{KnowingAct, Seen, Sight, Successor},
    record::genesis::Continued,
    tlog::proven::ProvenPrefix,
    verify::{FindingKind, KeySource, VerifyReport},
};

/// What was seen of a ledger. Another ledger of the same name is another log, whatever it says.
pub(super) fn recall(
    seen: &Seen,
    origin: &str,
    id: &Hash,
    notice: &mut dyn FnMut(LedgerNotice),
) -> Option<Sight> {
    for other in seen.namesakes(origin, id) {
        notice(LedgerNotice::Namesake { origin: origin.to_owned(), other, id: *id });
    }
    seen.recall(origin, id).unwrap_or_else(|error| {
        notice(LedgerNotice::SeenUnreadable(error));
        None
    })
}

/// How far the proofs of a ledger were evaluated here before. What cannot be relied on is as if it were not there.
pub(super) fn recall_proven(
    seen: &Seen,
    origin: &str,
    id: &Hash,
    notice: &mut dyn FnMut(LedgerNotice),
) -> Option<ProvenPrefix> {
    seen.recall_proven(origin, id).unwrap_or_else(|error| {
        notice(LedgerNotice::ProvenUnreadable(error));
        None
    })
}

/// Remembers how far the proofs hold. That takes no known key: it is about bytes, and nobody's word.
pub(super) fn remember_proven(seen: &Seen, report: &VerifyReport, notice: &mut dyn FnMut(LedgerNotice)) {
    let (Some(id), Some(origin)) = (report.id, &report.origin) else { return };
    if report.contradicts_known {
        notice(LedgerNotice::ProvenWrong);
    } else if report.proven.is_none() {
        return;
    }
    let proven = report.proven.as_ref();
    if let Err(error) = seen.remember_proven(origin, &id, proven, report.contradicts_known) {
        notice(LedgerNotice::ProvenNotKept(error));
    }
}

/// Remembers what was verified, if the reader made its key known. What is remembered counts as verified here, which
/// records of unknown signers are not.
pub(super) fn remember(
    seen: &Seen,
    report: &VerifyReport,
    family: &LedgerFamily,
    notice: &mut dyn FnMut(LedgerNotice),
) {
    let verified = report.sound() && report.signatures_checked && !report.vouched.is_empty();
    if !verified || !is_known(report, seen) {
        return;
    }
    let (Some(id), Some((checkpoint, key))) = (report.id, report.checkpoint.clone()) else { return };
    let sight = Sight { key, checkpoint };
    match seen.remember(&id, &sight, act_of(report.key)) {
        Err(error) => notice(LedgerNotice::Unremembered(error)),
        Ok(_) if report.key == KeySource::Trusted => notice(LedgerNotice::KeyTrusted(Box::new(sight))),
        Ok(_) => {}
    }
    if let Err(error) = remember_successor(seen, report, id, family) {
        notice(LedgerNotice::Unremembered(error));
    }
}

/// The act by which a key becomes known that was measured with; `None`: it was known before, or does not become known.
fn act_of(key: KeySource) -> Option<KnowingAct> {
    match key {
        KeySource::Given => Some(KnowingAct::Named),
        KeySource::Trusted => Some(KnowingAct::Trusted),
        KeySource::Continued => Some(KnowingAct::Continued),
        KeySource::Pinned | KeySource::Stub | KeySource::Contract | KeySource::None => None,
    }
}

/// Whether the reader made the log's key known, or that of the ledger that this one continues. A reader who
/// trusts a ledger beside stubs means one that answers them.
fn is_known(report: &VerifyReport, seen: &Seen) -> bool {
    match report.key {
        KeySource::Continued => continued(report).is_some_and(|old| seen.find(&old.ledger).is_some()),
        KeySource::Trusted => report.answers_stubs(),
        key => key.is_readers_act(),
    }
}

fn continued(report: &VerifyReport) -> Option<&Continued> {
    report.declared.as_ref()?.0.continues.as_ref()
}

/// Of a known ledger that was continued properly, by which other one: a second one shows itself by that.
fn remember_successor(
    seen: &Seen,
    report: &VerifyReport,
    id: Hash,
    family: &LedgerFamily,
) -> anyhow::Result<()> {
    let Some(Continued { ledger, size, .. }) = continued(report) else { return Ok(()) };
    let origin = family.origin(ledger).filter(|_| !report.has(FindingKind::Succession));
    if let Some(origin) = origin.filter(|_| seen.find(ledger).is_some()) {
        seen.continue_with(origin, ledger, &Successor { ledger: id, size: *size })?;
    }
    Ok(())
}

/// Sets aside what was seen.
pub(super) fn forget(
    seen: &Seen,
    origin: &str,
    id: &Hash,
    notice: &mut dyn FnMut(LedgerNotice),
) -> anyhow::Result<()> {
    let forgotten = Box::new(seen.forget(origin, id)?);
    notice(LedgerNotice::Forgotten { origin: origin.to_owned(), id: *id, forgotten });
    Ok(())
}
