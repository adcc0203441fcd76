//! Instants and durations, to the millisecond.
//!
//! ```text
//! 2026-03-01T06:00:00.000Z     the one form that is written (RFC 3339, UTC, second ≤ 59)
//! 1h30m                        a duration as people type it: d h m s ms, descending
//! ```

mod changes;
mod local;
mod named_zone;
mod season;
mod ticks;
mod zone;
mod zone_offset;

use std::{fmt, ops::Sub};

use crate::json::Value;

pub use local::{ClockTime, Day, NoInstant};
pub use named_zone::NamedZone;
pub use ticks::TimeTick;
pub use zone::{TimeStyle, Zone};
pub use zone_offset::ZoneOffset;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted, years 0000 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// Milliseconds of 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.
const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

/// The form that is written: a digit for each 0.
const FORM: &[u8; 24] = b"0000-00-00T00:00:00.000Z";

/// How far above the form each of its bytes may be.
const FREE: [u8; 24] = {
    let (mut free, mut at) = ([0; 24], 0);
    while at < FORM.len() {
        free[at] = if FORM[at] == b'0' { 9 } else { 0 };
        at += 1;
    }
    free
};

impl Time {
    /// 1970-01-01T00:00:00.000Z
    pub const EPOCH: Self = Self(0);

    /// 9999-12-31T23:59:59.999Z
    pub const LAST: Self = Self(*RANGE.end());

    /// Midnight so many days after 1970, in the years of four digits that are written.
    pub const fn from_days(days: u16) -> Self {
        Self(days as i64 * 86_400_000)
    }

    /// The instant so many milliseconds after 1970; `None`: its year has not four digits.
    pub fn from_millis(millis: i64) -> Option<Self> {
        RANGE.contains(&millis).then_some(Self(millis))
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Reads the one form that `Display` writes; `None`: the text is another.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_bytes(text.as_bytes())
    }

    /// The same of bytes, which need not be UTF-8.
    pub fn parse_bytes(text: &[u8]) -> Option<Self> {
        let bytes: &[u8; 24] = text.try_into().ok()?;
        // Without a branch for each byte, since most fit.
        let is_so = |((byte, form), free): ((&u8, &u8), &u8)| byte.wrapping_sub(*form) <= *free;
        if !bytes.iter().zip(FORM).zip(&FREE).fold(true, |fits, of| fits & is_so(of)) {
            return None;
        }
        let [year, month, day] = [number(&bytes[0..4]), number(&bytes[5..7]), number(&bytes[8..10])];
        let [hour, minute, second] = [number(&bytes[11..13]), number(&bytes[14..16]), number(&bytes[17..19])];
        if !(1..=12).contains(&month)
            || !(1..=days_in(year, month)).contains(&day)
            || hour > 23
            || minute > 59
            || second > 59
        {
            return None;
        }
        let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
        Some(Self(seconds * 1_000 + number(&bytes[20..23])))
    }

    /// Reads any RFC 3339 date-time, with whatever offset and digits; finer digits are cut off.
    /// `None`: the text is something else, or a leap second, which is no instant here.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        if text.get(17..19) == Some("60") {
            return None;
        }
        let has_offset = text.ends_with(['Z', 'z']) || text.get(19..)?.contains(['+', '-']);
        let digits = text.as_bytes().first()?.is_ascii_digit();
        let written = |text: &str| Some(format!("{}.000Z", text.strip_suffix(['Z', 'z'])?));
        // The last two days of the calendar are none to the crate that knows the other forms.
        if let Some(time) = Self::parse(text).or_else(|| Self::parse(&written(text)?)) {
            return Some(time);
        }
        let timestamp: jiff::Timestamp = (has_offset && digits).then(|| text.parse().ok())??;
        Self::from_millis(timestamp.as_nanosecond().div_euclid(1_000_000).try_into().ok()?)
    }

    /// The instant this much later, or the last one that can be written.
    pub fn saturating_add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0).clamp(*RANGE.start(), *RANGE.end()))
    }
}

impl Time {
    /// The instant this much earlier, or the first one that can be written.
    pub fn saturating_sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0).clamp(*RANGE.start(), *RANGE.end()))
    }
}

impl Sub for Span {
    type Output = Self;

    fn sub(self, less: Self) -> Self {
        Self(self.0.saturating_sub(less.0))
    }
}

impl Sub for Time {
    type Output = Span;

    fn sub(self, earlier: Self) -> Span {
        Span(self.0 - earlier.0)
    }
}

impl Time {
    /// Appends what `Display` writes, in quotes, to a line of JSON.
    pub(crate) fn write_quoted(self, line: &mut String) {
        line.push('"');
        line.push_str(str::from_utf8(&self.letters()).unwrap_or_default());
        line.push('"');
    }

    /// The letters that `Display` writes.
    fn letters(self) -> [u8; 24] {
        let (days, in_day) = (self.0.div_euclid(86_400_000), self.0.rem_euclid(86_400_000));
        let (year, month, day) = civil_from_days(days);
        let (seconds, millis) = (in_day / 1_000, in_day % 1_000);
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let mut text = *FORM;
        for (number, end, digits) in [
            (year, 4, 4),
            (month, 7, 2),
            (day, 10, 2),
            (hour, 13, 2),
            (minute, 16, 2),
            (second, 19, 2),
            (millis, 23, 3),
        ] {
            put_digits(number, &mut text[end - digits..end]);
        }
        text
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(str::from_utf8(&self.letters()).map_err(|_| fmt::Error)?)
    }
}

impl From<Time> for Value {
    fn from(time: Time) -> Self {
        str::from_utf8(&time.letters()).unwrap_or_default().into()
    }
}

/// Writes a number with zeros before it. Every record has a time, and the formatter takes longer for one than all else that
/// a line of JSON needs.
fn put_digits(mut number: i64, digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number.rem_euclid(10)).unwrap_or(0);
        number /= 10;
    }
}

/// The number that digits say.
fn number(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar. Years are counted from March, so that
/// the leap day is a year's last; 146,097 days make 400 years.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The first day of the month after a day, both in days since 1970.
pub fn first_of_next_month(day: i64) -> i64 {
    let (year, month, _) = civil_from_days(day);
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days_from_civil(year, month, 1)
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// A signed length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// So many milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The whole units in a length that is not negative, and so at most as long.
    #[must_use]
    pub fn whole(self, unit: Self) -> Self {
        Self(self.0 - self.0 % unit.0.max(1))
    }

    /// Reads `30m`, `1h30m`, `250ms`: integers with units d h m s ms, descending, each at most once;
    /// a day has 24 hours. The whole fits 100 years.
    pub fn parse(text: &str) -> Option<Self> {
        const UNITS: [(&str, i64); 5] =
            [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
        let (mut rest, mut total, mut next_unit) = (text, 0i64, 0);
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let amount: i64 = rest[..digits].parse().ok()?;
            rest = &rest[digits..];
            let letters = rest.bytes().take_while(u8::is_ascii_lowercase).count();
            let unit =
                next_unit + UNITS[next_unit..].iter().position(|(name, _)| *name == &rest[..letters])?;
            total = total.checked_add(amount.checked_mul(UNITS[unit].1)?)?;
            (rest, next_unit) = (&rest[letters..], unit + 1);
        }
        (!text.is_empty() && total <= 36_525 * 86_400_000).then_some(Self(total))
    }

    /// The length for the standard library's timers; negative is none.
    pub fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_millis(self.0.try_into().unwrap_or(0))
    }
}

impl fmt::Display for Span {
    /// The two largest units that are not zero are enough for people: `2d4h`, `31m`, `250ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.unsigned_abs();
        let parts = [
            (millis / 86_400_000, "d"),
            (millis / 3_600_000 % 24, "h"),
            (millis / 60_000 % 60, "m"),
            (millis / 1_000 % 60, "s"),
            (millis % 1_000, "ms"),
        ];
        f.write_str(if self.0 < 0 { "-" } else { "" })?;
        let Some(first) = parts.iter().position(|(amount, _)| *amount > 0) else { return f.write_str("0s") };
        for (amount, unit) in parts[first..].iter().take(2).filter(|(amount, _)| *amount > 0) {
            write!(f, "{amount}{unit}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
