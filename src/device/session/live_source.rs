//! What all that goes on by itself can do, so that one run serves a device that is read and a bus that is polled.

use std::time::Duration;

use super::{SessionOutput, SessionTurn};

/// What goes on by itself: a device that is read, or a bus that is polled.
pub trait LiveSource {
    /// Takes what is here already.
    ///
    /// # Errors
    /// If what came cannot be kept where it is to be kept beside.
    fn take(&mut self, out: &mut SessionOutput) -> anyhow::Result<SessionTurn>;

    /// Waits for what comes next, for so long at most.
    ///
    /// # Errors
    /// If what came cannot be kept where it is to be kept beside.
    fn wait(&mut self, patience: Duration, out: &mut SessionOutput) -> anyhow::Result<SessionTurn>;

    /// Says that reading ends, and why. At the end of an input there may be half a frame.
    fn stop(&mut self, why: &str, at_end: bool, out: &mut SessionOutput);

    /// How many readings there were.
    fn readings(&self) -> u64;

    /// Whether there were as many as are wanted.
    fn is_done(&self) -> bool;

    /// Whether there was input, and nothing of it could be read.
    fn is_mute(&self) -> bool;
}
