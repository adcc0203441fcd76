//! What is paid, for people.

use std::fmt::Write;

use super::{escape::escape, party::party};
use crate::{
    contract::{document::Contract, eval::DeviceRoles, verdict::ContractVerdict},
    json::{Object, Value},
};

/// Every payment with its lines, then who owes whom.
pub(super) fn write(out: &mut String, contract: &Contract, verdict: &ContractVerdict, roles: &DeviceRoles) {
    let rows = |name| verdict.record.get(name).and_then(Value::as_array).unwrap_or_default();
    let currency = contract.currency.as_ref().map_or("", |currency| currency.code.as_str());
    for payment in rows("payments").iter().filter_map(Value::as_object) {
        write_payment(out, payment, currency, roles);
    }
    let stage = if verdict.is_final { "" } else { ", provisional" };
    for debt in rows("settlement").iter().filter_map(Value::as_object) {
        let [from, to] = ["from", "to"].map(|name| party(debt.str(name).unwrap_or_default(), roles));
        let amount = debt.str("amount").unwrap_or_default();
        let _ = writeln!(out, "  {from} owes {to} {amount} {currency}{stage}");
    }
    write_rest(out, "debts", rows("settlement").len(), verdict.record.get("settlement_total"));
}

fn write_payment(out: &mut String, payment: &Object, currency: &str, roles: &DeviceRoles) {
    let text = |name| escape(payment.str(name).unwrap_or_default());
    let unpriced = payment.get("unpriced").and_then(Value::as_u64).filter(|count| *count > 0);
    let unpriced = unpriced.map_or(String::new(), |count| format!(", {count} without a price"));
    let _ = writeln!(out, "  payment {}: {} {currency}{unpriced}", text("id"), text("sum"));
    let lines = payment.get("lines").and_then(Value::as_array).unwrap_or_default();
    for line in lines.iter().filter_map(Value::as_object) {
        let text = |name| line.str(name).map(escape);
        let start = text("start").map_or(String::new(), |start| format!("{start}: "));
        let calc = text("calc").map_or(String::new(), |calc| format!(" = {calc}"));
        let [from, to] = ["from", "to"].map(|name| party(line.str(name).unwrap_or_default(), roles));
        let amount = text("amount").unwrap_or_default();
        let _ = writeln!(out, "    {start}{from} pays {to} {amount}{calc}");
    }
    write_rest(out, "lines", lines.len(), payment.get("lines_total"));
}

fn write_rest(out: &mut String, what: &str, listed: usize, total: Option<&Value>) {
    let total = total.and_then(Value::as_u64).unwrap_or(0);
    if let Some(more) = total.checked_sub(listed as u64).filter(|more| *more > 0) {
        let _ = writeln!(out, "    … and {more} more {what}");
    }
}
