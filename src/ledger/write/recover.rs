//! Recovery: what a writer that died left behind the checkpoint.
//!
//! Such lines were written and never acknowledged. The good ones are taken up and written again, since after
//! a failed sync the page cache may show what the disk has not; the rest is set aside under `replaced/`.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use anyhow::Context;
use rustix::fs::seek;

use super::{
    admission::Admission,
    batch::IncomingRecord,
    end::{MAX_TAIL, MAX_TAIL_BYTES, whole_line},
};
use crate::{
    json::Canonical,
    ledger::files::{folder::Folder, store},
    time::Time,
    tlog::{arrival::ClockTrail, entry::Entry},
};

/// What stands behind the last entry that the checkpoint covers.
#[derive(Debug, Default)]
pub struct RecoveredTail {
    /// What lines that are entries as they should be say, in order
    pub good: Vec<IncomingRecord>,
    /// Files under `replaced/` that hold the rest
    pub set_aside: Vec<PathBuf>,
}

/// What a good line must be.
pub struct TailRules<'a> {
    /// The number of the first
    pub next: u64,
    /// What the entries before it say about the clock
    pub trail: ClockTrail,
    /// No line may be from later than this, or than the entry before it
    pub now: Time,
    /// Who may write what
    pub admission: &'a mut Admission,
}

/// Whether anything stands behind the entries that the checkpoint covers.
///
/// # Errors
/// If the folder cannot be looked at.
pub fn has_tail(folder: &Folder, offset: u64, next: u64) -> anyhow::Result<bool> {
    Ok(!pieces(folder, offset, next)?.is_empty())
}

/// Takes the tail away: its good lines are answered, to be written again, the rest is kept under `replaced/`.
///
/// # Errors
/// If the tail cannot be read, set aside, or cut off.
pub fn take_tail(folder: &Folder, offset: u64, rules: &mut TailRules) -> anyhow::Result<RecoveredTail> {
    let pieces = pieces(folder, offset, rules.next)?;
    if pieces.is_empty() {
        return Ok(RecoveredTail::default());
    }
    let mut lines = read_good(folder, &pieces, rules)?;
    let mut good: Vec<IncomingRecord> = lines.iter().map(|(entry, _)| incoming(entry)).collect();
    if let Some((refused, _)) = rules.admission.refusals(&good, &[], false).first() {
        lines.truncate(*refused);
        good.truncate(*refused);
    }
    // Behind the last good line, everything is set aside before anything is cut off.
    let (at_file, at) = lines.last().map_or((pieces[0].first, pieces[0].from), |(entry, end)| {
        (folder.layout().first_in_file(entry.n), *end)
    });
    let mut kept = Vec::new();
    for piece in pieces.iter().filter(|piece| piece.first >= at_file) {
        let bad_from = if piece.first == at_file { at } else { 0 };
        kept.extend(set_aside(folder, piece, bad_from.max(piece.from))?);
    }
    for piece in pieces.iter().rev() {
        piece.cut_off(folder)?;
    }
    Ok(RecoveredTail { good, set_aside: kept })
}

fn incoming(entry: &Entry) -> IncomingRecord {
    IncomingRecord { times: entry.times(), record: Canonical::from(&entry.record), admitted: false }
}

/// A part of the tail: a file of entries from some byte to its end.
struct Piece {
    first: u64,
    from: u64,
}

impl Piece {
    fn cut_off(&self, folder: &Folder) -> anyhow::Result<()> {
        let path = folder.entry_file(self.first);
        let cut = if self.from == 0 {
            fs::remove_file(&path)
        } else {
            OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(self.from))
        };
        cut.with_context(|| path.display().to_string())
    }
}

/// The files that reach beyond the checkpoint, and from where.
fn pieces(folder: &Folder, offset: u64, next: u64) -> anyhow::Result<Vec<Piece>> {
    let covered = next.checked_sub(1).map(|last| folder.layout().first_in_file(last));
    let mut pieces = Vec::new();
    for first in folder.entry_files().with_context(|| folder.entries().display().to_string())? {
        let from = match covered {
            Some(covered) if first < covered => continue,
            Some(covered) if first == covered => offset,
            _ => 0,
        };
        let path = folder.entry_file(first);
        let length = fs::metadata(&path).with_context(|| path.display().to_string())?.len();
        if length > from || from == 0 {
            pieces.push(Piece { first, from });
        }
    }
    Ok(pieces)
}

/// Reads good lines, each with the byte behind it, until the first one that is not.
fn read_good(folder: &Folder, pieces: &[Piece], rules: &TailRules) -> anyhow::Result<Vec<(Entry, u64)>> {
    let mut good: Vec<(Entry, u64)> = Vec::new();
    let (mut bytes, mut trail) = (0, rules.trail);
    for piece in pieces {
        let path = folder.entry_file(piece.first);
        let mut file = store::open_plain(&path).with_context(|| path.display().to_string())?;
        file.seek(SeekFrom::Start(piece.from))?;
        let mut lines = BufReader::new(file);
        let mut end = piece.from;
        while let Some(line) = whole_line(&mut lines)? {
            end += line.len() as u64 + 1;
            bytes += line.len();
            let next = rules.next + good.len() as u64;
            let fits = good.len() < MAX_TAIL
                && bytes <= MAX_TAIL_BYTES
                && piece.first == folder.layout().first_in_file(next);
            match Entry::parse(&line) {
                Ok(entry) if fits && is_next(&entry, next, &mut trail, rules.now) => good.push((entry, end)),
                _ => return Ok(good),
            }
        }
    }
    Ok(good)
}

fn is_next(entry: &Entry, next: u64, trail: &mut ClockTrail, now: Time) -> bool {
    let times = entry.times();
    let last = trail.last().unwrap_or(times);
    let (before, arrival) = (last.received, last.stated_arrival());
    let in_time = entry.received >= before
        && entry.received <= now.max(before)
        && entry.wall.is_none_or(|wall| wall <= now.max(arrival));
    entry.n == next && in_time && trail.take(next, times).is_ok()
}

/// Copies the bytes of a piece from some offset on to a new file under `replaced/`, durably.
fn set_aside(folder: &Folder, piece: &Piece, from: u64) -> anyhow::Result<Option<PathBuf>> {
    let path = folder.entry_file(piece.first);
    let source = store::open_plain(&path).with_context(|| path.display().to_string())?;
    if source.metadata()?.len() <= from {
        return Ok(None);
    }
    let replaced = folder.replaced();
    if !replaced.is_dir() {
        store::make_folder(&replaced).with_context(|| replaced.display().to_string())?;
        store::sync_folder(folder.path())?;
    }
    let (target, path) = new_file(&replaced, &format!("{:012}-{from}", piece.first))?;
    let copied = copy_with_holes(&source, from, &target).and_then(|()| target.sync_all());
    // On a full disk every try would leave another piece.
    let copied = copied.inspect_err(|_| drop(fs::remove_file(&path)));
    copied.with_context(|| path.display().to_string())?;
    store::sync_folder(&replaced)?;
    Ok(Some(path))
}

/// Copies a file from some offset on. Where it has holes – a torn write may leave huge ones – the copy has too.
pub(in crate::ledger) fn copy_with_holes(mut source: &File, from: u64, mut target: &File) -> io::Result<()> {
    let end = source.metadata()?.len();
    let mut at = from;
    while at < end {
        let data = match seek(source, rustix::fs::SeekFrom::Data(at)) {
            Err(rustix::io::Errno::NXIO) => break,
            data => data?,
        };
        at = seek(source, rustix::fs::SeekFrom::Hole(data))?;
        source.seek(SeekFrom::Start(data))?;
        target.seek(SeekFrom::Start(data - from))?;
        io::copy(&mut source.take(at - data), &mut target)?;
    }
    target.set_len(end - from)
}

/// A new file of this name, with a number behind it where that is taken.
pub(in crate::ledger) fn new_file(folder: &Path, name: &str) -> anyhow::Result<(File, PathBuf)> {
    let mut number = 1;
    loop {
        let path = folder.join(format!("{name}.{number}"));
        match store::make_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            file => {
                let file = file.with_context(|| path.display().to_string())?;
                return Ok((file, path));
            }
        }
    }
}
