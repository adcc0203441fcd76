//! The checkpoint of a log as its view has it, before its signature is checked.

use anyhow::Context as _;

use crate::{
    file_kind::FileKind,
    tlog::{
        checkpoint::SignedCheckpoint,
        note,
        view::{MAX_CHECKPOINT, View},
    },
    verify::finding::{Finding, FindingKind, Findings, Unverified, line_endings},
};

/// A checkpoint that has to be there and to be one.
///
/// # Errors
/// [`Unverified`] if that of a log is none; or it is not there, or cannot be read.
pub(in crate::verify) fn read_required(view: &dyn View) -> anyhow::Result<SignedCheckpoint> {
    let bytes = view.checkpoint(MAX_CHECKPOINT).context("checkpoint")?;
    let bytes = bytes.context("no checkpoint, so this is no ledger")?;
    let why = if bytes.len() > MAX_CHECKPOINT {
        format!("longer than {MAX_CHECKPOINT} bytes")
    } else {
        match SignedCheckpoint::parse_copied(&bytes) {
            Ok(signed) => return Ok(signed),
            Err(why) => why.to_string(),
        }
    };
    // A file that was taken for a checkpoint is perhaps no part of a log at all.
    anyhow::ensure!(view.kind() != "checkpoint", "checkpoint: {why}");
    Err(Unverified::from(malformed(why)).into())
}

/// Refuses a log that has lost its checkpoint, or of which that is none. What has neither entries nor a tree is no log,
/// and what cannot be read is no matter of this.
///
/// # Errors
/// If so.
pub fn must_have(view: &dyn View) -> Result<(), Unverified> {
    match read_required(view).map_err(anyhow::Error::downcast) {
        Err(Ok(unverified)) => Err(unverified),
        Err(Err(_)) if view.checkpoint(MAX_CHECKPOINT).is_ok_and(|bytes| bytes.is_none()) && is_log(view) => {
            Err(malformed("there is no checkpoint, though there are entries or a tree".to_owned()).into())
        }
        _ => Ok(()),
    }
}

fn is_log(view: &dyn View) -> bool {
    view.entry_files().is_ok_and(|files| !files.is_empty())
        || view.tree(0, 0, 1).is_ok_and(|hashes| hashes.is_some())
}

fn malformed(detail: String) -> Finding {
    Finding::new(FindingKind::CheckpointMalformed, detail).in_file("checkpoint")
}

/// A log's checkpoint; `None` if there is none or it is malformed, which is a finding.
///
/// # Errors
/// If it cannot be read.
pub(in crate::verify) fn read(
    view: &dyn View,
    findings: &mut Findings,
) -> anyhow::Result<Option<SignedCheckpoint>> {
    let bytes = view.checkpoint(MAX_CHECKPOINT).context("checkpoint")?;
    let Some(bytes) = bytes else {
        findings.push(malformed("there is no checkpoint".to_owned()));
        return Ok(None);
    };
    if bytes.len() > MAX_CHECKPOINT {
        findings.push(malformed(format!("longer than {MAX_CHECKPOINT} bytes")));
        return Ok(None);
    }
    let (plain, changed) = note::plain(&bytes);
    match SignedCheckpoint::parse(&plain) {
        Ok(signed) => {
            if changed {
                findings.push(line_endings(&bytes).in_file("checkpoint"));
            }
            Ok(Some(signed))
        }
        Err(why) => {
            findings.push(malformed(what_it_is(&bytes).unwrap_or_else(|| why.to_string())));
            Ok(None)
        }
    }
}

/// What stands in the place of a checkpoint, where that is something else as a whole.
fn what_it_is(bytes: &[u8]) -> Option<String> {
    if bytes.trim_ascii().is_empty() {
        return Some("there is nothing in it".to_owned());
    }
    FileKind::of(bytes).filter(|kind| *kind != FileKind::Checkpoint).map(|kind| format!("it is {kind}"))
}
