//! `state.json`: the registry at some size, signed by the log key, so that a writer need not read the whole ledger.
//!
//! ```json
//! {"ledger":"9f2c…","size":8192,"root":"9cd0…","registry":{…},"proof":{…}}
//! ```
//!
//! It is a speed-up and never the truth: it counts only if the log signed it, and if the tree of the entries that are
//! there grew from that root. Else the entries say it anew – unless they were dropped: then it is the only copy, and
//! so a power cut never leaves part of one.

use anyhow::{Context, ensure};

use crate::{
    hash::Hash,
    json,
    key::SecretKey,
    ledger::files::{folder::Folder, store, tree},
    object,
    record::{
        genesis::Genesis,
        signed::{SignError, SignOptions, Verifier, sign},
    },
    rules::{judge::Judge, registry::Registry},
    time::Time,
    tlog::{checkpoint::Checkpoint, merkle::Frontier},
};

/// A longer file is none of ours.
pub const LONGEST: usize = 256 << 20;

/// Reads the registry that is kept, and the size of which it is; `None` if there is none.
///
/// # Errors
/// If it is not the log's word on the beginning of these entries.
pub fn load(
    folder: &Folder,
    genesis: &Genesis,
    ledger: Hash,
    now: &Frontier,
) -> anyhow::Result<Option<(Judge, u64)>> {
    let Some(bytes) = store::read_whole(&folder.state(), LONGEST)? else { return Ok(None) };
    let (registry, stated) = read(&bytes, genesis, ledger)?;
    let size = stated.size;
    ensure!((1..=now.size()).contains(&size), "of {size} entries, here are {}", now.size());
    ensure!(tree::root_at(folder, size, now)? == Some(stated.root), "of other entries");
    Ok(Some((Judge::resuming(genesis, registry), size)))
}

/// Reads the text of the file: a registry, and of which entries the log says so. What is taken, [`write`] gives back.
///
/// # Errors
/// What is wrong with it.
pub fn read(bytes: &[u8], genesis: &Genesis, ledger: Hash) -> anyhow::Result<(Registry, Checkpoint)> {
    let state = json::parse_object(bytes)?;
    let signers = Verifier::new().signers(&state, Time::EPOCH)?;
    ensure!(signers.contains(&genesis.log), "not signed by the log key");
    ensure!(state.str("ledger").and_then(Hash::parse) == Some(ledger), "of another ledger");
    let size = state.get("size").and_then(json::Value::as_u64).context("no size")?;
    let root = state.str("root").and_then(Hash::parse).context("no root")?;
    let registry = state.get("registry").and_then(json::Value::as_object).context("no registry")?;
    ensure!(state.len() == 5, "has members that are not known");
    let stated = Checkpoint { origin: genesis.origin.clone(), size, root };
    Ok((Registry::from_object(genesis, ledger, registry)?, stated))
}

/// Keeps a registry, as of a checkpoint.
///
/// # Errors
/// If it cannot be written.
pub fn keep(
    folder: &Folder,
    registry: &Registry,
    stated: &Checkpoint,
    key: &SecretKey,
) -> anyhow::Result<()> {
    store::replace_whole(&folder.state(), write(registry, stated, key)?.as_bytes())
}

/// The text of the file.
///
/// # Errors
/// If it cannot be signed.
pub fn write(registry: &Registry, stated: &Checkpoint, key: &SecretKey) -> Result<String, SignError> {
    let mut state = object! {
        "ledger": registry.ledger().to_string(),
        "size": stated.size,
        "root": stated.root.to_string(),
        "registry": registry.to_object(),
    };
    sign(&mut state, key, &SignOptions::default())?;
    Ok(state.to_canonical() + "\n")
}
