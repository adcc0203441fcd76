//! Reading a ledger: the entries that its checkpoint covers. Nothing is verified here; that is `verify`'s job.

use std::{
    fmt,
    io::{BufRead, BufReader, Read, Take},
    ops::Range,
};

use anyhow::Context;

use super::{
    entries::{self, Form},
    folder::Folder,
};
use crate::tlog::{
    arrival::EntryTimes,
    checkpoint::SignedCheckpoint,
    declaration::{LedgerDeclaration, UnprovenDeclaration},
    entry::{Entry, MAX_RAW_LINE, plain_line},
    entry_view::EntryView,
    undone::{JumpWatch, UndoneJumps, first_jump},
};

/// Room for most lines: a signed reading takes five to six hundred bytes.
const USUAL_LINE: usize = 768;

/// A ledger as its checkpoint stated it at one moment.
#[derive(Debug)]
pub struct Reader {
    folder: Folder,
    checkpoint: SignedCheckpoint,
}

impl Reader {
    /// Opens a ledger.
    ///
    /// # Errors
    /// If there is no checkpoint, or it is none.
    pub fn open(folder: Folder) -> anyhow::Result<Self> {
        let path = folder.path().display().to_string();
        let bytes = folder.read_checkpoint()?;
        let bytes = bytes.with_context(|| format!("{path}: no checkpoint, so this is no ledger"))?;
        let checkpoint = SignedCheckpoint::parse(&bytes).with_context(|| format!("{path}/checkpoint"))?;
        Ok(Self { folder, checkpoint })
    }

    /// The checkpoint when the ledger was opened.
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// How many entries there are.
    pub fn size(&self) -> u64 {
        self.checkpoint.checkpoint().size
    }

    /// The folder it lies in.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Entry 0, which declares the ledger.
    ///
    /// # Errors
    /// If it is missing, or the log has not signed it.
    pub fn declaration(&self) -> anyhow::Result<LedgerDeclaration> {
        let declared = LedgerDeclaration::parse(&self.first_line()?);
        declared.with_context(|| self.place(0))
    }

    /// What entry 0 says, whether or not its proofs hold: for those who have it verified after that.
    ///
    /// # Errors
    /// If it is missing, or declares no ledger.
    pub fn unproven_declaration(&self) -> anyhow::Result<UnprovenDeclaration> {
        let declared = UnprovenDeclaration::parse(&self.first_line()?);
        declared.with_context(|| self.place(0))
    }

    /// The file and line of an entry, and which one it is.
    fn place(&self, n: u64) -> String {
        let path = entries::path(&self.folder, n);
        format!("{}:{}: entry {n}", path.display(), self.folder.layout().place_in_file(n) + 1)
    }

    fn first_line(&self) -> anyhow::Result<Vec<u8>> {
        Ok(self.lines(0..1).next().context("no entry 0")??.1)
    }

    /// The lines of entries, as far as the checkpoint covers them.
    pub fn lines(&self, range: Range<u64>) -> EntryLines<'_> {
        let end = range.end.min(self.size());
        EntryLines { folder: &self.folder, next: range.start, end, file: None }
    }

    /// The entries that were dropped, in ascending runs, as far as the checkpoint covers them.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub fn dropped(&self) -> anyhow::Result<Vec<Range<u64>>> {
        let dropped = entries::dropped(&self.folder);
        let mut dropped = dropped.with_context(|| self.folder.entries().display().to_string())?;
        dropped.retain(|run| run.start < self.size());
        Ok(dropped)
    }

    /// What of a range is there: all but what was dropped.
    ///
    /// # Errors
    /// As [`Reader::dropped`].
    pub fn present(&self, range: Range<u64>) -> anyhow::Result<Vec<Range<u64>>> {
        let (mut present, mut next) = (Vec::new(), range.start);
        for run in self.dropped()? {
            if run.end <= next || run.start >= range.end {
                continue;
            }
            present.push(next..run.start.max(next));
            next = run.end;
        }
        present.push(next..range.end.max(next));
        present.retain(|part| !part.is_empty());
        Ok(present)
    }

    /// The entries themselves.
    pub fn entries(&self, range: Range<u64>) -> impl Iterator<Item = anyhow::Result<Entry>> + '_ {
        self.lines(range).map(move |line| {
            let (n, line) = line?;
            let entry = Entry::parse_lenient(&line).with_context(|| self.place(n))?;
            anyhow::ensure!(
                entry.n == n,
                "{}: says that it is entry {}; run foil verify",
                self.place(n),
                entry.n
            );
            Ok(entry)
        })
    }
}

impl Reader {
    /// The jumps of the clock that were undone in the first so many entries.
    ///
    /// # Errors
    /// If an entry cannot be read, or says what it may not say about the clock.
    pub fn undone_jumps(&self, size: u64) -> anyhow::Result<UndoneJumps> {
        self.undone_jumps_checked(size, &|_, line| line)
    }

    /// The same, where each line is handed to a check with its number before it counts.
    ///
    /// # Errors
    /// As [`Reader::undone_jumps`], and those of the check.
    pub fn undone_jumps_checked(&self, size: u64, check: &LineCheck<'_>) -> anyhow::Result<UndoneJumps> {
        let mut watch = JumpWatch::behind_unseen();
        let dropped = self.dropped()?;
        let mut next = dropped.last().map_or(0, |run| run.end);
        // Behind entries that cannot be seen there may be a jump that begins with the first that can.
        let mut jump = dropped.last().map(|run| run.end).filter(|first| *first < size);
        loop {
            if jump.is_none() {
                let layout = self.folder.layout();
                jump = first_jump(next..size, layout, |n| {
                    Ok::<_, anyhow::Error>(self.times_checked(n, check)?.received)
                })?;
                watch.pass_over();
            }
            let Some(first) = jump.take() else { return Ok(watch.into_undone()) };
            next = self.watch_jump(&mut watch, first.saturating_sub(1).max(next)..size, check)?;
        }
    }

    /// Goes along entries until no jump can be undone any more; answers the number of the last one.
    fn watch_jump(
        &self,
        watch: &mut JumpWatch,
        range: Range<u64>,
        check: &LineCheck<'_>,
    ) -> anyhow::Result<u64> {
        for (n, line) in range.clone().zip(self.lines(range.clone())) {
            let (n, line) = check(n, line)?;
            let times = self.times_in(n, &line)?;
            watch.take(n, times).with_context(|| format!("{}; run foil verify", self.place(n)))?;
            if watch.trail().is_quiet() {
                return Ok(n);
            }
        }
        Ok(range.end)
    }

    /// The times of an entry.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn times(&self, n: u64) -> anyhow::Result<EntryTimes> {
        self.times_checked(n, &|_, line| line)
    }

    fn times_checked(&self, n: u64, check: &LineCheck<'_>) -> anyhow::Result<EntryTimes> {
        let (_, line) = check(n, self.lines(n..n + 1).next().context("the entry is missing")?)?;
        self.times_in(n, &line)
    }

    fn times_in(&self, n: u64, line: &[u8]) -> anyhow::Result<EntryTimes> {
        Ok(EntryView::of(line).with_context(|| self.place(n))?.times())
    }
}

/// A line with its number, or why there is none.
pub type NumberedLine = anyhow::Result<(u64, Vec<u8>)>;

/// What a line of this number is taken for.
pub type LineCheck<'a> = dyn Fn(u64, NumberedLine) -> NumberedLine + 'a;

/// The line of an entry is missing, or does not end.
#[derive(Debug)]
pub struct EntryLost {
    place: String,
}

impl fmt::Display for EntryLost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: missing, or without end; run foil verify", self.place)
    }
}

impl std::error::Error for EntryLost {}

/// Lines of entries in order, each with its number.
pub struct EntryLines<'a> {
    folder: &'a Folder,
    next: u64,
    end: u64,
    file: Option<Source>,
}

/// The lines of a file, whatever its form.
type Source = BufReader<Box<dyn Read + Send>>;

impl EntryLines<'_> {
    fn read(&mut self) -> anyhow::Result<Vec<u8>> {
        // The path is made only where it is needed: there may be a million lines.
        let (folder, next) = (self.folder, self.next);
        let path = || entries::path(folder, next);
        let place = || format!("{}: entry {next}", path().display());
        if self.file.is_none() || self.folder.layout().place_in_file(self.next) == 0 {
            // For entry 0 alone, which every writer reads, a little is enough.
            let few = self.end - self.next < 16;
            let capacity = if few { 1 << 12 } else { 1 << 18 };
            let (source, skip) = entries::open_at(folder, next).with_context(place)?;
            let mut file = BufReader::with_capacity(capacity, source);
            skip_lines(&mut file, skip).with_context(place)?;
            self.file = Some(file);
        }
        let file = self.file.as_mut().context("an open file")?;
        let mut line = Vec::with_capacity(USUAL_LINE);
        bounded(file).read_until(b'\n', &mut line).with_context(place)?;
        if line.pop() == Some(b'\n') {
            let first = folder.layout().place_in_file(next) == 0;
            let plain = plain_line(&line, first);
            return Ok(if plain.len() == line.len() { line } else { plain.to_vec() });
        }
        anyhow::ensure!(
            entries::form(folder, next) != Some(Form::Pruned),
            "entry {next}: dropped by foil chain prune; it is in copies that were made before"
        );
        Err(EntryLost { place: place() }.into())
    }
}

impl Iterator for EntryLines<'_> {
    type Item = anyhow::Result<(u64, Vec<u8>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let n = self.next;
        let line = self.read();
        // After a fault there is no telling where the next line begins.
        self.next = if line.is_ok() { n + 1 } else { self.end };
        Some(line.map(|line| (n, line)))
    }
}

fn bounded(file: &mut Source) -> Take<&mut Source> {
    file.take(MAX_RAW_LINE as u64 + 1)
}

fn skip_lines(file: &mut Source, count: u64) -> std::io::Result<()> {
    for _ in 0..count {
        if bounded(file).skip_until(b'\n')? == 0 {
            break;
        }
    }
    Ok(())
}
