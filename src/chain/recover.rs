//! Recovery: what a writer that died left behind the checkpoint.
//!
//! Such lines were written and never acknowledged. The good ones are taken up and written again, since after
//! a failed sync the page cache may show what the disk has not; the rest is set aside under `replaced/`.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use anyhow::Context;
use rustix::fs::seek;

use super::{
    batch::{Admission, Incoming, MAX_BATCH, MAX_BATCH_BYTES},
    entries,
    entry::Entry,
    folder::Folder,
    store,
};
use crate::{
    hash::Hash,
    json::Canonical,
    time::Time,
    tlog::{
        merkle::leaf_hash,
        view::{ENTRIES_PER_FILE, MAX_LINE},
    },
};

/// Where the entries that the checkpoint covers end.
#[derive(Clone, Debug)]
pub struct End {
    /// The last of them
    pub last: Entry,
    /// The byte behind its line feed, in its file
    pub offset: u64,
}

/// The most lines of a tail that are taken up: those of a full batch, and of another that had taken it up, and
/// so on once or twice.
const MAX_TAIL: usize = 4 * MAX_BATCH;

/// The most bytes of a tail that are taken up.
const MAX_TAIL_BYTES: usize = 4 * MAX_BATCH_BYTES;

/// Finds the last entry that the checkpoint covers by its hash, from the end of its file backwards: that file
/// may be long, and what was not acknowledged is short. None if it is not there.
///
/// # Errors
/// If the file cannot be read.
pub fn find_end(folder: &Folder, n: u64, leaf: &Hash) -> anyhow::Result<Option<End>> {
    let path = folder.entry_file(n);
    let named = || path.display().to_string();
    let file = match store::open_plain(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Closed files are packed, and a file is open again only where an old checkpoint was put back.
            let packed = entries::form(folder, n).is_some();
            anyhow::ensure!(!packed, "{}: packed or dropped, though the last entry is in it", named());
            return Ok(None);
        }
        file => file.with_context(named)?,
    };
    let mut lines = Backwards::new(&file).with_context(named)?;
    while let Some((line, offset)) = lines.next().with_context(named)? {
        if let Some(last) = entry_of(&line, leaf) {
            return Ok(Some(End { last, offset }));
        }
    }
    if lines.from == 0 { Ok(None) } else { find_forwards(&file, n, leaf).with_context(named) }
}

/// The entry that a line is, if its hash is this one.
fn entry_of(line: &[u8], leaf: &Hash) -> Option<Entry> {
    (leaf_hash(line) == *leaf).then(|| Entry::parse_lenient(line).ok())?
}

/// Finds an entry where it should be, by counting lines: what follows it is longer than anything we write.
fn find_forwards(file: &File, n: u64, leaf: &Hash) -> io::Result<Option<End>> {
    let mut lines = BufReader::with_capacity(1 << 18, file);
    lines.rewind()?;
    let mut offset = 0;
    for at in 0..=n % ENTRIES_PER_FILE {
        let Some(line) = whole_line(&mut lines)? else { break };
        offset += line.len() as u64 + 1;
        if at == n % ENTRIES_PER_FILE {
            return Ok(entry_of(&line, leaf).map(|last| End { last, offset }));
        }
    }
    Ok(None)
}

/// The lines of a file from its end, each with the offset behind its line feed, as far back as a tail can
/// reach. What is too long for a line, or has no line feed, is passed over.
struct Backwards<'a> {
    file: &'a File,
    /// Bytes of the file from `from` on that were not handed out
    bytes: Vec<u8>,
    from: u64,
    /// Where the search is given up
    until: u64,
}

impl<'a> Backwards<'a> {
    fn new(file: &'a File) -> io::Result<Self> {
        let from = file.metadata()?.len();
        Ok(Self { file, bytes: Vec::new(), from, until: from.saturating_sub(2 * MAX_TAIL_BYTES as u64) })
    }

    fn next(&mut self) -> io::Result<Option<(Vec<u8>, u64)>> {
        loop {
            // The line ends at the last line feed, and begins behind the one before, or with the file.
            let feeds = |bytes: &[u8]| bytes.iter().rposition(|byte| *byte == b'\n');
            if let Some(end) = feeds(&self.bytes) {
                let start = feeds(&self.bytes[..end]).map(|feed| feed + 1).or((self.from == 0).then_some(0));
                if let Some(start) = start {
                    let line = self.bytes[start..end].to_vec();
                    self.bytes.truncate(start);
                    return Ok(Some((line, self.from + end as u64 + 1)));
                }
                if end > MAX_LINE {
                    self.bytes.clear();
                }
            } else if self.bytes.len() > MAX_LINE {
                self.bytes.clear();
            }
            if self.from <= self.until {
                return Ok(None);
            }
            self.fill()?;
        }
    }

    /// Reads the piece of the file before what is here.
    fn fill(&mut self) -> io::Result<()> {
        // Most often there is no tail, and the last line is all that is asked for.
        let count = self.from.min(if self.bytes.is_empty() { 1 << 12 } else { 1 << 16 });
        let mut bytes = vec![0; usize::try_from(count).unwrap_or(1 << 16)];
        self.from -= count;
        self.file.read_exact_at(&mut bytes, self.from)?;
        bytes.append(&mut self.bytes);
        self.bytes = bytes;
        Ok(())
    }
}

/// What stands behind the last entry that the checkpoint covers.
#[derive(Debug, Default)]
pub struct Tail {
    /// What lines that are entries as they should be say, in order
    pub good: Vec<Incoming>,
    /// Files under `replaced/` that hold the rest
    pub set_aside: Vec<PathBuf>,
}

/// What a good line must be.
pub struct Rules<'a> {
    /// The number of the first
    pub next: u64,
    /// `received` of the entry before it
    pub received: Time,
    /// No line may be from later than this, or than the entry before it
    pub now: Time,
    /// Who may write what
    pub admission: &'a dyn Admission,
}

/// Takes the tail away: its good lines are answered, to be written again, the rest is kept under `replaced/`.
///
/// # Errors
/// If the tail cannot be read, set aside, or cut off.
pub fn take_tail(folder: &Folder, offset: u64, rules: &Rules) -> anyhow::Result<Tail> {
    let pieces = pieces(folder, offset, rules.next)?;
    if pieces.is_empty() {
        return Ok(Tail::default());
    }
    let mut lines = read_good(folder, &pieces, rules)?;
    let mut good: Vec<Incoming> = lines.iter().map(|(entry, _)| incoming(entry)).collect();
    if let Some((refused, _)) = rules.admission.refusals(&good).first() {
        lines.truncate(*refused);
        good.truncate(*refused);
    }
    // Behind the last good line, everything is set aside before anything is cut off.
    let (at_file, at) =
        lines.last().map_or((pieces[0].first, pieces[0].from), |(entry, end)| (file_of(entry.n), *end));
    let mut kept = Vec::new();
    for piece in pieces.iter().filter(|piece| piece.first >= at_file) {
        let bad_from = if piece.first == at_file { at } else { 0 };
        kept.extend(set_aside(folder, piece, bad_from.max(piece.from))?);
    }
    for piece in pieces.iter().rev() {
        piece.cut_off(folder)?;
    }
    Ok(Tail { good, set_aside: kept })
}

fn incoming(entry: &Entry) -> Incoming {
    Incoming { received: entry.received, record: Canonical::from(&entry.record), admitted: false }
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

fn file_of(n: u64) -> u64 {
    n - n % ENTRIES_PER_FILE
}

/// The files that reach beyond the checkpoint, and from where.
fn pieces(folder: &Folder, offset: u64, next: u64) -> anyhow::Result<Vec<Piece>> {
    let covered = next.checked_sub(1).map(file_of);
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
fn read_good(folder: &Folder, pieces: &[Piece], rules: &Rules) -> anyhow::Result<Vec<(Entry, u64)>> {
    let mut good: Vec<(Entry, u64)> = Vec::new();
    let mut bytes = 0;
    for piece in pieces {
        let path = folder.entry_file(piece.first);
        let mut file = store::open_plain(&path).with_context(|| path.display().to_string())?;
        file.seek(SeekFrom::Start(piece.from))?;
        let mut lines = BufReader::new(file);
        let mut end = piece.from;
        while let Some(line) = whole_line(&mut lines)? {
            end += line.len() as u64 + 1;
            bytes += line.len();
            let before = good.last().map_or(rules.received, |(entry, _)| entry.received);
            let next = rules.next + good.len() as u64;
            let fits = good.len() < MAX_TAIL && bytes <= MAX_TAIL_BYTES && piece.first == file_of(next);
            match Entry::parse(&line) {
                Ok(entry) if fits && is_next(&entry, next, before, rules.now) => good.push((entry, end)),
                _ => return Ok(good),
            }
        }
    }
    Ok(good)
}

fn is_next(entry: &Entry, next: u64, before: Time, now: Time) -> bool {
    entry.n == next && entry.received >= before && entry.received <= now.max(before)
}

/// A line with its line feed taken off; none at the end, or where no line feed comes.
fn whole_line(lines: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    lines.take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
    Ok((line.pop() == Some(b'\n')).then_some(line))
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
        fs::create_dir(&replaced).with_context(|| replaced.display().to_string())?;
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
pub(super) fn copy_with_holes(mut source: &File, from: u64, mut target: &File) -> io::Result<()> {
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
pub(super) fn new_file(folder: &Path, name: &str) -> anyhow::Result<(File, PathBuf)> {
    let mut number = 1;
    loop {
        let path = folder.join(format!("{name}.{number}"));
        match File::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            file => {
                let file = file.with_context(|| path.display().to_string())?;
                return Ok((file, path));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_from_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let long = "x".repeat(3 * MAX_LINE);
        let middle = "m".repeat(MAX_LINE);
        fs::write(&path, format!("one\n\n{middle}\n{long}\nlast\ntorn")).unwrap();
        let file = File::open(&path).unwrap();
        let mut lines = Backwards::new(&file).unwrap();
        let mut found = Vec::new();
        while let Some((line, _)) = lines.next().unwrap() {
            found.push(String::from_utf8(line).unwrap());
        }
        found.retain(|line| line.len() <= MAX_LINE);
        assert_eq!(found.first().unwrap(), "last");
        assert_eq!(found[found.len() - 3..], [middle, String::new(), "one".to_owned()]);
    }
}
