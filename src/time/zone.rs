//! Zones: instants as clocks on the wall show them, for people. Data is always in UTC.
//!
//! ```text
//! 2026-03-01 07:00:00 +01:00                   an instant: local time, and what it is ahead of UTC
//! 2026-03-01 07:00:00 to 07:40:00 +01:00       a stretch within one day
//! ```

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};

use super::{Time, ZoneOffset, civil_from_days};

/// The time that is shown somewhere: an offset from UTC, or one that changes with the seasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(pub(super) TimeZone);

impl Zone {
    /// No offset.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// So many minutes ahead of UTC; `None`: that is more than a day.
    pub fn fixed(minutes: i32) -> Option<Self> {
        let offset = Offset::from_seconds(minutes.checked_mul(60)?).ok()?;
        Some(Self(offset.to_time_zone()))
    }

    /// Reads an offset from UTC, `+02:00`; `None`: it is none.
    pub fn offset(text: &str) -> Option<Self> {
        Self::fixed(ZoneOffset::parse(text)?.seconds() / 60)
    }

    /// Reads a file of the zone database (`TZif`, RFC 9636); `None`: it is none.
    pub fn tzif(bytes: &[u8]) -> Option<Self> {
        TimeZone::tzif("local", bytes).ok().map(Self)
    }

    /// Reads the rule of a zone as POSIX writes it (`CET-1CEST,M3.5.0,M10.5.0/3`); `None`: it is none.
    pub fn posix(rule: &str) -> Option<Self> {
        TimeZone::posix(rule).ok().map(Self)
    }

    /// An instant, with seconds and offset.
    pub fn show(&self, time: Time) -> String {
        let local = self.local(time);
        format!("{} {} {}", local.date, local.clock, local.offset)
    }

    /// An instant, with its milliseconds unless they are none.
    pub fn show_exactly(&self, time: Time) -> String {
        let (local, millis) = (self.local(time), time.0.rem_euclid(1_000));
        let millis = if millis == 0 { String::new() } else { format!(".{millis:03}") };
        format!("{} {}{millis} {}", local.date, local.clock, local.offset)
    }

    /// Two instants: the second without its date where that is the first one's.
    pub fn show_stretch(&self, from: Time, to: Time) -> String {
        let (start, end) = (self.local(from), self.local(to));
        if start.offset != end.offset {
            return format!("{} to {}", self.show(from), self.show(to));
        }
        let date = if start.date == end.date { String::new() } else { format!("{} ", end.date) };
        format!("{} {} to {date}{} {}", start.date, start.clock, end.clock, end.offset)
    }

    /// A text with each instant in it that is written as data has them shown as clocks here do, but for what is
    /// quoted, or part of a name.
    pub fn show_all(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((at, time)) = first_time(rest) {
            let end = at + TIME_LENGTH;
            let is_part = rest[..at].ends_with(is_joined) || rest[end..].starts_with(is_joined);
            let time = if is_part { rest[at..end].to_owned() } else { self.show_exactly(time) };
            shown.extend([&rest[..at], &time]);
            rest = &rest[end..];
        }
        shown + rest
    }

    pub(super) fn local(&self, time: Time) -> LocalTime {
        let offset = self.offset_seconds(time);
        let local = Time::from_millis(time.0.saturating_add(i64::from(offset) * 1_000));
        // At either end of the calendar there is no local time, so that of UTC stands.
        let (time, offset) = local.map_or((time, 0), |local| (local, offset));
        let (year, month, day) = civil_from_days(time.0.div_euclid(86_400_000));
        let seconds = time.0.rem_euclid(86_400_000) / 1_000;
        LocalTime {
            date: format!("{year:04}-{month:02}-{day:02}"),
            clock: format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60),
            offset: offset_in_words(offset),
        }
    }

    /// How many seconds local time is ahead of UTC.
    pub(super) fn offset_seconds(&self, time: Time) -> i32 {
        Timestamp::from_millisecond(time.0).map_or(0, |time| self.0.to_offset(time).seconds())
    }
}

/// Whether a character before or behind an instant makes it part of something longer.
fn is_joined(c: char) -> bool {
    c.is_alphanumeric() || "\"'./_-".contains(c)
}

/// How long an instant is in data.
const TIME_LENGTH: usize = "2026-03-01T06:00:00.000Z".len();

/// The first instant in a text that is written as data has them, and where it begins.
fn first_time(text: &str) -> Option<(usize, Time)> {
    let ends = text.match_indices('Z').map(|(at, end)| at + end.len());
    let mut starts = ends.filter_map(|end| end.checked_sub(TIME_LENGTH));
    starts.find_map(|at| Some((at, Time::parse(text.get(at..at + TIME_LENGTH)?)?)))
}

/// How a sentence writes times: for programs as data has them, for people as clocks somewhere show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeStyle {
    /// UTC with milliseconds
    Data,
    /// Local time with offset, and with milliseconds where there are some: what is signed is shown as it is
    Local(Zone),
}

impl TimeStyle {
    /// An instant in this style.
    pub fn show(&self, time: Time) -> String {
        match self {
            Self::Data => time.to_string(),
            Self::Local(zone) => zone.show_exactly(time),
        }
    }

    /// The same in the zone that a document names, where it names one and people read it.
    #[must_use]
    pub fn or_of(&self, zone: Option<Zone>) -> Self {
        match (self, zone) {
            (Self::Local(_), Some(zone)) => Self::Local(zone),
            _ => self.clone(),
        }
    }
}

/// The parts of an instant as they are shown.
pub(super) struct LocalTime {
    pub(super) date: String,
    pub(super) clock: String,
    offset: String,
}

/// `+01:00`; seconds only where there are some, as before zones were agreed upon.
fn offset_in_words(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.unsigned_abs();
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    match seconds % 60 {
        0 => format!("{sign}{hours:02}:{minutes:02}"),
        rest => format!("{sign}{hours:02}:{minutes:02}:{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        Time::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn an_instant_is_shown_with_seconds_and_offset() {
        let noon = time("2026-03-01T12:00:00.999Z");
        assert_eq!(Zone::UTC.show(noon), "2026-03-01 12:00:00 +00:00");
        assert_eq!(Zone::fixed(60).unwrap().show(noon), "2026-03-01 13:00:00 +01:00");
        assert_eq!(Zone::fixed(-210).unwrap().show(noon), "2026-03-01 08:30:00 -03:30");
        assert_eq!(Zone::fixed(60 * 48), None);
        assert_eq!(Zone::offset("-03:30"), Zone::fixed(-210));
        for bad in ["", "02:00", "+2:00", "+02", "+15:00", "+02:60", "é02:00", "+0x:00"] {
            assert_eq!(Zone::offset(bad), None, "{bad}");
        }
        assert_eq!(Zone::fixed(60).unwrap().show_exactly(noon), "2026-03-01 13:00:00.999 +01:00");
        assert_eq!(Zone::UTC.show_exactly(time("2026-03-01T12:00:00Z")), "2026-03-01 12:00:00 +00:00");
    }

    #[test]
    fn the_offset_follows_the_seasons() {
        let berlin = Zone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        assert_eq!(berlin.show(time("2026-03-29T00:59:59Z")), "2026-03-29 01:59:59 +01:00");
        assert_eq!(berlin.show(time("2026-03-29T01:00:00Z")), "2026-03-29 03:00:00 +02:00");
        assert_eq!(Zone::posix("nowhere at all"), None);
        assert_eq!(Zone::tzif(b"TZif"), None);
    }

    #[test]
    fn instants_in_a_text_are_shown_but_for_what_is_quoted_or_a_name() {
        let zone = Zone::fixed(60).unwrap();
        let (time, local) = ("2026-03-01T06:00:00.250Z", "2026-03-01 07:00:00.250 +01:00");
        for (text, shown) in [
            (format!("from {time} until {time}: so"), format!("from {local} until {local}: so")),
            (time.to_owned(), local.to_owned()),
            (format!("(Zürich, {time})"), format!("(Zürich, {local})")),
            (format!("{{\"time\":\"{time}\"}}"), format!("{{\"time\":\"{time}\"}}")),
            (format!("kept in old-{time}.jsonl"), format!("kept in old-{time}.jsonl")),
            (format!("Z {}Z", "x".repeat(23)), format!("Z {}Z", "x".repeat(23))),
            ("é2026-03-01T06:00:00.25Z".to_owned(), "é2026-03-01T06:00:00.25Z".to_owned()),
        ] {
            assert_eq!(zone.show_all(&text), shown);
        }
    }

    #[test]
    fn a_stretch_says_its_date_once() {
        let berlin = Zone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let show = |from, to| berlin.show_stretch(time(from), time(to));
        assert_eq!(
            show("2026-03-01T06:00:00Z", "2026-03-01T06:40:00Z"),
            "2026-03-01 07:00:00 to 07:40:00 +01:00"
        );
        assert_eq!(
            show("2026-03-01T22:00:00Z", "2026-03-01T23:30:00Z"),
            "2026-03-01 23:00:00 to 2026-03-02 00:30:00 +01:00"
        );
        assert_eq!(
            show("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"),
            "2026-03-29 01:30:00 +01:00 to 2026-03-29 03:30:00 +02:00"
        );
    }

    #[test]
    fn the_ends_of_the_calendar_are_shown_in_utc() {
        let east = Zone::fixed(60).unwrap();
        assert_eq!(east.show(Time::parse("9999-12-31T23:59:59.000Z").unwrap()), "9999-12-31 23:59:59 +00:00");
        let west = Zone::fixed(-60).unwrap();
        assert_eq!(west.show(Time::parse("0000-01-01T00:00:00.000Z").unwrap()), "0000-01-01 00:00:00 +00:00");
    }
}
