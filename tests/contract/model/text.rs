//! Random contracts and records, as they are written.

use counterfoil::{
    contract::{document::Contract, file::ContractFile},
    json::Value,
};

use super::{
    super::hour::{FROM, Line, at, key, reading},
    facts::{Cell, SimpleRecord, SimpleRules},
    random::{Demand, Gap, Limit, RandomCase},
};

impl RandomCase {
    pub(super) fn contract(&self) -> Contract {
        let source = ContractFile::parse(self.toml().as_bytes()).unwrap();
        Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{}", self.toml()))
    }

    pub(super) fn toml(&self) -> String {
        let parties: String = [("owner", 1), ("tenant", 2)]
            .map(|(name, seed)| format!("[parties.{name}]\nkey = \"{}\"\n", key(seed).did()))
            .concat();
        let (time, condition, penalty) =
            (self.time_toml(), self.condition_toml("probe"), self.penalty_toml());
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
{time}{condition}[[terms]]
id = "beat"
on = "probe"
every = "{}"
grace = "{}"
tolerate = {{ count = {} }}
{penalty}"#,
            key(3).did(),
            seconds(self.every),
            seconds(self.grace),
            self.misses
        )
    }

    /// The members of `[time]`.
    pub(super) fn time_toml(&self) -> String {
        let SimpleRules { hold, late_after, rejects_late, future_skew, rejects_unsynced, .. } = self.rules;
        let rejects = |rejects: bool| if rejects { "reject" } else { "accept" };
        format!(
            "hold = \"{}\"\nlate_after = \"{}\"\nlate = \"{}\"\nfuture_skew = \"{}\"\nunsynced = \"{}\"\nresolution = \"{}\"\n",
            seconds(hold),
            seconds(late_after),
            rejects(rejects_late),
            seconds(future_skew),
            rejects(rejects_unsynced),
            seconds(self.resolution)
        )
    }

    /// The term that demands.
    pub(super) fn condition_toml(&self, on: &str) -> String {
        let clear =
            self.clear.map(|by| format!("clear = \"{}\"\n", self.demand.text(by))).unwrap_or_default();
        let inclusive = if self.inclusive { ", inclusive = true" } else { "" };
        let tolerate = match self.limit {
            Limit::None => String::new(),
            Limit::LongerThan(most) => format!("longer_than = \"{}\"", seconds(most)),
            Limit::Total(most) => format!("total = \"{}\"", seconds(most)),
            Limit::Within(most, window) => {
                format!("total = \"{}\", within = \"{}\"", seconds(most), seconds(window))
            }
            Limit::Count(most) => format!("count = {most}"),
            Limit::Percent(share, window) => {
                format!("percent = \"{}\", of = \"{}\"", tenths(share), seconds(window))
            }
        };
        let tolerate = match self.limit {
            Limit::None => String::new(),
            _ => format!("tolerate = {{ {tolerate}{inclusive} }}\n"),
        };
        format!(
            "[[terms]]\nid = \"cold\"\non = \"{on}\"\nrequire = \"{}\"\n{clear}{tolerate}gap = \"{}\"\n",
            self.demand.text(0),
            self.gap.text()
        )
    }

    /// The payment for its excursions.
    pub(super) fn penalty_toml(&self) -> String {
        let has_beyond = matches!(self.limit, Limit::LongerThan(_) | Limit::Total(_) | Limit::Within(..));
        let beyond = if has_beyond { " + beyond * 0.07" } else { "" };
        format!(
            "[[payments]]\nid = \"penalty\"\nfrom = \"owner\"\nto = \"tenant\"\neach = \"excursion of cold\"\namount = \"duration * 0.005 + proven * 0.3{beyond}\"\n"
        )
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
                Cell::Tenths(value) => tenths(value),
            };
            Some(format!("\"{name}\":{value}"))
        });
        let values = format!("{{{}}}", said.collect::<Vec<_>>().join(","));
        let units = Value::from(counterfoil::json::parse_object(br#"{"t":"Cel","u":"Cel"}"#).unwrap());
        line.values(&values).with("units", units)
    }
}

impl Gap {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Hold => "hold",
            Self::Reset => "reset",
        }
    }
}

impl Demand {
    /// As an expression, narrower by so many tenths.
    pub(super) fn text(self, by: i64) -> String {
        let (t, u) = (tenths(80 - by), tenths(50 - by));
        match self {
            Self::Below => format!("t <= {t}"),
            Self::Between => format!("t >= {} && t <= {t}", tenths(20 + by)),
            Self::Both => format!("t <= {t} && u <= {u}"),
            Self::Either => format!("t <= {t} || u <= {u}"),
        }
    }
}

pub(super) fn seconds(millis: i64) -> String {
    format!("{}s", millis / 1_000)
}

/// `7.5`
pub(super) fn tenths(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}
