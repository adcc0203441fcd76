//! Terms that measure: `measure = "avg(temperature) <= 8.0"`, once for each bucket; and what every measure needs.

use std::collections::BTreeMap;

use super::{
    ContractDevice, TimeRules, group,
    names::{DocumentNames, read_device},
    table::DocumentTable,
};
use crate::contract::{
    bucket::Bucket,
    expr::{ConditionScope, DeviceMeasure, Measure, MeasureCondition, MeasureScope},
    problem::{Problem, ProblemPlace},
};

/// What a bucket can be in a document.
pub(super) const STRETCHES: &str = "\"hour\", \"day\", \"week\", \"month\", \"period\" or a duration (15m)";

/// The condition, the buckets over which it must hold, and how many of them may fail.
pub(super) fn read(table: &DocumentTable, names: &DocumentNames) -> Option<(MeasureCondition, Bucket, u64)> {
    let on = if table.has("on") { Some(read_device(table, names)?) } else { None };
    let each = table.read("each", STRETCHES, |value| Bucket::stretch(value.as_str()?));
    let each = table.required("each", each);
    let most = read_tolerance(table);
    let text = table.text("measure")?;
    let fields = match on {
        Some(_) => names.devices.iter().map(ContractDevice::names).collect(),
        None => group::distinct_names(names.devices),
    };
    let shared = if on.is_none() { group::shared_names(names.devices) } else { BTreeMap::new() };
    let constants =
        ConditionScope { fields: &[], values: names.values, areas: names.areas, units: names.units };
    match MeasureCondition::parse(text, MeasureScope { devices: &fields, on, constants, shared: &shared }) {
        Ok(condition) => Some((condition, each?, most?)),
        Err(fault) => {
            let place = ProblemPlace::Value(table.at("measure"), Some(fault.at));
            table.problems.push(Problem::error(place, fault.message));
            None
        }
    }
}

/// How many buckets may fail.
fn read_tolerance(table: &DocumentTable) -> Option<u64> {
    if table.bool("inclusive").is_some() {
        table.error("inclusive", "only a length of time can be as long as what is tolerated");
    }
    if !table.has("tolerate") {
        return Some(0);
    }
    let tolerate = table.table("tolerate")?;
    let most = tolerate.required("count", tolerate.count("count"));
    tolerate.finish();
    most
}

/// What a counter rose by lies between two readings, and no part of it is known to be of working time.
pub(super) fn check_during(table: &DocumentTable, measures: &[DeviceMeasure]) {
    if measures.iter().any(|measure| matches!(measure.measure, Measure::Delta(_))) {
        let message = "nobody knows how much of what a counter rose by (delta) it rose by in working time: a payment for \
                       each hour can ask when = \"working\"";
        table.error("during", message);
    }
}

/// What a measure needs of the contract besides its field: values that hold, and a temperature that is one. Problems are
/// about this member of a table.
pub(super) fn check(
    (table, name): (&DocumentTable, &'static str),
    measures: &[DeviceMeasure],
    devices: &[ContractDevice],
    time: &TimeRules,
) {
    let holds = |measure: &DeviceMeasure| !matches!(measure.measure, Measure::Readings | Measure::Delta(_));
    if time.hold.is_none() && measures.iter().any(holds) {
        table.error(name, "how long does a value speak? [time] needs hold = \"11m\" or so");
    }
    for DeviceMeasure { device, measure } in measures {
        let field = |field: &usize| &devices[*device].fields[*field];
        let wrong = match measure {
            Measure::Kinetic(at) if !matches!(field(at).unit.as_deref(), Some("Cel" | "K")) => {
                format!("mkt is of a temperature in \"Cel\" or \"K\", and {} is none", field(at).name)
            }
            Measure::Readings | Measure::CountWhere(_) | Measure::Sum(_)
                if devices[*device].is_made_of_devices() =>
            {
                let name = &devices[*device].name;
                format!(
                    "{name} is made of devices and has no readings of its own: count and add those of its members"
                )
            }
            Measure::Delta(at) if field(at).counter.is_none() => {
                let name = &field(at).name;
                format!(
                    "{name} is no counter: {name} = {{ unit = \"…\", counter = {{ max_rate = \"50 / 1h\" }} }}"
                )
            }
            _ => continue,
        };
        table.error(name, wrong);
    }
}
