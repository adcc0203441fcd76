//! What was seen: the highest checkpoint of each ledger that was verified here, and the key it was verified
//! with. It is how a rewritten or rolled-back ledger shows itself to somebody who was there before.
//!
//! ```text
//! STATE/foil/seen/<SHA-256 of the origin>/<ledger id>     line 1: did:key of the log; then the signed note
//! ```

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::Context;
use rustix::fs::{FlockOperation, flock};

use super::{folder::MAX_CHECKPOINT, store};
use crate::{hash::Hash, key::PublicKey, tlog::checkpoint::SignedCheckpoint};

/// The memory of one user on one machine.
#[derive(Clone, Debug)]
pub struct Seen {
    path: PathBuf,
}

/// One ledger as it was seen.
#[derive(Clone, Debug)]
pub struct Sight {
    /// The log's key
    pub key: PublicKey,
    /// The highest checkpoint
    pub checkpoint: SignedCheckpoint,
}

impl Seen {
    /// The memory under this folder, which need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// What was seen of a ledger.
    ///
    /// # Errors
    /// If it is there and cannot be read: then nothing can be said about rewriting.
    pub fn recall(&self, origin: &str, id: &Hash) -> anyhow::Result<Option<Sight>> {
        let path = self.file(origin, id);
        let bytes =
            store::read_small(&path, MAX_CHECKPOINT + 100).with_context(|| path.display().to_string())?;
        bytes.map(|bytes| Sight::parse(&bytes).with_context(|| path.display().to_string())).transpose()
    }

    /// Remembers a checkpoint, unless one of at least its size is remembered already: that one is answered.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn remember(&self, id: &Hash, sight: &Sight) -> anyhow::Result<Option<Sight>> {
        let stated = sight.checkpoint.checkpoint();
        let path = self.file(&stated.origin, id);
        let folder = path.parent().context("a file stands in a folder")?;
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        // Two that remember at once must not lower it.
        let turn = File::open(folder).with_context(|| folder.display().to_string())?;
        flock(&turn, FlockOperation::LockExclusive)?;
        let known = self.recall(&stated.origin, id).ok().flatten();
        let known = known.filter(|known| known.checkpoint.checkpoint().size >= stated.size);
        if known.is_none() {
            store::replace_unsynced(&path, sight.to_string().as_bytes())?;
        }
        Ok(known)
    }

    /// Ids of other ledgers that were seen under the same origin.
    pub fn namesakes(&self, origin: &str, id: &Hash) -> Vec<Hash> {
        let files = fs::read_dir(self.folder(origin)).into_iter().flatten();
        let ids = files.filter_map(|file| Hash::parse(file.ok()?.file_name().to_str()?));
        let mut others: Vec<Hash> = ids.filter(|other| other != id).collect();
        others.sort_unstable();
        others
    }

    fn folder(&self, origin: &str) -> PathBuf {
        // The origin is a stranger's text and makes no path.
        self.path.join(Hash::of(origin.as_bytes()).to_string())
    }

    /// The file that holds what was seen of a ledger.
    pub fn file(&self, origin: &str, id: &Hash) -> PathBuf {
        self.folder(origin).join(id.to_string())
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Sight {
    /// Reads the file of a sight.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(bytes: &[u8]) -> anyhow::Result<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n').context("no key in the first line")?;
        let did = std::str::from_utf8(&bytes[..end])?;
        let checkpoint = SignedCheckpoint::parse(&bytes[end + 1..])?;
        Ok(Self { key: PublicKey::parse_did(did)?, checkpoint })
    }
}

impl std::fmt::Display for Sight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n{}", self.key, self.checkpoint)
    }
}
