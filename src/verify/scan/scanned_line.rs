//! A line that was looked at, as it is kept until its file has been read.

use super::line_listener::CheckedLine;
use crate::{
    hash::Hash,
    record::{claim::RecordClaim, view::RecordView},
    time::Time,
    tlog::arrival::EntryTimes,
};

/// A line as it is kept until its file has been read.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::verify) struct ScannedLine {
    /// Of its bytes without line feed (and carriage return)
    pub(in crate::verify) hash: Hash,
    /// The same of its canonical form; `None`: it is in that form, or cannot be read
    pub(in crate::verify) canonical: Option<Box<Hash>>,
    /// Which entry it says that it is; `None`: it cannot be read
    pub(in crate::verify) n: Option<u64>,
    /// Its times; `None`: it cannot be read
    pub(in crate::verify) times: Option<EntryTimes>,
    /// Its place in the sequence of its stream; `None`: it names none
    pub(in crate::verify) track: Option<StreamPlace>,
    /// How many of its proofs hold; a line is too short for more
    pub(in crate::verify) proofs: u16,
    /// Whether all its proofs hold, and none is of a kind that this version does not know; as far as they are checked
    pub(in crate::verify) proven: bool,
    /// What it claims, for the registry's rules; `None` if a proof does not hold, or the registry has no say
    pub(in crate::verify) claim: Option<Box<RecordClaim>>,
}

impl ScannedLine {
    /// A line of which nothing but its hash is known.
    pub(in crate::verify) fn unread(hash: Hash) -> Self {
        Self {
            hash,
            canonical: None,
            n: None,
            times: None,
            track: None,
            proofs: 0,
            proven: false,
            claim: None,
        }
    }

    /// The line as listeners hear it, with its record, and whether the proofs of that hold.
    pub(super) fn checked<'l>(
        &'l self,
        file: usize,
        (record, proofs_hold): &'l (RecordView<'_>, bool),
    ) -> Option<CheckedLine<'l>> {
        let (n, times, leaf) = (self.n?, self.times?, self.hash);
        let (claim, proofs_hold) = (self.claim.as_deref(), *proofs_hold);
        Some(CheckedLine { file, n, times, leaf, record, claim, proofs_hold })
    }
}

/// A place in the sequence of a stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::verify) struct StreamPlace {
    /// A hash of device and stream
    pub(in crate::verify) source: u128,
    pub(in crate::verify) seq: u64,
    pub(in crate::verify) time: Option<Time>,
}

/// The names of a device and of its stream, as far as they are shown.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::verify) struct StreamName {
    pub(in crate::verify) device: Option<String>,
    pub(in crate::verify) stream: String,
}
