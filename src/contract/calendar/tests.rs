use super::*;
use crate::time::{Time, ZoneOffset};

fn millis(text: &str) -> i64 {
    Time::parse_rfc3339(text).unwrap().millis()
}

fn berlin() -> ContractZone {
    let offsets = [("2026-01-01", "+01:00"), ("2026-03-29", "+02:00"), ("2026-10-25", "+01:00")];
    let offset = |(day, offset): (&str, &str)| {
        (Time::parse_rfc3339(&format!("{day}T01:00:00Z")).unwrap(), ZoneOffset::parse(offset).unwrap())
    };
    ContractZone::changing("Europe/Berlin", &offsets.map(offset)).unwrap()
}

fn calendar(work: &str, holidays: &[&str]) -> ContractCalendar {
    let holidays = holidays.iter().map(|day| Day::parse(day).unwrap());
    ContractCalendar::new(WorkingHours::parse(work).unwrap(), holidays)
}

/// The working time between two instants of Berlin, as it is in UTC, day and minutes.
fn working(work: &str, holidays: &[&str], from: &str, until: &str) -> Vec<String> {
    let zone = berlin();
    let calendar = calendar(work, holidays);
    let stretches = calendar.working_time(&zone, millis(from), millis(until));
    for (start, end) in &stretches {
        let is = |at: i64| calendar.is_working(&zone, at);
        assert!(is(*start) && is(*end - 1), "{work}");
        assert!(
            (!is(*start - 1) || *start == millis(from)) && (!is(*end) || *end == millis(until)),
            "{work}"
        );
    }
    let show = |at: i64| Time::from_millis(at).unwrap().to_string()[5..16].to_owned();
    stretches.iter().map(|(start, end)| format!("{}–{}", show(*start), show(*end))).collect()
}

#[test]
fn hours_are_those_of_the_zone() {
    // From Friday to Tuesday, over the change of the clocks on Sunday: 08:00 is 07:00Z before, and 06:00Z after.
    assert_eq!(
        working("mon-fri 08:00-18:00", &[], "2026-03-27T00:00:00Z", "2026-03-31T12:00:00Z"),
        ["03-27T07:00–03-27T17:00", "03-30T06:00–03-30T16:00", "03-31T06:00–03-31T12:00"]
    );
    // A holiday is one of the zone: 1 May begins at 22:00Z of 30 April, and ends at 22:00Z.
    assert_eq!(
        working("mon-sun 00:00-24:00", &["2026-05-01"], "2026-04-30T12:00:00Z", "2026-05-02T12:00:00Z"),
        ["04-30T12:00–04-30T22:00", "05-01T22:00–05-02T12:00"]
    );
}

#[test]
fn an_hour_that_comes_twice_is_worked_twice_and_one_that_is_skipped_is_not() {
    // 25 October: 02:00 to 03:00 comes twice, 00:00Z to 02:00Z, so 01:00 to 02:30 is worked until 00:30Z, and again
    // from 01:00Z, when it is 02:00 once more, until 01:30Z.
    assert_eq!(
        working("sun 01:00-02:30", &[], "2026-10-24T20:00:00Z", "2026-10-25T12:00:00Z"),
        ["10-24T23:00–10-25T00:30", "10-25T01:00–10-25T01:30"]
    );
    assert_eq!(
        working("sun 01:00-03:30", &[], "2026-10-24T20:00:00Z", "2026-10-25T12:00:00Z"),
        ["10-24T23:00–10-25T02:30"]
    );
    // 29 March: 02:00 to 03:00 does not come.
    assert_eq!(
        working("sun 01:30-03:30", &[], "2026-03-28T20:00:00Z", "2026-03-29T12:00:00Z"),
        ["03-29T00:30–03-29T01:30"]
    );
    assert_eq!(working("sun 02:00-03:00", &[], "2026-03-28T20:00:00Z", "2026-03-29T12:00:00Z"), [""; 0]);
}

#[test]
fn work_goes_over_midnight() {
    // Sunday's night ends on Monday at 06:00, which is 05:00Z; the one that began before it is known is worked, too.
    assert_eq!(
        working("sun-thu 22:00-06:00", &[], "2026-03-05T23:00:00Z", "2026-03-09T12:00:00Z"),
        ["03-05T23:00–03-06T05:00", "03-08T21:00–03-09T05:00"]
    );
    // The night of a holiday is not worked, on neither of its days, and the one before it is.
    assert_eq!(
        working("mon-sun 22:00-06:00", &["2026-03-03"], "2026-03-02T12:00:00Z", "2026-03-05T12:00:00Z"),
        ["03-02T21:00–03-03T05:00", "03-04T21:00–03-05T05:00"]
    );
    assert_eq!(
        working("mon 18:00-24:00, tue 00:00-01:00", &[], "2026-03-02T12:00:00Z", "2026-03-05T12:00:00Z"),
        ["03-02T17:00–03-03T00:00"]
    );
}

#[test]
fn days_hold_until_others_are_named() {
    let same =
        |a, b| assert_eq!(WorkingHours::parse(a).unwrap().ranges, WorkingHours::parse(b).unwrap().ranges);
    same("mon-fri 08:00-12:00, 13:00-18:00", "mon-fri 08:00-12:00, mon-fri 13:00-18:00");
    same("mon, wed, fri 08:00-18:00", "mon wed fri 08:00-18:00");
    same("sat-mon 08:00-18:00", "sun,mon,sat 08:00-18:00");
    same("mon 08:00-12:00 13:00-18:00", "mon 08:00-12:00,mon 13:00-18:00");
    assert_ne!(WorkingHours::parse("mon-sun 08:00-18:00"), WorkingHours::parse("mon 08:00-18:00"));
    let ranges = WorkingHours::parse("mon 08:00-12:00, tue 13:00-18:00").unwrap().ranges;
    assert_eq!([ranges[0].days[1], ranges[1].days[0], ranges[1].days[1]], [false, false, true]);
}

#[test]
fn what_is_no_working_time_is_refused() {
    let refused = |text: &str| WorkingHours::parse(text).unwrap_err();
    let needed = "days and their hours are needed, as in mon-fri 08:00-18:00";
    for text in ["", " ", ",", "mon-fri", "08:00-18:00", "mon 08:00-18:00, tue"] {
        assert_eq!(refused(text), needed, "{text}");
    }
    assert_eq!(refused("Mon 08:00-18:00"), "\"Mon\" is no day (mon, tue, wed, thu, fri, sat, sun)");
    assert_eq!(refused("mon-fry 08:00-18:00"), "\"mon-fry\" is no day (mon, tue, wed, thu, fri, sat, sun)");
    for hours in ["8:00-18:00", "08:00", "08:00-18:60", "08:00-24:01", "08-18", "08:00–18:00"] {
        assert_eq!(refused(&format!("mon {hours}")), format!("{hours:?} are no hours: expected 08:00-18:00"));
    }
    for hours in ["08:00-08:00", "24:00-06:00"] {
        assert_eq!(refused(&format!("mon {hours}")), format!("{hours:?} is no time at all"));
    }
    assert!(refused(&format!("mon{}", " 08:00-18:00".repeat(51))).starts_with("51 ranges"));
}
