//! What came up while a published log was read, and when it is given up.

use std::{collections::BTreeMap, io};

use super::Fault;

/// After so many bundles that are not there, or not whole, a log is given up.
pub(super) const MAX_LOST: usize = 4_096;

/// So many bytes behind the last entries of bundles are passed over; after more a log is given up.
const MAX_WASTE: usize = 64 << 20;

/// So many faults are kept: a hundred are as clear as a million.
const MAX_FAULTS: usize = 100;

/// What came up while reading.
#[derive(Default)]
pub(super) struct Noted {
    /// By place
    pub(super) faults: BTreeMap<String, Fault>,
    /// For each file of entries the lines before which entries are lost, and the entry that stands there
    pub(super) jumps: BTreeMap<u64, BTreeMap<u64, u64>>,
    lost: usize,
    /// Bytes behind the last entries of bundles
    waste: usize,
    /// The first hashes that could not be read
    pub(super) failed: Option<String>,
}

impl Noted {
    pub(super) fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.insert(fault.place.clone(), fault);
        }
    }

    pub(super) fn fail(&mut self, why: &io::Error) {
        self.failed.get_or_insert_with(|| why.to_string());
    }

    /// So many bytes stand behind the last entry of a bundle.
    pub(super) fn pass_over(&mut self, bytes: usize) -> io::Result<()> {
        self.waste = self.waste.saturating_add(bytes);
        let given_up = || format!("more than {MAX_WASTE} bytes stand in bundles behind their last entries");
        if self.waste > MAX_WASTE { Err(io::Error::other(given_up())) } else { Ok(()) }
    }

    /// Entries are lost before a line of a file: entry `n` comes next.
    pub(super) fn lose(&mut self, file: u64, line: u64, n: u64) -> io::Result<()> {
        self.lost += 1;
        if self.lost > MAX_LOST {
            return Err(io::Error::other(format!("more than {MAX_LOST} bundles of entries are not there")));
        }
        self.jumps.entry(file).or_default().insert(line, n);
        Ok(())
    }
}
