//! The date of a reading: a device's clock is a witness, not the truth.
//!
//! Receivers of satellites count weeks in ten bits; one that is too old shows dates 1,024 weeks back, or 2,048. That is said and
//! not mended.
//!
//! A date of numbers alone may have its day first, against the standard: 21-07-26 is 2021 or 2026. Which of the two it is shows only where
//! the machine's date agrees with one of them; a date that the standard's order puts elsewhere dates nothing.
//!
//! A frame may say more dates: of a peak, of a failure, of what a gas meter counted. What was measured may be years old, but not to come;
//! a date that cannot be right is null, and what was sent is kept.

use crate::{
    json::Value,
    record::reading::{ReadingBody, ReadingClock, RecordTime},
    time::Time,
};

/// 2020-01-01: a clock before it was never set.
const FIRST: i64 = 1_577_836_800_000;

/// 2001-01-01: a date of an event before it is one of a clock that was never set, and began in 1970, 1980, 1999 or 2000.
const FIRST_OF_PART: i64 = 978_307_200_000;

/// 2100-01-01: a clock behind it was set wrong.
const END: i64 = 4_102_444_800_000;

/// How far a device may be ahead of a machine whose clock is right, in milliseconds.
const AHEAD: i64 = 86_400_000;

/// How far it may be ahead of a machine that nothing synchronises and that may have been off for months.
const AHEAD_OF_UNSYNCHRONISED: i64 = 366 * 86_400_000;

/// The name under which the device's word is kept where it does not date the reading.
pub(super) const DEVICE_TIME: &str = "device_time";

/// The receiver's own time, in formats that have one.
const UTC: &str = "utc";

/// The name of what is suspect about a reading.
const SUSPECT: &str = "suspect";

/// After so many milliseconds the number of a week begins anew.
const WEEKS: i64 = 1_024 * 7 * 86_400_000;

/// Lets the machine date a reading whose device has a clock that cannot be right; the device's word stays a value.
pub(super) fn date(body: &mut ReadingBody, now: RecordTime) {
    if body.time.is_some_and(|time| body.time_day_first.is_some_and(|other| has_day_first(time, other, now)))
    {
        body.time = None;
        body.add(DEVICE_TIME, Value::Null);
    }
    if let Some(time) = body.time.take_if(|time| !is_plausible(*time, now)) {
        body.add(DEVICE_TIME, time.to_string());
    }
    let latest = latest_of_part(body.time, now);
    body.judge_dates(|time| (FIRST_OF_PART..=latest).contains(&time.millis()));
    if body.values.str(UTC).and_then(Time::parse).is_some_and(|time| is_rolled_over(time, now)) {
        body.add(SUSPECT, "rollover");
    }
}

/// Whether a date cannot be right, or is not of today, and its day is the number that should be its year: then it would be.
fn has_day_first(time: Time, day_first: Time, now: RecordTime) -> bool {
    let is_today =
        |time: Time| now.time.is_some_and(|now| now.millis().abs_diff(time.millis()) <= AHEAD.unsigned_abs());
    let may_be = if is_plausible(time, now) { is_today(day_first) } else { is_plausible(day_first, now) };
    may_be && !is_today(time)
}

/// Whether a date that cannot be right would be, so many weeks later.
fn is_rolled_over(time: Time, now: RecordTime) -> bool {
    let later = [WEEKS, 2 * WEEKS].map(|weeks| Time::from_millis(time.millis() + weeks));
    time.millis() < FIRST && later.into_iter().flatten().any(|time| is_plausible(time, now))
}

/// Whether a device's clock may be right: not before 2020, and no further ahead of the machine than that may be behind.
fn is_plausible(time: Time, now: RecordTime) -> bool {
    (FIRST..=latest(now)).contains(&time.millis())
}

/// How late it may be at most.
fn latest(now: RecordTime) -> i64 {
    let ahead = if now.clock == ReadingClock::Synced { AHEAD } else { AHEAD_OF_UNSYNCHRONISED };
    now.time.map_or(END - 1, |now| now.millis() + ahead)
}

/// The latest date that a part of a reading may have: what was measured was not so after it was told. It may have been years ago.
fn latest_of_part(told: Option<Time>, now: RecordTime) -> i64 {
    told.map_or(i64::MAX, |told| told.millis() + AHEAD).min(latest(now))
}

#[cfg(test)]
mod tests {
    use ReadingClock::{Synced, Unsynced};

    use super::*;
    use crate::record::reading::{Integrity, PartDate};

    /// What dates a reading, and what is kept of the device's word.
    fn dated(time: &str, clock: ReadingClock) -> (bool, String) {
        let now = RecordTime { time: Time::parse("2026-07-15T10:00:00.000Z"), up: 0, clock };
        let mut body = ReadingBody::new(Integrity::None);
        body.time = Time::parse(time);
        date(&mut body, now);
        (body.time.is_some(), body.values.to_canonical())
    }

    #[test]
    fn a_clock_that_cannot_be_right_dates_nothing_and_is_kept() {
        let kept = |time: &str| (false, format!(r#"{{"device_time":"{time}"}}"#));
        let by_itself = (true, "{}".to_owned());
        let old = "2019-12-31T23:59:59.999Z";
        assert_eq!(dated(old, ReadingClock::Unknown), kept(old));
        assert_eq!(dated("2020-01-01T00:00:00.000Z", ReadingClock::Synced), by_itself);
        assert_eq!(dated("2026-07-16T10:00:00.000Z", ReadingClock::Synced), by_itself);
        let ahead = "2026-07-16T10:00:00.001Z";
        assert_eq!(dated(ahead, ReadingClock::Synced), kept(ahead));
        assert_eq!(dated(ahead, ReadingClock::Unsynced), by_itself, "the machine may be behind");
        for behind in [ReadingClock::Unsynced, ReadingClock::Unknown] {
            assert_eq!(dated("2027-07-16T10:00:00.000Z", behind), by_itself);
            for never in ["2027-07-16T10:00:00.001Z", "2036-02-07T06:28:16.000Z", "2106-02-07T06:28:16.000Z"]
            {
                assert_eq!(dated(never, behind), kept(never));
            }
        }
    }

    #[test]
    fn a_date_with_its_day_first_dates_nothing() {
        let dated = |time: &str, day_first: &str| {
            let now = RecordTime { time: Time::parse("2026-07-21T10:00:00.000Z"), up: 0, clock: Synced };
            let mut body = ReadingBody::new(Integrity::Checksum);
            (body.time, body.time_day_first) = (Time::parse(time), Time::parse(day_first));
            date(&mut body, now);
            (body.time.map(|time| time.to_string()), body.values.to_canonical())
        };
        let [first, other] = ["2021-07-26T06:15:30.000Z", "2026-07-21T06:15:30.000Z"];
        let unknown = (None, r#"{"device_time":null}"#.to_owned());
        assert_eq!(dated(first, other), unknown, "21-07-26 on 21 July 2026");
        assert_eq!(
            dated("2015-07-26T06:15:30.000Z", "2026-07-15T06:15:30.000Z"),
            unknown,
            "15-07-26 some days later"
        );
        let by_itself = |time: &str| (Some(time.to_owned()), "{}".to_owned());
        assert_eq!(dated(other, first), by_itself(other), "26-07-21 on that day");
        let recorded = "2026-06-20T06:15:30.000Z";
        assert_eq!(
            dated(recorded, "2020-06-26T06:15:30.000Z"),
            by_itself(recorded),
            "26-06-20 a month later"
        );
        let unset = "2000-01-01T06:15:30.000Z";
        assert_eq!(dated(unset, ""), (None, format!(r#"{{"device_time":"{unset}"}}"#)));
    }

    #[test]
    fn a_machine_without_a_date_takes_the_devices_of_this_century() {
        let now = RecordTime { time: None, up: 0, clock: ReadingClock::Unsynced };
        let plausible = |time: &str| is_plausible(Time::parse(time).unwrap(), now);
        assert!(plausible("2099-12-31T23:59:59.999Z"));
        assert!(!plausible("2100-01-01T00:00:00.000Z"));
        assert!(!plausible("2019-12-31T23:59:59.999Z"));
    }

    #[test]
    fn a_date_of_a_part_may_be_years_ago_and_is_not_to_come() {
        let of = |part: &str, told: Option<&str>, time: Option<&str>, clock| {
            let mut body = ReadingBody::new(Integrity::None);
            body.time = told.and_then(Time::parse);
            body.add("end", part);
            let [name, code, sent] = ["end", "1-0:99.97.0", "(x)"].map(Into::into);
            body.dates.push(PartDate { name, time: Time::parse(part).unwrap(), code, sent });
            date(&mut body, RecordTime { time: time.and_then(Time::parse), up: 0, clock });
            let is_kept = body.values.str("end") == Some(part);
            assert_eq!(body.undecoded.str("1-0:99.97.0"), (!is_kept).then_some("(x)"));
            is_kept
        };
        let (now, told) = (Some("2026-07-15T10:00:00.000Z"), Some("2026-07-14T10:00:00.000Z"));
        for old in ["2001-01-01T00:00:00.000Z", "2010-12-08T14:24:15.000Z", "2026-07-15T09:00:00.000Z"] {
            assert!(of(old, told, now, Synced) && of(old, told, None, Unsynced), "{old}");
        }
        for never in ["1970-01-01T00:00:00.000Z", "1999-12-31T23:00:01.000Z", "2000-12-31T23:59:59.999Z"] {
            assert!(!of(never, told, now, Synced) && !of(never, None, None, Unsynced), "{never}");
        }
        let ahead = "2026-07-15T10:00:00.001Z";
        assert!(of(ahead, None, now, Synced), "a clock may be wrong by a day");
        assert!(!of(ahead, told, now, Synced), "later than it was told");
        assert!(!of("2026-07-16T10:00:00.001Z", None, now, Synced));
        assert!(of("2026-07-16T10:00:00.001Z", None, now, Unsynced), "the machine may be behind");
        for never in ["2028-01-01T20:00:00.000Z", "2070-01-01T00:00:00.000Z", "2096-10-02T07:06:40.000Z"] {
            assert!(!of(never, None, now, Unsynced) && !of(never, told, None, Unsynced), "{never}");
        }
    }

    #[test]
    fn a_date_of_1024_weeks_ago_is_suspect_and_stays() {
        let now =
            RecordTime { time: Time::parse("2026-07-15T10:00:00.000Z"), up: 0, clock: ReadingClock::Synced };
        let suspect = |utc: &str| {
            let mut body = ReadingBody::new(Integrity::None);
            body.add(UTC, utc);
            date(&mut body, now);
            (body.values.str(UTC) == Some(utc), body.values.str(SUSPECT).is_some())
        };
        assert_eq!(suspect("2006-11-29T10:00:00.000Z"), (true, true));
        assert_eq!(suspect("1987-04-15T10:00:00.000Z"), (true, true));
        assert_eq!(suspect("2011-02-21T10:00:00.000Z"), (true, false), "an old log");
        assert_eq!(suspect("2026-07-15T10:00:00.000Z"), (true, false));
        assert_eq!(suspect("10:00:00.000"), (true, false));
    }
}
