//! Registry events read back from a ledger's entries, to bring a judge up to them.
//!
//! Entries that are in were let in by the same rules, so the keys that their proofs name are believed – of entries
//! that are those which the log signed, which their hashes show.

use std::ops::Range;

use anyhow::{Context, ensure};

use crate::{
    ledger::files::{folder::Folder, read::Reader, tree},
    record::{claim::RecordClaim, registry::is_event},
    rules::judge::Judge,
    tlog::{
        arrival::EntryTimes,
        entry::Entry,
        entry_view::EntryView,
        merkle::{Frontier, leaf_hash},
    },
};

/// Hands the judge some entries, which follow on those that it passed. The tree is that of all
/// entries up to there; `None`: the caller has verified them.
///
/// # Errors
/// If an entry cannot be read, or is not the one that the tree has.
pub fn entries(
    judge: &mut Judge,
    folder: &Folder,
    range: Range<u64>,
    tree: Option<&Frontier>,
) -> anyhow::Result<()> {
    if range.is_empty() {
        return Ok(());
    }
    // Whatever stands in tree/ before the range: with these entries it gives the root only if it is right.
    let mut grown = tree::frontier(folder, range.start)?.unwrap_or_default();
    let reader = Reader::open(folder.clone())?;
    for line in reader.lines(range.clone()) {
        let (n, line) = line?;
        grown.push(leaf_hash(&line));
        let (times, claim) = claim_in(n, &line)?;
        judge.pass(n, times);
        if let Some(claim) = claim {
            // What breaks the rules changes nothing: where no enrolment is needed to write, it can be there.
            let _ = judge.admit(n, times.stated_arrival(), &claim);
        }
    }
    let fits = tree.is_none_or(|tree| grown.root() == tree.root());
    ensure!(
        fits,
        "{}: the entries from {} on are not those that the log signed; run foil verify",
        folder.path().display(),
        range.start.max(1)
    );
    Ok(())
}

/// The times of a line and what it claims, if that is an event: all else changes nothing.
fn claim_in(n: u64, line: &[u8]) -> anyhow::Result<(EntryTimes, Option<RecordClaim>)> {
    let entry = view(n, line)?;
    // Most entries are readings.
    let claim = entry.record.kind().is_some_and(is_event).then(|| entry.record.claim());
    Ok((entry.times(), claim.flatten()))
}

/// The times of a line, and its entry if there is an event in it.
///
/// # Errors
/// If it is no entry.
pub fn event_in(n: u64, line: &[u8]) -> anyhow::Result<(EntryTimes, Option<Entry>)> {
    let entry = view(n, line)?;
    let event = entry.record.kind().is_some_and(is_event).then(|| Entry::parse_lenient(line));
    let event = event.transpose().with_context(|| format!("entry {n}; run foil verify"))?;
    Ok((entry.times(), event))
}

fn view(n: u64, line: &[u8]) -> anyhow::Result<EntryView<'_>> {
    EntryView::of(line).with_context(|| format!("entry {n}; run foil verify"))
}
