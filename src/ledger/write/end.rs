//! Where the entries that a checkpoint covers end: found from the end of their file, since that may be long and
//! what was not acknowledged is short.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek},
    os::unix::fs::FileExt,
};

use anyhow::Context;

use super::batch::{MAX_BATCH, MAX_BATCH_BYTES};
use crate::{
    hash::Hash,
    ledger::files::{entries, folder::Folder, store},
    tlog::{entry::Entry, layout::MAX_LINE, merkle::leaf_hash},
};

/// The most lines of a tail that are taken up: those of a full batch, and of another that had taken it up, and
/// so on once or twice.
pub(in crate::ledger) const MAX_TAIL: usize = 4 * MAX_BATCH;

/// The most bytes of a tail that are taken up.
pub(in crate::ledger) const MAX_TAIL_BYTES: usize = 4 * MAX_BATCH_BYTES;

/// Where the entries that the checkpoint covers end.
#[derive(Clone, Debug)]
pub struct EntriesEnd {
    /// The last of them
    pub last: Entry,
    /// The byte behind its line feed, in its file
    pub offset: u64,
}

/// Finds the last entry that the checkpoint covers by its hash, from the end of its file backwards: that file
/// may be long, and what was not acknowledged is short. None if it is not there.
///
/// # Errors
/// If the file cannot be read.
pub fn find_end(folder: &Folder, n: u64, leaf: &Hash) -> anyhow::Result<Option<EntriesEnd>> {
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
            return Ok(Some(EntriesEnd { last, offset }));
        }
    }
    if lines.from == 0 {
        Ok(None)
    } else {
        find_forwards(&file, folder.layout().place_in_file(n), leaf).with_context(named)
    }
}

/// The entry that a line is, if its hash is this one.
fn entry_of(line: &[u8], leaf: &Hash) -> Option<Entry> {
    (leaf_hash(line) == *leaf).then(|| Entry::parse_lenient(line).ok())?
}

/// Finds an entry where it should be, by counting lines: what follows it is longer than anything we write.
fn find_forwards(file: &File, place: u64, leaf: &Hash) -> io::Result<Option<EntriesEnd>> {
    let mut lines = BufReader::with_capacity(1 << 18, file);
    lines.rewind()?;
    let mut offset = 0;
    for at in 0..=place {
        let Some(line) = whole_line(&mut lines)? else { break };
        offset += line.len() as u64 + 1;
        if at == place {
            return Ok(entry_of(&line, leaf).map(|last| EntriesEnd { last, offset }));
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

/// A line with its line feed taken off; `None` at the end, or where no line feed comes.
pub(in crate::ledger) fn whole_line(lines: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    lines.take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
    Ok((line.pop() == Some(b'\n')).then_some(line))
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
        std::fs::write(&path, format!("one\n\n{middle}\n{long}\nlast\ntorn")).unwrap();
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
