//! A published log as a verifier reads it: from a folder, from a server, from memory.
//!
//! ```text
//! checkpoint ─► size ─► which tiles and bundles there must be
//! bundle: 00 03 'o' 'n' 'e' …  ─►  "one\n" …     as if it were part of a file of 65,536 entries
//! ```
//!
//! The checkpoint is read first, and the size that it states holds from then on: what a publisher adds later
//! lies beyond it, and where a tile that is full by now has replaced a partial one, its beginning is read.

mod lines;
mod noted;

use std::{
    io::{self, BufReader, Read},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use lines::BundleLines;
use noted::{MAX_LOST, Noted};

use super::{
    bundle,
    layout::{ENTRIES_PER_FILE, Layout},
    resource::{CHECKPOINT, FULL, Resource, ResourceContent},
    view::{EntryFile, Fault, View, skip_lines},
};
use crate::hash::Hash;

/// Resources by their paths, of which nothing is trusted.
pub trait Resources: Sync {
    /// The bytes of a resource; `None`: it is not there.
    ///
    /// # Errors
    /// If it is there and cannot be read, or if that cannot be told. `FileTooLarge` says that it has more than `limit`
    /// bytes, which are not read, and that the others can be asked for all the same.
    fn get(&self, path: &str, limit: usize) -> io::Result<Option<Vec<u8>>>;

    /// Several resources, each by its path and limit; where it helps, several at once.
    fn get_all(&self, asks: &[(String, usize)]) -> Vec<io::Result<Option<Vec<u8>>>> {
        asks.iter().map(|(path, limit)| self.get(path, *limit)).collect()
    }

    /// How many resources may be asked for before the first of them is needed.
    fn ahead(&self) -> usize {
        1
    }
}

/// The longest checkpoint that is read, in bytes.
const MAX_CHECKPOINT: usize = 64 * 1024;

/// A log of more entries than this is not read: four thousand million.
const MAX_SIZE: u64 = ENTRIES_PER_FILE << 16;

/// Bundles under one file of entries.
const BUNDLES: u64 = ENTRIES_PER_FILE / FULL as u64;

/// A published log.
pub struct Published<R> {
    resources: R,
    /// The checkpoint that was read first
    pinned: OnceLock<Vec<u8>>,
    /// The line of entry 0, which every reader asks for; `None`: there is none
    first_line: OnceLock<Option<Vec<u8>>>,
    /// The bundle with which it begins, once that is known
    first: OnceLock<u64>,
    noted: Mutex<Noted>,
}

/// A tile or bundle as it was got.
struct Found {
    /// The one that was asked for, or the full one in its place
    resource: Resource,
    /// Empty if there are more than there can be
    bytes: Vec<u8>,
    too_long: bool,
}

/// What asking for one gave; none if there is none.
type Got = io::Result<Option<Found>>;

impl<R: Resources> Published<R> {
    /// The log that lies there.
    pub fn new(resources: R) -> Self {
        Self {
            resources,
            pinned: OnceLock::new(),
            first_line: OnceLock::new(),
            first: OnceLock::new(),
            noted: Mutex::default(),
        }
    }

    /// The size that the checkpoint states, if it states one.
    fn size(&self) -> io::Result<u64> {
        if let Some(bytes) = self.pinned.get() {
            return Ok(stated_size(bytes).unwrap_or(0));
        }
        let bytes = self.resources.get(CHECKPOINT, MAX_CHECKPOINT)?;
        Ok(bytes.as_deref().and_then(stated_size).unwrap_or(0))
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a log of so many bundles begins that has dropped its oldest ones.
    fn first_bundle(&self, size: u64) -> io::Result<u64> {
        if let Some(first) = self.first.get() {
            return Ok(*first);
        }
        let first = self.find_first_bundle(size)?;
        // Before the checkpoint is read, its size may change.
        if self.pinned.get().is_some() {
            let _ = self.first.set(first);
        }
        Ok(first)
    }

    fn find_first_bundle(&self, size: u64) -> io::Result<u64> {
        let bundles = size.div_ceil(FULL.into());
        if bundles <= MAX_LOST as u64 || self.bundle(0, size)?.is_some() {
            return Ok(0);
        }
        // Not asked for one by one: a log that states a large size could make that long.
        let (mut absent, mut found) = (0, bundles);
        while found - absent > 1 {
            let middle = absent + (found - absent) / 2;
            if self.bundle(middle, size)?.is_some() { found = middle } else { absent = middle }
        }
        Ok(found)
    }

    /// A bundle, if it is there.
    fn bundle(&self, index: u64, size: u64) -> Got {
        let Some(resource) = Resource::of(ResourceContent::Entries, index, size) else { return Ok(None) };
        self.part(resource, self.resources.get(&resource.to_string(), resource.limit()))
    }

    /// The line of an entry, if it is there.
    fn find_line(&self, n: u64) -> io::Result<Option<Vec<u8>>> {
        let (index, at) = (n / u64::from(FULL), usize::try_from(n % u64::from(FULL)).unwrap_or(0));
        let size = self.size()?;
        let found = if n < size { self.bundle(index, size)? } else { None };
        let Some(Found { resource, bytes, .. }) = found else { return Ok(None) };
        let (entries, _) = bundle::read(&bytes, resource.width.into());
        Ok(entries.get(at).map(|entry| {
            let mut line = Vec::new();
            lines::extend(&mut line, entry);
            line
        }))
    }

    /// What was got, or the full one that has taken the place of a partial one.
    fn part(&self, resource: Resource, got: io::Result<Option<Vec<u8>>>) -> Got {
        match found(resource, got)? {
            None if !resource.is_full() => {
                let full = resource.full();
                found(full, self.resources.get(&full.to_string(), full.limit()))
            }
            found => Ok(found),
        }
    }

    /// Several resources of one kind, side by side.
    fn parts(&self, wanted: &[Resource]) -> Vec<Got> {
        let asks: Vec<_> = wanted.iter().map(|resource| (resource.to_string(), resource.limit())).collect();
        let got = self.resources.get_all(&asks);
        got.into_iter().zip(wanted).map(|(got, resource)| self.part(*resource, got)).collect()
    }

    /// The hashes of a tile; none if they are not there, or not in their form.
    fn tile(&self, wanted: Resource, got: Option<Found>) -> Option<Vec<Hash>> {
        let fault = |place: Resource, detail: String| {
            self.noted().fault(Fault { place: place.to_string(), detail, derived: true });
        };
        let Some(Found { resource, bytes, .. }) = got else {
            fault(wanted, "the tile is not there".to_owned());
            return None;
        };
        if bytes.len() != resource.limit() {
            fault(resource, format!("the tile does not have {} bytes", resource.limit()));
            return None;
        }
        let hashes = bytes.as_chunks().0.iter().take(wanted.width.into());
        Some(hashes.map(|chunk| Hash(*chunk)).collect())
    }
}

/// What was got of a resource. One that is too long is there, and has nothing in it that could be read.
fn found(resource: Resource, got: io::Result<Option<Vec<u8>>>) -> Got {
    match got {
        Err(why) if why.kind() == io::ErrorKind::FileTooLarge => {
            Ok(Some(Found { resource, bytes: Vec::new(), too_long: true }))
        }
        got => Ok(got?.map(|bytes| Found { resource, bytes, too_long: false })),
    }
}

/// The size in a checkpoint's second line. Whether the rest of it is good is not asked here.
fn stated_size(bytes: &[u8]) -> Option<u64> {
    let line = bytes.split(|byte| *byte == b'\n').nth(1)?;
    str::from_utf8(line).ok()?.trim_end_matches('\r').parse().ok()
}

impl<R: Resources> View for Published<R> {
    fn kind(&self) -> &'static str {
        "published"
    }

    fn checkpoint(&self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        if self.pinned.get().is_none() {
            let Some(bytes) = self.resources.get(CHECKPOINT, MAX_CHECKPOINT)? else { return Ok(None) };
            let _ = self.pinned.set(bytes);
        }
        Ok(self.pinned.get().map(|bytes| bytes[..bytes.len().min(limit + 1)].to_vec()))
    }

    fn entry_files(&self) -> io::Result<Vec<EntryFile>> {
        let size = self.size()?;
        if size > MAX_SIZE {
            return Err(io::Error::other(format!(
                "{size} entries are more than the {MAX_SIZE} that are read"
            )));
        }
        let files = self.first_bundle(size)? / BUNDLES..size.div_ceil(ENTRIES_PER_FILE);
        Ok(files.map(|file| EntryFile::plain(file * ENTRIES_PER_FILE)).collect())
    }

    fn open(&self, file: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>> {
        let first = Layout::STANDARD.first_in_file(file.first);
        Ok(Box::new(BundleLines::whole_file(self, first, self.size()?)))
    }

    fn lines_from(&self, n: u64, end: u64) -> io::Result<Box<dyn Read + Send + '_>> {
        let size = self.size()?;
        if n >= size {
            return Err(io::ErrorKind::NotFound.into());
        }
        let mut lines = BufReader::new(BundleLines::part(self, n, end, size));
        skip_lines(&mut lines, n % u64::from(FULL))?;
        Ok(Box::new(lines))
    }

    fn start_over(&self) {
        *self.noted() = Noted::default();
    }

    fn tree(&self, level: u32, first: u64, count: usize) -> io::Result<Option<Vec<Hash>>> {
        let length = Layout::STANDARD.level_length(level, self.size()?);
        let Some(end) = first.checked_add(count as u64).filter(|end| *end <= length) else {
            return Ok(None);
        };
        let tiles = first / u64::from(FULL)..end.div_ceil(FULL.into());
        let begin = usize::try_from(first % u64::from(FULL)).unwrap_or(0);
        let wanted: Vec<Resource> =
            tiles.filter_map(|index| Resource::of(ResourceContent::Hashes(level), index, length)).collect();
        let mut hashes = Vec::with_capacity(wanted.len() * usize::from(FULL));
        for (got, wanted) in self.parts(&wanted).into_iter().zip(wanted) {
            let got = got.inspect_err(|why| self.noted().fail(why))?;
            let Some(tile) = self.tile(wanted, got) else { return Ok(None) };
            hashes.extend(tile);
        }
        Ok(hashes.get(begin..begin + count).map(<[Hash]>::to_vec))
    }

    fn line(&self, n: u64) -> io::Result<Option<Vec<u8>>> {
        if n > 0 || self.pinned.get().is_none() {
            return self.find_line(n);
        }
        if let Some(line) = self.first_line.get() {
            return Ok(line.clone());
        }
        let line = self.find_line(0)?;
        Ok(self.first_line.get_or_init(|| line).clone())
    }

    fn place(&self, n: u64) -> Option<(String, u64)> {
        let resource = Resource::of(ResourceContent::Entries, n / u64::from(FULL), self.size().ok()?)?;
        Some((resource.to_string(), n % u64::from(FULL) + 1))
    }

    fn entry_at(&self, first: u64, line: u64) -> u64 {
        let noted = self.noted();
        let jumps = noted.jumps.get(&first);
        let (from, n) = jumps
            .and_then(|jumps| jumps.range(..=line).next_back())
            .map_or((1, first), |(from, n)| (*from, *n));
        n.saturating_add(line.saturating_sub(from))
    }

    fn faults(&self) -> io::Result<Vec<Fault>> {
        let noted = self.noted();
        match &noted.failed {
            Some(why) => Err(io::Error::other(why.clone())),
            None => Ok(noted.faults.values().cloned().collect()),
        }
    }
}

#[cfg(test)]
mod tests;
