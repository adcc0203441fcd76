//! Why a ledger is not repaired.

use std::{fmt, io};

use super::runs::EntryRuns;
use crate::{key::Did, tlog::consistency::Inconsistent};

/// Why a ledger is left as it is. The sentence names no file: the error's context does.
#[derive(Debug)]
pub enum RepairRefused {
    /// No key was given, none is remembered, and entry 0 is too damaged to name one
    NoLogKey,
    /// Neither the ledger's checkpoint nor any other at hand is signed by the log's key
    Unsigned(Did),
    /// The checkpoint alone tells that it does not follow what was seen before
    Older(Inconsistent),
    /// The hashes tell that the checkpoint does not follow what the log signed before, or do not show that it does
    Inconsistent(Inconsistent),
    /// No hash is known that leads to the signed root
    Unled {
        /// How many entries the root is of
        size: u64,
        /// Whether a copy was asked, too
        with_copy: bool,
        /// The lowest level of `tree/` that cannot be read, and why; none if all can
        unread: Option<(u32, io::Error)>,
    },
    /// Entries under the copy's longer checkpoint are in neither ledger nor copy
    Incomplete {
        /// How many entries the ledger keeps
        left: u64,
        /// How many the copy's checkpoint covers
        all: u64,
        /// The copy
        copy: String,
        /// The entries that are missing
        lacking: Vec<u64>,
    },
    /// A new, shorter checkpoint would not follow what was seen before
    Contradicts(Inconsistent),
    /// What is lost may be in that part of the copy that could not be read, so nothing is signed
    UnreadCopy,
}

impl fmt::Display for RepairRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLogKey => f.write_str("nobody names the log's key: entry 0 is damaged"),
            Self::Unsigned(key) => write!(f, "is not signed by {key} as this log's"),
            Self::Older(why) | Self::Inconsistent(why) => why.fmt(f),
            Self::Unled { size, with_copy, unread } => unled(f, *size, *with_copy, unread.as_ref()),
            Self::Incomplete { left, all, copy, lacking } => {
                let (verb, which) = (if lacking.len() == 1 { "is" } else { "are" }, EntryRuns(lacking));
                write!(
                    f,
                    "is left at {left} entries: of the {all} under {copy}'s checkpoint {which} {verb} nowhere to be found"
                )
            }
            Self::Contradicts(why) => write!(f, "the new checkpoint would not follow: {why}"),
            Self::UnreadCopy => f.write_str(
                "not all of the copy could be read, and what is lost may be in it: nothing is signed",
            ),
        }
    }
}

fn unled(
    f: &mut fmt::Formatter<'_>,
    size: u64,
    with_copy: bool,
    unread: Option<&(u32, io::Error)>,
) -> fmt::Result {
    let from = if with_copy { ", nor what the copy has," } else { "" };
    write!(f, "neither tree/ nor the entries{from} lead to the signed root of {size} entries")?;
    unread.map_or(Ok(()), |(level, why)| write!(f, "; tree/{level} cannot be read: {why}"))
}

impl std::error::Error for RepairRefused {}
