//! Bringing entry files back to what was signed, line by line.
//!
//! ```text
//! what a place should hash to ─┬─ a line of the file itself, wherever it stands in it
//! (confirmed by a signed root) ├─ one of its neighbours', or of what was set aside under replaced/
//!                              ├─ one of a copy's
//!                              └─ no file has it: the line in its place stays, and the place is named
//! ```
//!
//! A line is written only if it has the hash of its place. A new file is written in `repair.tmp/` and synced; the
//! old one gets a second name under `replaced/`; then the new one is renamed over it. A kill at any step
//! loses nothing, and the next repair goes on.

mod keep;
mod lines;
mod work;

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, BufWriter, Read, Seek, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;

use self::{
    lines::FileLine,
    work::{FileRepair, LineSource, in_order, is_same, look_into, stays, tail, write},
};
use super::files::{
    entries::{self, Form},
    folder::Folder,
    gzip::Unpacked,
    store,
};
use crate::{hash::Hash, tlog::view::View};

/// As many bytes of a packed file are looked at: some seventeen times what signed readings take.
const MOST_UNPACKED: u64 = 640 << 20;

/// Repairs a ledger whose lock is held.
pub struct Repair<'a> {
    folder: &'a Folder,
    copy: Option<&'a dyn View>,
    /// Whether only to find out what would be done
    rehearse: bool,
}

/// What a repair did with a file, or would do.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// Whether its bytes are others than before
    pub changed: bool,
    /// Entries that came from the copy
    pub copied: Vec<u64>,
    /// Entries that were found in other files of the ledger
    pub found: Vec<u64>,
    /// Entries that no file has
    pub lacking: Vec<u64>,
    /// Lines that went, since they are no entries of this file
    pub dropped: u64,
    /// Whether line ends or a mark before the text were put right
    pub respelled: bool,
    /// Whether lines stood in another order
    pub reordered: bool,
    /// Where the old file is kept; `None`: there was none, or it stays
    pub kept: Option<PathBuf>,
    /// Files of the copy that could not be read to their end, and why: what stands before was looked at
    pub unread: Vec<String>,
}

impl<'a> Repair<'a> {
    /// Makes ready; what a repair that died left behind goes.
    ///
    /// # Errors
    /// If the folder for new files cannot be made.
    pub fn new(folder: &'a Folder, copy: Option<&'a dyn View>, rehearse: bool) -> anyhow::Result<Self> {
        let repair = Self { folder, copy, rehearse };
        if !rehearse {
            repair.clean();
            let path = repair.scratch();
            store::make_folder(&path).with_context(|| path.display().to_string())?;
        }
        Ok(repair)
    }

    fn scratch(&self) -> PathBuf {
        self.folder.path().join("repair.tmp")
    }

    /// Under the lock, files of these names were left by a command that was killed.
    fn clean(&self) {
        for name in ["repair.tmp", "tree.tmp", "checkpoint.tmp"] {
            let path = self.folder.path().join(name);
            let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
        }
    }

    /// Brings the file that begins with this entry to lines of these hashes; a place without one is as good as
    /// lost. Behind the `size`th entry what a writer left unfinished stays as it is.
    ///
    /// # Errors
    /// If something cannot be read or written.
    pub fn file(&self, first: u64, leaves: &[Option<Hash>], size: u64) -> anyhow::Result<Mended> {
        let mut work = FileRepair::new(first, leaves);
        let own = self.own_lines(&mut work)?;
        if work.lacks() {
            self.look_around(&mut work)?;
        }
        let stays = stays(&work, &own);
        let tail = tail(self.folder.layout(), &work, &own, size);
        let recognised = own.iter().filter(|line| work.wanted.contains_key(&line.hash)).count();
        let used = stays.len() + (own.len() - tail);
        work.mended.lacking =
            (first..).zip(&work.spots).filter(|(_, spot)| spot.is_none()).map(|(n, _)| n).collect();
        work.mended.respelled = own[..tail].iter().any(FileLine::respelled);
        let taken = work.spots.iter().flatten().filter(|spot| spot.file == Some(0)).count();
        work.mended.dropped = own.len().saturating_sub(taken + used) as u64;
        work.mended.reordered = recognised > 0 && !in_order(&work);
        work.mended.changed = !is_same(&work, &own, tail, &stays);
        if !work.mended.changed {
            // What is said of its lines would not be done.
            (work.mended.dropped, work.mended.respelled, work.mended.reordered) = (0, false, false);
        } else if !self.rehearse {
            self.put_in_place(&mut work, &own, tail, &stays)?;
        }
        Ok(work.mended)
    }

    /// Shortens a file to lines of these hashes: all that stands behind them goes.
    ///
    /// # Errors
    /// If something cannot be read or written, or one of the lines is not there.
    pub fn cut(&self, first: u64, leaves: &[Option<Hash>]) -> anyhow::Result<()> {
        let mut work = FileRepair::new(first, leaves);
        let own = self.own_lines(&mut work)?;
        anyhow::ensure!(!work.lacks(), "{}: an entry is missing", self.folder.layout().entry_file(first));
        let (end, stays) = (own.len(), HashMap::new());
        if !is_same(&work, &own, end, &stays) {
            self.put_in_place(&mut work, &own, end, &stays)?;
        }
        Ok(())
    }

    /// The lines of the file itself, as far as it can be read; what is no plain file has none.
    fn own_lines(&self, work: &mut FileRepair) -> anyhow::Result<Vec<FileLine>> {
        let mut own = Vec::new();
        let Some(file) = self.own_file(work.first)? else { return Ok(own) };
        // Where a disk gives nothing back any more, the rest is as good as lost.
        let _ = lines::read(&file, |line, _| {
            if let Some(place) = work.free(&line.hash) {
                work.spots[place] =
                    Some(LineSource { file: Some(0), from: line.text.start, to: line.text.end });
            }
            own.push(line);
            Ok(())
        });
        work.files[0] = Some(file);
        Ok(own)
    }

    /// A packed file is unpacked as far as that goes.
    fn own_file(&self, first: u64) -> anyhow::Result<Option<File>> {
        let path = entries::path(self.folder, first);
        let file = match store::open_plain(&path) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(error).with_context(|| path.display().to_string());
            }
            Err(_) => return Ok(None),
            Ok(file) => file,
        };
        if entries::form(self.folder, first) != Some(Form::Packed) {
            return Ok(Some(file));
        }
        let mut unpacked = if self.rehearse { in_memory()? } else { self.new_file("unpacked")? };
        let _ = io::copy(&mut Unpacked::new(file).take(MOST_UNPACKED), &mut unpacked);
        unpacked.rewind().context("unpacked")?;
        Ok(Some(unpacked))
    }

    /// Looks for what is lacking: in the files before and behind, in what was set aside, in the copy.
    fn look_around(&self, work: &mut FileRepair) -> anyhow::Result<()> {
        let first = work.first;
        let per_file = self.folder.layout().entries_per_file();
        let beside = [first.checked_sub(per_file), first.checked_add(per_file)];
        let mut places: Vec<PathBuf> =
            beside.iter().flatten().map(|first| self.folder.entry_file(*first)).collect();
        let aside = fs::read_dir(self.folder.replaced()).into_iter().flatten().filter_map(Result::ok);
        let mut aside: Vec<PathBuf> = aside.map(|file| file.path()).collect();
        aside.sort();
        places.append(&mut aside);
        for path in places {
            if work.lacks()
                && let Ok(file) = store::open_plain(&path)
            {
                look_into(work, file);
            }
        }
        let Some(copy) = self.copy.filter(|_| work.lacks()) else { return Ok(()) };
        // The copy may be damaged: one file that cannot be read is no reason to do without the others.
        let mut files = copy.entry_files().unwrap_or_else(|why| {
            work.mended.unread.push(format!("entries: {why}"));
            Vec::new()
        });
        files.retain(|file| !file.pruned && (file.first == first || beside.contains(&Some(file.first))));
        files.sort_by_key(|file| file.first != first);
        for file in files {
            if !work.lacks() {
                break;
            }
            let read = match copy.open(&file) {
                Ok(source) => self.take_from(work, source).with_context(|| file.name.clone())?,
                Err(why) => Err(why),
            };
            work.mended.unread.extend(read.err().map(|why| format!("{}: {why}", file.name)));
        }
        Ok(())
    }

    /// Takes what is lacking out of a copy's file, into one of ours: a copy can be read only once, and forwards.
    /// Answers how the reading ended.
    fn take_from(&self, work: &mut FileRepair, source: impl Read) -> anyhow::Result<io::Result<()>> {
        let at = work.files.len();
        let spool = if self.rehearse { None } else { Some(self.new_file(&format!("{at}"))?) };
        let mut spool = spool.map(BufWriter::new);
        let mut end = 0;
        let read = lines::read(source, |line, text| {
            let Some(place) = work.free(&line.hash) else { return Ok(()) };
            if let Some(spool) = &mut spool {
                spool.write_all(text)?;
            }
            let to = end + text.len() as u64;
            work.spots[place] = Some(LineSource { file: spool.as_ref().map(|_| at), from: end, to });
            work.mended.copied.push(work.first + place as u64);
            end = to;
            Ok(())
        })?;
        if let Some(spool) = spool {
            work.files.push(Some(spool.into_inner().map_err(io::IntoInnerError::into_error)?));
        }
        work.mended.copied.sort_unstable();
        Ok(read)
    }

    fn new_file(&self, name: &str) -> anyhow::Result<File> {
        let path = self.scratch().join(name);
        let _ = fs::remove_file(&path);
        store::make_file(&path).with_context(|| path.display().to_string())
    }

    fn put_in_place(
        &self,
        work: &mut FileRepair,
        own: &[FileLine],
        tail: usize,
        stays: &HashMap<usize, usize>,
    ) -> anyhow::Result<()> {
        let name = self.folder.layout().entry_file(work.first);
        let file = self.new_file(&name)?;
        let written = write(work, own, tail, stays, &file).and_then(|()| Ok(file.sync_all()?));
        written.with_context(|| self.scratch().join(&name).display().to_string())?;
        let entries = self.folder.entries();
        if !entries.is_dir() {
            store::make_folder(&entries).with_context(|| entries.display().to_string())?;
            store::sync_folder(self.folder.path())?;
        }
        let path = self.folder.entry_file(work.first);
        work.mended.kept = keep::keep(self.folder, &path, &name)?;
        fs::rename(self.scratch().join(&name), &path).with_context(|| path.display().to_string())?;
        store::sync_folder(&entries)?;
        // Beside a plain file a packed one counts no more.
        let packed = self.folder.packed_file(work.first);
        if packed.exists() {
            work.mended.kept = Some(keep::move_away(self.folder, &packed, &name_of(&packed))?);
        }
        Ok(())
    }

    /// Keeps what stands under this name in the ledger's folder, and puts these bytes in its place, durably.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
        keep::keep(self.folder, path, &name_of(path))?;
        store::replace(path, bytes)
    }

    /// Sets something aside, durably.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn set_aside(&self, path: &Path) -> anyhow::Result<PathBuf> {
        keep::move_away(self.folder, path, &name_of(path))
    }

    /// Keeps a second name of a file that something else is about to replace.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn keep(&self, path: &Path, name: &str) -> anyhow::Result<()> {
        keep::keep(self.folder, path, name).map(drop)
    }

    /// Keeps what was remembered elsewhere and is to be forgotten.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn keep_bytes(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        keep::keep_bytes(self.folder, name, bytes).map(drop)
    }
}

impl Drop for Repair<'_> {
    fn drop(&mut self) {
        if !self.rehearse {
            self.clean();
        }
    }
}

/// A file without a name, that goes with us: a rehearsal writes nothing into the ledger.
fn in_memory() -> anyhow::Result<File> {
    let file = rustix::fs::memfd_create("unpacked", rustix::fs::MemfdFlags::CLOEXEC);
    Ok(File::from(file.context("memory for an unpacked file")?))
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
}
