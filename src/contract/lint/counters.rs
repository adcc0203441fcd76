//! Counters that one glitch makes expensive.

use crate::contract::{
    document::Contract,
    problem::{Problem, ProblemPlace},
};

/// Warnings about the counters of a contract.
pub(super) fn lint(contract: &Contract, problems: &mut Vec<Problem>) {
    for device in &contract.devices {
        for field in &device.fields {
            let Some(rule) = &field.counter else { continue };
            let mut warn = |message: String| {
                let place = format!("devices.{}.fields.{}.counter", device.name, field.name);
                problems.push(Problem::warning(ProblemPlace::Value(place, None), message));
            };
            if rule.max_rate.is_none() {
                warn(format!(
                    "{} has no max_rate (\"50 / 1h\"): one glitch counts as much as it says, and is paid",
                    field.name
                ));
            }
            if contract.time.hold.is_none() {
                warn(format!(
                    "without hold in [time] every decrease of {} is lasting: what it counts after a glitch is unknown",
                    field.name
                ));
            }
        }
    }
}
