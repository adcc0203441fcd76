//! When a verdict becomes final, for people.

use super::{
    open_until::OpenUntil,
    page::{VerdictPage, counted},
};
use crate::{
    contract::verdict::ContractVerdict,
    json::{Object, Value},
};

/// What keeps a verdict open and when that ends, or which ledgers count as ended.
pub(super) fn lines(page: &VerdictPage<'_>, verdict: &ContractVerdict) -> Vec<String> {
    let closed = page.show(page.contract.closed());
    let mut lines: Vec<String> = Vec::new();
    for until in &page.open {
        lines.extend(awaited(until, &closed, lines.is_empty()));
    }
    lines.extend(later(page, &closed));
    let ended = verdict.record.get("ended").and_then(Value::as_array).unwrap_or_default();
    lines.extend(ended.iter().filter_map(Value::as_object).map(|ledger| has_ended(ledger, &closed)));
    lines
}

fn awaited(until: &OpenUntil, closed: &str, first: bool) -> Option<String> {
    match until {
        OpenUntil::Entry { ledger, command } => {
            let once = if first { "final once" } else { "and once" };
            Some(format!(
                "{once} an entry arrives in {ledger} at or after {closed}, or {command} is run then"
            ))
        }
        OpenUntil::Record => Some(format!(
            "final once a record arrives at or after {closed}: until then readings may come that count"
        )),
        OpenUntil::LedgerGiven(id) => Some(format!("not final without ledger {id}, which was not given")),
        OpenUntil::LaterTime(_) => None,
    }
}

/// What is there already, and only the time that was asked about keeps from counting.
fn later(page: &VerdictPage<'_>, closed: &str) -> Option<String> {
    let names = page.open.iter().filter_map(|until| match until {
        OpenUntil::LaterTime(name) => Some(name.as_str()),
        OpenUntil::Entry { .. } | OpenUntil::Record | OpenUntil::LedgerGiven(_) => None,
    });
    let names: Vec<&str> = names.collect();
    let go = match names.len() {
        0 => return None,
        1 => "goes",
        _ => "go",
    };
    let as_of = page.show(page.evaluated.as_of);
    Some(format!(
        "not final as of {as_of}: {} {go} on past {closed}, so ask as of then or later",
        names.join(" and ")
    ))
}

fn has_ended(ledger: &Object, closed: &str) -> String {
    let id = ledger.str("id").unwrap_or_default();
    let entries = counted(ledger.get("size").and_then(Value::as_u64).unwrap_or(0), "entry", "entries");
    format!("ledger {id} counts as ended with its {entries}: silent since before {closed}, past the deadline")
}
