//! The order in which a device sends the bytes of a number that fills several registers.
//!
//! ```text
//! 0x0A0B0C0D   ABCD  0A0B 0C0D    as the standard says of one register: the highest first
//!              CDAB  0C0D 0A0B    the lowest register first
//!              BADC  0B0A 0D0C    the lowest byte of each register first
//!              DCBA  0D0C 0B0A    all from the lowest
//! ```

use std::{fmt, str::FromStr};

/// An order of registers and of the bytes within them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordOrder {
    /// Whether the lowest register comes first
    low_word_first: bool,
    /// Whether the lowest byte of a register comes first
    low_byte_first: bool,
}

impl WordOrder {
    /// The names of all orders.
    pub const NAMES: [&str; 4] = ["ABCD", "CDAB", "BADC", "DCBA"];

    /// The bytes of a number from the highest on, of the registers as they came.
    pub(super) fn number_bytes(self, registers: &[u16]) -> Vec<u8> {
        let mut registers = registers.to_vec();
        if self.low_word_first {
            registers.reverse();
        }
        self.text_bytes(&registers)
    }

    /// The bytes of a text: its registers always come from the first on.
    pub(super) fn text_bytes(self, registers: &[u16]) -> Vec<u8> {
        let bytes = |register: &u16| {
            if self.low_byte_first { register.to_le_bytes() } else { register.to_be_bytes() }
        };
        registers.iter().flat_map(bytes).collect()
    }
}

impl FromStr for WordOrder {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let at = Self::NAMES.iter().position(|known| *known == name).ok_or(())?;
        Ok(Self { low_word_first: at % 2 == 1, low_byte_first: at >= 2 })
    }
}

impl fmt::Display for WordOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::NAMES[usize::from(self.low_word_first) + 2 * usize::from(self.low_byte_first)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_order_has_the_place_of_its_letters() {
        let registers = |order: &str| -> Vec<u8> {
            let word = |pair: &[u8]| u16::from_be_bytes([pair[0] - b'A' + 10, pair[1] - b'A' + 10]);
            let sent: Vec<u16> = order.as_bytes().chunks(2).map(word).collect();
            order.parse::<WordOrder>().unwrap().number_bytes(&sent)
        };
        for order in WordOrder::NAMES {
            assert_eq!(registers(order), [10, 11, 12, 13], "{order}");
            assert_eq!(order.parse::<WordOrder>().unwrap().to_string(), order);
        }
        assert!("abcd".parse::<WordOrder>().is_err());
    }
}
