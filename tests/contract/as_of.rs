//! A verdict as of an instant knows what arrived in that instant, and what was measured in it.

use counterfoil::{
    contract::eval::EvaluationScope,
    json::{Object, Value},
    time::Span,
};

use super::{
    days::{Days, Reading, paid, pay, time},
    hour::*,
};

const MIDNIGHT: &str = "2026-03-01T00:00:00Z";

/// A meter that shows 2 kWh more at each hour from midnight on, so many milliseconds late, paid with 0.25 for each kWh as of an
/// instant.
fn metered(late: i64, as_of: i64) -> String {
    let rest = pay("p", "each = \"hour\"\namount = \"delta(total) * 0.25\"");
    let days = Days { from: MIDNIGHT, to: "2026-03-01T06:00:00Z", zone: "+00:00", hold: "61m", rest };
    let at = |millis: i64| time(MIDNIGHT).saturating_add(Span::from_millis(millis));
    let shown = |hour: i64| (at(hour * 60 * MINUTE + late), (100 + 2 * hour).to_string());
    let readings = (0..7).map(shown).map(|(at, value)| Reading::new("meter", at, "total", &value));
    paid(&days.verdict_at(&readings.collect::<Vec<_>>(), at(as_of)), "p").replace(" * 0.25", "")
}

#[test]
fn an_increase_at_the_end_of_an_hour_is_in_its_amount_at_once() {
    // three hours of 2 kWh, the last of which is measured and received at three o'clock
    assert_eq!(metered(0, 180 * MINUTE), "1.50: 0.50 = 2, 0.50 = 2, 0.50 = 2");
    assert_eq!(metered(0, 180 * MINUTE - 1), "1.00: 0.50 = 2, 0.50 = 2");
    // seven seconds late it is snapped onto the border: as of three it is not there yet, and the third hour is not known
    assert_eq!(metered(7_000, 180 * MINUTE), "1.00 (1 unpriced): 0.50 = 2, 0.50 = 2");
    assert_eq!(metered(7_000, 180 * MINUTE + 7_000), "1.50: 0.50 = 2, 0.50 = 2, 0.50 = 2");
    // at the end of the period nothing changes: six of them
    let all = "3.00: 0.50 = 2, 0.50 = 2, 0.50 = 2, 0.50 = 2, 0.50 = 2, 0.50 = 2";
    assert_eq!(metered(0, 360 * MINUTE), all);
}

fn verdict_as_of(rest: &str, lines: &[Line], minute: i64) -> Object {
    let scope = EvaluationScope { as_of: Some(at(minute * MINUTE)), patient: true };
    run(&contract_between("", rest), lines, scope)
}

fn only<'a>(object: &'a Object, name: &str) -> &'a Object {
    object.get(name).unwrap().as_array().unwrap()[0].as_object().unwrap()
}

#[test]
fn a_good_value_of_that_instant_ends_an_excursion() {
    // nine degrees from minute 20 to 25
    let ends = |gap: &str, minute: i64, at_25: &str| {
        let mut lines = series(&["4", "4", "4", "4", "9"]);
        lines.push(reading(5, 25 * MINUTE, at_25));
        let verdict = verdict_as_of(&cold(&format!("gap = \"{gap}\"")), &lines, minute);
        let excursion = only(&term(&verdict), "excursions").clone();
        let end = excursion.str("end").map(str::to_owned);
        assert_eq!(excursion.get("open").and_then(Value::as_bool), Some(end.is_none()));
        end
    };
    let at_25 = || Some(at(25 * MINUTE).to_string());
    assert_eq!(
        [ends("hold", 24, "4"), ends("hold", 25, "4"), ends("hold", 26, "4")],
        [None, at_25(), at_25()]
    );
    assert_eq!([ends("hold", 25, "9"), ends("hold", 25, "null")], [None, None]);
    assert_eq!([ends("reset", 25, "null"), ends("reset", 26, "null")], [at_25(), at_25()]);
}

#[test]
fn a_reading_of_that_instant_is_measured() {
    let lines = series(&["4", "4", "4", "4", "9"]);
    let paid = |when: &str, minute: i64| {
        let rest = format!(
            "[[payments]]\nid = \"p\"\nfrom = \"tenant\"\nto = \"owner\"\nwhen = \"{when}\"\namount = \"7.00\"\n"
        );
        let verdict = verdict_as_of(&rest, &lines, minute);
        only(&verdict, "payments").str("sum").unwrap().to_owned()
    };
    // what the reading of minute 20 decides is decided then, whatever the rest of the period brings
    for when in ["max(t) > 8", "count() >= 5", "count(t > 8) >= 1"] {
        assert_eq!([paid(when, 19), paid(when, 20)], ["0.00", "7.00"], "{when}");
    }
}

#[test]
fn what_is_wrong_with_a_reading_of_that_instant_is_found() {
    let of = |minute: i64| {
        let mut lines = series(&["4", "4", "4"]);
        lines.push(reading(3, 15 * MINUTE, "\"warm\""));
        findings(&verdict_as_of(&cold(""), &lines, minute))
    };
    assert_eq!([of(14), of(15)], [vec![], vec!["3 number t".to_owned()]]);
}
