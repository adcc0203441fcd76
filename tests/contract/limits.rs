//! Limits: where an excursion ends, what windows tolerate, and what is paid of the part that is beyond.

use std::fmt::Write as _;

use counterfoil::{
    contract::{document::Contract, file::ContractFile, lint},
    json::{Object, Value},
};

use super::hour::*;

/// The state, and the excursions, of an hour of readings every five minutes.
fn outcome(term: &str, values: &[&str]) -> (String, Vec<String>) {
    let verdict = verdict(&contract("", term), &series(values));
    (state(&verdict), excursions(&verdict))
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// `margin`: the value and the minutes.
fn margin(verdict: &Object) -> (Option<String>, Option<i64>) {
    let term = term(verdict);
    let margin = term.get("margin").unwrap().as_object().unwrap();
    let minutes = |millis: &Value| millis.to_canonical().parse::<i64>().ok().map(|millis| millis / MINUTE);
    (margin.str("value").map(str::to_owned), margin.get("milliseconds").and_then(minutes))
}

#[test]
fn an_excursion_ends_only_where_it_clears() {
    let values = ["4", "7.8", "9", "7.8", "8", "7.5", "7.8", "9", "4", "4", "4", "4"];
    let term = |clear: &str| cold(&format!("clear = \"{clear}\"\ntolerate = {{ longer_than = \"12m\" }}"));
    // bad from 10 on; 7.8 at 15 and 8 at 20 do not end it, 7.5 at 25 does: 15 minutes, 12:01 after the beginning. 7.8 at 30
    // begins nothing; bad from 35 to 40
    let expected = ("breached".to_owned(), texts(&["10+15!22:01", "35+5"]));
    assert_eq!(outcome(&term("t <= 7.5"), &values), expected);
    // an end that is where it begins is no other end
    assert_eq!(outcome(&term("t <= 8"), &values).1, ["10+5", "35+5"]);
    let between = verdict(&contract("", &term("t <= 7.5")), &series(&values));
    let excursion = term_excursions(&between).remove(0);
    // what is between is known, so it is proven; the worst of it is still the worst
    assert_eq!(excursion.get("proven_ms").unwrap().as_u64(), Some(900_000));
    assert_eq!(
        (excursion.str("extreme"), excursion.get("last_entry").unwrap().as_u64()),
        (Some("9"), Some(4))
    );
}

fn term_excursions(verdict: &Object) -> Vec<Object> {
    let term = term(verdict);
    let list = term.get("excursions").unwrap().as_array().unwrap();
    list.iter().map(|excursion| excursion.as_object().unwrap().clone()).collect()
}

#[test]
fn silence_between_the_limits_is_unknown() {
    // bad at 10, between at 15, silent from then on: 15 holds until 26, and only 4 at 45 is known again
    let mut lines = series(&["4", "4", "9", "7.8"]);
    lines.extend([9, 10, 11].map(|n| reading(n, i64::try_from(n).unwrap() * 5 * MINUTE, "4")));
    let of = |gap: &str| {
        let more = format!("clear = \"t <= 7.5\"\ntolerate = {{ longer_than = \"30m\" }}\ngap = \"{gap}\"");
        let verdict = verdict(&contract("", &cold(&more)), &lines);
        (state(&verdict), excursions(&verdict), unknown_minutes(&verdict))
    };
    assert_eq!(of("hold"), ("breached".to_owned(), texts(&["10+35!40:01"]), 19));
    assert_eq!(of("pause"), ("undetermined".to_owned(), texts(&["10+16"]), 19));
    assert_eq!(of("reset"), ("undetermined".to_owned(), texts(&["10+16"]), 19));
}

#[test]
fn a_total_within_any_window_is_exceeded_at_an_exact_instant() {
    let term = |more: &str| cold(&format!("tolerate = {{ total = \"10m\", within = \"30m\"{more} }}"));
    // bad 0–5, 15–20 and 35–40: never more than ten minutes in half an hour, at 35 the first five have left the window
    let values = ["9", "4", "4", "9", "4", "4", "4", "9", "4", "4", "4", "4"];
    assert_eq!(outcome(&term(""), &values), ("kept".to_owned(), texts(&["0+5", "15+5", "35+5"])));
    // bad 25–30 instead: 15–20 and 0–5 are in the window, until 30: ten at 20, and a second more at 25:01
    let closer = ["9", "4", "4", "9", "4", "9", "4", "4", "4", "4", "4", "4"];
    let expected = ("breached".to_owned(), texts(&["0+5", "15+5", "25+5!25:01"]));
    assert_eq!(outcome(&term(""), &closer), expected);
    // as long as ten minutes is ten minutes: at 20
    let expected = ("breached".to_owned(), texts(&["0+5", "15+5!20", "25+5!25"]));
    assert_eq!(outcome(&term(", inclusive = true"), &closer), expected);
    // how near it came: ten of ten, and five
    let margin_of = |values: &[&str]| margin(&verdict(&contract("", &term("")), &series(values)));
    assert_eq!(margin_of(&values), (Some("-1".to_owned()), Some(0)));
    assert_eq!(margin_of(&["9", "4", "4", "4", "4", "4", "4", "9", "4", "4", "4", "4"]).1, Some(5));
    assert_eq!(margin_of(&closer).1, Some(-5));
}

#[test]
fn what_is_unknown_could_fill_a_window() {
    // bad 0–5, good until 26, where the reading of 15 speaks no longer, and again from 30 on
    let mut lines = series(&["9", "4", "4", "4"]);
    lines.extend((6..12).map(|n| reading(n, i64::try_from(n).unwrap() * 5 * MINUTE, "4")));
    let of = |tolerate: &str| state(&verdict(&contract("", &cold(tolerate)), &lines));
    // five and four within half an hour
    assert_eq!(of("tolerate = { total = \"8m\", within = \"30m\" }"), "undetermined");
    assert_eq!(of("tolerate = { total = \"9m\", within = \"30m\" }"), "kept");
    // within 25 minutes the first five leave as the four come
    assert_eq!(of("tolerate = { total = \"5m\", within = \"25m\" }"), "kept");
    // 9 of 30 are 30 %; of twenties no window has more than 5
    assert_eq!(of("tolerate = { percent = \"30\", of = \"30m\" }"), "kept");
    assert_eq!(of("tolerate = { percent = \"29.9\", of = \"30m\" }"), "undetermined");
    assert_eq!(of("tolerate = { percent = \"25\", of = \"20m\" }"), "kept");
}

#[test]
fn a_share_is_of_each_window_as_the_period_cuts_it() {
    let of = |percent: &str, values: &[&str]| {
        let tolerate = format!("tolerate = {{ percent = \"{percent}\", of = \"25m\" }}");
        let verdict = verdict(&contract("", &cold(&tolerate)), &series(values));
        (state(&verdict), excursions(&verdict), margin(&verdict).1)
    };
    // the windows are 0–25, 25–50 and, cut by the period, 50–60: five of 25 minutes are 20 %
    let once = ["4", "4", "9", "4", "4", "9", "4", "4", "4", "4", "4", "4"];
    assert_eq!(of("20", &once), ("kept".to_owned(), texts(&["10+5", "25+5"]), Some(0)));
    // 19.9 % are 298.5 s: 298 whole seconds are not more, 299 are
    let expected = ("breached".to_owned(), texts(&["10+5!14:59", "25+5!29:59"]), Some(0));
    assert_eq!(of("19.9", &once), expected);
    // over the border of two windows five minutes are in each
    let across = ["4", "4", "4", "4", "9", "9", "4", "4", "4", "4", "4", "4"];
    assert_eq!(of("20", &across), ("kept".to_owned(), texts(&["20+10"]), Some(0)));
    // of the last ten minutes 20 % are two
    let last = ["4", "4", "4", "4", "4", "4", "4", "4", "4", "4", "9", "4"];
    assert_eq!(of("20", &last), ("breached".to_owned(), texts(&["50+5!52:01"]), Some(-3)));
    // nothing bad: five minutes are left in a whole window
    assert_eq!(of("20", &["4"; 12]).2, Some(5));
}

/// A contract in which a stay is paid by what is beyond a limit, in EUR.
fn stay(tolerate: &str, amount: &str) -> Contract {
    let payment = format!(
        "[[payments]]\nid = \"demurrage\"\nfrom = \"tenant\"\nto = \"owner\"\neach = \"excursion of cold\"\namount = \"{amount}\"\n"
    );
    contract_between("", &format!("{}{payment}", cold(tolerate)))
}

/// The sum of the only payment, and its lines.
fn paid(verdict: &Object) -> (String, Vec<String>) {
    let payment = verdict.get("payments").unwrap().as_array().unwrap()[0].as_object().unwrap();
    let line = |line: &Value| {
        let line = line.as_object().unwrap();
        format!("{} = {}", line.str("amount").unwrap(), line.str("calc").unwrap())
    };
    let lines = payment.get("lines").unwrap().as_array().unwrap();
    (payment.str("sum").unwrap().to_owned(), lines.iter().map(line).collect())
}

#[test]
fn an_allowance_used_up_in_the_middle_of_a_stay_charges_what_is_beyond() {
    // stays 5–10, 20–35 and 50–55; twelve minutes are free, so seven of the second one are left, which end at 27: eight
    // minutes are beyond, and all five of the third. Not the 25 minutes of them all, and not the 20 of the last two
    let values = ["4", "9", "4", "4", "9", "9", "9", "4", "4", "4", "9", "4"];
    let of = |tolerate: &str, amount: &str| paid(&verdict(&stay(tolerate, amount), &series(&values)));
    let total = "tolerate = { total = \"12m\" }";
    let lines = ["8.00 = 480 / 60 * 1", "5.00 = 300 / 60 * 1"];
    assert_eq!(of(total, "beyond / 60 * 1.00"), ("13.00".to_owned(), texts(&lines)));
    assert_eq!(of(total, "duration / 60 * 1.00").0, "20.00");
    // begun five minutes at 2.50: two and one
    let lines = ["5.00 = started(480, 300) * 2.5", "2.50 = started(300, 300) * 2.5"];
    assert_eq!(of(total, "started(beyond, 5m) * 2.50"), ("7.50".to_owned(), texts(&lines)));
    // one at a time: only the second is longer than six minutes, by nine
    let longer = of("tolerate = { longer_than = \"6m\" }", "beyond / 60 * 1.00");
    assert_eq!(longer, ("9.00".to_owned(), texts(&["9.00 = 540 / 60 * 1"])));
    // in any half hour: at 27 there are twelve minutes from 5–10 and 20–27; eight more until 35. At 50 the window begins at
    // 20 and holds the fifteen of 20–35; as the five come in, five go: all of them are beyond
    let lines = ["8.00 = 480 / 60 * 1", "5.00 = 300 / 60 * 1"];
    let rolling = "tolerate = { total = \"12m\", within = \"30m\" }";
    assert_eq!(of(rolling, "beyond / 60 * 1.00"), ("13.00".to_owned(), texts(&lines)));
    // in any twenty minutes: 5–10 has gone by 30 when 20–30 fills ten, twelve at 32, three beyond; nothing is left at 55
    let rolling = "tolerate = { total = \"12m\", within = \"20m\" }";
    assert_eq!(of(rolling, "beyond / 60 * 1.00"), ("3.00".to_owned(), texts(&["3.00 = 180 / 60 * 1"])));
}

#[test]
fn an_excursion_that_exceeds_a_share_or_a_number_is_paid_as_a_whole() {
    let values = ["4", "9", "4", "4", "9", "9", "9", "4", "4", "4", "9", "4"];
    let of = |tolerate: &str| paid(&verdict(&stay(tolerate, "duration / 60 * 1.00"), &series(&values)));
    // more than one is two: 20–35 and 50–55
    assert_eq!(of("tolerate = { count = 1 }").0, "20.00");
    // 20 % of thirty minutes are six: five and ten of the first half hour, five and five of the second
    assert_eq!(of("tolerate = { percent = \"20\", of = \"30m\" }").0, "20.00");
    // 34 % are 10:12, exceeded at 25:13 by 20–35; of the second half hour ten are fewer
    assert_eq!(of("tolerate = { percent = \"34\", of = \"30m\" }").0, "15.00");
    // the end that clears belongs to it: 20–40
    assert_eq!(of("tolerate = { longer_than = \"14m\" }").0, "15.00");
    let values = ["4", "9", "4", "4", "9", "9", "9", "7.9", "4", "4", "9", "4"];
    let cleared = stay("clear = \"t <= 7\"\ntolerate = { longer_than = \"14m\" }", "beyond / 60 * 1.00");
    assert_eq!(paid(&verdict(&cleared, &series(&values))).0, "6.00");
}

#[test]
fn unknown_time_is_beyond_only_where_it_counts() {
    // bad from 10 on, unknown from 21 to 40, bad again to 45: 16 minutes that readings show, 35 with the unknown ones
    let mut lines = series(&["4", "4", "9"]);
    lines.extend(
        [(8, "9"), (9, "4"), (10, "4"), (11, "4")]
            .map(|(n, t)| reading(n, i64::try_from(n).unwrap() * 5 * MINUTE, t)),
    );
    let of = |gap: &str, amount: &str| {
        let tolerate = format!("tolerate = {{ longer_than = \"12m\" }}\ngap = \"{gap}\"");
        paid(&verdict(&stay(&tolerate, amount), &lines)).0
    };
    assert_eq!(of("hold", "beyond / 60"), "23.00");
    assert_eq!(of("hold", "proven / 60"), "16.00");
    assert_eq!(of("pause", "beyond / 60"), "4.00");
    // two excursions of eleven and five minutes
    assert_eq!(of("reset", "beyond / 60"), "0.00");
}

fn problems(term: &str, payment: &str) -> Vec<String> {
    let mut toml = String::from("contract = \"foil/1\"\ntitle = \"Cold room\"\ncurrency = \"EUR\"\n");
    toml += "period = { from = 2026-03-01T06:00:00Z, to = 2026-03-01T07:00:00Z }\n";
    for (name, seed) in [("owner", 1), ("tenant", 2)] {
        writeln!(toml, "[parties.{name}]\nkey = \"{}\"", key(seed).did()).unwrap();
    }
    toml += "[devices.probe]\nid = \"probe\"\nfields = { t = \"Cel\" }\n";
    writeln!(toml, "signed_by = [\"{}\"]", key(3).did()).unwrap();
    write!(toml, "[time]\nhold = \"11m\"\nsilence = \"accepted\"\n{}{payment}", cold(term)).unwrap();
    let record = ContractFile::parse(toml.as_bytes()).unwrap().record;
    let found = match Contract::read(&record) {
        Ok(contract) => lint::lint(&contract),
        Err(problems) => problems,
    };
    found.iter().map(ToString::to_string).filter(|text| !text.contains("ledger")).collect()
}

#[test]
fn what_a_limit_cannot_mean_is_a_problem() {
    let path = "terms[0].";
    for (term, problem) in [
        ("clear = \"t <= 8.5\"", "clear: an excursion would end where `require` is broken: at t = 8.25"),
        ("clear = \"t >= 2\"", "clear: an excursion would end where `require` is broken: at t = 9"),
        ("clear = \"t <= \"", "clear: expected a value, found the end"),
        (
            "tolerate = { longer_than = \"5m\", within = \"1h\" }",
            "tolerate.within: it belongs to a total: { total = \"1h\", within = \"24h\" }",
        ),
        ("tolerate = { total = \"5m\", within = \"0s\" }", "tolerate.within: a window has some length"),
        (
            "tolerate = { total = \"9m\", within = \"9m\" }",
            "tolerate.within: 9m is not shorter than the window of 9m: this can never breach",
        ),
        (
            "tolerate = { percent = \"101\", of = \"9m\" }",
            "tolerate.percent: expected 0 to 100, with at most 18 digits after the point",
        ),
        (
            "tolerate = { percent = \"-1\", of = \"9m\" }",
            "tolerate.percent: expected 0 to 100, with at most 18 digits after the point",
        ),
        (
            "tolerate = { percent = \"0.0000000000000000001\", of = \"9m\" }",
            "tolerate.percent: expected 0 to 100, with at most 18 digits after the point",
        ),
        (
            "tolerate = { percent = \"100\", of = \"9m\" }",
            "tolerate.percent: all of each window: this can never breach",
        ),
    ] {
        assert_eq!(problems(term, ""), [format!("{path}{problem}")], "{term}");
    }
    for term in ["clear = \"t <= 8\"", "tolerate = { total = \"9m\", within = \"9m\", inclusive = true }"] {
        assert_eq!(problems(term, ""), [""; 0], "{term}");
    }
    let pays = |amount: &str| {
        format!(
            "[[payments]]\nid = \"fee\"\nfrom = \"tenant\"\nto = \"owner\"\neach = \"excursion of cold\"\namount = \"{amount}\"\ncap = \"5\"\n"
        )
    };
    let without = "payments[0].amount: `beyond` is what comes after a tolerated length of time: the term has no longer_than or total";
    for term in ["", "tolerate = { count = 2 }", "tolerate = { percent = \"5\", of = \"9m\" }"] {
        assert_eq!(problems(term, &pays("beyond")), [without], "{term}");
    }
    assert_eq!(problems("tolerate = { total = \"9m\" }", &pays("beyond / 60")), [""; 0]);
}
