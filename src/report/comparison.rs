//! What two copies of a ledger are to each other, for people.

use super::folded::folded;
use crate::{
    escape::escape,
    verify::{
        ComparedCopy, ComparedPart, CopyComparison, CopyRelation, Finding, FindingCounts, KeySource, Severity,
    },
};

/// How much of an entry people are shown.
const SHOWN: usize = 2_000;

/// What the copies of these names are to each other, and where they part.
pub fn comparison(names: &[String; 2], comparison: &CopyComparison) -> String {
    let mut lines = vec![verdict(names, comparison)];
    for (name, copy) in names.iter().zip(&comparison.copies) {
        let findings: Vec<&Finding> = copy.findings.iter().collect();
        lines.extend(folded(&findings, &format!("{name}/"), &FindingCounts::new()));
    }
    if !matches!(comparison.relation, CopyRelation::Same | CopyRelation::Prefix(_)) {
        for (name, copy) in names.iter().zip(&comparison.copies) {
            lines.extend(parting(name, comparison.n, copy));
        }
    }
    lines.iter().map(|line| escape(line) + "\n").collect()
}

/// The entry in which a copy parts from the other, and its signed checkpoint.
fn parting(name: &str, n: Option<u64>, copy: &ComparedCopy) -> Vec<String> {
    let entry = n.map(|n| {
        let text = copy.line.as_ref().map(|line| String::from_utf8_lossy(line));
        let text = text.as_deref().unwrap_or("is not there");
        let short: String = text.chars().take(SHOWN).collect();
        let more = match text.chars().count() - short.chars().count() {
            0 => String::new(),
            more => format!("… and {more} more letters"),
        };
        format!("{name}: entry {n}: {short}{more}")
    });
    let note = copy.signed.to_string();
    let note = note.lines().map(|line| format!("  {line}").trim_end().to_owned());
    entry.into_iter().chain([format!("{name}: checkpoint:")]).chain(note).collect()
}

fn verdict(names: &[String; 2], comparison: &CopyComparison) -> String {
    let [a, b] = names;
    let sizes = [0, 1].map(|side| comparison.copies[side].signed.checkpoint().size);
    let outside = match comparison.key {
        KeySource::None => "; both are signed by the key that they name, and nobody outside vouches for it",
        _ => "",
    };
    match comparison.relation {
        CopyRelation::Same => {
            let by_trees = by_trees(names, comparison);
            format!("same: {a} and {b} have the same {}{by_trees}{outside}", entries(sizes[0]))
        }
        CopyRelation::Prefix(side) => format!(
            "prefix: {} is a prefix of {} ({} shorter){}{outside}",
            names[side],
            names[1 - side],
            entries(sizes[1 - side] - sizes[side]),
            by_trees(names, comparison)
        ),
        CopyRelation::Fork => format!(
            "fork{}: the log's key {} signed two histories{outside}",
            comparison.n.map(|n| format!(" at entry {n}")).unwrap_or_default(),
            comparison.log.as_ref().map(ToString::to_string).unwrap_or_default()
        ),
        CopyRelation::Damaged => {
            let faulty = names.iter().zip(&comparison.copies).filter(|(_, copy)| is_faulty(copy));
            let faulty: Vec<&str> = faulty.map(|(name, _)| name.as_str()).collect();
            format!("damaged: {} at fault, no fork is shown", faulty.join(" and "))
        }
        CopyRelation::Different if comparison.n == Some(0) => {
            format!(
                "different: {a} and {b} are two ledgers: they have one name and one key, but not the same entry 0"
            )
        }
        CopyRelation::Different => format!("different: {a} and {b} are two ledgers"),
        CopyRelation::Undecided => {
            format!(
                "undecided: the checkpoint of more entries stands alone, so nobody can tell whether {a} and {b} agree"
            )
        }
    }
}

/// Of which copies the entries were not read: what was not read is not vouched for.
fn by_trees(names: &[String; 2], comparison: &CopyComparison) -> String {
    let parts = [0, 1].map(|side| comparison.copies[side].part);
    match parts.map(|part| part == ComparedPart::Tree) {
        [false, false] => String::new(),
        [true, true] => " by their trees".to_owned(),
        [first, _] => format!(" by the tree of {}", names[usize::from(!first)]),
    }
}

fn is_faulty(copy: &ComparedCopy) -> bool {
    copy.findings.iter().any(|finding| finding.severity == Severity::Error)
}

fn entries(count: u64) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}
