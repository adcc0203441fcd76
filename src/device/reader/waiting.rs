//! How long bytes wait for their frame: what comes behind them tells what they were, and on a live line that may be never.

/// So long, in milliseconds, a device pauses in no frame whose format has marks of its own; and so long what was found
/// to be no frame waits for more of its kind, to be counted as one.
const LONG: u64 = 10_000;

/// The silence, in milliseconds, behind which a frame that has only begun is not on its way any more when reading ends.
const MOMENT: u64 = 1_000;

/// Since when bytes wait.
#[derive(Debug, Default)]
pub(super) struct WaitingBytes {
    /// When bytes came last
    last: u64,
    /// When bytes outside frames were first seen to wait; `None`: there are none
    skipped: Option<u64>,
}

impl WaitingBytes {
    /// Bytes came.
    pub(super) fn came(&mut self, up: u64) {
        self.last = up;
    }

    /// Whether bytes outside frames wait now.
    pub(super) fn look(&mut self, has_skipped: bool, up: u64) {
        self.skipped = has_skipped.then(|| self.skipped.unwrap_or(up));
    }

    /// Whether no frame goes on any more.
    pub(super) fn is_over(&self, up: u64) -> bool {
        up.saturating_sub(self.last) >= LONG
    }

    /// Whether what has begun is not in the middle of its way.
    pub(super) fn is_quiet(&self, up: u64) -> bool {
        up.saturating_sub(self.last) >= MOMENT
    }

    /// Whether bytes outside frames have waited for long enough.
    pub(super) fn is_due(&self, up: u64) -> bool {
        self.skipped.is_some_and(|since| up.saturating_sub(since) >= LONG)
    }
}
