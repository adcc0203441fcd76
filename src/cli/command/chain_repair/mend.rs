//! The entries: file by file.

use anyhow::Context;

use super::{Job, say};
use crate::{
    cli::{failure::Hint, term::Term},
    ledger::{
        files::entries::{self, Form},
        repair::Repair,
    },
    tlog::{
        checkpoint::Checkpoint,
        view::{ENTRIES_PER_FILE, View},
    },
    verify::Truth,
};

impl Job<'_> {
    /// A longer checkpoint without some of its entries would make a sound ledger an unsound one.
    pub(super) fn must_have_all(
        &mut self,
        copy: Option<&dyn View>,
        truth: &mut Truth<'_>,
        stated: &Checkpoint,
        term: &mut Term,
    ) -> anyhow::Result<()> {
        let (Some(left), Some((_, name))) = (self.chosen.own.as_ref().map(|own| own.size), self.copy) else {
            return Ok(());
        };
        let rehearsal = Repair::new(self.folder, copy, true)?;
        let mut lacking = Vec::new();
        for (first, count) in files(stated.size) {
            if self.has_lines(first) {
                let leaves = truth.leaves(first, count);
                let mended =
                    rehearsal.file(first, &leaves, stated.size).with_context(|| self.shown.clone())?;
                lacking.extend(mended.lacking);
                self.pass_over(mended.unread, term);
            }
        }
        if lacking.is_empty() {
            return Ok(());
        }
        let (verb, which) = (if lacking.len() == 1 { "is" } else { "are" }, say::ranges(&lacking));
        let all = stated.size;
        let why = format!("of the {all} under {name}'s checkpoint {which} {verb} nowhere to be found");
        Err(anyhow::anyhow!("{}: is left at {left} entries: {why}", self.shown))
            .hint("try another copy; what the ledger's own checkpoint covers is restored without --extend")
    }

    /// Says, once, what of the copy cannot be read.
    fn pass_over(&mut self, unread: Vec<String>, term: &mut Term) {
        let name = self.copy.map_or("", |(_, name)| name);
        for file in unread {
            if !self.unread.contains(&file) {
                term.warn(format!("{name}/{file}; what cannot be read of it is passed over"));
                self.unread.push(file);
            }
        }
    }

    /// Whether a file's lines were not dropped on purpose. What is left of such a file was checked as the tree's.
    fn has_lines(&self, first: u64) -> bool {
        entries::form(self.folder, first) != Some(Form::Pruned)
    }

    pub(super) fn entries(
        &mut self,
        repair: &Repair<'_>,
        truth: &mut Truth<'_>,
        stated: &Checkpoint,
        term: &mut Term,
    ) -> anyhow::Result<()> {
        let from = self.copy.map(|(_, name)| name.as_str());
        for (first, count) in files(stated.size) {
            if !self.has_lines(first) {
                continue;
            }
            let leaves = truth.leaves(first, count);
            let mended = repair.file(first, &leaves, stated.size).with_context(|| self.shown.clone())?;
            if let Some(line) = say::mended(&mended, first, from, self.args.dry_run) {
                term.say(format!("{}: {line}", self.shown));
            }
            self.done.add(&mended);
            self.pass_over(mended.unread, term);
            self.pending |= mended.changed && self.args.dry_run;
            self.lacking.extend(&mended.lacking);
        }
        Ok(())
    }
}

/// The files of so many entries: the first entry of each, and how many it has.
fn files(size: u64) -> impl Iterator<Item = (u64, usize)> {
    let firsts = (0..size.div_ceil(ENTRIES_PER_FILE)).map(|file| file * ENTRIES_PER_FILE);
    firsts.map(move |first| (first, usize::try_from((size - first).min(ENTRIES_PER_FILE)).unwrap_or(0)))
}
