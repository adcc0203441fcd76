//! The proof that a log holds an entry: made from a ledger, and checked without one.

use anyhow::{Context as _, ensure};

use super::{
    finding::{Finding, FindingKind, Severity, line_endings},
    report::VerifyReport,
    scan::line_examiner::explanation,
    trust::{
        Trust, checkpoint,
        key_source::{GivenKey, KeySource},
        trust_anchor::{self, TrustAnchor},
        voucher::Voucher,
    },
    verified_view::{self, VerifiedView},
};
use crate::{
    record::signed::Verifier,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        entry::{BadEntry, Entry, plain_line},
        merkle::leaf_hash,
        proof::inclusion,
        proof_file::ProofFile,
        view::View,
        vkey::{self, Verdict},
    },
};

/// An entry and what shows that its log has it.
#[derive(Clone, Debug)]
pub struct ProvedEntry {
    /// The entry's line, without its line feed
    pub line: Vec<u8>,
    /// The proof
    pub proof: ProofFile,
}

/// Proves an entry. What is answered was checked against the signed checkpoint; a ledger that is damaged
/// where it matters gives no proof.
///
/// # Errors
/// If there is no such entry; [`Unverified`](super::Unverified) if entry, `tree/` and checkpoint do not fit together; if
/// the ledger cannot be read.
pub fn prove(view: &dyn View, n: u64) -> anyhow::Result<ProvedEntry> {
    let signed = checkpoint::read_required(view)?;
    let mut verified = VerifiedView::open(view, &signed)?;
    let Checkpoint { size, root, .. } = signed.checkpoint();
    ensure!(n < *size, "entry {n}: not there, the ledger has {size} entries");
    let first = view.layout().first_in_file(n);
    let files = view.entry_files().unwrap_or_default();
    ensure!(
        n == 0 || !files.iter().any(|file| file.pruned && file.first == first),
        "entry {n}: dropped by foil chain prune; it is in copies that were made before"
    );
    let line = verified_view::line(view, n)?;
    // Upwards from the entry: so no block of the tree's files is read twice.
    verified.check_line(n, &line)?;
    let path = inclusion(view.layout(), *size, n, |level, index| verified.hash(level, index));
    let proof = path.map(|path| ProofFile { extra: None, index: n, path, checkpoint: signed.to_string() });
    let proof = proof.filter(|proof| proof.root(*size, leaf_hash(&line)) == Some(*root));
    let proof = proof.ok_or_else(|| {
        let detail = "neither tree/ nor the entries lead from it to the signed root";
        verified.refused(n, FindingKind::RootMismatch, detail)
    })?;
    Ok(ProvedEntry { line, proof })
}

/// Checks a proof and the entry that it is about, as `key` knows the log. `entry` is its line without the line
/// feed. Where `foreign` is set, it may be anything that a log holds; else it should be an entry of a ledger, and where
/// it is none, that is said.
///
/// # Errors
/// If the proof holds no checkpoint. That it does not hold is a finding.
pub fn proof(
    proof: &ProofFile,
    entry: &[u8],
    key: &GivenKey,
    foreign: bool,
    explain: bool,
) -> anyhow::Result<VerifyReport> {
    let signed = proof.signed().context("checkpoint")?;
    let Checkpoint { origin, size, root } = signed.checkpoint().clone();
    let mut report = VerifyReport::new("proof");
    let trust = Trust { given: Some(key.clone()), ..Trust::default() };
    let anchor = TrustAnchor { key: Some(key.key().clone()), source: KeySource::Given };
    report.key = KeySource::Given;
    if vkey::is_name(&origin) {
        trust_anchor::check(Some(&signed), None, &trust, &anchor, &mut report.findings);
    } else {
        report.findings.extend(unsigned_under_other_name(&signed, key));
    }
    let leads = |entry: &[u8]| proof.root(size, leaf_hash(entry)) == Some(root);
    let plain = plain_line(entry, true);
    let is_changed = !leads(entry) && leads(plain);
    if is_changed {
        report.findings.push(line_endings(&[entry, b"\n"].concat()).about(proof.index));
    }
    let entry = if is_changed { plain } else { entry };
    let included = leads(entry);
    if !included {
        let detail = format!(
            "entry and proof do not lead to the root that is signed for {size} entries: one of them was changed, or they belong to others"
        );
        report.findings.push(Finding::new(FindingKind::RootMismatch, detail).about(proof.index));
    }
    (report.origin, report.size, report.root) = (Some(origin), Some(size), Some(root));
    look_at(proof.index, entry, (foreign, included), explain, &mut report);
    if included && report.origin_vouched() {
        let (first, last, key) = (proof.index, proof.index, key.key().clone());
        report.vouched.push(Voucher { by: "log", key, first, last, file: None, stubs: 0 });
    }
    Ok(report)
}

/// What is wrong with the signature of a log whose origin can be no key's name.
fn unsigned_under_other_name(signed: &SignedCheckpoint, key: &GivenKey) -> Option<Finding> {
    let key = key.key();
    let detail = match signed.verdict_under_other_name(key) {
        Verdict::Good { .. } => return None,
        Verdict::Absent => format!("no signature of {key}"),
        Verdict::Bad => format!("the signature of {key} does not hold"),
    };
    Some(Finding::new(FindingKind::CheckpointSignature, detail).in_file("checkpoint"))
}

/// What the entry itself says.
fn look_at(
    index: u64,
    entry: &[u8],
    (foreign, included): (bool, bool),
    explain: bool,
    report: &mut VerifyReport,
) {
    report.entries_checked = 1;
    let parsed = match Entry::parse(entry) {
        Err(_) if foreign => return,
        // Other logs hold other things: what this one holds was not changed since.
        Err(BadEntry::Malformed(why)) if included => {
            let detail = format!("no entry of a ledger ({why}), but just what this log holds");
            let finding = Finding::new(FindingKind::Malformed, detail).about(index);
            return report.findings.push(Finding { severity: Severity::Warning, ..finding });
        }
        Err(why) => {
            let kind = if why == BadEntry::NotCanonical {
                FindingKind::NotCanonical
            } else {
                FindingKind::Malformed
            };
            report.findings.push(Finding::new(kind, format!("no entry: {why}")).about(index));
            return;
        }
        Ok(parsed) => parsed,
    };
    if parsed.n != index {
        let detail = format!("the entry says that it is entry {}, its proof is of {index}", parsed.n);
        report.findings.push(Finding::new(FindingKind::Moved, detail).about(index));
    }
    let device = parsed.record.str("device").map(super::scan::line_source::shown);
    let finding = match Verifier::new().signers(&parsed.record, parsed.times().stated_arrival()) {
        Err(bad) => {
            let explanation = explain.then(|| explanation(&parsed.record, &bad)).flatten();
            Finding { explanation, ..Finding::new(FindingKind::BadProof, bad.to_string()) }
        }
        Ok(signers) if signers.is_empty() => {
            // Whether the log lets in unsigned records, only its entry 0 says.
            let detail = "the record has no proof of its own: it is the log's word alone";
            Finding { severity: Severity::Warning, ..Finding::new(FindingKind::Unsigned, detail) }
        }
        Ok(signers) => {
            report.proofs_checked = signers.len() as u64;
            return;
        }
    };
    report.findings.push(Finding { device, ..finding.about(index) });
}
