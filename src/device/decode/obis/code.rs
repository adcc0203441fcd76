//! A code by its numbers.

use std::fmt;

/// An OBIS code, A to E.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::device::decode) struct ObisCode(pub(in crate::device::decode) [u8; 5]);

impl ObisCode {
    /// Reads `1-0:1.8.1`; `None`: it is none, or not written with all five numbers.
    pub(in crate::device::decode) fn parse(text: &str) -> Option<Self> {
        let (mut code, mut at, mut number, mut digits) = ([0; 5], 0, 0, 0);
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' if digits < LONGEST_NUMBER => {
                    (number, digits) = (number * 10 + u16::from(byte - b'0'), digits + 1);
                }
                mark if digits > 0 && MARKS.get(at) == Some(&mark) => {
                    code[at] = number.try_into().ok()?;
                    (at, number, digits) = (at + 1, 0, 0);
                }
                _ => return None,
            }
        }
        code[MARKS.len()] = number.try_into().ok()?;
        (at == MARKS.len() && digits > 0).then_some(Self(code))
    }
}

/// What stands between the numbers of a code, in their order.
const MARKS: &[u8; 4] = b"-:..";

/// How many digits a number has at most.
const LONGEST_NUMBER: usize = 3;

impl fmt::Display for ObisCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [medium, channel, what @ ..] = self.0;
        let [quantity, kind, tariff] = what;
        write!(f, "{medium}-{channel}:{quantity}.{kind}.{tariff}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_five_numbers() {
        assert_eq!(ObisCode::parse("1-0:1.8.1"), Some(ObisCode([1, 0, 1, 8, 1])));
        assert_eq!(ObisCode([0, 1, 24, 2, 1]).to_string(), "0-1:24.2.1");
        for bad in [
            "1-0:1.8",
            "1-0:1.8.1.2",
            "1.8.1",
            "a-0:1.8.1",
            "1-0:256.8.1",
            "1-0:+1.8.1",
            "1-0:0001.8.1",
            "1-0:1.8.",
            "",
        ] {
            assert_eq!(ObisCode::parse(bad), None, "{bad}");
        }
    }
}
