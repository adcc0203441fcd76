//! The one door to answers from a ledger, wherever it lies: its entries, each checked as it is read.
//!
//! ```text
//! checkpoint, entry 0, tree   when it is opened
//! lines                       each against its hash, as it is read
//! proofs                      of the entries on which the answer rests
//! ```
//!
//! What does not verify is [`Unverified`], says where, and is no answer. A reader who wants what stands there, whatever
//! it is, opens it unchecked.

use std::{
    cell::{Cell, RefCell, RefMut},
    io,
    ops::Range,
    path::Path,
};

use anyhow::Context as _;

use super::{
    rollback::against_what_was_seen,
    target::{self, Log},
};
use crate::{
    hash::Hash,
    ledger::{
        files::{
            lines::{EntryLost, NumberedLine},
            read::Reader,
        },
        pins::Seen,
    },
    tlog::{
        checkpoint::BadCheckpoint,
        consistency::{Consistency, Inconsistent},
        declaration::UnprovenDeclaration,
        entry::Entry,
        undone::UndoneJumps,
    },
    verify::{self, Finding, FindingKind, KeySource, Unverified, VerifiedView},
};

/// Opens a ledger for answers.
///
/// # Errors
/// [`Unverified`] if its checkpoint is lost or none; or there is no ledger, or it cannot be read.
pub fn open(place: &Path) -> anyhow::Result<Reader<Log>> {
    let opened = target::open(place)?;
    let log = opened.shown();
    // Behind a URL nothing tells an empty place from one that has lost its checkpoint.
    if !opened.is_remote() {
        verify::must_have_checkpoint(opened.as_ref()).map_err(|why| why.of(log.clone()))?;
    }
    opened.read().map_err(|why| match why.downcast_ref::<BadCheckpoint>() {
        None => why,
        Some(bad) => {
            let finding = Finding::new(FindingKind::CheckpointMalformed, bad.to_string());
            Unverified::from(finding.in_file("checkpoint")).of(log).into()
        }
    })
}

/// How a copy comes to end too early.
const CUT: &str = ": this copy was taken while the writer went on, or it was cut";

/// What is wrong with a ledger that does not go on from what was seen.
fn unlike_before(differs: &Inconsistent) -> Unverified {
    let kind = match differs.compared {
        Consistency::Smaller => FindingKind::RolledBack,
        Consistency::Parts => FindingKind::Forked,
        Consistency::Unknown | Consistency::Follows => FindingKind::RootMismatch,
    };
    Finding::new(kind, differs.detail()).in_file("checkpoint").into()
}

/// A ledger that is read for an answer.
pub struct CheckedReader<'a> {
    reader: &'a Reader<Log>,
    /// What is read is checked with it; `None`: it is not to be checked
    view: Option<RefCell<VerifiedView<'a>>>,
    /// How the log's key is known; unchecked it is not asked for
    pub key: KeySource,
    /// In what way it does not go on from what was seen of it before; `None`: it does, or nothing was seen
    pub differs: Option<Inconsistent>,
}

impl<'a> CheckedReader<'a> {
    /// Checks checkpoint, entry 0 and tree, and compares them with what was seen of the ledger before.
    ///
    /// # Errors
    /// [`Unverified`] if one does not verify, or the log signed another history before; or something cannot be read.
    pub fn open(reader: &'a Reader<Log>, seen: &Seen) -> anyhow::Result<Self> {
        let log = reader.shown();
        let view = VerifiedView::open(reader.view(), reader.checkpoint());
        let mut view = view.map_err(|why| match why.downcast::<Unverified>() {
            Ok(fault) => fault.of(log).into(),
            Err(other) => other.context(log.to_owned()),
        })?;
        let (origin, id) = (&view.declaration.genesis.origin, view.declaration.id);
        let known = seen.recall(origin, &id).ok().flatten().is_some();
        let now = || Ok(target::open(reader.log().place())?.read()?.size());
        let stated = reader.checkpoint().checkpoint();
        let differs = against_what_was_seen(stated, id, seen, now, |size| Ok(view.root_at(size)))?;
        if let Some(forked) = differs.as_ref().filter(|differs| differs.compared == Consistency::Parts) {
            return Err(unlike_before(forked).of(log).into());
        }
        let key = if known { KeySource::Pinned } else { KeySource::None };
        Ok(Self { reader, view: Some(RefCell::new(view)), key, differs })
    }

    /// The same ledger, of which nothing is checked.
    pub fn unchecked(reader: &'a Reader<Log>) -> Self {
        Self { reader, view: None, key: KeySource::None, differs: None }
    }

    /// Refuses a ledger that is older than, or another than, what was seen before: it does not know the end.
    ///
    /// # Errors
    /// [`Unverified`] if so.
    pub fn must_be_of_late(&self) -> Result<(), Unverified> {
        self.differs.as_ref().map_or(Ok(()), |differs| Err(unlike_before(differs).of(self.shown())))
    }

    /// The ledger as it lies there.
    pub fn reader(&self) -> &'a Reader<Log> {
        self.reader
    }

    /// Whether it is checked.
    pub fn is_checked(&self) -> bool {
        self.view.is_some()
    }

    /// What entry 0 declares.
    ///
    /// # Errors
    /// Unchecked, if it is missing or declares no ledger.
    pub fn declaration(&self) -> anyhow::Result<UnprovenDeclaration> {
        let Some(view) = self.view() else { return self.reader.unproven_declaration() };
        let declared = &view.declaration;
        Ok(UnprovenDeclaration {
            id: declared.id,
            genesis: declared.genesis.clone(),
            entry: declared.entry.clone(),
        })
    }

    /// The lines of entries, as far as the checkpoint covers them.
    pub fn lines(&self, range: Range<u64>) -> impl Iterator<Item = anyhow::Result<(u64, Vec<u8>)>> + '_ {
        (range.start..).zip(self.reader.lines(range)).map(|(n, line)| self.check_line(n, line))
    }

    /// The lines of entries in blocks that the tree has one hash of, as far as the checkpoint covers them: of what lies
    /// elsewhere, the hashes of single entries need not be fetched then.
    pub fn blocks(&self, range: Range<u64>) -> impl Iterator<Item = anyhow::Result<Vec<Vec<u8>>>> + '_ {
        let end = range.end.min(self.reader.size());
        let (mut lines, mut next) = (self.reader.lines(range.clone()), range.start);
        std::iter::from_fn(move || {
            let first = next;
            let width = self.reader.view().layout().hashes_per_tile();
            next = (first - first % width).saturating_add(width).min(end);
            let count = usize::try_from(next.saturating_sub(first)).ok().filter(|count| *count > 0)?;
            Some(self.check_block(first, lines.by_ref().take(count)))
        })
    }

    fn check_block(
        &self,
        first: u64,
        lines: impl Iterator<Item = NumberedLine>,
    ) -> anyhow::Result<Vec<Vec<u8>>> {
        let lines = (first..).zip(lines).map(|(n, line)| Ok(line.map_err(|why| self.lost(n, why))?.1));
        let lines = lines.collect::<anyhow::Result<Vec<Vec<u8>>>>()?;
        if let Some(mut view) = self.view() {
            view.check_lines(first, &lines).map_err(|fault| fault.of(self.shown()))?;
        }
        Ok(lines)
    }

    /// The root that the tree had at a smaller size; `None`: it is not known, or nothing is checked.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        self.view()?.root_at(size)
    }

    fn check_line(&self, n: u64, line: NumberedLine) -> NumberedLine {
        let Some(mut view) = self.view() else { return line };
        let (n, line) = line.map_err(|why| self.lost(n, why))?;
        view.check_line(n, &line).map_err(|fault| fault.of(self.shown()))?;
        Ok((n, line))
    }

    /// The jumps of the clock that were undone in the first so many entries: what stands behind them decides nothing.
    ///
    /// # Errors
    /// [`Unverified`] if an entry does not verify, or says what it may not say about the clock.
    pub fn undone_jumps(&self, size: u64) -> anyhow::Result<UndoneJumps> {
        let looked_at = Cell::new(0);
        let check = |n, line| {
            looked_at.set(n);
            self.check_line(n, line)
        };
        self.reader.undone_jumps_checked(size, &check).map_err(|why| {
            let is_other = why.is::<Unverified>() || why.is::<io::Error>() || !self.is_checked();
            if is_other {
                return why;
            }
            self.refused(looked_at.get(), FindingKind::BadWall, &why.root_cause().to_string()).into()
        })
    }

    /// The entries themselves.
    pub fn entries(&self, range: Range<u64>) -> impl Iterator<Item = anyhow::Result<Entry>> + '_ {
        let is_checked = self.is_checked();
        let checked = is_checked.then(|| self.lines(range.clone()));
        let checked = checked.into_iter().flatten().map(|line| {
            let (n, line) = line?;
            let view = self.view().context("a ledger that is checked")?;
            Ok(view.entry(n, &line).map_err(|fault| fault.of(self.shown()))?)
        });
        let unchecked = (!is_checked).then(|| self.reader.entries(range));
        checked.chain(unchecked.into_iter().flatten())
    }

    /// Checks the proofs of an entry on which an answer rests.
    ///
    /// # Errors
    /// [`Unverified`] if one does not hold, or is missing.
    pub fn check_proofs(&self, entry: &Entry) -> Result<(), Unverified> {
        let Some(mut view) = self.view() else { return Ok(()) };
        view.check_proofs(entry).map_err(|fault| fault.of(self.shown()))
    }

    /// What is wrong with an entry, at its place.
    pub fn refused(&self, n: u64, kind: FindingKind, why: &str) -> Unverified {
        verify::at_entry(self.reader.view(), n, kind, format!("entry {n}: {why}")).of(self.shown())
    }

    fn shown(&self) -> String {
        self.reader.shown().to_owned()
    }

    fn view(&self) -> Option<RefMut<'_, VerifiedView<'a>>> {
        self.view.as_ref().map(RefCell::borrow_mut)
    }

    /// Whether a folder ends before this entry, and so has none of those behind it.
    fn is_cut(&self, n: u64) -> bool {
        let last = self.reader.size().saturating_sub(1);
        let is_there = |n| self.reader.lines(n..n + 1).next().is_some_and(|line| line.is_ok());
        n > 0 && self.reader.log().folder().is_some() && !is_there(last)
    }

    /// Why a line could not be read: that it is lost is a fault of the ledger.
    fn lost(&self, n: u64, why: anyhow::Error) -> anyhow::Error {
        let log = self.reader.view();
        let is_gone = |why: &io::Error| why.kind() == io::ErrorKind::NotFound;
        let detail = if why.downcast_ref().is_some_and(is_gone) {
            Some(format!("entry {n} is missing, with its file"))
        } else {
            why.is::<EntryLost>().then(|| format!("entry {n} is missing, or has no end"))
        };
        if let Some(detail) = detail {
            let (kind, cause) =
                if self.is_cut(n) { (FindingKind::Incomplete, CUT) } else { (FindingKind::Missing, "") };
            return verify::at_entry(log, n, kind, detail + cause).of(self.shown()).into();
        }
        let fault = why.downcast_ref().and_then(|why: &io::Error| verify::unread(log, n, why));
        fault.map_or(why, |fault| fault.of(self.shown()).into())
    }
}
