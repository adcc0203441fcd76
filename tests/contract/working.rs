//! Terms that only count working time. The period is a day from Sunday, 1 March 2026, 07:00 in a zone an hour ahead of
//! UTC: minute 60 is 08:00 there.

use counterfoil::{
    contract::{document::Contract, file::ContractFile},
    json::Object,
};

use super::hour::*;

fn contract(zone: &str, calendar: &str, term: &str) -> Contract {
    let toml = format!(
        r#"contract = "foil/1"
title = "Support"
period = {{ from = {FROM}, to = 2026-03-02T06:00:00Z }}
[parties.owner]
key = "{}"
[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {{ t = "Cel" }}
[time]
hold = "6h"
zone = {zone}
[calendar]
{calendar}
[[terms]]
id = "cold"
on = "probe"
during = "work"
{term}"#,
        key(1).did(),
        key(3).did()
    );
    let source = ContractFile::parse(toml.as_bytes()).unwrap();
    Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"))
}

/// Of a room that is too warm between two minutes.
fn warm(calendar: &str, term: &str, (from, until): (i64, i64)) -> Object {
    let contract = contract("\"+01:00\"", calendar, &format!("require = \"t <= 8.0\"\n{term}"));
    verdict(&contract, &warm_lines(from, until))
}

fn warm_lines(from: i64, until: i64) -> Vec<Line> {
    // A value stands for six hours at most, so one comes every five.
    let minutes = (0..1_440).filter(|minute| minute % 300 == 0 || [from, until].contains(minute));
    let value = |minute: &i64| if (from..until).contains(minute) { "9" } else { "4" };
    (0..).zip(minutes).map(|(n, minute)| reading(n, minute * MINUTE, value(&minute))).collect()
}

#[test]
fn what_begins_before_work_and_ends_after_it_counts_between() {
    // 08:00 to 10:00 is worked, and it is too warm from 07:30 to 10:20: two hours.
    let hours = "work = \"sun 08:00-10:00\"";
    let kept = warm(hours, "tolerate = { longer_than = \"2h\" }", (30, 200));
    assert_eq!((state(&kept).as_str(), excursions(&kept)), ("kept", vec!["60+120".to_owned()]));
    let breached = warm(hours, "tolerate = { longer_than = \"119m\" }", (30, 200));
    assert_eq!(
        (state(&breached).as_str(), excursions(&breached)),
        ("breached", vec!["60+120!179:01".to_owned()])
    );
    let listed =
        term(&breached).get("excursions").unwrap().as_array().unwrap()[0].as_object().unwrap().clone();
    assert_eq!(listed.str("end"), Some(&*at(200 * MINUTE).to_string()), "the first good value ends it");
    // Before and after work nothing is looked at.
    let outside = warm(hours, "", (190, 400));
    assert_eq!((state(&outside).as_str(), excursions(&outside).len()), ("kept", 0));
}

#[test]
fn what_begins_before_work_lasts_until_it_clears() {
    // Nine degrees from 07:30 to 07:45, 7.8 until 09:00, and then 5; 08:00 to 10:00 is worked.
    let hours = "work = \"sun 08:00-10:00\"";
    let term = "require = \"t <= 8.0\"\nclear = \"t <= 7.5\"\ntolerate = { longer_than = \"59m\" }";
    let contract = contract("\"+01:00\"", hours, term);
    let values =
        [(0, "5"), (30, "9"), (45, "7.8"), (120, "5"), (400, "5"), (700, "5"), (1_000, "5"), (1_300, "5")];
    let lines: Vec<_> = (0..).zip(values).map(|(n, (minute, t))| reading(n, minute * MINUTE, t)).collect();
    let verdict = verdict(&contract, &lines);
    assert_eq!(
        (state(&verdict).as_str(), excursions(&verdict)),
        ("breached", vec!["60+60!119:01".to_owned()])
    );
}

#[test]
fn an_excursion_goes_on_over_a_break_and_the_next_stretch_counts_on() {
    // 08:00 to 09:00 and 10:00 to 11:00 are worked. Too warm from 08:30 to 10:20: 30 minutes and 20.
    let hours = "work = \"sun 08:00-09:00, 10:00-11:00\"";
    let breached = warm(hours, "tolerate = { total = \"49m\" }", (90, 200));
    // 30 minutes by 09:00, and 19:01 more from 10:00 on
    assert_eq!(excursions(&breached), ["90+50!199:01"]);
    assert_eq!(state(&warm(hours, "tolerate = { total = \"50m\" }", (90, 200))), "kept");
}

#[test]
fn a_share_is_one_of_the_working_time() {
    // 08:00 to 10:00 is worked: 5 % of these two hours of the day are six minutes.
    let of = |until: i64| {
        let shares = "tolerate = { percent = \"5\", of = \"1d\" }";
        let verdict = warm("work = \"sun 08:00-10:00\"", shares, (30, until));
        (state(&verdict), excursions(&verdict).join(", "))
    };
    assert_eq!(of(66), ("kept".to_owned(), "60+6".to_owned()));
    assert_eq!(of(67), ("breached".to_owned(), "60+7!66:01".to_owned()));
}

#[test]
fn work_over_midnight_and_holidays_are_those_of_the_zone() {
    // Sunday 23:00 to Monday 01:00 is 22:00Z to 00:00Z, minutes 960 to 1080.
    assert_eq!(excursions(&warm("work = \"sun 23:00-01:00\"", "", (900, 1_200))), ["960+120!960:01"]);
    // Monday, a holiday, begins at 23:00Z of Sunday, minute 1020.
    let always = "work = \"mon-sun 00:00-24:00\"\nholidays = [2026-03-02]";
    assert_eq!(excursions(&warm(always, "", (1_000, 1_100))), ["1000+20!1000:01"]);
}

#[test]
fn a_change_of_the_clocks_shortens_the_work_that_it_falls_in() {
    // At 08:00Z clocks go from 09:00 to 10:00, so that 08:00 to 11:00 are the two hours from 07:00Z to 09:00Z.
    let zone = r#"{ name = "Somewhere", offsets = [["2026-02-28T06:00:00.000Z", "+01:00"], ["2026-03-01T08:00:00.000Z", "+02:00"]] }"#;
    let contract = contract(zone, "work = \"sun 08:00-11:00\"", "require = \"t <= 8.0\"\n");
    assert_eq!(excursions(&verdict(&contract, &warm_lines(30, 290))), ["60+120!60:01"]);
}

#[test]
fn unknown_time_is_unknown_only_in_working_time() {
    // Known from 06:00Z to 12:00Z: 08:00 to 10:00 is known, of 12:00 to 14:00 the second hour is not.
    let lines = [reading(0, 0, "4")];
    let of = |hours: &str| {
        let calendar = format!("work = \"{hours}\"");
        verdict(&contract("\"+01:00\"", &calendar, "require = \"t <= 8.0\"\n"), &lines)
    };
    let known = of("sun 08:00-10:00");
    assert_eq!((state(&known).as_str(), unknown_minutes(&known)), ("kept", 0));
    let unknown = of("sun 12:00-14:00");
    assert_eq!((state(&unknown).as_str(), unknown_minutes(&unknown)), ("undetermined", 60));
}

#[test]
fn a_heartbeat_is_missed_only_in_working_time() {
    let contract =
        contract("\"+01:00\"", "work = \"sun 08:00-10:00\"", "every = \"10m\"\ntolerate = { count = 9 }\n");
    let misses = |minutes: &[i64]| {
        let lines: Vec<_> = (0..).zip(minutes).map(|(n, at)| reading(n, at * MINUTE, "4")).collect();
        let verdict = verdict(&contract, &lines);
        (term(&verdict).get("misses").unwrap().as_u64().unwrap(), state(&verdict))
    };
    // 60 to 75 is in time, 75 to 180 is ⌈(105 − 5) / 10⌉ − 1 = 9, and what comes after it is no work
    assert_eq!(misses(&[30, 75]), (9, "kept".to_owned()));
    // Nothing at all: ⌈(120 − 5) / 10⌉ − 1 = 11
    assert_eq!(misses(&[]), (11, "breached".to_owned()));
}
