//! The spill file: signed records that the ledger could not take yet, one a line, in their order.
//!
//! ```text
//! FILE           {"boot":…,"proof":{…},…}        synced before their ports go on
//! FILE.done      8192 5f2c…                      how many bytes of it are in the ledger, and the hash of its first line
//! FILE.refused   {"boot":…}                      what the ledger's rules never let in, and what is no record
//! ```
//!
//! `FILE.done` counts only beside the file that begins with that line: one that was emptied and filled again begins with
//! another. A last line without its line feed, as a power cut leaves it, is a line like all others: a record, or refused.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use rustix::fs::{FlockOperation, flock};

use crate::{hash::Hash, json::Canonical, ledger::files::store};

/// How many bytes of a spill file are read at once: more than any record has.
const READ: usize = 1 << 20;

/// A spill file of this process.
#[derive(Debug)]
pub(super) struct SpillFile {
    path: PathBuf,
    file: File,
    /// Its length
    end: u64,
    /// Up to where it is in the ledger
    done: u64,
    /// How many lines it has
    lines: u64,
    /// How many of them are not
    waiting: u64,
    /// Whether the last of them has no line feed
    is_torn: bool,
}

/// Lines at the front of a spill file, and where they end.
#[derive(Debug)]
pub(super) struct SpilledBatch {
    /// The number of the first of them, from 1
    first: u64,
    /// Without line feeds
    lines: Vec<Vec<u8>>,
    end: u64,
}

/// A line of a spill file that is no record, as another hand or a power cut leaves it there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StrayLine {
    /// Its number, from 1
    pub(super) number: u64,
    /// Without its line feed
    pub(super) bytes: Vec<u8>,
    /// Why it is none
    pub(super) why: String,
}

impl SpilledBatch {
    /// Its records, and what is none. Empty lines are neither.
    pub(super) fn read(&self) -> (Vec<Canonical>, Vec<StrayLine>) {
        let (mut records, mut strays) = (Vec::new(), Vec::new());
        for (number, line) in (self.first..).zip(&self.lines).filter(|(_, line)| !line.is_empty()) {
            match Canonical::read(line.clone()) {
                Ok(record) => records.push(record),
                Err(why) => strays.push(StrayLine { number, bytes: line.clone(), why: why.to_string() }),
            }
        }
        (records, strays)
    }
}

impl SpillFile {
    /// Opens a spill file, or makes it.
    ///
    /// # Errors
    /// If it cannot be read and written, or another process has it.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let shown = || path.display().to_string();
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = file.with_context(shown)?;
        ensure!(file.metadata().with_context(shown)?.is_file(), "{}: not a plain file", shown());
        flock(&file, FlockOperation::NonBlockingLockExclusive)
            .with_context(|| format!("{}: another process has it", shown()))?;
        store::sync_folder(store::folder_of(path))?;
        let path = std::path::absolute(path).with_context(shown)?;
        let mut spill = Self { path, file, end: 0, done: 0, lines: 0, waiting: 0, is_torn: false };
        spill.measure().with_context(shown)?;
        Ok(spill)
    }

    /// Whether all of it is in the ledger.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    /// How many records are not in the ledger yet.
    pub(super) fn waiting(&self) -> u64 {
        self.waiting
    }

    /// Adds records, durably or not at all.
    ///
    /// # Errors
    /// If they cannot be written or synced.
    pub(super) fn add<'r>(&mut self, records: impl Iterator<Item = &'r str>) -> anyhow::Result<()> {
        let (mut text, mut count) = (String::new(), 0);
        text.push_str(if self.is_torn { "\n" } else { "" });
        for record in records {
            text.extend([record, "\n"]);
            count += 1;
        }
        let written = self.file.write_all_at(text.as_bytes(), self.end).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            let _ = self.file.set_len(self.end);
            return Err(error).with_context(|| self.path.display().to_string());
        }
        self.is_torn = false;
        self.end += text.len() as u64;
        self.lines += count;
        self.waiting += count;
        Ok(())
    }

    /// The records at its front that are not in the ledger.
    ///
    /// # Errors
    /// If they cannot be read.
    pub(super) fn front(&self) -> anyhow::Result<SpilledBatch> {
        let mut bytes = vec![0; READ.min(usize::try_from(self.end - self.done).unwrap_or(READ))];
        self.file.read_exact_at(&mut bytes, self.done).with_context(|| self.path.display().to_string())?;
        let length = bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes.len(), |feed| feed + 1);
        let lines = bytes[..length].split_inclusive(|byte| *byte == b'\n');
        let lines = lines.map(|line| line.strip_suffix(b"\n").unwrap_or(line).to_vec()).collect();
        Ok(SpilledBatch { first: self.lines - self.waiting + 1, lines, end: self.done + length as u64 })
    }

    /// Takes note, durably, that these records are in the ledger. When all are, the file is emptied.
    ///
    /// # Errors
    /// If that cannot be written: then they would be sent again.
    pub(super) fn kept(&mut self, batch: &SpilledBatch) -> anyhow::Result<()> {
        if batch.end == self.end {
            self.file.set_len(0).and_then(|()| self.file.sync_all())?;
            let _ = fs::remove_file(self.beside("done"));
            (self.end, self.done, self.lines, self.waiting, self.is_torn) = (0, 0, 0, 0, false);
            return Ok(());
        }
        let first = self.first_line()?.context("it is empty")?;
        store::replace(&self.beside("done"), format!("{} {first}\n", batch.end).as_bytes())?;
        self.done = batch.end;
        self.waiting = self.waiting.saturating_sub(batch.lines.len() as u64);
        Ok(())
    }

    /// Keeps a line that the ledger's rules do not let in.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn refuse(&self, line: &[u8]) -> anyhow::Result<()> {
        let path = self.beside("refused");
        let file = OpenOptions::new().append(true).create(true).open(&path);
        file.and_then(|mut file| {
            file.write_all(&[line, b"\n"].concat())?;
            file.sync_data()
        })
        .with_context(|| path.display().to_string())
    }

    fn beside(&self, end: &str) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{end}"));
        name.into()
    }

    /// The hash of its first line; `None`: there is none.
    fn first_line(&self) -> anyhow::Result<Option<Hash>> {
        let mut bytes = vec![0; READ.min(usize::try_from(self.end).unwrap_or(READ))];
        self.file.read_exact_at(&mut bytes, 0)?;
        let feed = bytes.iter().position(|byte| *byte == b'\n');
        Ok(feed.map(|feed| Hash::of(&bytes[..feed])))
    }

    /// Finds out how long it is, and how much of it is done.
    fn measure(&mut self) -> anyhow::Result<()> {
        self.end = self.file.metadata()?.len();
        let said = self.said_done()?;
        let (mut at, mut last, mut all, mut behind, mut is_border) = (0, 0, 0, 0, false);
        let mut buffer = vec![0; 1 << 16];
        while at < self.end {
            let count = self.file.read_at(&mut buffer, at)?;
            if count == 0 {
                break;
            }
            for (place, _) in buffer[..count].iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
                last = at + place as u64 + 1;
                is_border |= last == said;
                all += 1;
                behind += u64::from(last > said);
            }
            at += count as u64;
        }
        self.is_torn = last < self.end;
        let torn = u64::from(self.is_torn);
        (self.done, self.waiting) = if is_border { (said, behind + torn) } else { (0, all + torn) };
        self.lines = all + torn;
        Ok(())
    }

    /// How much of it is done, as the file beside it says; 0 where that says nothing about it.
    fn said_done(&self) -> anyhow::Result<u64> {
        let text = fs::read_to_string(self.beside("done")).unwrap_or_default();
        let Some((done, hash)) = text.trim_end().split_once(' ') else { return Ok(0) };
        let is_of_this = self.first_line()?.is_some_and(|first| first.to_string() == hash);
        Ok(done.parse().ok().filter(|_| is_of_this).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(batch: &SpilledBatch) -> Vec<String> {
        batch.lines.iter().map(|line| String::from_utf8(line.clone()).unwrap()).collect()
    }

    #[test]
    fn what_is_spilled_comes_back_in_order_and_is_done_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spill");
        let mut spill = SpillFile::open(&path).unwrap();
        assert!(SpillFile::open(&path).unwrap_err().to_string().contains("another process"));
        let long = |n: usize| format!("{{\"n\":{n},\"x\":\"{}\"}}", "x".repeat(300_000));
        let records: Vec<String> = (0..7).map(long).collect();
        spill.add(records[..4].iter().map(String::as_str)).unwrap();
        let first = spill.front().unwrap();
        assert_eq!(texts(&first), records[..3]);
        spill.kept(&first).unwrap();
        spill.add(records[4..].iter().map(String::as_str)).unwrap();
        drop(spill);
        let mut spill = SpillFile::open(&path).unwrap();
        assert_eq!(spill.waiting(), 4);
        let mut rest = Vec::new();
        while !spill.is_empty() {
            let batch = spill.front().unwrap();
            rest.extend(texts(&batch));
            spill.kept(&batch).unwrap();
        }
        assert_eq!(rest, records[3..]);
        assert_eq!(fs::metadata(&path).unwrap().len(), 0);
        // What was done of another file of this name says nothing.
        fs::write(folder.path().join("spill.done"), "9 0000\n").unwrap();
        spill.add(["{\"n\":8}", "{\"n\":9}"].into_iter()).unwrap();
        drop(spill);
        assert_eq!(SpillFile::open(&path).unwrap().waiting(), 2);
    }

    #[test]
    fn what_is_no_record_is_named_by_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spill");
        fs::write(&path, "{\"n\":1}\n\nnone\n{\"n\":2}\n\u{7f}\n").unwrap();
        let mut spill = SpillFile::open(&path).unwrap();
        let (records, strays) = spill.front().unwrap().read();
        let texts: Vec<&str> = records.iter().map(Canonical::as_str).collect();
        assert_eq!(texts, ["{\"n\":1}", "{\"n\":2}"]);
        let numbers: Vec<u64> = strays.iter().map(|stray| stray.number).collect();
        assert_eq!((numbers, strays[0].bytes.as_slice()), (vec![3, 5], b"none".as_slice()));
        let all = spill.front().unwrap();
        let half = SpilledBatch { end: 14, lines: all.lines[..3].to_vec(), ..all };
        spill.kept(&half).unwrap();
        for _ in 0..2 {
            assert_eq!((spill.waiting(), spill.front().unwrap().read().1[0].number), (2, 5));
            drop(spill);
            spill = SpillFile::open(&path).unwrap();
        }
    }

    #[test]
    fn a_torn_line_is_a_line_like_all_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spill");
        fs::write(&path, "{\"n\":1}\n{\"n\":2").unwrap();
        let mut spill = SpillFile::open(&path).unwrap();
        assert_eq!(spill.waiting(), 2);
        let first = spill.front().unwrap();
        assert_eq!(texts(&first), ["{\"n\":1}"]);
        spill.kept(&first).unwrap();
        drop(spill);
        let mut spill = SpillFile::open(&path).unwrap();
        assert_eq!((spill.waiting(), texts(&spill.front().unwrap())), (1, vec!["{\"n\":2".to_owned()]));
        spill.add(["{\"n\":3}"].into_iter()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"n\":1}\n{\"n\":2\n{\"n\":3}\n");
        let rest = spill.front().unwrap();
        let (records, strays) = rest.read();
        assert_eq!((records.len(), strays.len(), strays[0].number), (1, 1, 2));
        assert_eq!(strays[0].bytes, b"{\"n\":2");
        spill.kept(&rest).unwrap();
        spill.refuse(&strays[0].bytes).unwrap();
        assert_eq!((spill.waiting(), fs::metadata(&path).unwrap().len()), (0, 0));
        assert_eq!(fs::read_to_string(folder.path().join("spill.refused")).unwrap(), "{\"n\":2\n");
    }

    #[test]
    fn a_torn_line_alone_is_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spill");
        fs::write(&path, "{\"n\":1}").unwrap();
        let mut spill = SpillFile::open(&path).unwrap();
        let all = spill.front().unwrap();
        assert_eq!((spill.waiting(), all.read().0.len()), (1, 1));
        spill.kept(&all).unwrap();
        spill.add(["{\"n\":3}"].into_iter()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"n\":3}\n");
    }
}
