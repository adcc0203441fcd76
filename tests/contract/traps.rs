//! Numbers and borders that systems before us got wrong, each with the exact outcome.

use std::fmt::Write as _;

use counterfoil::{
    contract::eval::EvaluationScope,
    json::{Object, Value},
};

use super::hour::*;

/// The outcome of one reading at 25 minutes among good ones, under a condition.
fn among(require: &str, said: &str) -> (String, Vec<String>, Vec<String>) {
    let term = format!("[[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"{require}\"\n");
    let mut lines = series(&["0.1"; 13]);
    lines[5] = lines[5].clone().values(said);
    let verdict = verdict(&contract("", &term), &lines);
    (state(&verdict), excursions(&verdict), findings(&verdict))
}

#[test]
fn a_value_is_what_its_digits_say() {
    let kept = || ("kept".to_owned(), vec![], vec![]);
    let breached = || ("breached".to_owned(), vec!["25+5!25:01".to_owned()], vec![]);
    // at the border it holds, whatever zeros are written
    for said in ["0.3", "0.30", "3e-1", "0.3000000000000000000000"] {
        assert_eq!(among("t <= 0.3", &format!("{{\"t\":{said}}}")), kept(), "{said}");
    }
    // what floats make of 0.1 + 0.2 is more than 0.3
    assert_eq!(among("t <= 0.3", "{\"t\":0.30000000000000004}"), breached());
    assert_eq!(among("t < 0.3", "{\"t\":0.3}"), breached());
    assert_eq!(among("t >= 0", "{\"t\":-0.0}"), kept());
    assert_eq!(among("t > 0", "{\"t\":-0.0}"), breached());
    assert_eq!(among("t + 0.2 == 0.3", "{\"t\":0.1}"), kept());
}

#[test]
fn a_number_that_does_not_fit_is_unknown_and_found() {
    // 25 to 30, neither good nor bad; no bound is passed by a number that nobody can compute with
    for said in ["1e29", "1e300", "-1e300", "1e-29", "5e-324"] {
        let expected = ("undetermined".to_owned(), vec![], vec!["5 number t".to_owned()]);
        assert_eq!(among("t <= 8.0", &format!("{{\"t\":{said}}}")), expected, "{said}");
    }
    // the greatest ones that fit
    assert_eq!(among("t <= 8.0", "{\"t\":1e28}").0, "breached");
    assert_eq!(among("t <= 8.0", "{\"t\":1e-28}").0, "kept");
}

#[test]
fn a_reading_without_the_field_does_not_touch_it() {
    // the value of 20 speaks until 31, and that of 30 takes over: nothing is unknown, and nothing bad ends
    assert_eq!(among("t <= 8.0", "{\"door\":\"shut\"}"), ("kept".to_owned(), vec![], vec![]));
    let term = cold("tolerate = { longer_than = \"14m\" }");
    let mut lines = series(&["4", "4", "4", "9", "4", "9", "4", "4", "4", "4", "4", "4"]);
    lines[4] = lines[4].clone().values("{\"door\":\"shut\"}");
    let verdict = verdict(&contract("", &term), &lines);
    assert_eq!(
        (state(&verdict), excursions(&verdict)),
        ("breached".to_owned(), vec!["15+15!29:01".to_owned()])
    );
}

/// What a tenant pays for each excursion of a cold room, of terms with these tolerances: sums of payments, and the debts.
fn owed(tolerances: &[&str], amounts: &[&str], caps: &str, lines: &[Line]) -> (Vec<String>, Vec<String>) {
    let mut terms = String::new();
    for (at, tolerate) in tolerances.iter().enumerate() {
        terms += &cold(tolerate).replace("\"cold\"", &format!("\"cold-{at}\""));
    }
    for (at, amount) in amounts.iter().enumerate() {
        writeln!(terms, "[[payments]]\nid = \"fee-{at}\"\nfrom = \"tenant\"\nto = \"owner\"").unwrap();
        writeln!(terms, "each = \"excursion of cold-{at}\"\n{amount}").unwrap();
    }
    let contract = contract_between("hold = \"2h\"", &(terms + caps));
    let verdict = verdict(&contract, lines);
    let rows = |name: &str| verdict.get(name).unwrap().as_array().unwrap().to_vec();
    let text = |row: &Value, name: &str| row.as_object().unwrap().str(name).unwrap().to_owned();
    let debt = |row: &Value| format!("{} {} {}", text(row, "from"), text(row, "to"), text(row, "amount"));
    let sums = rows("payments").iter().map(|row| text(row, "sum")).collect();
    (sums, rows("settlement").iter().map(debt).collect())
}

/// Bad for so long from one minute on.
fn bad_for(length: i64) -> [Line; 3] {
    [reading(0, 0, "4"), reading(1, MINUTE, "9"), reading(2, MINUTE + length, "4")]
}

#[test]
fn four_milliseconds_begin_no_unit() {
    let of = |length: i64| {
        let amount = ["amount = \"started(duration - 10m, 15m) * 40.00\""];
        owed(&[""], &amount, "", &bad_for(length)).0.remove(0)
    };
    // free for ten minutes, then by the started quarter: 40 minutes are two, four milliseconds more still are, and a second
    // more begins the third
    assert_eq!(of(40 * MINUTE), "80.00");
    assert_eq!(of(40 * MINUTE + 4), "80.00");
    assert_eq!(of(40 * MINUTE + 999), "80.00");
    assert_eq!(of(40 * MINUTE + 1_000), "120.00");
    // within what is free nothing is begun
    assert_eq!(of(10 * MINUTE + 4), "0.00");
}

#[test]
fn half_a_cent_goes_to_the_even_side_in_each_line() {
    let of = |amount: &str| {
        let lines = [("4", 0), ("9", 1), ("4", 2), ("9", 3), ("4", 4)];
        let lines: Vec<_> = (0..).zip(lines).map(|(n, (t, at))| reading(n, at * MINUTE, t)).collect();
        owed(&[""], &[&format!("amount = \"{amount}\"\nsigned = true")], "", &lines).0.remove(0)
    };
    // two lines: 0.00 + 0.00, 0.02 + 0.02, 0.02 + 0.02, and not 0.01 of 0.005 + 0.005
    assert_eq!([of("0.005"), of("0.015"), of("0.025")], ["0.00", "0.04", "0.04"]);
    assert_eq!([of("0.0050000000000000000001"), of("0.0149999999999999999999")], ["0.02", "0.02"]);
    // on the other side of zero the same: −0.00, −0.02, −0.02
    assert_eq!([of("-0.005"), of("-0.015"), of("-0.025")], ["0.00", "-0.04", "-0.04"]);
}

#[test]
fn a_cap_is_over_all_terms_and_nothing_is_owed_of_nothing() {
    let both = ["tolerate = { longer_than = \"10m\" }", "tolerate = { total = \"20m\" }"];
    let amounts = ["amount = \"beyond / 60 * 10.00\"\ncap = \"150.00\"", "amount = \"beyond / 60 * 10.00\""];
    let cap = |most: &str| format!("[[caps]]\nfrom = \"tenant\"\nto = \"owner\"\namount = \"{most}\"\n");
    // thirty minutes: twenty beyond ten are 200, capped at 150, and ten beyond twenty are 100
    let of = |caps: &str| owed(&both, &amounts, caps, &bad_for(30 * MINUTE));
    let sums = vec!["150.00".to_owned(), "100.00".to_owned()];
    assert_eq!(of(""), (sums.clone(), vec!["tenant owner 250.00".to_owned()]));
    assert_eq!(of(&cap("220.50")), (sums.clone(), vec!["tenant owner 220.50".to_owned()]));
    assert_eq!(of(&cap("250.00")).1, ["tenant owner 250.00"]);
    // a cap of nothing, and a penalty of nothing: there are lines, and no debt
    assert_eq!(of(&cap("0.00")), (sums, vec![]));
    let nothing = ["amount = \"0.00\"", "amount = \"duration * 0\""];
    let expected = (vec!["0.00".to_owned(), "0.00".to_owned()], vec![]);
    assert_eq!(owed(&both, &nothing, "", &bad_for(30 * MINUTE)), expected);
}

#[test]
fn an_amount_below_zero_is_paid_by_nobody_unless_it_is_signed() {
    let of = |more: &str| {
        let amount = format!("amount = \"100.00 - duration / 60 * 5.00\"{more}");
        owed(&[""], &[&amount], "", &bad_for(30 * MINUTE))
    };
    // 100 − 150
    assert_eq!(of(""), (vec!["0.00".to_owned()], vec![]));
    assert_eq!(of("\nsigned = true"), (vec!["-50.00".to_owned()], vec!["owner tenant 50.00".to_owned()]));
}

/// The excursion of a sensor that says nothing more from 15 minutes on.
fn died(gap: &str) -> Object {
    let term = cold(&format!("tolerate = {{ longer_than = \"5m\" }}\ngap = \"{gap}\""));
    let payment = "[[payments]]\nid = \"fee\"\nfrom = \"tenant\"\nto = \"owner\"\neach = \"excursion of cold\"\namount = \"beyond / 60 * 2.00\"\n";
    verdict(&contract_between("", &(term + payment)), &series(&["4", "4", "9", "9"]))
}

#[test]
fn a_sensor_that_died_in_an_excursion_is_paid_by_what_it_showed() {
    let sum = |verdict: &Object| {
        let payments = verdict.get("payments").unwrap().as_array().unwrap();
        payments[0].as_object().unwrap().str("sum").unwrap().to_owned()
    };
    // bad from 10, last heard at 15, which speaks until 26: 16 minutes, eleven of them beyond. Held to the end it is 50
    assert_eq!([sum(&died("pause")), sum(&died("reset")), sum(&died("hold"))], ["22.00", "22.00", "90.00"]);
    assert_eq!(excursions(&died("pause")), ["10+16!15:01"]);
}

#[test]
fn a_time_is_an_instant_whatever_its_offset_and_a_leap_second_is_none() {
    let under = |time: &str| {
        let mut lines = series(&["4"; 13]);
        lines[5] = reading(5, 25 * MINUTE, "9").with("time", time);
        let verdict = verdict(&contract("", &cold("")), &lines);
        (state(&verdict), excursions(&verdict), findings(&verdict))
    };
    // minute 25, until the reading at 30
    let breached = || ("breached".to_owned(), vec!["25+5!25:01".to_owned()], vec![]);
    for time in ["2026-03-01T06:25:00Z", "2026-03-01T07:25:00+01:00", "2026-02-28T20:25:00.000-10:00"] {
        assert_eq!(under(time), breached(), "{time}");
    }
    // the same clock read as another zone's is an hour away: before the period, where it speaks for eleven minutes
    assert_eq!(under("2026-03-01T06:25:00+01:00"), ("kept".to_owned(), vec![], vec![]));
    for time in ["2026-03-01T06:24:60Z", "2026-03-01T06:24:60.000Z", "2026-03-01T06:25:00"] {
        assert_eq!(under(time), ("undetermined".to_owned(), vec![], vec!["5 untimed".to_owned()]), "{time}");
    }
}

#[test]
fn of_two_devices_the_silent_one_is_not_kept_by_the_other() {
    let other = format!(
        "[devices.door]\nid = \"door\"\nsigned_by = [\"{}\"]\nfields = {{ v = \"Cel\" }}\n",
        key(3).did()
    );
    let term = "[[terms]]\nid = \"door-cold\"\non = \"door\"\nrequire = \"v <= 8.0\"\n";
    let verdict = verdict(&contract("", &format!("{}{term}{other}", cold(""))), &series(&["4"; 13]));
    let terms = verdict.get("terms").unwrap().as_array().unwrap();
    let states: Vec<_> = terms.iter().map(|term| term.as_object().unwrap().str("state").unwrap()).collect();
    assert_eq!((states, verdict.str("status")), (vec!["kept", "undetermined"], Some("undetermined")));
    assert_eq!(findings(&verdict), ["- never-heard"]);
}

#[test]
fn what_is_signed_after_the_period_began_counts_from_its_beginning() {
    let contract = contract("", &cold(""));
    let accept = |n: u64, millis: i64| {
        let line = reading(n, millis, "0").with("type", "accept").with("contract", contract.hash.to_string());
        line.signed_by(1)
    };
    let outcome = |lines: &[Line]| {
        let scope = EvaluationScope { as_of: Some(at(48 * 60 * MINUTE)), patient: true };
        let (evaluated, _) = evaluate(&contract, lines, scope);
        (evaluated.accepted.clone(), excursions(&verdict(&contract, lines)))
    };
    let warm = || series(&["4", "9", "4", "4", "4", "4", "4", "4", "4", "4", "4", "4", "4"]);
    let (mut before, mut late) = (warm(), warm());
    before.insert(0, accept(20, -MINUTE));
    late.push(accept(20, 90 * MINUTE));
    assert_eq!(outcome(&before), (vec![true], vec!["5+5!5:01".to_owned()]));
    assert_eq!(outcome(&late), outcome(&before));
    assert_eq!(outcome(&warm()).0, [false]);
}
