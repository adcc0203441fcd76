//! Consumption by counters: each amount worked out by hand, whatever the counter does.

use counterfoil::time::Span;

use super::days::*;

const FROM: &str = "2026-03-01T00:00:00Z";

/// A payment of 0.25 for each kWh, hour by hour from midnight to six.
fn hourly(readings: &[Reading]) -> String {
    let rest = pay("p", "each = \"hour\"\namount = \"delta(total) * 0.25\"");
    let days = Days { from: FROM, to: "2026-03-01T06:00:00Z", zone: "+00:00", hold: "61m", rest };
    let verdict = days.verdict(readings);
    let found: Vec<_> = kinds(&verdict).into_iter().filter(|kind| !kind.contains("never-heard")).collect();
    let paid = paid(&verdict, "p").replace(" * 0.25", "");
    if found.is_empty() { paid } else { format!("{paid}; {}", found.join(", ")) }
}

/// What a counter shows, so many milliseconds after each hour; `-` is nothing.
fn shown(values: &str, late: i64) -> Vec<Reading> {
    let at = |hour: i64| time(FROM).saturating_add(Span::from_millis(hour * 3_600_000 + late));
    let values = (0..).zip(values.split(' ')).filter(|(_, value)| *value != "-");
    values.map(|(hour, value)| Reading::new("meter", at(hour), "total", value)).collect()
}

/// Three kilowatt hours of 0.25, by so many each hour.
fn bill(sum: &str, hours: [&str; 6]) -> String {
    let line = |kwh: &str| {
        let cents = kwh.parse::<u32>().unwrap() * 25;
        format!("{}.{:02} = {kwh}", cents / 100, cents % 100)
    };
    format!("{sum}: {}", hours.map(line).join(", "))
}

#[test]
fn an_increase_is_paid_in_the_hour_in_which_it_was_measured() {
    // 112 − 100; the last value is one at the end of the period, and counts
    let steady = bill("3.00", ["2", "2", "2", "2", "2", "2"]);
    assert_eq!(hourly(&shown("100 102 104 106 108 110 112", 0)), steady);
    // seven seconds late are on the border, the last one, too
    assert_eq!(hourly(&shown("100 102 104 106 108 110 112", 7_000)), steady);
    // what is after the period is no part of it
    assert_eq!(hourly(&shown("100 102 104 106 108 110 112 999", 0)), steady);
    // forty seconds are not: each is of the next hour, and of the last nothing came in time
    let late = hourly(&shown("100 102 104 106 108 110 112", 40_000));
    let first = |bill: String| bill.replacen("0.00 = 0", "0.00 = at least 0", 1);
    assert_eq!(late, first(bill("2.50", ["0", "2", "2", "2", "2", "2"])));
}

#[test]
fn a_dip_or_a_spike_bills_nothing() {
    // 4 kWh from two to four o'clock, measured at four
    let dip = hourly(&shown("100 102 104 0 108 110 112", 0));
    assert_eq!(dip, bill("3.00", ["2", "2", "0", "4", "2", "2"]) + "; 1 counter-decrease");
    // 81,250 in an hour is more than 50
    let spike = hourly(&shown("100 102 104 81354 108 110 112", 0));
    assert_eq!(spike, bill("3.00", ["2", "2", "0", "4", "2", "2"]) + "; 1 counter-jump");
}

#[test]
fn a_silence_keeps_what_was_used_in_it() {
    // nothing from one to four: 8 kWh, and none is lost or guessed
    let silent = hourly(&shown("100 102 - - 110 112 114", 0));
    assert_eq!(silent, bill("3.50", ["2", "0", "0", "8", "2", "2"]));
    // nothing after three: of the rest it is not known, and not paid
    let ended = hourly(&shown("100 102 104 106", 0));
    assert_eq!(ended, "1.50 (3 unpriced): 0.50 = 2, 0.50 = 2, 0.50 = 2; 1 unpriced");
}

/// A base at the very end of an hour shows nothing of the hour: what it used is not known, and is no nothing.
#[test]
fn an_hour_that_a_base_ends_is_not_known() {
    let five = "0.50 = 2, 0.50 = 2, 0.50 = 2, 0.50 = 2, 0.50 = 2";
    let based = hourly(&shown("- 102 104 106 108 110 112", 0));
    assert_eq!(based, format!("2.50 (1 unpriced): {five}; 1 unpriced"));
    // also where it is snapped onto the end, and where a glitch came before it
    assert_eq!(hourly(&shown("- 102 104 106 108 110 112", 7_000)), based);
    let half = |hour: i64, value: &str| {
        Reading::new(
            "meter",
            time(FROM).saturating_add(Span::from_millis(hour * 3_600_000 + 1_800_000)),
            "total",
            value,
        )
    };
    let glitch = [&[half(0, "9000")], &shown("- 102 104 106 108 110 112", 0)[..]].concat();
    assert_eq!(hourly(&glitch), format!("2.50 (1 unpriced): {five}; 1 unpriced, 1 counter-decrease"));
    // a base in the middle: from there on all is paid, in the hour of the next value
    let middle = [&[half(0, "101")], &shown("- - 104 106 108 110 112", 0)[..]].concat();
    assert_eq!(hourly(&middle), "2.75: 0.00 = at least 0, 0.75 = 3, 0.50 = 2, 0.50 = 2, 0.50 = 2, 0.50 = 2");
    // and two in the first hour show what they show: 101 to 102
    let both = [&[half(0, "101")], &shown("- 102 104 106 108 110 112", 0)[..]].concat();
    assert_eq!(hourly(&both), format!("2.75: 0.25 = at least 1, {five}"));
    // a last value at the beginning of an hour shows nothing of it
    let ended = hourly(&shown("100 102 104 106 108 110 -", 0));
    assert_eq!(ended, format!("2.50 (1 unpriced): {five}; 1 unpriced"));
}

#[test]
fn an_allowance_is_of_what_a_day_used() {
    // 30 hours of 2 kWh: 48 on the first day, 12 on the second, of which 40 and 10 are free
    let rest = pay("p", "each = \"day\"\namount = \"max(delta(total) - 40, 0) * 0.25\"")
        + &pay("all", "amount = \"max(delta(total) - 50, 0) * 0.25\"");
    let days = Days { from: FROM, to: "2026-03-02T06:00:00Z", zone: "+00:00", hold: "61m", rest };
    let used = series(("meter", "total"), FROM, 60, 31, |minutes| Some((100 + minutes / 30).to_string()));
    let verdict = days.verdict(&used);
    assert_eq!(paid(&verdict, "p"), "2.00: 2.00 = max(48 - 40, 0) * 0.25, 0.00 = max(12 - 40, 0) * 0.25");
    assert_eq!(paid(&verdict, "all"), "2.50: 2.50 = max(60 - 50, 0) * 0.25");
    // while it runs more may come
    let early = days.verdict_at(&used[..10], time("2026-03-01T09:00:00Z"));
    assert_eq!([paid(&early, "p"), paid(&early, "all")], ["0.00: ", "0.00 (1 unpriced): "]);
}

#[test]
fn only_a_counter_has_increases() {
    let of = |amount: &str| {
        let rest = pay("p", &format!("amount = \"{amount}\""));
        Days { from: FROM, to: "2026-03-02T06:00:00Z", zone: "+00:00", hold: "61m", rest }.read().err()
    };
    assert_eq!(of("delta(total)"), None);
    let wrong =
        "payments[0].amount: kwh is no counter: kwh = { unit = \"…\", counter = { max_rate = \"50 / 1h\" } }";
    assert_eq!(of("delta(kwh)"), Some(vec![wrong.to_owned()]));
}

#[test]
fn measures_have_the_units_of_their_fields() {
    let of = |condition: &str| {
        let rest = measure(condition, "each = \"day\"");
        let contract = Days {
            from: "2026-03-01T00:00:00Z",
            to: "2026-03-02T00:00:00Z",
            zone: "+00:00",
            hold: "11m",
            rest,
        };
        contract.read().err().map(|problems| problems[0].clone())
    };
    for sound in [
        "delta(total) <= sum(kwh)",
        "delta(total) + 1 > 2 * max(kwh)",
        "count(has(t)) > max(t)",
        "seconds(t > 8) < 1h",
    ] {
        assert_eq!(of(sound), None, "{sound}");
    }
    for (apart, units) in [
        ("delta(total) <= max(kw)", "cannot compare kWh and kW"),
        ("avg(t) + sum(kwh) > 5", "cannot add Cel and kWh"),
        ("rise(t, 1h) > last(kw)", "cannot compare Cel and kW"),
        ("max(min(t), mkt(t), min(kw)) > 5", "cannot choose between Cel and kW"),
    ] {
        let fault = of(apart).unwrap_or_else(|| panic!("{apart}"));
        assert!(fault.contains(units) && fault.contains("nothing is converted"), "{apart}: {fault}");
    }
}
