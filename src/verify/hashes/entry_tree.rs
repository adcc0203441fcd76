//! The tree made from the entries of a log, where the files of the tree are not to be believed. Of entries that were
//! dropped these files have all that is left.

use std::collections::BTreeMap;

use anyhow::Context as _;

use crate::{
    hash::Hash,
    tlog::{
        entry::{Entry, plain_line},
        merkle::{fold, leaf_hash},
        proof,
        view::{EntryFile, View},
    },
    verify::{
        finding::{Finding, FindingKind, entries_are},
        lines::{LineChunks, split},
    },
};

/// What is kept of a file.
struct FileBlocks {
    /// The hash of every full tile of its entries
    blocks: Vec<Hash>,
    /// How many entries it has
    count: u64,
}

/// Hashes of every full tile of entries, and those of the entries of one file. A file is what it is called: what is lost
/// in one does not move the entries of the next.
pub(in crate::verify) struct EntryTree<'a> {
    view: &'a dyn View,
    size: u64,
    /// The blocks of each file, by its first entry
    files: BTreeMap<u64, FileBlocks>,
    /// The file whose entries were asked for last
    leaves: Option<(u64, Vec<Hash>)>,
}

impl<'a> EntryTree<'a> {
    /// Reads all entries up to `size`.
    ///
    /// # Errors
    /// If they cannot be read, or were dropped and their hashes are lost.
    pub(in crate::verify) fn read(view: &'a dyn View, size: u64) -> anyhow::Result<Self> {
        let mut files = BTreeMap::new();
        for file in view.entry_files()?.into_iter().filter(|file| file.first < size) {
            let leaves = leaves(view, file.clone(), size)?;
            let blocks = leaves.chunks_exact(view.layout().tile_length()).map(fold).collect();
            files.insert(file.first, FileBlocks { blocks, count: leaves.len() as u64 });
        }
        Ok(Self { view, size, files, leaves: None })
    }

    /// A hash of a level; none if an entry below it is missing.
    ///
    /// # Errors
    /// If a file cannot be read again.
    pub(in crate::verify) fn hash(&mut self, level: u32, index: u64) -> anyhow::Result<Option<Hash>> {
        let layout = self.view.layout();
        let width = layout.hashes_per_tile();
        match level {
            0 => {
                let first = layout.first_in_file(index);
                Ok(self.leaves(first)?.get(usize::try_from(index - first)?).copied())
            }
            1 => {
                let (file, at) = (index / width * layout.entries_per_file(), usize::try_from(index % width)?);
                Ok(self.files.get(&file).and_then(|file| file.blocks.get(at)).copied())
            }
            _ => {
                let mut below = Vec::new();
                for index in index * width..(index + 1) * width {
                    let Some(hash) = self.hash(level - 1, index)? else { return Ok(None) };
                    below.push(hash);
                }
                Ok(Some(fold(&below)))
            }
        }
    }

    /// The root of the first `size` entries; none if one is missing.
    ///
    /// # Errors
    /// If a file cannot be read again.
    pub(in crate::verify) fn root_at(&mut self, size: u64) -> anyhow::Result<Option<Hash>> {
        let mut failed = None;
        let root = proof::root_at(self.view.layout(), size, |level, index| {
            self.hash(level, index).unwrap_or_else(|error| {
                failed = Some(error);
                None
            })
        });
        failed.map_or(Ok(root), Err)
    }

    /// Says which files are not there, and which have fewer entries than they should.
    pub(in crate::verify) fn lacks(&self) -> Vec<Finding> {
        let (mut next, mut lacks) = (0, Vec::new());
        for (&first, &FileBlocks { count, .. }) in &self.files {
            let end = first.saturating_add(self.view.layout().entries_per_file()).min(self.size);
            if count == 0 {
                continue;
            }
            lacks.extend(self.gone(next, first));
            if first + count < end {
                let detail = format!("it has {count} of its {} entries", end - first);
                lacks.push(self.lack(first, first + count, detail));
            }
            next = end;
        }
        lacks.extend(self.gone(next, self.size));
        lacks
    }

    /// That all entries of a range are missing; the end does not count.
    fn gone(&self, from: u64, end: u64) -> Option<Finding> {
        (from < end).then(|| self.lack(from, from, format!("{} missing", entries_are(from, end - 1))))
    }

    fn lack(&self, file: u64, n: u64, detail: String) -> Finding {
        let name = self.view.layout().entry_file_name(file);
        Finding::new(FindingKind::Missing, detail).in_file(name).about(n)
    }

    fn leaves(&mut self, first: u64) -> anyhow::Result<&[Hash]> {
        if self.leaves.as_ref().is_none_or(|(held, _)| *held != first) {
            let file = self.view.entry_files()?.into_iter().find(|file| file.first == first);
            let read = file.map(|file| leaves(self.view, file, self.size)).transpose()?;
            self.leaves = Some((first, read.unwrap_or_default()));
        }
        Ok(self.leaves.as_ref().map_or(&[], |(_, leaves)| leaves))
    }
}

/// The hashes of a dropped file's entries, which cannot be seen: as the tree's files have them, if they are what
/// was dropped. Whether that was what the log signed shows at the root.
fn dropped(view: &dyn View, file: &EntryFile) -> anyhow::Result<Vec<Hash>> {
    let marker = view.marker(file).with_context(|| file.name.clone())?;
    let layout = view.layout();
    let leaves = view.tree(0, file.first, layout.file_length()).ok().flatten();
    let leaves = leaves.filter(|leaves| marker.is_some_and(|marker| fold(leaves) == marker.root));
    leaves.with_context(|| {
        let (first, last) = (file.first.max(1), file.first + (layout.entries_per_file() - 1));
        format!("entries {first} to {last} were dropped, and tree/ does not have their hashes")
    })
}

/// The hashes of a file's lines, as they would be without the line ends of another system. What was cut is no entry.
fn leaves(view: &dyn View, file: EntryFile, size: u64) -> anyhow::Result<Vec<Hash>> {
    if file.pruned {
        return dropped(view, &file);
    }
    let wanted = usize::try_from((size - file.first).min(view.layout().entries_per_file()))?;
    let files = [file];
    let mut chunks = LineChunks::new(view, &files);
    let mut leaves = Vec::new();
    while leaves.len() < wanted
        && let Some(chunk) = chunks.next()?
    {
        for (number, (line, has_end)) in (chunk.first_line..).zip(split(&chunk.bytes)) {
            let line = plain_line(line, number == 1);
            if has_end || Entry::parse_lenient(line).is_ok() {
                leaves.push(leaf_hash(line));
            }
        }
    }
    leaves.truncate(wanted);
    Ok(leaves)
}
