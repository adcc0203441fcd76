//! A proof file, and the entry beside it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::{
    cli::{failure::Hint, foreign, paste, term::Term},
    ledger::files::store,
    tlog::{
        merkle::leaf_hash,
        proof_file::{self, MAX_LENGTH, ProofFile},
    },
    verify::{self, GivenKey, VerifyReport},
};

/// Verifies a proof and its entry: that of the file `entry`, whatever log it is from, or else the one beside the
/// proof.
pub(super) fn proof(
    target: &Path,
    bytes: &[u8],
    entry: Option<&Path>,
    key: Option<&GivenKey>,
    term: &Term,
) -> anyhow::Result<VerifyReport> {
    let shown = target.display();
    let key =
        key.with_context(|| format!("{shown}: a proof does not vouch for its own key")).hint(format!(
            "foil verify {} --key KEY: the log's vkey, DID, file or contact, from somebody you trust",
            paste::path(target)
        ))?;
    if !bytes.starts_with(proof_file::HEADER.as_bytes()) {
        foreign::refuse(&shown.to_string(), bytes, "a proof begins with c2sp.org/tlog-proof@v1")?;
    }
    let proof = ProofFile::parse(bytes).with_context(|| format!("{shown}: no proof"))?;
    let content = match entry {
        Some(path) => read(path)?,
        None => read(&beside(target))?,
    };
    let line = without_line_feed(&content, &proof);
    verify::proof(&proof, line, key, entry.is_some(), term.verbose()).with_context(|| shown.to_string())
}

fn beside(target: &Path) -> PathBuf {
    target.with_extension("json")
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let named = || path.display().to_string();
    let bytes = store::read_small(path, MAX_LENGTH).with_context(named)?;
    let bytes = bytes
        .with_context(|| format!("{}: no such file, and it should hold the entry", named()))
        .hint("--entry FILE names it where it is called otherwise")?;
    anyhow::ensure!(bytes.len() <= MAX_LENGTH, "{}: longer than any entry", named());
    Ok(bytes)
}

/// An entry of a ledger is a line; the line feed is no part of it. Another log's may well end with one.
fn without_line_feed<'a>(content: &'a [u8], proof: &ProofFile) -> &'a [u8] {
    let stated = proof.signed().ok().map(|signed| signed.checkpoint().clone());
    let is_whole =
        stated.is_some_and(|stated| proof.root(stated.size, leaf_hash(content)) == Some(stated.root));
    if is_whole { content } else { content.strip_suffix(b"\n").unwrap_or(content) }
}
