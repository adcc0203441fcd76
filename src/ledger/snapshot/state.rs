//! `state.json`: the registry at some size, signed by the log key, so that a writer need not read the whole ledger.
//!
//! ```json
//! {"ledger":"9f2c…","size":8192,"root":"9cd0…","received":"2026-…","registry":{…},"proof":{…}}
//! ```
//!
//! `received` is that of the last of these entries, with `wall` if that has one. None is kept as long as a jump of the
//! clock may yet be undone: what the entries in it come to is not known then.
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
        signed::{SignOptions, Verifier, sign},
    },
    rules::{judge::Judge, registry::Registry},
    time::Time,
    tlog::{arrival::EntryTimes, checkpoint::Checkpoint, merkle::Frontier},
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
    let (judge, stated) = read(&bytes, genesis, ledger)?;
    let size = stated.size;
    ensure!((1..=now.size()).contains(&size), "of {size} entries, here are {}", now.size());
    ensure!(tree::root_at(folder, size, now)? == Some(stated.root), "of other entries");
    Ok(Some((judge, size)))
}

/// Reads the text of the file: the judge, and behind which entries the log says so. What is taken, [`write`] gives back.
///
/// # Errors
/// What is wrong with it.
pub fn read(bytes: &[u8], genesis: &Genesis, ledger: Hash) -> anyhow::Result<(Judge, Checkpoint)> {
    let state = json::parse_object(bytes)?;
    let signers = Verifier::new().signers(&state, Time::EPOCH)?;
    ensure!(signers.contains(&genesis.log), "not signed by the log key");
    ensure!(state.str("ledger").and_then(Hash::parse) == Some(ledger), "of another ledger");
    let size = state.get("size").and_then(json::Value::as_u64).context("no size")?;
    let root = state.str("root").and_then(Hash::parse).context("no root")?;
    let registry = state.get("registry").and_then(json::Value::as_object).context("no registry")?;
    let time = |name| state.str(name).and_then(Time::parse);
    let last = EntryTimes { received: time("received").context("no received")?, wall: time("wall") };
    ensure!(state.len() == 6 + usize::from(last.wall.is_some()), "has members that are not known");
    let stated = Checkpoint { origin: genesis.origin.clone(), size, root };
    Ok((Judge::resuming(genesis, Registry::from_object(genesis, ledger, registry)?, Some(last)), stated))
}

/// Keeps the registry of a judge, as of a checkpoint.
///
/// # Errors
/// If it cannot be written, or it is not known yet when all entries arrived.
pub fn keep(folder: &Folder, judge: &Judge, stated: &Checkpoint, key: &SecretKey) -> anyhow::Result<()> {
    store::replace_whole(&folder.state(), write(judge, stated, key)?.as_bytes())
}

/// The text of the file.
///
/// # Errors
/// If it cannot be signed, or it is not known yet when all entries arrived.
pub fn write(judge: &Judge, stated: &Checkpoint, key: &SecretKey) -> anyhow::Result<String> {
    ensure!(judge.is_settled(), "the clock may have jumped, and that may yet be undone");
    let (registry, last) = (judge.registry(), judge.last().context("of no entries")?);
    let mut state = object! {
        "ledger": registry.ledger().to_string(),
        "size": stated.size,
        "root": stated.root.to_string(),
        "received": last.received.to_string(),
        "registry": registry.to_object(),
    };
    if let Some(wall) = last.wall {
        state.insert("wall", wall.to_string());
    }
    sign(&mut state, key, &SignOptions::default())?;
    Ok(state.to_canonical() + "\n")
}
