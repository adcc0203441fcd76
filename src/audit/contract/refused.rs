//! Why there is no verdict.

use std::{fmt, path::PathBuf};

use crate::{contract::eval::Hindsight, hash::Hash, time::Time};

/// Why a contract is not checked.
#[derive(Debug, PartialEq, Eq)]
pub enum ContractRefused {
    /// The contract's signatures cannot be read
    BadSignatures(String),
    /// This device of the contract is known by a registry, and records from no ledger come with none
    NoRegistry(String),
    /// There are more of these, which say something about entries before them, than are looked at
    TooMany(&'static str),
    /// Not a single record came
    NoRecord,
    /// Entries of a ledger were dropped
    EntriesDropped {
        /// The ledger's folder
        folder: PathBuf,
        /// The first entry that is gone
        first: u64,
        /// The last one
        last: u64,
    },
    /// A ledger continues one that the contract names, and which is not given
    PredecessorMissing {
        /// The ledger's folder
        folder: PathBuf,
        /// The ledger
        id: Hash,
        /// The one that it continues
        continued: Hash,
    },
    /// The verdict would rest on an entry that arrived later than the machine's clock says it is
    EntryAhead {
        /// The ledger's folder; `None`: it came from elsewhere
        folder: Option<PathBuf>,
        /// The first such entry
        n: u64,
        /// When it arrived
        arrival: Time,
        /// The machine's clock
        now: Time,
    },
    /// The verdict is asked for as of a time that is later than the machine's clock says it is
    AsOfAhead {
        /// That time
        as_of: Time,
        /// The machine's clock
        now: Time,
    },
    /// So many entries are to be judged, and the ledger has fewer
    CutBeyondEnd {
        /// How many are to be judged
        size: u64,
        /// How many it has
        has: u64,
    },
    /// No entry is to be judged
    CutBeforeFirst,
    /// A line says that it is another entry than it is
    Misnumbered {
        /// Which entry it is
        n: u64,
        /// Which one it says
        says: u64,
    },
    /// The successor of this ledger continues another history than it has: the ledger is not sound
    OtherHistory(Hash),
    /// What was evaluated is not what was verified: the ledger is not sound
    Changed,
}

impl ContractRefused {
    /// Nobody can say what a verdict would be if some of what entries say about earlier ones were left out.
    pub(super) fn beyond(found: &Hindsight) -> Result<(), Self> {
        found.beyond().map_or(Ok(()), |what| Err(Self::TooMany(what)))
    }
}

impl fmt::Display for ContractRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadSignatures(what) => f.write_str(what),
            Self::NoRegistry(device) => {
                write!(f, "devices.{device}: records that are in no ledger come with no registry")
            }
            Self::TooMany(what) => write!(f, "there are too many {what} to judge the entries before them"),
            Self::NoRecord => f.write_str("no record came"),
            Self::EntriesDropped { folder, first, last } => write!(
                f,
                "{}: entries {first} to {last} were dropped, so there is no verdict",
                folder.display()
            ),
            Self::PredecessorMissing { folder, id, continued } => {
                write!(f, "{}: {id} continues {continued}, which is not given", folder.display())
            }
            Self::EntryAhead { folder, n, arrival, now } => {
                let place = folder.as_ref().map_or(String::new(), |folder| format!("{}: ", folder.display()));
                write!(f, "{place}entry {n} arrived at {arrival}, and by this machine's clock it is {now}")
            }
            Self::AsOfAhead { as_of, now } => {
                write!(f, "{as_of} is in the future: by this machine's clock it is {now}")
            }
            Self::CutBeyondEnd { size, has } => {
                write!(f, "the first {size} entries are asked for, and the ledger has {has} entries")
            }
            Self::CutBeforeFirst => f.write_str("no entry is asked for"),
            Self::Misnumbered { n, says } => write!(f, "entry {n}: says that it is entry {says}"),
            Self::OtherHistory(id) => write!(f, "ledger {id}: its successor continues another history"),
            Self::Changed => f.write_str("the ledger changed while it was read"),
        }
    }
}

impl std::error::Error for ContractRefused {}
