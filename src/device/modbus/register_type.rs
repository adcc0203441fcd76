//! What registers mean: the types of a register map.
//!
//! ```text
//! u16 i16 u32 i32 u48 i48 u64 i64    integers of one to four registers
//! f32 f64                            numbers with a point, of two or four registers
//! bcd:2                              eight decimal digits, four in each register
//! mod10:2                            the same as two numbers below 10,000
//! string:8                           sixteen characters
//! bits                               the bits of a register as text: 0000000000000101
//! bit:2                              one of them, 0 is the lowest: true or false
//! ```

use std::{fmt, str::FromStr};

/// A type, which also says how many registers a value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterType {
    /// An integer without sign, of so many registers
    Unsigned(u16),
    /// An integer in two's complement, of so many registers
    Signed(u16),
    /// A number of IEEE 754, of two or four registers
    Float(u16),
    /// Binary coded decimals, of so many registers
    Bcd(u16),
    /// Numbers below 10,000 that have four decimal digits each, of so many registers
    Mod10(u16),
    /// Characters, two in each of so many registers
    Text(u16),
    /// All bits of a register
    Bits,
    /// One bit of a register, 0 is the lowest
    Bit(u16),
    /// A coil or discrete input
    Switch,
}

/// Words without a length, and their types.
const WORDS: [(&str, RegisterType); 11] = [
    ("u16", RegisterType::Unsigned(1)),
    ("i16", RegisterType::Signed(1)),
    ("u32", RegisterType::Unsigned(2)),
    ("i32", RegisterType::Signed(2)),
    ("u48", RegisterType::Unsigned(3)),
    ("i48", RegisterType::Signed(3)),
    ("u64", RegisterType::Unsigned(4)),
    ("i64", RegisterType::Signed(4)),
    ("f32", RegisterType::Float(2)),
    ("f64", RegisterType::Float(4)),
    ("bits", RegisterType::Bits),
];

impl RegisterType {
    /// All types as a map writes them.
    pub const NAMES: [&str; 15] = [
        "u16", "i16", "u32", "i32", "u48", "i48", "u64", "i64", "f32", "f64", "bcd:N", "mod10:N", "string:N",
        "bits", "bit:N",
    ];

    /// How many registers or bits of its table a value has.
    pub(super) fn length(self) -> u16 {
        match self {
            Self::Unsigned(length)
            | Self::Signed(length)
            | Self::Float(length)
            | Self::Bcd(length)
            | Self::Mod10(length)
            | Self::Text(length) => length,
            Self::Bits | Self::Bit(_) | Self::Switch => 1,
        }
    }

    /// Whether values are numbers, which may be scaled.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Unsigned(_) | Self::Signed(_) | Self::Float(_) | Self::Bcd(_) | Self::Mod10(_))
    }
}

impl FromStr for RegisterType {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Some((_, known)) = WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(*known);
        }
        let (word, number) = text.split_once(':').ok_or(())?;
        let plain = number.bytes().all(|byte| byte.is_ascii_digit());
        let number: u16 = number.parse().ok().filter(|_| plain).ok_or(())?;
        match (word, number) {
            ("bcd", 1..=4) => Ok(Self::Bcd(number)),
            ("mod10", 1..=4) => Ok(Self::Mod10(number)),
            ("string", 1..=125) => Ok(Self::Text(number)),
            ("bit", 0..=15) => Ok(Self::Bit(number)),
            _ => Err(()),
        }
    }
}

impl fmt::Display for RegisterType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bcd(length) => write!(f, "bcd:{length}"),
            Self::Mod10(length) => write!(f, "mod10:{length}"),
            Self::Text(length) => write!(f, "string:{length}"),
            Self::Bit(bit) => write!(f, "bit:{bit}"),
            Self::Switch => f.write_str("a switch"),
            other => {
                let word = WORDS.iter().find(|(_, known)| known == other);
                f.write_str(word.map_or("", |(word, _)| word))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_as_they_are_read() {
        for text in RegisterType::NAMES.map(|name| name.replace('N', "3")) {
            assert_eq!(text.parse::<RegisterType>().unwrap().to_string(), text);
        }
        for text in
            ["", "u8", "U16", "bcd", "bcd:5", "bcd:0", "string:126", "string:", "bit:16", "bit:+1", "bit:-1"]
        {
            assert!(text.parse::<RegisterType>().is_err(), "{text}");
        }
    }
}
