//! A checkpoint that was kept in a file: a signed note, a receipt, or what was seen.

use std::{
    io::{self, Read},
    path::Path,
};

use anyhow::Context as _;

use super::target;
use crate::{
    hash::Hash,
    json,
    ledger::{
        files::{folder::MAX_CHECKPOINT, store},
        pins,
    },
    tlog::view::{EntryFile, View},
};

/// Opens a log, or what was kept of one: a file with a signed checkpoint, a receipt of an append, or what was seen.
///
/// # Errors
/// If there is neither, or it cannot be read.
pub fn open_or_checkpoint(place: &Path) -> anyhow::Result<Box<dyn View>> {
    if !place.is_file() {
        return target::open(place).map(target::Log::into_view);
    }
    let named = || place.display().to_string();
    let bytes = store::read_small(place, MAX_CHECKPOINT).with_context(named)?.unwrap_or_default();
    Ok(Box::new(CheckpointAlone(checkpoint_in(bytes))))
}

/// The signed note in a file that is one, or holds one.
fn checkpoint_in(bytes: Vec<u8>) -> Vec<u8> {
    let receipt = json::parse_object(&bytes).ok();
    if let Some(note) = receipt.as_ref().and_then(|receipt| receipt.str("checkpoint")) {
        return note.as_bytes().to_vec();
    }
    pins::Sight::parse(&bytes).map(|sight| sight.checkpoint.to_string().into_bytes()).unwrap_or(bytes)
}

/// A checkpoint alone.
struct CheckpointAlone(Vec<u8>);

impl View for CheckpointAlone {
    fn kind(&self) -> &'static str {
        "checkpoint"
    }

    fn checkpoint(&self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        Ok(Some(self.0[..self.0.len().min(limit + 1)].to_vec()))
    }

    fn entry_files(&self) -> io::Result<Vec<EntryFile>> {
        Ok(Vec::new())
    }

    fn open(&self, _: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn tree(&self, _: u32, _: u64, _: usize) -> io::Result<Option<Vec<Hash>>> {
        Ok(None)
    }
}
