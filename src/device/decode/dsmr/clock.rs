//! Dates of telegrams, and the zone in which a meter's clock is set.
//!
//! ```text
//! 170102192002W     local time, and whether it is winter (W) or summer (S)
//! 161107190000      local time of which nothing more is said
//! 632525252525W     no date: what Belgian meters send for none
//! ```

use crate::{
    json::{JsonText, Value},
    time::{ClockTime, Time, Zone},
};

use super::joined;

/// By the front of what a meter calls itself: how many minutes winter time is ahead of UTC there; `None`: it is sold in
/// several zones. All others follow the standard, which is of the Netherlands.
const PLACES: &[(&str, Option<i32>)] = &[
    ("ESO", Some(120)),
    ("ADN9 7534", Some(120)),
    ("ADN9 6534", Some(60)),
    ("ADN", None),
    ("LGF5E360", None),
];

/// The digits of the date that Belgian meters send for none.
const NO_DATE: &str = "632525252525";

/// Winter time of the Netherlands, in minutes ahead of UTC.
const NETHERLANDS: i32 = 60;

/// How a meter's clock is set.
pub(super) struct MeterClock {
    zone: Option<Zone>,
    is_told: bool,
}

/// What a date says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MeterDate {
    /// An instant
    Instant(Time),
    /// Local time of a zone that is not known, and when that would be in UTC
    Word(JsonText, Time),
    /// That there is none
    Nothing,
}

impl MeterClock {
    /// The clock of a meter that calls itself so, in the zone that the user says, if any.
    pub(super) fn of(meter: &str, told: Option<&Zone>) -> Self {
        let place = PLACES.iter().find(|(front, _)| meter.starts_with(front));
        let minutes = place.map_or(Some(NETHERLANDS), |(_, minutes)| *minutes);
        Self { zone: told.cloned().or_else(|| Zone::fixed(minutes?)), is_told: told.is_some() }
    }

    /// Reads a date; `None`: it is none, or one that there cannot be.
    pub(super) fn date(&self, group: &str) -> Option<MeterDate> {
        if super::is_nothing(group) {
            return Some(MeterDate::Nothing);
        }
        let group = group.trim();
        let summer = match group.as_bytes().last()? {
            b'S' => Some(true),
            b'W' => Some(false),
            _ => None,
        };
        let digits = if summer.is_some() { &group[..group.len() - 1] } else { group };
        if digits.len() != 12 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        if digits == NO_DATE {
            return Some(MeterDate::Nothing);
        }
        let [day, clock] = day_and_clock(digits);
        let local = ClockTime::parse(&day, &clock)?;
        let instant = match (&self.zone, summer) {
            (Some(zone), Some(summer)) => zone.instant_of_season(local, summer),
            (Some(zone), None) if self.is_told => zone.instant(local).ok(),
            _ => None,
        };
        let word = || if summer.is_some() { group.into() } else { joined(&[&day, "T", &clock]) };
        match instant {
            Some(instant) => Some(MeterDate::Instant(instant)),
            None => Some(MeterDate::Word(word(), Zone::UTC.instant(local).ok()?)),
        }
    }
}

/// Twelve digits as RFC 3339 writes a day and the time on it.
fn day_and_clock(digits: &str) -> [JsonText; 2] {
    let pair = |at: usize| &digits[at..at + 2];
    let day = joined(&["20", pair(0), "-", pair(2), "-", pair(4)]);
    [day, joined(&[pair(6), ":", pair(8), ":", pair(10)])]
}

impl MeterDate {
    /// When that was, within a day; `None`: it says that there is none.
    pub(super) fn about(&self) -> Option<Time> {
        match self {
            Self::Instant(time) | Self::Word(_, time) => Some(*time),
            Self::Nothing => None,
        }
    }
}

impl From<MeterDate> for Value {
    fn from(date: MeterDate) -> Self {
        match date {
            MeterDate::Instant(time) => time.into(),
            MeterDate::Word(word, _) => word.into(),
            MeterDate::Nothing => Self::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(meter: &str, zone: Option<&str>, group: &str) -> String {
        let zone = zone.map(|rule| Zone::posix(rule).or_else(|| Zone::offset(rule)).unwrap());
        let date = MeterClock::of(meter, zone.as_ref()).date(group);
        date.map_or("?".to_owned(), |date| Value::from(date).to_string())
    }

    #[test]
    fn the_letter_counts_in_the_zone_of_the_meter() {
        assert_eq!(date("ISK5", None, "200512135409S"), r#""2020-05-12T11:54:09.000Z""#);
        assert_eq!(date("ISK5", None, "170102192002W"), r#""2017-01-02T18:20:02.000Z""#);
        assert_eq!(date("KFM5KAIFA-METER", None, "210524094210W"), r#""2021-05-24T08:42:10.000Z""#, "Sweden");
        assert_eq!(date("ESO5\\X", None, "260715143000S"), r#""2026-07-15T11:30:00.000Z""#, "Lithuania");
        assert_eq!(date("ADN9 7534", None, "260715143000W"), r#""2026-07-15T12:30:00.000Z""#, "Finland");
        assert_eq!(date("LGF5E360", None, "260715143000W"), r#""260715143000W""#, "Sweden or Finland");
    }

    #[test]
    fn what_the_user_says_counts_more() {
        let (eet, fixed) = (Some("EET-2EEST,M3.5.0/3,M10.5.0/4"), Some("+00:00"));
        assert_eq!(date("ISK5", eet, "260715143000S"), r#""2026-07-15T11:30:00.000Z""#);
        assert_eq!(date("ISK5", fixed, "260715143000S"), r#""2026-07-15T13:30:00.000Z""#);
        assert_eq!(date("ISK5", fixed, "260715143000"), r#""2026-07-15T14:30:00.000Z""#);
        assert_eq!(date("ISK5", eet, "261025033000"), r#""2026-10-25T03:30:00""#, "comes twice");
        assert_eq!(date("ISK5", None, "161107190000"), r#""2016-11-07T19:00:00""#);
    }

    #[test]
    fn the_placeholder_is_no_date_and_others_are_not_understood() {
        for nothing in ["632525252525W", "632525252525S", "", "---"] {
            assert_eq!(date("ISK5", None, nothing), "null", "{nothing}");
        }
        for impossible in
            ["170132192002W", "260102240000W", "261315120000S", "260229120000W", "260102120060W"]
        {
            assert_eq!(date("ISK5", None, impossible), "?", "{impossible}");
        }
        for other in ["170102192002X", "é1010219200W", "W", "1701021920", "x"] {
            assert_eq!(date("ISK5", None, other), "?", "{other}");
        }
    }
}
