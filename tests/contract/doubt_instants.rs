//! Several values of one instant, and values that are no measurements.

use counterfoil::object;

use super::hour::*;

/// The extremes of a verdict's excursions.
fn extremes(lines: &[Line]) -> Vec<String> {
    let term = term(&verdict(&contract("", &cold("")), lines));
    let list = term.get("excursions").unwrap().as_array().unwrap();
    list.iter().map(|it| it.as_object().unwrap().str("extreme").unwrap().to_owned()).collect()
}

/// State, excursions and findings.
fn outcome(lines: &[Line]) -> (String, Vec<String>, Vec<String>) {
    let verdict = verdict(&contract("", &cold("")), lines);
    (state(&verdict), excursions(&verdict), findings(&verdict))
}

/// Readings every five minutes of one stream, in which ten readings at minute 30 have these values.
fn burst(values: [&str; 10]) -> Vec<Line> {
    let at_thirty = values.iter().map(|t| (30 * MINUTE, *t));
    let good = |from: i64, to: i64| (from..to).map(|n| (n * 5 * MINUTE, "4"));
    let all = good(0, 6).chain(at_thirty).chain(good(7, 13));
    (0..).zip(all).map(|(n, (at, t))| reading(n, at, t).in_stream(n)).collect()
}

#[test]
fn of_ten_lines_read_at_once_the_last_stands() {
    let none = Vec::<String>::new;
    // nine degrees in the middle of them stood for no time
    let passing = burst(["4", "4", "9", "9", "4", "4", "4", "4", "4", "4"]);
    assert_eq!(outcome(&passing), ("kept".to_owned(), none(), none()));
    // as the last one they stand until the next reading, at 35; the twelve before them are the worst
    let last = burst(["4", "4", "4", "12", "4", "4", "4", "4", "4", "9"]);
    assert_eq!(outcome(&last), ("breached".to_owned(), vec!["30+5!30:01".to_owned()], none()));
    assert_eq!(extremes(&last), ["12"]);
    // an excursion that ends there met the ten degrees before it ended: 25 to 30
    let mut ends = burst(["9", "10", "4", "4", "4", "4", "4", "4", "4", "4"]);
    ends[5] = reading(5, 25 * MINUTE, "9").in_stream(5);
    assert_eq!(outcome(&ends).1, ["25+5!25:01"]);
    assert_eq!(extremes(&ends), ["10"]);
    // entered in another order it is the same: numbers decide within a stream
    let mut turned = last.clone();
    let (first, tenth) = (turned[6].record.clone(), turned[15].record.clone());
    (turned[6].record, turned[15].record) = (tenth, first);
    assert_eq!(outcome(&turned), outcome(&last));
}

#[test]
fn another_value_of_the_same_number_or_of_another_stream_is_a_conflict() {
    let mut lines: Vec<_> =
        series(&["4"; 13]).into_iter().map(|line| line.clone().in_stream(line.n)).collect();
    // number 3 again with another value; another stream's word for minute 25, and the same word for minute 30
    lines.push(reading(20, 15 * MINUTE, "9").in_stream(3).received(61 * MINUTE));
    lines.push(reading(21, 25 * MINUTE, "9").with("stream", "t").with("seq", 0u32).received(61 * MINUTE));
    lines.push(reading(22, 30 * MINUTE, "4.0").with("stream", "t").with("seq", 1u32).received(61 * MINUTE));
    let conflicts = ["20 conflict t", "21 conflict t"].map(str::to_owned).to_vec();
    assert_eq!(outcome(&lines), ("kept".to_owned(), vec![], conflicts));
}

#[test]
fn a_value_that_is_no_measurement_is_unknown() {
    let of = |fields: &str, lines: &[Line]| {
        let verdict = verdict(&contract_of(fields, &cold("")), lines);
        (state(&verdict), unknown_minutes(&verdict), findings(&verdict))
    };
    let invalid = |n: u64| vec![format!("{n} invalid t")];
    let mut lines = series(&["4"; 13]);
    lines[5] = reading(5, 25 * MINUTE, "85.0");
    let bounded = r#"{ t = { unit = "Cel", valid = ["-40", "84.9"] }, door = "text" }"#;
    // 25 to 30; without bounds it is a breach
    assert_eq!(of(bounded, &lines), ("undetermined".to_owned(), 5, invalid(5)));
    assert_eq!(of(r#"{ t = { unit = "Cel" }, door = "text" }"#, &lines).0, "breached");
    // both ends are valid, −0 is 0, and 8.00 is 8.0
    lines[5] = reading(5, 25 * MINUTE, "-40.0");
    assert_eq!(of(bounded, &lines), ("kept".to_owned(), 0, vec![]));
    lines[5] = reading(5, 25 * MINUTE, "-40.001");
    assert_eq!(of(bounded, &lines).2, invalid(5));
    let narrow = r#"{ t = { unit = "Cel", valid = ["0", "8"] }, door = "text" }"#;
    for value in ["-0.0", "0", "8.0", "8.00"] {
        lines[5] = reading(5, 25 * MINUTE, value);
        assert_eq!(of(narrow, &lines), ("kept".to_owned(), 0, vec![]), "{value}");
    }
    // in a stream it is as if it were withheld: unknown from the reading before it, 20 to 30
    lines[5] = reading(5, 25 * MINUTE, "85.0");
    let mut lines: Vec<_> = lines.into_iter().map(|line| line.clone().in_stream(line.n)).collect();
    assert_eq!(of(bounded, &lines), ("undetermined".to_owned(), 10, invalid(5)));
    // what the device says of itself, that it does not know, is unknown from then on: 25 to 30
    lines[5] = lines[5].clone().values(r#"{"t":null}"#);
    assert_eq!(of(bounded, &lines), ("undetermined".to_owned(), 5, vec![]));
    // another field of the same reading is untouched
    lines[5] = lines[5].clone().values(r#"{"t":85,"door":"shut"}"#);
    let door = "[[terms]]\nid = \"door\"\non = \"probe\"\nrequire = \"!has(door) || door == 'shut'\"\n";
    assert_eq!(state(&verdict(&contract_of(bounded, door), &lines)), "kept");
}

#[test]
fn a_unit_that_changes_in_the_middle_makes_unknown_what_it_measures() {
    let fahrenheit = || counterfoil::json::parse(r#"{"t":"F"}"#.as_bytes()).unwrap();
    let mut lines: Vec<_> =
        series(&["4"; 13]).into_iter().map(|line| line.clone().in_stream(line.n)).collect();
    for line in &mut lines[5..8] {
        *line = line.clone().with("units", fahrenheit());
    }
    let verdict = verdict(&contract("", &cold("")), &lines);
    // from the last reading in degrees Celsius, at 20, to the next one, at 40
    assert_eq!((state(&verdict).as_str(), unknown_minutes(&verdict)), ("undetermined", 20));
    assert_eq!(findings(&verdict), ["5 unit t", "6 unit t", "7 unit t"]);
}

/// Readings each five minutes of one stream, without those of these numbers.
fn without(values: &[&str], missing: &[u64]) -> Vec<Line> {
    let numbered = series(values).into_iter().map(|line| line.clone().in_stream(line.n));
    numbered.filter(|line| !missing.contains(&line.n)).collect()
}

#[test]
fn a_good_value_ends_an_excursion_also_where_a_record_is_missing_behind_it() {
    // 5 to 10, unknown from 10 to 20, and 20 to 25: what is missing is no reason to join them
    let values = ["4", "9", "5", "5", "9", "5", "5", "5", "5", "5", "5", "5", "5"];
    let of = |tolerate: &str, lines: &[Line]| {
        let verdict = verdict(&contract("", &cold(tolerate)), lines);
        (state(&verdict), excursions(&verdict).join(", "), unknown_minutes(&verdict))
    };
    let is = |state: &str, excursions: &str| (state.to_owned(), excursions.to_owned(), 10);
    for gap in ["pause", "hold", "reset"] {
        let longer = format!("gap = \"{gap}\"\ntolerate = {{ longer_than = \"9m\" }}");
        let twice = format!("gap = \"{gap}\"\ntolerate = {{ count = 1 }}");
        // withheld, received too late, and in another unit
        let late = reading(3, 15 * MINUTE, "5").in_stream(3).received(48 * 60 * MINUTE);
        let kelvin = reading(3, 15 * MINUTE, "278").in_stream(3).with("units", object! { "t": "K" });
        for absent in [vec![], vec![late], vec![kelvin]] {
            let mut lines = [without(&values, &[3]), absent].concat();
            lines.sort_by_key(|line| (line.received, line.n));
            assert_eq!(of(&longer, &lines), is("undetermined", "5+5, 20+5"), "{gap}");
            assert_eq!(of(&twice, &lines), is("breached", "5+5, 20+5!20:01"), "{gap}");
        }
    }
    // what is missing may have been bad from that instant on: 10 to 25 are longer than 14
    assert_eq!(of("tolerate = { longer_than = \"14m\" }", &without(&values, &[3])).0, "undetermined");
    // a value that is bad ends nothing: the same excursion goes on, 5 to 10 and 20 to 25
    let bad = ["4", "9", "9", "5", "9", "5", "5", "5", "5", "5", "5", "5", "5"];
    assert_eq!(of("tolerate = { longer_than = \"20m\" }", &without(&bad, &[3])).1, "5+10");
    // and one that is itself behind a hole is not heard before it
    let both = without(&values, &[2, 3]);
    assert_eq!(of("tolerate = { longer_than = \"9m\" }", &both).1, "20+5");
}

/// Another device of the same gateway says something, and then something is missing in the stream of both.
#[test]
fn a_record_of_another_device_that_is_missing_joins_nothing() {
    let probe = [(0, "4"), (10, "9"), (20, "5"), (30, "9"), (40, "5"), (50, "5")];
    let lines: Vec<_> =
        (0..).zip(probe).map(|(n, (at, t))| reading(n, at * MINUTE, t).in_stream(2 * n)).collect();
    let others = [0, 1, 3, 4].map(|n: i64| {
        let seq = 2 * n.unsigned_abs() + 1;
        reading(20 + n.unsigned_abs(), n * 10 * MINUTE + 1_000, "1")
            .in_stream(seq)
            .with("device", "hygrometer")
    });
    let mut lines = [lines, others.to_vec()].concat();
    lines.sort_by_key(|line| line.received);
    (0..).zip(&mut lines).for_each(|(n, line)| line.n = n);
    let verdict = verdict(&contract("", &cold("tolerate = { longer_than = \"15m\" }")), &lines);
    assert_eq!(excursions(&verdict).join(", "), "10+10, 30+10");
    assert_eq!(paid(&verdict), Vec::<String>::new());
}
