//! What the driver of a serial port counts.

/// What a driver has counted since the port is there (`TIOCGICOUNT`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCounters {
    /// Bytes received
    pub received: u64,
    /// Bytes without their stop bit: another speed or mode, most often
    pub framing: u64,
    /// Bytes with a wrong parity bit
    pub parity: u64,
    /// Breaks: the line was held at zero
    pub breaks: u64,
    /// Bytes that the driver had to throw away
    pub lost: u64,
}

impl LineCounters {
    /// What was counted since an earlier look.
    pub fn since(self, before: Self) -> Self {
        Self {
            received: self.received.saturating_sub(before.received),
            framing: self.framing.saturating_sub(before.framing),
            parity: self.parity.saturating_sub(before.parity),
            breaks: self.breaks.saturating_sub(before.breaks),
            lost: self.lost.saturating_sub(before.lost),
        }
    }
}
