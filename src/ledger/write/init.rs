//! A new ledger: made in its folder, which is no ledger before its checkpoint is there.
//!
//! The marker `init.tmp` stands in the folder meanwhile. One that is found without a checkpoint is of an `init`
//! that died, and the next `init` begins anew.

use std::{fs, io, path::Path};

use anyhow::{Context, ensure};

use super::{
    append::WriterMachine,
    lock::{KnownJump, LastWriter, LedgerBusy, Lock},
    receipt::Receipt,
};
use crate::{
    json::Object,
    key::SecretKey,
    ledger::{
        files::{folder::Folder, store, tree},
        pins::{KnowingAct, Seen, Sight},
    },
    record::signed,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        entry::Entry,
        merkle::{Frontier, leaf_hash},
        tile,
    },
};

/// Stands in the folder while a ledger is made.
const MARKER: &str = "init.tmp";

/// Makes a ledger whose entry 0 is this record, signed by the log key already. The folder must not be there,
/// or be empty. Answers the acknowledgement, and why it could not be remembered, if so.
///
/// # Errors
/// If something is there, or a write or sync failed: then there is no ledger.
pub fn init(
    path: &Path,
    key: &SecretKey,
    origin: &str,
    record: Object,
    here: &WriterMachine,
    seen: &Seen,
) -> anyhow::Result<(Receipt, Option<anyhow::Error>)> {
    let folder = Folder::new(path);
    let taken = || anyhow::anyhow!("{}: is there already, and not an empty folder", path.display());
    let fresh = match store::make_folder(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        made => made.map(|()| true).with_context(|| path.display().to_string())?,
    };
    ensure!(path.is_dir() && is_free(&folder), taken());
    folder.must_lie_here()?;
    let lock = Lock::try_take(&folder.lock())?.ok_or(LedgerBusy);
    let lock = lock.with_context(|| path.display().to_string())?;
    // Under the lock no other process makes one here.
    ensure!(is_free(&folder), taken());
    let id = signed::id(&record);
    let entry = Entry { n: 0, received: here.clock.wall, wall: None, record };
    let signed = make(&folder, key, origin, &entry, &lock, here);
    let signed = signed.inspect_err(|_| give_back(&folder, fresh))?;
    let note = signed.to_string();
    let checkpoint = signed.checkpoint().clone();
    let sight = Sight { key: key.public(), checkpoint: signed };
    let remembered = seen.remember(&id, &sight, Some(KnowingAct::Written));
    let receipt = Receipt { checkpoint, note, entries: Some(0..=0), recovered: None, skipped: 0 };
    Ok((receipt, remembered.err()))
}

/// Whether a ledger may be made here: nothing is there but the lock, or what an `init` left that died.
fn is_free(folder: &Folder) -> bool {
    let there = |name: &str| folder.path().join(name).symlink_metadata().is_ok();
    let only_lock = || {
        let mut names = fs::read_dir(folder.path()).into_iter().flatten().filter_map(Result::ok);
        names.all(|entry| entry.file_name() == "lock")
    };
    !there("checkpoint") && (there(MARKER) || only_lock())
}

/// Leaves the folder as it was found, as far as that can be done.
fn give_back(folder: &Folder, fresh: bool) {
    let _ = unmake(folder);
    let _ = fs::remove_file(folder.path().join(MARKER));
    let _ = fs::remove_file(folder.lock());
    if fresh {
        let _ = fs::remove_dir(folder.path());
    }
}

/// Takes away what an `init` made that did not come to its end.
fn unmake(folder: &Folder) -> io::Result<()> {
    let absent = |done: io::Result<()>| match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    };
    // First what makes it a ledger: it is there if only the last sync failed.
    absent(fs::remove_file(folder.checkpoint()))?;
    absent(fs::remove_file(folder.path().join("checkpoint.tmp")))?;
    absent(fs::remove_dir_all(folder.tree()))?;
    absent(fs::remove_file(folder.entry_file(0)))?;
    absent(fs::remove_dir_all(folder.entries()))
}

fn make(
    folder: &Folder,
    key: &SecretKey,
    origin: &str,
    entry: &Entry,
    lock: &Lock,
    here: &WriterMachine,
) -> anyhow::Result<SignedCheckpoint> {
    let marker = folder.path().join(MARKER);
    store::open_to_write(&marker).with_context(|| marker.display().to_string())?;
    store::sync_folder(folder.path())?;
    unmake(folder).with_context(|| folder.path().display().to_string())?;
    for path in [folder.entries(), folder.tree()] {
        store::make_folder(&path).with_context(|| path.display().to_string())?;
    }
    let line = entry.to_line();
    let mut tree = tile::Builder::new(folder.layout(), Frontier::default());
    tree.push(leaf_hash(line.as_bytes()));
    store::replace(&folder.entry_file(0), (line + "\n").as_bytes())?;
    tree::write(folder, &tree.take())?;
    let (believed, jump) = (Some(here.clock), Some(KnownJump { size: 1, start: None }));
    lock.sign_in(&LastWriter { believed, jump, ..here.machine.after(&LastWriter::default(), &here.boot) })?;
    // Nothing may come to the disk later than the checkpoint that covers it: not even the name of a folder.
    store::sync_folder(folder.path())?;
    store::sync_folder(store::folder_of(folder.path()))?;
    let stated = Checkpoint { origin: origin.to_owned(), size: 1, root: tree.frontier().root() };
    let signed = SignedCheckpoint::sign(stated, key).context("an origin that can be no key's name")?;
    store::replace(&folder.checkpoint(), signed.to_string().as_bytes())?;
    // Beside a checkpoint it says nothing more.
    let _ = fs::remove_file(marker);
    Ok(signed)
}
