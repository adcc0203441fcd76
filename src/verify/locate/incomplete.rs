//! A copy that ends too early, and in which nothing else is odd: it was taken while the writer went on, or was cut.
//!
//! ```text
//! checkpoint: 25 entries     taken last
//! entries:    0 … 12         taken first
//! ```

use crate::verify::finding::{Finding, FindingKind, Findings, Severity};

/// Errors that say that entries or lines are others than the signed ones, or gone from among them.
const CONTRADICTIONS: &[FindingKind] = &[
    FindingKind::Modified,
    FindingKind::Missing,
    FindingKind::Inserted,
    FindingKind::Moved,
    FindingKind::ReceivedBackwards,
    FindingKind::RootMismatch,
];

/// Whether the end is missing, and nothing that is there contradicts the checkpoint. A file as a whole that cannot be
/// read is as good as missing.
pub(in crate::verify) fn is_incomplete(findings: &Findings) -> bool {
    let contradicts = |finding: &&Finding| {
        finding.severity == Severity::Error
            && (CONTRADICTIONS.contains(&finding.kind)
                || (finding.kind == FindingKind::Malformed && finding.line.is_some()))
    };
    findings.has(FindingKind::Truncated) && !findings.sorted().iter().any(contradicts)
}

/// Calls what is missing at the end what it is. `believed` of the first entries are known to lie under the signed root.
pub(in crate::verify) fn rename(findings: &mut Findings, believed: u64) {
    findings.change_each(|finding| {
        let FindingKind::Truncated = finding.kind else { return };
        finding.kind = FindingKind::Incomplete;
        let known = match (finding.n, believed) {
            (Some(0), _) => "",
            (Some(n), believed) if believed >= n => "; what is here are the signed entries",
            _ => "; nothing that is here contradicts it, and it takes the rest to know more",
        };
        finding.detail.push_str(": this copy was taken while the writer went on, or it was cut");
        finding.detail.push_str(known);
    });
}
