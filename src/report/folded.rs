//! Findings for people: the same over and over is one line, with how often, and where it ends.
//!
//! ```text
//! entries/000000000000.jsonl:1504: warning: replayed: entry 1503, device probe, …: seq 0 comes again after seq 1501
//! … and 1,501 more such of device probe, up to entry 3004
//! ```

use super::page::grouped;
use crate::{
    escape::{escape, escape_name},
    verify::{Finding, FindingCounts, FindingKind, Severity},
};

/// So many findings alike are a line each: where each is helps to mend them.
const EACH: usize = 3;

/// Findings of one kind and weight about one device, with their places among all.
struct Alike<'a> {
    found: Vec<(usize, &'a Finding)>,
    /// How many more there are that are not among all; `None`: some of them may be about other devices
    beyond: Option<u64>,
}

/// A line for each finding, and where many are alike one for the first of them and one for the rest, without line ends.
/// `prefix` stands before each finding. `counts` says how many of each kind and weight there are, also where not all are among these.
pub fn folded(findings: &[&Finding], prefix: &str, counts: &FindingCounts) -> Vec<String> {
    let groups = groups(findings, counts);
    let mut lines: Vec<(usize, String)> = groups.iter().flat_map(|alike| lines_of(alike, prefix)).collect();
    // What is said of the rest follows the first one, which has the same place.
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).chain(others(&groups, counts)).collect()
}

fn groups<'a>(findings: &[&'a Finding], counts: &FindingCounts) -> Vec<Alike<'a>> {
    let mut groups: Vec<Alike<'a>> = Vec::new();
    for (place, finding) in findings.iter().enumerate() {
        let is_alike = |alike: &&mut Alike<'_>| {
            alike.sort() == sort(finding) && alike.found[0].1.device == finding.device
        };
        match groups.iter_mut().find(is_alike) {
            Some(alike) => alike.found.push((place, finding)),
            None => groups.push(Alike { found: vec![(place, finding)], beyond: None }),
        }
    }
    let sorts: Vec<_> = groups.iter().map(Alike::sort).collect();
    for alike in &mut groups {
        let sort = alike.sort();
        let is_only = sorts.iter().filter(|other| **other == sort).count() == 1;
        let all = counts.get(&sort).copied().unwrap_or_default();
        alike.beyond = is_only.then(|| all.saturating_sub(alike.found.len() as u64));
    }
    groups
}

fn sort(finding: &Finding) -> (FindingKind, Severity) {
    (finding.kind, finding.severity)
}

impl Alike<'_> {
    fn sort(&self) -> (FindingKind, Severity) {
        sort(self.found[0].1)
    }
}

/// How many findings there are that are in no group, and of which it is not known about which devices they are.
fn others(groups: &[Alike<'_>], counts: &FindingCounts) -> Vec<String> {
    let lines = counts.iter().filter_map(|(sort, count)| {
        let alike = groups.iter().filter(|alike| alike.sort() == *sort);
        let told = alike.map(|alike| alike.found.len() as u64 + alike.beyond.unwrap_or(0)).sum();
        let left = count.saturating_sub(told);
        (left > 0).then(|| format!("… and {} more: {}", grouped(left), sort.0.name()))
    });
    lines.collect()
}

fn lines_of(alike: &Alike<'_>, prefix: &str) -> Vec<(usize, String)> {
    let line = |(place, finding): &(usize, &Finding)| {
        // What a finding tells is plain but for the names that devices gave themselves.
        let shown = Finding { detail: escape_name(&finding.detail), ..(*finding).clone() };
        (*place, escape(&format!("{prefix}{shown}")))
    };
    let beyond = alike.beyond.unwrap_or(0);
    match &alike.found[..] {
        [first, others @ ..] if others.len() as u64 + beyond >= EACH as u64 => {
            vec![line(first), (first.0, rest(others, beyond, first.1))]
        }
        few => few.iter().map(line).collect(),
    }
}

/// What is said of the findings behind the first one: how many, and where the last one is.
fn rest(others: &[(usize, &Finding)], beyond: u64, first: &Finding) -> String {
    let of =
        first.device.as_ref().map_or(String::new(), |device| format!(" of device {}", escape_name(device)));
    // Of what was only counted it is not known where it is.
    let last = others.last().map(|(_, last)| *last).filter(|_| beyond == 0);
    let to = match last.map(|last| (last.n, last.line)) {
        Some((Some(n), _)) => format!(", up to entry {n}"),
        Some((None, Some(line))) => format!(", up to line {line}"),
        _ => String::new(),
    };
    format!("… and {} more such{of}{to}", grouped(others.len() as u64 + beyond))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::FindingKind;

    fn found(kind: FindingKind, n: u64, device: &str) -> Finding {
        let finding = Finding::new(kind, "x").in_file("entries/0").at_line(n + 1).about(n);
        Finding { device: Some(device.to_owned()), ..finding }
    }

    #[test]
    fn what_repeats_is_told_once_and_counted() {
        let mut all: Vec<Finding> = (0..1_500).map(|n| found(FindingKind::Replayed, n, "probe")).collect();
        all.insert(700, found(FindingKind::Modified, 700, "probe"));
        all.extend((1_500..1_503).map(|n| found(FindingKind::Replayed, n, "door")));
        let all: Vec<&Finding> = all.iter().collect();
        assert_eq!(
            folded(&all, "t/", &FindingCounts::new()),
            [
                "t/entries/0:1: warning: replayed: x",
                "… and 1,499 more such of device probe, up to entry 1499",
                "t/entries/0:701: modified: x",
                "t/entries/0:1501: warning: replayed: x",
                "t/entries/0:1502: warning: replayed: x",
                "t/entries/0:1503: warning: replayed: x",
            ]
        );
    }

    #[test]
    fn what_was_only_counted_is_counted_in() {
        let probe: Vec<Finding> = (0..5).map(|n| found(FindingKind::Replayed, n, "probe")).collect();
        let door = found(FindingKind::Replayed, 9, "door");
        let sort = (FindingKind::Replayed, Severity::Warning);
        let mut counts = FindingCounts::from([(sort, 45)]);
        let mut all: Vec<&Finding> = probe.iter().collect();
        assert_eq!(folded(&all, "", &counts)[1], "… and 44 more such of device probe");
        all.push(&door);
        counts.extend([(sort, 46), ((FindingKind::Gap, Severity::Warning), 2)]);
        assert_eq!(
            folded(&all, "", &counts)[1..],
            [
                "… and 4 more such of device probe, up to entry 4",
                "entries/0:10: warning: replayed: x",
                "… and 2 more: gap",
                "… and 40 more: replayed"
            ]
        );
    }
}
