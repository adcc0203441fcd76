//! A batch: entries on their way in, and their lines.

use std::{fs::File, ops::RangeInclusive, os::unix::fs::FileExt};

use anyhow::Context;

use crate::{
    json::Canonical,
    ledger::files::{folder::Folder, store},
    rules::received,
    tlog::{arrival::EntryTimes, entry, layout::MAX_LINE},
};

/// The most records of one batch.
pub const MAX_BATCH: usize = 10_000;

/// The most bytes of one batch, about: it is held in memory, where values take more room than in the text.
pub const MAX_BATCH_BYTES: usize = 16 << 20;

/// A record and the clocks when it came.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// What was said
    pub record: Canonical,
    /// When
    pub clock: received::ClockReading,
    /// Whether its proofs are known to hold, wherever and whenever it enters
    pub admitted: bool,
}

/// A record on its way into a ledger.
#[derive(Clone, Debug)]
pub struct IncomingRecord {
    /// The times that its entry gets
    pub times: EntryTimes,
    /// What was said
    pub record: Canonical,
    /// Whether its proofs are known to hold, wherever and whenever it enters
    pub admitted: bool,
}

impl Arrival {
    /// On its way in, with the times that its entry gets.
    pub(super) fn at(self, times: EntryTimes) -> IncomingRecord {
        IncomingRecord { times, record: self.record, admitted: self.admitted }
    }

    /// On its way in as of when it came.
    pub(super) fn when_it_came(self) -> IncomingRecord {
        let wall = self.clock.wall;
        self.at(EntryTimes::plain(wall))
    }
}

/// Entries on their way in: first the recovered ones, then new ones.
pub struct Batch {
    first: u64,
    recovered: usize,
    records: Vec<IncomingRecord>,
    lines: BatchLines,
}

impl Batch {
    /// A batch that begins with recovered entries, at this number.
    pub fn new(first: u64, recovered: Vec<IncomingRecord>) -> Self {
        Self { first, recovered: recovered.len(), records: recovered, lines: BatchLines::default() }
    }

    /// Adds new entries.
    pub fn extend(&mut self, records: Vec<IncomingRecord>) {
        self.records.extend(records);
        self.lines = BatchLines::of(self.first, &self.records);
    }

    /// The new records.
    pub fn fresh(&self) -> &[IncomingRecord] {
        &self.records[self.recovered..]
    }

    /// The numbers of the recovered entries; `None` if there are none.
    pub fn recovered_span(&self) -> Option<RangeInclusive<u64>> {
        self.span(0, self.recovered)
    }

    /// The numbers of the new entries; `None` if there are none.
    pub fn fresh_span(&self) -> Option<RangeInclusive<u64>> {
        self.span(self.recovered, self.records.len())
    }

    fn span(&self, from: usize, to: usize) -> Option<RangeInclusive<u64>> {
        (from < to).then(|| self.first + from as u64..=self.first + to as u64 - 1)
    }

    /// The last record.
    pub fn last(&self) -> Option<&IncomingRecord> {
        self.records.last()
    }

    /// Its records, without their numbers.
    pub(super) fn into_records(self) -> Vec<IncomingRecord> {
        self.records
    }

    /// The lines of all entries.
    pub fn lines(&self) -> &BatchLines {
        &self.lines
    }

    /// The new entries whose lines are too long, by their places among them, and why.
    pub fn too_long(&self) -> impl Iterator<Item = (usize, String)> {
        let lengths = self.lines.iter().skip(self.recovered).map(<[u8]>::len);
        let too_long = lengths.enumerate().filter(|(_, length)| *length > MAX_LINE);
        too_long
            .map(|(at, length)| (at, format!("the entry would have {length} bytes, more than {MAX_LINE}")))
    }

    /// Takes out the new records at these ascending places, or everything from the first of them on.
    pub fn leave_out(&mut self, places: &[usize], keep_going: bool) {
        let Some(first) = places.first() else { return };
        let rest = self.records.split_off(self.recovered + first);
        if keep_going {
            let mut places = places.iter().peekable();
            let stays = rest.into_iter().zip(*first..).filter(|(_, at)| places.next_if_eq(&at).is_none());
            self.records.extend(stays.map(|(record, _)| record));
        }
        self.lines = BatchLines::of(self.first, &self.records);
    }
}

/// What an entry's line has besides its record and `wall`, at most, with its line feed.
const AROUND: usize = 80;

/// The lines of entries, as they stand in their files.
#[derive(Default)]
pub struct BatchLines {
    bytes: String,
    /// Where each ends, behind its line feed
    ends: Vec<usize>,
}

impl BatchLines {
    fn of(first: u64, records: &[IncomingRecord]) -> Self {
        let bytes = records.iter().map(|incoming| incoming.record.as_str().len() + AROUND).sum();
        let mut lines = Self { bytes: String::with_capacity(bytes), ends: Vec::with_capacity(records.len()) };
        for (incoming, n) in records.iter().zip(first..) {
            entry::write_line(n, incoming.times, &incoming.record, &mut lines.bytes);
            lines.bytes.push('\n');
            lines.ends.push(lines.bytes.len());
        }
        lines
    }

    /// Each without its line feed.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.bytes.as_bytes()[start..end - 1])
    }

    /// Step 4: writes them from an offset of the file of entry `first` on, and makes them durable. Answers
    /// where they end in the last file.
    ///
    /// # Errors
    /// If a write or sync failed.
    pub fn write(&self, folder: &Folder, first: u64, offset: u64) -> anyhow::Result<u64> {
        let layout = folder.layout();
        let (mut n, mut end, mut at, mut ends) = (first, offset, 0, self.ends.as_slice());
        while !ends.is_empty() {
            let left = layout.entries_per_file() - layout.place_in_file(n);
            let fits = usize::try_from(left).unwrap_or(usize::MAX);
            let (here, later) = ends.split_at(fits.min(ends.len()));
            let until = here.last().copied().unwrap_or(at);
            let fresh = layout.place_in_file(n) == 0;
            end = write_file(folder, n, if fresh { 0 } else { end }, &self.bytes.as_bytes()[at..until])?;
            if fresh {
                store::sync_folder(&folder.entries())?;
            }
            (n, at, ends) = (n + here.len() as u64, until, later);
        }
        Ok(end)
    }
}

fn write_file(folder: &Folder, n: u64, offset: u64, bytes: &[u8]) -> anyhow::Result<u64> {
    let path = folder.entry_file(n);
    let file = store::open_to_write(&path);
    file.and_then(|file| {
        let written = file.write_all_at(bytes, offset);
        written.inspect_err(|_| cut_torn_line(&file, offset, bytes))?;
        file.sync_data()
    })
    .with_context(|| path.display().to_string())?;
    Ok(offset + bytes.len() as u64)
}

/// Cuts off the line in whose middle a write ended: the next writer would have to keep it. The whole lines
/// before it are taken up. Where that fails, too, the next writer sees to it.
fn cut_torn_line(file: &File, offset: u64, bytes: &[u8]) {
    let Ok(length) = file.metadata().map(|data| data.len()) else { return };
    let written = usize::try_from(length.saturating_sub(offset)).unwrap_or(usize::MAX).min(bytes.len());
    let whole = bytes[..written].iter().rposition(|byte| *byte == b'\n').map_or(0, |feed| feed + 1);
    if written < bytes.len() {
        let _ = file.set_len(offset + whole as u64);
    }
}
