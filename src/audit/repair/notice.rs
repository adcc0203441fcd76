//! What a repair tells while it is at work.

use crate::{key::Did, ledger::repair::Mended};

/// Something that was found or done, or would be done where a repair is only rehearsed.
#[derive(Debug)]
pub enum RepairNotice {
    /// The log's key is not known from outside, so the one that entry 0 names is taken
    KeyOfEntryZero(Did),
    /// What was seen of the ledger before cannot be read
    SeenUnreadable(anyhow::Error),
    /// The copy's checkpoint is not signed by the log; its lines are checked all the same
    CopyUnsigned,
    /// The copy is longer, and no more is taken than the ledger's own checkpoint covers
    CopyLonger {
        /// How many entries the copy has
        has: u64,
        /// How many are taken
        taken: u64,
    },
    /// A file of the copy cannot be read to its end; what it says names the file and why
    CopyUnread(String),
    /// A file of entries was written anew
    File {
        /// Its first entry
        first: u64,
        /// What it came to
        mended: Mended,
    },
    /// The checkpoint was written anew
    Checkpoint(CheckpointReason),
    /// `state.json` was set aside, since it is not the log's word on these entries
    StateSetAside,
    /// What became of `tree/`
    Tree(TreeOutcome),
    /// Hashes of dropped entries are lost, which can no longer be proven
    HashesLost,
    /// The checkpoint was signed anew, over fewer entries
    Resigned {
        /// How many entries it covers
        size: u64,
        /// How many the one before covered
        before: u64,
    },
    /// That so many entries were seen before is forgotten; the checkpoint is kept beside the ledger
    Forgotten(u64),
    /// What was seen cannot be remembered
    Unremembered(anyhow::Error),
}

/// Why the checkpoint has to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointReason {
    /// Something has changed the line ends of the ledger's own
    LineEnds,
    /// The ledger had none that the log signed: the copy's takes its place, with so many entries
    FromCopy(u64),
    /// The ledger had none that the log signed: the one that was seen before takes its place, with so many entries
    FromSeen(u64),
    /// The copy's goes further
    Extended {
        /// How many entries it covers
        size: u64,
        /// How many the ledger's own covered
        before: u64,
    },
}

/// What became of `tree/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeOutcome {
    /// It is what the entries give
    Whole,
    /// It was made anew from so many entries
    Rebuilt(u64),
    /// It is not what the entries give, and would be made anew
    WouldBeRebuilt,
    /// A rehearsal cannot know: the entries are not there yet that it would be made from
    Unknown,
}
