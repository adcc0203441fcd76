//! Random groups of devices: what they agree on, under a demand and under a measure.

use counterfoil::contract::{document::Contract, file::ContractFile};

use super::{
    super::hour::{FROM, Line, key},
    agreed::SimpleGroup,
    asked::SimpleCondition,
    counter::{CountedIncreases, SimpleCounter},
    course::{self, HALF, TermOutcome},
    facts::SimpleRecord,
    known::Known,
    measured::{Asked, Measured, SeenPeriod, SimpleMeasure},
    metered::MeasuredTerm,
    metered_random::{measured, term},
    random::{Dice, RandomCase, cell, records},
    text::tenths,
};

/// A case of several devices, and one that is made of them.
#[derive(Clone, Debug)]
pub(super) struct GroupedCase {
    /// With the demand, and no records
    pub(super) base: RandomCase,
    group: SimpleGroup,
    pub(super) members: Vec<Vec<SimpleRecord>>,
    term: MeasuredTerm,
}

impl GroupedCase {
    pub(super) fn of(dice: &mut Dice) -> Self {
        let mut base = RandomCase::of(dice);
        let count = usize::try_from(2 + dice.below(3)).unwrap();
        // As many as two halves of the members cannot be at once.
        let least = count / 2 + 1;
        let agree = (least + usize::try_from(dice.below(3)).unwrap()).min(count);
        let cells = |dice: &mut Dice| [cell(dice, 6), cell(dice, 4)];
        base.records.clear();
        let members = (0..count).map(|_| records(dice, base.rules.late_after, cells)).collect();
        let [t, u] = [2 + dice.below(30), dice.below(20)].map(|tenths| Some(2 * tenths));
        let group = SimpleGroup { agree, within: [t, u] };
        let mut term = term(dice);
        while !is_of_groups(term.condition) {
            let (measure, comparison, near) = measured(dice);
            term.condition = SimpleCondition::One((measure, comparison, near));
        }
        let mut case = Self { base, group, members, term };
        case.number();
        case
    }

    /// Entries are numbered as they arrive, whoever's they are.
    fn number(&mut self) {
        let mut all: Vec<_> = self.members.iter_mut().flatten().collect();
        all.sort_by_key(|record| record.received);
        (0..).zip(all).for_each(|(n, record)| record.n = n);
    }

    pub(super) fn lines(&self) -> Vec<Line> {
        let line = |(member, record): (usize, &SimpleRecord)| {
            let line = RandomCase::line(record).with("device", format!("m{member}"));
            line.signed_by(signer(member))
        };
        let members = self.members.iter().enumerate();
        let records = members.flat_map(|(member, records)| records.iter().map(move |it| (member, it)));
        let mut lines: Vec<Line> = records.map(line).collect();
        lines.sort_by_key(|line| line.n);
        lines
    }

    pub(super) fn contract(&self) -> Contract {
        let source = ContractFile::parse(self.toml().as_bytes()).unwrap();
        Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{}", self.toml()))
    }

    pub(super) fn toml(&self) -> String {
        let names: Vec<_> = (0..self.members.len()).map(|member| format!("m{member}")).collect();
        let device = |(member, name): (usize, &String)| {
            let did = key(signer(member)).did();
            format!(
                "[devices.{name}]\nid = \"{name}\"\nsigned_by = [\"{did}\"]\n\
                 fields = {{ t = {{ unit = \"Cel\", valid = [\"-40\", \"40\"] }}, u = {{ unit = \"Cel\", valid = [\"-40\", \"40\"] }} }}\n"
            )
        };
        let devices: String = names.iter().enumerate().map(device).collect();
        let [t, u] = self.group.within.map(|within| tenths(within.unwrap() / 2));
        let [owner, tenant] = [1, 2].map(|seed| key(seed).did());
        format!(
            "contract = \"foil/1\"\ntitle = \"A minute\"\ncurrency = \"EUR\"\n\
             period = {{ from = {FROM}, to = 2026-03-01T06:01:00Z }}\n\
             [parties.owner]\nkey = \"{owner}\"\n[parties.tenant]\nkey = \"{tenant}\"\n{devices}\
             [devices.room]\nof = {names:?}\nagree = {}\nwithin = {{ t = \"{t}\", u = \"{u}\" }}\n[time]\n{}{}{}{}",
            self.group.agree,
            self.base.time_toml(),
            self.base.condition_toml("room"),
            self.term.toml(0, "room"),
            self.base.penalty_toml()
        )
    }

    /// What the demand comes to, what the verdict says of the measure, and the lines of the payment.
    pub(super) fn expected(&self) -> (TermOutcome, String, Vec<i64>) {
        let members: Vec<Known> =
            self.members.iter().map(|records| Known::new(records, &self.base.rules)).collect();
        let values = |at: i64| self.group.values(members.iter().map(|member| member.values(at)));
        let said = |at: i64| self.group.values(members.iter().map(|member| member.said(at)));
        let outcome = course::condition(&self.base, values, said);
        let borders = self.term.each.borders(0, self.base.rules.to);
        let end = self.base.rules.to.min(self.base.as_of);
        let seen = SeenPeriod {
            from: 0,
            halves: (0..end / HALF).map(|half| (values(half * HALF), false)).collect(),
            heard: Vec::new(),
            counter: SimpleCounter { max_rate: None, wrap: None, snap: 0 },
            counted: CountedIncreases::default(),
            resolution: self.base.resolution,
            of_group: true,
        };
        let is_closed = self.base.as_of >= self.base.rules.to + self.base.rules.late_after;
        let term =
            self.term.outcome(&Measured { seen: &seen, borders: &borders, asked: Asked::Known }, is_closed);
        let lines = course::lines(&self.base, &outcome);
        (outcome, term, lines)
    }
}

/// The signer of a member has a seed of its own.
fn signer(member: usize) -> u8 {
    3 + u8::try_from(member).unwrap()
}

/// What only a reading of a member says is not asked of the group.
fn is_of_groups(condition: SimpleCondition) -> bool {
    let SimpleCondition::One((measure, ..)) = condition else { return false };
    matches!(
        measure,
        SimpleMeasure::Max(_)
            | SimpleMeasure::Min(_)
            | SimpleMeasure::Avg(_)
            | SimpleMeasure::First(_)
            | SimpleMeasure::Last(_)
            | SimpleMeasure::Seconds(_)
    )
}
