//! Payments for hours, days, weeks and months: each amount worked out by hand.

use super::days::*;

fn oslo<'a>(from: &'a str, to: &'a str, rest: &str) -> Days<'a> {
    Days { from, to, zone: "Europe/Oslo", hold: "61m", rest: rest.to_owned() }
}

fn utc<'a>(from: &'a str, to: &'a str, rest: &str) -> Days<'a> {
    Days { from, to, zone: "+00:00", hold: "61m", rest: rest.to_owned() }
}

/// What a meter used in the hour before, once an hour.
fn used(from: &str, hours: i64, kwh: impl Fn(i64) -> Option<String>) -> Vec<Reading> {
    series(("meter", "kwh"), from, 60, hours, move |minutes| kwh(minutes / 60))
}

#[test]
fn a_day_has_as_many_hours_as_clocks_say() {
    let rest = pay("hours", "each = \"hour\"\namount = \"0.10\"")
        + &pay("days", "each = \"day\"\namount = \"1.00\"");
    // from local midnight to local midnight: the 29th of March has 23 hours, the 25th of October 25
    let spring = oslo("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", &rest).verdict(&[]);
    assert_eq!(sum(&spring, "hours"), ("2.30".to_owned(), 23));
    assert_eq!(sum(&spring, "days"), ("1.00".to_owned(), 1));
    let autumn = oslo("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", &rest).verdict(&[]);
    assert_eq!(sum(&autumn, "hours"), ("2.50".to_owned(), 25));
    assert_eq!(sum(&autumn, "days"), ("1.00".to_owned(), 1));
    // two hours begin at 02:00 on clocks, and each is one
    let twice = pay("two", "each = \"hour\"\nwhen = \"local_time == '02:00'\"\namount = \"1.00\"");
    let verdict = oslo("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", &twice).verdict(&[]);
    assert_eq!(starts(&verdict, "two"), ["10-25T00:00", "10-25T01:00"]);
    let none = oslo("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", &twice).verdict(&[]);
    assert_eq!(sum(&none, "two"), ("0.00".to_owned(), 0));
}

#[test]
fn consumption_costs_by_day_and_by_night() {
    let day = "local_time >= '06:00' && local_time < '22:00'";
    let weekend = "each = \"day\"\nwhen = \"weekday >= 6\"\namount = \"sum(kwh) * -0.02\"\nsigned = true";
    let rest = pay("weekend", weekend)
        + &pay("day", &format!("each = \"hour\"\nwhen = \"{day}\"\namount = \"sum(kwh) * 0.30\""))
        + &pay("night", &format!("each = \"hour\"\nwhen = \"!({day})\"\namount = \"sum(kwh) * 0.12\""));
    // Friday the 27th of March to Monday, local: 24 + 24 + 23 hours, 2 kWh in each
    let from = "2026-03-26T23:00:00Z";
    let verdict =
        oslo(from, "2026-03-29T22:00:00Z", &rest).verdict(&used(from, 71, |_| Some("2".to_owned())));
    // 16 hours of each day: 48 × 2 × 0.30 = 28.80; 8 + 8 + 7 of the nights: 23 × 2 × 0.12 = 5.52
    assert_eq!(sum(&verdict, "day"), ("28.80".to_owned(), 48));
    assert_eq!(sum(&verdict, "night"), ("5.52".to_owned(), 23));
    // Saturday 48 × −0.02 = −0.96, Sunday 46 × −0.02 = −0.92
    assert_eq!(paid(&verdict, "weekend"), "-1.88: -0.96 = 48 * -0.02, -0.92 = 46 * -0.02");
    assert_eq!(starts(&verdict, "weekend"), ["03-27T23:00", "03-28T23:00"]);
}

#[test]
fn working_hours_are_another_tariff() {
    let rest = |calendar: &str| {
        let amount = "each = \"hour\"\namount = \"sum(kwh) * (working ? 0.30 : 0.12)\"";
        format!("[calendar]\n{calendar}\n{}", pay("p", amount))
            + &pay("days", "each = \"day\"\nwhen = \"!working\"\namount = \"1.00\"")
    };
    // Friday the 27th of March to Monday, local: 24 + 24 + 23 hours, 2 kWh in each
    let from = "2026-03-26T23:00:00Z";
    let of = |calendar: &str| {
        let days = oslo(from, "2026-03-29T22:00:00Z", &rest(calendar));
        days.verdict(&used(from, 71, |_| Some("2".to_owned())))
    };
    // the hours from 08:00 to 17:00 of Friday are ten: 10 × 2 × 0.30 + 61 × 2 × 0.12 = 6.00 + 14.64
    let week = of("work = \"mon-fri 08:00-18:00\"");
    assert_eq!(sum(&week, "p"), ("20.64".to_owned(), 71));
    // on a holiday none: 71 × 2 × 0.12
    assert_eq!(sum(&of("work = \"mon-fri 08:00-18:00\"\nholidays = [2026-03-27]"), "p").0, "17.04");
    // On Sunday clocks are two hours ahead: 08:00 and 09:00 begin at six and seven o'clock UTC.
    let sunday = of("work = \"sun 08:00-10:00\"");
    // 2 × 2 × 0.30 + 69 × 2 × 0.12 = 1.20 + 16.56
    assert_eq!(sum(&sunday, "p").0, "17.76");
    // no day begins in working time, unless that is at midnight
    assert_eq!(sum(&sunday, "days").0, "3.00");
    assert_eq!(sum(&of("work = \"sat 00:00-10:00\""), "days").0, "2.00");
}

#[test]
fn an_allowance_is_used_up_within_its_bucket() {
    let rest = pay("more", "each = \"day\"\namount = \"max(sum(kwh) - 30, 0) * 0.25\"")
        + &pay("warm", "each = \"day\"\namount = \"started(seconds(kwh > 1) - 2h, 1h) * 10.00\"");
    let from = "2026-03-01T00:00:00Z";
    // 24 kWh on the first day; on the second 24, and 4 more at each of 6, 7 and 8 o'clock: 36
    let used = used(from, 48, |hour| Some(if (30..33).contains(&hour) { "5" } else { "1" }.to_owned()));
    let verdict = utc(from, "2026-03-03T00:00:00Z", &rest).verdict(&used);
    assert_eq!(paid(&verdict, "more"), "1.50: 0.00 = max(24 - 30, 0) * 0.25, 1.50 = max(36 - 30, 0) * 0.25");
    // three hours, of which two are free; on the first day none, and nothing begun of less than nothing
    assert_eq!(paid(&verdict, "warm"), {
        "10.00: 0.00 = started(0 - 7200, 3600) * 10, 10.00 = started(10800 - 7200, 3600) * 10"
    });
}

#[test]
fn energy_by_the_quarter_and_the_peak_of_the_month() {
    let quarter = "each = \"15m\"\namount = \"avg(kw) * 0.25 * 0.20\"";
    let peak = "each = \"month\"\namount = \"max(kw) * 5.00\"";
    let from = "2026-01-31T23:00:00Z";
    // an hour of January and one of February: 4 kW, and 7.5 for five minutes from 23:20 on
    let rest = pay("energy", quarter) + &pay("peak", peak);
    let power = series(("meter", "kw"), from, 5, 24, |minutes| {
        Some(if minutes == 20 { "7.5" } else { "4" }.to_owned())
    });
    let verdict = utc(from, "2026-02-01T01:00:00Z", &rest).verdict(&power);
    // seven quarters of 1 kWh at 0.20; of the second (10 × 4 + 5 × 7.5) / 15 = 5.1666…: 0.258333… is 0.26
    assert_eq!(sum(&verdict, "energy"), ("1.66".to_owned(), 8));
    assert_eq!(paid(&verdict, "peak"), "57.50: 37.50 = 7.5 * 5, 20.00 = 4 * 5");
}

#[test]
fn weeks_begin_on_monday() {
    let rest = pay("rent", "each = \"week\"\namount = \"70.00\"")
        + &pay("first", "each = \"week\"\nwhen = \"weekday != 1\"\namount = \"1.00\"");
    // Wednesday the 4th of March 2026, noon, to Monday the 16th, noon, in Oslo: three weeks, the outer ones cut
    let verdict = oslo("2026-03-04T11:00:00Z", "2026-03-16T11:00:00Z", &rest).verdict(&[]);
    assert_eq!(paid(&verdict, "rent"), "210.00: 70.00 = 70, 70.00 = 70, 70.00 = 70");
    assert_eq!(starts(&verdict, "rent"), ["03-04T11:00", "03-08T23:00", "03-15T23:00"]);
    assert_eq!(starts(&verdict, "first"), ["03-04T11:00"]);
}

#[test]
fn a_line_is_rounded_as_its_payment_says() {
    let of = |round: &str, amount: &str| {
        let rest = pay("p", &format!("each = \"period\"\namount = \"{amount}\"\nsigned = true\n{round}"));
        sum(&utc("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", &rest).verdict(&[]), "p").0
    };
    let all = |amount| {
        ["", "round = \"half-even\"", "round = \"half-up\"", "round = \"up\"", "round = \"down\""]
            .map(|it| of(it, amount))
    };
    assert_eq!(all("0.005"), ["0.00", "0.00", "0.01", "0.01", "0.00"]);
    assert_eq!(all("0.015"), ["0.02", "0.02", "0.02", "0.02", "0.01"]);
    assert_eq!(all("0.0101"), ["0.01", "0.01", "0.01", "0.02", "0.01"]);
    assert_eq!(all("-0.005"), ["0.00", "0.00", "-0.01", "-0.01", "0.00"]);
    let wrong = pay("p", "amount = \"1\"\nround = \"nearest\"");
    let wrong = utc("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", &wrong).read().unwrap_err();
    assert_eq!(
        wrong,
        ["payments[0].round: expected \"half-even\", \"half-up\", \"up\" or \"down\", found \"nearest\""]
    );
}

#[test]
fn lines_are_rounded_then_added_then_bounded() {
    let from = "2026-03-01T00:00:00Z";
    let used = used(from, 72, |_| Some("1".to_owned()));
    let of = |more: &str| {
        let rest = pay("p", &format!("each = \"day\"\namount = \"sum(kwh) * 0.0333\"\n{more}"));
        sum(&utc(from, "2026-03-04T00:00:00Z", &rest).verdict(&used), "p").0
    };
    // 24 × 0.0333 = 0.7992, three times 0.80
    assert_eq!([of(""), of("minimum = \"5.00\""), of("cap = \"2.00\"")], ["2.40", "5.00", "2.00"]);
    assert_eq!(of("round = \"down\""), "2.37");
}

#[test]
fn what_is_not_known_is_not_priced() {
    let rest = pay("avg", "each = \"hour\"\namount = \"avg(t)\"")
        + &pay("warm", "each = \"hour\"\nwhen = \"max(t) > 8\"\namount = \"100.00\"")
        + &pay("count", "each = \"hour\"\namount = \"count(has(t)) * 0.01\"")
        + &pay("seen", "each = \"hour\"\namount = \"max(t) > 8 ? 7 : 0\"")
        + &pay("all", "amount = \"max(t)\"");
    let from = "2026-03-01T06:00:00Z";
    let days = Days { from, to: "2026-03-01T09:00:00Z", zone: "+00:00", hold: "20m", rest };
    // 9 until 07:20, then nothing until 08:10, from when on it is 5
    let readings = series(("probe", "t"), from, 10, 18, |minutes| match minutes {
        0..=60 => Some("9".to_owned()),
        130.. => Some("5".to_owned()),
        _ => None,
    });
    let verdict = days.verdict(&readings);
    assert_eq!(paid(&verdict, "avg"), "9.00 (2 unpriced): 9.00 = 9");
    // the second hour was warm, whatever is not known of it; of the third that is open
    assert_eq!(paid(&verdict, "warm"), "200.00 (1 unpriced): 100.00 = 100, 100.00 = 100");
    assert_eq!(
        paid(&verdict, "seen"),
        "14.00 (1 unpriced): 7.00 = 9 > 8 ? 7 : 0, 7.00 = at least 9 > 8 ? 7 : 0"
    );
    assert_eq!(paid(&verdict, "all"), "0.00 (1 unpriced): ");
    // which readings there were is known
    assert_eq!(paid(&verdict, "count"), "0.12: 0.06 = 6 * 0.01, 0.01 = 1 * 0.01, 0.05 = 5 * 0.01");
    // two hours, one, one, and the period, all of the probe and listed once; the meter was never heard
    assert_eq!(kinds(&verdict), ["1 never-heard", "1 unpriced"]);
    assert_eq!(verdict.get("findings_total").and_then(counterfoil::json::Value::as_u64), Some(6));
}

#[test]
fn nothing_is_paid_for_an_hour_that_is_not_over() {
    let rest = pay("p", "each = \"hour\"\namount = \"1.00\"")
        + &pay("max", "amount = \"max(t)\"")
        + &pay("high", "when = \"max(t) > 8\"\namount = \"3.00\"");
    let from = "2026-03-01T06:00:00Z";
    let days = Days { from, to: "2026-03-01T09:00:00Z", zone: "+00:00", hold: "20m", rest };
    let readings = series(("probe", "t"), from, 10, 18, |_| Some("9".to_owned()));
    let verdict = days.verdict_at(&readings, time("2026-03-01T07:59:59.999Z"));
    assert_eq!(sum(&verdict, "p"), ("1.00".to_owned(), 1));
    // that it was over 8 is known already, how high it will be is not
    assert_eq!([paid(&verdict, "max"), paid(&verdict, "high")], ["0.00 (1 unpriced): ", "3.00: 3.00 = 3"]);
    let verdict = days.verdict_at(&readings, time("2026-03-01T09:00:00Z"));
    assert_eq!((sum(&verdict, "p").1, paid(&verdict, "max")), (3, "9.00: 9.00 = 9".to_owned()));
}

#[test]
fn a_year_of_hours_lists_fifty_lines() {
    let rest: String =
        (0..3).map(|at| pay(&format!("p{at}"), "each = \"hour\"\namount = \"sum(kwh) * 0.25\"")).collect();
    let from = "2028-01-01T00:00:00Z";
    let used = used(from, 8_784, |_| Some("2".to_owned()));
    let verdict = utc(from, "2029-01-01T00:00:00Z", &rest).verdict(&used);
    // a leap year: 366 × 24 hours at 0.50
    assert_eq!(sum(&verdict, "p2"), ("4392.00".to_owned(), 8_784));
    assert_eq!(starts(&verdict, "p0").len() + starts(&verdict, "p1").len(), 50);
    assert!(verdict.to_canonical().len() < 60 * 1024);
}

#[test]
fn what_a_bucket_cannot_be_is_a_problem() {
    let of = |more: &str| {
        let rest = format!(
            "{}{}",
            pay("p", more),
            "[[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"t < 8\"\n"
        );
        utc("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", &rest).read().err().unwrap_or_default().join("; ")
    };
    assert!(
        of("each = \"fortnight\"\namount = \"1\"")
            .contains("expected \"excursion of TERM\", \"event NAME\", \"hour\"")
    );
    assert!(of("each = \"hour\"\namount = \"duration\"").contains("`duration` belongs to an `each`"));
    assert!(of("amount = \"local_time == '06:00' ? 1 : 2\"").contains("`local_time` belongs to an `each`"));
    assert!(of("amount = \"working ? 1 : 2\"").contains("`working` belongs to an `each`"));
    assert!(of("each = \"hour\"\namount = \"working ? 1 : 2\"").contains("what is working time? [calendar]"));
    assert!(
        of("each = \"excursion of cold\"\namount = \"max(t)\"")
            .contains("`extreme` is the max(…) or min(…) of what the term compares")
    );
    assert!(of("each = \"1s\"\namount = \"1\"").contains("at most 2000000 are measured"));
    // a hundred payments for each hour of a year are no more than that
    let many: String =
        (0..100).map(|at| pay(&format!("p{at}"), "each = \"hour\"\namount = \"max(t)\"")).collect();
    assert!(utc("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z", &many).read().is_ok());
}
