//! Random contracts over a minute, and random records under them.

use super::facts::{Cell, SimpleRecord, SimpleRules};

/// Numbers that look random, the same for the same seed (xorshift64*).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below another.
    pub(super) fn below(&mut self, end: i64) -> i64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        i64::try_from(high).unwrap() % end
    }

    pub(super) fn one_in(&mut self, sides: i64) -> bool {
        self.below(sides) == 0
    }

    pub(super) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(i64::try_from(choices.len()).unwrap())).unwrap()]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    Pause,
    Hold,
    Reset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    Below,
    Between,
    Both,
    Either,
}

impl Demand {
    pub(super) const ALL: [Self; 4] = [Self::Below, Self::Between, Self::Both, Self::Either];
}

/// Lengths in milliseconds, shares in tenths of a hundredth.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    None,
    LongerThan(i64),
    Total(i64),
    Within(i64, i64),
    Count(usize),
    Percent(i64, i64),
}

#[derive(Clone, Debug)]
pub(super) struct RandomCase {
    pub(super) demand: Demand,
    /// By how many tenths `clear` is narrower; `None`: there is none
    pub(super) clear: Option<i64>,
    pub(super) limit: Limit,
    pub(super) inclusive: bool,
    pub(super) gap: Gap,
    pub(super) resolution: i64,
    pub(super) every: i64,
    pub(super) grace: i64,
    pub(super) misses: i64,
    pub(super) rules: SimpleRules,
    pub(super) as_of: i64,
    pub(super) records: Vec<SimpleRecord>,
}

impl RandomCase {
    pub(super) fn of(dice: &mut Dice) -> Self {
        let late_after = dice.of(&[15_000, 40_000]);
        let as_of = if dice.one_in(4) { dice.below(120) * 500 } else { 60_000 + late_after };
        let limit = match dice.below(6) {
            0 => Limit::None,
            1 => Limit::LongerThan(dice.below(12) * 1_000),
            2 => Limit::Total(dice.below(20) * 1_000),
            3 => Limit::Within(dice.below(10) * 1_000, (1 + dice.below(25)) * 1_000),
            4 => Limit::Count(usize::try_from(dice.below(4)).unwrap()),
            _ => Limit::Percent(dice.below(500), (1 + dice.below(40)) * 1_000),
        };
        let is_length = matches!(limit, Limit::LongerThan(1..) | Limit::Total(1..) | Limit::Within(1.., _));
        let rules = SimpleRules {
            hold: dice.of(&[4_000, 7_000, 12_000]),
            late_after,
            rejects_late: !dice.one_in(4),
            future_skew: dice.of(&[0, 2_000]),
            rejects_unsynced: !dice.one_in(3),
            to: 60_000,
            as_of,
        };
        let mut case = Self {
            demand: dice.of(&Demand::ALL),
            clear: dice.one_in(3).then(|| dice.below(10)),
            limit,
            inclusive: is_length && dice.one_in(3),
            gap: dice.of(&[Gap::Pause, Gap::Hold, Gap::Reset]),
            resolution: dice.of(&[1_000, 1_000, 2_000, 5_000]),
            every: dice.of(&[3_000, 5_000]),
            grace: dice.of(&[0, 1_000, 4_000]),
            misses: dice.below(8),
            rules,
            as_of,
            records: Vec::new(),
        };
        case.records = records(dice, late_after, |dice| [cell(dice, 4), cell(dice, 3)]);
        case
    }

    pub(super) fn rules(&self) -> SimpleRules {
        self.rules
    }
}

/// Records in the order of their entries: of one stream, with holes, or without numbers. `cells`: what the next one says.
pub(super) fn records(
    dice: &mut Dice,
    late_after: i64,
    mut cells: impl FnMut(&mut Dice) -> [Cell; 2],
) -> Vec<SimpleRecord> {
    let numbered = !dice.one_in(3);
    let (mut records, mut time, mut seq) = (Vec::new(), -dice.below(20) * 500, 0);
    let count = 5 + dice.below(25);
    for _ in 0..count {
        let mut record = record(dice, time, late_after, &mut cells);
        if numbered {
            record.seq = Some(seq);
            seq += if dice.one_in(12) { 2 } else { 1 };
        }
        if records.is_empty() {
            // What was before the first number of a stream is another question.
            (record.time, record.unsynced, record.received) = (Some(time), false, time.max(-100));
        }
        if dice.one_in(20) {
            let again = SimpleRecord { received: record.received + dice.below(4) * 500, ..record.clone() };
            records.push(again);
        }
        records.push(record);
        time += dice.of(&[0, 500, 1_000, 2_000, 2_500, 3_000, 6_000]);
    }
    records.sort_by_key(|record: &SimpleRecord| record.received);
    for (n, record) in (0..).zip(&mut records) {
        record.n = n;
    }
    records
}

fn record(
    dice: &mut Dice,
    time: i64,
    late_after: i64,
    mut cells: impl FnMut(&mut Dice) -> [Cell; 2],
) -> SimpleRecord {
    let received = time
        + match dice.below(12) {
            0 => late_after + dice.below(3) * 500,
            1 => -dice.below(8) * 500,
            2 | 3 => dice.below(30) * 500,
            _ => dice.below(3) * 500,
        };
    let cells = cells(dice);
    let mut record = SimpleRecord {
        n: 0,
        received,
        time: Some(time),
        unsynced: false,
        up: None,
        seq: None,
        cells: Some(cells),
    };
    match dice.below(14) {
        0 => {
            record.up = Some(100_000 + time);
            record.unsynced = true;
            record.time = Some(time + dice.below(9) * 500 - 2_000);
        }
        1 => {
            record.up = Some(100_000 + time).filter(|_| !dice.one_in(4));
            record.time = None;
        }
        2 => {
            record.received = time.max(received.min(time));
            record.up = Some(100_000 + time + dice.below(3) * 500);
            record.cells = None;
        }
        _ => {}
    }
    record
}

pub(super) fn cell(dice: &mut Dice, present: i64) -> Cell {
    if dice.below(present + 1) == 0 {
        return Cell::Absent;
    }
    match dice.below(14) {
        0 => Cell::Null,
        1 => Cell::Spoilt,
        2 => Cell::Tenths(80),
        3..=8 => Cell::Tenths(20 + dice.below(30)),
        _ => Cell::Tenths(dice.below(120)),
    }
}
