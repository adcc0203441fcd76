//! Where people find what a finding is about, in a log that keeps its entries otherwise than in files of lines.

use anyhow::Context as _;

use super::{
    finding::{Finding, Kind},
    report::Report,
};
use crate::tlog::view::{ENTRIES_PER_FILE, View, entry_file_name};

/// Adds what is wrong with the way in which the log is kept, and names the places of all findings as its
/// readers find them.
pub(super) fn settle(view: &dyn View, report: &mut Report) -> anyhow::Result<()> {
    report.findings.change_each(|finding| rename(view, finding));
    for fault in view.faults().context("tree")? {
        let kind = if fault.derived { Kind::TreeDamaged } else { Kind::Malformed };
        report.findings.push(Finding::new(kind, fault.detail).in_file(fault.place));
    }
    Ok(())
}

fn rename(view: &dyn View, finding: &mut Finding) {
    let Some(first) = finding.file.as_deref().and_then(first_entry) else { return };
    let n = match (finding.kind, finding.line) {
        // These are about entries that have no line.
        (Kind::Missing | Kind::Truncated | Kind::RootMismatch, _) => finding.n.unwrap_or(first),
        (_, Some(line)) => view.entry_at(first, line),
        (_, None) => first,
    };
    let Some((file, at)) = view.place(n) else { return };
    (finding.file, finding.line) = (Some(file), finding.line.map(|_| at));
}

/// The first entry of a file of entries, by its name.
fn first_entry(name: &str) -> Option<u64> {
    let first: u64 = name.strip_prefix("entries/")?.strip_suffix(".jsonl")?.parse().ok()?;
    (first.is_multiple_of(ENTRIES_PER_FILE) && entry_file_name(first) == name).then_some(first)
}
