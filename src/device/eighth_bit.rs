//! The eighth bit of what a device of seven data bits sends, where its source has eight: a parity or stop bit, which is taken off.
//!
//! ```text
//! 7E1   31 ('1') has three ones: its parity bit makes B1 of it
//! 8N1   31 comes as it is, and B0 is °
//! ```
//!
//! Some meters whose standard has seven bits send eight. Where bytes come without the parity bit that they would have, a bit that
//! is set is part of a letter.

use std::borrow::Cow;

use super::port::mode::{ParityBit, PortMode};

/// How many bytes without the bit that they should have show that the bit is no parity bit, and how many are remembered: noise
/// costs a few.
const PROOF: u8 = 4;
const REMEMBERED: u8 = 16;

/// What is known of the eighth bit of a source.
#[derive(Debug)]
pub(super) struct EighthBit {
    mode: PortMode,
    /// How many bytes came without the bit, less those that came with it
    without: u8,
}

impl EighthBit {
    /// The bit of a device that is said to send in this mode.
    pub(super) fn new(mode: PortMode) -> Self {
        Self { mode, without: 0 }
    }

    /// Bytes without the bits that are no data; as they are where the mode has eight.
    pub(super) fn taken_off<'b>(&mut self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        match self.mode.data_bits {
            8.. => bytes.into(),
            7 => bytes.iter().map(|byte| self.seven_bits(*byte)).collect(),
            fewer => bytes.iter().map(|byte| byte & (u8::MAX >> (8 - fewer))).collect(),
        }
    }

    fn seven_bits(&mut self, byte: u8) -> u8 {
        let seven = byte & 0x7f;
        let is_odd = seven.count_ones() % 2 == 1;
        let wants_bit = match self.mode.parity {
            ParityBit::Even => is_odd,
            ParityBit::Odd => !is_odd,
            // The first of two stop bits, which are ones.
            ParityBit::None => true,
        };
        match (wants_bit, byte == seven) {
            (true, true) => self.without = (self.without + 1).min(REMEMBERED),
            (true, false) => self.without = self.without.saturating_sub(1),
            (false, _) => {}
        }
        if self.without < PROOF { seven } else { byte }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"/FOI5X\r\n\x021.8.0(0001.5*kWh)\r\n!\r\n\x03";

    fn mode(text: &str) -> EighthBit {
        EighthBit::new(text.parse().unwrap())
    }

    /// Bytes as a device of seven bits sends them, read as eight.
    fn with_parity(bytes: &[u8], odd: u32) -> Vec<u8> {
        bytes.iter().map(|byte| byte | if byte.count_ones() % 2 == odd { 0 } else { 0x80 }).collect()
    }

    #[test]
    fn parity_and_stop_bits_are_taken_off() {
        let set: Vec<u8> = TEXT.iter().map(|byte| byte | 0x80).collect();
        for (text, sent) in [("7E1", with_parity(TEXT, 0)), ("7O1", with_parity(TEXT, 1)), ("7N2", set)] {
            assert_eq!(*mode(text).taken_off(&sent), *TEXT, "{text}");
        }
        let mut noisy = with_parity(TEXT, 0).repeat(20);
        for at in (0..noisy.len()).step_by(7) {
            noisy[at] &= 0x7f;
        }
        assert_eq!(*mode("7E1").taken_off(&noisy), TEXT.repeat(20));
        assert_eq!(*mode("5N1").taken_off(&[0xff]), [0x1f]);
    }

    #[test]
    fn letters_of_eight_bits_are_left() {
        let text = b"/FOI5X\r\n\x0281.7.4(-008.3*\xb0)\r\n0.0.0(Z\xe4hler 12, \xc4\xd6\xdc)\r\n!\r\n\x03";
        for known in ["7E1", "7O1", "7N2", "8N1"] {
            let mut bit = mode(known);
            let parts: Vec<u8> = text.chunks(3).flat_map(|part| bit.taken_off(part).into_owned()).collect();
            assert_eq!(parts, text, "{known}");
        }
        assert!(matches!(mode("8N1").taken_off(text), Cow::Borrowed(_)));
    }
}
