//! Working time: the hours of the week that a contract names, by the clocks of its zone, but for its holidays.
//!
//! ```text
//! work = "mon-fri 08:00-12:00, 13:00-18:00, sat 09:00-24:00"     days hold until others are named
//! work = "sun-thu 22:00-06:00"                                   a night belongs to the day on which it begins
//! holidays = [2026-05-01]                                        days that begin no working time
//! ```
//!
//! What counts is what clocks show: where an hour comes twice, it is worked twice.

use std::collections::BTreeSet;

use super::{
    stretches::joined,
    zone::{ContractZone, DAY, weekday},
};
use crate::time::Day;

const MINUTE: i64 = 60_000;
/// How many ranges of hours there can be.
const MOST_RANGES: usize = 50;
/// The days of a week as they are written, from Monday.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The hours of a week that are worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    ranges: Vec<HourRange>,
}

/// Hours of some days of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct HourRange {
    /// Whether it is of this day, from Monday
    days: [bool; 7],
    /// Minutes after midnight of the day
    from: i64,
    /// The first minute that is none of them: of the next day where it is more than 24 hours
    to: i64,
}

impl WorkingHours {
    /// Reads `mon-fri 08:00-18:00`.
    ///
    /// # Errors
    /// A sentence about what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut ranges, mut days, mut used) = (Vec::new(), [false; 7], false);
        for part in text.split(',') {
            for word in part.split_whitespace() {
                if word.starts_with(|c: char| c.is_ascii_digit()) {
                    let (from, to) = hours(word)?;
                    ranges.push(HourRange { days, from, to });
                    used = true;
                } else {
                    // Days behind hours are others.
                    days = if std::mem::take(&mut used) { [false; 7] } else { days };
                    add_days(&mut days, word)?;
                }
            }
        }
        let is_of_no_day = |range: &HourRange| !range.days.contains(&true);
        if ranges.is_empty() || !used || ranges.iter().any(is_of_no_day) {
            return Err("days and their hours are needed, as in mon-fri 08:00-18:00".to_owned());
        }
        if ranges.len() > MOST_RANGES {
            return Err(format!("{} ranges of hours: at most {MOST_RANGES} are allowed", ranges.len()));
        }
        Ok(Self { ranges })
    }

    /// Those that begin on a day of the week, in milliseconds after its midnight.
    fn of(&self, weekday: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let is_of = move |range: &&HourRange| usize::try_from(weekday).is_ok_and(|day| range.days[day]);
        self.ranges.iter().filter(is_of).map(|range| (range.from * MINUTE, range.to * MINUTE))
    }
}

/// `mon`, or `mon-fri`; `sat-mon` goes over Sunday.
fn add_days(days: &mut [bool; 7], word: &str) -> Result<(), String> {
    let place = |name: &str| WEEKDAYS.iter().position(|known| *known == name);
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let (Some(first), Some(last)) = (place(first), place(last)) else {
        return Err(format!("{word:?} is no day ({})", WEEKDAYS.join(", ")));
    };
    let count = (last + 7 - first) % 7;
    (first..=first + count).for_each(|day| days[day % 7] = true);
    Ok(())
}

/// `08:00-18:00`: until midnight is `24:00`, and what ends before it begins ends on the next day.
fn hours(word: &str) -> Result<(i64, i64), String> {
    let range = word.split_once('-').and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
    match range {
        Some((from, to)) if from == to || from == 24 * 60 => Err(format!("{word:?} is no time at all")),
        Some((from, to)) if to < from => Ok((from, to + 24 * 60)),
        Some(range) => Ok(range),
        None => Err(format!("{word:?} are no hours: expected 08:00-18:00")),
    }
}

fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str| {
        let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        two.then(|| digits.parse::<i64>().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let sum = hours * 60 + minutes;
    (minutes < 60 && sum <= 24 * 60).then_some(sum)
}

/// The calendar of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractCalendar {
    hours: WorkingHours,
    /// Days since 1970
    holidays: BTreeSet<i64>,
}

impl ContractCalendar {
    /// The calendar with these hours and holidays.
    pub fn new(hours: WorkingHours, holidays: impl IntoIterator<Item = Day>) -> Self {
        Self { hours, holidays: holidays.into_iter().map(Day::since_1970).collect() }
    }

    /// Whether an instant is in working time, by the clocks of a zone.
    pub fn is_working(&self, zone: &ContractZone, at: i64) -> bool {
        let local = zone.local(at);
        let is_within =
            |day: i64, millis: i64| self.begun_on(day).any(|(from, to)| (from..to).contains(&millis));
        is_within(local.day, local.millis) || is_within(local.day - 1, local.millis + DAY)
    }

    /// The working time between two instants by the clocks of a zone: stretches that do not touch, ascending.
    pub fn working_time(&self, zone: &ContractZone, from: i64, until: i64) -> Vec<(i64, i64)> {
        let (mut stretches, mut start) = (Vec::new(), from);
        while start < until {
            let end = zone.next_change(start).map_or(until, |change| change.min(until));
            self.add_unchanged(zone.offset_at(start), (start, end), &mut stretches);
            start = end;
        }
        joined(stretches)
    }

    /// Between two instants with the same offset.
    fn add_unchanged(&self, offset: i64, (start, end): (i64, i64), stretches: &mut Vec<(i64, i64)>) {
        let day = |at: i64| (at + offset).div_euclid(DAY);
        for day in day(start) - 1..=day(end - 1) {
            let midnight = day * DAY - offset;
            let clipped =
                self.begun_on(day).map(|(from, to)| (start.max(midnight + from), end.min(midnight + to)));
            stretches.extend(clipped.filter(|(from, to)| from < to));
        }
    }

    /// The hours that begin on a day, in milliseconds after its midnight.
    fn begun_on(&self, day: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let is_holiday = self.holidays.contains(&day);
        self.hours.of(weekday(day)).filter(move |_| !is_holiday)
    }
}

#[cfg(test)]
mod tests;
