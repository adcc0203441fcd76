//! The mode of a serial port: data bits, parity and stop bits, written `8N1`.

use std::{fmt, str::FromStr};

/// `8N1`: data bits, parity, stop bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortMode {
    /// 5 to 8
    pub data_bits: u8,
    /// What the bit behind the data bits says
    pub parity: ParityBit,
    /// 1 or 2
    pub stop_bits: u8,
}

/// What the bit behind the data bits says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParityBit {
    /// There is none
    None,
    /// With it, the number of bits that are set is even
    Even,
    /// With it, the number of bits that are set is odd
    Odd,
}

impl PortMode {
    /// What most devices use.
    pub const M8N1: Self = Self { data_bits: 8, parity: ParityBit::None, stop_bits: 1 };

    /// What meters use that follow IEC 62056-21.
    pub const M7E1: Self = Self { data_bits: 7, parity: ParityBit::Even, stop_bits: 1 };
}

impl FromStr for PortMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let [data, parity, stop] = text.as_bytes() else {
            return Err("wants three characters, such as 8N1".to_owned());
        };
        let data_bits = match data {
            b'5'..=b'8' => data - b'0',
            _ => return Err("wants 5 to 8 data bits".to_owned()),
        };
        let parity = match parity.to_ascii_uppercase() {
            b'N' => ParityBit::None,
            b'E' => ParityBit::Even,
            b'O' => ParityBit::Odd,
            _ => return Err("wants the parity N, E or O".to_owned()),
        };
        let stop_bits = match stop {
            b'1' | b'2' => stop - b'0',
            _ => return Err("wants 1 or 2 stop bits".to_owned()),
        };
        Ok(Self { data_bits, parity, stop_bits })
    }
}

impl fmt::Display for PortMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parity = match self.parity {
            ParityBit::None => 'N',
            ParityBit::Even => 'E',
            ParityBit::Odd => 'O',
        };
        write!(f, "{}{parity}{}", self.data_bits, self.stop_bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_written_as_they_are_read() {
        for text in ["8N1", "7E1", "5O2", "6N2"] {
            assert_eq!(text.parse::<PortMode>().unwrap().to_string(), text);
        }
        for text in ["", "8N", "9N1", "8X1", "8N3", "8N15"] {
            assert!(text.parse::<PortMode>().is_err(), "{text}");
        }
        assert_eq!("7e1".parse::<PortMode>().unwrap().to_string(), "7E1");
        assert_eq!("8N1".parse(), Ok(PortMode::M8N1));
    }
}
