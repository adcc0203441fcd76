//! When a verdict becomes final, for people.

use super::page::VerdictPage;
use crate::contract::verdict::ContractVerdict;

/// Why a verdict is not final, and when it becomes so; `None`: it is.
pub(super) fn line(page: &VerdictPage<'_>, verdict: &ContractVerdict) -> Option<String> {
    let closed = page.show(page.contract.closed());
    (!verdict.is_final).then(|| {
        format!(
            "final once an entry is received at or after {closed}: until then readings may come that count"
        )
    })
}
