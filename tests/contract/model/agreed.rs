//! The value that enough members of a group agree on.

use super::course::FieldValues;

/// How a group agrees. How far apart values may be, by field, is in twentieths.
#[derive(Clone, Copy, Debug)]
pub(super) struct SimpleGroup {
    pub(super) agree: usize,
    pub(super) within: FieldValues,
}

impl SimpleGroup {
    /// What its members come to that say this, in twentieths.
    pub(super) fn values(self, said: impl Iterator<Item = FieldValues>) -> FieldValues {
        let said: Vec<FieldValues> = said.collect();
        [0, 1].map(|field| self.value(said.iter().filter_map(|values| values[field]).collect(), field))
    }

    /// The median of the longest run, of such the narrowest, of such the lowest.
    fn value(self, mut said: Vec<i64>, field: usize) -> Option<i64> {
        said.sort_unstable();
        let runs = (0..said.len()).flat_map(|first| (first + 1..=said.len()).map(move |end| (first, end)));
        let span = |(first, end): (usize, usize)| said[end - 1] - said[first];
        let narrow = runs.filter(|run| self.within[field].is_some_and(|within| span(*run) <= within));
        let best = narrow.min_by_key(|run| (std::cmp::Reverse(run.1 - run.0), span(*run), said[run.0]))?;
        let run = &said[best.0..best.1];
        let (lower, upper) = (run[(run.len() - 1) / 2], run[run.len() / 2]);
        (run.len() >= self.agree).then_some(i64::midpoint(lower, upper))
    }
}
