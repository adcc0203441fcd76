//! What is done to a file, or would be, in words.

use super::Job;
use crate::{
    json::{Object, Value},
    ledger::repair::Mended,
    object,
    tlog::view::entry_file_name,
};

/// As many ranges are named one by one.
const NAMED: usize = 8;

/// What was done, or would be, in numbers.
#[derive(Default)]
pub(super) struct Done {
    /// Files of entries that were written anew
    pub(super) files: u64,
    /// Entries that came from the copy
    pub(super) copied: u64,
    /// Entries that were found in other files of the ledger
    pub(super) found: u64,
    /// Lines that were taken out
    pub(super) taken_out: u64,
    /// Whether the checkpoint was written anew
    pub(super) checkpoint: bool,
    /// Whether `state.json` was set aside
    pub(super) state: bool,
    /// Whether `tree/` was made anew; none where a rehearsal cannot know, since the entries are not there yet
    pub(super) tree: Option<bool>,
}

impl Done {
    pub(super) fn add(&mut self, mended: &Mended) {
        if mended.changed {
            self.files += 1;
            self.copied += mended.copied.len() as u64;
            self.found += mended.found.len() as u64;
            self.taken_out += mended.dropped;
        }
    }
}

/// The whole repair, as data.
pub(super) fn data(job: &Job<'_>) -> Object {
    let (stated, done) = (&job.chosen.stated, &job.done);
    let lost = runs(&job.lacking).into_iter().map(|(first, last)| object! { "first": first, "last": last });
    object! {
        "dry_run": job.args.dry_run,
        "size": stated.size,
        "root": stated.root.to_string(),
        "files": done.files,
        "copied": done.copied,
        "found": done.found,
        "taken_out": done.taken_out,
        "checkpoint": done.checkpoint,
        "state": done.state,
        "tree": done.tree.map_or(Value::Null, Value::Bool),
        "lost": Value::Array(lost.map(Value::from).collect()),
    }
}

/// A line for what is done, and none if it is nothing.
pub(super) fn mended(mended: &Mended, first: u64, copy: Option<&str>, rehearsed: bool) -> Option<String> {
    let name = entry_file_name(first);
    if !mended.changed {
        return None;
    }
    let mut what = Vec::new();
    if !mended.copied.is_empty() {
        what.push(format!("{} from {}", ranges(&mended.copied), copy.unwrap_or("the copy")));
    }
    if !mended.found.is_empty() {
        what.push(format!("{} from other files here", ranges(&mended.found)));
    }
    match mended.dropped {
        0 => {}
        1 => what.push("1 line taken out that is none of its entries".to_owned()),
        lines => what.push(format!("{lines} lines taken out that are none of its entries")),
    }
    if mended.reordered {
        what.push("lines put in their order".to_owned());
    }
    if mended.respelled {
        what.push("line ends put right".to_owned());
    }
    if what.is_empty() {
        what.push("lines put right".to_owned());
    }
    let done = if rehearsed { "would be written anew" } else { "was written anew" };
    let kept = mended.kept.as_ref().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let kept = kept.map_or(String::new(), |kept| format!("; the old one is replaced/{kept}"));
    Some(format!("{name} {done}: {}{kept}", what.join(", ")))
}

/// Runs of entries: the first and the last of each.
fn runs(entries: &[u64]) -> Vec<(u64, u64)> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for n in entries {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *n => *last = *n,
            _ => runs.push((*n, *n)),
        }
    }
    runs
}

/// Entries by their ranges: `entries 5, 7 to 9`.
pub(super) fn ranges(entries: &[u64]) -> String {
    let runs = runs(entries);
    let one = |(from, to): &(u64, u64)| if from == to { from.to_string() } else { format!("{from} to {to}") };
    let mut named: Vec<String> = runs.iter().take(NAMED).map(one).collect();
    if let Some((from, _)) = runs.get(NAMED) {
        named.push(format!(
            "and {} more from {from} on",
            runs[NAMED..].iter().map(|(a, b)| b - a + 1).sum::<u64>()
        ));
    }
    let word = if entries.len() == 1 { "entry" } else { "entries" };
    format!("{word} {}", named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_named_by_their_ranges() {
        assert_eq!(ranges(&[5]), "entry 5");
        assert_eq!(ranges(&[5, 7, 8, 9]), "entries 5, 7 to 9");
        let many: Vec<u64> = (0..20).map(|n| n * 2).collect();
        assert_eq!(ranges(&many), "entries 0, 2, 4, 6, 8, 10, 12, 14, and 12 more from 16 on");
    }
}
