//! Bundles as the lines of a file of entries.

use std::{
    collections::VecDeque,
    io::{self, Read},
};

use super::{BUNDLES, Found, Got, Published, Resources};
use crate::tlog::{
    bundle::{self, BadBundle},
    layout::Layout,
    resource::{FULL, Resource, ResourceContent},
    view::Fault,
};

/// Writes an entry as a line without end. A line feed in it, or a carriage return at its end, would be taken
/// for the end of a line: in their place stands what no entry has, so that it shows as no entry.
pub(super) fn extend(lines: &mut Vec<u8>, entry: &[u8]) {
    const IN_NO_ENTRY: u8 = 0;
    lines.extend(entry.iter().map(|byte| if *byte == b'\n' { IN_NO_ENTRY } else { *byte }));
    if let Some(last) = lines.last_mut().filter(|last| **last == b'\r' && !entry.is_empty()) {
        *last = IN_NO_ENTRY;
    }
}

/// The bundles under one file of entries, as its lines.
pub(super) struct BundleLines<'a, R> {
    published: &'a Published<R>,
    /// The file's first entry
    file: u64,
    size: u64,
    /// The next bundle that is not asked for yet, and the one behind the file's last
    next: u64,
    end: u64,
    /// What was got ahead
    got: VecDeque<(Resource, Got)>,
    /// How many lines went through the buffer, or stand in it
    count: u64,
    buffer: Vec<u8>,
    at: usize,
    /// Whether a bundle that is not there, or not whole, ends the lines with an error, instead of being noted
    strict: bool,
}

impl<'a, R: Resources> BundleLines<'a, R> {
    /// All lines of the file that begins with an entry. Bundles that are lost are noted.
    pub(super) fn whole_file(published: &'a Published<R>, file: u64, size: u64) -> Self {
        let next = file / u64::from(FULL);
        let end = size.div_ceil(FULL.into()).min(next + BUNDLES);
        let (got, buffer) = (VecDeque::new(), Vec::new());
        Self { published, file, size, next, end, got, count: 0, buffer, at: 0, strict: false }
    }

    /// The lines of the bundles under the same file that have the entries of this range; all of them must be there.
    pub(super) fn part(published: &'a Published<R>, first: u64, end: u64, size: u64) -> Self {
        let whole = Self::whole_file(published, Layout::STANDARD.first_in_file(first), size);
        let next = first / u64::from(FULL);
        let end = end.div_ceil(FULL.into()).clamp(next + 1, whole.end);
        Self { next, end, strict: true, ..whole }
    }

    /// The lines of the next bundle into the buffer; false after the last one.
    fn refill(&mut self) -> io::Result<bool> {
        if self.got.is_empty() {
            let ahead = self.published.resources.ahead().max(1) as u64;
            let behind = self.end.min(self.next + ahead);
            let wanted =
                (self.next..behind).filter_map(|at| Resource::of(ResourceContent::Entries, at, self.size));
            let wanted: Vec<Resource> = wanted.collect();
            self.next = behind;
            self.got = wanted.iter().copied().zip(self.published.parts(&wanted)).collect();
        }
        let Some((wanted, got)) = self.got.pop_front() else { return Ok(false) };
        self.take(wanted, got?)?;
        Ok(true)
    }

    fn take(&mut self, wanted: Resource, got: Option<Found>) -> io::Result<()> {
        let is_there = got.is_some();
        self.buffer.clear();
        self.at = 0;
        let mut count = 0;
        if let Some(Found { resource, bytes, too_long }) = got {
            let (entries, fault) = bundle::read(&bytes, resource.width.into());
            for entry in entries.into_iter().take(wanted.width.into()) {
                extend(&mut self.buffer, entry);
                self.buffer.push(b'\n');
                count += 1;
            }
            if let Err(why) = fault {
                let too_long =
                    too_long.then(|| format!("the bundle is longer than {} bytes", resource.limit()));
                let (place, detail) = (resource.to_string(), too_long.unwrap_or_else(|| why.to_string()));
                let mut noted = self.published.noted();
                noted.fault(Fault { place, detail, derived: false });
                if let BadBundle::Trailing(bytes) = why {
                    noted.pass_over(bytes)?;
                }
            }
        }
        self.count += count;
        if count < wanted.width.into() {
            if self.strict {
                return Err(not_whole(wanted, is_there));
            }
            let next = (wanted.index + 1).saturating_mul(FULL.into());
            self.published.noted().lose(self.file, self.count + 1, next)?;
        }
        Ok(())
    }
}

/// Why the entries of a bundle cannot be read.
fn not_whole(bundle: Resource, is_there: bool) -> io::Error {
    let (kind, what) = if is_there {
        (io::ErrorKind::InvalidData, "does not have the entries that it should have")
    } else {
        (io::ErrorKind::NotFound, "is not there")
    };
    io::Error::new(kind, format!("{bundle}: the bundle {what}"))
}

impl<R: Resources> Read for BundleLines<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.buffer.len() {
            if !self.refill()? {
                return Ok(0);
            }
        }
        let count = (self.buffer.len() - self.at).min(into.len());
        into[..count].copy_from_slice(&self.buffer[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
