//! Contracts that want to hurt: they end soon, on a small stack, without panic, and what does not fit is a finding.

use std::{
    fmt::Write as _,
    thread,
    time::{Duration, Instant},
};

use counterfoil::{
    contract::{document::Contract, file::ContractFile, problem::Problem},
    json::Object,
};

use super::hour::*;

/// What threads have.
const STACK: usize = 2 * 1_024 * 1_024;

/// Far more than it takes, and far less than what is not bounded takes. Debug builds on a busy machine are slow.
const SOON: Duration = Duration::from_secs(60);

/// Does something on a small stack, and soon.
fn bounded<T: Send>(act: impl FnOnce() -> T + Send) -> T {
    let begun = Instant::now();
    let done = thread::scope(|scope| {
        thread::Builder::new().stack_size(STACK).spawn_scoped(scope, act).unwrap().join().unwrap()
    });
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    done
}

/// Where a problem is, as `compile` says it, and what it is.
fn told(source: &ContractFile, problem: &Problem) -> String {
    let place = source.position(&problem.place).map(|at| format!("{}:{}", at.line, at.column));
    format!("{} {problem}", place.unwrap_or_default())
}

/// A contract over an hour with these terms and payments.
fn toml(rest: &str) -> String {
    format!(
        "contract = \"foil/1\"\ntitle = \"Hostile\"\ncurrency = \"EUR\"\n\
         period = {{ from = {FROM}, to = 2026-03-01T07:00:00Z }}\n\
         [parties.owner]\nkey = \"{}\"\n[parties.tenant]\nkey = \"{}\"\n\
         [devices.probe]\nid = \"probe\"\nsigned_by = [\"{}\"]\nfields = {{ t = \"Cel\" }}\n\
         [time]\nhold = \"11m\"\n[values]\nhuge = \"79228162514264337593543950335\"\n{rest}",
        key(1).did(),
        key(2).did(),
        key(3).did()
    )
}

fn read(toml: &str) -> Result<Contract, Vec<String>> {
    let source = ContractFile::parse(toml.as_bytes())
        .map_err(|(problems, _)| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    Contract::read(&source.record)
        .map_err(|problems| problems.iter().map(|problem| told(&source, problem)).collect())
}

fn warm_hour() -> Vec<Line> {
    series(&["4", "4", "9", "9", "4", "9", "4", "12", "4", "4", "4", "4", "4"])
}

/// The verdict on a warm hour under a contract with these terms and payments.
fn judged(rest: &str) -> Object {
    bounded(|| verdict(&read(&toml(rest)).unwrap_or_else(|problems| panic!("{problems:?}")), &warm_hour()))
}

fn term_of(id: usize, require: &str) -> String {
    format!("[[terms]]\nid = \"x{id}\"\non = \"probe\"\nrequire = \"{require}\"\n")
}

fn payment_of(id: usize, amount: &str) -> String {
    format!(
        "[[payments]]\nid = \"p{id}\"\nfrom = \"owner\"\nto = \"tenant\"\neach = \"excursion of x0\"\namount = \"{amount}\"\nsigned = true\n"
    )
}

/// The sum of the first payment, how many of its lines have no price, and the kinds of findings.
fn paid(amount: &str) -> (String, u64, Vec<String>) {
    let verdict = judged(&(term_of(0, "t <= 8") + &payment_of(0, amount)));
    let payment = verdict.get("payments").unwrap().as_array().unwrap()[0].as_object().unwrap().clone();
    let mut kinds: Vec<_> = findings(&verdict)
        .iter()
        .map(|finding| finding.split(' ').nth(1).unwrap_or_default().to_owned())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    (payment.str("sum").unwrap().to_owned(), payment.get("unpriced").unwrap().as_u64().unwrap(), kinds)
}

#[test]
fn as_many_terms_and_payments_as_allowed_are_judged() {
    let mut rest = String::new();
    for id in 0..50 {
        rest += &term_of(id, &format!("t <= {}", id % 13));
        let amount = format!("duration / 60 * {id}");
        rest += &payment_of(id, &amount).replace("excursion of x0", &format!("excursion of x{id}"));
    }
    let verdict = judged(&rest);
    let payments = verdict.get("payments").unwrap().as_array().unwrap();
    let sums: Vec<_> = payments.iter().map(|row| row.as_object().unwrap().str("sum").unwrap()).collect();
    // Five minutes each: 9 at 10, 15 and 25, and 12 at 35. Term 8 wants at most 8: 20 minutes at 8.00. Term 11 at most 11:
    // five at 11.00. Term 12 at most 12: none. Term 3 at most 3: all sixty at 3.00.
    assert_eq!([sums[8], sums[11], sums[12], sums[3]], ["160.00", "55.00", "0.00", "180.00"]);
    assert_eq!((sums.len(), verdict.str("status")), (50, Some("breached")));
}

#[test]
fn more_than_a_hundred_of_both_are_refused() {
    let half: String = (0..50).map(|id| term_of(id, "t <= 8")).collect();
    let payments = |count: usize| (0..count).map(|id| payment_of(id, "1.00")).collect::<String>();
    assert_eq!(bounded(|| read(&toml(&(half.clone() + &payments(50))))).err(), None);
    for rest in [half + &payments(51), (0..101).map(|id| term_of(id, "t <= 8")).collect()] {
        let problems = bounded(|| read(&toml(&rest))).unwrap_err();
        assert!(
            problems[0].contains("terms: 101 terms and payments: at most 100 are allowed"),
            "{problems:?}"
        );
    }
}

/// `f(f(f(…)))`, so many deep.
fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    open.repeat(depth) + inner + &close.repeat(depth)
}

#[test]
fn rounding_and_choosing_may_be_nested_to_the_limit() {
    // three excursions: 10 to 20, 25 to 30 and 35 to 40 minutes. Each is 2.5 up, then whole: 3.00 each
    assert_eq!(paid(&nested("ceil(", "2.5", ")", 31)), ("9.00".to_owned(), 0, vec![]));
    // 0.1 more each time, and half to even at the first digit: 30 × 0.1 = 3.0, three times
    assert_eq!(paid(&nested("round(0.1 + ", "0", ", 1)", 15)).0, "4.50");
    let mut widest = String::from("max(");
    (0..400).for_each(|n| write!(widest, "{n}, ").unwrap());
    // 399 three times
    assert_eq!(paid(&(widest + "0)")), ("1197.00".to_owned(), 0, vec![]));
}

#[test]
fn what_does_not_fit_is_a_finding_and_pays_nothing() {
    // durations are 600, 300 and 300 seconds; the greatest number is `huge`, a little under 8 × 10^28
    let unpriced = || ("0.00".to_owned(), 3, vec!["overflow".to_owned(), "unpriced".to_owned()]);
    for amount in [
        "duration * huge".to_owned(),
        "duration + huge".to_owned(),
        "0 - duration - huge".to_owned(),
        // at least 3 × 10^32
        format!("duration{}", " * 1000".repeat(10)),
        // what did not fit on the way is not known, though the result would fit
        "duration * huge / huge".to_owned(),
        "max(1.00, duration * huge)".to_owned(),
        "ceil(duration * huge)".to_owned(),
        "duration / 0.0000000000000000000000000001".to_owned(),
        "duration / (duration - duration)".to_owned(),
        // 9^31 and 12^31
        format!("extreme{}", " * extreme".repeat(30)),
    ] {
        assert_eq!(paid(&amount), unpriced(), "{amount}");
    }
}

#[test]
fn constants_that_do_not_fit_are_refused() {
    let thousands = format!("1000{}", " * 1000".repeat(10));
    for amount in
        ["huge * 10", "huge + huge", "huge * 10 / 10", "duration / 0", "duration / (2 - 2)", &thousands]
    {
        let rest = term_of(0, "t <= 8") + &payment_of(0, amount);
        let problems = bounded(|| read(&toml(&rest))).err().unwrap_or_else(|| panic!("{amount}"));
        assert!(problems[0].contains("payments[0].amount"), "{amount}: {problems:?}");
    }
}

#[test]
fn a_condition_that_does_not_fit_is_unknown_and_found() {
    // at least 4^60, which is 2^120
    let powers = format!("t{} <= 8", " * t".repeat(59));
    for require in ["t * huge <= 8", "t + huge > 8", "t * huge - t * huge == 0", &powers] {
        let verdict = judged(&term_of(0, require));
        assert_eq!((state(&verdict).as_str(), unknown_minutes(&verdict)), ("undetermined", 60), "{require}");
        assert!(findings(&verdict).iter().any(|finding| finding.contains("overflow")), "{require}");
    }
}

#[test]
fn conditions_as_large_as_allowed_are_judged() {
    // a thousand nodes: 8 ≤ t in the end, whatever the others are
    let all = |count: usize| (0..count).map(|n| format!("t<{}", 20 + n % 9)).collect::<Vec<_>>();
    let wide = all(300).join(" && ") + " && t <= 8";
    assert_eq!(excursions(&judged(&term_of(0, &wide))), ["10+10!10:01", "25+5!25:01", "35+5!35:01"]);
    let deep = nested("!(", "t <= 8", ")", 14);
    assert_eq!(excursions(&judged(&term_of(0, &deep))).len(), 3);
    let signs = nested("-(", "t", ")", 14) + " <= 8";
    assert_eq!(excursions(&judged(&term_of(0, &signs))).len(), 3);
}

#[test]
fn what_is_larger_than_allowed_is_refused_with_its_place() {
    let huge_number = format!("t <= 1{}", "0".repeat(60));
    for (require, told) in [
        (nested("(", "t <= 8", ")", 1_500), "deep"),
        (nested("!", "(t <= 8)", "", 4_000), "deep"),
        (nested("-", "t", "", 4_000) + " <= 8", "deep"),
        (nested("abs(", "t", ")", 700) + " <= 8", "deep"),
        (vec!["t<9"; 600].join("&&"), "parts"),
        (vec!["t<9"; 2_000].join("&&"), "bytes"),
        (huge_number, "no decimal"),
        ("t <= 1e999999999".to_owned(), ""),
        ("t in [".to_owned() + &vec!["1"; 1_200].join(",") + "]", "parts"),
    ] {
        let problems = bounded(|| read(&toml(&term_of(0, &require)))).unwrap_err();
        let short: String = require.chars().take(30).collect();
        assert!(problems[0].starts_with("20:"), "{short}: {problems:?}");
        assert!(problems[0].contains("terms[0].require"), "{short}: {problems:?}");
        assert!(problems[0].contains(told), "{short}: {problems:?}");
    }
}
