//! A copy of a ledger that is being made: it grows beside its place, and takes that only once somebody has verified it.
//!
//! ```text
//! cold-room.cloning/     entries, tree, checkpoint; clone.tmp says that it is a clone in the making
//!   ─► cold-room/        a new one: renamed, whole
//!   ─► cold-room/        one that is there: entry files, tree, and at last the checkpoint, as a writer commits
//! ```
//!
//! Every step leaves either what was there before, or that with lines behind its checkpoint, which count for nothing. What
//! an interrupted run has written is taken up by the next one.

mod take_up;

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

use crate::{
    ledger::{
        files::{
            entries::{self, Form},
            folder::Folder,
            store, tree,
        },
        write::lock::{LedgerBusy, Lock},
    },
    time::Span,
    tlog::{consistency::TreeHead, entry::MAX_RAW_LINE, merkle::leaf_hash, tile::Builder},
};

/// Stands in the folder while a clone is made, so that it is known from somebody's own.
const MARKER: &str = "clone.tmp";

/// A clone in the making.
pub struct StagedClone {
    folder: Folder,
    /// Where it is to be
    dir: PathBuf,
    _lock: Lock,
    tree: Builder,
    /// The file of entries that is being written; `None`: the next line begins one, or was not asked for yet
    file: Option<BufWriter<File>>,
}

/// Where a clone grows that is to be in this folder.
///
/// # Errors
/// If the path ends with no name.
pub fn staging_path(dir: &Path) -> anyhow::Result<PathBuf> {
    let mut name = dir.file_name().context("the folder of a clone needs a name")?.to_owned();
    name.push(".cloning");
    Ok(dir.with_file_name(name))
}

impl StagedClone {
    /// Begins a clone, or finds what another run left of one.
    ///
    /// # Errors
    /// If another run is at work ([`LedgerBusy`]), something else is in its place, or it cannot be written.
    pub fn begin(dir: &Path, wait: Span, give_up: fn() -> bool) -> anyhow::Result<Self> {
        let path = staging_path(dir)?;
        let shown = || path.display().to_string();
        match store::make_folder(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made.with_context(shown)?,
        }
        let is_folder = path.symlink_metadata().with_context(shown)?.is_dir();
        ensure!(is_folder, "{}: is there already, and no clone in the making; move it away", shown());
        let lock = Lock::take_folder(&path, wait, give_up)?.ok_or(LedgerBusy).with_context(shown)?;
        let marker = path.join(MARKER);
        let free = marker.is_file() || fs::read_dir(&path).with_context(shown)?.next().is_none();
        ensure!(free, "{}: is there already, and no clone in the making; move it away", shown());
        let folder = Folder::new(&path);
        folder.must_lie_here()?;
        store::open_to_write(&marker).with_context(|| marker.display().to_string())?;
        for path in [folder.entries(), folder.tree()] {
            store::make_folders(&path).with_context(|| path.display().to_string())?;
        }
        // What is there is not verified any more once lines come to it.
        store::remove(&folder.checkpoint())?;
        Ok(Self { folder, dir: dir.to_owned(), _lock: lock, tree: Builder::default(), file: None })
    }

    /// Where it grows.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// How many entries it has so far, and the root over them.
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.tree.frontier().size(), root: self.tree.frontier().root() }
    }

    /// Forgets all entries that it has.
    ///
    /// # Errors
    /// If they cannot be removed.
    pub fn clear(&mut self) -> anyhow::Result<()> {
        (self.file, self.tree) = (None, Builder::default());
        for path in [self.folder.entries(), self.folder.tree()] {
            fs::remove_dir_all(&path)
                .and_then(|()| store::make_folder(&path))
                .with_context(|| path.display().to_string())?;
        }
        Ok(())
    }

    /// Takes the first `size` entries of an older clone, as far as they are not here, which has fewer: full files, which
    /// nobody changes any more, are shared where the file system can do that.
    ///
    /// # Errors
    /// If entries are missing there or were dropped, or something cannot be read or written.
    pub fn adopt(&mut self, older: &Folder, size: u64) -> anyhow::Result<()> {
        let layout = older.layout();
        // What stands here of that file is less than it has there.
        let (begin, full) = (layout.first_in_file(self.head().size), layout.first_in_file(size));
        let files = entries::list(older).with_context(|| older.entries().display().to_string())?;
        for (first, form) in files.into_iter().filter(|(first, _)| (begin..full).contains(first)) {
            let shown = older.path().display();
            ensure!(form != Form::Pruned, "{shown}: entries were dropped there");
            store::remove(&entries::path(&self.folder, first))?;
            share(&entries::path(older, first), &self.place_of(older, first)?)?;
        }
        if size > full {
            store::remove(&self.folder.entry_file(full))?;
            self.copy_lines(older, full, size - full)?;
        }
        self.take_up()
    }

    /// The path of a file of an older clone in this one.
    fn place_of(&self, older: &Folder, first: u64) -> anyhow::Result<PathBuf> {
        let from = entries::path(older, first);
        Ok(self.folder.entries().join(from.file_name().context("a file has a name")?))
    }

    /// Copies the first lines of the file that begins with an entry.
    fn copy_lines(&self, older: &Folder, first: u64, count: u64) -> anyhow::Result<()> {
        let (from, to) = (older.entry_file(first), self.folder.entry_file(first));
        let source = entries::open(older, first).with_context(|| from.display().to_string())?;
        let (mut lines, mut line) = (BufReader::with_capacity(1 << 18, source), Vec::new());
        let mut copy = BufWriter::new(store::make_file(&to).with_context(|| to.display().to_string())?);
        for _ in 0..count {
            line.clear();
            let limited = &mut (&mut lines).take(MAX_RAW_LINE as u64 + 1);
            limited.read_until(b'\n', &mut line).with_context(|| from.display().to_string())?;
            copy.write_all(&line).with_context(|| to.display().to_string())?;
        }
        copy.flush().with_context(|| to.display().to_string())
    }

    /// Adds the line of the next entry, without a line feed.
    ///
    /// # Errors
    /// If it cannot be written: the error names the file.
    pub fn push(&mut self, line: &[u8]) -> anyhow::Result<()> {
        let path = self.folder.entry_file(self.tree.frontier().size());
        let file = match self.file.take() {
            Some(file) => file,
            None => BufWriter::with_capacity(1 << 18, append_to(&path)?),
        };
        let file = self.file.insert(file);
        let written = file.write_all(line).and_then(|()| file.write_all(b"\n"));
        written.with_context(|| path.display().to_string())?;
        self.tree.push(leaf_hash(line));
        let next = self.tree.frontier().size();
        if self.folder.layout().place_in_file(next) == 0 { self.close_file(&path) } else { Ok(()) }
    }

    /// Makes the file durable that is being written, and writes its hashes.
    fn close_file(&mut self, path: &Path) -> anyhow::Result<()> {
        if let Some(mut file) = self.file.take() {
            let synced = file.flush().and_then(|()| file.get_ref().sync_all());
            synced.with_context(|| path.display().to_string())?;
        }
        tree::write(&self.folder, &self.tree.take())
    }

    /// Makes all of it durable, under this checkpoint.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(&mut self, checkpoint: &[u8]) -> anyhow::Result<()> {
        let path = self.folder.entry_file(self.tree.frontier().size().saturating_sub(1));
        self.close_file(&path)?;
        tree::sync(&self.folder)?;
        store::sync_folder(&self.folder.entries())?;
        store::replace(&self.folder.checkpoint(), checkpoint)
    }

    /// Gives it its place, where nothing is, or an empty folder.
    ///
    /// # Errors
    /// If something is there meanwhile, or it cannot be renamed.
    pub fn keep(self) -> anyhow::Result<()> {
        let dir = &self.dir;
        fs::rename(self.path(), dir).with_context(|| dir.display().to_string())?;
        store::sync_folder(store::folder_of(dir))?;
        // Beside a checkpoint in its place it says nothing more.
        store::remove(&dir.join(MARKER))
    }

    /// Moves what it has into an older clone of the same ledger, whose lock the caller holds: the checkpoint last.
    ///
    /// # Errors
    /// If a step fails: then the older clone is what it was, but for lines behind its checkpoint.
    pub fn keep_over(self, older: &Folder) -> anyhow::Result<()> {
        older.must_lie_here()?;
        let files =
            entries::list(&self.folder).with_context(|| self.folder.entries().display().to_string())?;
        for (first, _) in files {
            // Of a file that both share this changes nothing.
            let from = entries::path(&self.folder, first);
            rename(&from, &older.entries().join(from.file_name().context("a file has a name")?))?;
        }
        store::sync_folder(&older.entries())?;
        tree::create(older)?;
        for level in 0..older.layout().levels() {
            let (from, to) = (self.folder.level(level), older.level(level));
            if from.exists() {
                rename(&from, &to)?;
            }
        }
        store::sync_folder(&older.tree())?;
        let bytes = self.folder.read_checkpoint()?.context("a clone without a checkpoint")?;
        store::replace(&older.checkpoint(), &bytes)?;
        store::remove(&older.path().join(MARKER))?;
        self.discard()
    }

    /// Takes away what a run left behind that was interrupted at its very end.
    ///
    /// # Errors
    /// As [`StagedClone::begin`] and [`StagedClone::discard`].
    pub fn tidy(dir: &Path, wait: Span, give_up: fn() -> bool) -> anyhow::Result<()> {
        store::remove(&dir.join(MARKER))?;
        // One that is empty was about to go; any other stays.
        let _ = fs::remove_dir(staging_path(dir)?);
        if staging_path(dir)?.join(MARKER).is_file() {
            Self::begin(dir, wait, give_up)?.discard()
        } else {
            Ok(())
        }
    }

    /// Takes it away.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn discard(self) -> anyhow::Result<()> {
        let named = || self.path().display().to_string();
        for path in [self.folder.entries(), self.folder.tree()] {
            fs::remove_dir_all(&path).with_context(named)?;
        }
        for path in [self.folder.checkpoint(), self.path().join(MARKER)] {
            store::remove(&path)?;
        }
        fs::remove_dir(self.path()).with_context(named)
    }
}

fn rename(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::rename(from, to).with_context(|| to.display().to_string())
}

/// Opens a file of entries to write behind what it has.
fn append_to(path: &Path) -> anyhow::Result<File> {
    let opened = store::open_to_write(path).and_then(|mut file| {
        io::Seek::seek(&mut file, io::SeekFrom::End(0))?;
        Ok(file)
    });
    opened.with_context(|| path.display().to_string())
}

/// Gives a file a second name, or copies it where that cannot be.
fn share(from: &Path, to: &Path) -> anyhow::Result<()> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    let partial = store::temporary(to)?;
    let copied = fs::copy(from, &partial).with_context(|| partial.display().to_string());
    copied.and_then(|_| store::sync(&partial))?;
    rename(&partial, to)
}
