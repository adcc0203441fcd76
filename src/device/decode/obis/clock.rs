//! A meter's clock and its date where each has a code of its own.
//!
//! ```text
//! 0.9.1(08:15:30)    or 081530; 1081530 with the season in front of it, too
//! 0.9.2(26-07-15)    or 260715, 2026-07-15; 1260715: summer time, 0: winter time, 2: UTC
//! 1.0.0(260715081530)    both; 1260715081530 or 260715081530S: summer time
//! ```
//!
//! The year stands first, by the standard. Meters that put the day there are told by the machine's date, so what they would mean is
//! answered as well. Dots part days from months in most countries and years from months in others: such a date is no instant.

use super::ObisCode;
use crate::time::{ClockTime, Time, Zone};

/// What a meter said of its clock, in two parts.
#[derive(Debug, Default)]
pub(in crate::device::decode) struct SplitClock {
    clock: Option<String>,
    date: Option<String>,
}

impl SplitClock {
    /// Takes what a code says, if it is one of the two, or both.
    pub(in crate::device::decode) fn take(&mut self, code: ObisCode, group: &str) {
        let part = match code {
            ObisCode([_, _, 0, 9, 1]) => &mut self.clock,
            ObisCode([_, _, 0, 9, 2]) => &mut self.date,
            ObisCode([_, _, 1, 0, 0]) => return self.take_both(group),
            _ => return,
        };
        *part = Some(group.to_owned());
    }

    /// Date and clock in one: twelve digits, with the digit of the season before them or its letter behind.
    fn take_both(&mut self, group: &str) {
        let group = group.trim();
        let said = match group.strip_suffix('S').map(|said| ("1", said)) {
            None => group.strip_suffix('W').map_or(("", group), |said| ("0", said)),
            Some(said) => said,
        };
        let (season, digits) = said;
        let is_both = (12..=13).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_both && self.clock.is_none() && self.date.is_none() {
            let (date, clock) = digits.split_at(digits.len() - 6);
            (self.date, self.clock) = (Some(format!("{season}{date}")), Some(clock.to_owned()));
        }
    }

    /// What clock and date say in a zone that the user names; `None`: not enough, or the season that the meter marks is none of
    /// that zone's.
    pub(in crate::device::decode) fn instant(&self, zone: &Zone) -> Option<Time> {
        self.in_order(YEAR_FIRST, zone)
    }

    /// What they would say if the meter wrote the day first.
    pub(in crate::device::decode) fn instant_day_first(&self, zone: &Zone) -> Option<Time> {
        self.in_order(DAY_FIRST, zone)
    }

    fn in_order(&self, [year, month, day]: [usize; 3], zone: &Zone) -> Option<Time> {
        let [clock_season, clock] = parted(self.clock.as_deref()?, ':')?;
        let [date_season, date] = parted(self.date.as_deref()?, '-')?;
        let pair = |text: &str, at: usize| text[at..at + 2].to_owned();
        let date = format!("20{}-{}-{}", pair(&date, year), pair(&date, month), pair(&date, day));
        let clock = format!("{}:{}:{}", pair(&clock, 0), pair(&clock, 2), pair(&clock, 4));
        let is_one = clock_season.is_empty() || date_season.is_empty() || clock_season == date_season;
        let season = if date_season.is_empty() { clock_season } else { date_season };
        in_season(ClockTime::parse(&date, &clock).filter(|_| is_one)?, &season, zone)
    }
}

/// Where year, month and day stand among six digits.
const YEAR_FIRST: [usize; 3] = [0, 2, 4];

/// The same of meters that write the day first.
const DAY_FIRST: [usize; 3] = [4, 2, 0];

/// Local time in the season that the meter marks, if it marks one.
fn in_season(local: ClockTime, season: &str, zone: &Zone) -> Option<Time> {
    match season {
        "" => zone.instant(local).ok(),
        "0" | "1" => {
            let marked = zone.instant_of_season(local, season == "1")?;
            match zone.instant(local) {
                Ok(shown) => (shown == marked || season == "1").then_some(marked),
                Err(_) => Some(marked),
            }
        }
        "2" => Zone::UTC.instant(local).ok(),
        _ => None,
    }
}

/// The digit of the season, if there is one, and the six digits of `08:15:30` or `26-07-15`; `None`: it is something else.
fn parted(text: &str, mark: char) -> Option<[String; 2]> {
    let text = text.trim();
    let is_iso = mark == '-' && text.len() == 10 && text.starts_with("20") && text.as_bytes()[4] == b'-';
    let text = if is_iso { &text[2..] } else { text };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_plain = text.chars().all(|c| c.is_ascii_digit() || c == mark);
    let season = digits.len().checked_sub(6).filter(|season| is_plain && *season <= 1)?;
    let (season, six) = digits.split_at(season);
    Some([season.to_owned(), six.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a clock and a date say in Berlin, with the year first and with the day first.
    fn said(clock: &str, date: &str) -> [Option<String>; 2] {
        let zone = Zone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let split = SplitClock { clock: Some(clock.to_owned()), date: Some(date.to_owned()) };
        let text = |time: Option<Time>| time.map(|time| time.to_string()[..16].to_owned());
        [text(split.instant(&zone)), text(split.instant_day_first(&zone))]
    }

    #[test]
    fn the_season_may_stand_before_the_clock_too() {
        let is = |clock, date, time: Option<&str>| {
            assert_eq!(said(clock, date)[0].as_deref(), time, "{clock} {date}");
        };
        is("1081530", "1260715", Some("2026-07-15T06:15"));
        is("1081530", "260715", Some("2026-07-15T06:15"));
        is("0081530", "0260115", Some("2026-01-15T07:15"));
        is("0081530", "1260715", None);
        is("08:15:30", "2026-07-15", Some("2026-07-15T06:15"));
        is("01081530", "260715", None);
    }

    #[test]
    fn date_and_clock_may_stand_under_one_code() {
        let zone = Zone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let of = |group: &str| {
            let mut split = SplitClock::default();
            split.take(ObisCode([0, 0, 1, 0, 0]), group);
            split.instant(&zone).map(|time| time.to_string()[..16].to_owned())
        };
        for summer in ["260715081530", "1260715081530", "260715081530S"] {
            assert_eq!(of(summer).as_deref(), Some("2026-07-15T06:15"), "{summer}");
        }
        assert_eq!(of("260115081530W").as_deref(), Some("2026-01-15T07:15"));
        for other in ["260715081530W", "5*m3", "1260715081530S", "2607150815", ""] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn a_date_says_what_it_would_be_with_the_day_first_and_with_dots_nothing() {
        let of = |date| said("08:15:30", date).map(Option::unwrap_or_default);
        assert_eq!(of("21-07-26"), ["2021-07-26T06:15", "2026-07-21T06:15"]);
        assert_eq!(of("260730"), ["2026-07-30T06:15", "2030-07-26T06:15"]);
        assert_eq!(of("21-07-26x"), ["", ""]);
        assert_eq!(of("21.07.26"), ["", ""]);
        assert_eq!(of("21-07-2026"), ["", ""]);
    }
}
