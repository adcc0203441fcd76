//! What kind of file a target is: some are one thing as a whole, others are records, line by line.

use std::path::Path;

use anyhow::Context as _;

use crate::{
    json,
    ledger::files::store,
    tlog::proof_file::{self, MAX_LENGTH},
};

/// A file that is one thing as a whole, by its first bytes.
pub(super) enum File {
    /// A proof of one entry
    Proof(Vec<u8>),
    /// Evidence of a fork
    Evidence(Vec<u8>),
    /// Neither: records, if it is a file at all
    Other,
}

/// Looks into a plain file that is not too long for a proof or evidence; a pipe is not to be looked into, its
/// bytes would be gone.
pub(super) fn of(target: &Path) -> anyhow::Result<File> {
    let is_proof = target.extension().is_some_and(|extension| extension == "tlog-proof");
    let named = || target.display().to_string();
    match std::fs::metadata(target) {
        Ok(data) if data.is_file() => {}
        Ok(_) if is_proof => anyhow::bail!("{}: no plain file", named()),
        Err(_) if is_proof => anyhow::bail!("{}: no such file", named()),
        _ => return Ok(File::Other),
    }
    let bytes = store::read_small(target, MAX_LENGTH).with_context(named)?.unwrap_or_default();
    if is_proof || bytes.starts_with(proof_file::HEADER.as_bytes()) {
        return Ok(File::Proof(bytes));
    }
    let object = json::parse_object(&bytes).ok().filter(|_| bytes.len() <= MAX_LENGTH);
    let format = object.as_ref().and_then(|object| object.str("format"));
    let is_evidence = format.is_some_and(|format| format.starts_with("foil-evidence/"));
    Ok(if is_evidence { File::Evidence(bytes) } else { File::Other })
}
