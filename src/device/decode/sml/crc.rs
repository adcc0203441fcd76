//! The CRC of files and messages: CRC-16/X-25, low byte first. Meters of one maker (Holley DTZ541) compute CRC-16/KERMIT, high
//! byte first, which proves as much. A file and its messages have the same kind.

/// Which CRC a meter computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CrcKind {
    /// As the standard has it
    X25,
    /// As some meters have it
    Kermit,
}

/// The remainders of all bytes: polynomial 1021, reflected.
const TABLE: [u16; 256] = {
    let mut table = [0u16; 256];
    let mut at = 0;
    while at < table.len() {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let mut crc = at as u16;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0x8408 } else { crc >> 1 };
            bit += 1;
        }
        table[at] = crc;
        at += 1;
    }
    table
};

impl CrcKind {
    /// The kind whose CRC of some bytes this is; `None`: of neither.
    pub(super) fn of(bytes: &[u8], stated: u16) -> Option<Self> {
        [Self::X25, Self::Kermit].into_iter().find(|kind| kind.compute(bytes) == stated)
    }

    /// The CRC, as its two bytes are sent, the first one high.
    pub(super) fn compute(self, bytes: &[u8]) -> u16 {
        match self {
            Self::X25 => (!remainder(0xffff, bytes)).swap_bytes(),
            Self::Kermit => remainder(0, bytes),
        }
    }
}

fn remainder(begin: u16, bytes: &[u8]) -> u16 {
    bytes.iter().fold(begin, |crc, byte| {
        let [low, high] = crc.to_le_bytes();
        u16::from(high) ^ TABLE[usize::from(low ^ byte)]
    })
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
