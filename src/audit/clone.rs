//! A verified copy of a ledger: from wherever it lies into a folder of its own.
//!
//! ```text
//! source ─ each line against its signed root ─► DIR.cloning ─ verified like any ledger ─► DIR
//! ```
//!
//! What DIR has already is compared first: a longer source must go on from there. Nothing of the source becomes a path or a
//! size but by the checkpoint that its log key signed, and no key becomes known.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

use super::{
    checked_reader::{self, CheckedReader},
    declared::declared,
    ledger::{self, LedgerNotice, LedgerQuestion},
    succession::LedgerFamily,
    target,
};
use crate::{
    hash::Hash,
    ledger::{
        clone::StagedClone,
        files::{folder::Folder, read::Reader},
        write::lock::LedgerBusy,
    },
    time::Span,
    tlog::{
        checkpoint::Checkpoint,
        consistency::{Consistency, EarlierTree, Inconsistent, KnownBy},
    },
    verify::{ConfirmedTree, FindingKind, Unverified, VerifyReport},
};

/// A ledger that is to be copied.
pub struct CloneQuestion<'a> {
    /// Where it is: a folder, published or not, or a URL
    pub source: &'a Path,
    /// Where the copy is to be: nothing, an empty folder, or an older clone
    pub dir: &'a Path,
    /// What is known of the ledger: it is verified before it is kept
    pub ledger: LedgerQuestion<'a>,
    /// How long to wait for another run
    pub wait: Span,
    /// Whether the waiting is to be given up
    pub give_up: fn() -> bool,
    /// Is told how far the copying is
    pub progress: &'a dyn Fn(CloneProgress),
}

/// How far a copying is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloneProgress {
    /// So many entries are there, of so many
    Fetched(u64, u64),
    /// All are there, and are verified
    Verifying,
}

/// A copy that was made, or not.
pub struct CloneAnswer {
    /// What was found when it was verified
    pub report: VerifyReport,
    /// How many entries were there before
    pub before: u64,
    /// Whether it is kept: it is, unless it is not sound
    pub kept: bool,
}

/// Why no copy can be made.
#[derive(Debug)]
pub enum CloneRefused {
    /// What is in the place of the copy is no ledger
    Taken(PathBuf),
    /// It is another ledger
    OtherLedger(PathBuf),
    /// The source has dropped entries, from the first to the last
    EntriesDropped(u64, u64),
    /// Of what is there already, entries were dropped
    DroppedHere(PathBuf),
    /// What is there already is not what its checkpoint signs
    DamagedClone(PathBuf),
    /// The source does not go on from what is there already
    Behind(PathBuf, Inconsistent),
    /// The copy could not be finished; what there is of it is in this folder
    Unfinished(PathBuf),
}

impl fmt::Display for CloneRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(dir) => write!(f, "{}: is there already, and no clone of a ledger", dir.display()),
            Self::OtherLedger(dir) => write!(f, "{}: is there already, and another ledger", dir.display()),
            Self::EntriesDropped(first, last) => {
                write!(f, "entries {first} to {last} were dropped there, and a clone has all")
            }
            Self::DroppedHere(dir) => {
                write!(f, "{}: entries were dropped there, so it cannot be made longer", dir.display())
            }
            Self::DamagedClone(dir) => {
                write!(f, "{}: its entries are not those that its checkpoint signs", dir.display())
            }
            Self::Behind(dir, why) => write!(f, "{}: {why}", dir.display()),
            Self::Unfinished(staging) => write!(f, "not finished, so far in {}", staging.display()),
        }
    }
}

impl std::error::Error for CloneRefused {}

/// Copies a ledger, or what a clone of it lacks.
///
/// # Errors
/// [`Unverified`] if the source is not what its log signed; [`CloneRefused`] if no copy can be made; or something cannot be
/// read or written.
pub fn clone(
    question: &CloneQuestion<'_>,
    notice: &mut dyn FnMut(LedgerNotice),
) -> anyhow::Result<CloneAnswer> {
    let reader = checked_reader::open(question.source)?;
    let checked = CheckedReader::open(&reader, question.ledger.seen)?;
    checked.must_be_of_late()?;
    must_have_key(&checked, question)?;
    if let Some(run) = reader.dropped()?.first() {
        let refused = CloneRefused::EntriesDropped(run.start, run.end - 1);
        return Err(refused).with_context(|| reader.shown().to_owned());
    }
    match older(question.dir, &checked)? {
        None => make(question, &checked, None, notice),
        Some(older) => {
            let folder = older.folder().clone();
            let lock = folder.lock_to_write(question.wait, question.give_up)?;
            let _lock = lock.ok_or(LedgerBusy).with_context(|| older.shown().to_owned())?;
            // Another run may have made it longer before we had the lock.
            make(question, &checked, Some(Reader::open(folder)?), notice)
        }
    }
}

/// A key that the reader gave is that of the log, or nothing is fetched.
fn must_have_key(checked: &CheckedReader<'_>, question: &CloneQuestion<'_>) -> anyhow::Result<()> {
    let log = checked.declaration()?.genesis.log;
    if question.ledger.key.as_ref().is_none_or(|given| *given.key() == log) {
        return Ok(());
    }
    let detail = format!("the log's key is {log}, not the given one");
    Err(checked.refused(0, FindingKind::WrongKey, &detail).into())
}

/// What is in the place of the copy; `None`: nothing, or an empty folder.
fn older(dir: &Path, source: &CheckedReader<'_>) -> anyhow::Result<Option<Reader>> {
    if dir.symlink_metadata().is_err() {
        return Ok(None);
    }
    let taken = || CloneRefused::Taken(dir.to_owned());
    ensure!(dir.is_dir(), taken());
    if fs::read_dir(dir).with_context(|| dir.display().to_string())?.next().is_none() {
        return Ok(None);
    }
    ensure!(!target::is_published(dir) && Folder::new(dir).checkpoint().is_file(), taken());
    let reader = Reader::open(Folder::new(dir))?;
    let other = declared(&reader)?.id != source.declaration()?.id;
    ensure!(!other, CloneRefused::OtherLedger(dir.to_owned()));
    ensure!(reader.dropped()?.is_empty(), CloneRefused::DroppedHere(dir.to_owned()));
    Ok(Some(reader))
}

/// Makes the copy, or makes the older one longer.
fn make(
    question: &CloneQuestion<'_>,
    source: &CheckedReader<'_>,
    older: Option<Reader>,
    notice: &mut dyn FnMut(LedgerNotice),
) -> anyhow::Result<CloneAnswer> {
    let size = source.reader().size();
    let before = older.as_ref().map_or(0, Reader::size);
    if let Some(older) = &older {
        must_go_on(older, source)?;
        if before == size {
            StagedClone::tidy(question.dir, question.wait, question.give_up)?;
            let report = verify(question.dir, question, notice)?;
            return Ok(CloneAnswer { report, before, kept: true });
        }
    }
    let mut staged = StagedClone::begin(question.dir, question.wait, question.give_up)?;
    let fetched = fetch(&mut staged, source, older.as_ref(), question.progress);
    if let Err(why) = fetched {
        // Of a source that is not what its log signed nothing is left.
        if why.is::<Unverified>() || why.is::<CloneRefused>() {
            staged.discard()?;
            return Err(why);
        }
        return Err(why.context(CloneRefused::Unfinished(staged.path().to_owned())));
    }
    (question.progress)(CloneProgress::Verifying);
    let report = verify(staged.path(), question, notice)?;
    if !report.sound() {
        staged.discard()?;
        return Ok(CloneAnswer { report, before, kept: false });
    }
    match older {
        None => staged.keep()?,
        Some(older) => staged.keep_over(older.folder())?,
    }
    Ok(CloneAnswer { report, before, kept: true })
}

/// A source that does not go on from an older clone is evidence, and nothing to put in its place.
fn must_go_on(older: &Reader, source: &CheckedReader<'_>) -> anyhow::Result<()> {
    let (was, is) = (older.checkpoint().checkpoint(), source.reader().checkpoint().checkpoint());
    let earlier = EarlierTree::new(was, KnownBy::Signed);
    let mut compared = earlier.compare(is, |then| anyhow::Ok(source.root_at(then)))?;
    if compared == Consistency::Smaller && root_of(older, is).is_some_and(|root| root != is.root) {
        compared = Consistency::Parts;
    }
    let refused = earlier.must_be_followed(compared, is.size);
    refused.map_err(|why| CloneRefused::Behind(older.folder().path().to_owned(), why).into())
}

/// The root that an older clone had at the size of a smaller source; `None`: it is not known.
fn root_of(older: &Reader, smaller: &Checkpoint) -> Option<Hash> {
    let Checkpoint { size, root, .. } = older.checkpoint().checkpoint();
    ConfirmedTree::thorough(older.folder(), None, *size, root).root_at(smaller.size)
}

/// Fetches what is lacking, each line held against the signed root before it is written.
fn fetch(
    staged: &mut StagedClone,
    source: &CheckedReader<'_>,
    older: Option<&Reader>,
    progress: &dyn Fn(CloneProgress),
) -> anyhow::Result<()> {
    let is_ours = |staged: &StagedClone| {
        let head = staged.head();
        head.size == 0 || source.root_at(head.size) == Some(head.root)
    };
    staged.take_up()?;
    if !is_ours(staged) {
        staged.clear()?;
    }
    if let Some(older) = older.filter(|older| older.size() > staged.head().size) {
        staged.adopt(older.folder(), older.size())?;
        let whole = staged.head().size >= older.size() && is_ours(staged);
        ensure!(whole, CloneRefused::DamagedClone(older.folder().path().to_owned()));
    }
    let size = source.reader().size();
    progress(CloneProgress::Fetched(staged.head().size, size));
    for block in source.blocks(staged.head().size..size) {
        block?.iter().try_for_each(|line| staged.push(line))?;
        progress(CloneProgress::Fetched(staged.head().size, size));
    }
    // It is written back byte for byte, with all that cosigns it.
    staged.finish(source.reader().checkpoint().to_string().as_bytes())
}

fn verify(
    folder: &Path,
    question: &CloneQuestion<'_>,
    notice: &mut dyn FnMut(LedgerNotice),
) -> anyhow::Result<VerifyReport> {
    ledger::verify(folder, &question.ledger, &mut LedgerFamily::default(), notice)
}
