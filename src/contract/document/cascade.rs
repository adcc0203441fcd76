//! Problems that only follow from others: what names a term, device or party that is broken itself is not at fault.

use std::collections::BTreeSet;

use crate::{
    contract::problem::{Problem, ProblemSeverity},
    json::{Object, Value},
};

/// The problems without those that say of a name that it is not there, where its own table has an error.
pub(super) fn without_consequences(record: &Object, mut problems: Vec<Problem>) -> Vec<Problem> {
    let broken: BTreeSet<(usize, String)> = problems
        .iter()
        .filter(|problem| problem.severity == ProblemSeverity::Error)
        .filter_map(|problem| {
            let path = problem.place.path();
            Some((rank(path), name_of_table(record, path)?))
        })
        .collect();
    // What a table says follows only from tables above it, so no two problems can be said to follow from each other.
    problems.retain(|problem| {
        let mut above = broken.iter().filter(|(above, _)| *above < rank(problem.place.path()));
        !above.any(|(_, name)| follows(record, problem, name))
    });
    problems
}

/// Which tables name which: parties are named by devices, these by terms, all by payments.
fn rank(path: &str) -> usize {
    let tables = ["parties.", "devices.", "terms["];
    tables.iter().position(|table| path.starts_with(table)).unwrap_or(tables.len())
}

/// What the table around a member is called in the contract; `None`: by nothing that others name.
fn name_of_table(record: &Object, path: &str) -> Option<String> {
    let rest = path.strip_prefix("terms[");
    if let Some((at, _)) = rest.and_then(|rest| rest.split_once(']')) {
        let terms = record.get("terms").and_then(Value::as_array)?;
        return terms.get(at.parse::<usize>().ok()?)?.as_object()?.str("id").map(str::to_owned);
    }
    let name = path.strip_prefix("devices.").or_else(|| path.strip_prefix("parties."))?;
    name.split('.').next().map(str::to_owned)
}

/// Whether a problem is that something with this name, in another table, is not there.
fn follows(record: &Object, problem: &Problem, name: &str) -> bool {
    let path = problem.place.path();
    let message = &problem.message;
    [format!("there is no `{name}` here"), format!("there is no device {name:?}")]
        .iter()
        .any(|missing| message.starts_with(missing.as_str()))
        || is_named_by_payment(record, path, name)
}

/// Whether a member of a payment names something: a party that pays, a device whose owner does, a term whose excursions
/// are paid for.
fn is_named_by_payment(record: &Object, path: &str, name: &str) -> bool {
    let member = path.strip_prefix("payments[").and_then(|rest| rest.split_once("]."));
    let text =
        member.filter(|(_, member)| matches!(*member, "from" | "to" | "each")).and_then(|(at, member)| {
            let payments = record.get("payments").and_then(Value::as_array)?;
            payments.get(at.parse::<usize>().ok()?)?.as_object()?.str(member)
        });
    text.is_some_and(|text| {
        text == name || text == format!("excursion of {name}") || text.ends_with(&format!("({name})"))
    })
}
