//! Reading a log: the entries that its checkpoint covers. Nothing is verified here; that is `verify`'s job.

use std::ops::Range;

use anyhow::Context;

use super::{
    folder::Folder,
    lines::{EntryLines, LineCheck},
};
use crate::tlog::{
    arrival::EntryTimes,
    checkpoint::SignedCheckpoint,
    declaration::{LedgerDeclaration, UnprovenDeclaration},
    entry::Entry,
    entry_view::EntryView,
    undone::{JumpWatch, UndoneJumps, first_jump},
    view::{MAX_CHECKPOINT, View, place_of},
};

/// A log as its checkpoint stated it at one moment: a ledger's folder, or what gives a view.
#[derive(Debug)]
pub struct Reader<V = Folder> {
    log: V,
    /// What it is called in messages: its path or URL
    shown: String,
    checkpoint: SignedCheckpoint,
}

impl Reader {
    /// Opens a ledger in its folder.
    ///
    /// # Errors
    /// If there is no checkpoint, or it is none.
    pub fn open(folder: Folder) -> anyhow::Result<Self> {
        let shown = folder.path().display().to_string();
        Self::of(folder, shown)
    }

    /// The folder it lies in.
    pub fn folder(&self) -> &Folder {
        &self.log
    }
}

impl<V: AsRef<dyn View>> Reader<V> {
    /// Opens a log, which is called so in messages.
    ///
    /// # Errors
    /// If there is no checkpoint, or it is none.
    pub fn of(log: V, shown: String) -> anyhow::Result<Self> {
        let bytes = log.as_ref().checkpoint(MAX_CHECKPOINT).with_context(|| format!("{shown}/checkpoint"))?;
        let bytes = bytes.with_context(|| format!("{shown}: no checkpoint, so this is no ledger"))?;
        let fits = bytes.len() <= MAX_CHECKPOINT;
        anyhow::ensure!(fits, "{shown}/checkpoint: longer than {MAX_CHECKPOINT} bytes");
        let checkpoint =
            SignedCheckpoint::parse_copied(&bytes).with_context(|| format!("{shown}/checkpoint"))?;
        Ok(Self { log, shown, checkpoint })
    }

    /// The log.
    pub fn log(&self) -> &V {
        &self.log
    }

    /// The log as a verifier reads it.
    pub fn view(&self) -> &dyn View {
        self.log.as_ref()
    }

    /// What it is called in messages.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The checkpoint when the log was opened.
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// How many entries there are.
    pub fn size(&self) -> u64 {
        self.checkpoint.checkpoint().size
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
        let (file, line) = place_of(self.view(), n);
        format!("{}/{file}:{line}: entry {n}", self.shown)
    }

    fn first_line(&self) -> anyhow::Result<Vec<u8>> {
        Ok(self.lines(0..1).next().context("no entry 0")??.1)
    }

    /// The lines of entries, as far as the checkpoint covers them.
    pub fn lines(&self, range: Range<u64>) -> EntryLines<'_> {
        let end = range.end.min(self.size());
        let (view, shown, size) = (self.view(), &*self.shown, self.size());
        EntryLines::new(view, shown, size, range.start..end)
    }

    /// The entries that were dropped, in ascending runs, as far as the checkpoint covers them.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub fn dropped(&self) -> anyhow::Result<Vec<Range<u64>>> {
        let files = self.view().entry_files().with_context(|| format!("{}/entries", self.shown))?;
        let mut runs: Vec<Range<u64>> = Vec::new();
        for file in files.iter().filter(|file| file.pruned && file.first < self.size()) {
            let end = file.first.saturating_add(self.view().layout().entries_per_file());
            match runs.last_mut() {
                Some(run) if run.end == file.first => run.end = end,
                // Entry 0 is kept.
                _ => runs.push(file.first.max(1)..end),
            }
        }
        Ok(runs)
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

impl<V: AsRef<dyn View>> Reader<V> {
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
                let layout = self.view().layout();
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
