//! A new ledger: made whole beside its place, and then put there.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

use super::{
    append::{Here, Receipt},
    entry::Entry,
    folder::Folder,
    seen::{Seen, Sight},
    store::{self, LastWriter, Lock},
    tree,
};
use crate::{
    json::Object,
    key::SecretKey,
    record::signed,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        merkle::leaf_hash,
        tile,
    },
};

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
    here: &Here,
    seen: &Seen,
) -> anyhow::Result<(Receipt, Option<anyhow::Error>)> {
    ensure!(is_free(path), "{}: is there already, and not an empty folder", path.display());
    let id = signed::id(&record);
    let entry = Entry { n: 0, received: here.clock.wall, record };
    let folder = Folder::new(beside(path));
    let _ = fs::remove_dir_all(folder.path());
    let made = make(&folder, key, origin, &entry, here);
    let signed = made.and_then(|signed| put_in_place(folder.path(), path).map(|()| signed));
    let signed = signed.inspect_err(|_| drop(fs::remove_dir_all(folder.path())))?;
    let note = signed.to_string();
    let checkpoint = signed.checkpoint().clone();
    let remembered = seen.remember(&id, &Sight { key: key.public(), checkpoint: signed });
    let receipt = Receipt { checkpoint, note, entries: Some((0, 0)), recovered: None, skipped: 0 };
    Ok((receipt, remembered.err()))
}

fn is_free(path: &Path) -> bool {
    match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

fn make(
    folder: &Folder,
    key: &SecretKey,
    origin: &str,
    entry: &Entry,
    here: &Here,
) -> anyhow::Result<SignedCheckpoint> {
    for path in [folder.path(), &folder.entries(), &folder.tree()] {
        fs::create_dir(path).with_context(|| path.display().to_string())?;
    }
    let line = entry.to_line();
    let mut tree = tile::Builder::default();
    tree.push(leaf_hash(line.as_bytes()));
    store::replace(&folder.entry_file(0), (line + "\n").as_bytes())?;
    tree::write(folder, &tree.take())?;
    let lock = Lock::try_take(&folder.lock())?.context("lock")?;
    let up = here.clock.up;
    lock.sign_in(&LastWriter { machine: here.machine.clone(), boot: here.boot.clone(), up })?;
    let stated = Checkpoint { origin: origin.to_owned(), size: 1, root: tree.frontier().root() };
    let signed = SignedCheckpoint::sign(stated, key).context("an origin that can be no key's name")?;
    store::replace(&folder.checkpoint(), signed.to_string().as_bytes())?;
    Ok(signed)
}

/// A folder takes the place of an empty one, or of none, in one step.
fn put_in_place(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::rename(from, to).with_context(|| to.display().to_string())?;
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
    store::sync_folder(parent.unwrap_or(Path::new(".")))
}
