//! Ticks of a time axis: round times, as clocks somewhere show them.
//!
//! ```text
//! 18:00        00:00        06:00           every six hours
//! 2026-02-28   2026-03-01                   the date where it changes
//! ```

use super::{Time, Zone, civil_from_days, days_from_civil};

/// A round time on an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeTick {
    /// When it is
    pub at: Time,
    /// What clocks show then, or the day, month or year that begins
    pub label: String,
    /// The day, where the label does not say it; `None`: that of the tick before, or the label says it
    pub date: Option<String>,
}

/// How far ticks are apart.
#[derive(Clone, Copy)]
enum Step {
    /// A part of a day
    Millis(i64),
    Days(i64),
    Months(i64),
}

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// From fine to coarse. Each of the first divides a day, so that ticks stand at the same times on every day.
const STEPS: &[Step] = &[
    Step::Millis(1),
    Step::Millis(10),
    Step::Millis(100),
    Step::Millis(SECOND),
    Step::Millis(2 * SECOND),
    Step::Millis(5 * SECOND),
    Step::Millis(10 * SECOND),
    Step::Millis(15 * SECOND),
    Step::Millis(30 * SECOND),
    Step::Millis(MINUTE),
    Step::Millis(2 * MINUTE),
    Step::Millis(5 * MINUTE),
    Step::Millis(10 * MINUTE),
    Step::Millis(15 * MINUTE),
    Step::Millis(30 * MINUTE),
    Step::Millis(HOUR),
    Step::Millis(2 * HOUR),
    Step::Millis(3 * HOUR),
    Step::Millis(6 * HOUR),
    Step::Millis(12 * HOUR),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(240),
    Step::Months(600),
    Step::Months(1_200),
    Step::Months(6_000),
    Step::Months(12_000),
    Step::Months(60_000),
];

/// 1970-01-05: weeks begin on a Monday.
const A_MONDAY: i64 = 4;

impl Zone {
    /// Round times from one instant to another, both counted: about as many as asked for, or fewer.
    pub fn ticks(&self, from: Time, to: Time, most: usize) -> Vec<TimeTick> {
        let most = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
        let fits = |step: &&Step| (to.0 - from.0) / step.millis() < most;
        let step = *STEPS.iter().find(fits).unwrap_or(&STEPS[STEPS.len() - 1]);
        let ends = [from, to].map(|end| step.number(end.0 + i64::from(self.offset_seconds(end)) * SECOND));
        // Where clocks are put back, the last tick may lie behind the local time of the end.
        let locals = (ends[0]..=ends[1].max(ends[0]) + 1).map(|number| step.local(number));
        let instants = locals.filter_map(|local| self.instant_of(local));
        let mut ticks: Vec<TimeTick> = Vec::new();
        let mut date = String::new();
        for at in instants.filter(|at| (from..=to).contains(at)) {
            let local = self.local(at);
            let is_new = step.is_within_a_day() && local.date != date;
            ticks.push(TimeTick {
                at,
                label: step.label(at, &local.date, &local.clock),
                date: is_new.then(|| local.date.clone()),
            });
            date = local.date;
        }
        ticks
    }

    /// The instant of a local time in milliseconds; `None`: clocks skip it.
    fn instant_of(&self, local: i64) -> Option<Time> {
        let before = |offset_at: i64| {
            let offset = self.offset_seconds(Time::from_millis(offset_at)?);
            Time::from_millis(local - i64::from(offset) * SECOND)
        };
        let guess = before(local)?;
        let is_it = |time: &Time| time.0 + i64::from(self.offset_seconds(*time)) * SECOND == local;
        [Some(guess), before(guess.0)].into_iter().flatten().find(is_it)
    }
}

impl Step {
    /// About how long it is.
    fn millis(self) -> i64 {
        match self {
            Self::Millis(millis) => millis,
            Self::Days(days) => days * DAY,
            Self::Months(months) => months * 30 * DAY,
        }
    }

    fn is_within_a_day(self) -> bool {
        matches!(self, Self::Millis(_))
    }

    /// The number of the step that a local time lies in.
    fn number(self, local: i64) -> i64 {
        let day = local.div_euclid(DAY);
        match self {
            Self::Millis(millis) => local.div_euclid(millis),
            Self::Days(days) => (day - A_MONDAY).div_euclid(days),
            Self::Months(months) => {
                let (year, month, _) = civil_from_days(day);
                (year * 12 + month - 1).div_euclid(months)
            }
        }
    }

    /// The local time in milliseconds at which a step begins.
    fn local(self, number: i64) -> i64 {
        match self {
            Self::Millis(millis) => number * millis,
            Self::Days(days) => (number * days + A_MONDAY) * DAY,
            Self::Months(months) => {
                let month = number * months;
                days_from_civil(month.div_euclid(12), month.rem_euclid(12) + 1, 1) * DAY
            }
        }
    }

    fn label(self, at: Time, date: &str, clock: &str) -> String {
        match self {
            Self::Millis(millis) if millis < SECOND => format!("{clock}.{:03}", at.0.rem_euclid(SECOND)),
            Self::Millis(millis) if millis < MINUTE => clock.to_owned(),
            Self::Millis(_) => clock[..5].to_owned(),
            Self::Days(_) => date.to_owned(),
            Self::Months(months) if months < 12 => date[..7].to_owned(),
            Self::Months(_) => date[..4].to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(rule: &str, from: &str, to: &str, most: usize) -> Vec<String> {
        let [from, to] = [from, to].map(|text| Time::parse_rfc3339(text).unwrap());
        let ticks = Zone::posix(rule).unwrap().ticks(from, to, most);
        assert!(ticks.len() <= most + 1, "{ticks:?}");
        let shown = |tick: TimeTick| match tick.date {
            Some(date) => format!("{date} {}", tick.label),
            None => tick.label,
        };
        ticks.into_iter().map(shown).collect()
    }

    #[test]
    fn ticks_are_round_where_they_are_read() {
        let hours = ticks("XYZ-5:30", "2026-03-01T16:00:00Z", "2026-03-02T04:00:00Z", 6);
        assert_eq!(hours, ["2026-03-02 00:00", "03:00", "06:00", "09:00"]);
        let minutes = ticks("UTC0", "2026-03-01T23:58:30Z", "2026-03-02T00:01:00Z", 4);
        assert_eq!(minutes, ["2026-03-01 23:59", "2026-03-02 00:00", "00:01"]);
        let millis = ticks("UTC0", "2026-03-01T06:00:00.005Z", "2026-03-01T06:00:00.030Z", 4);
        assert_eq!(millis, ["2026-03-01 06:00:00.010", "06:00:00.020", "06:00:00.030"]);
    }

    #[test]
    fn days_weeks_months_and_years_begin_there() {
        let days = ticks("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", 3);
        assert_eq!(days, ["2026-03-29", "2026-03-30"]);
        let weeks = ticks("UTC0", "2026-03-01T00:00:00Z", "2026-03-31T00:00:00Z", 5);
        assert_eq!(weeks, ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]);
        let months = ticks("UTC0", "2025-11-02T00:00:00Z", "2026-02-03T00:00:00Z", 4);
        assert_eq!(months, ["2025-12", "2026-01", "2026-02"]);
        let years = ticks("UTC0", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 4);
        assert_eq!(years, ["0000", "5000"]);
    }

    /// At 2 o'clock clocks in Berlin are put forward to 3, and in autumn back from 3 to 2.
    #[test]
    fn a_change_of_clocks_skips_no_other_tick() {
        let berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
        let spring = ticks(berlin, "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z", 4);
        assert_eq!(spring, ["2026-03-29 01:00", "03:00", "04:00"]);
        let autumn = ticks(berlin, "2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z", 4);
        assert_eq!(autumn, ["2026-10-25 02:00", "03:00", "04:00"]);
        let long = ticks(berlin, "2026-10-24T22:00:00Z", "2026-10-26T00:00:00Z", 5);
        assert_eq!(long, ["2026-10-25 00:00", "06:00", "12:00", "18:00", "2026-10-26 00:00"]);
    }

    #[test]
    fn a_single_instant_has_one_tick_at_most() {
        let at = "2026-03-01T06:00:00.001Z";
        assert_eq!(ticks("UTC0", at, at, 1), ["2026-03-01 06:00:00.001"]);
    }
}
