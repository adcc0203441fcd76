//! The destination folder: files appear in it whole or not at all, and a web server can read them.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs::{self, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

use crate::{
    hash::Hash,
    ledger::files::store,
    tlog::{
        layout::{LEVELS, Layout},
        resource::{CHECKPOINT, FULL, Resource, ResourceContent},
        vkey::VerifierKey,
    },
};

/// Stands in the folder while a publisher is at work. It holds an empty file called after the log, which is there
/// before anything else is, so that a dead publisher's files are known from files of other programs.
const MARKER: &str = ".publishing";

/// What is about to be put into place, inside the marker.
const FRESH: &str = "new";

/// A published log, to be added to.
pub(super) struct Dest<'a> {
    path: &'a Path,
    /// What the log is called inside the marker
    mark: String,
    dry_run: bool,
    /// Whether the last publisher died
    interrupted: bool,
    /// Whether the marker stands
    begun: bool,
    /// Folders with names that are not durable yet
    unsynced: BTreeSet<PathBuf>,
    /// Folders that are known to be some
    known: BTreeSet<PathBuf>,
    written: u64,
}

/// Makes the folder, unless it is there; answers whether it was made.
pub(super) fn create(path: &Path) -> anyhow::Result<bool> {
    match store::make_folder(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            ensure!(path.is_dir(), "{}: is there already, and no folder", path.display());
            Ok(false)
        }
        made => {
            made.and_then(|()| readable(path, 0o755)).with_context(|| path.display().to_string())?;
            store::sync_folder(store::folder_of(path))?;
            Ok(true)
        }
    }
}

/// What a log is called inside the marker.
pub(super) fn mark(key: &VerifierKey) -> String {
    Hash::of(key.to_string().as_bytes()).to_string()
}

/// Refuses a ledger's folder, and one with tiles in it that no publisher of this log put there. What else is there
/// (`.git`, `CNAME`, `lost+found`, other pages) is not ours and stays as it is: no name of ours is among it.
pub(super) fn must_be_free(path: &Path, mark: &str) -> anyhow::Result<()> {
    let shown = path.display();
    let names = names(path)?;
    let has = |name: &str| names.iter().any(|there| there == name);
    let ledger = has("entries") && (has("lock") || has("tree"));
    ensure!(!ledger, "{shown}: is a ledger; a published log has a folder of its own");
    // Readers would take it for one.
    ensure!(!has("entries"), "{shown}/entries: only a ledger has that; move it away, or publish elsewhere");
    let begun = has(MARKER) && is_begun(&path.join(MARKER), mark)?;
    let free = has(CHECKPOINT) || begun || !has("tile");
    ensure!(free, "{shown}/tile: no publisher of this log put it there; move it away, or publish elsewhere");
    Ok(())
}

/// Whether a marker says that a publisher of this log is at work, or was. An empty one says nothing: it has just
/// been made, or was about to go.
fn is_begun(marker: &Path, mark: &str) -> anyhow::Result<bool> {
    let shown = marker.display();
    let is_folder = marker.symlink_metadata().with_context(|| shown.to_string())?.is_dir();
    ensure!(is_folder, "{shown}: is there already, and no folder");
    let names = names(marker)?;
    let begun = names.iter().any(|name| name == mark);
    let ours = |name: &OsString| begun && (name == mark || name == FRESH);
    ensure!(names.iter().all(ours), "{shown}: holds what no publisher of this log put there; move it away");
    Ok(begun)
}

/// What lies in a folder; nothing if it is not there.
fn names(path: &Path) -> anyhow::Result<Vec<OsString>> {
    let names = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        names => names.and_then(|names| names.map(|name| Ok(name?.file_name())).collect()),
    };
    names.with_context(|| path.display().to_string())
}

/// Whatever the process's mask says: what is published is for others.
fn readable(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode))
}

impl<'a> Dest<'a> {
    pub(super) fn new(path: &'a Path, mark: String, dry_run: bool) -> Self {
        let interrupted = path.join(MARKER).symlink_metadata().is_ok();
        let (unsynced, known) = (BTreeSet::new(), BTreeSet::new());
        Self { path, mark, dry_run, interrupted, begun: false, unsynced, known, written: 0 }
    }

    /// Where it lies, for people.
    pub(super) fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// The length of a file; `None`: there is no plain file.
    pub(super) fn length(&self, name: &str) -> Option<u64> {
        let found = self.path.join(name).symlink_metadata().ok()?;
        found.is_file().then_some(found.len())
    }

    /// The bytes of a plain file, at most so many and one more; `None`: it cannot be read.
    pub(super) fn read(&self, name: &str, limit: usize) -> Option<Vec<u8>> {
        self.length(name)?;
        store::read_small(&self.path.join(name), limit).ok().flatten()
    }

    /// How many files were put into their places.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// Puts a file into its place, unless it is there and the same; answers whether it was not.
    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<bool> {
        let path = self.path.join(name);
        let same = self.read(name, bytes.len()).is_some_and(|there| there == bytes);
        if !same {
            self.written += 1;
        }
        if self.dry_run || (same && !self.interrupted) {
            return Ok(!same);
        }
        self.begin()?;
        self.make_folders(name)?;
        if !same {
            let fresh = self.path.join(MARKER).join(FRESH);
            write(&fresh, bytes).with_context(|| fresh.display().to_string())?;
            fs::rename(&fresh, &path).with_context(|| path.display().to_string())?;
        }
        Ok(!same)
    }

    /// Sets the marker up, as a folder of our own.
    fn begin(&mut self) -> anyhow::Result<()> {
        if !self.begun {
            let marker = self.path.join(MARKER);
            make_folder(&marker)?;
            make_empty(&marker.join(&self.mark))?;
            store::sync_folder(&marker)?;
            store::sync_folder(self.path)?;
            self.begun = true;
        }
        Ok(())
    }

    /// Takes the marker down: what names the log goes last, when nothing else can come back after a power cut; and
    /// a file of another program never goes.
    fn end(&self) -> anyhow::Result<()> {
        let marker = self.path.join(MARKER);
        store::remove(&marker.join(FRESH))?;
        store::sync_folder(&marker)?;
        store::remove(&marker.join(&self.mark))?;
        fs::remove_dir(&marker).with_context(|| marker.display().to_string())
    }

    /// Makes the folders above a file, and takes note of all that will have a new name in them.
    fn make_folders(&mut self, name: &str) -> anyhow::Result<()> {
        let mut folder = self.path.to_owned();
        let mut above: Vec<&str> = name.split('/').collect();
        above.pop();
        for part in above {
            let parent = folder.clone();
            folder.push(part);
            if self.known.contains(&folder) {
                continue;
            }
            if make_folder(&folder)? || self.interrupted {
                self.unsynced.insert(parent);
            }
            self.known.insert(folder.clone());
        }
        self.unsynced.insert(folder);
        Ok(())
    }

    /// Puts the checkpoint into its place once everything under it is durable, and takes away what is obsolete
    /// then.
    pub(super) fn finish(mut self, checkpoint: &[u8], before: u64, after: u64) -> anyhow::Result<()> {
        for folder in std::mem::take(&mut self.unsynced) {
            store::sync_folder(&folder)?;
        }
        self.put(CHECKPOINT, checkpoint)?;
        for folder in std::mem::take(&mut self.unsynced) {
            store::sync_folder(&folder)?;
        }
        if self.dry_run {
            return Ok(());
        }
        if self.interrupted && after > 0 {
            sweep(&self.path.join("tile"))?;
        } else {
            self.remove_obsolete(before, after)?;
        }
        if self.begun || self.interrupted {
            self.end()?;
        }
        Ok(())
    }

    /// Takes away the partial tiles at the old right edge that are full by now. Others stay: a checkpoint was
    /// published that needs them.
    fn remove_obsolete(&self, before: u64, after: u64) -> anyhow::Result<()> {
        let levels = (0..LEVELS).map(|level| (ResourceContent::Hashes(level), level));
        for (content, level) in levels.chain([(ResourceContent::Entries, 0)]) {
            let index = Layout::STANDARD.level_length(level, before) / u64::from(FULL);
            if index < Layout::STANDARD.level_length(level, after) / u64::from(FULL) {
                let full = Resource { content, index, width: FULL };
                remove_partial(&self.path.join(format!("{full}.p")))?;
            }
        }
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // One that a dead publisher left goes first.
    let _ = fs::remove_file(path);
    let mut file = store::make_file(path)?;
    file.set_permissions(Permissions::from_mode(0o644))?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes an empty file, unless it is there.
fn make_empty(path: &Path) -> anyhow::Result<()> {
    match store::make_file(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop).with_context(|| path.display().to_string()),
    }
}

/// Makes a folder, unless it is there; answers whether it was made. A link to one elsewhere is none.
fn make_folder(path: &Path) -> anyhow::Result<bool> {
    let named = || path.display().to_string();
    match store::make_folder(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let is_folder = path.symlink_metadata().with_context(named)?.is_dir();
            ensure!(is_folder, "{}: is there already, and no folder", path.display());
            Ok(false)
        }
        made => made.and_then(|()| readable(path, 0o755)).map(|()| true).with_context(named),
    }
}

/// Removes partial tiles durably: before the marker is taken down, it must be sure that they do not come back.
fn remove_partial(path: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => {
            removed.with_context(|| path.display().to_string())?;
            store::sync_folder(store::folder_of(path))
        }
    }
}

/// Takes away all partial tiles beside a full one: after a publisher died it is not known where they are.
fn sweep(folder: &Path) -> anyhow::Result<()> {
    let named = || folder.display().to_string();
    for entry in fs::read_dir(folder).with_context(named)? {
        let entry = entry.with_context(named)?;
        let (path, name) = (entry.path(), entry.file_name());
        if !entry.file_type().with_context(named)?.is_dir() {
            continue;
        }
        match name.to_str().and_then(|name| name.strip_suffix(".p")) {
            Some(full) if path.with_file_name(full).is_file() => remove_partial(&path)?,
            Some(_) => {}
            None => sweep(&path)?,
        }
    }
    Ok(())
}
