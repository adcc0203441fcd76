//! Where a counter begins anew: at its base, behind a wrap, after a reset.

use counterfoil::{contract::document::Contract, json::Object};

use super::hour::*;

/// A counter up to 1000, and a term that shows what it rose by in each twenty minutes: it always fails, and says nothing where
/// that is unknown.
fn metered() -> Contract {
    let counter = "wrap = \"1000\", max_rate = \"50 / 1h\", reset_by = [\"owner\"]";
    let fields = format!("{{ t = {{ unit = \"Cel\", counter = {{ {counter} }} }} }}");
    let term = "[[terms]]\nid = \"x\"\non = \"probe\"\nmeasure = \"delta(t) < 0\"\neach = \"20m\"\n";
    contract_of(&fields, term)
}

/// Values of minutes.
fn lines(values: &[(i64, &str)]) -> Vec<Line> {
    (0..).zip(values).map(|(n, (minute, t))| reading(n, minute * MINUTE, t)).collect()
}

/// What it rose by from each minute on, and the findings.
fn outcome(lines: &[Line]) -> (String, String) {
    let verdict = verdict(&metered(), lines);
    let term = term(&verdict);
    let failed = term.get("excursions").unwrap().as_array().unwrap().iter().map(|failed| {
        let failed = failed.as_object().unwrap();
        let start = failed.str("start").unwrap()[14..16].to_owned();
        format!("{start}: {}", failed.str("extreme").unwrap())
    });
    (failed.collect::<Vec<_>>().join(", "), findings(&verdict).join(", "))
}

fn is(rose: &str, findings: &str) -> (String, String) {
    (rose.to_owned(), findings.to_owned())
}

/// 980 and 990, and 5 behind the wrap at minute 40: of minute 20 to 40 nothing is shown. Then 10 and 15.
#[test]
fn time_that_the_first_value_behind_a_wrap_ends_is_not_known() {
    let wrapped = lines(&[(0, "980"), (10, "990"), (40, "5"), (50, "10"), (60, "15")]);
    assert_eq!(outcome(&wrapped), is("00: 10, 40: 10", "2 counter-reset t"));
    // in the middle of it the rest of it is shown: 8 − 5
    let middle = lines(&[(0, "980"), (10, "990"), (30, "5"), (40, "8"), (50, "10"), (60, "15")]);
    assert_eq!(outcome(&middle), is("00: 10, 20: 3, 40: 7", "2 counter-reset t"));
}

#[test]
fn time_that_the_first_value_after_a_reset_ends_is_not_known() {
    let contract = metered();
    let reset = |n: u64, minute: i64| {
        let line = Line { record: Object::new(), ..reading(n, 70 * MINUTE, "0") };
        let line = line.with("type", "event").with("event", "counter-reset").signed_by(1);
        line.with("contract", contract.hash.to_string()).with("time", at(minute * MINUTE).to_string())
    };
    // 980 to 990, exchanged at minute 25, and 0, 4, 9 from minute 40 on
    let values = lines(&[(0, "980"), (10, "990"), (40, "0"), (50, "4"), (60, "9")]);
    let exchanged = [&values[..], &[reset(9, 25)]].concat();
    assert_eq!(outcome(&exchanged), is("00: 10, 40: 9", "2 counter-reset t"));
}

/// What may be the first value behind a wrap, and is not confirmed, is one below the last that counted.
#[test]
fn a_wrap_that_nothing_confirms_is_found() {
    let decrease = |n: u64| format!("{n} counter-decrease t");
    // at the end: 980, 990, 995
    let trailing = lines(&[(0, "980"), (10, "990"), (50, "995"), (60, "3")]);
    assert_eq!(outcome(&trailing), is("00: 10, 20: 0, 40: 5", &decrease(3)));
    // a spike does not confirm it
    let spiked = lines(&[(0, "980"), (10, "990"), (50, "995"), (55, "3"), (60, "700")]);
    assert_eq!(outcome(&spiked).1, decrease(3) + ", 4 counter-decrease t");
    // 500 is a decrease from minute 20 on that lasts: so is what came in it
    let lasting = lines(&[(0, "980"), (10, "990"), (20, "500"), (25, "3"), (40, "700")]);
    let all = [2, 3, 4].map(decrease).join(", ");
    assert_eq!(outcome(&lasting), is("", &all));
}
