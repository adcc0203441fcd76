//! What entry 0 of a ledger declares, once its log key has signed the checkpoint.

use anyhow::Context;

use crate::{
    ledger::files::read::Reader,
    tlog::{declaration::LedgerDeclaration, view::View},
};

/// What entry 0 declares.
///
/// # Errors
/// If it declares no ledger, or its log key did not sign the checkpoint.
pub fn declared<V: AsRef<dyn View>>(reader: &Reader<V>) -> anyhow::Result<LedgerDeclaration> {
    let path = reader.shown();
    let declared = reader.declaration()?;
    let verified = reader.checkpoint().verified_by(&declared.genesis.origin, &declared.genesis.log);
    verified.with_context(|| format!("{path}/checkpoint: not signed by the key that entry 0 names"))?;
    Ok(declared)
}
