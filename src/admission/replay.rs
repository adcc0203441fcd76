//! The registry of a ledger that is there: its events folded again.
//!
//! Entries that are in were let in by the same rules, so the keys that their proofs name are believed here. Whoever
//! has not let them in himself asks `verify` first.

use std::ops::Range;

use crate::{
    chain::{entry::Entry, folder::Folder, read::Reader},
    record::{glance::Glance, registry::is_event, signed},
    registry::{Act, Registry},
};

/// Folds the events among some entries, which follow on what the registry knows.
///
/// # Errors
/// If an entry cannot be read.
pub fn entries(registry: &mut Registry, folder: &Folder, range: Range<u64>) -> anyhow::Result<()> {
    if range.is_empty() {
        return Ok(());
    }
    let reader = Reader::open(folder.clone())?;
    for line in reader.lines(range) {
        let (n, line) = line?;
        // Most entries are readings, which change nothing.
        let seen = Entry::glance(&line, Glance::of).map(|(.., record)| record.kind.is_some_and(is_event));
        if seen == Some(false) {
            continue;
        }
        let entry = Entry::parse_lenient(&line).map_err(|why| anyhow::anyhow!("entry {n}: {why}"))?;
        if let Some(signers) = signed::claimants(&entry.record).filter(|_| is_one(&entry)) {
            let act = Act::of(&entry.record, signers.into_iter().collect());
            // What breaks the rules changes nothing: where anybody may write, it can be there.
            let _ = registry.judge(n, entry.received, &act);
        }
    }
    Ok(())
}

fn is_one(entry: &Entry) -> bool {
    entry.record.str("type").is_some_and(is_event)
}
