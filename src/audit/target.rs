//! What a question is about: a ledger's folder, a published log's folder, or a URL.

use std::{
    fmt,
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{
    file_kind::{FileKind, HEAD},
    ledger::files::{folder::Folder, published, read::Reader},
    peer::client,
    tlog::{
        layout::FIRST_ENTRY_FILE,
        pruned,
        view::{MAX_CHECKPOINT, View},
    },
};

/// A log at its place: a ledger's folder, a published folder, or a URL of one.
pub struct Log {
    place: PathBuf,
    content: LogContent,
}

enum LogContent {
    Folder(Folder),
    Published(Box<dyn View>),
}

impl AsRef<dyn View> for Log {
    fn as_ref(&self) -> &(dyn View + 'static) {
        match &self.content {
            LogContent::Folder(folder) => folder,
            LogContent::Published(view) => &**view,
        }
    }
}

impl Log {
    fn published(place: &Path, view: impl View + 'static) -> Self {
        Self { place: place.to_owned(), content: LogContent::Published(Box::new(view)) }
    }

    /// Where it is, as it was named.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// What it is called in messages.
    pub fn shown(&self) -> String {
        shown(&self.place)
    }

    /// The ledger's folder; `None`: it is a published log.
    pub fn folder(&self) -> Option<&Folder> {
        match &self.content {
            LogContent::Folder(folder) => Some(folder),
            LogContent::Published(_) => None,
        }
    }

    /// Whether it lies on another machine.
    pub fn is_remote(&self) -> bool {
        is_url(&self.place)
    }

    /// The log as a verifier reads it, alone.
    pub fn into_view(self) -> Box<dyn View> {
        match self.content {
            LogContent::Folder(folder) => Box::new(folder),
            LogContent::Published(view) => view,
        }
    }

    /// Opens it for reading, as its checkpoint states it now.
    ///
    /// # Errors
    /// If there is no checkpoint, or it is none.
    pub fn read(self) -> anyhow::Result<Reader<Self>> {
        let shown = self.shown();
        Reader::of(self, shown)
    }
}

/// The log at a place, or none if there is something else, or nothing.
///
/// # Errors
/// If it is a URL that cannot be asked.
pub fn log(target: &Path) -> anyhow::Result<Option<Log>> {
    if let Some(url) = url(target) {
        let log = client::open(url).with_context(|| shown(target))?;
        refuse_other_answers(&log, url)?;
        return Ok(Some(Log::published(target, log)));
    }
    if !target.is_dir() {
        return Ok(None);
    }
    if is_published(target) {
        return Ok(Some(Log::published(target, published::open(target))));
    }
    let content = LogContent::Folder(Folder::new(target));
    Ok(Some(Log { place: target.to_owned(), content }))
}

/// What a server has, where a published log should be.
#[derive(Debug)]
pub enum NotPublished {
    /// A ledger's folder, as it is: the place
    PlainLedger(String),
    /// Something else instead of a checkpoint: the place, and what
    Other(String, FileKind),
}

impl fmt::Display for NotPublished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PlainLedger(place) => {
                write!(f, "{place}: is a ledger's folder behind a web server, not a published log")
            }
            Self::Other(place, kind) => {
                write!(f, "{place}/checkpoint: the server answers with something else: it is {kind}")
            }
        }
    }
}

impl std::error::Error for NotPublished {}

/// Asks a server whether it has a checkpoint, and, where the bundle of entry 0 is not beside it, whether that is one of a
/// ledger's folder: this has files of lines. What cannot be asked for is said by who reads it.
fn refuse_other_answers(log: &dyn View, url: &str) -> anyhow::Result<()> {
    let Ok(Some(checkpoint)) = log.checkpoint(MAX_CHECKPOINT) else { return Ok(()) };
    let place = || shown(Path::new(url.trim_end_matches('/')));
    if let Some(kind) = FileKind::of(&checkpoint).filter(|kind| *kind != FileKind::Checkpoint) {
        return Err(NotPublished::Other(place(), kind).into());
    }
    if matches!(log.line(0), Ok(None)) && has_files_of_lines(url) {
        return Err(NotPublished::PlainLedger(place()).into());
    }
    Ok(())
}

/// Whether a server has the first file of a ledger's entries, in one of its forms.
fn has_files_of_lines(url: &str) -> bool {
    let begins =
        |path: &str, is: fn(&[u8]) -> bool| client::beginning(url, path, HEAD).is_some_and(|head| is(&head));
    // A server may unpack what is packed.
    let packed = |head: &[u8]| matches!(FileKind::of(head), Some(FileKind::Packed(..) | FileKind::Entries));
    begins(FIRST_ENTRY_FILE, |head| FileKind::of(head) == Some(FileKind::Entries))
        || begins(&format!("{FIRST_ENTRY_FILE}.gz"), packed)
        || begins(&FIRST_ENTRY_FILE.replace(".jsonl", ".pruned"), |head| head.starts_with(pruned::BEGIN))
}

/// A published log, where a ledger's folder is needed.
#[derive(Debug)]
pub struct PublishedNotLedger(pub PathBuf);

impl fmt::Display for PublishedNotLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: is a published log, not a ledger", shown(&self.0))
    }
}

impl std::error::Error for PublishedNotLedger {}

/// The folder of a ledger. A published log has no entries in lines, and none of what else a ledger has.
///
/// # Errors
/// If there is no folder, or it is [`PublishedNotLedger`].
pub fn ledger_folder(path: &Path) -> anyhow::Result<Folder> {
    if is_url(path) || is_published(path) {
        return Err(PublishedNotLedger(path.to_owned()).into());
    }
    if !path.is_dir() {
        return Err(no_folder(path));
    }
    Ok(Folder::new(path))
}

/// Opens the log at a place: a ledger's folder, a published folder, or a URL.
///
/// # Errors
/// If there is none, or it is a URL that cannot be asked.
pub fn open(place: &Path) -> anyhow::Result<Log> {
    log(place)?.map_or_else(|| Err(no_folder(place)), Ok)
}

/// A file, where the folder of a ledger should be.
#[derive(Debug)]
pub struct FileNotLedger {
    /// What it is called in messages
    pub shown: String,
    /// What it is; `None`: it cannot be told
    pub kind: Option<FileKind>,
}

impl fmt::Display for FileNotLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.map_or("a file".to_owned(), |kind| kind.to_string());
        write!(f, "{}: is {kind}, not the folder of a ledger", self.shown)
    }
}

impl std::error::Error for FileNotLedger {}

/// Why a place holds no log: there is nothing, or a file, and what that is.
fn no_folder(place: &Path) -> anyhow::Error {
    let mut head = Vec::new();
    let file = File::open(place).ok().filter(|file| file.metadata().is_ok_and(|data| data.is_file()));
    let Some(file) = file else { return anyhow::anyhow!("{}: no such folder", shown(place)) };
    // What cannot be read says nothing about what it is.
    let _ = file.take(HEAD as u64).read_to_end(&mut head);
    FileNotLedger { shown: shown(place), kind: FileKind::of(&head) }.into()
}

/// Whether a target is a log, or should be one: a folder or a URL.
pub fn is_log(target: &Path) -> bool {
    url(target).is_some() || target.is_dir()
}

/// A published log has tiles, and no files of entries.
pub fn is_published(folder: &Path) -> bool {
    folder.join("tile").is_dir() && !folder.join("entries").exists()
}

/// Whether a target is a URL, well or badly formed.
pub fn is_url(target: &Path) -> bool {
    url(target).is_some()
}

/// The target as the URL that it is.
fn url(target: &Path) -> Option<&str> {
    target.to_str().filter(|text| client::is_url(text))
}

/// What a target is called in messages and in verdicts: as it was named, but without a name or password in a URL.
pub fn shown(target: &Path) -> String {
    let text = target.display().to_string();
    let Some((scheme, rest)) = url(target).and_then(|url| url.split_once("://")) else { return text };
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    match host.rfind('@') {
        Some(at) => format!("{scheme}://…{}", &rest[at..]),
        None => text,
    }
}
