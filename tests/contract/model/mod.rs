//! A second evaluator, slow and simple: it asks for each half second of a minute again, from the whole list of records,
//! what was known then, and counts half seconds. The library must say the same of random contracts and series.
//!
//! ```text
//! records ─ facts: the time of each, does it count ─ known: each field at an instant ┬ course: excursions, misses, money
//!                                                    agreed: that of a group ────────┤
//!                                                    heard: each reading once ───────┼ measured ─ asked ─ metered: buckets
//!                                                    counter: increases ─────────────┘
//! ```
//!
//! It shares no code with the library, and no cleverness: there is no state that goes on from one instant to the next but
//! whether an excursion lasts, and which value of a counter was the last that counted.

mod agreed;
mod asked;
mod counter;
mod course;
mod facts;
mod grouped;
mod heard;
mod known;
mod measured;
mod metered;
mod metered_random;
mod random;
mod relieved;
mod shuffled;
mod text;
mod written;

use std::{fmt::Debug, ops::Range, thread};

use counterfoil::{
    contract::{document::Contract, eval::EvaluationScope},
    json::Object,
};

use self::{
    grouped::GroupedCase,
    known::Known,
    metered::{MeteredCase, money},
    random::{Dice, RandomCase},
    written::{demand_line, measure_line, payment_line, row},
};
use super::hour::*;

/// A random case: its contract, its records, and what both say of it.
struct Comparison<'a> {
    contract: Contract,
    as_of: i64,
    lines: Vec<Line>,
    expected: Vec<String>,
    say: &'a dyn Fn(&Object) -> Vec<String>,
    told: String,
}

impl Comparison<'_> {
    /// The library says what is expected, however much it follows early.
    fn agree(&self) {
        for patient in [true, false] {
            let scope = EvaluationScope { as_of: Some(at(self.as_of)), patient };
            assert_eq!((self.say)(&run(&self.contract, &self.lines, scope)), self.expected, "{}", self.told);
        }
    }
}

fn told(seed: u64, toml: &str, records: &[impl Debug]) -> String {
    let records: Vec<_> = records.iter().map(|record| format!("{record:?}")).collect();
    format!("seed {seed}\n{toml}\n{}", records.join("\n"))
}

fn priced(lines: &[i64]) -> String {
    let amounts: Vec<_> = lines.iter().copied().map(money).collect();
    format!("{} = {} unpriced 0", amounts.join(" + "), money(lines.iter().sum()))
}

/// Excursions of a demand, misses of a cadence, and a penalty for each excursion.
fn demands_agree(seed: u64) {
    let case = RandomCase::of(&mut Dice::new(seed));
    let known = Known::new(&case.records, &case.rules());
    let outcome = course::condition(&case, |at| known.values(at), |at| known.said(at));
    let payment = priced(&course::lines(&case, &outcome));
    let say = |verdict: &Object| {
        let [cold, beat] = [0, 1].map(|at| demand_line(row(verdict, "terms", at)));
        vec![cold, beat, payment_line(row(verdict, "payments", 0))]
    };
    let comparison = Comparison {
        contract: case.contract(),
        as_of: case.as_of,
        lines: case.records.iter().map(RandomCase::line).collect(),
        expected: vec![outcome.line(), course::cadence(&case).line(), payment],
        say: &say,
        told: told(seed, &case.toml(), &case.records),
    };
    comparison.agree();
}

/// Measures over buckets, of which one may be a counter, and payments by the bucket.
fn measures_agree(seed: u64) {
    let case = MeteredCase::of(&mut Dice::new(seed));
    let say = |verdict: &Object| {
        let [a, b] = [0, 1].map(|at| measure_line(row(verdict, "terms", at)));
        let [c, d] = [0, 1].map(|at| payment_line(row(verdict, "payments", at)));
        vec![a, b, c, d]
    };
    let comparison = Comparison {
        contract: case.contract(),
        as_of: case.base.as_of,
        lines: case.base.records.iter().map(RandomCase::line).collect(),
        expected: case.expected(),
        say: &say,
        told: told(seed, &case.toml(), &case.base.records),
    };
    comparison.agree();
}

/// A demand and a measure of a device that is made of devices.
fn groups_agree(seed: u64) {
    let case = GroupedCase::of(&mut Dice::new(seed));
    let (demand, measure, lines) = case.expected();
    let say = |verdict: &Object| {
        let terms = (demand_line(row(verdict, "terms", 0)), measure_line(row(verdict, "terms", 1)));
        vec![terms.0, terms.1, payment_line(row(verdict, "payments", 0))]
    };
    let comparison = Comparison {
        contract: case.contract(),
        as_of: case.base.as_of,
        lines: case.lines(),
        expected: vec![demand.line(), measure, priced(&lines)],
        say: &say,
        told: told(seed, &case.toml(), &case.members),
    };
    comparison.agree();
}

/// All of these seeds agree, half of them in another thread.
fn all(seeds: Range<u64>, agree: fn(u64)) {
    thread::scope(|scope| {
        let odd = scope.spawn(|| seeds.clone().filter(|seed| seed % 2 == 1).for_each(agree));
        seeds.clone().filter(|seed| seed % 2 == 0).for_each(agree);
        odd.join().expect("odd seeds agree");
    });
}

#[test]
fn two_evaluators_agree_on_some_thousands() {
    all(0..2_000, demands_agree);
}

#[test]
fn two_evaluators_agree_on_measures_and_counters() {
    all(0..2_000, measures_agree);
}

#[test]
fn two_evaluators_agree_on_groups() {
    all(0..1_000, groups_agree);
}

#[test]
#[ignore = "takes minutes"]
fn two_evaluators_agree_on_a_hundred_thousand() {
    all(0..100_000, demands_agree);
}

#[test]
#[ignore = "takes minutes"]
fn two_evaluators_agree_on_a_hundred_thousand_measures_and_counters() {
    all(0..100_000, measures_agree);
}

#[test]
#[ignore = "takes minutes"]
fn two_evaluators_agree_on_fifty_thousand_groups() {
    all(0..50_000, groups_agree);
}
