//! Buckets: the stretches of time over which a contract measures, and the things that it pays for one by one.
//!
//! ```text
//! from ──┬────────┬────────┬────── to        hour, day, week (from Monday), month: those of the contract's zone
//!        │ cut    │ whole  │ cut             a duration: tumbling from `from`
//! ```
//!
//! Buckets are half open and cut off at both ends of the period. Instants are milliseconds since 1970.

use std::{fmt, sync::Arc};

use super::{
    duration,
    zone::{ContractZone, weekday},
};
use crate::time::{Span, first_of_next_month};

/// How many buckets can be measured in all, by how many measures each.
pub const MOST_MEASURED: u64 = 2_000_000;

/// That for which something is measured or paid, once each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// An excursion of the term with this place
    Excursion(usize),
    /// An event of this name
    Event(Arc<str>),
    /// An hour of the contract's zone
    Hour,
    /// A day
    Day,
    /// A week, from Monday
    Week,
    /// A month
    Month,
    /// The whole period
    Period,
    /// So long, from the beginning of the period on
    Length(Span),
}

impl Bucket {
    /// Reads a stretch of time: `hour`, `day`, `week`, `month`, `period`, or a compiled duration; `None`: it is none.
    pub fn stretch(text: &str) -> Option<Self> {
        Some(match text {
            "hour" => Self::Hour,
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            "period" => Self::Period,
            _ => Self::Length(duration::parse_iso(text).filter(|length| *length > Span::ZERO)?),
        })
    }

    /// Whether it is a stretch of time that is known beforehand.
    pub fn is_stretch(&self) -> bool {
        !matches!(self, Self::Excursion(_) | Self::Event(_))
    }

    /// At most how many there are in a time; none of what is no stretch.
    pub fn most(&self, time: Span) -> u64 {
        const HOUR: i64 = 3_600_000;
        let length = match self {
            Self::Excursion(_) | Self::Event(_) => return 0,
            Self::Period => return 1,
            Self::Hour => HOUR,
            // The shortest ones, and as much less as clocks are put forward.
            Self::Day => 20 * HOUR,
            Self::Week => 160 * HOUR,
            Self::Month => 27 * 24 * HOUR,
            Self::Length(length) => length.millis().max(1),
        };
        // Where clocks change by less than an hour, one hour more is cut in two.
        (time.millis() / length + 2).unsigned_abs()
    }

    /// The borders of the buckets in a stretch of time, ascending, with its own two ends; of what is no stretch, only these.
    pub fn borders(&self, from: i64, end: i64, zone: &ContractZone) -> Vec<i64> {
        let (mut borders, mut at) = (vec![from], from);
        while at < end {
            at = self.next(from, at, zone).unwrap_or(end).clamp(at + 1, end);
            borders.push(at);
        }
        borders
    }

    /// The first border after an instant; `None`: there is none before the end.
    fn next(&self, from: i64, at: i64, zone: &ContractZone) -> Option<i64> {
        let day = || zone.day_at(at);
        Some(match self {
            Self::Excursion(_) | Self::Event(_) | Self::Period => return None,
            Self::Hour => zone.next_hour(at),
            Self::Day => zone.start_of_day(day() + 1),
            Self::Week => zone.start_of_day(day() + 7 - weekday(day())),
            Self::Month => zone.start_of_day(first_of_next_month(day())),
            Self::Length(length) => {
                let length = length.millis().max(1);
                from.saturating_add(((at - from) / length + 1).saturating_mul(length))
            }
        })
    }
}

impl fmt::Display for Bucket {
    /// As people say it: `day`, `period`, `15m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Excursion(_) => f.write_str("excursion"),
            Self::Event(name) => write!(f, "event {name}"),
            Self::Hour => f.write_str("hour"),
            Self::Day => f.write_str("day"),
            Self::Week => f.write_str("week"),
            Self::Month => f.write_str("month"),
            Self::Period => f.write_str("period"),
            Self::Length(length) => length.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Time, ZoneOffset};

    fn time(text: &str) -> Time {
        Time::parse_rfc3339(text).expect(text)
    }

    /// Oslo in 2026: an hour ahead in winter, two in summer.
    fn oslo() -> ContractZone {
        let offset = |minutes: i32| ZoneOffset::parse(&format!("+{:02}:00", minutes / 60)).unwrap();
        let changes = [
            (time("2026-01-01T00:00:00Z"), offset(60)),
            (time("2026-03-29T01:00:00Z"), offset(120)),
            (time("2026-10-25T01:00:00Z"), offset(60)),
        ];
        ContractZone::changing("Europe/Oslo", &changes).unwrap()
    }

    /// How many minutes each bucket has.
    fn minutes(each: &str, from: &str, to: &str) -> Vec<i64> {
        let bucket = Bucket::stretch(each).expect(each);
        let (from, to) = (time(from), time(to));
        let borders = bucket.borders(from.millis(), to.millis(), &oslo());
        let minutes: Vec<_> = borders.windows(2).map(|pair| (pair[1] - pair[0]) / 60_000).collect();
        assert!(minutes.len() as u64 <= bucket.most(to - from), "{each}");
        assert_eq!((borders[0], borders.last()), (from.millis(), Some(&to.millis())));
        minutes
    }

    #[test]
    fn a_day_of_clocks_that_change_has_23_or_25_hours() {
        // local midnight of the 28th is 23:00Z before, that of the 30th 22:00Z
        let spring = |each| minutes(each, "2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z");
        assert_eq!(spring("day"), [24 * 60, 23 * 60]);
        assert_eq!(spring("hour"), [60; 47]);
        let autumn = |each| minutes(each, "2026-10-23T22:00:00Z", "2026-10-25T23:00:00Z");
        assert_eq!(autumn("day"), [24 * 60, 25 * 60]);
        assert_eq!(autumn("hour"), [60; 49]);
    }

    #[test]
    fn what_the_period_cuts_is_shorter() {
        // 07:30 to 10:15 local
        let hours = minutes("hour", "2026-03-01T06:30:00Z", "2026-03-01T09:15:00Z");
        assert_eq!(hours, [30, 60, 60, 15]);
        assert_eq!(minutes("PT1H", "2026-03-01T06:30:00Z", "2026-03-01T09:15:00Z"), [60, 60, 45]);
        assert_eq!(minutes("period", "2026-03-01T06:30:00Z", "2026-03-01T09:15:00Z"), [165]);
        // Wednesday the 25th, noon, to Tuesday: Thursday to Sunday are four days, one hour short
        let weeks = minutes("week", "2026-03-25T11:00:00Z", "2026-03-30T22:00:00Z");
        assert_eq!(weeks, [(12 + 4 * 24 - 1) * 60, 24 * 60]);
        // half of February, March with an hour less, a day of April
        let months = minutes("month", "2026-02-14T23:00:00Z", "2026-04-01T22:00:00Z");
        assert_eq!(months, [14 * 24 * 60, (31 * 24 - 1) * 60, 24 * 60]);
        assert_eq!(
            minutes("month", "2026-12-01T00:00:00Z", "2027-01-02T00:00:00Z"),
            [31 * 24 * 60 - 60, 25 * 60]
        );
    }

    #[test]
    fn what_is_no_stretch_is_none() {
        for text in ["", "minute", "hours", "1h", "PT0S", "P1W", "excursion of cold"] {
            assert_eq!(Bucket::stretch(text), None, "{text}");
        }
    }
}
