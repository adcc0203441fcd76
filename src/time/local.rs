//! Days and local times as instants: what clocks on the wall show, the other way round.
//!
//! ```text
//! 2026-03-29              a day: in Berlin it has 23 hours, from 2026-03-28T23:00Z to 2026-03-29T22:00Z
//! 2026-10-25 02:30        a local time: there it comes twice
//! ```

use std::{fmt, ops::Range};

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, Offset},
};

use super::{Time, Zone, days_from_civil};

/// A day of the calendar, wherever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(Date);

/// A date and what clocks show on it, wherever that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockTime(pub(super) DateTime);

/// Why a day or local time is no instant in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoInstant {
    /// Clocks were put forward past all of it, to this instant
    Skipped(Time),
    /// Clocks were put back, so it came at both of these
    Twice(Time, Time),
    /// It lies outside of the years that are counted
    OutOfYears,
}

impl Day {
    /// Reads `2026-11-28`; `None`: the text is something else, or there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
        let in_form = bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        let number = |range: Range<usize>| text[range].parse::<i16>().ok();
        let (year, month, day) =
            if in_form { (number(0..4)?, number(5..7)?, number(8..10)?) } else { return None };
        Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok().map(Self)
    }

    /// Days since 1970-01-01.
    pub fn since_1970(self) -> i64 {
        days_from_civil(self.0.year().into(), self.0.month().into(), self.0.day().into())
    }
}

impl ClockTime {
    /// Reads a day and `06:00` or `06:00:30`; `None`: that is not what clocks show.
    pub fn parse(day: &str, clock: &str) -> Option<Self> {
        let bytes = clock.as_bytes();
        let in_form = matches!(bytes.len(), 5 | 8)
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                2 | 5 => *byte == b':',
                _ => byte.is_ascii_digit(),
            });
        let number = |at: usize| clock.get(at..at + 2).map_or(Some(0), |digits| digits.parse().ok());
        let (hour, minute, second) =
            if in_form { (number(0)?, number(3)?, number(6)?) } else { return None };
        let real = hour < 24 && minute < 60 && second < 60;
        real.then(|| Day::parse(day))?.map(|Day(date)| Self(date.at(hour, minute, second, 0)))
    }
}

impl Zone {
    /// The first instant of a day, and the first one behind it: 23 or 25 hours later where clocks are changed.
    ///
    /// # Errors
    /// If clocks skip the whole day, or it does not lie in the years 0 to 9999.
    pub fn day(&self, day: Day) -> Result<Range<Time>, NoInstant> {
        Ok(self.begin(day)?..self.end(day)?)
    }

    /// The first instant of a day.
    fn begin(&self, day: Day) -> Result<Time, NoInstant> {
        let midnight = day.0.at(0, 0, 0, 0);
        match self.0.to_ambiguous_timestamp(midnight).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
                // East of Greenwich the first day begins before the first instant that can be written.
                let is_first = midnight.year() == 0 && day.0.day_of_year() == 1;
                instant(midnight, offset)
                    .or_else(|why| if is_first { instant(midnight, Offset::UTC) } else { Err(why) })
            }
            AmbiguousOffset::Gap { after, .. } => {
                let first = self.change_behind(instant(midnight, after)?)?;
                if self.date(first)? == day.0 { Ok(first) } else { Err(NoInstant::Skipped(first)) }
            }
        }
    }

    /// The first instant behind a day; the last one that can be written behind the last day.
    fn end(&self, day: Day) -> Result<Time, NoInstant> {
        let Ok(tomorrow) = day.0.tomorrow() else { return Ok(Time::LAST) };
        let midnight = tomorrow.at(0, 0, 0, 0);
        match self.0.to_ambiguous_timestamp(midnight).offset() {
            AmbiguousOffset::Unambiguous { offset } => instant(midnight, offset),
            AmbiguousOffset::Fold { before, after } => {
                // Where clocks are put back over midnight, the day goes on behind its first midnight.
                let second = instant(midnight, after)?;
                let goes_on = self.date(Time(second.0 - 1))? == day.0;
                if goes_on { Ok(second) } else { instant(midnight, before) }
            }
            AmbiguousOffset::Gap { after, .. } => self.change_behind(instant(midnight, after)?),
        }
    }

    /// When clocks show this.
    ///
    /// # Errors
    /// If they never do, or twice.
    pub fn instant(&self, local: ClockTime) -> Result<Time, NoInstant> {
        match self.0.to_ambiguous_timestamp(local.0).offset() {
            AmbiguousOffset::Unambiguous { offset } => instant(local.0, offset),
            AmbiguousOffset::Gap { after, .. } => {
                Err(NoInstant::Skipped(self.change_behind(instant(local.0, after)?)?))
            }
            AmbiguousOffset::Fold { before, after } => {
                Err(NoInstant::Twice(instant(local.0, before)?, instant(local.0, after)?))
            }
        }
    }

    /// An instant as RFC 3339 writes it, in seconds, with the offset here where that is whole minutes.
    pub fn rfc3339(&self, time: Time) -> String {
        let seconds = self.offset_seconds(time);
        let local = Time::from_millis(time.0.saturating_add(i64::from(seconds) * 1_000));
        let Some(local) = local.filter(|_| seconds % 60 == 0) else { return time.to_string() };
        let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs() / 60);
        format!("{}{sign}{:02}:{:02}", &local.to_string()[..19], minutes / 60, minutes % 60)
    }

    /// The next time when clocks are changed.
    fn change_behind(&self, time: Time) -> Result<Time, NoInstant> {
        let from = timestamp(time)?;
        let change = self.0.following(from).next().ok_or(NoInstant::OutOfYears)?;
        Time::from_millis(change.timestamp().as_millisecond()).ok_or(NoInstant::OutOfYears)
    }

    fn date(&self, time: Time) -> Result<Date, NoInstant> {
        Ok(self.0.to_datetime(timestamp(time)?).date())
    }
}

fn timestamp(time: Time) -> Result<Timestamp, NoInstant> {
    Timestamp::from_millisecond(time.0).map_err(|_| NoInstant::OutOfYears)
}

/// The instant of a local time that is so far ahead of UTC.
pub(super) fn instant(local: DateTime, offset: Offset) -> Result<Time, NoInstant> {
    let days = days_from_civil(local.year().into(), local.month().into(), local.day().into());
    let seconds =
        i64::from(local.hour()) * 3_600 + i64::from(local.minute()) * 60 + i64::from(local.second());
    let millis = days * 86_400_000 + (seconds - i64::from(offset.seconds())) * 1_000;
    Time::from_millis(millis).ok_or(NoInstant::OutOfYears)
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for NoInstant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Skipped(_) => f.write_str("clocks were put forward past it, so there is no such time"),
            Self::Twice(first, second) => {
                write!(f, "clocks were put back, so it came twice: at {first} and at {second}")
            }
            Self::OutOfYears => f.write_str("outside of the years 0000 to 9999 in UTC"),
        }
    }
}

impl std::error::Error for NoInstant {}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

    fn day(rule: &str, day: &str) -> Result<[String; 2], NoInstant> {
        let range = Zone::posix(rule).unwrap().day(Day::parse(day).expect(day))?;
        Ok([range.start, range.end].map(|time| time.to_string()))
    }

    fn is(rule: &str, text: &str, start: &str, end: &str) {
        assert_eq!(day(rule, text), Ok([start, end].map(|time| format!("{time}:00.000Z"))), "{text}");
    }

    #[test]
    fn a_day_has_the_hours_that_clocks_give_it() {
        is(BERLIN, "2026-11-28", "2026-11-27T23:00", "2026-11-28T23:00");
        is(BERLIN, "2026-03-29", "2026-03-28T23:00", "2026-03-29T22:00");
        is(BERLIN, "2026-10-25", "2026-10-24T22:00", "2026-10-25T23:00");
        is("UTC0", "2024-02-29", "2024-02-29T00:00", "2024-03-01T00:00");
    }

    /// Santiago puts clocks forward at midnight, and back at midnight; Havana forward at 0:00 and back at 1:00.
    #[test]
    fn a_day_without_a_midnight_or_with_two_is_whole() {
        let santiago = "<-04>4<-03>,M9.1.6/24,M4.1.6/24";
        is(santiago, "2026-09-06", "2026-09-06T04:00", "2026-09-07T03:00");
        is(santiago, "2026-09-05", "2026-09-05T04:00", "2026-09-06T04:00");
        is(santiago, "2026-04-04", "2026-04-04T03:00", "2026-04-05T04:00");
        is(santiago, "2026-04-05", "2026-04-05T04:00", "2026-04-06T04:00");
        let havana = "CST5CDT,M3.2.0/0,M11.1.0/1";
        is(havana, "2026-03-08", "2026-03-08T05:00", "2026-03-09T04:00");
        is(havana, "2026-10-31", "2026-10-31T04:00", "2026-11-01T04:00");
        is(havana, "2026-11-01", "2026-11-01T04:00", "2026-11-02T05:00");
    }

    /// Clocks that go back at one minute past midnight: that minute and the end of the day before are mixed.
    #[test]
    fn a_day_that_goes_on_behind_midnight_ends_there() {
        let newfoundland = "NST3:30NDT,M4.1.0/0:01,M10.5.0/0:01";
        is(newfoundland, "2026-10-24", "2026-10-24T02:30", "2026-10-25T03:30");
        is(newfoundland, "2026-10-25", "2026-10-25T02:30", "2026-10-26T03:30");
        is(newfoundland, "2026-04-05", "2026-04-05T03:30", "2026-04-06T02:30");
    }

    #[test]
    fn a_gap_over_midnight_begins_the_day_late() {
        is("AAA0BBB,M3.1.0/23:30,M10.1.0/3", "2026-03-02", "2026-03-01T23:30", "2026-03-02T23:00");
        is("AAA0BBB,M3.1.0/23:30,M10.1.0/3", "2026-03-01", "2026-03-01T00:00", "2026-03-01T23:30");
    }

    #[test]
    fn a_local_time_that_never_came_or_twice_is_none() {
        let at = |clock| {
            let berlin = Zone::posix(BERLIN).unwrap();
            let (day, clock) = str::split_once(clock, ' ').unwrap();
            berlin.instant(ClockTime::parse(day, clock).unwrap()).map(|time| time.to_string())
        };
        assert_eq!(at("2026-03-01 07:00").unwrap(), "2026-03-01T06:00:00.000Z");
        assert_eq!(at("2026-03-01 07:00:59").unwrap(), "2026-03-01T06:00:59.000Z");
        let first = Time::parse("2026-03-29T01:00:00.000Z").unwrap();
        assert_eq!(at("2026-03-29 02:30"), Err(NoInstant::Skipped(first)));
        let twice = at("2026-10-25 02:30").unwrap_err().to_string();
        assert!(twice.contains("2026-10-25T00:30:00.000Z and at 2026-10-25T01:30:00.000Z"), "{twice}");
    }

    #[test]
    fn the_ends_of_the_calendar_are_there_or_said_not_to_be() {
        is("UTC0", "0000-01-01", "0000-01-01T00:00", "0000-01-02T00:00");
        is(BERLIN, "0000-01-01", "0000-01-01T00:00", "0000-01-01T23:00");
        let berlin = Zone::posix(BERLIN).unwrap();
        let before = ClockTime::parse("0000-01-01", "00:30").unwrap();
        assert_eq!(berlin.instant(before), Err(NoInstant::OutOfYears));
        assert_eq!(day("UTC0", "9999-12-30").unwrap()[1], "9999-12-31T00:00:00.000Z");
        assert_eq!(day(BERLIN, "9999-12-31").unwrap()[1], Time::LAST.to_string());
    }

    #[test]
    fn other_forms_are_no_day() {
        let bad = [
            "2026-1-05",
            "20261128",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "28.11.2026",
            "2026-11-28 ",
            "+026-11-28",
        ];
        for text in bad {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        for clock in ["24:00", "6:00", "06:60", "06:00:60", "06", "06:00:0", "06:00:00.5", "06-00"] {
            assert_eq!(ClockTime::parse("2026-11-28", clock), None, "{clock}");
        }
    }
}
