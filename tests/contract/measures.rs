//! Terms that measure: what each measure comes to over its buckets, worked out by hand, and what unknown time leaves of it.

use super::days::*;

const PROBE: (&str, &str) = ("probe", "t");

/// Two days under one term.
fn two_days(condition: &str, more: &str) -> Days<'static> {
    let (from, to) = ("2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z");
    Days { from, to, zone: "+00:00", hold: "20m", rest: measure(condition, more) }
}

/// Three hours under one term, by the hour.
fn hours(condition: &str, more: &str) -> Days<'static> {
    let (from, to) = ("2026-03-01T06:00:00Z", "2026-03-01T09:00:00Z");
    let more = format!("each = \"hour\"\n{more}");
    Days { from, to, zone: "+00:00", hold: "20m", rest: measure(condition, &more) }
}

/// The same of the probe alone.
fn hours_of_probe(condition: &str) -> Days<'static> {
    hours(condition, "on = \"probe\"")
}

/// What the term comes to over three hours of readings every ten minutes; `-` is none, and the rest of them stay away.
fn over_hours(condition: &str, values: &str) -> String {
    let values: Vec<&str> = values.split(' ').collect();
    let value = |minutes: i64| {
        let value = values.get(usize::try_from(minutes / 10).unwrap())?;
        (*value != "-").then(|| (*value).to_owned())
    };
    let readings = series(PROBE, "2026-03-01T06:00:00Z", 10, 18, value);
    term(&hours_of_probe(condition).verdict(&readings))
}

fn steps(of: &[(i64, &str)]) -> impl Fn(i64) -> Option<String> {
    let of: Vec<_> = of.iter().map(|(from, value)| (*from, (*value).to_owned())).collect();
    move |minutes| of.iter().rev().find(|(from, _)| *from <= minutes).map(|(_, value)| value.clone())
}

fn every_ten_minutes(of: &[(i64, &str)]) -> Vec<Reading> {
    series(PROBE, "2026-03-01T00:00:00Z", 10, 288, steps(of))
}

#[test]
fn the_average_of_a_day_weighs_by_time() {
    // 12 h at 20 and 12 h at 30 are 25; 12 h at 20 and 12 h at 31 are 25.5
    let days = every_ten_minutes(&[(0, "20"), (720, "30"), (1_440, "20"), (2_160, "31")]);
    let of = |limit| term(&two_days(&format!("avg(t) <= {limit}"), "each = \"day\"").verdict(&days));
    assert_eq!(of("25.5"), "kept");
    assert_eq!(of("25.4"), "breached 03-02T00:00..03-03T00:00 25.5!");
    // over both days (25 + 25.5) / 2
    let both = |limit| term(&two_days(&format!("avg(t) <= {limit}"), "each = \"period\"").verdict(&days));
    assert_eq!(both("25.25"), "kept");
    assert_eq!(both("25.24"), "breached 03-01T00:00..03-03T00:00 25.25!");
    // readings that come more often weigh no more: 18 h of 144 readings, then 6 h of 24
    let mut uneven = series(PROBE, "2026-03-01T00:00:00Z", 7, 155, |_| Some("20".to_owned()));
    uneven.extend(series(PROBE, "2026-03-01T18:05:00Z", 15, 120, |_| Some("30".to_owned())));
    uneven.retain(|reading| reading.time < time("2026-03-02T00:00:00Z"));
    // (18 h 5 m × 20 + 5 h 55 m × 30) / 24 h = (1085 × 20 + 355 × 30) / 1440 = 32350 / 1440 = 22.465277…
    let verdict = two_days("avg(t) <= 22.4", "each = \"day\"\non = \"probe\"").verdict(&uneven);
    assert_eq!(term(&verdict), "breached 03-01T00:00..03-02T00:00 22.465277777777777778!");
}

#[test]
fn so_many_buckets_may_fail() {
    let days = every_ten_minutes(&[(0, "20"), (720, "30"), (1_440, "20"), (2_160, "31")]);
    let of = |most| {
        let more = format!("each = \"12h\"\ntolerate = {{ count = {most} }}");
        term(&two_days("max(t) < 30", &more).verdict(&days))
    };
    // two halves of days fail, the second and the fourth; more than so many breach
    let [second, fourth] = ["03-01T12:00..03-02T00:00 30", "03-02T12:00..03-03T00:00 31"];
    assert_eq!(of(2), format!("kept {second} {fourth}"));
    assert_eq!(of(1), format!("breached {second} {fourth}!"));
    assert_eq!(of(0), format!("breached {second}! {fourth}!"));
}

#[test]
fn a_value_speaks_over_the_border_of_a_bucket_and_a_reading_does_not() {
    // 9.5 is read at 06:50 and speaks until 07:10
    let values = "4 4 4 4 4 9.5 - 5 5 5 5 5 5 5 5 5 5 5";
    let of = |condition: &str| over_hours(condition, values);
    let [six, seven] = ["03-01T06:00..03-01T07:00", "03-01T07:00..03-01T08:00"];
    assert_eq!(of("max(t) <= 8"), format!("breached {six} 9.5! {seven} 9.5!"));
    assert_eq!(of("min(t) > 4.5"), format!("breached {six} 4!"));
    // 50 m of 4 and 10 m of 9.5; 10 m of 9.5 and 50 m of 5: 29.5 / 6 and 34.5 / 6
    assert_eq!(of("avg(t) < 5"), format!("breached {seven} 5.75! 03-01T08:00..03-01T09:00 5!"));
    assert_eq!(
        of("avg(t) <= 4.9"),
        format!("breached {six} 4.916666666666666667! {seven} 5.75! 03-01T08:00..03-01T09:00 5!")
    );
    assert_eq!(of("seconds(t > 8) < 600"), format!("breached {six}! {seven}!").replace('!', " 600!"));
    assert_eq!(of("seconds(t > 8) <= 10m"), "kept");
    // readings belong to the hour in which they were made: six, five, six of them
    assert_eq!(of("count() >= 6"), format!("breached {seven} 5!"));
    assert_eq!(of("count(t > 8) == 0"), format!("breached {six}!"));
    assert_eq!(of("sum(t) > 25"), format!("breached {seven} 25!"));
    assert_eq!(of("first(t) == 4 || last(t) == 5"), "kept");
    assert_eq!(of("last(t) == 5"), format!("breached {six}!"));
}

#[test]
fn what_is_unknown_leaves_a_bound_that_may_decide() {
    // nothing is known from 07:30 to 08:10
    let values = "5 5 5 5 5 5 9 5 - - - - - 5 5 3 5 5";
    let of = |condition: &str| over_hours(condition, values);
    let seven = "03-01T07:00..03-01T08:00";
    assert_eq!(of("max(t) <= 8"), format!("breached {seven} 9!"), "9 was seen, whatever else there was");
    assert_eq!(of("max(t) <= 9"), "undetermined");
    assert_eq!(of("max(t) > 4"), "kept", "it was 5 and more at some time of each hour");
    assert_eq!(of("min(t) >= 4"), "breached 03-01T08:00..03-01T09:00 3!");
    assert_eq!(of("min(t) >= 3"), "undetermined");
    assert_eq!(of("min(t) <= 5"), "kept");
    assert_eq!(of("max(t) - min(t) <= 3"), format!("breached {seven}!"), "at least 9 − 5");
    assert_eq!(of("max(t) - min(t) <= 4"), "undetermined");
    assert_eq!(of("seconds(t > 8) < 600"), format!("breached {seven} 600!"));
    assert_eq!(of("seconds(t > 8) <= 600"), "undetermined");
    assert_eq!(of("count(t > 8) == 0"), format!("breached {seven}!"));
    assert_eq!(of("count(t > 8) <= 1"), "undetermined");
    assert_eq!(of("rise(t, 1h) < 4"), "undetermined", "from 5 to 9 within an hour, but over the border");
    assert_eq!(of("rise(t, 1h) < 2"), "breached 03-01T08:00..03-01T09:00 2!");
    for unknown in ["avg(t) < 100", "sum(t) < 1000", "first(t) < 100", "last(t) < 100", "mkt(t) < 100"] {
        assert_eq!(of(unknown), "undetermined", "{unknown}");
    }
    // a reading that was not made is none: two in the second hour, five in the third
    assert_eq!(of("count() >= 2"), "kept");
    assert_eq!(of("count() >= 3"), format!("breached {seven} 2!"));
    assert_eq!(of("avg(t) < 100 && count() < 6"), "breached 03-01T06:00..03-01T07:00!");
}

#[test]
fn of_a_bucket_without_readings_only_that_is_known() {
    let values = "5 5 5 5 5 5 5 5 5 5 5 5";
    // 5 speaks until 08:10, then it is unknown; that there was no reading is known
    assert_eq!(over_hours("max(t) <= 8", values), "undetermined");
    assert_eq!(over_hours("count() >= 1", values), "breached 03-01T08:00..03-01T09:00 0!");
    assert_eq!(over_hours("count() >= 1", "5 5 5 5 5 5"), {
        "breached 03-01T07:00..03-01T08:00 0! 03-01T08:00..03-01T09:00 0!"
    });
    assert_eq!(over_hours("max(t) <= 8", "-"), "undetermined");
    assert_eq!(over_hours("count() == 0", "-"), "kept");
    let unknown = |values| {
        let readings = series(PROBE, "2026-03-01T06:00:00Z", 10, values, |_| Some("5".to_owned()));
        let verdict = hours("avg(t) <= 8", "").verdict(&readings);
        let term = verdict.get("terms").unwrap().as_array().unwrap()[0].as_object().unwrap().clone();
        term.get("unknown_ms").unwrap().as_u64().unwrap() / 60_000
    };
    // the second hour from 07:10 on and the third; the third from 08:50 on: buckets as a whole
    assert_eq!([unknown(6), unknown(16), unknown(18)], [120, 60, 0]);
}

#[test]
fn records_that_are_missing_are_not_none() {
    let reading = |minutes: i64, seq| {
        let at = time("2026-03-01T06:00:00Z")
            .saturating_add(counterfoil::time::Span::from_millis(minutes * 60_000));
        Reading::new("probe", at, "t", "5").in_stream(seq)
    };
    let mut readings: Vec<_> = (0..18).map(|n: i64| reading(n * 10, n.unsigned_abs())).collect();
    assert_eq!(term(&hours_of_probe("count() == 6").verdict(&readings)), "kept");
    // number 8, of 07:20, is missing: there were five, or six
    readings.remove(8);
    assert_eq!(term(&hours_of_probe("count() == 6").verdict(&readings)), "undetermined");
    assert_eq!(term(&hours_of_probe("count() <= 4").verdict(&readings)), {
        "breached 03-01T06:00..03-01T07:00 6! 03-01T07:00..03-01T08:00 5! 03-01T08:00..03-01T09:00 6!"
    });
}

#[test]
fn several_values_of_one_instant_count_and_only_the_last_lasts() {
    let mut readings = series(PROBE, "2026-03-01T06:00:00Z", 10, 18, |_| Some("5".to_owned()));
    for (n, reading) in (0u64..).zip(&mut readings) {
        *reading = reading.clone().in_stream(2 * n + 1);
    }
    // at 07:20 there is 12, and in the same millisecond 5 again
    readings.insert(8, Reading::new("probe", time("2026-03-01T07:20:00Z"), "t", "12").in_stream(16));
    let numbered: Vec<_> = (0u64..).zip(readings).map(|(n, reading)| reading.in_stream(n)).collect();
    let of = |condition: &str| term(&hours_of_probe(condition).verdict(&numbered));
    let seven = "03-01T07:00..03-01T08:00";
    assert_eq!(of("max(t) <= 8"), format!("breached {seven} 12!"));
    assert_eq!(of("count(t > 8) == 0"), format!("breached {seven}!"));
    assert_eq!(of("count() <= 6"), format!("breached {seven} 7!"));
    assert_eq!(of("sum(t) <= 30"), format!("breached {seven} 42!"), "7 readings: 6 × 5 + 12");
    assert_eq!(of("avg(t) <= 5"), "kept", "it lasted no time");
    assert_eq!(of("seconds(t > 8) == 0"), "kept");
    assert_eq!(of("rise(t, 1m) <= 6"), format!("breached {seven} 7!"));
}

#[test]
fn mean_kinetic_temperature_and_rises() {
    // a day at 2 and a day at 8: 5.54 °C (USP <1079.2>, 10,000 K), 5 on average
    let half = every_ten_minutes(&[(0, "2"), (1_440, "8")]);
    let of = |condition: &str, each: &str| {
        term(&two_days(condition, &format!("each = \"{each}\"\non = \"probe\"")).verdict(&half))
    };
    assert_eq!(of("mkt(t) <= 5.54", "period"), "kept");
    assert_eq!(of("mkt(t) <= 5.53", "period"), "breached 03-01T00:00..03-03T00:00 5.54!");
    assert_eq!(of("avg(t) <= 5", "period"), "kept");
    assert_eq!(of("mkt(t) <= 2", "day"), "breached 03-02T00:00..03-03T00:00 8!");
    // by 6 in one instant: within any time, but not within one of the days
    assert_eq!(of("rise(t, 1h) <= 6", "period"), "kept");
    assert_eq!(of("rise(t, 1h) < 6", "period"), "breached 03-01T00:00..03-03T00:00 6!");
    assert_eq!(of("rise(t, 1h) == 0", "day"), "kept");
    // half a degree every ten minutes: 3 within an hour, 6 within two
    let climb = series(PROBE, "2026-03-01T00:00:00Z", 10, 288, |minutes| {
        Some(format!("{}.{}", minutes / 20, minutes % 20 / 2))
    });
    let rise = |within: &str, limit: &str| {
        term(&two_days(&format!("rise(t, {within}) <= {limit}"), "each = \"period\"").verdict(&climb))
    };
    // the value of ten minutes before it speaks until the hour begins, so within an hour it is six steps and one more
    assert_eq!([rise("1h", "3"), rise("2h", "6")], ["kept", "kept"]);
    assert_eq!(rise("1h", "2.9"), "breached 03-01T00:00..03-03T00:00 3!");
}

#[test]
fn a_condition_measures_several_devices() {
    let readings = together(&[
        series(PROBE, "2026-03-01T06:00:00Z", 10, 18, steps(&[(0, "5"), (60, "9")])),
        series(("meter", "kw"), "2026-03-01T06:00:00Z", 15, 12, steps(&[(0, "2"), (120, "0")])),
    ]);
    // warm while the compressor runs: only in the second hour
    let of = |condition: &str| term(&hours(condition, "").verdict(&readings));
    assert_eq!(of("max(t) <= 8 || max(kw) < 1"), "breached 03-01T07:00..03-01T08:00!");
    // of one that is silent something may still be known of the other
    let probe = series(PROBE, "2026-03-01T06:00:00Z", 10, 18, steps(&[(0, "5"), (60, "9")]));
    let of = |condition: &str| term(&hours(condition, "").verdict(&probe));
    assert_eq!(of("max(t) <= 8 || max(kw) < 1"), "undetermined");
    assert_eq!(of("max(t) <= 9 || max(kw) < 1"), "kept");
}

#[test]
fn a_bucket_is_judged_when_it_is_over() {
    let readings = series(PROBE, "2026-03-01T06:00:00Z", 10, 18, steps(&[(0, "5"), (70, "9")]));
    let days = hours("max(t) <= 8", "");
    let as_of = |at: &str| term(&days.verdict_at(&readings, time(at)));
    assert_eq!(as_of("2026-03-01T07:59:59Z"), "pending");
    assert_eq!(as_of("2026-03-01T08:00:00Z"), "breached 03-01T07:00..03-01T08:00 9!");
    let kept = hours("max(t) <= 9", "");
    assert_eq!(
        term(&kept.verdict_at(&readings, time("2026-03-01T09:00:00Z"))),
        "pending",
        "readings may be late"
    );
    assert_eq!(term(&kept.verdict(&readings)), "kept");
}

#[test]
fn buckets_are_cut_where_the_period_ends() {
    // 06:30 to 08:15: half an hour, an hour, a quarter
    let (from, to) = ("2026-03-01T06:30:00Z", "2026-03-01T08:15:00Z");
    let of = |each: &str| {
        let rest = measure("seconds(t > 0) >= 3600", &format!("each = \"{each}\""));
        let days = Days { from, to, zone: "+00:00", hold: "20m", rest };
        term(&days.verdict(&series(PROBE, from, 15, 7, |_| Some("5".to_owned()))))
    };
    assert_eq!(of("hour"), "breached 03-01T06:30..03-01T07:00 1800! 03-01T08:00..03-01T08:15 900!");
    assert_eq!(of("1h"), "breached 03-01T07:30..03-01T08:15 2700!");
    assert_eq!(of("day"), "kept");
}

#[test]
fn what_a_measure_cannot_mean_is_a_problem() {
    let of = |condition: &str, more: &str| hours(condition, more).read().err().unwrap_or_default().join("; ");
    let wrong = [
        ("max(u) <= 8", "there is no `u` here (there is door, kw, kwh, t, total)"),
        ("max(door) <= 8", "expected a number, found text"),
        ("t <= 8", "a field has many values: max(t), last(t) or sum(t) is one number"),
        ("max(t) / 2 <= 8", "a condition does not divide: multiply the other side instead"),
        ("max(t)", "expected a condition, found a number"),
        ("1 < 2", "it measures nothing: avg(temperature) <= 8.0 or so"),
        ("rise(t, 5) < 2", "expected a duration such as 1h"),
        ("rise(t) < 2", "rise takes a field and a time: rise(temperature, 1h)"),
        ("count() < 2", "count() of which device? count(has(field)) says it"),
        ("count(t > 8 && kw > 1) < 2", "there is no `t` here (there is kw, kwh, total)"),
        ("max(t > 8) < 2", "expected one field or condition: max(…)"),
        ("seconds(t > 8) < last(t)", "cannot compare a duration with a number"),
        ("mkt(kw) < 2", "mkt is of a temperature in \"Cel\" or \"K\", and kw is none"),
    ];
    for (condition, message) in wrong {
        let said = of(condition, "");
        assert!(said.contains(message), "{condition}: {said}");
    }
    assert_eq!(of("count() < 2", "on = \"meter\""), "");
    assert!(of("max(t) < 2", "on = \"meter\"").contains("there is no `t` here (there is kw, kwh, total)"));
    assert!(of("max(t) < 2", "inclusive = true").contains("only a length of time can be as long"));
    assert!(of("max(t) < 2", "tolerate = { total = \"1h\" }").contains("`count` is missing"));
    assert!(of("max(t) < 2", "gap = \"hold\"").contains("unknown key \"gap\""));
    let each = |each: &str| {
        let rest = measure("max(t) < 2", each);
        let (from, to) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        Days { from, to, zone: "+00:00", hold: "20m", rest }.read().err().unwrap_or_default().join("; ")
    };
    assert!(each("").contains("`each` is missing"));
    assert!(
        each("each = \"minute\"")
            .contains("expected \"hour\", \"day\", \"week\", \"month\", \"period\" or a duration")
    );
    assert_eq!(each("each = \"1m\""), "", "525,600");
    assert_eq!(each("each = \"1s\""), {
        "terms[0].each: 31536002 buckets in the period: with all others that comes to 31536002 values, and at most 2000000 are measured"
    });
}
