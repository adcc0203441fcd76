//! The sources of a tree's hashes: its files, the entries themselves, or two copies together.
//!
//! ```text
//! tree      tree/0, tree/1, … as a copy has them
//! entries   made from a copy's lines, and the hashes of dropped files: what is left when its tree/ is gone
//! folded    of a copy's tree/ a lower level, and what it comes to: what is left when an upper one is gone
//! joined    |—— a shorter copy ——|—— the ledger's own ——|     for a tree that is larger than the copy
//! ```
//!
//! None of them is believed: [`ConfirmedTree`](super::truth::Truth) takes what leads to a signed root.

use std::collections::BTreeMap;

use super::folded_tree::FoldedTree;
use crate::{
    hash::Hash,
    tlog::{
        entry::plain_line,
        layout::{FILE_LEVEL, Layout},
        merkle::{fold, leaf_hash},
        view::View,
    },
    verify::lines::{self, LineChunks},
};

/// Hashes of a tree, not yet believed.
pub(in crate::verify) enum HashSource<'a> {
    /// The files of a tree
    Tree(&'a dyn View),
    /// What lines come to
    Entries(EntriesSource<'a>),
    /// The lower levels of a tree, and what these come to
    Folded(FoldedTree<'a>),
    /// The first entries as one has them, the others as another
    Joined(Box<Self>, u64, Box<Self>),
}

impl<'a> HashSource<'a> {
    /// What there is to help a ledger out, likeliest first: itself, and a copy with so many entries.
    pub(in crate::verify) fn all(own: &'a dyn View, copy: Option<(&'a dyn View, u64)>) -> Vec<Self> {
        let mut all = vec![Self::Tree(own)];
        if let Some((copy, size)) = copy {
            let join = |head, rest| Self::Joined(Box::new(head), size, Box::new(rest));
            all.push(Self::Tree(copy));
            all.push(join(Self::Tree(copy), Self::Tree(own)));
            all.push(Self::entries(copy));
            all.push(join(Self::entries(copy), Self::Tree(own)));
            all.push(Self::entries(own));
        }
        all
    }

    /// What the lower levels of a tree of so many entries come to.
    pub(in crate::verify) fn folded(view: &'a dyn View, size: u64) -> impl Iterator<Item = Self> {
        FoldedTree::all(view, size).into_iter().map(Self::Folded)
    }

    pub(in crate::verify) fn entries(view: &'a dyn View) -> Self {
        Self::Entries(EntriesSource { view, lines: None, above: BTreeMap::new() })
    }

    /// How its files are cut.
    pub(in crate::verify) fn layout(&self) -> Layout {
        match self {
            Self::Tree(view) => view.layout(),
            Self::Entries(entries) => entries.view.layout(),
            Self::Folded(folded) => folded.layout(),
            Self::Joined(head, ..) => head.layout(),
        }
    }

    /// `count` hashes of a level from the `first` on; none if they cannot be had. Files in the tree are
    /// derived: one that cannot be read is as good as none.
    pub(in crate::verify) fn hashes(&mut self, level: u32, first: u64, count: usize) -> Option<Vec<Hash>> {
        match self {
            Self::Tree(view) => view.tree(level, first, count).ok().flatten(),
            Self::Entries(entries) => {
                (first..first.checked_add(count as u64)?).map(|at| entries.hash(level, at)).collect()
            }
            Self::Folded(folded) => folded.hashes(level, first, count),
            Self::Joined(head, size, rest) => joined(head, *size, rest, level, first, count),
        }
    }
}

fn joined(
    head: &mut HashSource<'_>,
    size: u64,
    rest: &mut HashSource<'_>,
    level: u32,
    first: u64,
    count: usize,
) -> Option<Vec<Hash>> {
    let layout = head.layout();
    let end = first.checked_add(count as u64)?;
    // What the head has whole, the one that begins in it and ends behind it, and what lies behind it.
    let whole = layout.level_length(level, size);
    let unfinished = u64::from(level > 0 && whole << (level * layout.height()) != size);
    let length = |from: u64, to: u64| usize::try_from(to.saturating_sub(from)).ok();
    let mut hashes = Vec::new();
    if first < whole {
        hashes.extend(head.hashes(level, first, length(first, end.min(whole))?)?);
    }
    if unfinished == 1 && (first..end).contains(&whole) {
        let from = whole.checked_mul(layout.hashes_per_tile())?;
        let below = joined(head, size, rest, level - 1, from, layout.tile_length())?;
        hashes.push(fold(&below));
    }
    let behind = first.max(whole + unfinished);
    if behind < end {
        hashes.extend(rest.hashes(level, behind, length(behind, end)?)?);
    }
    Some(hashes)
}

/// A tree made from lines, as it is asked for.
pub(in crate::verify) struct EntriesSource<'a> {
    view: &'a dyn View,
    /// The file that was read last, by its first entry: the hashes of its lines
    lines: Option<(u64, Vec<Hash>)>,
    /// Of files and all above them, by level and place: 32 bytes for a file of entries
    above: BTreeMap<(u32, u64), Option<Hash>>,
}

impl EntriesSource<'_> {
    fn hash(&mut self, level: u32, at: u64) -> Option<Hash> {
        let layout = self.view.layout();
        match level {
            0 => {
                let (first, place) = (layout.first_in_file(at), layout.place_in_file(at));
                self.file(first)?.get(usize::try_from(place).ok()?).copied()
            }
            1 => {
                let entry = at.checked_mul(layout.hashes_per_tile())?;
                let place = usize::try_from(layout.place_in_file(entry)).ok()?;
                let end = place + layout.tile_length();
                self.file(layout.first_in_file(entry))?.get(place..end).map(fold)
            }
            _ if level >= layout.levels() => None,
            _ => {
                if let Some(known) = self.above.get(&(level, at)) {
                    return *known;
                }
                let from = at.checked_mul(layout.hashes_per_tile())?;
                let hash = self.dropped(level, at).or_else(|| {
                    let below = (from..from.checked_add(layout.hashes_per_tile())?)
                        .map(|below| self.hash(level - 1, below));
                    Some(fold(&below.collect::<Option<Vec<Hash>>>()?))
                });
                self.above.insert((level, at), hash);
                hash
            }
        }
    }

    /// The hash of a file whose lines were dropped: what stands for it says it.
    fn dropped(&self, level: u32, at: u64) -> Option<Hash> {
        let first =
            (level == FILE_LEVEL).then(|| at.checked_mul(self.view.layout().entries_per_file()))??;
        let file =
            self.view.entry_files().ok()?.into_iter().find(|file| file.first == first && file.pruned)?;
        Some(self.view.marker(&file).ok().flatten()?.root)
    }

    fn file(&mut self, first: u64) -> Option<&Vec<Hash>> {
        if self.lines.as_ref().is_none_or(|(cached, _)| *cached != first) {
            let count = self.view.layout().entries_per_file();
            self.lines = Some((first, leaves(self.view, first, count).unwrap_or_default()));
        }
        self.lines.as_ref().map(|(_, lines)| lines)
    }
}

/// The hashes of a file's first lines, as they would be without what a change of line ends has done to them.
pub(in crate::verify) fn leaves(view: &dyn View, first: u64, count: u64) -> Option<Vec<Hash>> {
    let file = view.entry_files().ok()?.into_iter().find(|file| file.first == first && !file.pruned)?;
    let files = [file];
    let mut chunks = LineChunks::new(view, &files);
    let mut leaves = Vec::new();
    while let Some(chunk) = chunks.next().ok()?.filter(|_| (leaves.len() as u64) < count) {
        let numbered = (chunk.first_line..).zip(lines::split(&chunk.bytes));
        leaves.extend(numbered.map(|(number, (line, _))| leaf_hash(plain_line(line, number == 1))));
    }
    leaves.truncate(usize::try_from(count).ok()?);
    Some(leaves)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::{merkle::Frontier, tile::Builder, view::Memory};

    /// A ledger of lines that are no entries: here only their hashes count.
    fn ledger(size: u64, changed: Option<u64>) -> Memory {
        let layout = Layout::SMALL;
        let (mut view, mut builder) =
            (Memory { layout, ..Memory::default() }, Builder::new(layout, Frontier::default()));
        for n in 0..size {
            let line = format!("{n}{}", if changed == Some(n) { "!" } else { "" });
            builder.push(leaf_hash(line.as_bytes()));
            let file = view.files.entry(layout.first_in_file(n)).or_default();
            file.extend(line.bytes().chain([b'\n']));
        }
        view.levels = builder.take().into_iter().map(|piece| piece.bytes).collect();
        view
    }

    /// Every run of hashes of every level: level, first and count.
    fn runs(size: u64) -> impl Iterator<Item = (u32, u64, usize)> {
        (0..3).flat_map(move |level| {
            let length = Layout::SMALL.level_length(level, size);
            (0..length).flat_map(move |first| {
                (1..=length - first).map(move |count| (level, first, usize::try_from(count).unwrap()))
            })
        })
    }

    #[test]
    fn entries_give_the_hashes_that_the_files_have() {
        let whole = ledger(39, None);
        let mut made = HashSource::entries(&whole);
        for (level, first, count) in runs(39) {
            let stored = whole.tree(level, first, count).unwrap().unwrap();
            assert_eq!(made.hashes(level, first, count), Some(stored), "{level} {first}");
        }
        assert_eq!(made.hashes(0, 38, 2), None);
        assert_eq!(made.hashes(2, 2, 1), None);
        assert_eq!(made.hashes(31, u64::MAX / 2, 3), None);
        assert_eq!(made.hashes(0, u64::MAX, 2), None);
    }

    #[test]
    fn a_shorter_copy_and_the_rest_give_the_whole() {
        let whole = ledger(39, None);
        for shorter in 1..39 {
            let copy = ledger(shorter, None);
            let own = ledger(39, Some(shorter / 2));
            let mut joined = HashSource::Joined(
                Box::new(HashSource::Tree(&copy)),
                shorter,
                Box::new(HashSource::Tree(&own)),
            );
            for (level, first, count) in runs(39) {
                let stored = whole.tree(level, first, count).unwrap().unwrap();
                assert_eq!(joined.hashes(level, first, count), Some(stored), "{shorter}: {level} {first}");
            }
        }
    }
}
