//! By how much a counter rose in a bucket of which values show only a part: at least by what they show. That accuses nobody of too
//! little and clears nobody of too much, and is billed.

use super::hour::*;
use counterfoil::object;

/// Thirty kilowatt hours are owed in the hour; 1.00 is paid for each that is missing, and 0.10 for each that there is.
const TERMS: &str = r#"
[[terms]]
id = "take"
on = "probe"
measure = "delta(e) >= 30"
each = "period"
[[payments]]
id = "short"
from = "tenant"
to = "owner"
when = "delta(e) < 30"
amount = "(30 - delta(e)) * 1.00"
[[payments]]
id = "missing"
from = "tenant"
to = "owner"
amount = "max(30 - delta(e), 0) * 1.00"
[[payments]]
id = "use"
from = "tenant"
to = "owner"
amount = "delta(e) * 0.10"
"#;

/// The term's state, and of each payment the sum and how many lines have no price.
fn of(terms: &str, lines: &[Line]) -> (String, Vec<String>) {
    let tenant = format!("[parties.tenant]\nkey = \"{}\"\n", key(2).did());
    let fields = "{ e = { unit = \"kWh\", counter = { max_rate = \"50 / 1h\", wrap = \"1000\" } } }";
    let contract = contract_with("currency = \"EUR\"", &tenant, fields, "", terms);
    let verdict = verdict(&contract, lines);
    (state(&verdict), paid(&verdict))
}

/// Values of minutes, without numbers or with these.
fn values(values: &[(i64, &str)]) -> Vec<Line> {
    let line = |(n, (minute, e)): (u64, &(i64, &str))| {
        reading(n, minute * MINUTE, "0")
            .values(&format!("{{\"e\":{e}}}"))
            .with("units", object! { "e": "kWh" })
    };
    (0..).zip(values).map(line).collect()
}

fn numbered(lines: Vec<Line>, numbers: &[u64]) -> Vec<Line> {
    lines.into_iter().zip(numbers).map(|(line, seq)| line.in_stream(*seq)).collect()
}

/// Nothing is proven but that the use was so much: for it that is paid.
fn open(used: &str) -> (String, Vec<String>) {
    let unpriced = || "0.00 (1)".to_owned();
    ("undetermined".to_owned(), vec![unpriced(), unpriced(), format!("{used} (0)")])
}

/// 100, 110, 120, 130: thirty, and nothing is missing. With 129 one is, for which 1.00 is paid.
#[test]
fn what_values_show_of_all_of_a_bucket_is_known() {
    let sums = |sums: [&str; 3]| sums.map(|sum| format!("{sum} (0)")).to_vec();
    let whole = values(&[(0, "100"), (20, "110"), (40, "120"), (60, "130")]);
    assert_eq!(of(TERMS, &whole), ("kept".to_owned(), sums(["0.00", "0.00", "3.00"])));
    let less = values(&[(0, "100"), (20, "110"), (40, "120"), (60, "129")]);
    assert_eq!(of(TERMS, &less), ("breached".to_owned(), sums(["1.00", "1.00", "2.90"])));
    // The increase from 120 to 140 is of the time behind the period, since the later value is, and there is none before it: 20.
    let behind = values(&[(0, "100"), (20, "110"), (40, "120"), (65, "140")]);
    assert_eq!(of(TERMS, &behind), ("breached".to_owned(), sums(["10.00", "10.00", "2.00"])));
    // numbered ones, of which none is missing
    assert_eq!(of(TERMS, &numbered(behind, &[0, 1, 2, 3])).0, "breached");
}

/// A part of the hour is shown: 10 or 20 kilowatt hours, and at least that many.
#[test]
fn what_is_shown_of_a_part_of_a_bucket_is_the_least() {
    // the meter is dead from minute 20 on
    assert_eq!(of(TERMS, &values(&[(0, "100"), (20, "110")])), open("1.00"));
    // what it says then cannot be used, also where a later value is there
    let texts = values(&[(0, "100"), (20, "110"), (40, "\"120\""), (60, "\"130\"")]);
    assert_eq!(of(TERMS, &texts), open("1.00"));
    let texts = values(&[(0, "100"), (20, "110"), (40, "\"120\""), (60, "\"130\""), (65, "131")]);
    assert_eq!(of(TERMS, &texts), open("1.00"));
    // numbers 2 to 4 are withheld: any of them may have been in the hour
    let withheld = values(&[(0, "100"), (20, "110"), (65, "140")]);
    assert_eq!(of(TERMS, &numbered(withheld, &[0, 1, 5])), open("1.00"));
    // it begins at minute 40
    assert_eq!(of(TERMS, &values(&[(40, "120"), (60, "130")])), open("1.00"));
    // behind a wrap 0 is the new base: 10 before it and 10 behind it are shown
    let wrapped = values(&[(0, "980"), (20, "990"), (40, "0"), (60, "10")]);
    assert_eq!(of(TERMS, &wrapped), open("2.00"));
}

/// At most fifteen: 1 in a minute, and then nothing is heard. Twenty prove that it was more, whatever came behind them.
#[test]
fn a_silent_meter_is_never_kept_and_what_it_said_is_proof() {
    let term = "[[terms]]\nid = \"most\"\non = \"probe\"\nmeasure = \"delta(e) <= 15\"\neach = \"period\"\n";
    assert_eq!(of(term, &values(&[(0, "100"), (1, "101")])).0, "undetermined");
    assert_eq!(of(term, &values(&[(0, "100"), (1, "101"), (70, "102")])).0, "kept");
    assert_eq!(of(term, &values(&[(0, "100"), (20, "120")])).0, "breached");
}

/// 3 in each quarter are owed. At minute 30 something was said that cannot be used: of the six kilowatt hours from minute 15 to 45
/// nobody knows how many were of which quarter. They are paid in the quarter of the later value: 0 and 6.
#[test]
fn of_two_buckets_with_doubt_between_them_neither_is_known() {
    let terms = r#"
[[terms]]
id = "each"
on = "probe"
measure = "delta(e) >= 3"
each = "15m"
[[payments]]
id = "use"
from = "tenant"
to = "owner"
each = "15m"
amount = "delta(e) * 0.10"
"#;
    let at_half = |value: &str| {
        let lines = values(&[(0, "100"), (15, "103"), (30, value), (45, "109"), (60, "112")]);
        of(terms, &lines)
    };
    assert_eq!(at_half("106"), ("kept".to_owned(), vec!["1.20 (0)".to_owned()]));
    assert_eq!(at_half("\"106\""), ("undetermined".to_owned(), vec!["1.20 (0)".to_owned()]));
    // where nothing is said of it, it is of the later quarter, as agreed
    assert_eq!(at_half("null"), ("breached".to_owned(), vec!["1.20 (0)".to_owned()]));
    // by the later quarter nobody is accused of too much, either
    let most = terms.replace("delta(e) >= 3", "delta(e) <= 5");
    let lines = values(&[(0, "100"), (15, "103"), (30, "\"106\""), (45, "109"), (60, "112")]);
    assert_eq!(of(&most, &lines).0, "undetermined");
}

/// A meter says 0 once near the beginning of the hour, hold is eleven minutes: its way back up is billed to nobody.
#[test]
fn a_dip_at_the_beginning_is_no_base() {
    // 38 and 40 before it, and 42 to 48 in it. The dip at 10 comes behind 42: 6 at least
    let behind = [(0, "42"), (10, "0"), (20, "44"), (40, "46"), (60, "48")];
    assert_eq!(of(TERMS, &values(&behind)), open("0.60"));
    // it is the first value of the hour, and 40 speaks then: 48 - 40
    let speaks = [(-20, "38"), (-10, "40"), (0, "0"), (10, "44"), (40, "46"), (60, "48")];
    assert_eq!(of(TERMS, &values(&speaks)), open("0.80"));
    // and 40 speaks no more: what is between two values of the hour, 48 - 44
    let silent = [(-20, "38"), (-11, "40"), (0, "0"), (10, "44"), (40, "46"), (60, "48")];
    assert_eq!(of(TERMS, &values(&silent)), open("0.40"));
    // it began before the hour
    let before = [(-20, "40"), (-10, "0"), (0, "0"), (1, "44"), (40, "46"), (60, "48")];
    assert_eq!(of(TERMS, &values(&before)), open("0.40"));
    // what rose in the dip was counted: nobody knows what it is worth
    let rising = [(0, "42"), (10, "0"), (15, "2"), (20, "44"), (60, "48")];
    let unknown = || "0.00 (1)".to_owned();
    assert_eq!(
        of(TERMS, &values(&rising)),
        ("undetermined".to_owned(), vec![unknown(), unknown(), unknown()])
    );
}
