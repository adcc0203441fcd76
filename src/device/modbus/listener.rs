//! Frames in the bytes of a bus, whatever stands between them.
//!
//! ```text
//! 01 03 00 07 00 01 CRC  7F 01 03 02 00 D7 CRC
//! └ echo of the request  │  └ answer
//!                        └ noise
//! ```
//!
//! While bytes still come, a frame counts only where the last one ended: what stands in the middle of a longer frame may look
//! like one. Once the line is quiet, and all of a frame must be there, it is looked for behind noise, too.

use super::rtu_frame::RtuFrame;

/// The most bytes that are kept: several of the longest frames.
const MOST: usize = 2_048;

/// Bytes of a bus, and how far they were understood.
#[derive(Debug, Default)]
pub(super) struct BusListener {
    bytes: Vec<u8>,
    /// Where the last frame ended
    at: usize,
    /// How many bytes stood before frames
    noise: usize,
}

impl BusListener {
    /// Bytes came. What floods the line is noise.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.at);
        self.at = 0;
        self.bytes.extend_from_slice(bytes);
        let excess = self.bytes.len().saturating_sub(MOST);
        self.bytes.drain(..excess);
        self.noise += excess;
    }

    /// The next frame. `quiet` says that the line has been silent for longer than it may be within a frame.
    pub(super) fn next_frame(&mut self, quiet: bool) -> Option<RtuFrame<'_>> {
        let last = if quiet { self.bytes.len() } else { self.at + 1 };
        let begins = |start: &usize| RtuFrame::at_start(&self.bytes[*start..]).is_some();
        let start = (self.at..last.min(self.bytes.len())).find(begins)?;
        self.noise += start - self.at;
        let (frame, length) = RtuFrame::at_start(&self.bytes[start..])?;
        self.at = start + length;
        Some(frame)
    }

    /// How many bytes were of no frame.
    pub(super) fn strays(&self) -> usize {
        self.noise + self.bytes.len() - self.at
    }

    /// Whether some bytes stand behind the last frame.
    pub(super) fn has_begun(&self, head: &[u8]) -> bool {
        self.bytes[self.at..].windows(head.len()).any(|bytes| bytes == head)
    }

    /// Whether the bytes behind the last frame begin one of a unit and function, which then is damaged or cut.
    pub(super) fn has_damaged(&self, unit: u8, function: u8) -> bool {
        self.bytes[self.at..].windows(2).any(|pair| pair[0] == unit && pair[1] & 0x7f == function)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::modbus::{crc::crc16, rtu_frame::RtuContent};

    fn with_crc(bytes: &[u8]) -> Vec<u8> {
        [bytes, &crc16(bytes).to_le_bytes()].concat()
    }

    #[test]
    fn a_frame_counts_at_once_where_the_last_one_ended_and_behind_noise_when_it_is_quiet() {
        let answer = with_crc(&[1, 3, 2, 0, 215]);
        let mut clean = BusListener::default();
        for byte in &answer {
            assert_eq!(clean.next_frame(false), None);
            clean.push(&[*byte]);
        }
        assert_eq!(clean.next_frame(false).unwrap().content, RtuContent::Data(&[0, 215]));
        let mut noisy = BusListener::default();
        noisy.push(&[0x7f, 0x00]);
        noisy.push(&answer);
        noisy.push(&[0xff]);
        assert_eq!(noisy.next_frame(false), None);
        assert!(noisy.next_frame(true).is_some());
        assert_eq!(noisy.next_frame(true), None);
        assert_eq!(noisy.strays(), 3);
    }

    #[test]
    fn a_frame_within_a_longer_one_is_part_of_it() {
        let inner = with_crc(&[1, 3, 2, 0, 215]);
        let outer = with_crc(&[&[1, 3, 10][..], &[0, 0, 0], &inner].concat());
        let mut listener = BusListener::default();
        listener.push(&outer);
        assert!(
            matches!(listener.next_frame(true).unwrap().content, RtuContent::Data(data) if data.len() == 10)
        );
        assert_eq!(listener.next_frame(true), None);
    }

    #[test]
    fn a_flood_is_bounded() {
        let mut listener = BusListener::default();
        for _ in 0..1_000 {
            listener.push(&[0x55; 100]);
            assert!(listener.next_frame(true).is_none() && listener.bytes.len() <= MOST);
        }
        assert_eq!(listener.strays(), 100_000);
    }
}
