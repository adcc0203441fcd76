//! What came from a device and gave no reading.

use std::collections::BTreeMap;

use super::diagnosis::{ByteSample, LikelyCause};

/// The most kinds of frames that are told apart; all others are counted as one.
const MOST_KINDS: usize = 64;

/// The name under which those are counted.
const OTHERS: &str = "others";

/// The longest name of a kind that is kept, in bytes.
const LONGEST_NAME: usize = 32;

/// What came and gave no reading, in bounded memory.
#[derive(Clone, Debug, Default)]
pub struct UnreadInput {
    /// The bytes as they came
    pub(super) sample: ByteSample,
    /// Frames that were refused
    pub(super) refused: u64,
    /// The longest frame over the limit, in bytes; `None`: there was none
    pub(super) too_long: Option<usize>,
    /// Good frames of kinds that are not read
    kinds: BTreeMap<String, u64>,
}

/// Why a device gives no readings, or not all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadReport {
    /// How many readings there were
    pub readings: u64,
    /// How many bytes came
    pub bytes: u64,
    /// The first of those bytes
    pub begin: Vec<u8>,
    /// Why they gave no reading, or not all that they could, the most certain cause first; empty: they do not show it
    pub causes: Vec<LikelyCause>,
    /// How many good frames there were of kinds that are not read, by name
    pub kinds: Vec<(String, u64)>,
    /// Whether a map of the user is for the format
    pub takes_map: bool,
}

impl UnreadInput {
    /// Counts a good frame of a kind that is not read.
    pub(super) fn count(&mut self, mut kind: String) {
        let longest = (0..=LONGEST_NAME.min(kind.len())).rev().find(|at| kind.is_char_boundary(*at));
        kind.truncate(longest.unwrap_or(0));
        if self.kinds.len() >= MOST_KINDS && !self.kinds.contains_key(&kind) {
            OTHERS.clone_into(&mut kind);
        }
        *self.kinds.entry(kind).or_default() += 1;
    }

    /// The kinds that are not read, the most frequent first.
    pub(super) fn kinds(&self) -> Vec<(String, u64)> {
        let mut kinds: Vec<_> = self.kinds.iter().map(|(kind, count)| (kind.clone(), *count)).collect();
        kinds.sort_by(|(_, a), (_, b)| b.cmp(a));
        kinds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_counted_by_name_and_bounded() {
        let mut unread = UnreadInput::default();
        for kind in ["GRS", "ZZZ", "GRS"] {
            unread.count(kind.to_owned());
        }
        assert_eq!(unread.kinds(), [("GRS".to_owned(), 2), ("ZZZ".to_owned(), 1)]);
        (0..1_000).for_each(|at| unread.count(format!("{at:04}{}", "é".repeat(100))));
        assert_eq!(unread.kinds().len(), MOST_KINDS + 1);
        assert_eq!(unread.kinds()[0], ("others".to_owned(), 1_000 - 62));
        assert!(unread.kinds().iter().all(|(kind, _)| kind.len() <= LONGEST_NAME));
    }
}
