//! The entry that was most likely changed, where hashes cannot say: one with a fault of its own.

use std::collections::BTreeMap;

use crate::verify::finding::{Finding, FindingKind, Severity};

/// As many are named one by one.
const NAMED: usize = 5;

/// Of the entries from `from` to `to` those that have an error of their own: what a hash that covers all of them
/// says is then said of these. Answers the first, and a clause that names them.
pub(super) fn likely<'a>(
    findings: impl IntoIterator<Item = &'a Finding>,
    from: u64,
    to: u64,
) -> Option<(u64, String)> {
    let mut odd: BTreeMap<u64, bool> = BTreeMap::new();
    for finding in findings.into_iter().filter(|finding| finding.severity == Severity::Error) {
        let proof =
            matches!(finding.kind, FindingKind::BadProof | FindingKind::Unsigned | FindingKind::Unauthorized);
        let form = matches!(
            finding.kind,
            FindingKind::NotCanonical | FindingKind::Malformed | FindingKind::ReceivedBackwards
        );
        if let Some(n) = finding.n.filter(|n| (proof || form) && (from..=to).contains(n)) {
            *odd.entry(n).or_default() |= proof;
        }
    }
    let (first, _) = odd.first_key_value()?;
    let what = if odd.values().all(|proof| *proof) { "proof does" } else { "proof or form does" };
    let clause = match odd.len() {
        1 => format!("entry {first}, whose {what} not hold, is the likely one"),
        count if count <= NAMED => {
            let named: Vec<String> = odd.keys().map(u64::to_string).collect();
            format!("entries {}, whose {what} not hold, are the likely ones", named.join(", "))
        }
        count => format!(
            "{count} entries, of which {first} is the first, whose {what} not hold, are the likely ones"
        ),
    };
    Some((*first, clause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_entries_in_the_range_speak() {
        let at = |kind, n| Finding::new(kind, "").about(n);
        let findings = [
            at(FindingKind::BadProof, 7),
            at(FindingKind::Malformed, 9),
            at(FindingKind::Gap, 8),
            at(FindingKind::Modified, 8),
        ];
        let said = |from, to| likely(&findings, from, to);
        assert_eq!(said(0, 8), Some((7, "entry 7, whose proof does not hold, is the likely one".to_owned())));
        let both = "entries 7, 9, whose proof or form does not hold, are the likely ones";
        assert_eq!(said(0, 9), Some((7, both.to_owned())));
        assert_eq!(said(8, 8), None);
        let many: Vec<_> = (3..9).map(|n| at(FindingKind::Unsigned, n)).collect();
        assert!(likely(&many, 0, 9).unwrap().1.starts_with("6 entries, of which 3 is the first, "));
        let let_in = Finding { severity: Severity::Warning, ..at(FindingKind::BadProof, 7) };
        assert_eq!(likely([&let_in], 0, 9), None, "the ledger's own rule let it in");
    }
}
