//! The eighth bit as parity bit: seven bits with parity, read as eight without.
//!
//! ```text
//! L = 100 1100   three ones   even parity sets the bit: CC      odd leaves it: 4C
//! A = 100 0001   two ones     even parity leaves it:    41      odd sets it:   C1
//! ```

use super::is_garbage;
use crate::device::port::mode::{ParityBit, PortMode};

/// How many bytes, and how many of them with the bit set, prove that it is a parity bit: eight bytes of chance would pass one
/// time in 256.
const PROOF: usize = 24;
const PROOF_SET: usize = 6;

/// Seven data bits, and what the port makes of the eighth: even or odd parity, or the first of two stop bits.
const EVEN: PortMode = PortMode { data_bits: 7, parity: ParityBit::Even, stop_bits: 1 };
const ODD: PortMode = PortMode { data_bits: 7, parity: ParityBit::Odd, stop_bits: 1 };
const SET: PortMode = PortMode { data_bits: 7, parity: ParityBit::None, stop_bits: 2 };

/// The mode that was meant if the eighth bit is no data; `None`: it is, or there are too few bytes to tell.
///
/// One byte in fifty may be otherwise: lines have noise.
pub(super) fn seven_bits(bytes: &[u8]) -> Option<PortMode> {
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    if bytes.len() < PROOF || high < PROOF_SET {
        return None;
    }
    let stripped: Vec<u8> = bytes.iter().map(|byte| byte & 0x7f).collect();
    if is_garbage(&stripped) {
        return None;
    }
    let nearly_all = |count: usize| (bytes.len() - count) * 50 <= bytes.len();
    let even = bytes.iter().filter(|byte| byte.count_ones() % 2 == 0).count();
    match () {
        () if nearly_all(high) => Some(SET),
        () if nearly_all(even) => Some(EVEN),
        () if nearly_all(bytes.len() - even) => Some(ODD),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_parity(text: &str, odd: u32) -> Vec<u8> {
        text.bytes().map(|byte| byte | if byte.count_ones() % 2 == odd { 0 } else { 0x80 }).collect()
    }

    #[test]
    fn seven_bitss_show_in_all_bytes() {
        let text = "/LAB5\\2CASE-0042\r\n\r\n1-0:1.8.1(04321.987*kWh)\r\n!\r\n";
        assert_eq!(seven_bits(&with_parity(text, 0)), Some(EVEN));
        assert_eq!(seven_bits(&with_parity(text, 1)), Some(ODD));
        let set: Vec<u8> = text.bytes().map(|byte| byte | 0x80).collect();
        assert_eq!(seven_bits(&set), Some(SET));
        let mut noisy = with_parity(text, 0).repeat(2);
        noisy[7] ^= 0x80;
        assert_eq!(seven_bits(&noisy), Some(EVEN), "one of {} is otherwise", noisy.len());
        noisy[9] ^= 0x80;
        assert_eq!(seven_bits(&noisy), None);
    }

    #[test]
    fn text_and_binary_have_none() {
        assert_eq!(seven_bits(b"temperature=21.5 humidity=40.0\r\n"), None);
        assert_eq!(seven_bits("température: 21,5 °C à l'extérieur, où il gèle\r\n".as_bytes()), None);
        let binary: Vec<u8> = (0..200u32).map(|at| (at * at * 7 + at / 3).to_le_bytes()[0]).collect();
        assert_eq!(seven_bits(&binary), None);
        assert_eq!(seven_bits(&with_parity("short", 0)), None);
    }
}
