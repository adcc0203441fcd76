//! The order of a ledger's entries decides nothing but what is said of entry numbers: when each arrived is kept.

use counterfoil::{
    contract::{document::Contract, eval::EvaluationScope},
    json::{Object, Value},
};

use super::{
    super::hour::{Line, at, run},
    facts::SimpleRecord,
    grouped::GroupedCase,
    metered::MeteredCase,
    random::{Dice, RandomCase},
};

/// Only records of which neither their number nor their order decides: those that say when they were made, and of several
/// without number for one instant the first.
fn keep_plain(records: &mut Vec<SimpleRecord>) {
    records.retain(|record| !record.unsynced && record.time.is_some() && record.cells.is_some());
    let all = records.clone();
    let is_first = |it: &SimpleRecord| {
        let others = all.iter().filter(|other| other.seq.is_none() && other.time == it.time);
        it.seq.is_some() || others.map(|other| other.n).min() == Some(it.n)
    };
    records.retain(is_first);
}

/// The same entries in another order, numbered anew.
fn shuffled(dice: &mut Dice, lines: &[Line]) -> Vec<Line> {
    let mut rest = lines.to_vec();
    let mut shuffled = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let at = dice.below(i64::try_from(rest.len()).unwrap());
        let line = rest.swap_remove(usize::try_from(at).unwrap());
        shuffled.push(Line { n: u64::try_from(shuffled.len()).unwrap(), ..line });
    }
    shuffled
}

/// The verdict without the numbers of entries.
fn unnumbered(contract: &Contract, as_of: i64, lines: &[Line]) -> String {
    let scope = EvaluationScope { as_of: Some(at(as_of)), patient: true };
    let mut verdict = run(contract, lines, scope);
    let without = |object: &Object, names: &[&str]| {
        let mut object = object.clone();
        for name in names {
            object.remove(name);
        }
        object
    };
    let rows = |object: &Object, name: &str| -> Vec<Object> {
        let rows = object.get(name).unwrap().as_array().unwrap().iter();
        rows.map(|row| row.as_object().unwrap().clone()).collect()
    };
    let mut findings: Vec<_> =
        rows(&verdict, "findings").iter().map(|finding| without(finding, &["n"]).to_canonical()).collect();
    findings.sort_unstable();
    let terms = rows(&verdict, "terms").into_iter().map(|mut term| {
        let excursions = rows(&term, "excursions");
        let excursions = excursions.iter().map(|it| without(it, &["first_entry", "last_entry"]));
        term.insert("excursions", Value::Array(excursions.map(Value::Object).collect()));
        Value::Object(term)
    });
    let terms = Value::Array(terms.collect());
    verdict.insert("terms", terms);
    verdict.remove("findings");
    format!("{}\n{}", verdict.to_canonical(), findings.join("\n"))
}

fn is_same_in_any_order(contract: &Contract, as_of: i64, lines: &[Line], seed: u64) {
    let (expected, mut dice) = (unnumbered(contract, as_of, lines), Dice::new(seed));
    for _ in 0..4 {
        let shuffled = shuffled(&mut dice, lines);
        assert_eq!(unnumbered(contract, as_of, &shuffled), expected, "seed {seed}\n{shuffled:#?}");
    }
}

#[test]
fn the_order_of_entries_changes_no_excursion_and_no_penalty() {
    for seed in 0..150 {
        let mut case = RandomCase::of(&mut Dice::new(seed));
        keep_plain(&mut case.records);
        let lines: Vec<Line> = case.records.iter().map(RandomCase::line).collect();
        is_same_in_any_order(&case.contract(), case.as_of, &lines, seed);
    }
}

#[test]
fn the_order_of_entries_changes_no_measure_and_no_bill() {
    for seed in 0..150 {
        let mut case = MeteredCase::of(&mut Dice::new(seed));
        keep_plain(&mut case.base.records);
        let lines: Vec<Line> = case.base.records.iter().map(RandomCase::line).collect();
        is_same_in_any_order(&case.contract(), case.base.as_of, &lines, seed);
    }
}

#[test]
fn the_order_of_entries_changes_nothing_on_which_devices_agree() {
    for seed in 0..100 {
        let mut case = GroupedCase::of(&mut Dice::new(seed));
        case.members.iter_mut().for_each(keep_plain);
        is_same_in_any_order(&case.contract(), case.base.as_of, &case.lines(), seed);
    }
}
