//! The verdict on a contract, for people.

use super::{
    doubt, finality, money,
    page::{VerdictPage, counted},
    period, term,
};
use crate::{contract::verdict::ContractVerdict, escape::escape, json::Value};

/// The verdict in words: what it rests on, and above all what was not used; the contract; its terms; what is paid.
pub fn verdict(page: &VerdictPage<'_>, verdict: &ContractVerdict) -> String {
    let record = &verdict.record;
    let title = page.record.str("title").unwrap_or_default();
    let stage = if verdict.is_final { "final" } else { "not final yet" };
    let mut lines = page.unverified.clone();
    lines.extend(doubt::lines(page));
    lines.push(format!("{title}: {}, {stage}", record.str("status").unwrap_or_default()));
    lines.extend(header(page, verdict));
    let terms = record.get("terms").and_then(Value::as_array).unwrap_or_default();
    for (at, term) in terms.iter().enumerate().filter_map(|(at, term)| Some((at, term.as_object()?))) {
        lines.extend(term::lines(page, at, term));
    }
    lines.extend(money::lines(page, verdict));
    lines.extend(basis(page, verdict));
    lines.iter().map(|line| escape(line) + "\n").collect()
}

/// Between whom, for when, by when, and when it becomes final.
fn header(page: &VerdictPage<'_>, verdict: &ContractVerdict) -> Vec<String> {
    let contract = page.contract;
    let parties: Vec<String> = contract.parties.iter().map(|party| page.parties().full(&party.id)).collect();
    let mut lines = vec![format!("  between {}{}", parties.join(" and "), draft(page))];
    lines.extend(contract.parties.iter().map(|party| format!("    key {}", party.key)));
    lines.extend([
        format!("  for {}", page.zone.show_stretch(contract.from, contract.to)),
        format!("  as of {}", page.show(page.evaluated.as_of)),
    ]);
    lines.extend(period::narrowed(page).map(|line| format!("  {line}")));
    if let Some(replaced) = &page.evaluated.replaced {
        lines.push(format!(
            "  judged until {}, when {} supersedes it",
            page.show(replaced.from),
            replaced.by
        ));
    }
    lines.extend(finality::lines(page, verdict).iter().map(|line| format!("  {line}")));
    lines
}

/// Who has not accepted, or why it is not in force, so that it is a draft.
fn draft(page: &VerdictPage<'_>) -> String {
    match &page.evaluated.not_in_force {
        _ if !page.unaccepted.is_empty() => {
            format!(": a draft, not accepted by {}", page.unaccepted.join(", "))
        }
        Some(fault) => format!(": a draft, not in force: {fault}"),
        None => String::new(),
    }
}

/// The contract and the entries that the verdict stands on: with them everybody comes to the same.
fn basis(page: &VerdictPage<'_>, verdict: &ContractVerdict) -> Vec<String> {
    let ledgers = verdict.record.get("ledgers").and_then(Value::as_array).unwrap_or_default();
    let mut lines = vec![format!("  contract {}", page.contract.hash)];
    for ledger in ledgers.iter().filter_map(Value::as_object) {
        let text = |name| ledger.str(name).unwrap_or_default();
        let size = ledger.get("size").and_then(Value::as_u64).unwrap_or(0);
        let entries = counted(size, "entry", "entries");
        lines.push(format!("  ledger {}, {entries}, root {}", text("id"), text("root")));
    }
    lines
}
