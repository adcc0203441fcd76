//! The tree of the entries that were read, compared with the files of the tree.

use std::{collections::BTreeMap, ops::RangeInclusive};

use super::{
    confirmed_tree::ConfirmedTree,
    file_tree::{FileTree, root_over},
};
use crate::{
    hash::Hash,
    tlog::{
        layout::{FILE_LEVEL, Layout},
        merkle::{Frontier, fold},
        view::View,
    },
    verify::{
        finding::{Finding, FindingKind},
        trust::statement::StatementWatch,
    },
};

/// What is wrong with the file of a level.
enum Damage {
    /// It cannot be read, and why
    Unreadable(String),
    /// It has not all its hashes
    Short,
    /// This hash of it is the first that differs
    Hash(u64),
}

/// A tree that grows file by file.
pub(in crate::verify) struct TreeCheck<'a> {
    view: &'a dyn View,
    /// What can be believed of the tree's files; nothing without a checkpoint
    truth: Option<ConfirmedTree<'a>>,
    /// The entries so far; none once one is not known
    grown: Option<Frontier>,
    /// What others say of sizes on the way
    pub(in crate::verify) watch: StatementWatch,
    /// Whether a file that was dropped is known by its marker alone, so that the whole root must tell
    unproven: bool,
    /// How many of the first entries are known by hashes that lead to a signed root
    pub(in crate::verify) believed: u64,
    /// Levels that are not what was read comes to
    damaged: BTreeMap<u32, Damage>,
    /// The findings about hashes that are lost with their entries
    lost: Vec<Finding>,
}

impl<'a> TreeCheck<'a> {
    pub(in crate::verify) fn new(
        view: &'a dyn View,
        truth: Option<ConfirmedTree<'a>>,
        watch: StatementWatch,
    ) -> Self {
        let grown = Some(Frontier::default());
        let (damaged, lost) = (BTreeMap::new(), Vec::new());
        Self { view, truth, grown, watch, unproven: false, believed: 0, damaged, lost }
    }

    /// How the ledger's files are cut.
    pub(in crate::verify) fn layout(&self) -> Layout {
        self.view.layout()
    }

    /// The tree of the lines of a file, with all sizes of it that somebody asks for: others, or whoever calls.
    pub(in crate::verify) fn file_tree(
        &self,
        first: u64,
        leaves: impl ExactSizeIterator<Item = Hash>,
        mut at: Vec<u64>,
    ) -> FileTree {
        at.extend(self.watch.sizes(first, leaves.len() as u64).map(|size| size - first));
        FileTree::of(self.layout(), leaves, at)
    }

    /// Whether the tree's files, as far as they can be believed, say that a file holds the entries of this tree.
    pub(in crate::verify) fn confirms(&mut self, first: u64, leaves: &[Hash], tree: &FileTree) -> bool {
        let layout = self.layout();
        let Some(truth) = self.truth.as_mut().filter(|truth| truth.knows()) else { return false };
        let whole = leaves.len() == layout.file_length()
            && truth.hash(FILE_LEVEL, first / layout.entries_per_file()) == Some(tree.whole().root());
        let one_by_one = |(expected, leaf): (&Option<Hash>, &Hash)| *expected == Some(*leaf);
        let confirms = whole || truth.leaves(first, leaves.len()).iter().zip(leaves).all(one_by_one);
        if confirms && self.believed == first {
            self.believed += leaves.len() as u64;
        }
        confirms
    }

    /// What the entries of a file should hash to, as far as that is known.
    pub(in crate::verify) fn leaves(&mut self, first: u64, count: usize) -> Vec<Option<Hash>> {
        let Some(truth) = &mut self.truth else { return vec![None; count] };
        let leaves = truth.leaves(first, count);
        if self.believed == first {
            self.believed += leaves.iter().take_while(|leaf| leaf.is_some()).count() as u64;
        }
        leaves
    }

    /// Whether this is the hash of an entry, wherever it stands.
    pub(in crate::verify) fn has(&mut self, n: u64, hash: &Hash) -> bool {
        self.truth.as_mut().is_some_and(|truth| truth.hash(0, n) == Some(*hash))
    }

    /// From here on the entries are not known.
    pub(in crate::verify) fn lose(&mut self) {
        self.grown = None;
    }

    /// The root of what was read, if all of it is known.
    pub(in crate::verify) fn root(&self, size: u64) -> Option<Hash> {
        self.grown.as_ref().filter(|grown| grown.size() == size).map(Frontier::root)
    }

    /// Whether the tree's files lead to the signed root.
    pub(in crate::verify) fn trusted(&self) -> bool {
        self.truth.as_ref().is_some_and(ConfirmedTree::top)
    }

    /// Whether `tree/` is the tree of what was read, and that is so many entries.
    pub(in crate::verify) fn agrees(&self, size: u64) -> bool {
        let all_read = self.grown.as_ref().is_some_and(|grown| grown.size() == size);
        all_read && self.truth.is_some() && self.damaged.is_empty() && self.lost.is_empty()
    }

    /// Whether all that was read lies under the root that a checkpoint states.
    pub(in crate::verify) fn rooted(&self, size: u64, root: &Hash) -> bool {
        // What the tree's files confirm lies under the root as surely as what gives the root.
        (self.trusted() && !self.unproven) || self.root(size) == Some(*root)
    }

    /// Takes a file that was dropped, with the root that its marker says. Answers whether that is right, as
    /// far as it shows.
    pub(in crate::verify) fn skip(&mut self, first: u64, said: Option<Hash>) -> bool {
        let layout = self.layout();
        let file = first / layout.entries_per_file();
        let signed = self.truth.as_mut().and_then(|truth| truth.hash(FILE_LEVEL, file));
        let agreed = signed.is_none() || said.is_none() || signed == said;
        self.unproven |= signed.is_none();
        let leaves = self.leaves(first, layout.file_length());
        match leaves.into_iter().collect::<Option<Vec<Hash>>>() {
            Some(leaves) => {
                let tree = self.file_tree(first, leaves.iter().copied(), Vec::new());
                self.pass(first, &tree);
            }
            None => self.miss(first),
        }
        let Some(root) = signed.or(said) else {
            self.lose();
            return agreed;
        };
        self.compare(FILE_LEVEL, file, root.as_bytes());
        self.grow_file(first, root);
        agreed
    }

    /// The hashes of dropped entries are lost with them.
    fn miss(&mut self, first: u64) {
        let last = first + self.layout().entries_per_file() - 1;
        let detail = format!(
            "the hashes of entries {first} to {last} are lost, and so are the entries: none of them can be proven"
        );
        self.lost.push(Finding::new(FindingKind::TreeDamaged, detail).in_file("tree/0").about(first));
    }

    /// Takes a file whose lines and tree do not simply agree. `leaves` are what is believed of the tree, and
    /// elsewhere what was read. Answers the ranges of entries where what was read cannot be
    /// right.
    pub(in crate::verify) fn place_leaves(
        &mut self,
        first: u64,
        leaves: Vec<Option<Hash>>,
    ) -> Vec<RangeInclusive<u64>> {
        let suspects = if self.trusted() { self.suspects(first, &leaves) } else { Vec::new() };
        match leaves.into_iter().collect::<Option<Vec<Hash>>>() {
            Some(leaves) if suspects.is_empty() => self.grow(first, &leaves),
            _ => self.lose(),
        }
        suspects
    }

    /// Blocks of entries that do not fold to what is believed about them.
    fn suspects(&mut self, first: u64, leaves: &[Option<Hash>]) -> Vec<RangeInclusive<u64>> {
        let layout = self.layout();
        let Some(truth) = &mut self.truth else { return Vec::new() };
        let known: Option<Vec<Hash>> = leaves.iter().copied().collect();
        let whole = known.filter(|known| known.len() == layout.file_length());
        let file = truth.hash(FILE_LEVEL, first / layout.entries_per_file());
        if whole.is_some_and(|whole| file == Some(fold(&whole))) {
            return Vec::new();
        }
        let mut suspects: Vec<RangeInclusive<u64>> = Vec::new();
        let mut undecided: Option<RangeInclusive<u64>> = None;
        for (block, from) in leaves.chunks(layout.tile_length()).zip((first..).step_by(layout.tile_length()))
        {
            let last = from + block.len() as u64 - 1;
            // A hole was found and said already; what the files confirm by themselves is no suspect.
            let Some(block) = block.iter().copied().collect::<Option<Vec<Hash>>>() else { continue };
            if truth.leaves(from, block.len()).iter().all(Option::is_some) {
                continue;
            }
            match truth.hash(1, from >> layout.height()) {
                Some(hash) if hash == fold(&block) => {}
                Some(_) => suspects.push(from..=last),
                None => undecided = Some(undecided.map_or(from, |range| *range.start())..=last),
            }
        }
        suspects.extend(undecided);
        suspects
    }

    /// Takes the entries of the next file, and compares the tree's files with them.
    pub(in crate::verify) fn grow(&mut self, first: u64, leaves: &[Hash]) {
        self.grow_by(first, self.file_tree(first, leaves.iter().copied(), Vec::new()));
    }

    /// The same, by their tree.
    pub(in crate::verify) fn grow_by(&mut self, first: u64, mut tree: FileTree) {
        let layout = self.layout();
        self.pass(first, &tree);
        for piece in tree.take() {
            let before = first >> (layout.height() * piece.level);
            self.compare(piece.level, before + piece.first, &piece.bytes);
        }
        if tree.whole().size() == layout.entries_per_file() {
            self.grow_file(first, tree.whole().root());
        } else if let Some(grown) = &mut self.grown {
            // Behind whole files every subtree of the next one fits.
            let fits = tree.whole().peaks().all(|(level, peak)| grown.push_subtree(level, *peak).is_some());
            self.grown = self.grown.take().filter(|_| fits);
        }
    }

    /// Holds the sizes on the way through a file against what others say.
    fn pass(&mut self, first: u64, tree: &FileTree) {
        let Some(grown) = &self.grown else { return };
        for (size, rest) in tree.marks() {
            self.watch.pass(first + size, || root_over(grown, rest));
        }
    }

    /// Takes a full file by its hash.
    fn grow_file(&mut self, first: u64, root: Hash) {
        let height = self.layout().height();
        let Some(grown) = &mut self.grown else { return };
        let mut above = Vec::new();
        let fits = grown.push_subtree_with(FILE_LEVEL * height, root, |level, hash| {
            if level > FILE_LEVEL * height && level.is_multiple_of(height) {
                above.push((level, *hash));
            }
        });
        // Of a file whose hashes are lost only this size is known.
        self.watch.pass(grown.size(), || grown.root());
        if fits.is_none() {
            self.grown = None;
        }
        for (level, hash) in above {
            self.compare(level / height, first >> level, hash.as_bytes());
        }
    }

    fn compare(&mut self, level: u32, first: u64, bytes: &[u8]) {
        if self.truth.is_none() || self.damaged.contains_key(&level) {
            return;
        }
        let hashes: Vec<Hash> = bytes.as_chunks().0.iter().map(|chunk| Hash(*chunk)).collect();
        let damage = match self.view.tree(level, first, hashes.len()) {
            Err(why) => Damage::Unreadable(why.to_string()),
            Ok(None) => Damage::Short,
            Ok(Some(stored)) => match stored.iter().zip(&hashes).position(|(stored, hash)| stored != hash) {
                None => return,
                Some(at) => Damage::Hash(first + at as u64),
            },
        };
        self.damaged.insert(level, damage);
    }

    /// What is wrong with the tree's files. Unless all that was read is `rooted`, it may be the entries that are
    /// wrong where they differ.
    pub(in crate::verify) fn damage(&self, rooted: bool) -> impl Iterator<Item = Finding> {
        let derived = "it is derived, and can be made again";
        let damaged = self.damaged.iter().map(move |(level, at)| {
            let detail = match at {
                Damage::Unreadable(why) => format!("tree/{level} cannot be read: {why}; {derived}"),
                Damage::Short => format!("tree/{level} is missing or ends too early; {derived}"),
                Damage::Hash(at) if rooted => format!("hash {at} of tree/{level} is wrong; {derived}"),
                Damage::Hash(at) => format!(
                    "hash {at} of tree/{level} is not that of what stands in the entries: one of the two is wrong"
                ),
            };
            Finding::new(FindingKind::TreeDamaged, detail).in_file(format!("tree/{level}"))
        });
        damaged.chain(self.lost.iter().cloned())
    }
}
