//! The demand of a contract's term, in a sentence.

use super::readings::plain;
use crate::{
    contract::{
        bucket::Bucket,
        document::{Contract, ContractDevice, DeviceField, GapRule, TermLimit, TermRule},
        expr::Condition,
    },
    json::{Object, Value},
    record::quantity::symbol,
};

/// What the term at this place demands, made from the contract and the record that it was read from: conditions are
/// quoted as they were signed, with the units that their fields have.
pub fn demand(contract: &Contract, record: &Object, at: usize) -> String {
    let table = record.get("terms").and_then(Value::as_array).and_then(|terms| terms.get(at)?.as_object());
    let device = |at: usize| plain(&contract.devices[at].name);
    let demand = match &contract.terms[at].rule {
        TermRule::Require { device: on, condition, clear, limit, inclusive, gap } => {
            let units = units(&contract.devices[*on], condition);
            let said = |name| table.and_then(|table| table.str(name)).unwrap_or_default();
            let condition = said("require");
            let clear = clear
                .as_ref()
                .map_or(String::new(), |_| format!("; an excursion ends only where {:?}", said("clear")));
            let gap = match gap {
                GapRule::Hold => "; unknown time in an excursion counts",
                GapRule::Pause => "; unknown time in an excursion does not count",
                GapRule::Reset => "; unknown time ends an excursion",
            };
            format!(
                "{} must keep {condition:?}{units}{}{clear}{gap}",
                device(*on),
                tolerated(*limit, *inclusive)
            )
        }
        TermRule::Every { device: on, every, grace, misses } => {
            let on = device(*on);
            format!("a reading of {on} every {every}, at most {grace} late, of which {misses} may be missing")
        }
        TermRule::Measure { each, most, .. } => {
            let condition = table.and_then(|table| table.str("measure")).unwrap_or_default();
            let over = match each {
                Bucket::Period => "over the whole period".to_owned(),
                each => format!("over each {each}"),
            };
            let most = if *most == 0 { String::new() } else { format!(", of which {most} may fail") };
            format!("{condition:?} must hold {over}{most}")
        }
        TermRule::Event { event, by, before } => {
            let before = before.map_or(String::new(), |before| format!(" before {before}"));
            signed_event(contract, event, by) + &before
        }
    };
    demand + &in_working_time(contract, record, at)
}

/// An event, and who must sign it.
pub(super) fn signed_event(contract: &Contract, event: &str, by: &[usize]) -> String {
    let by: Vec<String> = by.iter().map(|at| plain(&contract.parties[*at].id)).collect();
    format!("the event {event:?} signed by {}", by.join(" and "))
}

/// What a term adds that only looks at working time; nothing for others.
fn in_working_time(contract: &Contract, record: &Object, at: usize) -> String {
    let calendar =
        record.get("calendar").and_then(Value::as_object).filter(|_| contract.terms[at].during_work);
    let work = calendar.and_then(|calendar| calendar.str("work"));
    work.map_or_else(String::new, |work| format!("; only working time counts ({})", plain(work)))
}

/// The units of the fields that a condition asks for.
fn units(device: &ContractDevice, condition: &Condition) -> String {
    let fields = device.fields.iter().enumerate();
    let asked = fields.filter(|(at, _)| condition.code().any(&|leaf| leaf == at));
    let unit =
        |field: &DeviceField| Some(format!("{} in {}", plain(&field.name), symbol(field.unit.as_deref()?)));
    let units: Vec<String> = asked.filter_map(|(_, field)| unit(field)).collect();
    if units.is_empty() { String::new() } else { format!(" ({})", units.join(", ")) }
}

fn tolerated(limit: TermLimit, inclusive: bool) -> String {
    match limit {
        TermLimit::LongerThan(most) if inclusive => format!(", but for less than {most} at a time"),
        TermLimit::Total(most) if inclusive => format!(", but for less than {most} in all"),
        TermLimit::Within(most, window) if inclusive => format!(", but for less than {most} in any {window}"),
        TermLimit::Within(most, window) => format!(", but for {most} in any {window}"),
        TermLimit::None | TermLimit::Count(0) => ", always".to_owned(),
        TermLimit::LongerThan(most) => format!(", but for {most} at a time"),
        TermLimit::Total(most) => format!(", but for {most} in all"),
        TermLimit::Count(1) => ", but for 1 time".to_owned(),
        TermLimit::Count(most) => format!(", but for {most} times"),
        TermLimit::Percent(most, window) => format!(", but for {most} % of each {window}"),
    }
}
