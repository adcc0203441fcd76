//! What is done to a file, or would be, in words.

use crate::{chain::repair::Mended, tlog::view::entry_file_name};

/// As many ranges are named one by one.
const NAMED: usize = 8;

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

/// Entries by their ranges: `entries 5, 7 to 9`.
pub(super) fn ranges(entries: &[u64]) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for n in entries {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *n => *last = *n,
            _ => runs.push((*n, *n)),
        }
    }
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
