//! Dates of the standard mode.
//!
//! ```text
//! E 26 07 15 08 15 30      summer (E, UTC+2) or winter (H, UTC+1), year to second
//! e 26 07 15 08 15 30      the same of a clock that is not synchronised
//!   26 07 15 08 15 30      local time of which nothing more is said
//! ```

use crate::time::{ClockTime, NoInstant, Time, Zone};

/// What a date says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TicDate {
    /// An instant
    Sure(Time),
    /// An instant by a clock that is not synchronised
    Unsure(Time),
    /// Local time of a clock that does not say its season
    Local(ClockTime),
    /// That there is none
    None,
}

impl TicDate {
    /// Reads a date; `None`: it is none. `zone`: where the meter's clock is set, if not in France.
    pub(super) fn read(text: &str, zone: Option<&Zone>) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self::None);
        }
        let (season, digits) = text.split_at_checked(1)?;
        if digits.len() != 12 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        if digits.bytes().all(|digit| digit == b'0') {
            return Some(Self::None);
        }
        let summer = match season {
            " " => return local(digits).map(Self::Local),
            "E" | "e" => true,
            "H" | "h" => false,
            _ => return None,
        };
        let time = instant(digits, summer, zone)?;
        Some(if season.bytes().all(|letter| letter.is_ascii_uppercase()) {
            Self::Sure(time)
        } else {
            Self::Unsure(time)
        })
    }
}

/// A day, and the time on it.
fn day_and_clock(digits: &str) -> [String; 2] {
    let pair = |at: usize| &digits[at..at + 2];
    let day = format!("20{}-{}-{}", pair(0), pair(2), pair(4));
    [day, format!("{}:{}:{}", pair(6), pair(8), pair(10))]
}

fn local(digits: &str) -> Option<ClockTime> {
    let [day, clock] = day_and_clock(digits);
    ClockTime::parse(&day, &clock)
}

fn instant(digits: &str, summer: bool, zone: Option<&Zone>) -> Option<Time> {
    let Some(zone) = zone else {
        let [day, clock] = day_and_clock(digits);
        return Time::parse_rfc3339(&format!("{day}T{clock}+0{}:00", if summer { 2 } else { 1 }));
    };
    match zone.instant(local(digits)?) {
        Ok(time) => Some(time),
        Err(NoInstant::Twice(first, second)) => Some(if summer { first } else { second }),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_season_says_how_far_ahead_of_utc_the_clock_is() {
        let read = |text| match TicDate::read(text, None)? {
            TicDate::Sure(time) => Some(time.to_string()),
            TicDate::Unsure(time) => Some(format!("perhaps {time}")),
            TicDate::Local(local) => Some(format!("local {local}")),
            TicDate::None => Some("none".to_owned()),
        };
        assert_eq!(read("E260715081530").as_deref(), Some("2026-07-15T06:15:30.000Z"));
        assert_eq!(read("H260115081530").as_deref(), Some("2026-01-15T07:15:30.000Z"));
        assert_eq!(read("e260715081530").as_deref(), Some("perhaps 2026-07-15T06:15:30.000Z"));
        assert_eq!(read(" 260715081530").as_deref(), Some("local 2026-07-15T08:15:30"));
        for none in ["", "             ", " 000000000000", "H000000000000"] {
            assert_eq!(read(none).as_deref(), Some("none"), "{none}");
        }
        for bad in [
            "X260715081530",
            " 261315081530",
            "E261315081530",
            "E26071508153",
            "E26071508153O",
            "é260715081530",
            "E",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn elsewhere_the_user_says_the_zone() {
        let reunion = Zone::offset("+04:00").unwrap();
        let time = Time::parse("2026-07-15T04:15:30.000Z").unwrap();
        assert_eq!(TicDate::read("H260715081530", Some(&reunion)), Some(TicDate::Sure(time)));
    }
}
