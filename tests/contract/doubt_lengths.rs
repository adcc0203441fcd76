//! Unknown time inside an excursion, and lengths of time in whole units: what counts, what is proven, what is paid.

use counterfoil::json::{Object, Value};

use super::hour::*;

/// The members of a term's excursions that are numbers, in whole seconds.
fn seconds(verdict: &Object, member: &str) -> Vec<u64> {
    let list = term(verdict);
    let list = list.get("excursions").unwrap().as_array().unwrap();
    list.iter().map(|it| it.as_object().unwrap().get(member).unwrap().as_u64().unwrap() / 1_000).collect()
}

/// State, excursions, counted and proven seconds, and unknown minutes of a cold room under a gap.
fn outcome(tolerate: &str, gap: &str, lines: &[Line]) -> (String, Vec<String>, Vec<u64>, Vec<u64>, u64) {
    let verdict = verdict(&contract("", &cold(&format!("{tolerate}\n{gap}"))), lines);
    (
        state(&verdict),
        excursions(&verdict),
        seconds(&verdict, "milliseconds"),
        seconds(&verdict, "proven_ms"),
        unknown_minutes(&verdict),
    )
}

/// What a payment for each excursion of a cold room comes to.
fn paid(time: &str, term: &str, amount: &str, lines: &[Line]) -> Vec<String> {
    let terms = format!(
        "[[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"t <= 8.0\"\n{term}\n[[payments]]\nid = \"pen\"\n\
         from = \"owner\"\nto = \"tenant\"\neach = \"excursion of cold\"\namount = \"{amount}\"\n"
    );
    let verdict = verdict(&contract_between(time, &terms), lines);
    let payments = verdict.get("payments").unwrap().as_array().unwrap();
    let lines = payments[0].as_object().unwrap().get("lines").unwrap().as_array().unwrap();
    let amount = |line: &Value| {
        let line = line.as_object().unwrap();
        format!("{} = {}", line.str("calc").unwrap(), line.str("amount").unwrap())
    };
    lines.iter().map(amount).collect()
}

#[test]
fn a_plug_that_is_pulled_in_an_excursion_pauses_it_unless_the_term_says_otherwise() {
    // bad at 10 and 15, which speaks until 26; silent until 40, when it is bad for five minutes more
    let mut lines = series(&["4", "4", "9", "9"]);
    lines.extend(
        (8..13).map(|n: u8| reading(n.into(), i64::from(n) * 5 * MINUTE, if n == 8 { "9" } else { "4" })),
    );
    let list = |text: &str| vec![text.to_owned()];
    // 16 minutes and 5 are shown, 14 are unknown between them
    let paused = ("breached".to_owned(), list("10+21!10:01"), vec![1260], vec![1260], 14);
    assert_eq!(outcome("", "gap = \"pause\"", &lines), paused);
    assert_eq!(outcome("", "", &lines), paused, "pause is what a term means that says nothing");
    let held = ("breached".to_owned(), list("10+35!10:01"), vec![2100], vec![1260], 14);
    assert_eq!(outcome("", "gap = \"hold\"", &lines), held);
    let apart = vec!["10+16!10:01".to_owned(), "40+5!40:01".to_owned()];
    let reset = ("breached".to_owned(), apart, vec![960, 300], vec![960, 300], 14);
    assert_eq!(outcome("", "gap = \"reset\"", &lines), reset);
    // 21 minutes are shown, 35 are possible
    let of = |tolerate: &str, gap: &str| outcome(tolerate, gap, &lines).0;
    for (most, states) in [
        ("20m", ["breached", "breached", "undetermined"]),
        ("21m", ["undetermined", "breached", "undetermined"]),
        ("34m", ["undetermined", "breached", "undetermined"]),
        ("35m", ["kept", "kept", "kept"]),
    ] {
        let tolerate = format!("tolerate = {{ longer_than = \"{most}\" }}");
        let gaps = ["pause", "hold", "reset"].map(|gap| of(&tolerate, &format!("gap = \"{gap}\"")));
        assert_eq!(gaps, states, "{most}");
    }
}

#[test]
fn a_plug_that_stays_pulled_is_not_paid_for_unless_the_term_says_so() {
    // bad from 10 on, silent from 15: 16 minutes are shown, 34 are unknown
    let lines = series(&["4", "4", "9", "9"]);
    let of = |term: &str| paid("", term, "duration * 0.01", &lines);
    assert_eq!(of(""), ["960 * 0.01 = 9.60"]);
    assert_eq!(of("gap = \"reset\""), ["960 * 0.01 = 9.60"]);
    assert_eq!(of("gap = \"hold\""), ["3000 * 0.01 = 30.00"]);
    assert_eq!(paid("", "gap = \"hold\"", "proven * 0.01", &lines), ["960 * 0.01 = 9.60"]);
}

#[test]
fn unknown_time_alone_begins_nothing_whatever_the_gap_counts() {
    let lines = series(&["4", "4"]);
    for gap in ["pause", "hold", "reset"] {
        let (state, excursions, ..) = outcome("", &format!("gap = \"{gap}\""), &lines);
        assert_eq!((state.as_str(), excursions), ("undetermined", vec![]), "{gap}");
    }
}

#[test]
fn a_count_is_kept_only_where_nothing_is_unknown() {
    let of = |lines: &[Line]| outcome("tolerate = { count = 9 }", "", lines).0;
    assert_eq!(of(&series(&["4"; 13])), "kept");
    assert_eq!(of(&series(&["4"; 4])), "undetermined");
    // four milliseconds between the end of a hold and the next reading hold no excursion
    let late = |rest: i64| {
        let mut lines = series(&["4"; 13]);
        lines[3..5].iter_mut().for_each(|line| *line = reading(line.n + 40, 10 * MINUTE, "4"));
        lines[5] = reading(5, 21 * MINUTE + rest, "4");
        lines
    };
    assert_eq!(of(&late(4)), "kept");
    assert_eq!(of(&late(1_000)), "undetermined");
}

#[test]
fn milliseconds_begin_no_excursion_and_end_no_tolerance() {
    let of = |tolerate: &str, length: i64| {
        let lines = [reading(0, 0, "4"), reading(1, MINUTE, "9"), reading(2, MINUTE + length, "4")];
        let contract = contract("hold = \"2h\"", &cold(tolerate));
        let verdict = verdict(&contract, &lines);
        (state(&verdict), excursions(&verdict))
    };
    let kept = |text: &str| ("kept".to_owned(), vec![text.to_owned()]);
    let breached = |text: &str| ("breached".to_owned(), vec![text.to_owned()]);
    // no tolerance: what lasts a whole second
    assert_eq!(of("", 999), kept("1+0"));
    assert_eq!(of("", 1_000), breached("1+0!1:01"));
    // longer than five minutes is 5:01, as long as five minutes is 5:00
    let (longer, as_long) =
        ("tolerate = { longer_than = \"5m\" }", "tolerate = { longer_than = \"5m\", inclusive = true }");
    assert_eq!(of(longer, 5 * MINUTE + 4), kept("1+5"));
    assert_eq!(of(longer, 5 * MINUTE + 1_000), breached("1+5!6:01"));
    assert_eq!(of(as_long, 5 * MINUTE - 1), kept("1+4"));
    assert_eq!(of(as_long, 5 * MINUTE), breached("1+5!6"));
    assert_eq!(of("inclusive = true\ntolerate = { longer_than = \"5m\" }", 5 * MINUTE), breached("1+5!6"));
    assert_eq!(of("tolerate = { total = \"5m\", inclusive = true }", 5 * MINUTE), breached("1+5!6"));
    // in whole minutes: 5:59 is five, six minutes are more
    let coarse = |length: i64| {
        let lines = [reading(0, 0, "4"), reading(1, MINUTE, "9"), reading(2, MINUTE + length, "4")];
        let contract = contract("hold = \"2h\"\nresolution = \"1m\"", &cold(longer));
        excursions(&verdict(&contract, &lines))
    };
    assert_eq!(coarse(6 * MINUTE - 1), ["1+5"]);
    assert_eq!(coarse(6 * MINUTE), ["1+6!7"]);
}

#[test]
fn a_total_is_summed_exactly_before_it_is_rounded() {
    // three times 20.5 s are 61.5 s: in whole seconds one more than a minute
    let mut lines = vec![reading(0, 0, "4")];
    for n in 0..3u8 {
        let start = i64::from(n) * 10 * MINUTE + MINUTE;
        lines.push(reading(u64::from(n) * 2 + 1, start, "9"));
        lines.push(reading(u64::from(n) * 2 + 2, start + 20_500, "4"));
    }
    let of = |total: &str| {
        let contract = contract("hold = \"2h\"", &cold(&format!("tolerate = {{ total = \"{total}\" }}")));
        excursions(&verdict(&contract, &lines))
    };
    // 41 s are used up at 21:00, so 61 s are reached at 21:20
    assert_eq!(of("1m"), ["1+0", "11+0", "21+0!21:20"]);
    assert_eq!(of("1m1s"), ["1+0", "11+0", "21+0"]);
}

#[test]
fn milliseconds_begin_no_unit_that_is_paid() {
    let door = |end: i64| [reading(0, 0, "4"), reading(1, MINUTE, "9"), reading(2, MINUTE + end, "4")];
    let of = |time: &str, amount: &str, end: i64| {
        paid(&format!("hold = \"2h\"\n{time}"), "gap = \"hold\"", amount, &door(end))
    };
    assert_eq!(
        of("", "started(duration, 10m) * 100.00", 10 * MINUTE + 4),
        ["started(600, 600) * 100 = 100.00"]
    );
    assert_eq!(
        of("", "started(duration, 10m) * 100.00", 10 * MINUTE + 1_000),
        ["started(601, 600) * 100 = 200.00"]
    );
    assert_eq!(
        of("", "ceil(duration / 600) * 100.00", 10 * MINUTE + 999),
        ["ceil(600 / 600) * 100 = 100.00"]
    );
    // free time first: 20 minutes less 15 begin one unit of ten; 14 minutes less 15 none
    assert_eq!(
        of("", "started(duration - 15m, 10m) * 7.00", 20 * MINUTE),
        ["started(1200 - 900, 600) * 7 = 7.00"]
    );
    assert_eq!(
        of("", "started(duration - 15m, 10m) * 7.00", 14 * MINUTE),
        ["started(840 - 900, 600) * 7 = 0.00"]
    );
    // in whole minutes 10:59 are ten
    let minutes = "resolution = \"1m\"";
    assert_eq!(
        of(minutes, "started(duration, 10m) * 7.00", 11 * MINUTE - 1),
        ["started(600, 600) * 7 = 7.00"]
    );
    // half of 1,201 s are 600.5 s, which are 600 whole ones
    assert_eq!(
        of("", "started(duration * 0.5, 10m) * 7.00", 1_201_000),
        ["started(1201 * 0.5, 600) * 7 = 7.00"]
    );
}

#[test]
fn for_how_long_a_condition_held_is_at_most_what_is_known_and_all_that_is_unknown() {
    let demand = |condition: &str| {
        format!("[[terms]]\nid = \"x\"\non = \"probe\"\nmeasure = \"{condition}\"\neach = \"period\"\n")
    };
    // readings every five minutes, a 9 from 10 to 15, none at 25, 30 and 35: with a hold of eleven minutes nothing is known from
    // 31 to 40. Above 8 for five minutes and at most for fourteen, at or below it for forty-six to fifty-five.
    let mut lines = series(&["4", "4", "9", "4", "4", "4", "4", "4", "4", "4", "4", "4"]);
    lines.retain(|line| ![5, 6, 7].contains(&line.n));
    for (condition, expected) in [
        ("seconds(t > 8) <= 840", "kept"),
        ("seconds(t > 8) <= 839", "undetermined"),
        ("seconds(t > 8) <= 300", "undetermined"),
        ("seconds(t > 8) <= 299", "breached"),
        ("seconds(t <= 8) >= 2760", "kept"),
        ("seconds(t <= 8) >= 2761", "undetermined"),
        ("seconds(t <= 8) >= 3301", "breached"),
        ("seconds(t <= 8) + seconds(t > 8) <= 4140", "kept"),
    ] {
        let verdict = verdict(&contract("", &demand(condition)), &lines);
        assert_eq!(state(&verdict), expected, "{condition}");
    }
    // what is listed is that from which it has farther to go to a breach: 3,300 seconds at most, of 3,400
    let verdict = verdict(&contract("", &demand("seconds(t <= 8) >= 3400")), &lines);
    let term = term(&verdict);
    let excursion = term.get("excursions").unwrap().as_array().unwrap()[0].as_object().unwrap().clone();
    assert_eq!(excursion.str("extreme"), Some("3300"));
}
