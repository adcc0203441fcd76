use super::*;

#[test]
fn whole_units_are_at_most_as_long() {
    let whole = |millis, unit| Span(millis).whole(Span(unit)).millis();
    assert_eq!(
        [whole(1_999, 1_000), whole(2_000, 1_000), whole(999, 1_000), whole(7, 0)],
        [1_000, 2_000, 0, 7]
    );
}

#[test]
fn one_form_both_ways() {
    for text in [
        "1970-01-01T00:00:00.000Z",
        "2026-03-01T06:00:00.123Z",
        "2000-02-29T23:59:59.999Z",
        "0000-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
    ] {
        assert_eq!(Time::parse(text).expect(text).to_string(), text);
    }
    assert_eq!(Time::parse("2026-03-01T06:00:00.000Z").unwrap().millis(), 1_772_344_800_000);
}

#[test]
fn other_forms_are_refused() {
    for text in [
        "2026-03-01T06:00:00Z",
        "2026-02-29T00:00:00.000Z",
        "2026-03-01T24:00:00.000Z",
        "2026-03-01T06:00:60.000Z",
        "2026-3-01T006:00:00.000Z",
        "+026-03-01T06:00:00.000Z",
        "2026-03-01t06:00:00.000Z",
    ] {
        assert_eq!(Time::parse(text), None, "{text}");
    }
    for (at, byte) in (0..24).flat_map(|at| (0..=255).map(move |byte| (at, byte))) {
        let mut text = *b"2026-11-11T11:11:11.111Z";
        let fits = byte == text[at] || text[at].is_ascii_digit() && byte.is_ascii_digit();
        text[at] = byte;
        assert!(fits || Time::parse_bytes(&text).is_none(), "{}", text.escape_ascii());
    }
}

#[test]
fn every_day_agrees_with_the_calendar_crate() {
    for days in (-719_528..2_932_896).step_by(17) {
        let (year, month, day) = civil_from_days(days);
        let date =
            jiff::civil::date(year.try_into().unwrap(), month.try_into().unwrap(), day.try_into().unwrap());
        let since = date.since(jiff::civil::date(1970, 1, 1)).unwrap();
        assert_eq!(i64::from(since.get_days()), days);
        assert_eq!(days_from_civil(year, month, day), days);
    }
}

#[test]
fn offsets_come_to_utc() {
    let utc = |text| Time::parse_rfc3339(text).map(|time| time.to_string());
    assert_eq!(utc("2026-03-01T07:00:00.1239+01:00").unwrap(), "2026-03-01T06:00:00.123Z");
    assert_eq!(utc("2026-03-01T06:00:00Z").unwrap(), "2026-03-01T06:00:00.000Z");
    assert_eq!(utc("2026-03-01T06:00:00"), None);
    assert_eq!(utc("2026-03-01"), None);
    assert_eq!(utc("2016-12-31T23:59:60Z"), None);
    assert_eq!(utc("2016-12-31T15:59:60.5-08:00"), None);
}

#[test]
fn durations_as_typed() {
    let millis = |text| Span::parse(text).map(Span::millis);
    assert_eq!(millis("1h30m"), Some(5_400_000));
    assert_eq!(millis("250ms"), Some(250));
    assert_eq!(millis("7d"), Some(604_800_000));
    for bad in ["", "5", "m", "30m1h", "1m1m", "-1m", "1.5h", "99999999999999999d", "40000d", "1h 30m"] {
        assert_eq!(millis(bad), None, "{bad}");
    }
    assert_eq!(Span::from_millis(5_400_000).to_string(), "1h30m");
    assert_eq!(Span::from_millis(187_200_000).to_string(), "2d4h");
}
