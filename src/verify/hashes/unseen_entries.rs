//! Entries that were dropped on purpose: the ranges that cannot be seen any more.

use std::ops::RangeInclusive;

use super::tree_check::TreeCheck;
use crate::{
    tlog::{
        layout::Layout,
        view::{EntryFile, View},
    },
    verify::finding::{Finding, FindingKind},
};

/// The dropped entries of a ledger, as they are come across.
#[derive(Default)]
pub(in crate::verify) struct UnseenEntries {
    /// Whether only the enrolled may write
    pub(in crate::verify) enrolled: bool,
    /// The runs of them
    pub(in crate::verify) runs: Vec<RangeInclusive<u64>>,
    /// The findings about them
    warnings: Vec<Finding>,
}

impl UnseenEntries {
    /// Takes a file that was dropped; answers what is wrong with what is left of it.
    pub(in crate::verify) fn take(
        &mut self,
        view: &dyn View,
        file: &EntryFile,
        size: Option<u64>,
        tree: &mut TreeCheck<'_>,
    ) -> Vec<Finding> {
        let Some(end) = file
            .first
            .checked_add(view.layout().entries_per_file())
            .filter(|end| size.is_none_or(|size| *end < size))
        else {
            tree.lose();
            let detail = "dropped, though the last entries are in it: only closed files can be";
            return vec![Finding::new(FindingKind::Malformed, detail).in_file(&file.name).about(file.first)];
        };
        self.note(file, end - 1);
        match view.marker(file) {
            Ok(Some(marker)) if tree.skip(file.first, Some(marker.root)) => Vec::new(),
            Ok(Some(_)) => {
                let detail = format!(
                    "its root is not what the signed root says of entries {} to {}",
                    file.first,
                    end - 1
                );
                vec![Finding::new(FindingKind::RootMismatch, detail).in_file(&file.name).about(file.first)]
            }
            // What is wrong with it was said when it was opened.
            _ => {
                tree.skip(file.first, None);
                Vec::new()
            }
        }
    }

    /// The dropped entries of a ledger of this size.
    pub(in crate::verify) fn of(layout: Layout, files: &[EntryFile], size: u64) -> Self {
        let mut holes = Self::default();
        for file in files.iter().filter(|file| file.pruned && file.first < size) {
            holes.note(file, size.min(file.first.saturating_add(layout.entries_per_file())) - 1);
        }
        holes
    }

    fn note(&mut self, file: &EntryFile, last: u64) {
        // Entry 0 is kept.
        let first = file.first.max(1);
        match (self.runs.last_mut(), self.warnings.last_mut()) {
            (Some(run), Some(warning)) if run.end() + 1 == first => {
                *run = *run.start()..=last;
                warning.detail = unseen(run, self.enrolled);
            }
            _ => {
                let run = first..=last;
                let finding = Finding::new(FindingKind::Pruned, unseen(&run, self.enrolled));
                self.warnings.push(finding.in_file(&file.name).about(first));
                self.runs.push(run);
            }
        }
    }

    /// What is to be said of the runs, when all are known.
    pub(in crate::verify) fn warnings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.warnings)
    }
}

fn unseen(run: &RangeInclusive<u64>, enrolled: bool) -> String {
    let (first, last) = (run.start(), run.end());
    // Who is who was said in them, too.
    let unasked = if enrolled { ", nor whether the registry let in what comes after them" } else { "" };
    format!("entries {first} to {last} were dropped by foil chain prune: not seen{unasked}")
}
