//! `state.json`: the registry at some size, signed by the log key, so that a writer need not read the whole ledger.
//!
//! ```json
//! {"ledger":"9f2c…","size":8192,"root":"9cd0…","registry":{…},"proof":{…}}
//! ```
//!
//! It is a speed-up and never the truth: it counts only if the log signed it, and if the tree of the entries that are
//! there grew from that root. Else the entries say it anew.

use anyhow::{Context, ensure};

use crate::{
    chain::{folder::Folder, store, tree},
    hash::Hash,
    json,
    key::SecretKey,
    object,
    record::{
        genesis::Genesis,
        signed::{SignOptions, Verifier, sign},
    },
    registry::Registry,
    time::Time,
    tlog::{checkpoint::Checkpoint, merkle::Frontier},
};

/// A longer file is none of ours.
pub const LONGEST: usize = 256 << 20;

/// Reads the registry that is kept, and the size of which it is; none if there is none.
///
/// # Errors
/// If it is not the log's word on the beginning of these entries.
pub fn load(
    folder: &Folder,
    genesis: &Genesis,
    ledger: Hash,
    now: &Frontier,
) -> anyhow::Result<Option<(Registry, u64)>> {
    let Some(bytes) = store::read_whole(&folder.state(), LONGEST)? else { return Ok(None) };
    let state = json::parse_object(&bytes)?;
    let signers = Verifier::new().signers(&state, Time::EPOCH)?;
    ensure!(signers.contains(&genesis.log), "not signed by the log key");
    ensure!(state.str("ledger").and_then(Hash::parse) == Some(ledger), "of another ledger");
    let size = state.get("size").and_then(json::Value::as_u64).context("no size")?;
    let root = state.str("root").and_then(Hash::parse).context("no root")?;
    ensure!((1..=now.size()).contains(&size), "of {size} entries, here are {}", now.size());
    let stated = Checkpoint { origin: genesis.origin.clone(), size, root };
    ensure!(tree::extends(folder, &stated, now)?, "of other entries");
    let registry = state.get("registry").and_then(json::Value::as_object).context("no registry")?;
    Ok(Some((Registry::from_object(genesis, ledger, registry)?, size)))
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
    let mut state = object! {
        "ledger": registry.ledger().to_string(),
        "size": stated.size,
        "root": stated.root.to_string(),
        "registry": registry.to_object(),
    };
    sign(&mut state, key, &SignOptions::default())?;
    store::replace_unsynced(&folder.state(), (state.to_canonical() + "\n").as_bytes())
}
