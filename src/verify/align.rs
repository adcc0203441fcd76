//! Which line is which entry, in a file where they do not agree one by one.
//!
//! ```text
//! tree:   a b c d e          a, c, d, e stand in order; b is missing
//! lines:  a c x d e          x is inserted; every later line is still known
//! ```

use std::{collections::HashMap, ops::Range};

use super::examine::Line;
use crate::hash::Hash;

/// What a line turns out to be. Positions count from the file's first entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The entry of this position, in its place or shifted with its neighbours
    Entry(usize),
    /// Stands where the entry of this position should, with another content
    Changed(usize),
    /// The entry of this position, out of order
    Moved(usize),
    /// A second copy of the entry of this position
    Copy(usize),
    /// No entry
    Stranger,
}

/// Lines and entries of one file, side by side.
#[derive(Debug, Default)]
pub(super) struct Alignment {
    /// What each line is
    pub(super) fates: Vec<Fate>,
    /// Entries without a line, and the index of the line before which they should stand
    pub(super) missing: Vec<(Range<usize>, usize)>,
}

impl Alignment {
    /// Every line in its place; what comes after `count` lines is nobody.
    pub(super) fn straight(lines: usize, count: usize) -> Self {
        let fate = |at| if at < count { Fate::Entry(at) } else { Fate::Stranger };
        Self { fates: (0..lines).map(fate).collect(), missing: Vec::new() }
    }

    /// Compares lines with the hashes that are expected; where none is known, with the numbers from `first` on.
    pub(super) fn of(lines: &[Line], first: u64, expected: &[Option<Hash>]) -> Self {
        let places: HashMap<Hash, usize> =
            expected.iter().enumerate().filter_map(|(at, hash)| Some(((*hash)?, at))).collect();
        let by_number = |line: &Line| {
            let at = number_place(line, first, expected.len())?;
            expected[at].is_none().then_some(at)
        };
        let place = |line: &Line| places.get(&line.hash).copied().or_else(|| by_number(line));
        let claims: Vec<Option<usize>> = lines.iter().map(place).collect();
        let anchors = anchors(&claims);
        let mut pairing = Pairing::new(&claims, &anchors, expected.len());
        let mut from = (0, 0);
        for (line, position) in anchors.into_iter().chain([(lines.len(), expected.len())]) {
            pairing.gap(lines, first, from.0..line, from.1..position);
            from = (line + 1, position + 1);
        }
        Self { fates: pairing.fates, missing: pairing.missing }
    }
}

fn number_place(line: &Line, first: u64, count: usize) -> Option<usize> {
    let place = usize::try_from(line.n?.checked_sub(first)?).ok()?;
    (place < count).then_some(place)
}

/// Lines that are known to be entries in their order: as many as possible, and of two choices the one that
/// leaves lines where they are.
fn anchors(claims: &[Option<usize>]) -> Vec<(usize, usize)> {
    let in_place = |(line, claim): (usize, &Option<usize>)| (*claim == Some(line)).then_some((line, line));
    let fixed: Vec<_> = claims.iter().enumerate().filter_map(in_place).collect();
    let ascent = longest_ascent(claims);
    if fixed.len() >= ascent.len() { fixed } else { ascent }
}

/// The longest run of lines whose places ascend: as many as possible are left where they are. Of two equal
/// ones the earlier is taken.
fn longest_ascent(claims: &[Option<usize>]) -> Vec<(usize, usize)> {
    // Patience sorting: `tops[k]` is the line that ends the best run of length k + 1.
    let mut tops: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; claims.len()];
    for (line, place) in claims.iter().enumerate().filter_map(|(line, place)| Some((line, (*place)?))) {
        let pile = tops.partition_point(|(_, top)| *top < place);
        before[line] = pile.checked_sub(1).map(|left| tops[left].0);
        match tops.get_mut(pile) {
            None => tops.push((line, place)),
            Some((_, top)) if *top == place => {}
            Some(top) => *top = (line, place),
        }
    }
    let last = tops.last().map(|(line, _)| *line);
    let mut run: Vec<_> = std::iter::successors(last, |line| before[*line])
        .filter_map(|line| Some((line, claims[line]?)))
        .collect();
    run.reverse();
    run
}

struct Pairing {
    fates: Vec<Fate>,
    missing: Vec<(Range<usize>, usize)>,
    taken: Vec<bool>,
}

impl Pairing {
    fn new(claims: &[Option<usize>], anchors: &[(usize, usize)], count: usize) -> Self {
        let mut taken = vec![false; count];
        let mut fates: Vec<Fate> = claims.iter().map(|_| Fate::Stranger).collect();
        for (line, place) in anchors {
            (fates[*line], taken[*place]) = (Fate::Entry(*place), true);
        }
        for (line, claim) in claims.iter().enumerate() {
            let (Some(place), Fate::Stranger) = (*claim, fates[line]) else { continue };
            fates[line] = if taken[place] { Fate::Copy(place) } else { Fate::Moved(place) };
            taken[place] = true;
        }
        Self { fates, missing: Vec::new(), taken }
    }

    /// Between two lines that are known: who is left over on either side belongs together, by number if the
    /// line has one, else in order.
    fn gap(&mut self, lines: &[Line], first: u64, between: Range<usize>, places: Range<usize>) {
        let free = |fate| matches!(fate, Fate::Stranger | Fate::Copy(_));
        let mut loose: Vec<usize> = between.clone().filter(|line| free(self.fates[*line])).collect();
        loose.retain(|line| {
            let place = number_place(&lines[*line], first, self.taken.len());
            let Some(place) = place.filter(|place| places.contains(place) && !self.taken[*place]) else {
                return true;
            };
            (self.fates[*line], self.taken[place]) = (Fate::Changed(place), true);
            false
        });
        let mut open = places.filter(|place| !self.taken[*place]).collect::<Vec<_>>().into_iter();
        for (line, place) in loose.into_iter().zip(open.by_ref()) {
            self.fates[line] = Fate::Changed(place);
        }
        for place in open {
            match self.missing.last_mut() {
                Some((range, at)) if range.end == place && *at == between.end => range.end += 1,
                _ => self.missing.push((place..place + 1, between.end)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: u8, n: Option<u64>) -> Line {
        Line { hash: Hash::of(&[name]), n, received: None, track: None, proofs: 0 }
    }

    /// Entries are letters, `a` being number 100; a capital letter is an entry of that number with another
    /// content, `?` a line that cannot be read.
    fn align(entries: &str, lines: &str) -> (Vec<Fate>, Vec<(Range<usize>, usize)>) {
        let expected: Vec<_> = entries.bytes().map(|name| Some(Hash::of(&[name]))).collect();
        let number = |name: u8| Some(100 + u64::from(name.to_ascii_lowercase().checked_sub(b'a')?));
        let lines: Vec<_> = lines.bytes().map(|name| line(name, number(name))).collect();
        let alignment = Alignment::of(&lines, 100, &expected);
        (alignment.fates, alignment.missing)
    }

    use Fate::{Changed, Copy, Entry, Moved, Stranger};

    #[test]
    fn one_fault_is_one_finding() {
        assert_eq!(align("abc", "abc"), (vec![Entry(0), Entry(1), Entry(2)], vec![]));
        assert_eq!(align("abc", "aBc").0, [Entry(0), Changed(1), Entry(2)]);
        assert_eq!(align("abc", "a?c").0, [Entry(0), Changed(1), Entry(2)]);
        assert_eq!(align("abcd", "acd"), (vec![Entry(0), Entry(2), Entry(3)], vec![(1..2, 1)]));
        assert_eq!(align("abcd", "ad").1, [(1..3, 1)]);
        assert_eq!(align("abc", "a?bc").0, [Entry(0), Stranger, Entry(1), Entry(2)]);
        assert_eq!(align("abc", "abbc").0, [Entry(0), Entry(1), Copy(1), Entry(2)]);
        assert_eq!(align("abc", "aabc").0, [Entry(0), Copy(0), Entry(1), Entry(2)]);
        assert_eq!(align("abcd", "bcda").0, [Entry(1), Entry(2), Entry(3), Moved(0)]);
        assert_eq!(align("abc", "ab"), (vec![Entry(0), Entry(1)], vec![(2..3, 2)]));
        assert_eq!(align("abc", "").1, [(0..3, 0)]);
    }

    #[test]
    fn several_faults_stay_apart() {
        assert_eq!(align("abcd", "aCd"), (vec![Entry(0), Changed(2), Entry(3)], vec![(1..2, 2)]));
        assert_eq!(align("abcde", "aacde").0, [Entry(0), Changed(1), Entry(2), Entry(3), Entry(4)]);
        assert_eq!(align("abc", "?abc?").0, [Stranger, Entry(0), Entry(1), Entry(2), Stranger]);
        let (fates, missing) = align("abcdef", "aBdf?");
        assert_eq!(fates, [Entry(0), Changed(1), Entry(3), Entry(5), Stranger]);
        assert_eq!(missing, [(2..3, 2), (4..5, 3)]);
        assert_eq!(align("abc", "cba").0, [Moved(2), Entry(1), Moved(0)]);
        let (fates, _) = align("abcdef", "aecdbf");
        assert_eq!(fates, [Entry(0), Moved(4), Entry(2), Entry(3), Moved(1), Entry(5)]);
    }

    #[test]
    fn without_hashes_numbers_decide() {
        let lines: Vec<_> = [0, 1, 3, 4].map(|n| line(n, Some(100 + u64::from(n)))).into();
        let alignment = Alignment::of(&lines, 100, &[None; 5]);
        assert_eq!(alignment.fates, [Entry(0), Entry(1), Entry(3), Entry(4)]);
        assert_eq!(alignment.missing, [(2..3, 2)]);
    }

    #[test]
    fn a_whole_file_in_reverse_is_quick() {
        let lines: Vec<_> = (0..65_536u64)
            .rev()
            .map(|n| Line { hash: Hash::of(&n.to_be_bytes()), ..line(0, Some(n)) })
            .collect();
        let expected: Vec<_> = lines.iter().rev().map(|line| Some(line.hash)).collect();
        let alignment = Alignment::of(&lines, 0, &expected);
        assert_eq!(alignment.fates.iter().filter(|fate| matches!(fate, Moved(_))).count(), 65_535);
    }
}
