//! Numbers of entries, as runs of consecutive ones.

use std::{fmt, ops::RangeInclusive};

/// As many runs are named one by one.
const NAMED: usize = 8;

/// Entries in ascending order, shown by their runs: `entries 5, 7 to 9`.
pub struct EntryRuns<'a>(pub &'a [u64]);

impl EntryRuns<'_> {
    /// The runs of consecutive entries.
    pub fn ranges(&self) -> Vec<RangeInclusive<u64>> {
        let mut runs: Vec<RangeInclusive<u64>> = Vec::new();
        for n in self.0 {
            match runs.last_mut() {
                Some(run) if run.end() + 1 == *n => *run = *run.start()..=*n,
                _ => runs.push(*n..=*n),
            }
        }
        runs
    }
}

impl fmt::Display for EntryRuns<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs = self.ranges();
        let one = |run: &RangeInclusive<u64>| match (run.start(), run.end()) {
            (from, to) if from == to => from.to_string(),
            (from, to) => format!("{from} to {to}"),
        };
        let mut named: Vec<String> = runs.iter().take(NAMED).map(one).collect();
        if let Some(next) = runs.get(NAMED) {
            let from = next.start();
            let more: u64 = runs[NAMED..].iter().map(|run| run.end() - run.start() + 1).sum();
            named.push(format!("and {more} more from {from} on"));
        }
        let word = if self.0.len() == 1 { "entry" } else { "entries" };
        write!(f, "{word} {}", named.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_named_by_their_runs() {
        assert_eq!(EntryRuns(&[5]).to_string(), "entry 5");
        assert_eq!(EntryRuns(&[5, 7, 8, 9]).to_string(), "entries 5, 7 to 9");
        let many: Vec<u64> = (0..20).map(|n| n * 2).collect();
        let named = "entries 0, 2, 4, 6, 8, 10, 12, 14, and 12 more from 16 on";
        assert_eq!(EntryRuns(&many).to_string(), named);
    }
}
