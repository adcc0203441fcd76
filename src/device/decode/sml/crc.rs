//! The CRC of files and messages: CRC-16/X-25, low byte first. Meters of one maker (Holley DTZ541) compute CRC-16/KERMIT, high
//! byte first, which proves as much. A file and its messages have the same kind.

use crate::device::crc16::CRC_1021;

/// Which CRC a meter computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CrcKind {
    /// As the standard has it
    X25,
    /// As some meters have it
    Kermit,
}

impl CrcKind {
    /// The kind whose CRC of some bytes this is; `None`: of neither.
    pub(super) fn of(bytes: &[u8], stated: u16) -> Option<Self> {
        [Self::X25, Self::Kermit].into_iter().find(|kind| kind.compute(bytes) == stated)
    }

    /// The CRC, as its two bytes are sent, the first one high.
    pub(super) fn compute(self, bytes: &[u8]) -> u16 {
        match self {
            Self::X25 => (!CRC_1021.remainder(0xffff, bytes)).swap_bytes(),
            Self::Kermit => CRC_1021.remainder(0, bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crcs_of_the_catalogue() {
        assert_eq!(CrcKind::X25.compute(b"123456789").swap_bytes(), 0x906e, "the check value of CRC-16/X-25");
        assert_eq!(CrcKind::Kermit.compute(b"123456789"), 0x2189, "the check value of CRC-16/KERMIT");
    }
}
