//! An excuse can only help: whatever time it takes out of a term, it makes no breach, and nobody pays more. A contract and its
//! records are judged without the events that excuse, and with them.

use counterfoil::{
    contract::{document::Contract, eval::EvaluationScope, file::ContractFile},
    json::{Object, Value},
    object,
};

use super::{
    super::hour::{Line, at, reading, run},
    metered::MeteredCase,
    random::{Dice, RandomCase},
    written::row,
};

fn contract(toml: &str, terms: [&str; 2]) -> Contract {
    let excuse =
        format!("[[excuses]]\nevent = \"storm\"\nsigned_by = [\"owner\", \"tenant\"]\nterms = {terms:?}\n");
    let source = ContractFile::parse(format!("{toml}{excuse}").as_bytes()).unwrap();
    Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"))
}

/// One to three storms in the minute of the period, or half a minute before it, that both parties signed.
fn storms(dice: &mut Dice, contract: &Contract) -> Vec<Line> {
    let count = 1 + dice.below(3);
    let storm = |n: i64| {
        let start = dice.below(180) * 500 - 30_000;
        let fields = object! {
            "from": at(start).to_string(),
            "until": at(start + 500 + dice.below(60) * 500).to_string(),
        };
        let record = object! {
            "type": "event",
            "event": "storm",
            "contract": contract.hash.to_string(),
            "time": at(0).to_string(),
            "fields": fields,
        };
        Line { record, ..reading(9_000 + n.unsigned_abs(), -60_000, "0") }.signed_by(1).cosigned_by(2)
    };
    (0..count).map(storm).collect()
}

fn number(object: &Object, name: &str) -> i64 {
    object.get(name).and_then(Value::as_u64).map_or(0, |number| number.try_into().unwrap())
}

/// The terms with these places are no worse, and no payment is higher.
fn is_relieved(contract: &Contract, as_of: i64, lines: &[Line], dice: &mut Dice, told: &str) {
    let scope = EvaluationScope { as_of: Some(at(as_of)), patient: true };
    let storms = storms(dice, contract);
    let before = run(contract, lines, scope);
    let after = run(contract, &[&storms[..], lines].concat(), scope);
    let told = || format!("{told}\n{storms:#?}\n{}\n{}", before.to_canonical(), after.to_canonical());
    for term in [0, 1] {
        let [before, after] = [&before, &after].map(|verdict| row(verdict, "terms", term));
        let [was, is] = [before, after].map(|term| term.str("state").unwrap());
        assert!(was == "breached" || is != "breached", "{}", told());
        assert!(was != "kept" || is == "kept", "{was} {is} {}", told());
        assert!(number(after, "misses") <= number(before, "misses"), "{}", told());
    }
    for payment in 0..before.get("payments").unwrap().as_array().unwrap().len() {
        let sums = [&before, &after].map(|verdict| {
            let sum = row(verdict, "payments", payment).str("sum").unwrap().to_owned();
            sum.replace('.', "").parse::<i64>().unwrap()
        });
        assert!(sums[1] <= sums[0], "{sums:?} {}", told());
    }
}

#[test]
fn an_excuse_makes_no_breach_and_no_penalty_higher() {
    for seed in 0..1_000 {
        let mut dice = Dice::new(seed);
        let case = RandomCase::of(&mut dice);
        let lines: Vec<Line> = case.records.iter().map(RandomCase::line).collect();
        let (contract, told) =
            (contract(&case.toml(), ["cold", "beat"]), format!("seed {seed}\n{}", case.toml()));
        is_relieved(&contract, case.as_of, &lines, &mut dice, &told);
    }
}

#[test]
fn an_excuse_fails_no_bucket() {
    for seed in 0..1_000 {
        let mut dice = Dice::new(seed);
        let case = MeteredCase::of(&mut dice);
        let lines: Vec<Line> = case.base.records.iter().map(RandomCase::line).collect();
        let (contract, told) =
            (contract(&case.toml(), ["m0", "m1"]), format!("seed {seed}\n{}", case.toml()));
        is_relieved(&contract, case.base.as_of, &lines, &mut dice, &told);
    }
}
