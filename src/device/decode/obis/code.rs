//! A code by its numbers.

use std::fmt;

/// An OBIS code, A to E.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::device::decode) struct ObisCode(pub(in crate::device::decode) [u8; 5]);

impl ObisCode {
    /// Reads `1-0:1.8.1`; `None`: it is none, or not written with all five numbers.
    pub(in crate::device::decode) fn parse(text: &str) -> Option<Self> {
        let (medium, rest) = text.split_once('-')?;
        let (channel, rest) = rest.split_once(':')?;
        let mut what = rest.split('.');
        let mut next = || number(what.next()?);
        let code = [number(medium)?, number(channel)?, next()?, next()?, next()?];
        what.next().is_none().then_some(Self(code))
    }
}

impl fmt::Display for ObisCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [medium, channel, what @ ..] = self.0;
        let [quantity, kind, tariff] = what;
        write!(f, "{medium}-{channel}:{quantity}.{kind}.{tariff}")
    }
}

/// One number of a code: one to three digits.
fn number(digits: &str) -> Option<u8> {
    let is_number = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
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
