//! The places that findings name, as the readers of a log find them. A published log has no files of lines.

use std::io;

use anyhow::Context as _;

use super::finding::{Finding, FindingKind, Findings};
use crate::tlog::{layout::Layout, view::View};

/// Adds what is wrong with the way in which the log is kept; answers whether entries are concerned.
pub(super) fn add_faults(view: &dyn View, findings: &mut Findings) -> anyhow::Result<bool> {
    let mut differs = false;
    for fault in view.faults().context("tree")? {
        differs |= !fault.derived;
        let kind = if fault.derived { FindingKind::TreeDamaged } else { FindingKind::Malformed };
        findings.push(Finding::new(kind, fault.detail).in_file(fault.place));
    }
    Ok(differs)
}

/// Says in which file of entries something cannot be read. A log that is kept otherwise has no such file, and has
/// named its own.
pub(super) fn unread(view: &dyn View, file: &str, why: io::Error) -> io::Error {
    if view.kind() == "published" {
        return why;
    }
    io::Error::new(why.kind(), format!("{file}: {why}"))
}

/// The line of an entry, or none.
pub(super) fn line(view: &dyn View, n: u64) -> io::Result<Option<Vec<u8>>> {
    view.line(n).map_err(|why| unread(view, &view.layout().entry_file_name(n), why))
}

/// Names the places of all findings as the log's readers find them.
pub(super) fn rename_all(view: &dyn View, findings: &mut Findings) {
    findings.change_each(|finding| rename(view, finding));
}

/// Findings about entries that have no line.
const ABSENCES: &[FindingKind] =
    &[FindingKind::Missing, FindingKind::Truncated, FindingKind::Incomplete, FindingKind::RootMismatch];

fn rename(view: &dyn View, finding: &mut Finding) {
    if view.place(0).is_some()
        && let Some(level) = finding.file.as_deref().and_then(|file| file.strip_prefix("tree/"))
    {
        let tiles = format!("tile/{level}");
        finding.detail = finding.detail.replace(&format!("tree/{level}"), &tiles);
        finding.file = Some(tiles);
        return;
    }
    let Some(first) = finding.file.as_deref().and_then(|name| first_entry(view.layout(), name)) else {
        return;
    };
    let n = match (finding.kind, finding.line) {
        (kind, _) if ABSENCES.contains(&kind) => finding.n.unwrap_or(first),
        (_, Some(line)) => view.entry_at(first, line),
        (_, None) => first,
    };
    let Some((file, at)) = view.place(n) else { return };
    (finding.file, finding.line) = (Some(file), finding.line.map(|_| at));
}

/// The first entry of a file of entries, by its name.
fn first_entry(layout: Layout, name: &str) -> Option<u64> {
    let first: u64 = name.strip_prefix("entries/")?.strip_suffix(".jsonl")?.parse().ok()?;
    (layout.place_in_file(first) == 0 && layout.entry_file_name(first) == name).then_some(first)
}
