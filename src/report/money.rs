//! What is paid, for people.

use super::page::VerdictPage;
use crate::{
    contract::verdict::ContractVerdict,
    escape::escape,
    json::{Object, Value},
};

/// Every payment with its lines, then who owes whom.
pub(super) fn lines(page: &VerdictPage<'_>, verdict: &ContractVerdict) -> Vec<String> {
    let rows = |name| verdict.record.get(name).and_then(Value::as_array).unwrap_or_default();
    let currency = page.contract.currency.as_ref().map_or("", |currency| currency.code.as_str());
    let mut lines = Vec::new();
    for paid in rows("payments").iter().filter_map(Value::as_object) {
        payment(page, paid, currency, &mut lines);
    }
    let stage = if verdict.is_final { "" } else { ", provisional" };
    for debt in rows("settlement").iter().filter_map(Value::as_object) {
        let [from, to] = ["from", "to"].map(|name| page.parties().full(debt.str(name).unwrap_or_default()));
        let amount = debt.str("amount").unwrap_or_default();
        lines.push(format!("  {from} owes {to} {amount} {currency}{stage}"));
    }
    lines.extend(rest("debts", rows("settlement").len(), verdict.record.get("settlement_total")));
    lines
}

fn payment(page: &VerdictPage<'_>, payment: &Object, currency: &str, lines: &mut Vec<String>) {
    let text = |name| escape(payment.str(name).unwrap_or_default());
    let unpriced = payment.get("unpriced").and_then(Value::as_u64).filter(|count| *count > 0);
    let unpriced = unpriced.map_or(String::new(), |count| format!(", {count} without a price"));
    lines.push(format!("  payment {}: {} {currency}{unpriced}", text("id"), text("sum")));
    let rows = payment.get("lines").and_then(Value::as_array).unwrap_or_default();
    for line in rows.iter().filter_map(Value::as_object) {
        let start = line.str("start").map_or(String::new(), |start| format!("{}: ", page.when(start)));
        let calc = line.str("calc").map_or(String::new(), |calc| format!(" = {calc}"));
        let [from, to] = ["from", "to"].map(|name| page.parties().id(line.str(name).unwrap_or_default()));
        let amount = line.str("amount").unwrap_or_default();
        lines.push(format!("    {start}{from} pays {to} {amount}{calc}"));
    }
    lines.extend(rest("lines", rows.len(), payment.get("lines_total")));
}

/// How much is not listed; nothing where all is.
pub(super) fn rest(what: &str, listed: usize, total: Option<&Value>) -> Option<String> {
    let total = total.and_then(Value::as_u64).unwrap_or(0);
    let more = total.checked_sub(listed as u64).filter(|more| *more > 0)?;
    Some(format!("    … and {more} more {what}"))
}
