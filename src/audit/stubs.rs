//! Checkpoints that were handed over earlier, to hold ledgers to.

use crate::{tlog::checkpoint::SignedCheckpoint, verify::Stub};

/// How much room stubs may take in memory: that of a hundred thousand, if their origins are not long.
const ROOM: usize = 64 << 20;

/// What one takes besides its note.
const OVERHEAD: usize = 256;

/// Stubs, as many as there is room for.
#[derive(Clone, Default)]
pub struct HandedStubs {
    stubs: Vec<Stub>,
    more: bool,
    /// The room that they take
    taken: usize,
}

impl HandedStubs {
    /// Adds a stub, with the file and line that hold it, unless there is no room left.
    pub fn push(&mut self, checkpoint: SignedCheckpoint, file: String, line: u64) {
        self.taken += checkpoint.to_string().len() + OVERHEAD;
        self.more = self.taken > ROOM;
        if !self.more {
            self.stubs.push(Stub { checkpoint, file, line });
        }
    }

    /// The stubs that are kept.
    pub fn stubs(&self) -> &[Stub] {
        &self.stubs
    }

    /// Whether there were more than there is room for: then nothing is decided by them.
    pub fn more(&self) -> bool {
        self.more
    }
}
