//! A second evaluator, slow and simple: it asks for each half second of a minute again, from the whole list of records,
//! what was known then, and counts half seconds. The library must say the same of random contracts and series.
//!
//! ```text
//! records ─ facts: the time of each, does it count ─ known: each field at an instant ─ course: excursions, misses, money
//! ```
//!
//! It shares no code with the library, and no cleverness: there is no state that goes on from one instant to the next but
//! whether an excursion lasts.

mod course;
mod facts;
mod known;
mod random;

use counterfoil::{
    contract::eval::EvaluationScope,
    json::{Object, Value},
};

use self::{
    course::TermOutcome,
    random::{Dice, RandomCase},
};
use super::hour::*;

/// What a verdict says of its terms and payments, in lines.
fn said(verdict: &Object) -> Vec<String> {
    let rows = |name| verdict.get(name).unwrap().as_array().unwrap();
    let terms = rows("terms").iter().map(|term| term_line(term.as_object().unwrap()));
    let payments = rows("payments").iter().map(|payment| {
        let payment = payment.as_object().unwrap();
        let lines = payment.get("lines").unwrap().as_array().unwrap();
        let amounts = lines.iter().map(|line| line.as_object().unwrap().str("amount").unwrap());
        format!("{} = {}", amounts.collect::<Vec<_>>().join(" + "), payment.str("sum").unwrap())
    });
    terms.chain(payments).collect()
}

fn term_line(term: &Object) -> String {
    let show = |name: &str| term.get(name).unwrap().to_canonical();
    let excursions = term.get("excursions").unwrap().as_array().unwrap();
    let excursion = |excursion: &Value| {
        let excursion = excursion.as_object().unwrap();
        let of = |name: &str| excursion.get(name).unwrap().to_canonical();
        ["start", "end", "breached_at", "milliseconds", "proven_ms"].map(of).join(" ")
    };
    let excursions: Vec<_> = excursions.iter().map(excursion).collect();
    let margin = term.get("margin").unwrap().as_object().unwrap().get("milliseconds").unwrap().to_canonical();
    format!(
        "{} {} misses {} unknown {} left {margin}: {}",
        show("state"),
        show("why"),
        show("misses"),
        show("unknown_ms"),
        excursions.join(", ")
    )
}

/// The same, from the simple evaluator.
fn expected(case: &RandomCase) -> Vec<String> {
    let condition = course::condition(case);
    let time = |half: i64| format!("{:?}", at(half * course::HALF).to_string());
    let or_null = |value: Option<String>| value.unwrap_or("null".to_owned());
    let line = |outcome: &TermOutcome| {
        let excursion = |it: &course::SimpleExcursion| {
            let end = or_null(it.end.map(time));
            let breached = or_null(it.breached_at.map(time));
            format!(
                "{} {end} {breached} {} {}",
                time(it.start),
                it.counted * course::HALF,
                it.proven * course::HALF
            )
        };
        let excursions: Vec<_> = outcome.excursions.iter().map(excursion).collect();
        format!(
            "{:?} {:?} misses {} unknown {} left {}: {}",
            outcome.state,
            outcome.why,
            or_null(outcome.misses.map(|misses| misses.to_string())),
            or_null(outcome.unknown.map(|unknown| (unknown * course::HALF).to_string())),
            or_null(outcome.left.map(|left| left.to_string())),
            excursions.join(", ")
        )
    };
    let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    let lines = course::lines(case, &condition);
    let amounts: Vec<_> = lines.iter().map(|cents| money(*cents)).collect();
    let payment = format!("{} = {}", amounts.join(" + "), money(lines.iter().sum()));
    vec![line(&condition), line(&course::cadence(case)), payment]
}

fn agree(seed: u64) {
    let case = RandomCase::of(&mut Dice::new(seed));
    let contract = case.contract();
    let lines: Vec<Line> = case.records.iter().map(RandomCase::line).collect();
    for patient in [true, false] {
        let scope = EvaluationScope { as_of: Some(at(case.as_of)), patient };
        let (said, expected) = (said(&run(&contract, &lines, scope)), expected(&case));
        let records: Vec<_> = case.records.iter().map(|record| format!("{record:?}")).collect();
        assert_eq!(said, expected, "seed {seed}\n{}\n{}", case.toml(), records.join("\n"));
    }
}

#[test]
fn two_evaluators_agree_on_some_thousands() {
    (0..2_000).for_each(agree);
}

#[test]
#[ignore = "takes minutes"]
fn two_evaluators_agree_on_a_hundred_thousand() {
    (0..100_000).for_each(agree);
}
