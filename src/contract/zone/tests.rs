use super::*;

fn millis(text: &str) -> i64 {
    Time::parse_rfc3339(text).unwrap().millis()
}

fn zone(name: &str, offsets: &[(&str, &str)]) -> ContractZone {
    let offset =
        |(at, offset): &(&str, &str)| (Time::parse_rfc3339(at).unwrap(), ZoneOffset::parse(offset).unwrap());
    ContractZone::changing(name, &offsets.iter().map(offset).collect::<Vec<_>>()).unwrap()
}

fn oslo() -> ContractZone {
    zone(
        "Europe/Oslo",
        &[
            ("2026-01-01T00:00:00Z", "+01:00"),
            ("2026-03-29T01:00:00Z", "+02:00"),
            ("2026-10-25T01:00:00Z", "+01:00"),
        ],
    )
}

/// Days since 1970.
fn day(text: &str) -> i64 {
    millis(&format!("{text}T00:00:00Z")) / DAY
}

fn is(at: i64, text: &str) {
    assert_eq!(Time::from_millis(at).unwrap().to_string(), format!("{text}:00.000Z"));
}

#[test]
fn a_day_has_23_24_or_25_hours() {
    let oslo = oslo();
    let hours = |text| (oslo.start_of_day(day(text) + 1) - oslo.start_of_day(day(text))) / HOUR;
    assert_eq!([hours("2026-03-28"), hours("2026-03-29"), hours("2026-10-25")], [24, 23, 25]);
    is(oslo.start_of_day(day("2026-03-29")), "2026-03-28T23:00");
    is(oslo.start_of_day(day("2026-03-30")), "2026-03-29T22:00");
    is(oslo.start_of_day(day("2026-10-25")), "2026-10-24T22:00");
    is(oslo.start_of_day(day("2026-10-26")), "2026-10-25T23:00");
    assert_eq!(oslo.day_at(millis("2026-03-28T22:59:59Z")), day("2026-03-28"));
    assert_eq!(oslo.day_at(millis("2026-03-28T23:00:00Z")), day("2026-03-29"));
}

#[test]
fn a_local_time_that_comes_twice_or_not_at_all_begins_once() {
    let oslo = oslo();
    // 02:30 comes at 00:30Z and at 01:30Z, and in March not at all: it is 03:00 at 01:00Z
    is(oslo.instant_of(day("2026-10-25"), 150), "2026-10-25T00:30");
    is(oslo.instant_of(day("2026-03-29"), 150), "2026-03-29T01:00");
    is(oslo.instant_of(day("2026-03-29"), 180), "2026-03-29T01:00");
    is(oslo.instant_of(day("2026-03-29"), 181), "2026-03-29T01:01");
    is(oslo.instant_of(day("2026-03-29"), 24 * 60), "2026-03-29T22:00");
    let shown = |text| oslo.local(millis(text));
    let moment = |text, minutes: i64| LocalMoment { day: day(text), millis: minutes * MINUTE };
    assert_eq!(shown("2026-03-29T00:59:00Z"), moment("2026-03-29", 119));
    assert_eq!(shown("2026-03-29T01:00:00Z"), moment("2026-03-29", 180));
    assert_eq!(shown("2026-10-25T01:30:00Z"), moment("2026-10-25", 150));
    assert_eq!(shown("2026-10-24T22:00:00Z"), moment("2026-10-25", 0));
    assert_eq!(oslo.next_change(millis("2026-03-29T00:59:59Z")), Some(millis("2026-03-29T01:00:00Z")));
    assert_eq!(oslo.next_change(millis("2026-10-25T01:00:00Z")), None);
}

#[test]
fn hours_are_those_of_the_clock() {
    // Half hours ahead of UTC: 05:30Z is 11:00 there.
    let india = ContractZone::fixed(ZoneOffset::parse("+05:30").unwrap());
    is(india.start_of_hour(millis("2026-03-01T05:45:00Z")), "2026-03-01T05:30");
    is(india.next_hour(millis("2026-03-01T05:30:00Z")), "2026-03-01T06:30");
    is(india.start_of_day(day("2026-03-01")), "2026-02-28T18:30");
    // 02:00 is put back to 01:30 at 15:00Z, so the second 01:30 to 02:00 is half an hour of its own
    let lord_howe = zone(
        "Australia/Lord_Howe",
        &[("2026-01-01T00:00:00Z", "+11:00"), ("2026-04-04T15:00:00Z", "+10:30")],
    );
    is(lord_howe.start_of_hour(millis("2026-04-04T14:59:00Z")), "2026-04-04T14:00");
    is(lord_howe.next_hour(millis("2026-04-04T14:00:00Z")), "2026-04-04T15:00");
    is(lord_howe.start_of_hour(millis("2026-04-04T15:10:00Z")), "2026-04-04T15:00");
    is(lord_howe.next_hour(millis("2026-04-04T15:10:00Z")), "2026-04-04T15:30");
    is(lord_howe.start_of_day(day("2026-04-06")), "2026-04-05T13:30");
    // the hour from 02:00 comes twice
    let oslo = oslo();
    is(oslo.next_hour(millis("2026-10-25T00:00:00Z")), "2026-10-25T01:00");
    is(oslo.start_of_hour(millis("2026-10-25T01:59:00Z")), "2026-10-25T01:00");
}

#[test]
fn a_midnight_that_is_skipped_or_comes_twice_is_one_border() {
    // At midnight of 6 September clocks were put forward to 01:00.
    let santiago =
        zone("America/Santiago", &[("2026-01-01T00:00:00Z", "-04:00"), ("2026-09-06T04:00:00Z", "-03:00")]);
    is(santiago.start_of_day(day("2026-09-06")), "2026-09-06T04:00");
    is(santiago.start_of_day(day("2026-09-07")), "2026-09-07T03:00");
    // One minute past midnight clocks were put back to 23:01, and midnight came again.
    let st_johns =
        zone("America/St_Johns", &[("2010-01-01T00:00:00Z", "-02:30"), ("2010-11-07T02:31:00Z", "-03:30")]);
    is(st_johns.start_of_day(day("2010-11-07")), "2010-11-07T02:30");
    assert_eq!(st_johns.day_at(millis("2010-11-07T02:45:00Z")), day("2010-11-07"));
    assert_eq!(st_johns.local(millis("2010-11-07T02:45:00Z")).day, day("2010-11-06"));
    // 30 December 2011 was no day in Samoa.
    let apia =
        zone("Pacific/Apia", &[("2011-12-01T00:00:00Z", "-10:00"), ("2011-12-30T10:00:00Z", "+14:00")]);
    is(apia.start_of_day(day("2011-12-30")), "2011-12-30T10:00");
    is(apia.start_of_day(day("2011-12-31")), "2011-12-30T10:00");
    assert_eq!(apia.day_at(millis("2011-12-30T10:00:00Z")), day("2011-12-31"));
}

#[test]
fn monday_is_the_first_day() {
    assert_eq!([weekday(day("2026-03-02")), weekday(day("2026-03-01")), weekday(0)], [0, 6, 3]);
    assert_eq!(weekday(day("1969-12-29")), 0);
}

#[test]
fn a_zone_is_shown_as_it_was_signed() {
    let shown = oslo().shown().unwrap();
    let show = |text| shown.show(Time::parse_rfc3339(text).unwrap());
    assert_eq!(show("2026-02-01T00:00:00Z"), "2026-02-01 01:00:00 +01:00");
    assert_eq!(show("2026-03-29T00:59:59Z"), "2026-03-29 01:59:59 +01:00");
    assert_eq!(show("2026-03-29T01:00:00Z"), "2026-03-29 03:00:00 +02:00");
    assert_eq!(show("2026-12-01T00:00:00Z"), "2026-12-01 01:00:00 +01:00");
    assert_eq!(show("2025-12-01T00:00:00Z"), "2025-12-01 01:00:00 +01:00");
    let india = ContractZone::fixed(ZoneOffset::parse("+05:30").unwrap()).shown().unwrap();
    assert_eq!(india.show(Time::EPOCH), "1970-01-01 05:30:00 +05:30");
}
