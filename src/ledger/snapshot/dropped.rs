//! Dropped entries that the registry is needed of: the error that names what is missing, and what helps.

use anyhow::anyhow;

use crate::ledger::files::{folder::Folder, read::Reader};

/// Says what is missing and what helps, where entries from this one on could not be read since they were dropped;
/// else what went wrong. `unfit` is why what is kept counts for nothing, if it is there and does.
pub fn explained(folder: &Folder, from: u64, unfit: Option<String>, why: anyhow::Error) -> anyhow::Error {
    let dropped = Reader::open(folder.clone()).and_then(|reader| reader.dropped());
    let Some(run) = dropped.into_iter().flatten().find(|run| run.end > from) else { return why };
    let state = match unfit {
        Some(why) => format!("state.json, which alone knows what they said, counts for nothing: {why}"),
        None if from > 1 => format!("state.json knows the first {from} entries only"),
        None => "state.json, which alone knows what they said, is missing".to_owned(),
    };
    anyhow!(
        "{}: entries {} to {} were dropped by foil chain prune, and {state}; put back state.json, or those entries, from a copy of this folder",
        folder.path().display(),
        run.start,
        run.end - 1
    )
}
