//! Random contracts over a minute, and random records under them.

use counterfoil::{
    contract::{document::Contract, file::ContractFile},
    json::Value,
};

use super::{
    super::hour::{FROM, Line, at, key, reading},
    facts::{Cell, SimpleRecord, SimpleRules},
};

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

    fn one_in(&mut self, sides: i64) -> bool {
        self.below(sides) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(i64::try_from(choices.len()).unwrap())).unwrap()]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    Pause,
    Hold,
    Reset,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Demand {
    Below,
    Between,
    Both,
    Either,
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
    rules: SimpleRules,
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
            demand: dice.of(&[Demand::Below, Demand::Between, Demand::Both, Demand::Either]),
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
        case.records = records(dice, late_after);
        case
    }

    pub(super) fn rules(&self) -> SimpleRules {
        self.rules
    }

    pub(super) fn contract(&self) -> Contract {
        let source = ContractFile::parse(self.toml().as_bytes()).unwrap();
        Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{}", self.toml()))
    }

    pub(super) fn toml(&self) -> String {
        let parties: String = [("owner", 1), ("tenant", 2)]
            .map(|(name, seed)| format!("[parties.{name}]\nkey = \"{}\"\n", key(seed).did()))
            .concat();
        let seconds = |millis: i64| format!("{}s", millis / 1_000);
        let SimpleRules { hold, late_after, rejects_late, future_skew, rejects_unsynced, .. } = self.rules;
        let rejects = |rejects: bool| if rejects { "reject" } else { "accept" };
        let clear = self.clear.map(|by| format!("clear = \"{}\"\n", self.condition(by))).unwrap_or_default();
        let inclusive = if self.inclusive { ", inclusive = true" } else { "" };
        let (tolerate, beyond) = match self.limit {
            Limit::None => (String::new(), ""),
            Limit::LongerThan(most) => (format!("longer_than = \"{}\"", seconds(most)), " + beyond * 0.07"),
            Limit::Total(most) => (format!("total = \"{}\"", seconds(most)), " + beyond * 0.07"),
            Limit::Within(most, window) => {
                let within = format!("total = \"{}\", within = \"{}\"", seconds(most), seconds(window));
                (within, " + beyond * 0.07")
            }
            Limit::Count(most) => (format!("count = {most}"), ""),
            Limit::Percent(tenths, window) => {
                (format!("percent = \"{}.{}\", of = \"{}\"", tenths / 10, tenths % 10, seconds(window)), "")
            }
        };
        let tolerate = match self.limit {
            Limit::None => String::new(),
            _ => format!("tolerate = {{ {tolerate}{inclusive} }}\n"),
        };
        format!(
            r#"contract = "foil/1"
title = "A minute"
currency = "EUR"
period = {{ from = {FROM}, to = 2026-03-01T06:01:00Z }}
{parties}[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {{ t = {{ unit = "Cel", valid = ["-40", "40"] }}, u = {{ unit = "Cel", valid = ["-40", "40"] }} }}
[time]
hold = "{}"
late_after = "{}"
late = "{}"
future_skew = "{}"
unsynced = "{}"
resolution = "{}"
[[terms]]
id = "cold"
on = "probe"
require = "{}"
{clear}{tolerate}gap = "{}"
[[terms]]
id = "beat"
on = "probe"
every = "{}"
grace = "{}"
tolerate = {{ count = {} }}
[[payments]]
id = "penalty"
from = "owner"
to = "tenant"
each = "excursion of cold"
amount = "duration * 0.005 + proven * 0.3{beyond}"
"#,
            key(3).did(),
            seconds(hold),
            seconds(late_after),
            rejects(rejects_late),
            seconds(future_skew),
            rejects(rejects_unsynced),
            seconds(self.resolution),
            self.condition(0),
            match self.gap {
                Gap::Pause => "pause",
                Gap::Hold => "hold",
                Gap::Reset => "reset",
            },
            seconds(self.every),
            seconds(self.grace),
            self.misses
        )
    }

    /// The demand as text, narrower by so many tenths.
    fn condition(&self, by: i64) -> String {
        let tenths = |tenths: i64| format!("{}.{}", tenths / 10, tenths % 10);
        let (t, u) = (tenths(80 - by), tenths(50 - by));
        match self.demand {
            Demand::Below => format!("t <= {t}"),
            Demand::Between => format!("t >= {} && t <= {t}", tenths(20 + by)),
            Demand::Both => format!("t <= {t} && u <= {u}"),
            Demand::Either => format!("t <= {t} || u <= {u}"),
        }
    }

    /// A record as the ledger has it.
    pub(super) fn line(record: &SimpleRecord) -> Line {
        let mut line = reading(record.n, 0, "0").received(record.received);
        line = line.with("time", record.time.map_or(Value::Null, |time| Value::from(at(time).to_string())));
        if let Some(up) = record.up {
            line = line.with("boot", "b").with("up", up.unsigned_abs());
        }
        if record.unsynced {
            line = line.with("clock", "unsynced");
        }
        if let Some(seq) = record.seq {
            line = line.in_stream(seq);
        }
        let Some(cells) = record.cells else {
            line = line.with("type", "status").with("status", "clock");
            line.record.remove("values");
            return line;
        };
        let said = ["t", "u"].iter().zip(cells).filter_map(|(name, cell)| {
            let value = match cell {
                Cell::Absent => return None,
                Cell::Null => "null".to_owned(),
                Cell::Spoilt => "99".to_owned(),
                Cell::Tenths(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
            };
            Some(format!("\"{name}\":{value}"))
        });
        let values = format!("{{{}}}", said.collect::<Vec<_>>().join(","));
        let units = Value::from(counterfoil::json::parse_object(br#"{"t":"Cel","u":"Cel"}"#).unwrap());
        line.values(&values).with("units", units)
    }
}

/// Records in the order of their entries: of one stream, with holes, or without numbers.
fn records(dice: &mut Dice, late_after: i64) -> Vec<SimpleRecord> {
    let numbered = !dice.one_in(3);
    let (mut records, mut time, mut seq) = (Vec::new(), -dice.below(20) * 500, 0);
    let count = 5 + dice.below(25);
    for _ in 0..count {
        let mut record = record(dice, time, late_after);
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

fn record(dice: &mut Dice, time: i64, late_after: i64) -> SimpleRecord {
    let received = time
        + match dice.below(12) {
            0 => late_after + dice.below(3) * 500,
            1 => -dice.below(8) * 500,
            2 | 3 => dice.below(30) * 500,
            _ => dice.below(3) * 500,
        };
    let cells = [cell(dice, 4), cell(dice, 3)];
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

fn cell(dice: &mut Dice, present: i64) -> Cell {
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
