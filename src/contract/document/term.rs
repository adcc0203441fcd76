//! `[[terms]]`: the demands of a contract.

use super::{
    TimeRules,
    event::read_signers,
    measure,
    names::{DocumentNames, read_device, read_id},
    table::DocumentTable,
    tolerance::{TermLimit, read_limit},
};
use crate::{
    contract::{
        bucket::Bucket,
        expr::{Condition, ConditionScope, Counted, ExpressionValue, MeasureCondition, ValueType},
        problem::{Problem, ProblemPlace},
    },
    time::{Span, Time},
};

/// One demand of a contract.
#[derive(Clone, Debug)]
pub struct ContractTerm {
    /// What the contract calls it
    pub id: String,
    /// What it demands
    pub rule: TermRule,
    /// Whether only working time counts
    pub during_work: bool,
}

impl ContractTerm {
    /// Its id, and what an amount can count of it.
    pub(super) fn counted(&self) -> (String, Counted) {
        let counted = match self.rule {
            TermRule::Require { limit, .. } => Counted::Excursions { has_beyond: limit.has_beyond() },
            TermRule::Measure { .. } => Counted::Excursions { has_beyond: false },
            TermRule::Every { .. } => Counted::Misses,
            TermRule::Event { .. } => Counted::Nothing,
        };
        (self.id.clone(), counted)
    }
}

/// What a term demands.
#[derive(Clone, Debug)]
pub enum TermRule {
    /// A condition on a device's readings
    Require {
        /// Which device
        device: usize,
        /// What must hold
        condition: Condition,
        /// What ends an excursion; `None`: that the condition holds again
        clear: Option<Condition>,
        /// How much may be missing from it
        limit: TermLimit,
        /// Whether a length that is exactly the limit breaches, too
        inclusive: bool,
        /// What unknown time inside an excursion counts
        gap: GapRule,
    },
    /// Readings at least so often
    Every {
        /// Which device
        device: usize,
        /// How often
        every: Span,
        /// How late a reading may be
        grace: Span,
        /// How many may be missing
        misses: u64,
    },
    /// A condition over measures, once for each bucket
    Measure {
        /// What must hold
        condition: MeasureCondition,
        /// Over which stretches of time
        each: Bucket,
        /// How many of them may fail
        most: u64,
    },
    /// A signed event
    Event {
        /// Which one
        event: String,
        /// The parties that sign it
        by: Vec<usize>,
        /// The instant before which it must be received; `None`: none is given
        before: Option<Time>,
    },
}

/// What unknown time inside an excursion counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GapRule {
    /// All of it
    Hold,
    /// None of it, and the excursion goes on
    #[default]
    Pause,
    /// None of it, and the excursion is over
    Reset,
}

pub(super) fn read(root: &DocumentTable, names: &DocumentNames, time: &TimeRules) -> Vec<ContractTerm> {
    let mut terms: Vec<ContractTerm> = Vec::new();
    for table in root.tables("terms") {
        let id = read_id(&table);
        let rule = read_rule(&table, names);
        if let Some(TermRule::Require { .. }) = rule
            && time.hold.is_none()
        {
            table.error("require", "how long does a value speak? [time] needs hold = \"11m\" or so");
        }
        let during_work = read_during(&table, names);
        if let Some(TermRule::Measure { condition, .. }) = &rule {
            measure::check((&table, "measure"), &condition.measures, names.devices, time);
            if during_work {
                measure::check_during(&table, &condition.measures);
            }
        }
        table.finish();
        let (Some(id), Some(rule)) = (id, rule) else { continue };
        if terms.iter().any(|term| term.id == id) {
            root.problems.error(format!("terms[{}].id", terms.len()), format!("the id {id:?} is taken"));
        }
        terms.push(ContractTerm { id, rule, during_work });
    }
    terms
}

/// Whether only working time counts. An event has its own time.
fn read_during(table: &DocumentTable, names: &DocumentNames) -> bool {
    if table.object.get("event").is_some() {
        return false;
    }
    let during = table.read("during", "\"work\", the time that [calendar] has", |value| {
        (value.as_str()? == "work").then_some(())
    });
    if during.is_some() && !names.has_calendar {
        table.error("during", "what is working time? [calendar] needs work = \"mon-fri 08:00-18:00\" or so");
    }
    during.is_some()
}

fn read_rule(table: &DocumentTable, names: &DocumentNames) -> Option<TermRule> {
    let kinds: Vec<_> = ["require", "every", "measure", "event"]
        .into_iter()
        .filter(|kind| table.object.get(kind).is_some())
        .collect();
    match kinds[..] {
        ["require"] => read_require(table, names),
        ["every"] => read_every(table, names),
        ["measure"] => {
            let (condition, each, most) = measure::read(table, names)?;
            Some(TermRule::Measure { condition, each, most })
        }
        [_] => read_event(table, names),
        [] => {
            table.problems.error(table.path.clone(), "a term has `require`, `every`, `measure` or `event`");
            None
        }
        [first, second, ..] => {
            // What belongs to one of them is no unknown key.
            for name in [
                "on", "require", "clear", "every", "measure", "each", "event", "by", "before", "tolerate",
                "gap",
            ] {
                table.get(name);
            }
            table.error(second, format!("a term has one demand: `{first}` and `{second}` are two terms"));
            None
        }
    }
}

fn read_require(table: &DocumentTable, names: &DocumentNames) -> Option<TermRule> {
    let device = read_device(table, names);
    let (text, clear) = (table.text("require"), table.text("clear"));
    let (limit, inclusive) = read_limit(table);
    let gap = table.read("gap", "\"hold\", \"pause\" or \"reset\"", |value| match value.as_str()? {
        "hold" => Some(GapRule::Hold),
        "pause" => Some(GapRule::Pause),
        "reset" => Some(GapRule::Reset),
        _ => None,
    });
    let device = device?;
    let fields = names.devices[device].names();
    let scope =
        ConditionScope { fields: &fields, values: names.values, areas: names.areas, units: names.units };
    let condition = text.and_then(|text| read_condition(table, "require", text, &scope));
    let clear = clear.map(|text| read_condition(table, "clear", text, &scope));
    let (condition, clear) = (condition?, clear.map_or(Some(None), |clear| clear.map(Some))?);
    if let Some(clear) = &clear {
        check_clear(table, clear, &condition, &fields);
    }
    let gap = gap.unwrap_or_default();
    Some(TermRule::Require { device, condition, clear, limit: limit?, inclusive, gap })
}

fn read_condition(
    table: &DocumentTable,
    name: &'static str,
    text: &str,
    scope: &ConditionScope,
) -> Option<Condition> {
    match Condition::parse(text, scope) {
        Ok(condition) => Some(condition),
        Err(fault) => {
            let place = ProblemPlace::Value(table.at(name), Some(fault.at));
            table.problems.push(Problem::error(place, fault.message));
            None
        }
    }
}

/// What ends an excursion must not be what begins one.
fn check_clear(
    table: &DocumentTable,
    clear: &Condition,
    require: &Condition,
    fields: &[(String, ValueType)],
) {
    let Some(values) = clear.without(require, fields) else { return };
    let show = |(field, value): &(usize, ExpressionValue)| {
        let value = match value {
            ExpressionValue::Number(number) => number.to_string(),
            ExpressionValue::Text(text) => format!("{text:?}"),
            ExpressionValue::Bool(truth) => truth.to_string(),
        };
        format!("{} = {value}", fields[*field].0.replace('-', "_"))
    };
    let values = values.iter().map(show).collect::<Vec<_>>().join(", ");
    table.error("clear", format!("an excursion would end where `require` is broken: at {values}"));
}

fn read_every(table: &DocumentTable, names: &DocumentNames) -> Option<TermRule> {
    let device = read_device(table, names);
    if device.is_some_and(|at| names.devices[at].is_made_of_devices()) {
        table.error("on", "a device made of devices says nothing itself: a cadence is asked of each of them");
    }
    let every = table.duration("every");
    if every == Some(Span::ZERO) {
        table.error("every", "a cadence has some length");
    }
    let grace = table.duration("grace");
    let mut misses = Some(0);
    if let Some(tolerate) = table.table("tolerate") {
        misses = tolerate.required("count", tolerate.count("count"));
        tolerate.finish();
    }
    let (device, every) = (device?, every?);
    let grace = grace.unwrap_or(Span::from_millis(every.millis() / 2));
    Some(TermRule::Every { device, every, grace, misses: misses? })
}

fn read_event(table: &DocumentTable, names: &DocumentNames) -> Option<TermRule> {
    let event = table.text("event");
    let by = read_signers(table, "by", names.parties);
    let before = table.time("before");
    Some(TermRule::Event { event: event?.to_owned(), by: by?, before })
}
