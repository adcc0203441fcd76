//! One of two copies that are compared, and the walk through both trees to where they part.

use crate::{
    hash::Hash,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        view::View,
    },
    verify::{
        finding::{Finding, FindingKind},
        hashes::{confirmed_tree::ConfirmedTree, entry_tree::EntryTree, unseen_entries::UnseenEntries},
        trust::checkpoint,
    },
};

/// A copy, as far as it was read.
pub(in crate::verify) struct ComparedSide<'a> {
    pub(in crate::verify) view: &'a dyn View,
    pub(in crate::verify) signed: SignedCheckpoint,
    hashes: Hashes<'a>,
    pub(in crate::verify) findings: Vec<Finding>,
}

/// Where a copy's hashes come from.
enum Hashes<'a> {
    /// The tree's files, as far as they lead to the signed root
    Tree(ConfirmedTree<'a>),
    /// Its entries, and whether they give the signed root
    Entries(EntryTree<'a>, bool),
    /// Nowhere: it is a checkpoint alone
    None,
}

/// Which of the two copies has a tree that cannot be believed.
pub(in crate::verify) struct UnbelievedTree(pub(super) usize);

impl<'a> ComparedSide<'a> {
    /// Reads the checkpoint, and nothing else.
    pub(in crate::verify) fn new(view: &'a dyn View) -> anyhow::Result<Self> {
        let signed = checkpoint::read_required(view)?;
        Ok(Self { view, signed, hashes: Hashes::None, findings: Vec::new() })
    }

    /// What the checkpoint states.
    pub(in crate::verify) fn stated(&self) -> &Checkpoint {
        self.signed.checkpoint()
    }

    /// Whether there is only a checkpoint.
    pub(in crate::verify) fn is_alone(&self) -> bool {
        self.view.kind() == "checkpoint"
    }

    /// Looks at the tree's files, or, if they do not lead to the signed root or are not to be asked, at all
    /// entries.
    pub(in crate::verify) fn read(&mut self, entries: bool) -> anyhow::Result<()> {
        if self.is_alone() {
            return Ok(());
        }
        if entries {
            return self.read_entries();
        }
        if self.lacks_files()? {
            return self.read_entries();
        }
        let truth = ConfirmedTree::new(self.view, None, self.stated().size, &self.stated().root);
        let top = truth.top();
        self.hashes = Hashes::Tree(truth);
        if top { Ok(()) } else { self.give_up_tree() }
    }

    /// Whether a file of entries is not there, or empty, which shows without reading any. A tree alone is no copy.
    fn lacks_files(&self) -> anyhow::Result<bool> {
        let (mut next, layout) = (0, self.view.layout());
        for file in self.view.entry_files()?.into_iter().filter(|file| file.first < self.stated().size) {
            let is_empty = self.view.bytes(&file)? == Some(0);
            if file.first != next || (is_empty && !file.pruned) {
                return Ok(true);
            }
            next = file.first.saturating_add(layout.entries_per_file());
        }
        Ok(next < self.stated().size)
    }

    /// Goes by the entries from here on: the tree's files contradict themselves or the signed root.
    pub(in crate::verify) fn give_up_tree(&mut self) -> anyhow::Result<()> {
        let detail = "it does not lead to the signed root everywhere; the entries were read instead";
        self.findings.push(Finding::new(FindingKind::TreeDamaged, detail).in_file("tree"));
        self.read_entries()
    }

    fn read_entries(&mut self) -> anyhow::Result<()> {
        let Checkpoint { size, root, .. } = self.stated().clone();
        self.findings
            .extend(UnseenEntries::of(self.view.layout(), &self.view.entry_files()?, size).warnings());
        let mut rebuilt = EntryTree::read(self.view, size)?;
        let gives = rebuilt.root_at(size)? == Some(root);
        if !gives {
            self.findings.extend(rebuilt.lacks());
        }
        self.hashes = Hashes::Entries(rebuilt, gives);
        Ok(())
    }

    /// Whether its hashes are those under its own signed root.
    pub(in crate::verify) fn is_rooted(&self) -> bool {
        match &self.hashes {
            Hashes::Tree(_) => true,
            Hashes::Entries(_, gives) => *gives,
            Hashes::None => false,
        }
    }

    /// Whether its entries had to be read.
    pub(in crate::verify) fn is_by_entries(&self) -> bool {
        matches!(self.hashes, Hashes::Entries(..))
    }

    /// A hash of a level; of entries that are missing there is none.
    pub(in crate::verify) fn hash(&mut self, level: u32, index: u64) -> anyhow::Result<Option<Hash>> {
        match &mut self.hashes {
            Hashes::Tree(truth) => Ok(truth.hash(level, index)),
            Hashes::Entries(rebuilt, _) => rebuilt.hash(level, index),
            Hashes::None => Ok(None),
        }
    }

    /// Something that is made of the hashes under its own signed root; `None` where they are not known.
    pub(in crate::verify) fn make<T>(
        &mut self,
        make: impl Fn(&mut dyn FnMut(u32, u64) -> Option<Hash>) -> Option<T>,
    ) -> anyhow::Result<Option<T>> {
        while self.is_rooted() {
            let mut failed = None;
            let answer = make(&mut |level, index| {
                self.hash(level, index).unwrap_or_else(|error| {
                    failed = Some(error);
                    None
                })
            });
            if let Some(error) = failed {
                return Err(error);
            }
            if answer.is_some() || self.is_by_entries() {
                return Ok(answer);
            }
            self.give_up_tree()?;
        }
        Ok(None)
    }
}

/// The first of `size` entries that the two have not in common: from the top of both trees downwards, a block of
/// each level at most.
pub(in crate::verify) fn first_difference(
    sides: &mut [ComparedSide<'_>; 2],
    size: u64,
) -> anyhow::Result<Result<Option<u64>, UnbelievedTree>> {
    let layout = sides[0].view.layout();
    for level in (0..layout.levels()).rev() {
        // What the levels above do not cover.
        let covered = layout.level_length(level + 1, size) << layout.height();
        for index in covered..layout.level_length(level, size) {
            match differ(sides, level, index)? {
                Err(unbelieved) => return Ok(Err(unbelieved)),
                Ok(true) => return descend(sides, level, index),
                Ok(false) => {}
            }
        }
    }
    Ok(Ok(None))
}

fn descend(
    sides: &mut [ComparedSide<'_>; 2],
    mut level: u32,
    mut index: u64,
) -> anyhow::Result<Result<Option<u64>, UnbelievedTree>> {
    let layout = sides[0].view.layout();
    while level > 0 {
        level -= 1;
        index <<= layout.height();
        // Hashes that differ are made of hashes of which one differs.
        for at in index..index + layout.hashes_per_tile() {
            match differ(sides, level, at)? {
                Err(unbelieved) => return Ok(Err(unbelieved)),
                Ok(false) => {}
                Ok(true) => {
                    index = at;
                    break;
                }
            }
        }
    }
    Ok(Ok(Some(index)))
}

fn differ(
    sides: &mut [ComparedSide<'_>; 2],
    level: u32,
    index: u64,
) -> anyhow::Result<Result<bool, UnbelievedTree>> {
    let mut hashes = [None; 2];
    for (number, side) in sides.iter_mut().enumerate() {
        hashes[number] = side.hash(level, index)?;
        if hashes[number].is_none() && !side.is_by_entries() {
            return Ok(Err(UnbelievedTree(number)));
        }
    }
    // What both lack is no part that they have in common.
    Ok(Ok(hashes[0].is_none() || hashes[0] != hashes[1]))
}
