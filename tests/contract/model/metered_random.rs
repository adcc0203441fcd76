//! Random contracts that measure and bill by the hour, over a minute around or after a full hour.

use std::fmt::Write as _;

use counterfoil::contract::{document::Contract, file::ContractFile};

use super::{
    super::hour::{at, key},
    asked::{Comparison, SimpleAmount, SimpleCondition},
    counter::SimpleCounter,
    facts::{Cell, SimpleRecord},
    measured::SimpleMeasure,
    metered::{Each, MeasuredPayment, MeasuredTerm, MeteredCase, Rounding},
    random::{Demand, Dice, RandomCase, cell, records},
    text::{seconds, tenths},
};

impl MeteredCase {
    pub(super) fn of(dice: &mut Dice) -> Self {
        let (mut base, from) = (RandomCase::of(dice), dice.of(&[0, -25_000]));
        base.rules.to += from;
        base.rules.as_of += from;
        base.as_of += from;
        let counter = SimpleCounter {
            max_rate: (!dice.one_in(4)).then(|| (1 + dice.below(40), dice.of(&[1_000, 5_000, 60_000]))),
            wrap: dice.one_in(3).then_some(500),
            snap: dice.of(&[0, 1_000, 3_000]),
        };
        let mut shown = dice.of(&[0, 40, 470]);
        let cells = |dice: &mut Dice| [cell(dice, 4), counted(dice, counter, &mut shown)];
        base.records = records(dice, base.rules.late_after, cells);
        base.records.iter_mut().for_each(|record| record.shift(from));
        let terms = [term(dice), term(dice)];
        let payments = [payment(dice), payment(dice)];
        Self { from, base, counter, terms, payments }
    }

    pub(super) fn contract(&self) -> Contract {
        let source = ContractFile::parse(self.toml().as_bytes()).unwrap();
        Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{}", self.toml()))
    }

    pub(super) fn toml(&self) -> String {
        let [from, to] = [self.from, self.base.rules.to].map(at);
        let [owner, tenant, probe] = [1, 2, 3].map(|seed| key(seed).did());
        let SimpleCounter { max_rate, wrap, snap } = self.counter;
        let rate = max_rate
            .map(|(amount, unit)| format!("max_rate = \"{} / {}s\", ", tenths(amount), unit / 1_000))
            .unwrap_or_default();
        let wrap = wrap.map(|wrap| format!("wrap = \"{}\", ", tenths(wrap))).unwrap_or_default();
        let mut toml = format!(
            r#"contract = "foil/1"
title = "A minute"
currency = "EUR"
period = {{ from = {from}, to = {to} }}
[parties.owner]
key = "{owner}"
[parties.tenant]
key = "{tenant}"
[devices.probe]
id = "probe"
signed_by = ["{probe}"]
[devices.probe.fields]
t = {{ unit = "Cel", valid = ["-40", "40"] }}
u = {{ unit = "Cel", valid = ["-40", "90"], counter = {{ {rate}{wrap}snap = "{}s" }} }}
[time]
{}"#,
            snap / 1_000,
            self.base.time_toml()
        );
        self.terms.iter().enumerate().for_each(|(at, term)| toml += &term.toml(at, "probe"));
        self.payments.iter().enumerate().for_each(|(at, payment)| toml += &payment.toml(at));
        toml
    }
}

impl SimpleRecord {
    fn shift(&mut self, by: i64) {
        self.received += by;
        self.time = self.time.map(|time| time + by);
        self.up = self.up.map(|up| up + by);
    }
}

/// The next value of a counter: mostly a little more, now and then nonsense.
fn counted(dice: &mut Dice, counter: SimpleCounter, shown: &mut i64) -> Cell {
    *shown += if dice.one_in(6) { dice.below(30) } else { dice.below(5) };
    if let Some(wrap) = counter.wrap.filter(|wrap| *shown > *wrap) {
        *shown -= wrap;
    }
    match dice.below(16) {
        0 => Cell::Tenths(dice.below(890)),
        1 => Cell::Tenths(0),
        2 | 3 => Cell::Absent,
        4 => dice.of(&[Cell::Null, Cell::Spoilt]),
        _ => Cell::Tenths(*shown),
    }
}

/// Of two series of them fewer than fifty fail, so that a verdict lists all.
fn each(dice: &mut Dice) -> Each {
    match dice.below(5) {
        0 => Each::Hour,
        1 => Each::Period,
        _ => Each::Length((3 + dice.below(28)) * 1_000),
    }
}

/// A measure of a field, and a number in tenths that it may come near.
fn of_field(dice: &mut Dice) -> (SimpleMeasure, i64) {
    let field = usize::from(dice.one_in(3));
    match dice.below(8) {
        0 => (SimpleMeasure::Max(field), dice.below(120)),
        1 => (SimpleMeasure::Min(field), dice.below(120)),
        2 => (SimpleMeasure::Sum(field), dice.below(600)),
        3 => (SimpleMeasure::Avg(field), dice.below(100)),
        4 => (SimpleMeasure::First(field), dice.below(120)),
        5 => (SimpleMeasure::Last(field), dice.below(120)),
        _ => (SimpleMeasure::Delta, dice.below(100)),
    }
}

fn any(dice: &mut Dice) -> (SimpleMeasure, i64) {
    match dice.below(8) {
        0 => (SimpleMeasure::Readings, dice.below(10) * 10),
        1 => (SimpleMeasure::Count(dice.of(&Demand::ALL)), dice.below(6) * 10),
        2 => (SimpleMeasure::Seconds(dice.of(&Demand::ALL)), dice.below(20) * 10),
        _ => of_field(dice),
    }
}

fn compared(dice: &mut Dice, of: (SimpleMeasure, i64)) -> (SimpleMeasure, Comparison, i64) {
    use Comparison::{AtLeast, AtMost, Greater, Less};
    (of.0, dice.of(&[AtMost, Less, AtLeast, Greater]), of.1)
}

/// Two measures of fields, of which one at most is rounded, and none is asked twice.
fn two(dice: &mut Dice) -> [(SimpleMeasure, i64); 2] {
    let (first, mut second) = (of_field(dice), of_field(dice));
    while second.0 == first.0 || matches!(second.0, SimpleMeasure::Avg(_)) {
        second = of_field(dice);
    }
    [first, second]
}

/// A measure beside a number.
pub(super) fn measured(dice: &mut Dice) -> (SimpleMeasure, Comparison, i64) {
    let one = any(dice);
    compared(dice, one)
}

fn condition(dice: &mut Dice) -> SimpleCondition {
    let one = measured(dice);
    match dice.below(6) {
        0 => {
            let [first, second] = two(dice);
            SimpleCondition::Apart(first.0, compared(dice, second))
        }
        1 | 2 => {
            let other = two(dice).map(|it| compared(dice, it)).into_iter().find(|it| it.0 != one.0).unwrap();
            dice.of(&[SimpleCondition::And(one, other), SimpleCondition::Or(one, other)])
        }
        _ => SimpleCondition::One(one),
    }
}

fn amount(dice: &mut Dice) -> SimpleAmount {
    let ((it, near), by) = (of_field(dice), dice.of(&[2, 5, 25, 40]));
    match dice.below(8) {
        0 => SimpleAmount::Above(it, near, by),
        1 => SimpleAmount::UpTo(it, near, by),
        2 => SimpleAmount::If(measured(dice), by, dice.below(3) * 15),
        3 => {
            let [first, second] = two(dice);
            SimpleAmount::Both((first.0, by), (second.0, dice.of(&[2, 10])))
        }
        4 => {
            let [first, second] = two(dice);
            SimpleAmount::Apart(first.0, second.0, by)
        }
        5 => SimpleAmount::Begun(it, 1 + near / 4, by),
        _ => SimpleAmount::Times(any(dice).0, by),
    }
}

pub(super) fn term(dice: &mut Dice) -> MeasuredTerm {
    let most = usize::try_from(dice.below(3)).unwrap();
    MeasuredTerm { each: each(dice), condition: condition(dice), most }
}

fn payment(dice: &mut Dice) -> MeasuredPayment {
    let amount = amount(dice);
    MeasuredPayment {
        each: (!dice.one_in(5)).then(|| each(dice)),
        when: dice.one_in(2).then(|| condition(dice)),
        amount,
        rounding: dice.of(&[Rounding::HalfEven, Rounding::HalfUp, Rounding::Up, Rounding::Down]),
        minimum: dice.one_in(4).then(|| dice.below(300)),
        cap: dice.one_in(4).then(|| 300 + dice.below(300)),
        signed: matches!(amount, SimpleAmount::Apart(..)) && !dice.one_in(4),
    }
}

fn each_text(each: Each) -> String {
    match each {
        Each::Hour => "hour".to_owned(),
        Each::Period => "period".to_owned(),
        Each::Length(millis) => seconds(millis),
    }
}

impl MeasuredTerm {
    pub(super) fn toml(&self, at: usize, on: &str) -> String {
        format!(
            "[[terms]]\nid = \"m{at}\"\non = \"{on}\"\nmeasure = \"{}\"\neach = \"{}\"\ntolerate = {{ count = {} }}\n",
            self.condition.text(),
            each_text(self.each),
            self.most
        )
    }
}

impl MeasuredPayment {
    fn toml(&self, at: usize) -> String {
        let mut toml = format!("[[payments]]\nid = \"p{at}\"\nfrom = \"owner\"\nto = \"tenant\"\n");
        let mut member = |name: &str, text: Option<String>| {
            if let Some(text) = text {
                writeln!(toml, "{name} = \"{text}\"").unwrap();
            }
        };
        let cents = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let rounding = match self.rounding {
            Rounding::HalfEven => "half-even",
            Rounding::HalfUp => "half-up",
            Rounding::Up => "up",
            Rounding::Down => "down",
        };
        member("each", self.each.map(each_text));
        member("when", self.when.map(SimpleCondition::text));
        member("amount", Some(self.amount.text()));
        member("minimum", self.minimum.map(cents));
        member("cap", self.cap.map(cents));
        member("round", Some(rounding.to_owned()));
        toml + if self.signed { "signed = true\n" } else { "" }
    }
}
