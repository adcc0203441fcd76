//! When a verdict becomes final, for people.

use super::{ledger_name::LedgerName, page::VerdictPage};
use crate::contract::verdict::ContractVerdict;

/// What keeps a verdict open and when that ends, or which ledgers count as ended.
pub(super) fn lines(page: &VerdictPage<'_>, verdict: &ContractVerdict) -> Vec<String> {
    let closed = page.show(page.contract.closed());
    let mut lines: Vec<String> = Vec::new();
    for ledger in &page.open {
        lines.push(awaited(ledger, &closed, lines.is_empty()));
    }
    if lines.is_empty() && !verdict.is_final {
        lines.push(format!(
            "final once an entry arrives at or after {closed}: until then readings may come that count"
        ));
    }
    let ended = page.evaluated.finality.ended.iter();
    lines.extend(ended.map(|ledger| {
        let (id, size) = (ledger.id, ledger.size);
        format!("ledger {id} counts as ended with its {size} entries: silent since before {closed}, past the deadline")
    }));
    lines
}

fn awaited(ledger: &LedgerName, closed: &str, first: bool) -> String {
    match ledger {
        LedgerName::Folder(folder) => format!(
            "{} an entry arrives in {folder} at or after {closed}, or foil chain tick {folder} is run then",
            if first { "final once" } else { "and once" }
        ),
        LedgerName::NotGiven(id) => format!("not final without ledger {id}, which was not given"),
    }
}
