//! Offsets from UTC as people write them: `+01:00`.

use std::fmt;

/// What local time is ahead of UTC: whole minutes, at most fourteen hours either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneOffset {
    minutes: i32,
}

impl ZoneOffset {
    /// None.
    pub const UTC: Self = Self { minutes: 0 };

    /// The greatest one, in use in Kiribati.
    pub const MOST: Self = Self { minutes: 14 * 60 };

    /// So many seconds; `None`: clocks that are so far from UTC, or not by whole minutes, are nowhere.
    pub fn from_seconds(seconds: i32) -> Option<Self> {
        let minutes = seconds / 60;
        (seconds % 60 == 0 && minutes.abs() <= Self::MOST.minutes).then_some(Self { minutes })
    }

    /// Reads `+01:00`; `None`: the text is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = match text.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let number = |digits: &str| {
            let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            two.then(|| digits.parse::<i32>().ok())?
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        (minutes < 60).then(|| Self::from_seconds(sign * (hours * 60 + minutes) * 60))?
    }

    /// Seconds.
    pub fn seconds(self) -> i32 {
        self.minutes * 60
    }

    /// Milliseconds.
    pub fn millis(self) -> i64 {
        i64::from(self.minutes) * 60_000
    }
}

impl fmt::Display for ZoneOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minutes < 0 { '-' } else { '+' };
        let minutes = self.minutes.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_has_one_form() {
        for text in ["+00:00", "+05:30", "-03:30", "+14:00", "-12:00"] {
            assert_eq!(ZoneOffset::parse(text).unwrap().to_string(), text);
        }
        for bad in
            ["", "05:30", "+5:30", "+05:60", "+14:01", "-15:00", "+05", "+05:3", "+0x:00", "é1:00", "Z"]
        {
            assert_eq!(ZoneOffset::parse(bad), None, "{bad}");
        }
        assert_eq!(ZoneOffset::from_seconds(1_172), None, "Amsterdam before 1937, +00:19:32");
        assert_eq!(ZoneOffset::from_seconds(-2_640).unwrap().to_string(), "-00:44");
    }
}
