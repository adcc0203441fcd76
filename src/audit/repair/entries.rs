//! The entries: file by file.

use super::{LedgerRepair, notice::RepairNotice, refused::RepairRefused};
use crate::{
    ledger::{
        files::entries::{self, Form},
        repair::Repair,
    },
    tlog::layout::Layout,
};

impl LedgerRepair<'_> {
    /// A longer checkpoint without some of its entries would make a sound ledger an unsound one.
    pub(super) fn must_have_all(&mut self, notice: &mut dyn FnMut(RepairNotice)) -> anyhow::Result<()> {
        let own = self.chosen.own.as_ref().map(|own| own.size);
        let (Some(left), Some(copy)) = (own, self.question.copy) else { return Ok(()) };
        let rehearsal = Repair::new(self.question.folder, Some(copy.view), true)?;
        let all = self.chosen.stated.size;
        let mut lacking = Vec::new();
        for (first, count) in files(self.question.folder.layout(), all) {
            if self.has_lines(first) {
                let leaves = self.truth.leaves(first, count);
                let mended = rehearsal.file(first, &leaves, all)?;
                lacking.extend(mended.lacking);
                self.pass_over(mended.unread, notice);
            }
        }
        if lacking.is_empty() {
            return Ok(());
        }
        Err(RepairRefused::Incomplete { left, all, copy: copy.name.to_owned(), lacking }.into())
    }

    /// Tells, once, what of the copy cannot be read.
    fn pass_over(&mut self, unread: Vec<String>, notice: &mut dyn FnMut(RepairNotice)) {
        for file in unread {
            if !self.unread.contains(&file) {
                notice(RepairNotice::CopyUnread(file.clone()));
                self.unread.push(file);
            }
        }
    }

    /// Whether a file's lines were not dropped on purpose. What is left of such a file was checked as the tree's.
    fn has_lines(&self, first: u64) -> bool {
        entries::form(self.question.folder, first) != Some(Form::Pruned)
    }

    pub(super) fn entries(&mut self, notice: &mut dyn FnMut(RepairNotice)) -> anyhow::Result<()> {
        let size = self.chosen.stated.size;
        for (first, count) in files(self.question.folder.layout(), size) {
            if !self.has_lines(first) {
                continue;
            }
            let leaves = self.truth.leaves(first, count);
            let mut mended = self.repair.file(first, &leaves, size)?;
            self.work.add(&mended);
            self.pending |= mended.changed && self.question.rehearse;
            self.lost.extend(&mended.lacking);
            let unread = std::mem::take(&mut mended.unread);
            if mended.changed {
                notice(RepairNotice::File { first, mended });
            }
            self.pass_over(unread, notice);
        }
        Ok(())
    }
}

/// The files of so many entries: the first entry of each, and how many it has.
fn files(layout: Layout, size: u64) -> impl Iterator<Item = (u64, usize)> {
    let per_file = layout.entries_per_file();
    let firsts = (0..size.div_ceil(per_file)).map(move |file| file * per_file);
    firsts.map(move |first| (first, usize::try_from((size - first).min(per_file)).unwrap_or(0)))
}
