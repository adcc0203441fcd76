//! Which line is which entry, in a file where they do not agree one by one.
//!
//! ```text
//! tree:   a b c d e          a, c, d, e stand in order; b is missing
//! lines:  a c x d e          x is inserted; every later line is still known
//! ```

use std::ops::Range;

use super::entry_window::EntryWindow;
use crate::verify::scan::scanned_line::ScannedLine;

/// Which entry a line is, or why it is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineFate {
    /// The entry of this number, in its place or shifted with its neighbours
    Entry(u64),
    /// Stands where the entry of this number should, with another content
    Changed(u64),
    /// The entry of this number, out of order
    Moved(u64),
    /// A second copy of the entry of this number
    Copy(u64),
    /// No entry of this file or its neighbours
    Stranger,
    /// The rest of a line in a packed file that is broken
    Garbled,
}

/// Lines and entries of one file, side by side.
#[derive(Debug, Default)]
pub(super) struct Alignment {
    /// What each line is
    pub(super) fates: Vec<LineFate>,
    /// Entries without a line, and the index of the line before which they should stand
    pub(super) missing: Vec<(Range<u64>, usize)>,
}

impl Alignment {
    /// Every line in its place from an entry on; lines behind the first `count` are strangers.
    pub(super) fn straight(first: u64, lines: usize, count: usize) -> Self {
        let fate = |at| if at < count { LineFate::Entry(first + at as u64) } else { LineFate::Stranger };
        Self { fates: (0..lines).map(fate).collect(), missing: Vec::new() }
    }

    /// How many lines there are up to the last that is an entry, or stands in the place of one.
    pub(super) fn committed(&self) -> usize {
        let counts = |fate: &LineFate| !matches!(fate, LineFate::Copy(_) | LineFate::Stranger);
        self.fates.iter().rposition(counts).map_or(0, |last| last + 1)
    }

    /// Compares lines with the entries that they may be. None is in order that comes before the entry `next`.
    pub(super) fn of(lines: &[ScannedLine], window: &EntryWindow, next: u64) -> Self {
        let claims = window.claims(lines);
        let fits = |at: &usize| *at < window.loose && window.entries[*at].0 >= next;
        let in_order: Vec<_> = claims.iter().map(|claim| claim.filter(fits)).collect();
        let anchors = anchors(&in_order, window.own.start);
        let mut pairing = Pairing::new(window, &claims, &anchors);
        let mut from = (0, 0);
        for (line, position) in anchors.into_iter().chain([(lines.len(), window.entries.len())]) {
            pairing.gap(lines, from.0..line, from.1..position);
            from = (line + 1, position + 1);
        }
        Self { fates: pairing.fates, missing: pairing.missing }
    }
}

/// Lines that are known to be entries in their order: as many as possible, and of two choices the one that
/// leaves lines where they are.
fn anchors(claims: &[Option<usize>], own: usize) -> Vec<(usize, usize)> {
    let in_place = |(line, claim): (usize, &Option<usize>)| {
        let place = line + own;
        (*claim == Some(place)).then_some((line, place))
    };
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

struct Pairing<'a> {
    window: &'a EntryWindow,
    fates: Vec<LineFate>,
    missing: Vec<(Range<u64>, usize)>,
    taken: Vec<bool>,
}

impl<'a> Pairing<'a> {
    fn new(window: &'a EntryWindow, claims: &[Option<usize>], anchors: &[(usize, usize)]) -> Self {
        let mut taken = vec![false; window.entries.len()];
        let mut fates: Vec<LineFate> = claims.iter().map(|_| LineFate::Stranger).collect();
        for (line, place) in anchors {
            (fates[*line], taken[*place]) = (LineFate::Entry(window.entries[*place].0), true);
        }
        for (line, claim) in claims.iter().enumerate() {
            let (Some(place), LineFate::Stranger) = (*claim, fates[line]) else { continue };
            let n = window.entries[place].0;
            fates[line] = if taken[place] { LineFate::Copy(n) } else { LineFate::Moved(n) };
            taken[place] = true;
        }
        Self { window, fates, missing: Vec::new(), taken }
    }

    /// Whether the entry of a place should stand here, and does not.
    fn open(&self, place: usize) -> bool {
        let EntryWindow { entries, own, away, .. } = self.window;
        own.contains(&place) && !self.taken[place] && !away.contains(&entries[place].0)
    }

    /// Between two lines that are known: who is left over on either side belongs together, by number if the
    /// line has one, else in order.
    fn gap(&mut self, lines: &[ScannedLine], between: Range<usize>, places: Range<usize>) {
        let free = |fate| matches!(fate, LineFate::Stranger | LineFate::Copy(_));
        let mut loose: Vec<usize> = between.clone().filter(|line| free(self.fates[*line])).collect();
        loose.retain(|line| {
            let place = lines[*line].n.and_then(|n| self.window.place(n));
            let Some(place) = place.filter(|place| places.contains(place) && self.open(*place)) else {
                return true;
            };
            (self.fates[*line], self.taken[place]) = (LineFate::Changed(self.window.entries[place].0), true);
            false
        });
        let open: Vec<usize> = places.filter(|place| self.open(*place)).collect();
        let mut open = open.into_iter().map(|place| self.window.entries[place].0);
        for (line, n) in loose.into_iter().zip(open.by_ref()) {
            self.fates[line] = LineFate::Changed(n);
        }
        for n in open {
            match self.missing.last_mut() {
                Some((range, at)) if range.end == n && *at == between.end => range.end += 1,
                _ => self.missing.push((n..n + 1, between.end)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;

    fn line(name: u8, n: Option<u64>) -> ScannedLine {
        ScannedLine { n, ..ScannedLine::unread(Hash::of(&[name])) }
    }

    /// Entries are letters, `a` being number 100; a capital letter is an entry of that number with another
    /// content, `?` a line that cannot be read.
    fn align(entries: &str, lines: &str) -> (Vec<LineFate>, Vec<(Range<u64>, usize)>) {
        let expected: Vec<_> = entries.bytes().map(|name| Some(Hash::of(&[name]))).collect();
        within(&EntryWindow::alone(100, &expected), lines)
    }

    fn number(name: u8) -> Option<u64> {
        Some(100 + u64::from(name.to_ascii_lowercase().checked_sub(b'a')?))
    }

    /// Entries are counted from 0 here.
    fn within(window: &EntryWindow, lines: &str) -> (Vec<LineFate>, Vec<(Range<u64>, usize)>) {
        let lines: Vec<_> = lines.bytes().map(|name| line(name, number(name))).collect();
        let Alignment { fates, missing } = Alignment::of(&lines, window, 0);
        let from_0 = |fate| match fate {
            Entry(n) => Entry(n - 100),
            Changed(n) => Changed(n - 100),
            Moved(n) => Moved(n - 100),
            Copy(n) => Copy(n - 100),
            Stranger | Garbled => fate,
        };
        let missing = missing.into_iter().map(|(range, at)| (range.start - 100..range.end - 100, at));
        (fates.into_iter().map(from_0).collect(), missing.collect())
    }

    #[test]
    fn neighbours_lend_and_borrow() {
        let known = |names: &str| {
            names.bytes().map(|it| (number(it).unwrap(), Some(Hash::of(&[it])))).collect::<Vec<_>>()
        };
        let expected: Vec<_> = "def".bytes().map(|name| Some(Hash::of(&[name]))).collect();
        let file = || EntryWindow::alone(103, &expected);
        let inserted = EntryWindow { away: [105].into(), ..file() };
        assert_eq!(within(&inserted, "d?e"), (vec![Entry(3), Stranger, Entry(4)], vec![]));
        assert_eq!(
            within(&inserted, "de?"),
            (vec![Entry(3), Entry(4), Stranger], vec![]),
            "f is in the next file"
        );
        assert_eq!(within(&file().after(&known("c")), "cdef").0, [Entry(2), Entry(3), Entry(4), Entry(5)]);
        assert_eq!(
            within(&file().before(known("g")), "dfg"),
            (vec![Entry(3), Entry(5), Entry(6)], vec![(4..5, 1)])
        );
        let late = within(&file().after(&known("b")), "debf").0;
        assert_eq!(late, [Entry(3), Entry(4), Moved(1), Entry(5)]);
        let far = within(&file().before(known("h")), "defh").0;
        assert_eq!(far, [Entry(3), Entry(4), Entry(5), Moved(7)], "no shift, since g stands in its place");
    }

    use LineFate::{Changed, Copy, Entry, Garbled, Moved, Stranger};

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
        let alignment = Alignment::of(&lines, &EntryWindow::alone(100, &[None; 5]), 0);
        assert_eq!(alignment.fates, [Entry(100), Entry(101), Entry(103), Entry(104)]);
        assert_eq!(alignment.missing, [(102..103, 2)]);
    }

    #[test]
    fn a_whole_file_in_reverse_is_quick() {
        let lines: Vec<_> = (0..65_536u64)
            .rev()
            .map(|n| ScannedLine { hash: Hash::of(&n.to_be_bytes()), ..line(0, Some(n)) })
            .collect();
        let expected: Vec<_> = lines.iter().rev().map(|line| Some(line.hash)).collect();
        let alignment = Alignment::of(&lines, &EntryWindow::alone(0, &expected), 0);
        assert_eq!(alignment.fates.iter().filter(|fate| matches!(fate, Moved(_))).count(), 65_535);
    }
}
