//! The tree of what was read, beside the tree as its files have it.

use std::collections::BTreeSet;

use super::{
    finding::{Finding, Kind},
    truth::{Truth, fold},
};
use crate::{
    hash::Hash,
    tlog::{
        merkle::Frontier,
        tile::{self, HEIGHT},
        view::{ENTRIES_PER_FILE, View},
    },
};

/// Hashes in a block of the tree's files.
const BLOCK: usize = 1 << HEIGHT;

/// Binary levels in a full file of entries.
const FILE_LEVEL: u32 = ENTRIES_PER_FILE.trailing_zeros();

/// A tree that grows file by file.
pub(super) struct Tree<'a> {
    view: &'a dyn View,
    /// What can be believed of the tree's files; nothing without a checkpoint
    truth: Option<Truth<'a>>,
    /// The entries so far; none once one is not known
    grown: Option<Frontier>,
    /// Size and root that were seen before
    watch: Option<(u64, Hash)>,
    /// Whether the tree had that root at that size, once that is known
    pub(super) watched: Option<bool>,
    /// Whether a file that was dropped is known by its marker alone, so that the whole root must tell
    unproven: bool,
    /// Whether what was seen before ends among hashes that are lost
    pub(super) blind: bool,
    /// Levels that have a wrong or missing hash
    damaged: BTreeSet<u32>,
    pub(super) damage: Vec<Finding>,
}

impl<'a> Tree<'a> {
    pub(super) fn new(view: &'a dyn View, truth: Option<Truth<'a>>, watch: Option<(u64, Hash)>) -> Self {
        let grown = Some(Frontier::default());
        let (damaged, damage) = (BTreeSet::new(), Vec::new());
        Self { view, truth, grown, watch, watched: None, unproven: false, blind: false, damaged, damage }
    }

    /// Whether the tree's files, as far as they can be believed, say that a file holds these entries.
    pub(super) fn confirms(&mut self, first: u64, leaves: &[Hash]) -> bool {
        let Some(truth) = self.truth.as_mut().filter(|truth| truth.top()) else { return false };
        if leaves.len() as u64 == ENTRIES_PER_FILE
            && truth.hash(FILE_LEVEL / HEIGHT, first / ENTRIES_PER_FILE) == Some(fold(leaves))
        {
            return true;
        }
        let expected = truth.leaves(first, leaves.len());
        expected.iter().zip(leaves).all(|(expected, leaf)| *expected == Some(*leaf))
    }

    /// What the entries of a file should hash to, as far as that is known.
    pub(super) fn leaves(&mut self, first: u64, count: usize) -> Vec<Option<Hash>> {
        match &mut self.truth {
            Some(truth) => truth.leaves(first, count),
            None => vec![None; count],
        }
    }

    /// From here on the entries are not known.
    pub(super) fn lose(&mut self) {
        self.grown = None;
    }

    /// The root of what was read, if all of it is known.
    pub(super) fn root(&self, size: u64) -> Option<Hash> {
        self.grown.as_ref().filter(|grown| grown.size() == size).map(Frontier::root)
    }

    /// Whether the tree's files lead to the signed root.
    pub(super) fn trusted(&self) -> bool {
        self.truth.as_ref().is_some_and(Truth::top)
    }

    /// Whether all that was read lies under the root that a checkpoint states.
    pub(super) fn rooted(&self, size: u64, root: &Hash) -> bool {
        // What the tree's files confirm lies under the root as surely as what gives the root.
        (self.trusted() && !self.unproven) || self.root(size) == Some(*root)
    }

    /// Takes a file that was dropped, with the root that its marker says. Answers whether that is right, as
    /// far as it shows.
    pub(super) fn skip(&mut self, first: u64, said: Option<Hash>) -> bool {
        let signed =
            self.truth.as_mut().and_then(|truth| truth.hash(FILE_LEVEL / HEIGHT, first / ENTRIES_PER_FILE));
        let agreed = signed.is_none() || said.is_none() || signed == said;
        self.unproven |= signed.is_none();
        let leaves = self.leaves(first, usize::try_from(ENTRIES_PER_FILE).unwrap_or(0));
        match leaves.into_iter().collect::<Option<Vec<Hash>>>() {
            Some(leaves) => self.look(first, &leaves),
            None => self.miss(first),
        }
        let Some(root) = signed.or(said) else {
            self.lose();
            return agreed;
        };
        self.compare(FILE_LEVEL / HEIGHT, first / ENTRIES_PER_FILE, root.as_bytes());
        self.grow_file(first, root);
        agreed
    }

    /// The hashes of dropped entries are lost with them.
    fn miss(&mut self, first: u64) {
        let last = first + ENTRIES_PER_FILE - 1;
        self.blind |= self.watch.is_some_and(|(size, _)| (first + 1..=last).contains(&size));
        let detail = format!(
            "the hashes of entries {first} to {last} are lost, and so are the entries: none of them can be proven"
        );
        self.damage.push(Finding::new(Kind::TreeDamaged, detail).in_file("tree/0").about(first));
    }

    /// Takes a file whose lines and tree do not simply agree. `leaves` are what is believed of the tree, and
    /// elsewhere what was read. Answers where what was read cannot be right.
    pub(super) fn settle(&mut self, first: u64, leaves: Vec<Option<Hash>>) -> Vec<Finding> {
        let suspects = if self.trusted() { self.suspects(first, &leaves) } else { Vec::new() };
        match leaves.into_iter().collect::<Option<Vec<Hash>>>() {
            Some(leaves) if suspects.is_empty() => self.grow(first, &leaves),
            _ => self.lose(),
        }
        let doubt = |(from, to): (u64, u64)| {
            let detail = format!("one of the entries {from} to {to} is not what the signed root says");
            Finding::new(Kind::RootMismatch, detail).about(from).at_line(from % ENTRIES_PER_FILE + 1)
        };
        suspects.into_iter().map(doubt).collect()
    }

    /// Blocks of entries, first and last inclusive, that do not fold to what is believed about them.
    fn suspects(&mut self, first: u64, leaves: &[Option<Hash>]) -> Vec<(u64, u64)> {
        let Some(truth) = &mut self.truth else { return Vec::new() };
        let known: Option<Vec<Hash>> = leaves.iter().copied().collect();
        let whole = known.filter(|known| known.len() as u64 == ENTRIES_PER_FILE);
        let file = truth.hash(FILE_LEVEL / HEIGHT, first / ENTRIES_PER_FILE);
        if whole.is_some_and(|whole| file == Some(fold(&whole))) {
            return Vec::new();
        }
        let mut suspects: Vec<(u64, u64)> = Vec::new();
        let mut undecided: Option<(u64, u64)> = None;
        for (block, from) in leaves.chunks(BLOCK).zip((first..).step_by(BLOCK)) {
            let range = (from, from + block.len() as u64 - 1);
            // A hole was found and said already; what the files confirm by themselves is no suspect.
            let Some(block) = block.iter().copied().collect::<Option<Vec<Hash>>>() else { continue };
            if truth.leaves(from, block.len()).iter().all(Option::is_some) {
                continue;
            }
            match truth.hash(1, from >> HEIGHT) {
                Some(hash) if hash == fold(&block) => {}
                Some(_) => suspects.push(range),
                None => undecided = Some((undecided.map_or(range.0, |(from, _)| from), range.1)),
            }
        }
        suspects.extend(undecided);
        suspects
    }

    /// Takes the entries of the next file, and compares the tree's files with them.
    pub(super) fn grow(&mut self, first: u64, leaves: &[Hash]) {
        self.look(first, leaves);
        let mut builder = tile::Builder::default();
        for leaf in leaves {
            builder.push(*leaf);
        }
        for piece in builder.take() {
            let before = first >> (HEIGHT * piece.level);
            self.compare(piece.level, before + piece.first, &piece.bytes);
        }
        if leaves.len() as u64 == ENTRIES_PER_FILE {
            self.grow_file(first, builder.frontier().root());
        } else if let Some(grown) = &mut self.grown {
            for leaf in leaves {
                grown.push(*leaf);
            }
        }
    }

    /// Takes a full file by its hash.
    fn grow_file(&mut self, first: u64, root: Hash) {
        let Some(grown) = &mut self.grown else { return };
        let mut above = Vec::new();
        let fits = grown.push_subtree_with(FILE_LEVEL, root, |level, hash| {
            if level > FILE_LEVEL && level.is_multiple_of(HEIGHT) {
                above.push((level, *hash));
            }
        });
        let (size, seen) = (grown.size(), grown.root());
        if let Some((_, watched)) = self.watch.filter(|(watched, _)| *watched == size) {
            self.watched = Some(watched == seen);
        }
        if fits.is_none() {
            self.grown = None;
        }
        for (level, hash) in above {
            self.compare(level / HEIGHT, first >> level, hash.as_bytes());
        }
    }

    /// Looks at the root at the size that was seen before, when the tree passes it.
    fn look(&mut self, first: u64, leaves: &[Hash]) {
        let (Some((size, root)), Some(grown)) = (self.watch, &self.grown) else { return };
        let Some(more) = size.checked_sub(first).and_then(|more| usize::try_from(more).ok()) else { return };
        if more == 0 || more > leaves.len() {
            return;
        }
        let mut then = grown.clone();
        for leaf in &leaves[..more] {
            then.push(*leaf);
        }
        self.watched = Some(then.root() == root);
    }

    fn compare(&mut self, level: u32, first: u64, bytes: &[u8]) {
        if self.truth.is_none() || self.damaged.contains(&level) {
            return;
        }
        let hashes: Vec<Hash> = bytes.as_chunks().0.iter().map(|chunk| Hash(*chunk)).collect();
        let stored = self.view.tree(level, first, hashes.len()).ok().flatten();
        let detail = match &stored {
            None => format!("tree/{level} is missing or ends too early"),
            Some(stored) => match stored.iter().zip(&hashes).position(|(stored, hash)| stored != hash) {
                None => return,
                Some(at) => format!("hash {} of tree/{level} is wrong", first + at as u64),
            },
        };
        self.damaged.insert(level);
        let finding =
            Finding::new(Kind::TreeDamaged, format!("{detail}; it is derived, and can be made again"));
        self.damage.push(finding.in_file(format!("tree/{level}")));
    }
}
