//! The verdict on a contract, for people.

use std::fmt::Write;

use super::{escape::escape, money};
use crate::{
    contract::{document::Contract, eval::DeviceRoles, verdict::ContractVerdict},
    json::{Object, Value},
    time::Span,
};

/// The verdict in words: the contract, then its terms, what is paid, and what was remarkable.
pub fn verdict(contract: &Contract, verdict: &ContractVerdict, roles: &DeviceRoles) -> String {
    let record = &verdict.record;
    let text = |name| record.str(name).unwrap_or_default();
    let provisional = if verdict.is_final { "final" } else { "not final yet" };
    let mut out = format!("{} as of {}, {provisional}\n", text("status"), text("as_of"));
    for term in record.get("terms").and_then(Value::as_array).unwrap_or_default() {
        if let Some(term) = term.as_object() {
            write_term(&mut out, term);
        }
    }
    money::write(&mut out, contract, verdict, roles);
    for finding in record.get("findings").and_then(Value::as_array).unwrap_or_default() {
        if let Some(finding) = finding.as_object() {
            write_finding(&mut out, finding);
        }
    }
    let total = record.get("findings_total").and_then(Value::as_u64).unwrap_or(0);
    let listed = record.get("findings").and_then(Value::as_array).map_or(0, <[Value]>::len) as u64;
    if total > listed {
        let _ = writeln!(out, "  … and {} more findings", total - listed);
    }
    let _ = writeln!(out, "  contract {}", contract.hash);
    out
}

fn write_term(out: &mut String, term: &Object) {
    let text = |name| escape(term.str(name).unwrap_or_default());
    let count = |name| term.get(name).and_then(Value::as_u64);
    let _ = write!(out, "  {}: {} ({})", text("id"), text("state"), text("why"));
    if let Some(misses) = count("misses") {
        let _ = write!(out, ", {misses} missing");
    }
    if let Some(unknown) = count("unknown_ms").filter(|unknown| *unknown > 0) {
        let _ = write!(out, ", unknown for {}", span(unknown));
    }
    out.push('\n');
    for excursion in term.get("excursions").and_then(Value::as_array).unwrap_or_default() {
        let Some(excursion) = excursion.as_object() else { continue };
        let counted = span(excursion.get("milliseconds").and_then(Value::as_u64).unwrap_or(0));
        let end = excursion.str("end").unwrap_or("now");
        let _ = write!(out, "    {} to {end}: {counted}", excursion.str("start").unwrap_or_default());
        if let Some(extreme) = excursion.str("extreme") {
            let _ = write!(out, ", worst {extreme}");
        }
        if let Some(at) = excursion.str("breached_at") {
            let _ = write!(out, ", breached at {at}");
        }
        out.push('\n');
    }
}

fn write_finding(out: &mut String, finding: &Object) {
    let text = |name| escape(finding.str(name).unwrap_or_default());
    let field = finding.str("field").map(|field| format!(".{}", escape(field))).unwrap_or_default();
    let _ = match finding.get("n").and_then(Value::as_u64) {
        Some(n) => writeln!(out, "  entry {n}: {}: {}{field}", text("kind"), text("device")),
        None => writeln!(out, "  {}", text("kind")),
    };
}

fn span(millis: u64) -> Span {
    Span::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}
