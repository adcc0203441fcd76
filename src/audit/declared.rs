//! What entry 0 of a ledger in its folder declares, once its log key has signed the checkpoint.

use anyhow::Context;

use crate::{ledger::files::read::Reader, record::genesis::Genesis};

/// What entry 0 declares.
///
/// # Errors
/// If it declares no ledger, or its log key did not sign the checkpoint.
pub fn declared(reader: &Reader) -> anyhow::Result<Genesis> {
    let path = reader.folder().path().display();
    let genesis =
        Genesis::parse(&reader.declaration()?.record).with_context(|| format!("{path}: entry 0"))?;
    let stated = reader.checkpoint();
    let verified = stated.verified_by(&genesis.origin, &genesis.log);
    verified.with_context(|| format!("{path}/checkpoint: not signed by the key that entry 0 names"))?;
    Ok(genesis)
}
